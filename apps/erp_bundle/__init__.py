"""What makes the bundle, one folder that needs nothing beside it; no part of what is shipped."""
