"""Worlds for the tests of the engine: where much happens to few people in few days.

Not a test file. ``busy`` is New South Wales with high rates, short delays, a lockdown and two crackdowns inside the first
sixty days, so that 300 people have hundreds of cases, custody, services, seizures and split histories. Every mechanism is on in
it but those that couple everybody under a law; ``coupled`` has these as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from decrimsim.engine import Block, Setup, make_setup, run_block, run_replicate
from decrimsim.engine.course import PERIOD
from decrimsim.law import Law, load_law
from decrimsim.population import circle_starts
from decrimsim.scenario import Scenario, load_scenario, vary
from decrimsim.scenario.switches import SWITCHES
from decrimsim.schema import EVENT_TABLES, SERVICE_KINDS, STAGES
from decrimsim.tables import Columns, ReplicateTables
from decrimsim.testing.market import busy_market
from decrimsim.testing.scenarios import with_more_mechanisms

SHIPPED = ("nsw-deemed-supply", "nsw-burden-on-state", "gold-standard", "portugal", "mexico")
MADE: dict[str, dict[str, Any]] = {
    "divert-and-convict": {
        "powers.prosecutor.divert": True,
        "routes.notice.unpaid": "court",
        "repeat": [
            {"counter": "convictions", "at": 3, "effect": "ends_diversion"},
            {"counter": "incidents", "at": 4, "within_days": 20, "effect": "raises_fine"},
        ],
    },
    "conclusive": {"effects.traffickable.type": "conclusive", "effects.indictable.type": "conclusive"},
}
"""Laws made from the first shipped one, for doors that no shipped law opens."""
LAWS = (*SHIPPED, *MADE)
TABLES = EVENT_TABLES
OF_ENCOUNTERS = ("encounters", "findings", "cases", "decisions")
"""Tables of what follows when police meet somebody: full under every law of the busy world; the others belong to what couples everybody, and to health."""
PEOPLE, DAYS, SEED = 300, 60, 1

BUSY: dict[str, float | str] = {
    "police.street": 20.0,
    "police.trip_factor": 20.0,
    "police.dog.urban": 12.0,
    "police.dog.remote": 6.0,
    "police.purchase": 60.0,
    "police.warrant.consumer": 0.8,
    "police.warrant.social_supplier": 1.5,
    "police.warrant.user_dealer": 6.0,
    "police.warrant.commercial": 12.0,
    "people.remote": 0.25,
    "people.roles.user_dealer": 0.12,
    "people.roles.commercial": 0.03,
    "people.bulk_buyer": 0.3,
    "people.lockdown_stocker": 0.5,
    "people.raid_response.buy_more": 0.3,
    "carrying.p_carry": 0.7,
    "carrying.no_safe_home_minutes": 120.0,
    "police.no_safe_home_factor": 1.1,
    "police.prior_factor": 1.2,
    "practice.police.notice": 0.5,
    "practice.court.bail_refused.possession": 0.2,
    "practice.court.bail_refused.supply": 0.5,
    "practice.prosecutor.delay": 4.0,
    "practice.prosecutor.divert": 0.2,
    "practice.court.delay": 12.0,
    "practice.court.custody_delay": 0.6,
    "practice.sentencing.possession.prison": 0.3,
    "practice.sentencing.possession.days": 8.0,
    "practice.notice.delay": 9.0,
    "practice.panel.delay": 5.0,
    "practice.referral.caution.accept": 0.6,
    "practice.referral.notice.accept": 0.6,
    "practice.referral.wait": 3.0,
    "practice.referral.duration": 10.0,
    "practice.referral.use_reduction": 0.6,
    "practice.assessment.police": 0.2,
    "practice.precedent.granted": 0.3,
    "practice.appeal.file.possession": 0.3,
    "practice.appeal.file.supply": 0.4,
    "practice.appeal.delay": 8.0,
    "practice.prosecutor_queue.capacity": 100.0,
    "practice.prosecutor_queue.opening": 2.0,
    "practice.queue.capacity": 60.0,
    "practice.queue.opening": 3.0,
    "practice.records.job_loss.possession": 0.3,
    "practice.records.home_loss.possession": 0.2,
    "health.harms.heroin.overdose": 1.0,
    "health.harms.methamphetamine.overdose": 1.0,
    "health.hiv.incidence": 1.0,
    "health.hepatitis_c.incidence": 1.5,
    "health.tuberculosis.incidence": 0.3,
    "services.self_entry.dependent": 0.5,
    "services.self_entry.other": 0.3,
    **{f"services.kinds.{kind}.{name}": value for kind in SERVICE_KINDS for name, value in (("places", 25.0), ("duration", 10.0), ("use_reduction", 0.6))},
}
RATES = (
    *("street", "dog.urban", "dog.remote", "purchase", "warrant.consumer", "warrant.social_supplier", "warrant.user_dealer", "warrant.commercial"),
    *("events.checks.urban", "events.checks.remote", "transport.checks.urban", "transport.checks.remote"),
)
"""How often police meet people, by every channel: paths below 'police'."""
LEFT_OUT = ("health", "drop_out")
"""People who die stay as rows, and who drops out comes back before the law later: what a find leads to is then not told by its case alone."""
ANSWERS = ("people.response", "market.packing")
"""Sections on how people answer to the line of the law."""
LOCKDOWN = {"announced_day": 20, "start_day": 22, "end_day": 32}
RAIDS = ({"region": "urban", "start_day": 8, "end_day": 14}, {"region": "remote", "start_day": 36, "end_day": 42})


@cache
def nsw() -> Scenario:
    """Return the shipped New South Wales."""
    return load_scenario("nsw")


@cache
def busy() -> Scenario:
    """Return the busy world, in which nothing couples everybody and nobody answers to the law: histories differ by what happened alone."""
    data = plain(with_more_mechanisms(nsw()))
    data["market"]["lockdown"] |= LOCKDOWN
    data["market"]["raids"] = list(RAIDS)
    _put(data, busy_market(nsw(), DAYS) | dict.fromkeys(ANSWERS))
    data["switches"] = {name: False for name, switch in SWITCHES.items() if switch.couples or name in LEFT_OUT}
    return vary(scenario_of(data), BUSY)


@cache
def coupled() -> Scenario:
    """Return the busy world with everything on: couplings, and people who answer to the line of the law."""
    data = plain(busy())
    _put(data, {path: section for path, section in busy_market(nsw(), DAYS).items() if path in ANSWERS})
    data["switches"] = {}
    return scenario_of(data)


def _put(data: dict[str, Any], sections: dict[str, Any]) -> None:
    """Set sections of plain data by their dotted paths of two parts."""
    for path, section in sections.items():
        where, name = path.split(".")
        data[where][name] = section


@cache
def calm_calendar() -> Scenario:
    """Return the busy world without lockdown and crackdowns."""
    return vary(busy(), {"market.lockdown": None, "market.raids": ()})


@cache
def no_police() -> Scenario:
    """Return the busy world in which nobody ever meets police."""
    return vary(busy(), {f"police.{rate}": 0.0 for rate in RATES})


def plain(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as plain data that may be changed."""
    data: dict[str, Any] = scenario.model_dump(mode="json", by_alias=True)
    return data


def scenario_of(data: dict[str, Any]) -> Scenario:
    """Return the scenario of plain data."""
    return Scenario.model_validate_json(json.dumps(data))


def without(scenario: Scenario, *paths: str) -> Scenario:
    """Return a scenario whose file never had some sections, by their dotted paths."""
    data = plain(scenario)
    for path in paths:
        *parents, last = path.split(".")
        node: dict[str, Any] = data
        for part in parents:
            node = node[part]
        node[last] = [] if isinstance(node[last], list) else None
    return scenario_of(data)


@cache
def law(name: str) -> Law:
    """Return a shipped law, or one of those made from the first."""
    return load_law(SHIPPED[0]).patch(MADE[name]) if name in MADE else load_law(name)


def laws(*names: str) -> list[Law]:
    """Return laws by name; all where none is named."""
    return [law(name) for name in names or LAWS]


def setup_of(scenario: Scenario, some_laws: Sequence[Law], *, days: int = DAYS, seed: int = SEED, mode: str = "closed") -> Setup:
    """Return what a run needs."""
    return make_setup(scenario, list(some_laws), days=days, seed=seed, mode=mode)  # type: ignore[arg-type]


def run(
    scenario: Scenario,
    some_laws: Sequence[Law],
    *,
    people: int = PEOPLE,
    days: int = DAYS,
    seed: int = SEED,
    mode: str = "closed",
    replicate: int = 0,
    block_people: int = 20_000,
) -> ReplicateTables:
    """Return the tables of one replicate."""
    return run_replicate(setup_of(scenario, some_laws, days=days, seed=seed, mode=mode), people, replicate, block_people)


@cache
def busy_run(mode: str = "closed") -> ReplicateTables:
    """Return the tables of the busy world under all laws; made once for all tests, which must not write to them."""
    return run(busy(), laws(), mode=mode)


@cache
def coupled_run(*names: str, days: int = 3 * PERIOD) -> ReplicateTables:
    """Return the tables of the coupled world under some laws, all where none is named; made once for all tests, which must not write to them."""
    return run(coupled(), laws(*names), days=days)


def one_block(setup: Setup, people: int = PEOPLE, replicate: int = 0, on_day: Callable[[int], None] | None = None) -> Block:
    """Return the one block of all people after the last day."""
    starts = circle_starts(setup.world, people, setup.seed, replicate)
    return run_block(setup, starts, slice(0, len(starts) - 1), replicate, on_day)


def fresh_block(setup: Setup, people: int = PEOPLE, replicate: int = 0) -> Block:
    """Return the one block of all people on the first morning."""
    starts = circle_starts(setup.world, people, setup.seed, replicate)
    return Block(setup, starts, slice(0, len(starts) - 1), replicate)


def of_law(tables: ReplicateTables, i: int) -> dict[str, Columns]:
    """Return the event tables of one law, sorted, as a run of that law alone would have them."""
    return {name: getattr(tables, name).for_law(i) for name in TABLES}


def only(columns: Columns, keep: np.ndarray[Any, Any]) -> Columns:
    """Return some rows of a table."""
    return {name: column[keep] for name, column in columns.items()}


def rows_of(columns: Columns, *names: str) -> set[tuple[Any, ...]]:
    """Return rows as a set of tuples of some columns; of all where none is named."""
    picked = [columns[name].tolist() for name in names or columns]
    return set(zip(*picked, strict=True))


def where(columns: Columns, keep: Any) -> set[tuple[Any, ...]]:
    """Return the (person, day) of some rows."""
    return rows_of(only(columns, keep), "person", "day")


def asked(tables: dict[str, Columns], stage: str) -> set[tuple[Any, ...]]:
    """Return the cases (person, day) in which a decision was asked for."""
    return where(tables["decisions"], tables["decisions"]["stage"] == STAGES.index(stage))


def first_difference(a: dict[str, Columns], b: dict[str, Columns], tables: Sequence[str] = TABLES) -> str:
    """Return in words where the tables of two runs first differ, or nothing if every column has the same type and bits."""
    for table in tables:
        for name, column in a[table].items():
            other = b[table][name]
            if column.dtype != other.dtype:
                return f"{table}.{name}: type {column.dtype} against {other.dtype}"
            if len(column) != len(other):
                return f"{table}: {len(column)} rows against {len(other)}"
            if column.tobytes() != other.tobytes():
                return f"{table}.{name}: row {int(np.flatnonzero(column != other)[0])} differs"
    return ""


def end_day(block: Block) -> None:
    """End the day of a block that is taken through its steps by hand; the block is all of its replicate."""
    block.day += 1
    if block.day % PERIOD == 0:
        block.course.close([block])


def digest(block: Block) -> str:
    """Return SHA-256 over every column of a block's state, in the order of the names."""
    out = hashlib.sha256(str(block.day).encode())
    for rows in (block.circles, block.people, block.habits, block.schedule._rows):
        for name in sorted(rows.names()):
            column = np.ascontiguousarray(rows[name])
            out.update(f"{name} {column.dtype.str} {column.shape}".encode())
            out.update(column.tobytes())
    return out.hexdigest()
