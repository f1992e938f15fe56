"""Event tables with a fixed pattern, for tests of what reads tables: no engine needed.

The pattern mixes whole numbers with a multiplier, so that columns look unrelated and are the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim import schema
from decrimsim.measures.cost import EVENTS
from decrimsim.tables import Columns, ReplicateTables, Table, concatenated, grouped

AXES = {"gender": {"women": None, "men": None}, "age": {"under 25": None, "25 to 49": None, "50 and over": None}}
SUBSTANCES = ("cannabis_herb", "mdma", "heroin")


@dataclass(frozen=True)
class FakeLaw:
    """As much of a law as results need."""

    id: str
    name: str
    title: str
    date: str | None = None
    hash: str = "0" * 64
    notes: tuple[str, ...] = ()
    not_simulated: tuple[str, ...] = ()
    raw: dict[str, Any] = field(default_factory=dict, compare=False)


def mixed(rows: npt.NDArray[np.int64], salt: int, below: int) -> npt.NDArray[np.int64]:
    """Return numbers in 0..below-1 that look unrelated for different salts."""
    x = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt * 0xD1B54A32D192ED03 % 2**64)
    x ^= x >> np.uint64(31)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(29)
    return (x % np.uint64(below)).astype(np.int64)


def fake_scenario(unit_cost: float = 12.34) -> SimpleNamespace:
    """Return as much of a scenario as measures need."""
    values = {name: unit_cost * (i + 1) for i, name in enumerate(EVENTS)}
    costs = SimpleNamespace(unit=values.__getitem__)
    return SimpleNamespace(
        people=SimpleNamespace(axes=AXES),
        substances=dict.fromkeys(SUBSTANCES),
        costs=costs,
        run=SimpleNamespace(days=365),
        services=None,
        health=None,
        practice=SimpleNamespace(police=SimpleNamespace(violence=None)),
    )


def fake_people(n_people: int, axes: dict[str, int] | None = None, n_substances: int = len(SUBSTANCES)) -> Columns:
    """Return the table of people; axes names each equity axis with its number of categories."""
    person = np.arange(n_people)
    columns: Columns = {}
    for salt, column in enumerate(schema.PEOPLE):
        n_codes = len(column.codes) or (n_substances if column.name == "main_substance" else 2)
        columns[column.name] = mixed(person, salt, n_codes).astype(column.dtype)
    columns["person"], columns["circle"] = person, person // 3
    for salt, (axis, n_categories) in enumerate((axes or {axis: len(c) for axis, c in AXES.items()}).items()):
        columns[f"axis:{axis}"] = mixed(person, 100 + salt, n_categories).astype(np.int8)
    return columns


def _rows(table: str, person: npt.NDArray[np.int64], day: npt.NDArray[np.int64], salt: int) -> Columns:
    columns: Columns = {}
    for i, column in enumerate(schema.TABLES[table]):
        below = len(column.codes) or {"bool": 2, "float64": 2, "int16": 2 ** len(schema.REASONS), "int64": 3_000_000}.get(column.dtype, 3)
        columns[column.name] = mixed(person * 1_009 + day, salt + i, below).astype(column.dtype)
    columns["person"], columns["day"] = person, day.astype(np.int32)
    if "closed_day" in columns:
        columns["closed_day"] = (day + mixed(person * 1_009 + day, salt + 500, 200)).astype(np.int32)
    return columns


def fake_tables(
    n_people: int = 300, n_laws: int = 3, n_encounters: int = 400, replicate: int = 0, axes: dict[str, int] | None = None, n_substances: int = len(SUBSTANCES)
) -> ReplicateTables:
    """Return tables in which every encounter happens under all laws, and what follows a find differs between them.

    Every law sees the same encounters; a case has one to three rows, each true under its own laws, as in the engine.
    """
    rows = np.arange(n_encounters) + 7_919 * replicate
    person, day = mixed(rows, 1, max(n_people, 1)), mixed(rows, 2, 365)
    _, first = np.unique(person * 400 + day, return_index=True)
    person, day = person[first], day[first]
    all_laws = np.ones((len(person), n_laws), bool)
    encounters = _rows("encounters", person, day, 10 + replicate)
    encounters["is_found"] = mixed(person * 1_009 + day, 5, 4) == 0
    found = encounters["is_found"]
    who, when = person[found], day[found]
    findings = _rows("findings", who, when, 50)
    findings["substance"] = mixed(who, 3, n_substances).astype(np.int8)
    variants = [
        grouped("cases", _rows("cases", who, when, 1_000 * variant), mixed((who * 367 + when)[:, None] * n_laws + np.arange(n_laws)[None, :], 9, 3) == variant)
        for variant in range(3)
    ]
    variants = [Table({n: c[v.flags().any(axis=1)] for n, c in v.columns.items()}, v.laws[v.flags().any(axis=1)], n_laws) for v in variants]
    n_found = int(found.sum())
    return ReplicateTables(
        replicate=replicate,
        people=fake_people(n_people, axes, n_substances),
        encounters=grouped("encounters", encounters, all_laws),
        findings=grouped("findings", findings, np.ones((n_found, n_laws), bool)),
        cases=concatenated(variants, n_laws, "cases"),
        decisions=concatenated([], n_laws, "decisions"),
        entries=concatenated([], n_laws, "entries"),
        periods=concatenated([], n_laws, "periods"),
        health=concatenated([], n_laws, "health"),
        revisions=concatenated([], n_laws, "revisions"),
        rows=n_people,
        habits_rows=n_people,
        behaviour_of_parts=np.zeros((schema.PARTS, n_laws, len(schema.BEHAVIOUR)), np.int64),
    )
