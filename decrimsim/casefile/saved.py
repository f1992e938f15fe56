"""One case in the tables of a saved run: its rows, the person's earlier cases, and the luck that the run's seed gives it.

Level 7.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from decrimsim import chance
from decrimsim.casefile.history import History, with_history
from decrimsim.casefile.inputs import CaseInput, Decision, Judge
from decrimsim.engine import Block, make_setup
from decrimsim.engine.justice import DELAYS
from decrimsim.engine.places import suitable
from decrimsim.engine.practice import discretion_of
from decrimsim.engine.records import RECORDS
from decrimsim.errors import InputError
from decrimsim.law import Law
from decrimsim.law.review import review_of, revised
from decrimsim.population import circle_starts
from decrimsim.scenario import Scenario, effective
from decrimsim.scenario.practice import ByGroup
from decrimsim.schema import CASES, ENCOUNTERS, FINDINGS, PERIOD, SERVICES, STAGES

Row = dict[str, Any]
TABLES = ("cases", "findings", "encounters", "decisions")


@dataclass(frozen=True)
class SavedRun:
    """A run's folder, its manifest, its scenario, and one of its laws with its key in the tables."""

    folder: Path
    manifest: dict[str, Any]
    scenario: Scenario | None
    key: str
    law: Law | None


@dataclass(frozen=True)
class Rows:
    """What the tables say of one case under one law, and the person's earlier cases and finds under it."""

    person: Row
    encounter: Row
    findings: list[Row]
    outcome: Row
    decisions: tuple[Decision, ...]
    earlier_cases: list[Row] = field(repr=False)
    earlier_findings: list[Row] = field(repr=False)

    def holdings(self) -> dict[str, Any]:
        """Return what was found as ``law.classify`` takes it; the purity is what the laboratory would say."""
        return {row["substance"]: _holding(row) for row in self.findings}


def _holding(row: Row) -> Row:
    purity = row["pure_ug"] / row["measured_ug"] if row["measured_ug"] else 0.0
    lot = {"form": row["form"], "g": f"{row['measured_ug']} ug", "purity": min(purity, 1.0)}
    return lot | ({"units": row["units"]} if row["units"] else {})


def read_rows(run: SavedRun, replicate: int, person: int, day: int) -> Rows:
    """Return the rows of a case. Raises InputError if there is no such case under the law."""
    found = {name: _of_person(run, name, replicate, person) for name in TABLES}
    people = _read(run, "people", replicate, person)
    today = [row for row in found["cases"] if row["day"] == day]
    if not today:
        days = sorted(row["day"] for row in found["cases"])
        hint = f"This person has cases on day {', '.join(map(str, days[:10]))}" if days else "'decrimsim explain RUN' lists cases"
        raise InputError(
            f"under {run.key} nobody's drugs were found in the case {replicate}-{person}-{day}." if people else f"there is no person {person} in replicate {replicate}.",
            where="CASE", got=f"{replicate}-{person}-{day}", wanted="a case of this run under this law", hint=hint,
        )  # fmt: skip
    names = {"encounters": ENCOUNTERS, "findings": FINDINGS, "cases": CASES}
    kept = {table: [c.name for c in columns if c.name not in ("person", "day")] for table, columns in names.items()}
    encounter = next(row for row in found["encounters"] if row["day"] == day)
    decisions = [Decision(row["stage"], row["is_yes"], row["p"], row["u"]) for row in found["decisions"] if row["day"] == day]
    return Rows(
        person={name: value for name, value in people[0].items() if name not in ("replicate", "person")},
        encounter={name: encounter[name] for name in kept["encounters"]},
        findings=[{name: row[name] for name in kept["findings"]} for row in found["findings"] if row["day"] == day],
        outcome={name: today[0][name] for name in kept["cases"]},
        decisions=tuple(sorted(decisions, key=lambda decision: STAGES.index(decision.stage))),
        earlier_cases=[row for row in found["cases"] if row["day"] < day],
        earlier_findings=[row for row in found["findings"] if row["day"] < day],
    )


def _of_person(run: SavedRun, table: str, replicate: int, person: int) -> list[Row]:
    return [row for row in _read(run, table, replicate, person) if run.key in row["laws"]]


def _read(run: SavedRun, table: str, replicate: int, person: int) -> list[Row]:
    import pyarrow.parquet as pq

    rows: list[Row] = pq.read_table(run.folder / f"{table}.parquet", filters=[("replicate", "=", replicate), ("person", "=", person)]).to_pylist()
    return rows


def input_of(run: SavedRun, rows: Rows, replicate: int, person: int, day: int) -> CaseInput:
    """Return all that a case rests on: its rows, the person's record under this law, and the luck of the seed."""
    law = run.law
    assert law is not None
    assert run.scenario is not None
    world = effective(run.scenario)
    run = dataclasses.replace(run, scenario=world)
    seed, violence = run.manifest["settings"]["seed"], world.practice.police.violence
    service = _service(run, rows, replicate, person, day)
    given = CaseInput(
        law={"rules": {**_law_on(run, replicate, day).raw, "cases": []}, "date": None if law.date is None else str(law.date)},
        practice=json.loads(world.practice.model_dump_json()),
        substances=list(world.substances),
        lots=[_lot(row) for row in rows.findings],
        n_supply_evidence=rows.outcome["n_supply_evidence"],
        has_use_evidence=rows.outcome["has_use_evidence"],
        is_represented=rows.person["is_represented"],
        caution_factor=_factor(world, world.practice.police.caution_factor, rows.person),
        notice_factor=_factor(world, world.practice.police.notice_factor, rows.person),
        violence_factor=_factor(world, violence.group_factor if violence else {}, rows.person),
        discretion=discretion_of(world),
        records=dict.fromkeys(RECORDS, 0),
        repeats=[],
        prosecutor_queue_days=rows.outcome["prosecutor_queue_days"],
        queue_days=rows.outcome["queue_days"],
        is_dependent=rows.person["is_dependent"],
        keeps_job=True,
        keeps_home=not rows.person["has_no_safe_home"],
        draws={stage: chance.uniform_int(_bits(seed, replicate, stage, day, person)) for stage in STAGES},
        quantiles={process: _bits(seed, replicate, process, day, person) >> 48 for process in DELAYS},
        day=day,
        services=None if world.services is None else json.loads(world.services.model_dump_json()),
        service=service,
        place_q16=_place_q16(run, replicate, day, service),
    )
    return _with_records(given, rows, world, seed, replicate, person)


def _service(run: SavedRun, rows: Rows, replicate: int, person: int, day: int) -> str:
    """Return the kind of service that suits a person on a day: their circle is made again, and the draw is the seed's."""
    assert run.law is not None
    assert run.scenario is not None
    if run.scenario.services is None:
        return SERVICES[0]
    settings, circle = run.manifest["settings"], rows.person["circle"]
    setup = make_setup(run.scenario, [run.law], days=1, seed=settings["seed"], mode="open")
    starts = circle_starts(setup.world, settings["people"], settings["seed"], replicate)
    block = Block(setup, starts, slice(circle, circle + 1), replicate)
    block.day = day
    return SERVICES[int(suitable(block, np.flatnonzero(block.people["person"] == person))[0])]


def _law_on(run: SavedRun, replicate: int, day: int) -> Law:
    """Return the law with the amounts in force on a day of a replicate: as written, or as its own reviews had revised it."""
    import pyarrow.parquet as pq

    assert run.law is not None
    assert run.scenario is not None
    law, review, practice = run.law, review_of(run.law), run.scenario.practice.review
    if review is None or practice is None:
        return law
    told = pq.read_table(run.folder / "revisions.parquet", filters=[("replicate", "=", replicate), ("day", "<", day)]).to_pylist()
    made = [(row["day"], row["metric"], row["n"], row["of"]) for row in told if run.key in row["laws"]]
    for when in sorted({row[0] for row in made}):
        for trigger in review.triggers:
            if any(row[:2] == (when, trigger.metric) and trigger.is_met(*row[2:]) for row in made):
                law = revised(law, trigger, practice.raise_by.value if review.raise_by is None else review.raise_by)
    return law


def _place_q16(run: SavedRun, replicate: int, day: int, service: str) -> int:
    """Return the chance of a free place on a day, in 1/65536: what the period before left under the law, or the first period's."""
    import pyarrow.parquet as pq

    assert run.scenario is not None
    if run.scenario.services is None or service == SERVICES[0]:
        return chance.Q16
    last = day // PERIOD * PERIOD - 1
    told = pq.read_table(run.folder / "periods.parquet", filters=[("replicate", "=", replicate), ("day", "=", last)]).to_pylist()
    found = [row["next_free_q16"] for row in told if row["kind"] == service and run.key in row["laws"]]
    return int(found[0]) if found else chance.q16(run.scenario.services.kinds[service].first_free.value)


def _bits(seed: int, replicate: int, process: str, day: int, person: int) -> int:
    return chance.raw_int(chance.key(seed, replicate, process, day), person)


def _lot(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("true_ug", "reasons")}


def _factor(scenario: Scenario, factors: ByGroup, person: Row) -> float:
    """Return by how much a person's groups change a chance."""
    product = 1.0
    for axis in scenario.people.axes:
        category = factors.get(axis, {}).get(person[f"axis:{axis}"])
        product *= category.value if category is not None else 1.0
    return product


def _with_records(given: CaseInput, rows: Rows, scenario: Scenario, seed: int, replicate: int, person: int) -> CaseInput:
    """Return the case with the person's record on that day, and what earlier cases add."""
    judge = Judge(given)
    found = [[_lot(find) for find in rows.earlier_findings if find["day"] == case["day"]] for case in rows.earlier_cases]
    is_reported = [
        case["bribe"] != "paid" and judge.is_regulated(dataclasses.replace(given, lots=lots)) for case, lots in zip(rows.earlier_cases, found, strict=True)
    ]
    history = History(judge, scenario, seed, replicate, rows.person, person)
    return with_history(given, history, rows.earlier_cases, is_reported)
