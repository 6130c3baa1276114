"""Questions about what is owed, advised, invoiced and paid."""
