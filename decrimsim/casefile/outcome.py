"""What became of a case, column by column, in plain words.

Level 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from decrimsim.schema import SANCTIONS
from decrimsim.units import MINOR_PER_MAJOR

_NEVER = ("not_reached", "none", "not_offered", "not_asked")
QUIET = (*_NEVER, "not_filed", False, 0, -1)
_LABELS = {
    "tier": "tier",
    "effect": "effect of the amount",
    "line": "police took it for",
    "police": "police",
    "prosecutor": "prosecutor",
    "negotiation": "plea",
    "verdict": "conviction",
    "sentence": "sentence",
    "notice": "penalty notice",
    "panel": "panel",
    "route": "referral by way of",
    "referral": "referral",
    "bribe": "payment demanded by officers",
    "diversion": "diversion",
    "appeal": "appeal",
    "service": "service",
    "drop_out": "on leaving the service early",
}
_VALUES = {
    "police": {"no_action": "did nothing", "warning": "warned", "caution": "cautioned", "notice": "gave a penalty notice", "panel": "sent the person to the panel",
               "summons": "sent a summons", "arrest": "arrested"},
    "prosecutor": {"dropped": "dropped the case", "diverted": "diverted the case", "panel": "sent the case to the panel", "charge_possession": "charged possession",
                   "charge_supply": "charged supply"},
    "negotiation": {"withdrawn": "charge withdrawn", "plead_possession": "guilty of possession", "plead_supply": "guilty of supply", "contested": "not guilty",
                    "granted": "not asked, the court grants a ruling"},
    "drop_out": {"left": "nothing", "sanctioned": "the sanction that was avoided", "convicted": "a conviction", "imprisoned": "prison"},
}  # fmt: skip
_FLAGS = {
    "is_detained": ("held before trial", "not held before trial"),
    "is_seized": ("the drugs are taken", "the drugs are not taken"),
    "is_compelled": ("a service is compelled", "no service is compelled"),
    "is_arrest_violent": ("violence or abuse by officers at the arrest", "no violence at the arrest"),
    "is_assessed": ("assessed by a medical professional", "not assessed"),
    "is_own_use_found": ("the assessment finds dependence or own use", "no finding of dependence or own use"),
    "is_plea_condition": ("a plea of guilty is a condition", "a plea of guilty is no condition"),
    "is_abstinence_condition": ("abstinence is a condition", "abstinence is no condition"),
    "is_job_lost": ("the job is lost", "the job is kept"),
    "is_home_lost": ("the home is lost", "the home is kept"),
    "is_waiting": ("on the waiting list", "not on a waiting list"),
}
_DAYS = {
    "detention_days": "held before trial",
    "prison_days": "of prison",
    "held_days": "held before charge",
    "prosecutor_queue_days": "of waiting for the prosecutor",
    "queue_days": "of waiting for the court",
    "compulsory_days": "of compulsory detention or administrative arrest",
    "order_days": "without a licence, on a register or under tests",
    "service_days": "in the service, as planned",
}
_MONEY = {"fine_minor": ("fines", "no fines"), "bribe_minor": ("paid to officers", "nothing paid to officers")}


def outcome_words(outcome: Mapping[str, Any], currency: str) -> str:
    """Return what became of a case; what was not asked or did not happen is left out."""
    told = {name: value for name, value in outcome.items() if name not in ("tier", "effect", "n_supply_evidence", "has_use_evidence")}
    return "; ".join(told_as(name, value, currency) for name, value in told.items() if value not in QUIET)


def short_words(outcome: Mapping[str, Any]) -> str:
    """Return the outcome in a few words, for lists: what police did, the conviction, the sentence."""
    return "; ".join(told_as(name, outcome[name], "") for name in ("police", "panel", "verdict", "sentence") if outcome[name] not in (*QUIET, "not_convicted"))


def told_as(name: str, value: Any, currency: str) -> str:
    """Return one column of a case with its value as a phrase."""
    if name == "sanctions":
        return "sanctions " + (" and ".join(sanction.replace("_", " ") for i, sanction in enumerate(SANCTIONS) if value >> i & 1) or "none")
    if name in _FLAGS:
        return _FLAGS[name][0 if value else 1]
    if name in _DAYS:
        return f"{value or 'no'} day{'s' * (value != 1)} {_DAYS[name]}"
    if name in _MONEY:
        paid, nothing = _MONEY[name]
        return f"{paid} {value / MINOR_PER_MAJOR:,.2f} {currency}".rstrip() if value else nothing
    if name in ("closed_day", "appeal_day"):
        what = "the case ends" if name == "closed_day" else "the appeal is decided"
        return f"{what} on day {value}" if value >= 0 else "no appeal is decided"
    label = _LABELS.get(name, name.replace("_", " "))
    if value in _NEVER and name not in ("line", "effect"):
        return f"no {'referral' if name == 'route' else 'consequence of leaving the service' if name == 'drop_out' else label}"
    if name == "verdict" and value == "not_convicted":
        return "not convicted"
    between = ": " if name not in ("line", "police", "prosecutor", "verdict", "drop_out") else " of " if name == "verdict" else " "
    return f"{label}{between}{_VALUES.get(name, {}).get(value, str(value).replace('_', ' '))}"
