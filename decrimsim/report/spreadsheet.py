"""Tables as CSV that a spreadsheet cannot take for formulas.

Level 6.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(cell: object) -> object:
    """Return the cell, with an apostrophe before a text that a spreadsheet would run; numbers stay numbers, None is empty."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if cell.startswith(DANGEROUS) or cell.lstrip().startswith(DANGEROUS) else cell


def csv_bytes(rows: Sequence[dict[str, object]]) -> bytes:
    """Return rows as UTF-8 CSV with a header and CRLF line ends (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    if rows:
        writer.writerow([guarded(name) for name in rows[0]])
        writer.writerows([[guarded(cell) for cell in row.values()] for row in rows])
    return out.getvalue().encode()
