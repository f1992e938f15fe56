"""Run blocks and replicates, and turn their logs into tables.

Level 4. A block depends on no other block within a period. Where nothing couples everybody, blocks are units of parallel work;
else replicates are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.engine.block import Block, Setup
from decrimsim.engine.course import Course, by_law
from decrimsim.engine.day import live_day
from decrimsim.population import circle_starts
from decrimsim.schema import BEHAVIOUR, EVENT_TABLES, PARTS, PEOPLE, PERIOD
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
    """Return a block after all its days; where everybody is coupled, the block must be all of the replicate.

    on_day  called with the day after each day, to look on; it must not write
    """
    return run_blocks(setup, starts, [circles], replicate, on_day)[0]


def run_blocks(setup: Setup, starts: I64, slices: Sequence[slice], replicate: int, on_day: Callable[[int], None] | None = None) -> list[Block]:
    """Return all the blocks of a replicate after all their days: period by period, within a period block by block.

    on_day  called with the day after each day of each block, to look on; it must not write
    """
    course = Course(setup, int(starts[-1]))
    blocks = [Block(setup, starts, circles, replicate, course) for circles in slices]
    for first in range(0, setup.days, PERIOD):
        last = min(first + PERIOD, setup.days)
        for block in blocks:
            for day in range(first, last):
                live_day(block)
                if on_day:
                    on_day(day)
        if last - first == PERIOD:
            course.close(blocks)
    return blocks


def one_block(setup: Setup, n_people: int, replicate: int = 0) -> Block:
    """Return a whole replicate as a single block before its first day, to be taken through the days by hand."""
    starts = circle_starts(setup.world, n_people, setup.seed, replicate)
    return Block(setup, starts, slice(0, len(starts) - 1), replicate)


def run_replicate(setup: Setup, n_people: int, replicate: int, block_people: int = BLOCK_PEOPLE) -> ReplicateTables:
    """Return the tables of one replicate."""
    starts = circle_starts(setup.world, n_people, setup.seed, replicate)
    return tables_of(setup, starts, block_slices(starts, block_people), replicate)


def tables_of(setup: Setup, starts: I64, slices: Sequence[slice], replicate: int) -> ReplicateTables:
    """Return the joined tables of some blocks of a replicate: one block after the other, or all together where everybody is coupled."""
    groups = [slices] if setup.is_coupled else [[circles] for circles in slices]
    parts = []
    for group in groups:
        blocks = run_blocks(setup, starts, group, replicate)
        parts += [block_tables(block, blocks[0].course if block is blocks[0] else None) for block in blocks]
    return join(parts, replicate, setup.n_laws)


def block_tables(block: Block, course: Course | None = None) -> ReplicateTables:
    """Return the tables of one block; rows of different histories that say the same are one row.

    course  whose periods these tables tell as well: that of all blocks stands in the tables of the first
    """
    log = block.log | {"periods": course.log if course else [], "revisions": course.in_force.log if course else []}
    tables = {name: _closed(name, rows, block.setup.n_laws) for name, rows in log.items()}
    return ReplicateTables(
        replicate=block.replicate,
        people=people_table(block.table),
        rows=block.people.n,
        habits_rows=block.habits.n,
        behaviour_of_parts=_behaviour(block),
        effort_q16=np.stack(course.efforts) if course and course.efforts else np.zeros((0, block.setup.n_laws), np.int64),
        **tables,
    )


def _behaviour(block: Block) -> I64:
    """Return what the days of the block's people come to (parts, laws, behaviour)."""
    habits, people, circles = block.habits, block.people, block.circles
    first = people["person"][circles["first_person"]]
    part = block.table["circle"][np.searchsorted(block.table["person"], first)] % PARTS
    of_people, of_habits = people["circle"], people["circle"][habits["owner"]]
    days = dict(zip(BEHAVIOUR, ((of_habits, habits["n_purchases"]), (of_people, people["n_trips"]), (of_habits, habits["n_unmet"])), strict=True))
    found = np.zeros((PARTS, block.setup.n_laws, len(BEHAVIOUR)), np.int64)
    for at, (circle, counted) in enumerate(days.values()):
        in_circle = np.zeros(circles.n, np.int64)
        np.add.at(in_circle, circle, counted)
        for i in range(PARTS):
            found[i, :, at] = by_law(circles["laws"][part == i], in_circle[part == i])
    return found


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
        **{name: concatenated([getattr(part, name) for part in parts], n_laws, name) for name in EVENT_TABLES},
        rows=sum(part.rows for part in parts),
        habits_rows=sum(part.habits_rows for part in parts),
        effort_q16=parts[0].effort_q16,
        behaviour_of_parts=np.sum([part.behaviour_of_parts for part in parts], axis=0),
    )
