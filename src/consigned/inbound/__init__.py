"""Goods on their way in: orders, ship notices, receipts, inspections."""
