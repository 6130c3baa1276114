"""The ledger of whose goods lie where, and why: positions, layers, entries, postings, laws."""
