"""What lies there against the book, and who bears the difference."""
