"""What a spreadsheet makes of a CSV file: a cell that begins as a formula does would be worked out.

Names come from other parties, so a cell such as =HYPERLINK(...) is written with a sign before it.
"""

FORMULA = "=+-@\t\r"


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if cell and cell[0] in FORMULA and not cell.lstrip("-").replace(".", "", 1).isdigit():
        return f"'{cell}"
    return cell
