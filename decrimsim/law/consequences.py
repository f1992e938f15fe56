"""What a law lets officials do with earlier cases, sanctions, rulings and records, as arrays.

Level 2. The meaning of every array stands in CompiledLaws.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from decrimsim.law import words as w
from decrimsim.law.facts import FINES, least_fine_minor
from decrimsim.law.per_tier import per_tier, response_of
from decrimsim.law.shape import parse_prison_days
from decrimsim.law.simulated import granted_tiers, practised_repeats
from decrimsim.schema import SANCTIONS

Data = dict[str, Any]

PURPOSES = ("own_use", "supply")
ASSESSORS = ("police", "prosecutor", "court")
DAYS_A_MONTH = 365 / 12
_KIND = {
    **dict.fromkeys(set(FINES) - {"notice"}, "fine"), "licence_loss": "licence_loss", "registration": "registration", "urine_tests": "urine_tests",
    "compulsory_detention": "compulsory_detention", "administrative_arrest": "administrative_arrest", "corporal": "corporal", "deportation": "deportation",
    "death": "capital",
}  # fmt: skip
"""which of schema.SANCTIONS a type of a law's sanctions is; the others are sentences, routes and referral"""
_CUSTODY = ("compulsory_detention", "administrative_arrest")


def consequence_arrays(laws: Sequence[Data], n_tiers: int) -> dict[str, Any]:
    """Return the arrays of CompiledLaws on sanctions, repeats, rulings, assessment and records."""
    return {**_sanctions(laws, n_tiers), **_repeats(laws, n_tiers), **_records(laws)} | {
        "granted_own_use": per_tier(laws, n_tiers, np.bool_, lambda law, tier: any(tier in granted_tiers(one) for one in law.get("precedents", []))),
        "may_assess": np.array([[_may_assess(law, who) for who in ASSESSORS] for law in laws], np.bool_),
        "early_discount": np.array([law.get("deadlines", {}).get("early_payment", {}).get("discount", 0.0) for law in laws], np.float64),
    }


def _sanctions(laws: Sequence[Data], n_tiers: int) -> dict[str, Any]:
    def table(dtype: Any, value: Any) -> Any:
        return per_tier(laws, n_tiers, dtype, lambda law, tier: [value(law, tier, purpose) for purpose in PURPOSES])

    return {
        "sanctions": table(np.int32, _bits),
        "custody_least_days": table(np.int32, lambda law, tier, purpose: [_least_days(law, tier, purpose, kind) for kind in _CUSTODY]),
        "custody_most_days": table(np.int32, lambda law, tier, purpose: [_most_days(law, tier, purpose, kind) or w.LIFE_DAYS for kind in _CUSTODY]),
        "least_prison_days": table(np.int32, lambda law, tier, purpose: _least_days(law, tier, purpose, "prison")),
        "most_prison_days": table(np.int32, lambda law, tier, purpose: _most_days(law, tier, purpose, "prison")),
        "must_imprison": table(np.bool_, lambda law, tier, purpose: any(o.get("mandatory_minimum", False) for o in _options(law, tier, purpose, "prison"))),
        "least_fine_minor": per_tier(laws, n_tiers, np.int64, lambda law, tier: least_fine_minor(law, response_of(law, tier))),
    }  # fmt: skip


def _options(law: Data, tier: str, purpose: str, kind: str) -> list[Data]:
    return [o for o in response_of(law, tier, purpose).get("options", []) if o["type"] == kind]


def _least_days(law: Data, tier: str, purpose: str, kind: str) -> int:
    """Return the shortest term of a kind of sanction; one without a shortest term may be of any length."""
    return min((parse_prison_days(o.get("from", "none")) for o in _options(law, tier, purpose, kind)), default=0)


def _most_days(law: Data, tier: str, purpose: str, kind: str) -> int:
    """Return the longest term of a kind of sanction that is written; 0 for none."""
    return max((parse_prison_days(o.get("to", "none")) for o in _options(law, tier, purpose, kind)), default=0)


def _bits(law: Data, tier: str, purpose: str) -> int:
    kinds = {_KIND[o["type"]] for o in response_of(law, tier, purpose).get("options", []) if o["type"] in _KIND}
    if purpose == "own_use":
        kinds |= {"registration"} if "register" in law.get("record", {}) else set()
        kinds |= {"urine_tests"} if law.get("coercive_measures", {}).get("urine_test") in ("allowed", "required") else set()
    return sum(1 << SANCTIONS.index(kind) for kind in kinds)


def _repeats(laws: Sequence[Data], n_tiers: int) -> dict[str, Any]:
    rules = [practised_repeats(law) for law in laws]
    width = max((len(some) for some in rules), default=0)

    def table(value: Any) -> Any:
        return np.array([[value(rule) for rule in some] + [0] * (width - len(some)) for some in rules], np.int32).reshape(len(laws), width)

    return {
        "strike_counter": table(lambda rule: w.COUNTER[rule["counter"]]),
        "strike_earlier": table(lambda rule: max(rule["at"] - int(rule.get("present_counts", True)), 0)),
        "strike_window_days": table(lambda rule: rule.get("within_days", 0)),
        "strike_effect": table(lambda rule: w.REPEAT_EFFECT[rule["effect"]]),
        "repeat_prison_days": per_tier(laws, n_tiers, np.int32, _crime_days),
    }


def _crime_days(law: Data, tier: str) -> int:
    """Return the longest prison where a repeat makes a tier a crime: its own, or that of the next tier in which possession is one."""
    ids = [one["id"] for one in law["tiers"]]
    for name in ids[ids.index(tier) :]:
        effect = law["effects"][name]
        if "max_prison_possession" in effect or effect["own_use"] == "possession":
            return parse_prison_days(effect.get("max_prison_possession", "none"))
    return 0


def _may_assess(law: Data, who: str) -> bool:
    """Tell whether a decider may rely on a medical assessment: as the chain of deciders says, else as the powers do."""
    deciders = law.get("deciders", [])
    if any(one["actor"] == "doctor" for one in deciders):
        return True
    if any("assess" in one for one in deciders):
        return any(one["actor"] == who and "assess" in one for one in deciders)
    return who == "police" or bool(law["powers"][who]["downgrade"])


def _records(laws: Sequence[Data]) -> dict[str, Any]:
    rules = [_expunge(law) for law in laws]
    return {
        "expunge_how": np.array([w.EXPUNGE[rule["how"]] for rule in rules], np.int8),
        "expunge_before": np.array([rule["retroactive"] for rule in rules], np.bool_),
        "expunge_supply": np.array(["supply" in rule["covers"] for rule in rules], np.bool_),
        "expunge_after_days": np.array([round(rule["after_months"] * DAYS_A_MONTH) for rule in rules], np.int32),
    }


def _expunge(law: Data) -> Data:
    """Return the rule on clearing records; a text that is not taken apart clears nothing."""
    rule = law.get("record", {}).get("expunge", {})
    if isinstance(rule, str) or rule.get("how") not in ("automatic", "on_request"):
        rule = {"how": "none"}
    return {"retroactive": False, "covers": (), "after_months": 0, **rule}
