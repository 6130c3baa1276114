"""What lies where: stock, its transfers, what is promised, held or ages."""
