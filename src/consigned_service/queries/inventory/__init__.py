"""Questions about what lies where, and whose it is."""
