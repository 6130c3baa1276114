"""How statements are written that serve on SQLite and on PostgreSQL."""
