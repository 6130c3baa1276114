"""Orders, ship notices and receipts in the database."""
