"""How an act becomes a posting, and what follows from it for days that were counted."""
