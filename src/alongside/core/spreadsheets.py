"""What leaves for a spreadsheet: a cell that somebody typed must not run there."""


def plain(cell: str) -> str:
    """The same words, marked as text where a spreadsheet would take them for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else cell
