"""Who asks, on which day, and what an answer looks like."""
