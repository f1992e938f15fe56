"""What deciders may do beside the plain path: earlier cases, assessment, conditions, lawyers, rulings, terms, appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from decrimsim.law.facts import response_for
from decrimsim.law.shape import parse_prison_days
from twin.luck import factor, lognormal, times

if TYPE_CHECKING:
    from twin.justice import Case

LIFE_DAYS = 36_500
PURPOSE = {"possession": "own_use", "supply": "supply"}


def response(case: Case, purpose: str) -> dict[str, Any]:
    """Return the law's typed response to the case of an adult, for own use or for supply."""
    tier = case.law.tiers[case.says.tier]
    return response_for(case.law.data, tier, {"age": 30, "purpose": purpose}, [])


def options(case: Case, purpose: str, *kinds: str) -> list[dict[str, Any]]:
    """Return the options of some kinds in the law's response."""
    return [option for option in response(case, purpose).get("options", []) if option["type"] in kinds]


def fines(case: Case) -> tuple[int, int]:
    """Return the smallest and the largest fine for own use, in minor units; 0 where none is written."""
    ends: list[int] = []
    for option in options(case, "own_use", "fine", "day_fine", "ticket", "notice"):
        if "amount" in option and "unit" in option:
            unit = case.law.data.get("index_units", {}).get(option["unit"], {"value_minor": 100}).get("value_minor")
            amounts = option["amount"] if isinstance(option["amount"], list) else [option["amount"]]
            ends += [int(amount * unit) for amount in amounts if unit is not None]
    return (min(ends), max(ends)) if ends else (0, 0)


def earlier(case: Case) -> set[str]:
    """Return what earlier cases add, by the law's rules on repeats and their windows."""
    found = set()
    for rule in case.law.data["repeats"]:
        effect = rule.get("effect", "none")
        if rule["counter"] == "none" or effect == "none":
            continue
        is_certain = rule["counter"] == "reports" and effect == "mandatory_treatment" and rule.get("present_counts", True) and "within_days" not in rule
        if is_certain:  # reports that make treatment mandatory always count
            continue
        days = [day for counter, day in case.find.person.past if counter == rule["counter"]]
        within = [day for day in days if "within_days" not in rule or case.day - day <= rule["within_days"]]
        if len(within) + (1 if rule.get("present_counts", True) else 0) >= rule["at"]:
            found.add(effect)
    return found


def apply_repeats(case: Case) -> None:
    """Let earlier cases change what the law says, where officials know of them."""
    section = case.scenario.practice.repeat_rules
    case.repeats = set()
    if section is None or not case.says.is_regulated:
        return
    due = earlier(case)
    if not due or not case.ask("repeat.known", section.known.value):
        return
    case.repeats = due
    says, changes = case.says, {}
    if "becomes_crime" in due and says.own_use == "administrative":
        changes = {"own_use": "possession", "max_possession_days": crime_days(case), "routes": tuple(r for r in says.routes if r != "-")}
    if "ends_diversion" in due:
        changes["routes"] = tuple(route for route in says.routes if route != "caution")
    if "mandatory_treatment" in due:
        changes["is_mandatory"] = True
    case.says = says.but(**changes)


def crime_days(case: Case) -> int:
    """Return the longest prison where a repeat makes a tier a crime: its own, or that of the next tier in which possession is one."""
    for tier in case.law.tiers[case.says.tier :]:
        effect = case.law.data["effects"][tier]
        if "max_prison_possession" in effect:
            return parse_prison_days(effect["max_prison_possession"])
        if effect["own_use"] == "possession":
            return 0
    return 0


def may_assess(case: Case, who: str) -> bool:
    """Tell whether a decider may rely on an assessment."""
    deciders = case.law.data.get("deciders", [])
    if any(one["actor"] == "doctor" for one in deciders):
        return True
    named = [one["actor"] for one in deciders if "assess" in one]
    if named:
        return who in named
    return who == "police" or case.law.data["powers"][who]["downgrade"]


def assess(case: Case, who: str) -> None:
    """Have the person assessed, once, and note whether own use was found."""
    section = case.scenario.practice.assessment
    if section is None or case.is_assessed or not case.says.is_regulated or not may_assess(case, who):
        return
    if case.ask(f"assessment.{who}", getattr(section, who).value):
        case.is_assessed = True
        p = section.finds_dependent if case.find.person.is_dependent else section.finds_other
        case.is_own_use_found = case.ask("assessment.finding", p.value)


def found_factor(case: Case) -> float:
    """Return by how much a finding of own use lowers belief in supply."""
    section = case.scenario.practice.assessment
    if section is None or not case.is_own_use_found or case.says.effect == "conclusive":
        return 1.0
    return float(section.belief_factor.value)


def follow_diversion(case: Case) -> None:
    """Ask for conditions where the law has them; a breach may come back as a conviction."""
    section = case.scenario.practice.diversion_conditions
    if section is None:
        return
    case.diversion = "unconditional"
    if not case.says.is_diversion_conditional:
        return
    case.diversion = "kept"
    case.is_plea_condition = case.ask("diversion.plea", section.plea.value)
    case.is_abstinence_condition = case.ask("diversion.abstinence", section.abstinence.value)
    if case.ask("diversion.breach", section.breach_abstinence.value if case.is_abstinence_condition else section.breach.value):
        case.diversion = "breached"
        if case.ask("diversion.convict", 1.0 if case.is_plea_condition else section.convict.value):
            case.diversion, case.verdict = "convicted", "possession"


def find_lawyer(case: Case) -> None:
    """Find out who stands beside the person."""
    section = case.scenario.practice.representation
    case.has_lawyer = case.find.person.is_represented
    if section is not None and not case.has_lawyer:
        case.has_lawyer = case.ask("court.duty_lawyer", section.duty_lawyer.value)


def can_be_granted(case: Case) -> bool:
    """Tell whether a ruling that binds its parties only would leave no offence of own use here."""
    path = f"effects.{case.law.tiers[case.says.tier]}.own_use"
    rulings = [one for one in case.law.data.get("precedents", []) if one.get("binds") == "parties"]
    return any(change["path"] == path and change["to"] == "none" for one in rulings for change in one.get("changes", []))


def terms(case: Case, longest: int) -> tuple[int, int, bool]:
    """Return the longest and the shortest term, and whether prison is a must, where the court keeps to the law's own terms."""
    section = case.scenario.practice.sentencing_range
    if section is None:
        return longest, 1, False
    prison = options(case, PURPOSE[case.verdict], "prison")
    least = min((parse_prison_days(option.get("from", "none")) for option in prison), default=0)
    most = max((parse_prison_days(option["to"]) for option in prison if "to" in option), default=0)
    if not (least or most) or not case.ask("sentence.range", section.kept.value):
        return longest, 1, False
    if most:
        longest = min(longest, most) if longest else most
    return longest, max(min(least, longest), 1), any(option.get("mandatory_minimum", False) for option in prison)


def appeal(case: Case) -> None:
    """Let a person convicted by a court appeal."""
    section = case.scenario.practice.appeal
    if section is None or case.verdict not in ("possession", "supply"):
        return
    case.appeal = "not_filed"
    if case.ask("appeal.file", getattr(section.file, case.verdict).value):
        case.appeal = "allowed" if case.ask("appeal.succeed", getattr(section.succeed, case.verdict).value) else "dismissed"


KINDS = {
    "fine": ("fine", "day_fine", "ticket"),
    "licence_loss": ("licence_loss",),
    "registration": ("registration",),
    "urine_tests": ("urine_tests",),
    "compulsory_detention": ("compulsory_detention",),
    "administrative_arrest": ("administrative_arrest",),
    "corporal": ("corporal",),
    "deportation": ("deportation",),
    "capital": ("death",),
}


def is_allowed(case: Case, name: str, purpose: str) -> bool:
    """Tell whether the law allows a sanction."""
    data = case.law.data
    if not case.says.is_regulated:
        return False
    if options(case, purpose, *KINDS[name]):
        return True
    if purpose == "supply":
        return False
    by_register = name == "registration" and "register" in data.get("record", {})
    by_test = name == "urine_tests" and data.get("coercive_measures", {}).get("urine_test") in ("allowed", "required")
    return by_register or by_test or (name == "administrative_arrest" and "short_prison" in case.repeats)


def sanction(case: Case) -> None:
    """Impose what the law allows beside notices and sentences: on an administrative offence, or on conviction."""
    section = case.scenario.practice.sanctions
    if section is None:
        return
    is_administrative = case.line == "administrative" and case.bribe != "paid"
    at_once = is_administrative and "panel" not in case.says.ways and "notice" not in case.says.ways
    administered = case.panel == "sanctioned" or (is_administrative and case.police == "notice") or at_once or case.drop_out == "sanctioned"
    purpose = "supply" if case.verdict == "supply" else "own_use"
    if administered or case.verdict in ("possession", "supply"):
        for name in KINDS:
            is_fine = name == "fine"
            if name == "capital" or not is_allowed(case, name, purpose) or (is_fine and (not administered or case.police == "notice")):
                continue
            if not case.ask(f"sanction.{name}", getattr(section, name).value):
                continue
            case.sanctions.append(name)
            if is_fine:
                least, most = fines(case)
                least = most if "raises_fine" in case.repeats else least
                case.fine_minor += least + times(most - least, factor(section.fine_place.value))
            elif name in ("compulsory_detention", "administrative_arrest"):
                case.compulsory_days += custody_days(case, name, purpose)
            elif name in ("licence_loss", "registration", "urine_tests"):
                lasts = {"licence_loss": section.licence_days, "registration": section.registration_days, "urine_tests": section.test_days}[name]
                case.order_days += round(lasts.value)
    if case.is_charged and is_allowed(case, "capital", "supply" if case.prosecutor == "charge_supply" else "own_use"):
        case.sanctions.append("capital")


def custody_days(case: Case, name: str, purpose: str) -> int:
    """Return days of compulsory detention or administrative arrest, within the law's terms."""
    section = case.scenario.practice.sanctions
    assert section is not None
    short = name == "administrative_arrest"
    median, log_sd = (section.arrest_days, section.arrest_days_sd) if short else (section.compulsory_days, section.compulsory_days_sd)
    quantile = case.luck.quantile("sanction.days", case.find.person.id, case.day)
    days = min(lognormal(log_sd.value, quantile) * factor(median.value) >> 32, LIFE_DAYS)
    found = options(case, purpose, name)
    least = min((parse_prison_days(option.get("from", "none")) for option in found), default=0)
    most = max((parse_prison_days(option["to"]) for option in found if "to" in option), default=0) or LIFE_DAYS
    return min(max(days, least, 1), most)


def lose(case: Case) -> None:
    """Let a conviction cost the job and the home."""
    section, person = case.scenario.practice.records, case.find.person
    if section is None or case.verdict not in ("possession", "supply"):
        return
    if person.job_losses == 0:
        case.is_job_lost = case.ask("record.job_loss", getattr(section.job_loss, case.verdict).value)
    if person.home_losses == 0 and not person.has_no_safe_home:
        case.is_home_lost = case.ask("record.home_loss", getattr(section.home_loss, case.verdict).value)
