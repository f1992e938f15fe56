"""What of a law a simulation acts on: the parts it can read, and the names of those it cannot.

Level 2.
"""

from __future__ import annotations

from typing import Any

from decrimsim.law.facts import fine_minor
from decrimsim.law.mechanics import NOT_SIMULATED, REPEATS_IN, WHERE_THE_WORLD_HAS
from decrimsim.law.review_clause import not_simulated_reviews

Data = dict[str, Any]

ADULT: Data = {"age": 30}
"""what a simulation takes everybody to be where a law asks for an age"""


def simulate_as(data: Data) -> None:
    """Add to the data of an undated law, in place, what the simulator reads: one rule on repeats, the fine of a notice, what is taken.

    data["repeats"] holds every rule on repeats; data["repeat"] the one that is simulated.
    """
    raw = data.get("repeat", [])
    data["repeats"] = raw if isinstance(raw, list) else [raw]
    nothing = {"counter": "none"}
    data["repeat"] = next((rule for rule in data["repeats"] if _is_simulated(rule)), nothing)
    data["seizure"] = {**data["seizure"], "drugs": "always" if data["seizure"]["drugs"] == "discretionary" else data["seizure"]["drugs"]}
    notice = data.get("routes", {}).get("notice")
    if notice is not None and "fine_minor" not in notice:
        data["routes"] = {**data["routes"], "notice": {**notice, "fine_minor": fine_minor(data, notice.get("fine", {"amount": 0, "unit": ""})) or 0}}


def _is_simulated(rule: Data) -> bool:
    plain = rule["counter"] == "reports" and rule.get("effect") == "mandatory_treatment" and rule.get("present_counts", True)
    return bool(plain and "within_days" not in rule)


def practised_repeats(data: Data) -> list[Data]:
    """Return the rules on repeats that a simulation applies where the world says how often officials do."""
    return [rule for rule in data["repeats"] if rule["counter"] != "none" and rule.get("effect", "none") != "none" and not _is_simulated(rule)]


def granted_tiers(ruling: Data) -> set[str]:
    """Return the tiers in which a ruling that binds its parties only would leave no offence of own use."""
    found = set()
    for change in ruling.get("changes", []) if ruling.get("binds") == "parties" else ():
        section, *path = change["path"].split(".")
        own_use = change["to"].get("own_use") if len(path) == 1 and isinstance(change["to"], dict) else change["to"] if path[1:] == ["own_use"] else ""
        found |= {path[0]} if section == "effects" and own_use == "none" else set()
    return found


def _assumed(data: Data) -> list[str]:
    """Return what a simulation assumes of every person and find where a law asks: nobody is too young, nothing excludes a case."""
    scope, routes = data.get("scope", {}), data.get("routes", {})
    ages = [("scope", scope), *((f"routes.{name}", routes.get(name, {})) for name in ("caution", "notice"))]
    found = [
        f"{path}.min_age: an age is asked by classify; simulated people have none and are all taken to be {one['min_age']} years or older"
        for path, one in ages
        if "min_age" in one
    ]
    names = [name.replace("_", " ") for name in scope.get("not_if", [])]
    return found + [f"scope.not_if: asked by classify; a simulation assumes that there is no {' and no '.join(names)}"] * bool(names)


def not_simulated(data: Data) -> tuple[str, ...]:
    """Return a text for each part of a law that a simulation does not act on."""
    found = [f"{key}: {text}" for key, texts in NOT_SIMULATED.items() if data.get(key) for text in texts]
    found += _assumed(data)
    for tier, effect in data["effects"].items():
        if effect.get("burden") == "evidential":
            found.append(f"effects.{tier}.burden: an evidential burden is simulated as a legal one")
        if effect.get("rebuttable") and effect["type"] == "personal":
            found.append(f"effects.{tier}.rebuttable: a presumption of personal use is simulated as a ceiling that holds")
        if effect.get("standard") in ("free_evaluation", "reasonable_doubt"):
            found.append(f"effects.{tier}.standard: a simulation tells a balance of probabilities from all other standards, and no others apart")
        if "eligibility" in effect:
            found.append(f"effects.{tier}.eligibility: who is eligible is answered by classify and not simulated")
    for rule in practised_repeats(data):
        found.append(f"repeat: {rule['counter']} leading to {rule['effect'].replace('_', ' ')} are simulated {WHERE_THE_WORLD_HAS}{REPEATS_IN}")
    if isinstance(data.get("record", {}).get("expunge"), str):
        found.append("record.expunge: a clause in words is kept and clears nothing in a simulation; 'how', 'covers' and 'retroactive' are simulated")
    idle = [one["title"] for one in data.get("precedents", []) if not granted_tiers(one)]
    found += [f"precedents: {title!r} leaves no tier without an offence of own use, so that a court grants nothing by it" for title in idle]
    measurement = {"exclude", "carrier", "solutions", "if_unanalysed"} & set(data.get("measurement", {}))
    if measurement:
        found.append(f"measurement: {', '.join(sorted(measurement))}: kept; simulated drugs are dry, unpacked and analysed")
    if {"money", "equipment", "returned"} & set(data["seizure"]):
        found.append("seizure: money, equipment and what is returned are kept and not simulated")
    found += [
        f"index_units.{name}: what the unit is worth is not known, so a fine in it counts as nothing"
        for name, unit in data.get("index_units", {}).items()
        if "unknown" in unit
    ]
    found += not_simulated_reviews(data)
    if "conditions" in data["social_supply"]:
        found.append("social_supply.conditions: conditions are answered by classify; the simulator applies the rule to all sharing without gain")
    return tuple(found)
