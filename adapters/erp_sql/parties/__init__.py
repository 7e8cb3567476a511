"""The parties' rows, how they become entities, and who keeps them."""
