"""Advices, invoices, credits and payments in the database."""
