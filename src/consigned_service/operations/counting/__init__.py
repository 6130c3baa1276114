"""Count sheets, counts, differences and damaged goods."""
