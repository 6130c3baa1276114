"""Every law, held against the database."""
