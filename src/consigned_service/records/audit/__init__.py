"""A whole ledger, read to be checked."""
