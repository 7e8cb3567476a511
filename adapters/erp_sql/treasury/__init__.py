"""Treasury over SQL."""
