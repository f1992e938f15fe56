"""What the facts of one case change: exceptions, repeats, evidence, sharing, records and typed sanctions.

Level 2. Part of the slow twin. A fact that is not given is neither true nor false: the ordinary rule holds, and an answer that rests on the
fact names it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from decrimsim.law.mechanics import FLAGS
from decrimsim.law.rules import Bound, Rules, Tier
from decrimsim.law.words import UNKNOWN, USE_INDICATORS

Facts = Mapping[str, Any]
Data = dict[str, Any]


def given(facts: Facts) -> Facts:
    """Return the facts that are known: 'unknown' and None are as if nothing had been said."""
    known = {key: value for key, value in facts.items() if value is not None and value != UNKNOWN}
    return {**known, "conditions": given(known["conditions"])} if isinstance(known.get("conditions"), Mapping) else known


def fits(when: Mapping[str, Any], facts: Facts) -> bool | None:
    """Tell whether a case is as ``when`` says; None if facts that would decide it are not given."""
    answers = [_holds(key, wanted, facts) for key, wanted in when.items()]
    return False if False in answers else None if None in answers else True


def facts_that_meet(when: Mapping[str, Any]) -> Data:
    """Return facts of a case that are as ``when`` says, for every condition but its tier."""
    found: Data = {key: wanted for key, wanted in when.items() if key in FLAGS or key in ("conditions", "purpose")}
    found |= {key: when[key][0] for key in ("place", "act") if key in when}
    if {"min_age", "max_age"} & set(when):
        found["age"] = when.get("min_age", when.get("max_age"))
    if "hours" in when:
        found["hour"] = when["hours"][0]
    if "within_metres" in when:
        found["metres_to"] = dict(when["within_metres"])
    if "previous" in when:
        found["previous"] = [{"kind": when["previous"]["kind"], "days_ago": 1}] * when["previous"]["at_least"]
    return found


def missing(when: Mapping[str, Any], facts: Facts) -> list[str]:
    """Return a text for each fact that ``when`` asks for and that is not given."""
    keys = [key for key, wanted in when.items() if _holds(key, wanted, facts) is None]
    names = [name for key in keys for name in (_not_given(when[key], facts) if key == "conditions" else [_FACTS.get(key, key)])]
    return [f"{name.replace('_', ' ')} of the case not given" for name in names]


def _not_given(conditions: Mapping[str, bool], facts: Facts) -> list[str]:
    return [name for name in conditions if name not in facts.get("conditions", {})]


_FACTS = {"min_age": "age", "max_age": "age", "hours": "hour", "within_metres": "distance", "previous": "earlier incidents"}


def _holds(key: str, wanted: Any, facts: Facts) -> bool | None:
    """Return whether one condition holds; None if the fact is not given."""
    if key in FLAGS:
        return None if key not in facts else facts[key] is wanted
    if key in ("min_age", "max_age"):
        age = facts.get("age")
        return None if age is None else age >= wanted if key == "min_age" else age <= wanted
    if key == "conditions":
        if any(facts.get("conditions", {}).get(name, flag) is not flag for name, flag in wanted.items()):
            return False
        return None if _not_given(wanted, facts) else True
    if key == "place":
        return None if "place" not in facts else facts["place"] in wanted
    if key == "act":
        return facts.get("act", "possession") in wanted
    if key in ("tier", "purpose"):
        return bool(facts[key] in wanted if key == "tier" else facts[key] == wanted)
    if key == "hours":
        return None if "hour" not in facts else wanted[0] <= facts["hour"] < wanted[1]
    if key == "within_metres":
        metres = facts.get("metres_to", {})
        near = [None if place not in metres else metres[place] <= limit for place, limit in wanted.items()]
        return True if True in near else None if None in near else False
    return None if "previous" not in facts else _count_previous(wanted["kind"], wanted.get("within_days"), facts) >= wanted["at_least"]


def _count_previous(kind: str, within_days: int | None, facts: Facts) -> int:
    return sum(1 for one in facts["previous"] if one["kind"] == kind and (within_days is None or one["days_ago"] <= within_days))


def exceptions_for(data: Data, facts: Facts) -> tuple[Data, list[Data]]:
    """Return the first exception that fits a case, or an empty mapping; and those before it that would fit if a fact were known."""
    possible: list[Data] = []
    for one in data.get("exceptions", []):
        answer = fits(one["when"], facts)
        if answer:
            return one, possible
        if answer is None:
            possible.append(one)
    return {}, possible


def with_tables(rules: Rules, tables: Mapping[str, str]) -> Rules:
    """Return rules whose tiers are bounded by other tables."""

    def other(bound: Bound | None) -> Bound | None:
        return bound and Bound(tables.get(bound.table, bound.table), bound.op)

    return dataclasses.replace(rules, tiers=tuple(Tier(t.id, other(t.upper), other(t.lower)) for t in rules.tiers))


def effects_of_repeats(data: Data, facts: Facts, offence: str, unknowns: list[str]) -> tuple[str, ...]:
    """Return what earlier incidents add to this one: becomes_crime, raises_fine, ...

    A count that is not given is named if it could change what follows from this offence.
    """
    found = []
    for rule in data["repeats"]:
        if rule["counter"] == "none" or rule["effect"] == "none":
            continue
        number = _incidents(rule, facts)
        if number is None:
            unknowns += [f"{rule['counter']} of the person not given"] * _could_matter(data, rule["effect"], offence)
        elif number >= rule["at"]:
            found.append(rule["effect"])
    return tuple(dict.fromkeys(found))


def _could_matter(data: Data, effect: str, offence: str) -> bool:
    if effect == "becomes_crime":
        return offence in ("none", "administrative")
    if effect == "mandatory_treatment":
        return not (data["referral"]["offer"] and data["referral"]["nature"] == "mandatory")
    return offence != "none"


def _incidents(rule: Data, facts: Facts) -> int | None:
    """Return how many incidents a rule counts, the present one with them unless it says otherwise; None if nothing is known."""
    kind, present = rule["counter"], int(rule.get("present_counts", True))
    if "previous" in facts:
        return _count_previous(kind, rule.get("within_days"), facts) + present
    if kind == "reports":
        return facts.get("reports")
    if kind in ("notices", "cautions"):
        return None if kind not in facts else facts[kind] + present
    if kind == "convictions":
        return None if "conviction" not in facts else int(facts["conviction"]) + present
    return None


def evidence_of_supply(data: Data, facts: Facts, is_varied: bool) -> int:
    """Return how many indicators of supply count under the law."""
    rule = data.get("indicators", {})
    found = {*facts.get("indicators", ()), *(["variety"] if is_varied else [])} - set(rule.get("excluded", ())) - set(rule.get("use", ())) - set(USE_INDICATORS)
    if rule.get("mode", "free_evaluation") != "free_evaluation":
        found &= set(rule.get("supply", ()))
    return len(found)


def evidence_needed(data: Data) -> int:
    """Return how many indicators together are evidence of supply."""
    rule = data.get("indicators", {})
    needed: int = len(rule.get("supply", ())) if rule.get("mode") == "conjunctive" else rule.get("min_independent", 1)
    return max(1, needed)


def may_go_up(data: Data, effect: Data) -> bool:
    """Tell whether evidence may make a case of this tier one of supply although the amount alone does not."""
    up = data.get("overrides", {}).get("up", {}).get("allowed")
    if effect["supply"] != "supply" or effect["type"] in ("presumption", "conclusive"):
        return False
    if effect["type"] == "personal":
        return bool(up is True or (up is None and effect.get("rebuttable", False)))
    return up is not False


def sharing(data: Data, facts: Facts) -> str:
    """Return whether sharing, as the facts have it, is supply: supply or not_supply."""
    rule, case = data["social_supply"], facts.get("sharing", {})
    wanted = rule.get("conditions", {})
    broken = (
        (wanted.get("free") and case.get("profit"))
        or (wanted.get("adults_only") and case.get("minors"))
        or (wanted.get("joint_use") and case.get("joint_use") is False)
        or case.get("people", 0) > wanted.get("max_people", 10**9)
    )
    return "supply" if rule["rule"] == "supply" or broken else "not_supply"


def record_of(data: Data, offence: str) -> str:
    """Return what kind of record an offence leaves: none, administrative or criminal."""
    rule = data.get("record", {})
    if offence in ("possession", "supply"):
        return "criminal" if rule.get("criminal_record", True) else "administrative" if "register" in rule else "none"
    return "administrative" if offence == "administrative" and "register" in rule else "none"


def response_for(data: Data, tier: str, facts: Facts, unknowns: list[str]) -> Data:
    """Return the first response that fits a case, or an empty mapping; name the facts that could make it an earlier one."""
    case = {"purpose": "own_use", **facts, "tier": tier}
    for one in data.get("responses", []):
        when = one.get("when", {})
        answer = fits(when, case)
        if answer:
            found: Data = one
            return found
        unknowns += missing(when, case) if answer is None else []
    return {}


def sanction_texts(data: Data, response: Data) -> tuple[str, ...]:
    """Return each option of a response in words, index units in money of the day."""
    return tuple(_sanction_text(data, option) for option in response.get("options", []))


def _sanction_text(data: Data, option: Data) -> str:
    parts = [option["type"].replace("_", " ")]
    if "amount" in option:
        unit = option.get("unit", "")
        parts.append(f"{_span(option['amount'])} {unit.replace('_', ' ')}".strip())
        if unit in data.get("index_units", {}):
            parts.append(_worth(data, unit, option["amount"]))
    parts += [" to ".join(option[key] for key in ("from", "to") if key in option)] if {"from", "to"} & set(option) else []
    parts += [f"{_span(option[key])} {key}" for key in ("strokes", "hours") if key in option]
    parts += [f"({option['nature']})"] if "nature" in option else []
    parts += [f"waived by {option['waived_by'].replace('_', ' ')}"] if "waived_by" in option else []
    return " ".join(parts)


def _worth(data: Data, unit: str, amount: Any) -> str:
    fines = [fine_minor(data, {"unit": unit, "amount": a}) for a in _ends(amount)]
    texts = dict.fromkeys(f"{Decimal(fine) / 100:.2f}" for fine in fines if fine is not None)
    return f"({' to '.join(texts)} {data['index_units'][unit]['currency']})" if texts else "(worth not known)"


def _ends(amount: Any) -> list[Any]:
    return amount if isinstance(amount, list) else [amount]


def _span(amount: Any) -> str:
    return " to ".join(f"{a:g}" for a in _ends(amount))


def fine_minor(data: Data, fine: Mapping[str, Any]) -> int | None:
    """Return a fine of one amount in minor units of money, or None where its unit is of unknown worth; a unit that is no index unit is a currency."""
    value = data.get("index_units", {}).get(fine["unit"], {"value_minor": 100}).get("value_minor")
    return None if value is None else int(Decimal(str(fine["amount"])) * value)


def unknown_worths(data: Data, response: Data) -> list[str]:
    """Return a text for each index unit in a response whose worth is not known."""
    units = data.get("index_units", {})
    named = dict.fromkeys(option.get("unit", "") for option in response.get("options", []))
    return [f"what a {unit.replace('_', ' ')} is worth: {units[unit]['unknown']}" for unit in named if "unknown" in units.get(unit, {})]


FINES = ("fine", "day_fine", "ticket", "notice")
"""the types of sanctions that are paid in money"""


def largest_fine_minor(data: Data, response: Data) -> int:
    """Return the largest fine among the options of a response, in minor units of money; 0 for none, or for units whose worth is not known."""
    return max(_fines_minor(data, response), default=0)


def least_fine_minor(data: Data, response: Data) -> int:
    """Return the smallest fine among the options of a response, in minor units of money; 0 for none, or for units whose worth is not known."""
    return min(_fines_minor(data, response), default=0)


def _fines_minor(data: Data, response: Data) -> list[int]:
    options = [one for one in response.get("options", []) if one["type"] in FINES and "amount" in one and "unit" in one]
    fines = [fine_minor(data, {**one, "amount": amount}) for one in options for amount in _ends(one["amount"])]
    return [fine for fine in fines if fine is not None]


def opened(effect: Data, facts: Facts, unknowns: list[str]) -> tuple[str, ...]:
    """Return what an eligibility opens: every one of its conditions must be met."""
    rule = effect.get("eligibility")
    if rule is None:
        return ()
    conditions = facts.get("conditions", {})
    if any(conditions.get(name) is False for name in rule["all_of"]):
        return ()
    missing = [name for name in rule["all_of"] if name not in conditions]
    unknowns += [f"{name.replace('_', ' ')} not given" for name in missing]
    return () if missing else (rule["opens"],)
