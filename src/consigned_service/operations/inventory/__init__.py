"""Goods that lie with us: transfers, reservations, quality, lots, aging."""
