"""Questions about what is made of components."""
