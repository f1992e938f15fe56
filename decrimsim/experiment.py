"""Experiments: replicates and blocks, one after the other or on several processes, with the same bits for any number.

Level 5. The unit of work is a replicate, or a block of one when there are fewer replicates than workers and nothing couples everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from decrimsim.engine import BLOCK_PEOPLE, Setup, block_slices
from decrimsim.engine.run import join, tables_of
from decrimsim.measures import ReplicateMeasures, measure
from decrimsim.measures.stopping import Precision
from decrimsim.population import circle_starts
from decrimsim.progress import Progress
from decrimsim.runners import run_all
from decrimsim.tables import ReplicateTables


@dataclass(frozen=True)
class Unit:
    """A piece of work: some blocks of one replicate. ``is_whole`` says whether it is all of them."""

    replicate: int
    blocks: tuple[int, ...]
    is_whole: bool


@dataclass(frozen=True)
class Done:
    """What a unit gives: its tables where they are kept or must be joined, its measures where it was whole."""

    tables: ReplicateTables | None
    measures: ReplicateMeasures | None


@dataclass(frozen=True)
class Job:
    """What every worker knows: the setup, the number of people, whether tables are kept."""

    setup: Setup
    people: int
    keep_tables: bool
    block_people: int = BLOCK_PEOPLE


def run_experiment(
    job: Job, replicates: Sequence[int], *, workers: int = 1, progress: Progress | None = None
) -> tuple[list[ReplicateMeasures], list[ReplicateTables]]:
    """Run replicates and return their measures, and their tables where they are kept, in the order of the replicates.

    replicates  numbers of the replicates; each is the same alone and among others
    workers     processes; 1 works in this one
    progress    called with (units done, units in all)
    """
    units = _units(job, replicates, workers)
    done: dict[Unit, Done] = {}
    for i, result in run_all(run_unit, job, units, workers):
        done[units[i]] = result
        if progress:
            progress(len(done), len(units))
    measures, tables = [], []
    for replicate in replicates:
        parts = [done[unit] for unit in units if unit.replicate == replicate]
        whole = parts[0].tables if len(parts) == 1 else join([part.tables for part in parts if part.tables], replicate, job.setup.n_laws)
        measured = parts[0].measures
        if measured is None:
            assert whole is not None
            measured = measure(whole, job.setup.scenario, job.setup.n_laws, days=job.setup.days, laws=job.setup.laws)
        measures.append(measured)
        if job.keep_tables:
            assert whole is not None
            tables.append(whole)
    return measures, tables


def run_until(
    job: Job, replicates: int, precision: Precision, *, workers: int = 1, progress: Progress | None = None
) -> tuple[list[ReplicateMeasures], list[ReplicateTables]]:
    """Run so many replicates, or the pilot where that is more, and then more until the precision or the cap is reached; as run_experiment."""
    measures: list[ReplicateMeasures] = []
    tables: list[ReplicateTables] = []
    wanted = min(max(replicates, precision.pilot), precision.cap)
    while wanted > len(measures):
        more, more_tables = run_experiment(job, range(len(measures), wanted), workers=workers, progress=progress)
        measures, tables = measures + more, tables + more_tables
        wanted = precision.next_count(measures)
    return measures, tables


def _units(job: Job, replicates: Sequence[int], workers: int) -> list[Unit]:
    """Return whole replicates, or single blocks where that keeps all workers busy and nothing couples them."""
    units = []
    for replicate in replicates:
        starts = circle_starts(job.setup.world, job.people, job.setup.seed, replicate)
        blocks = range(len(block_slices(starts, job.block_people)))
        if len(replicates) >= workers or len(blocks) == 1 or job.setup.is_coupled:
            units.append(Unit(replicate, tuple(blocks), True))
        else:
            units += [Unit(replicate, (block,), False) for block in blocks]
    return units


def run_unit(job: Job, unit: Unit) -> Done:
    """Run one unit."""
    starts = circle_starts(job.setup.world, job.people, job.setup.seed, unit.replicate)
    slices = block_slices(starts, job.block_people)
    tables = tables_of(job.setup, starts, [slices[block] for block in unit.blocks], unit.replicate)
    measures = measure(tables, job.setup.scenario, job.setup.n_laws, days=job.setup.days, laws=job.setup.laws) if unit.is_whole else None
    return Done(tables if job.keep_tables or not unit.is_whole else None, measures)
