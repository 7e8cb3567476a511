"""Logs and metrics: what the house tells of itself while it runs."""
