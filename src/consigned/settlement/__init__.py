"""Advices, invoices and credits: what is owed, and how it is paid."""
