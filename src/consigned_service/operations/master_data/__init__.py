"""Who there is, what is traded and what was agreed, each with its history."""
