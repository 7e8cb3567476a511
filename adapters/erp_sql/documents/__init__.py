"""Rows of what all documents have in common, how they become entities, and who keeps them."""
