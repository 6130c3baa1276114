"""What it comes to: prices, accruals, costs and journals."""
