"""What a row of cases costs, as counts of unit costs, and which agency pays for each.

Level 2. Kernel: pure arrays. The engine counts what justice spends under a law while it runs, the measures afterwards; both count here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.schema import APPEAL, DIVERSION, DROP_OUT, NEGOTIATION, NOTICE, POLICE, PROSECUTOR, REFERRAL, SANCTIONS, SENTENCE

Columns = Mapping[str, npt.NDArray[Any]]
RowBool = npt.NDArray[np.bool_]
RowInt = npt.NDArray[np.int64]
Codes = npt.NDArray[Any]

PAYS = {
    "stop": "police",
    "search": "police",
    "find": "police",
    "arrest": "police",
    "caution": "police",
    "notice": "police",
    "panel": "services",
    "prosecution": "prosecution",
    "court": "courts",
    "hearing": "courts",
    "detention_day": "custody",
    "prison_day": "custody",
    "community_order": "custody",
    "referral": "services",
    "service": "services",
    "assessment": "services",
    "appeal": "courts",
    "licence_loss": "police",
    "registration": "police",
    "urine_tests": "police",
    "compulsory_day": "custody",
    "corporal": "custody",
    "deportation": "custody",
}
"""Which agency pays for which unit cost; panels sit with the services, community orders with corrections."""
EVENTS = tuple(PAYS)
AGENCIES = ("police", "prosecution", "courts", "custody", "services")


def is_one_of(column: Codes, codes: tuple[str, ...], *names: str) -> RowBool:
    """Return the rows (rows,) whose code stands for one of the names."""
    found: RowBool = np.zeros(len(column), bool)
    for name in names:
        found |= column == codes.index(name)
    return found


def is_at_least(column: Codes, codes: tuple[str, ...], name: str) -> RowBool:
    """Return the rows (rows,) whose code stands for the name or for a later one."""
    reached: RowBool = column >= codes.index(name)
    return reached


def has_sanction(cases: Columns, name: str) -> RowBool:
    """Return the rows (rows,) with one of schema.SANCTIONS."""
    found: RowBool = (cases["sanctions"] >> SANCTIONS.index(name) & 1) == 1
    return found


def is_back_door(cases: Columns) -> RowBool:
    """Return the rows (rows,) that became a conviction unheard: over an unpaid notice, a breached diversion or a drop-out."""
    unheard = is_one_of(cases["notice"], NOTICE, "unpaid_convicted") | is_one_of(cases["diversion"], DIVERSION, "convicted")
    return unheard | is_at_least(cases["drop_out"], DROP_OUT, "convicted")


def case_events(cases: Columns) -> dict[str, RowInt]:
    """Return how often each row of cases costs each unit cost (stops, searches and finds come from encounters).

    A court counts once for a case that reached negotiation, and once for a notice, a diversion or a drop-out that became a conviction unheard.
    """
    flags = {
        "arrest": is_one_of(cases["police"], POLICE, "arrest"),
        "caution": is_one_of(cases["police"], POLICE, "caution"),
        "notice": is_one_of(cases["police"], POLICE, "notice"),
        "panel": is_one_of(cases["police"], POLICE, "panel") | is_one_of(cases["prosecutor"], PROSECUTOR, "panel"),
        "prosecution": is_one_of(cases["prosecutor"], PROSECUTOR, "charge_possession", "charge_supply"),
        "court": is_at_least(cases["negotiation"], NEGOTIATION, "withdrawn") | is_back_door(cases),
        "hearing": is_one_of(cases["negotiation"], NEGOTIATION, "contested"),
        "community_order": is_one_of(cases["sentence"], SENTENCE, "community_order"),
        "referral": is_at_least(cases["referral"], REFERRAL, "accepted"),
        "service": is_at_least(cases["referral"], REFERRAL, "started"),
        "assessment": cases["is_assessed"].astype(bool),
        "appeal": is_at_least(cases["appeal"], APPEAL, "dismissed"),
        **{name: has_sanction(cases, name) for name in ("licence_loss", "registration", "urine_tests", "corporal", "deportation")},
    }
    counts = {name: flag.astype(np.int64) for name, flag in flags.items()}
    counts["detention_day"] = cases["detention_days"].astype(np.int64)
    served = np.maximum(cases["prison_days"] - cases["detention_days"], 0)  # time held before trial counts towards prison
    counts["prison_day"] = served.astype(np.int64)
    counts["compulsory_day"] = cases["compulsory_days"].astype(np.int64)
    return counts
