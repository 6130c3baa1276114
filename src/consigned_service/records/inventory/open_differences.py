"""Count differences that nobody has settled yet, as a condition."""

STILL_OPEN = (
    "d.counted - d.booked - COALESCE((SELECT SUM(t.quantity) FROM told_after_count t "
    "WHERE t.organization_id = d.organization_id AND t.difference = d.number), 0) "
    "- COALESCE((SELECT SUM(z.quantity) FROM count_settlement z "
    "WHERE z.organization_id = d.organization_id AND z.difference = d.number), 0)"
)
"""What of a difference is open still: above zero so much is too much, below zero missing."""
