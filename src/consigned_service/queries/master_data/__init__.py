"""Questions about parties, items and agreements."""
