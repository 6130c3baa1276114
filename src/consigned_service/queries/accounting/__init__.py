"""Questions about books, values and reports."""
