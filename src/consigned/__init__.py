"""The business of consigned goods: whose they are, where they lie, and what is owed once used.

Plain Python with the standard library only: no database, no clock, no framework. What it is
counted in (measure) and the ledger (title) carry the subjects, from master_data to settlement.
"""
