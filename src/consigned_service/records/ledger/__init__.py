"""The posting: its lock, its numbers, its seal; and what was told once."""
