"""The business of consigned goods: whose they are, where they lie, and what is owed once used.

Plain Python with the standard library only: no database, no clock, no framework. Read the
floors from the ground up: measure, title, trade, settlement.
"""
