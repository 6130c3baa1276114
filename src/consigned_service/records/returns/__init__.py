"""What went back, in the database."""
