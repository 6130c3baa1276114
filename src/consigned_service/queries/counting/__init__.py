"""Questions about counts and differences."""
