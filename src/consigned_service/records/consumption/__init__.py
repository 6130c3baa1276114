"""What was used, and what of it waits, in the database."""
