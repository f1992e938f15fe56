"""What follows from a tier, and what officials may do, as arrays.

Level 2. The meaning of every array stands in CompiledLaws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from decrimsim.law import words as w
from decrimsim.law.facts import evidence_needed, evidence_of_supply, largest_fine_minor, may_go_up, record_of
from decrimsim.law.ladder import NEVER
from decrimsim.law.per_tier import per_tier, response_of
from decrimsim.law.rules import Rules
from decrimsim.law.shape import parse_prison_days

Data = dict[str, Any]


def response_arrays(laws: Sequence[Data], rules: Sequence[Rules], substances: tuple[str, ...], forms: tuple[str, ...], n_tiers: int) -> dict[str, Any]:
    """Return the arrays of CompiledLaws on what a tier means, powers, routes, treatment and evidence."""
    return {**_by_tier(laws, n_tiers), **_powers(laws), **_cautions(laws, rules, substances), **_notices(laws, rules, substances, forms), **_others(laws)}


def _by_tier(laws: Sequence[Data], n_tiers: int) -> dict[str, Any]:
    def table(dtype: Any, value: Callable[[Data], Any]) -> Any:
        return per_tier(laws, n_tiers, dtype, lambda law, tier: value(law["effects"][tier]))

    return {
        "effect": table(np.int8, lambda e: w.EFFECT[e["type"]]),
        "own_use_offence": table(np.int8, lambda e: w.OWN_USE[e["own_use"]]),
        "supply_offence": table(np.int8, lambda e: w.SUPPLY[e["supply"]]),
        "burden_on_accused": table(np.bool_, lambda e: e.get("burden_on") == "accused"),
        "whole_holding": table(np.bool_, lambda e: e.get("scope") == "whole"),
        "standard": table(np.int8, lambda e: w.STANDARD[e.get("standard", "unspecified")]),
        "max_prison_possession_days": table(np.int32, lambda e: parse_prison_days(e.get("max_prison_possession", "none"))),
        "max_prison_supply_days": table(np.int32, lambda e: parse_prison_days(e.get("max_prison_supply", "none"))),
        "max_fine_minor": per_tier(laws, n_tiers, np.int64, lambda law, tier: largest_fine_minor(law, response_of(law, tier))),
        "record": per_tier(laws, n_tiers, np.int8, lambda law, tier: w.RECORD[record_of(law, law["effects"][tier]["own_use"])]),
        "may_go_up": per_tier(laws, n_tiers, np.bool_, lambda law, tier: may_go_up(law, law["effects"][tier])),
        "seize": per_tier(laws, n_tiers, np.bool_, _seizes),
    }


def _seizes(law: Data, tier: str) -> bool:
    ids = [one["id"] for one in law["tiers"]]
    rule = law["seizure"]
    return rule["drugs"] == "always" and ids.index(tier) >= ids.index(rule.get("from_tier", ids[0]))


def _powers(laws: Sequence[Data]) -> dict[str, Any]:
    names = {
        "stops_for_possession": ("police", "stop_for_possession"), "police_may_warn": ("police", "warn"),
        "police_may_ignore": ("police", "no_action"),
        "prosecutor_may_drop": ("prosecutor", "drop"), "prosecutor_may_divert": ("prosecutor", "divert"),
        "prosecutor_may_downgrade": ("prosecutor", "downgrade"),
        "court_may_downgrade": ("court", "downgrade"),
    }  # fmt: skip
    return {name: np.array([law["powers"][who][what] for law in laws], np.bool_) for name, (who, what) in names.items()}


def _route(law: Data, name: str) -> Data:
    found: Data = law.get("routes", {}).get(name, {})
    return found


def _largest_inside(rules: Rules, route: Data, substance: str, form: str) -> int:
    """Return the largest gross weight inside the limit of a route, 0 if the route is not open for a substance."""
    if not route:
        return 0
    cell = rules.tables[route["limit"]["table"]].get(substance)
    if cell is None or cell.unknown:
        return 0
    amount = cell.by_form[form][0].amount
    return NEVER if amount is None else max(0, amount if route["limit"]["op"] == "<=" else amount - 1)


def _most_prior(route: Data) -> int:
    """Return how many earlier ones a person may have had; -1 where the route is open to nobody."""
    most: int = route.get("at_most", w.ANY_NUMBER) if route else 0
    return most - 1


def _cautions(laws: Sequence[Data], rules: Sequence[Rules], substances: tuple[str, ...]) -> dict[str, Any]:
    cautions = [_route(law, "caution") for law in laws]
    return {
        "caution_max_ug": np.array([[_largest_inside(r, c, s, "unspecified") for s in substances] for r, c in zip(rules, cautions, strict=True)], np.int64),
        "caution_max_prior": np.array([_most_prior(c) for c in cautions], np.int32),
        "caution_min_age": np.array([c.get("min_age", 0) for c in cautions], np.int32),
        "caution_excluded_by_conviction": np.array([bool(c.get("excluded_by")) for c in cautions], np.bool_),
    }


def _notices(laws: Sequence[Data], rules: Sequence[Rules], substances: tuple[str, ...], forms: tuple[str, ...]) -> dict[str, Any]:
    notices = [_route(law, "notice") for law in laws]
    limits = [[[_largest_inside(r, n, s, f) for f in forms] for s in substances] for r, n in zip(rules, notices, strict=True)]
    return {
        "notice_max_ug": np.array(limits, np.int64),
        "notice_max_prior": np.array([_most_prior(n) for n in notices], np.int32),
        "notice_min_age": np.array([n.get("min_age", 0) for n in notices], np.int32),
        "notice_excluded_by_supply_conviction": np.array([bool(n.get("excluded_by")) for n in notices], np.bool_),
        "notice_fine_minor": np.array([n.get("fine_minor", 0) for n in notices], np.int64),
        "notice_waived_by_referral": np.array([n.get("waived_by_referral", False) for n in notices], np.bool_),
        "notice_unpaid": np.array([w.UNPAID[n.get("unpaid", "nothing")] for n in notices], np.int8),
    }


def _others(laws: Sequence[Data]) -> dict[str, Any]:
    panels, repeats = [_route(law, "panel") for law in laws], [law.get("repeat", {}) for law in laws]
    return {
        "panel": np.array([bool(p) for p in panels], np.bool_),
        "panel_may_sanction": np.array([p.get("may_sanction", False) for p in panels], np.bool_),
        "panel_no_show": np.array([w.NO_SHOW[p.get("no_show", "nothing")] for p in panels], np.int8),
        "diversion_conditional": np.array([_route(law, "diversion").get("conditional", False) for law in laws], np.bool_),
        "repeat_at": np.array([r.get("at", 0) for r in repeats], np.int32),
        "must_offer": np.array([any(d["actor"] == "police" and d.get("duty") == "must" for d in law.get("deciders", [])) for law in laws], np.bool_),
        "evidence_needed": np.array([evidence_needed(law) for law in laws], np.int32),
        "indicators": np.array([[evidence_of_supply(law, {"indicators": [i]}, False) > 0 for i in w.INDICATORS] for law in laws], np.bool_),
        "referral_offer": np.array([law["referral"]["offer"] for law in laws], np.bool_),
        "drop_out": np.array([_drop_out(law) for law in laws], np.int8),
        "drop_out_max_days": np.array([parse_prison_days(law.get("noncompliance", {}).get("max_prison", "none")) for law in laws], np.int32),
        "referral_conditional": np.array([law["referral"]["nature"] != "voluntary" for law in laws], np.bool_),
        "sharing_is_supply": np.array([law["social_supply"]["rule"] == "supply" for law in laws], np.bool_),
    }


def _drop_out(law: Data) -> int:
    """Return what follows on leaving a compelled service early: by the rule on missed sessions, else on a breach, a known one first; -1 without either."""
    rules = law.get("noncompliance", {})
    found = [rules[key] for key in ("missed_session", "breach_of_order") if key in rules]
    known = [one for one in found if one != w.UNKNOWN]
    return w.DROP_OUT[(known or found)[0]] if found else -1
