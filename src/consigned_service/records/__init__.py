"""Memory: the tables, and how they are read and written. Only this room touches the models."""
