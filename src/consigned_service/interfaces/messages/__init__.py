"""Letters to partners."""
