"""A month of two houses and their three suppliers, made from one number.

The seed decides what happens: deliveries, sales, returns, take-overs, advices, invoices right and
wrong, payments. Everything the houses report travels over a channel that delays, reorders and
repeats, and the service is struck down between acts. Beside it a model of plain dictionaries
(model.py, which knows nothing of the product's code) does the same; at the end of the month the
books of both sides are compared, and every law must hold on what the database says.

    SIMULATION_SEEDS=200 python -m pytest tests/simulation       a long run
    SIMULATION_SEED=17   python -m pytest tests/simulation       one month again
"""
