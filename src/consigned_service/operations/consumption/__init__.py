"""Goods that are used: reported, corrected, passed on."""
