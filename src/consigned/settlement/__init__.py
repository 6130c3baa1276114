"""What is owed for goods used: prices, running totals, advices, invoices, journals."""
