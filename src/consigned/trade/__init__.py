"""What the parties do with goods: agree, order, ship, receive, put away, transfer, use."""
