"""Goods that are used, and what of it waits."""
