"""How fast lines are posted and settled, as ratios against the plain limit in the same run."""
