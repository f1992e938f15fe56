"""What is due on a later day: prison, the end of custody, treatment, a conviction that goes on record.

Level 4. Entries belong to a row of people; when a history splits, they are copied to the new rows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim.engine.rows import Rows, ranges

I64 = npt.NDArray[np.int64]

WAKE, CUSTODY, SERVICE, RECORD, UNRECORD, JOB, HOME = range(7)
"""WAKE: custody or a service may have ended · CUSTODY, SERVICE: begins, until `value` · RECORD: a conviction, `value` 1 for supply ·
UNRECORD: one is taken off the record · JOB, HOME: one is lost."""


class Schedule:
    """Entries (day, row, kind, value, law); law is -1 where the row's laws agree."""

    def __init__(self) -> None:
        self._rows = Rows({"day": np.zeros(0, np.int32), **{name: np.zeros(0, np.int64) for name in ("row", "kind", "value", "law")}})

    def add(self, day: I64, row: I64, kind: int, value: I64, law: I64 | int = -1) -> None:
        """Add entries; all arrays have one entry each."""
        if not len(day):
            return
        extra = {"day": day, "row": row, "kind": np.full(len(day), kind), "value": value, "law": np.broadcast_to(law, len(day))}
        first = self._rows.append(np.zeros(len(day), np.int64)) if self._rows.n else self._start(extra)
        for name, column in extra.items():
            self._rows[name][first:] = column

    def _start(self, extra: dict[str, I64]) -> int:
        self._rows = Rows({name: np.array(column, np.int32 if name == "day" else np.int64) for name, column in extra.items()})
        return 0

    def due(self, day: int) -> dict[str, I64]:
        """Return the entries of a day."""
        at = np.flatnonzero(self._rows["day"] == day)
        return {name: self._rows[name][at] for name in ("row", "kind", "value", "law")}

    def upcoming(self, kind: int, day: int) -> tuple[I64, I64]:
        """Return row and value of the entries of a kind that are due on a day or later."""
        at = np.flatnonzero((self._rows["day"] >= day) & (self._rows["kind"] == kind))
        return self._rows["row"][at], self._rows["value"][at]

    def copy_rows(self, source: I64, first: int, laws: npt.NDArray[np.bool_], today: int) -> None:
        """Give the new rows first, first + 1, ... the future entries of their source rows.

        laws  (new rows, laws)  the laws of each new row; entries of other laws stay where they are
        """
        if not self._rows.n:
            return
        is_copied = np.zeros(first, bool)
        is_copied[source] = True
        pending = np.flatnonzero((self._rows["day"] > today) & is_copied[self._rows["row"]])
        order = np.argsort(source, kind="stable")
        left = np.searchsorted(source[order], self._rows["row"][pending], side="left")
        right = np.searchsorted(source[order], self._rows["row"][pending], side="right")
        at, entry = ranges(left, right - left)
        if not len(at):
            return
        new, old = order[at], pending[entry]
        law = self._rows["law"][old]
        keep = (law < 0) | laws[new, np.maximum(law, 0)]
        new, old = new[keep], old[keep]
        begin = self._rows.append(old)
        self._rows["row"][begin:] = first + new
