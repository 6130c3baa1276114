"""Questions about goods on their way in."""
