"""Advices, invoices, credits and payments."""
