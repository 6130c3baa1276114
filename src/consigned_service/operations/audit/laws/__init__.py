"""The laws as they are checked on the live database: each one record, with the facts it reads.

A law takes the facts of one organization's ledger, or nothing where it is about all of them, and
answers what breaks it. `operations.audit` runs them all, each by itself.
"""
