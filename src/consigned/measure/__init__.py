"""What everything is counted in: quantities, money, days, identities, and how we refuse."""
