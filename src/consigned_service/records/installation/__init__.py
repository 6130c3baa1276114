"""The database as a whole: whether it fits this version, and how it is copied."""
