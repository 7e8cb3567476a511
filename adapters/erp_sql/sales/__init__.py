"""Sales over SQL."""
