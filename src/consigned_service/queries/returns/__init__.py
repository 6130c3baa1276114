"""Questions about what went back."""
