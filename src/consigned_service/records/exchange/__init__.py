"""Imports and letters in the database."""
