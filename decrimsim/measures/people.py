"""Under which laws something happened to a person: sets of laws per person, united over the rows of a table.

Level 5. Only people with an encounter are held; everybody else met nobody under any law.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim.tables import Table, unpack_laws

Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


DAYS = np.int64(2**31)
"""Room for days in the number of a person and a day: person * DAYS + day."""


def person_day(table: Table) -> Int:
    """Return one whole number (rows,) for each person and day."""
    key: Int = table["person"].astype(np.int64) * DAYS + table["day"].astype(np.int64)
    return key


def positions(identities: npt.NDArray[np.generic], wanted: Int) -> Int:
    """Return where each wanted identity stands among the identities of all people."""
    order = np.argsort(identities, kind="stable")
    at: Int = order[np.searchsorted(identities, wanted, sorter=order)] if len(wanted) else np.zeros(0, np.int64)
    return at


@dataclass(frozen=True)
class Met:
    """The people who have a row in a table.

    person  (people,)  their identities, rising
    row     (rows,)    for each row of the table, the index into person
    """

    person: Int
    row: Int
    table: Table

    @classmethod
    def of(cls, table: Table) -> Met:
        """Return the people who have a row in the table."""
        person, row = np.unique(table["person"].astype(np.int64), return_inverse=True)
        return cls(person, row.astype(np.int64), table)

    def __len__(self) -> int:
        return len(self.person)

    def laws_where(self, is_row: Bool, laws: npt.NDArray[np.uint64] | None = None) -> Bool:
        """Return flags (people, laws): the person has a row in is_row (rows,) that is true under the law.

        laws  (rows, words)  other sets of laws than the table's own
        """
        laws = self.table.laws if laws is None else laws
        words = np.zeros((len(self), self.table.laws.shape[1]), np.uint64)
        row, order, starts = self._groups(np.flatnonzero(is_row))
        if len(starts):
            words[row[starts]] = np.bitwise_or.reduceat(laws[order], starts, axis=0)
        return unpack_laws(words, self.table.n_laws)

    def most(self, values: Int) -> Int:
        """Return the greatest value (people, laws) over a person's rows; values (rows, laws) are at least -1, where they do not count."""
        most = np.full((len(self), self.table.n_laws), -1, np.int64)
        row, order, starts = self._groups(np.arange(len(self.row)))
        if len(starts):
            most[row[starts]] = np.maximum.reduceat(values[order], starts, axis=0)
        return most

    def total(self, values: Int) -> Int:
        """Return the sum (people, laws) over a person's rows of values (rows, laws)."""
        total = np.zeros((len(self), self.table.n_laws), np.int64)
        row, order, starts = self._groups(np.arange(len(self.row)))
        if len(starts):
            total[row[starts]] = np.add.reduceat(values[order], starts, axis=0)
        return total

    def _groups(self, rows: Int) -> tuple[Int, Int, Int]:
        """Return (person index, row number, group starts) of the rows, sorted by person."""
        order = rows[np.argsort(self.row[rows], kind="stable")]
        row = self.row[order]
        starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]]) if len(row) else np.zeros(0, np.int64)
        return row, order, starts


def sums(weights: npt.NDArray[np.generic], flags: npt.NDArray[np.generic]) -> Int:
    """Return sums (laws, columns) over rows of weights (rows, columns) where flags (rows, laws) hold.

    Whole numbers in float64 add up exactly below 2^53, in any order. A plain loop (einsum) rather than a matrix product:
    the threads of the linear algebra library cost up to half a second for five laws when processors are busy.
    """
    if not len(weights):
        return np.zeros((flags.shape[1], weights.shape[1]), np.int64)
    assert float(np.abs(weights).max(initial=0)) * len(weights) < 2**53, "a sum of whole numbers left the exact range of float64"
    total = np.einsum("rl,rc->lc", flags.astype(np.float64), weights.astype(np.float64), optimize=False)
    whole: Int = total.astype(np.int64)
    return whole
