"""Invoices and what settles them, in a database."""
