"""Parties, items and agreements in the database."""
