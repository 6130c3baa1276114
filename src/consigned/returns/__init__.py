"""Goods and title that go back, and uses that never happened."""
