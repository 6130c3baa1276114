"""Day books: stories of the trade as texts that are replayed and compared, word for word.

    A consumption passes title first, then moves the goods
    rows: O36 O37

        What the reader should know beforehand, indented.

    party acme "Acme Fasteners"
    party northwind "Northwind"
    organization M1 of northwind in USD
    ...
    2026-03-02  receive R1: 100 EA of 100C under A-1
        = received 100 EA of 100C (R1): SUPPLIER > DOCK, Acme Fasteners'
        = put-away 100 EA of 100C (R1): DOCK > STORE, Acme Fasteners'
    2026-03-06  use 120 EA of 100C
        ! not-enough-on-hand: M1 holds 100 EA of 100C; 120 EA asked

At the margin stand the acts, each with the day it is recorded on; who there is and what was agreed
stands before the first of them. Indented under an act stands what must follow: `=` an outcome,
`!` a refusal. Every sentence that may be written is in `language.py`.

A text is replayed through the operations on SQLite and on PostgreSQL, and where it needs no
documents against the bare rules too. `python -m tests.daybooks --accept` writes the answers anew,
for review in the diff.
"""
