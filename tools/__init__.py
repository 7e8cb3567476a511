"""What makes the product and is no part of it."""
