"""Accounts, totals and costs in the database."""
