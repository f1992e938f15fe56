"""Run blocks and replicates, and turn their logs into tables.

Level 4. A block depends on no other block, so blocks and replicates are the units of parallel work.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.engine.block import Block, Setup
from decrimsim.engine.day import step_day
from decrimsim.population import circle_starts
from decrimsim.schema import PEOPLE
from decrimsim.tables import Columns, ReplicateTables, Table, concatenated, empty_columns, grouped

I64 = npt.NDArray[np.int64]
BLOCK_PEOPLE = 20_000


def block_slices(starts: I64, block_people: int = BLOCK_PEOPLE) -> list[slice]:
    """Return slices of circles that hold about block_people people each; at least one slice."""
    n_circles = len(starts) - 1
    if n_circles <= 0:
        return [slice(0, 0)]
    n_blocks = max(1, round(int(starts[-1]) / block_people))
    edges = np.unique(np.searchsorted(starts, np.linspace(0, starts[-1], n_blocks + 1)))
    return [slice(int(a), int(b)) for a, b in pairwise(edges)]


def run_block(setup: Setup, starts: I64, circles: slice, replicate: int, on_day: Callable[[int], None] | None = None) -> Block:
    """Return a block after all its days.

    on_day  called with the day after each day, to look on; it must not write
    """
    block = Block(setup, starts, circles, replicate)
    for day in range(setup.days):
        step_day(block)
        if on_day:
            on_day(day)
    return block


def one_block(setup: Setup, n_people: int, replicate: int = 0) -> Block:
    """Return a whole replicate as a single block before its first day, to be taken through the days by hand."""
    starts = circle_starts(setup.world, n_people, setup.seed, replicate)
    return Block(setup, starts, slice(0, len(starts) - 1), replicate)


def run_replicate(setup: Setup, n_people: int, replicate: int, block_people: int = BLOCK_PEOPLE) -> ReplicateTables:
    """Return the tables of one replicate: all its blocks, one after the other."""
    starts = circle_starts(setup.world, n_people, setup.seed, replicate)
    parts = [block_tables(run_block(setup, starts, circles, replicate)) for circles in block_slices(starts, block_people)]
    return join(parts, replicate, setup.n_laws)


def block_tables(block: Block) -> ReplicateTables:
    """Return the tables of one block; rows of different histories that say the same are one row."""
    tables = {name: _closed(name, rows, block.setup.n_laws) for name, rows in block.log.items()}
    return ReplicateTables(
        replicate=block.replicate,
        people=people_table(block.table),
        rows=block.people.n,
        habits_rows=block.habits.n,
        **tables,
    )


def people_table(columns: Columns) -> Columns:
    """Return the columns of schema.PEOPLE and the axes."""
    kept = {column.name: columns[column.name].astype(column.dtype) for column in PEOPLE}
    return kept | {name: column for name, column in columns.items() if name.startswith("axis:")}


def _closed(table: str, rows: list[dict[str, Any]], n_laws: int) -> Table:
    if not rows:
        return concatenated([], n_laws, table)
    columns = {name: np.concatenate([row[name] for row in rows]) for name in empty_columns(table)}
    return grouped(table, columns, np.concatenate([row["laws"] for row in rows]))


def join(parts: list[ReplicateTables], replicate: int, n_laws: int) -> ReplicateTables:
    """Return the blocks of one replicate as one, in the order of the people."""
    return ReplicateTables(
        replicate=replicate,
        people={name: np.concatenate([part.people[name] for part in parts]) for name in parts[0].people},
        **{name: concatenated([getattr(part, name) for part in parts], n_laws, name) for name in ("encounters", "findings", "cases", "decisions")},
        rows=sum(part.rows for part in parts),
        habits_rows=sum(part.habits_rows for part in parts),
    )
