"""Goods that are made of components, and taken apart again."""
