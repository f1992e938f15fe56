"""Sections of the market for worlds of tests: every mechanism turned on strongly.

Level 8: for tests only.
"""

from __future__ import annotations

from typing import Any

from decrimsim.scenario import Scenario


def number(value: float, unit: str = "probability") -> dict[str, Any]:
    """Return a parameter as it stands in a file."""
    high = 1.0 if unit == "probability" else 3.0 if unit == "log-sd" else 100.0
    return {"value": value, "range": [0.0, high], "unit": unit, "source": "assumption", "grade": "D", "note": "for tests"}


def busy_market(scenario: Scenario, days: int) -> dict[str, Any]:
    """Return, by dotted path, every optional section of the market, laid out for so many days."""
    names, third = list(scenario.substances), days // 3
    shortages = [
        {
            "substance": name, "start_day": first, "end_day": first + third, "access": number(access, "ratio"),
            "stockers": number(0.5), "stock_factor": number(2.5, "ratio"),
        }
        for name, first, access in ((names[0], third, 0.5), (names[-1], 1, 0.1), (names[0], third + 2, 0.9))
    ]  # fmt: skip
    return {
        "market.calendar": {
            "first_weekday": "thursday",
            "weekend": ["friday", "saturday", "sunday"],
            "weekend_use": {name: number(ratio, "ratio") for name, ratio in zip(names, (1.1, 6.0, 4.0, 0.3, 1.0), strict=False)},
            "buying_days": {
                "payday": {"first_day": 3, "every": 14, "share": number(0.4), "factor": number(2.0, "ratio")},
                "friday": {"first_day": 1, "every": 7, "share": number(0.3), "factor": number(1.5, "ratio")},
            },
        },
        "market.shortages": shortages,
        "market.substitution": {"p": number(0.6)},
        "market.purity_by_form": {name: {form: number(0.15 + 0.1 * i) for i, form in enumerate(s.forms)} for name, s in scenario.substances.items()},
        "market.online": {
            "shares": dict.fromkeys(names, number(0.2)), "factor": number(2.0, "ratio"), "running_low": number(3.0, "ratio"),
            "delay": number(4.0, "days"), "delay_sd": number(0.5, "log-sd"), "lost": number(0.2),
        },
        "market.copping": {role: number(0.4) for role in ("consumer", "social_supplier", "user_dealer", "commercial")} | {"factor": number(0.8, "ratio")},
        "market.gifts": {"p": number(0.5), "doses": number(2.0, "ratio")},
        "market.packing": {"share": number(0.5)},
        "people.response": response("carry_less"),
    }  # fmt: skip


def response(kind: str, aware: float = 0.5) -> dict[str, Any]:
    """Return a response to the line, of people of whom some are wrong about it."""
    return {"kind": kind, "aware": number(aware), "mistaken": number(0.3), "mistake_sd": number(0.8, "log-sd")}


def keep_substances(market: dict[str, Any], names: set[str]) -> None:
    """Take out of the sections of the market, as plain data, what names other substances."""
    market["shortages"] = [shortage for shortage in market["shortages"] if shortage["substance"] in names]
    for section, key in (("calendar", "weekend_use"), ("online", "shares")):
        if market[section] is not None:
            market[section][key] = {name: value for name, value in market[section][key].items() if name in names}
    if market["purity_by_form"] is not None:
        market["purity_by_form"] = {name: value for name, value in market["purity_by_form"].items() if name in names}
