"""What of a law a simulation acts on: the parts it can read, and the names of those it cannot.

Level 2.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from decrimsim.law.review_clause import not_simulated_reviews
from decrimsim.law.schema import NOT_SIMULATED

Data = dict[str, Any]


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
        data["routes"] = {**data["routes"], "notice": {**notice, "fine_minor": fine_minor(data, notice.get("fine", {"amount": 0, "unit": ""}))}}


def _is_simulated(rule: Data) -> bool:
    return rule["counter"] == "reports" and rule.get("effect") == "mandatory_treatment" and rule.get("present_counts", True)


def fine_minor(data: Data, fine: Data) -> int:
    """Return a fine in minor units of money; a unit that is no index unit is a currency."""
    value = data.get("index_units", {}).get(fine["unit"], {"value_minor": 100})["value_minor"]
    return int(Decimal(str(fine["amount"])) * value)


def not_simulated(data: Data) -> tuple[str, ...]:
    """Return a text for each part of a law that a simulation does not act on."""
    found = [f"{key}: {text}" for key, text in NOT_SIMULATED.items() if data.get(key)]
    for tier, effect in data["effects"].items():
        if effect.get("burden") == "evidential":
            found.append(f"effects.{tier}.burden: an evidential burden is simulated as a legal one")
        if effect.get("rebuttable") and effect["type"] == "personal":
            found.append(f"effects.{tier}.rebuttable: a presumption of personal use is simulated as a ceiling that holds")
        if "eligibility" in effect:
            found.append(f"effects.{tier}.eligibility: who is eligible is answered by classify and not simulated")
    for rule in data["repeats"]:
        if rule["counter"] != "none" and not _is_simulated(rule):
            found.append(f"repeat: {rule['counter']} leading to {rule['effect'].replace('_', ' ')} are answered by classify and not simulated")
        elif rule.get("within_days"):
            found.append(f"repeat: reports count for ever in a simulation, not only for {rule['within_days']} days")
    measurement = {"exclude", "carrier", "solutions", "if_unanalysed"} & set(data.get("measurement", {}))
    if measurement:
        found.append(f"measurement: {', '.join(sorted(measurement))}: kept; simulated drugs are dry, unpacked and analysed")
    if {"money", "equipment", "returned"} & set(data["seizure"]):
        found.append("seizure: money, equipment and what is returned are kept and not simulated")
    found += not_simulated_reviews(data)
    if "conditions" in data["social_supply"]:
        found.append("social_supply.conditions: conditions are answered by classify; the simulator applies the rule to all sharing without gain")
    return tuple(found)
