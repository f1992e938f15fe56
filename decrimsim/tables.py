"""Event tables: flat columns, and beside every row the set of laws under which it is true.

Level 3. Rows are grouped by what happened: two histories of one person that met the same event are one row
with the union of their laws. Selecting one law and sorting by the key columns gives the table of a run of that law alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.schema import BEHAVIOUR, TABLES

Columns = dict[str, npt.NDArray[Any]]


def pack_laws(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
    """Return bit words (rows, words) for flags (rows, laws): law i is bit i % 64 of word i // 64."""
    n, n_laws = flags.shape
    n_words = -(-n_laws // 64)
    padded = np.zeros((n, n_words * 64), bool)
    padded[:, :n_laws] = flags
    return np.packbits(padded, bitorder="little").view(np.uint64).reshape(n, n_words)


def unpack_laws(words: npt.NDArray[np.uint64], n_laws: int) -> npt.NDArray[np.bool_]:
    """Return flags (rows, laws) for bit words (rows, words)."""
    flags = np.unpackbits(np.ascontiguousarray(words).view(np.uint8), axis=1, bitorder="little")
    return flags[:, :n_laws].astype(bool)


@dataclass(frozen=True)
class Table:
    """Columns of equal length and the laws (rows, words) under which each row is true."""

    columns: Columns
    laws: npt.NDArray[np.uint64]
    n_laws: int

    def __len__(self) -> int:
        return len(self.laws)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.columns[name]

    def is_true(self, law: int) -> npt.NDArray[np.bool_]:
        """Return which rows (rows,) are true under law."""
        word = self.laws[:, law // 64]
        return ((word >> np.uint64(law % 64)) & np.uint64(1)).astype(bool)

    def flags(self) -> npt.NDArray[np.bool_]:
        """Return the laws of every row as flags (rows, laws)."""
        return unpack_laws(self.laws, self.n_laws)

    def for_law(self, law: int) -> Columns:
        """Return the columns of the rows true under law, sorted by their columns from left to right."""
        keep = self.is_true(law)
        columns = {name: column[keep] for name, column in self.columns.items()}
        order = np.lexsort([columns[name] for name in reversed(list(columns))]) if columns else np.arange(0)
        return {name: column[order] for name, column in columns.items()}


def empty_columns(table: str) -> Columns:
    """Return the columns of a table with no rows."""
    return {column.name: np.zeros(0, column.dtype) for column in TABLES[table]}


def grouped(table: str, columns: Mapping[str, npt.NDArray[Any]], laws: npt.NDArray[np.bool_]) -> Table:
    """Return the table whose equal rows are merged and whose laws (rows, laws) are united; rows in lexicographic order."""
    names = [column.name for column in TABLES[table]]
    typed = {column.name: np.asarray(columns[column.name]).astype(column.dtype, copy=False) for column in TABLES[table]}
    n_laws = laws.shape[1]
    if not len(laws):
        return Table(typed, pack_laws(laws), n_laws)
    order = np.lexsort([typed[name] for name in reversed(names)])
    is_new = np.zeros(len(order), bool)
    is_new[0] = True
    for name in names:
        column = typed[name][order]
        is_new[1:] |= column[1:] != column[:-1]
    starts = np.flatnonzero(is_new)
    united = np.bitwise_or.reduceat(pack_laws(laws)[order], starts, axis=0)
    return Table({name: typed[name][order][starts] for name in names}, united, n_laws)


def concatenated(parts: Sequence[Table], n_laws: int, table: str) -> Table:
    """Return tables stacked in the order given; rows of different blocks never coincide, so nothing is merged."""
    if not parts:
        return Table(empty_columns(table), pack_laws(np.zeros((0, n_laws), bool)), n_laws)
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    return Table(columns, np.concatenate([part.laws for part in parts]), n_laws)


@dataclass(frozen=True)
class ReplicateTables:
    """All tables of one replicate. ``people`` has no laws: people are the same under all of them.

    people   columns of schema.PEOPLE, plus one int8 column per equity axis named ``axis:<name>``
    """

    replicate: int
    people: Columns
    encounters: Table
    findings: Table
    cases: Table
    decisions: Table
    entries: Table
    periods: Table
    health: Table
    revisions: Table
    rows: int
    habits_rows: int
    behaviour_of_parts: npt.NDArray[np.int64]
    """(schema.PARTS, laws, schema.BEHAVIOUR) sums over the people of each part of the circles"""
    effort_q16: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    """(periods, laws) police effort in each period against usual, in 1/65536; empty where officers' hours do not move it"""

    @property
    def behaviour(self) -> Columns:
        """Sums over everybody (laws,), by name of schema.BEHAVIOUR."""
        return dict(zip(BEHAVIOUR, self.behaviour_of_parts.sum(axis=0).T, strict=True))
