"""Goods that are made of components."""
