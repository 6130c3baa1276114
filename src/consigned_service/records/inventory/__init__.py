"""What lies where, in the database."""
