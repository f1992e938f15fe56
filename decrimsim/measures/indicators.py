"""The seven indicators of the guide, as numbers of one replicate under each law; None where a world says nothing of them.

Level 5. The guide's section on monitoring and evaluation names seven; arrests and imprisonment are told apart, and so are the
three infections, so that there are ten numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from decrimsim.measures import rows
from decrimsim.measures.people import Met, person_day, sums
from decrimsim.scenario.model import Scenario
from decrimsim.schema import ENTRY_ENDS, ENTRY_WAYS, HEALTH_EVENTS, POLICE, REFERRAL, SENTENCE
from decrimsim.tables import ReplicateTables, Table
from decrimsim.units import MINOR_PER_MAJOR

Bool = npt.NDArray[np.bool_]
F64 = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Indicators = dict[str, F64 | None]
AVOIDED, DROPPED_OUT = ENTRY_ENDS.index("avoided"), ENTRY_ENDS.index("dropped_out")

INDICATORS = (
    "services_budget",
    "arrests",
    "imprisonment",
    "voluntary_access",
    "hiv_incidence",
    "tb_incidence",
    "hepatitis_c_incidence",
    "overdose_deaths",
    "police_violence",
    "service_avoidance",
)
SHARES = ("service_avoidance",)
"""Indicators that are a share and not a count: a part and its whole are kept, and they are not given per 1,000 people."""


def indicators(tables: ReplicateTables, scenario: Scenario, cased: Met) -> Indicators:
    """Return every indicator (laws,), a share as part and whole (laws, 2), or None for one that is not simulated in this world.

    scenario  as it was simulated
    cased     the people who have a case
    """
    services, health, violence = scenario.services, scenario.health, scenario.practice.police.violence
    cases = tables.cases.columns
    arrested = cased.laws_where(rows.is_one_of(cases["police"], POLICE, "arrest"))
    held = cased.laws_where((cases["detention_days"] > 0) | (cases["compulsory_days"] > 0) | rows.is_one_of(cases["sentence"], SENTENCE, "prison"))
    seeks_itself = services is not None and services.self_entry is not None
    return {
        "services_budget": _spent(tables.periods) if services is not None and len(tables.periods) else None,
        "arrests": _people(arrested),
        "imprisonment": _people(held),
        "voluntary_access": _voluntary(tables),
        "hiv_incidence": _events(tables, "hiv") if health is not None else None,
        "tb_incidence": _events(tables, "tuberculosis") if health is not None else None,
        "hepatitis_c_incidence": _events(tables, "hepatitis_c") if health is not None else None,
        "overdose_deaths": _events(tables, "overdose_death") if health is not None else None,
        "police_violence": _violence(tables) if violence is not None else None,
        "service_avoidance": _avoidance(tables.entries) if seeks_itself else None,
    }


def _people(flags: npt.NDArray[np.bool_]) -> F64:
    people: F64 = flags.sum(axis=0).astype(np.float64)
    return people


def _spent(periods: Table) -> F64:
    """Return what places in services cost under each law, in major units; only whole periods are paid for, so a run without one has no number."""
    minor: F64 = sums(periods["spent_minor"][:, None], periods.flags())[:, 0].astype(np.float64)
    return minor / MINOR_PER_MAJOR


def _count(table: Table, is_row: npt.NDArray[np.bool_]) -> F64:
    return sums(is_row[:, None].astype(np.int64), table.flags())[:, 0].astype(np.float64)


def _distinct(keys: list[Int], flags: list[Bool]) -> F64:
    """Return how many distinct keys (laws,) have a true row (rows, laws) in one of several tables."""
    _, at = np.unique(np.concatenate(keys), return_inverse=True)
    some = np.zeros((int(at.max(initial=-1)) + 1, flags[0].shape[1]), bool)
    np.logical_or.at(some, at, np.concatenate(flags))
    return _people(some)


def _voluntary(tables: ReplicateTables) -> F64:
    """Return people who began a service that nobody compelled them to: by referral, of their own accord or from the waiting list."""
    cases, entries = tables.cases, tables.entries
    began = rows.is_at_least(cases["referral"], REFERRAL, "started") & ~cases["is_compelled"].astype(bool)
    entered = entries["end"] >= DROPPED_OUT
    return _distinct([cases["person"][began], entries["person"][entered]], [cases.flags()[began], entries.flags()[entered]])


def counted_rows(tables: ReplicateTables, names: Sequence[str]) -> list[tuple[Table, Bool]]:
    """Return for each name a table and which of its rows (rows,) count, one row for each time.

    names  harms to health by the names of INDICATORS; voluntary_access: services begun of one's own accord; avoided_services: people
           who would seek a service and stay away out of fear of police
    """
    entries, health = tables.entries, tables.health
    kinds = {"hiv_incidence": "hiv", "tb_incidence": "tuberculosis", "hepatitis_c_incidence": "hepatitis_c", "overdose_deaths": "overdose_death"}
    found = {name: (health, health["kind"] == HEALTH_EVENTS.index(kind)) for name, kind in kinds.items()}
    found |= {"voluntary_access": (entries, entries["end"] >= DROPPED_OUT), "avoided_services": (entries, entries["end"] == AVOIDED)}
    return [found[name] for name in names]


def _events(tables: ReplicateTables, kind: str) -> F64:
    return _count(tables.health, tables.health["kind"] == HEALTH_EVENTS.index(kind))


def _violence(tables: ReplicateTables) -> F64:
    """Return encounters with violence or abuse by police: at the stop, or at the arrest that followed."""
    found = [(table, table[column].astype(bool)) for table, column in ((tables.encounters, "is_violent"), (tables.cases, "is_arrest_violent"))]
    return _distinct([person_day(table)[is_row] for table, is_row in found], [table.flags()[is_row] for table, is_row in found])


def _avoidance(entries: Table) -> F64:
    """Return (laws, 2): who stay away out of fear of police, and who would seek a service of their own accord."""
    itself = entries["way"] == ENTRY_WAYS.index("self")
    return np.stack([_count(entries, itself & (entries["end"] == AVOIDED)), _count(entries, itself)], axis=1)
