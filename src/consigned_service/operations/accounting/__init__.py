"""What an act comes to: accruals, costs, journals."""
