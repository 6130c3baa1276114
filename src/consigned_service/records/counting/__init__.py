"""Count sheets, counts and differences in the database."""
