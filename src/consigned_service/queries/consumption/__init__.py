"""Questions about what was used and what waits."""
