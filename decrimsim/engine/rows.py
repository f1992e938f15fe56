"""Rows that grow: columns of equal length with room to spare.

Level 4.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


class Rows:
    """Named columns whose rows are appended and never moved; axis 0 is the row."""

    def __init__(self, columns: dict[str, Array]) -> None:
        self.n = len(next(iter(columns.values())))
        self._columns = {name: np.ascontiguousarray(column) for name, column in columns.items()}

    def __getitem__(self, name: str) -> Array:
        """Return the rows in use of a column: a view, so that steps can write to it."""
        return self._columns[name][: self.n]

    def __contains__(self, name: str) -> bool:
        """Whether there is a column of this name."""
        return name in self._columns

    def names(self) -> list[str]:
        """Return the names of the columns."""
        return list(self._columns)

    def append(self, source: npt.NDArray[np.int64]) -> int:
        """Append copies of the rows at the positions in source and return the position of the first copy."""
        first, end = self.n, self.n + len(source)
        for name, column in self._columns.items():
            if end > len(column):
                grown = np.empty((max(end, len(column) + len(column) // 4 + 64), *column.shape[1:]), column.dtype)
                grown[:first] = column[:first]
                self._columns[name] = column = grown
            column[first:end] = column[source]
        self.n = end
        return first

    @property
    def nbytes(self) -> int:
        """Bytes held, spare room included."""
        return sum(column.nbytes for column in self._columns.values())


def equal_rows(matrix: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return one row for each set of equal rows of a matrix (n, k), and for each row the number of its set (n,).

    Rows are compared as bytes: faster than numpy's unique along an axis, which also turns an interrupt into an error of its own. Laws often
    stand beside others that answer alike, so only the first of equal neighbours is sorted.
    """
    n, k = matrix.shape
    begins = np.zeros(n, bool)
    begins[:1] = True
    begins[np.flatnonzero(matrix[1:] != matrix[:-1]) // k + 1] = True
    runs = np.flatnonzero(begins)
    whole = np.ascontiguousarray(matrix[runs]).view(np.dtype((np.void, matrix.itemsize * k))).ravel()
    _, first, which = np.unique(whole, return_index=True, return_inverse=True)
    return runs[first], which[np.cumsum(begins) - 1]


def distinct(positions: npt.NDArray[np.integer[Any]], n: int) -> npt.NDArray[np.int64]:
    """Return the different ones of some positions below n, rising."""
    is_there = np.zeros(n, bool)
    is_there[positions] = True
    found: npt.NDArray[np.int64] = np.flatnonzero(is_there)
    return found


def ranges(first: npt.NDArray[np.integer[Any]], count: npt.NDArray[np.integer[Any]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return for ranges first[i] .. first[i] + count[i] their members in order, and the index i of each member."""
    count = count.astype(np.int64)
    which = np.repeat(np.arange(len(count)), count)
    within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    return first.astype(np.int64)[which] + within, which
