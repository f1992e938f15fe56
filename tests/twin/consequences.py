"""What a case changes for the person: records always; custody, services and lost drugs only where there is feedback."""

from __future__ import annotations

from typing import Any

from decrimsim.law import Law
from decrimsim.scenario import Scenario
from decrimsim.schema import SERVICES
from twin.justice import Case
from twin.luck import Luck
from twin.people import Person


def clear_before(scenario: Scenario, law: Law, person: Person, luck: Luck) -> None:
    """Clear a record from before the first day, where the law says so and (on request) the person asks."""
    had_supply = person.supply_convictions > 0
    if clears(scenario, law, person, luck, is_supply=had_supply) and expunge_rule(law).get("retroactive", False):
        person.convictions = person.supply_convictions = 0


def expunge_rule(law: Law) -> dict[str, Any]:
    """Return the rule on clearing records; a clause in words is none."""
    rule = law.data.get("record", {}).get("expunge", {})
    return rule if isinstance(rule, dict) else {}


def clears(scenario: Scenario, law: Law, person: Person, luck: Luck, *, is_supply: bool) -> bool:
    """Tell whether a conviction is one that the law clears for this person."""
    section, rule = scenario.practice.expungement, expunge_rule(law)
    if section is None or (is_supply and "supply" not in rule.get("covers", ())):
        return False
    asks = luck.happens(section.on_request.value, "people.expunge", person.id)
    return rule.get("how") == "automatic" or (rule.get("how") == "on_request" and asks)


def keep_record(case: Case) -> None:
    """Count cautions, notices, reports and losses now, and a conviction from the day on which it falls until it is taken off again."""
    person = case.find.person
    person.cautions += case.police == "caution"
    person.notices += case.police == "notice"
    person.reports += case.says.is_regulated and case.bribe != "paid"
    if case.is_waiting:
        person.waits_for = case.service
    person.job_losses += case.is_job_lost
    person.home_losses += case.is_home_lost
    person.past += [(counter, case.day) for counter in counted_as(case)]
    if case.verdict in ("possession", "supply"):
        supply = int(case.verdict == "supply")
        person.plans.append((first_day_after(case), "conviction", supply))
        ends = [case.day + case.appeal_after] if case.appeal == "allowed" and case.appeal_after is not None else []
        months = expunge_rule(case.law).get("after_months", 0)
        if months and clears(case.scenario, case.law, person, case.luck, is_supply=bool(supply)):
            ends.append(first_day_after(case) + round(months * 365 / 12))
        if ends:
            person.plans.append((min(ends), "cleared", supply))


def counted_as(case: Case) -> list[str]:
    """Return under which counters of rules on repeats a case stands."""
    is_seen = case.says.is_regulated and case.bribe != "paid"
    found = ["reports"] if is_seen else []
    found += ["notices"] if case.police == "notice" else []
    found += ["cautions", "diversions"] if case.police == "caution" else []
    found += ["diversions"] if case.prosecutor == "diverted" else []
    if case.police == "notice" or case.panel == "sanctioned" or set(case.sanctions) - {"capital"}:
        found.append("sanctions")
    is_unseen = case.police == "no_action" and (case.line == "possession" or "panel" in case.says.ways)
    if is_seen and case.line != "none" and not is_unseen:
        found.append("incidents")
    return found


def first_day_after(case: Case) -> int:
    """Return the day on which a verdict takes hold: when the case is over, tomorrow at the earliest."""
    return case.day + max(case.closed_after, 1)


def take_hold(case: Case) -> None:
    """Hold the person before trial, plan prison and a service, and take the drugs that were found."""
    person, practice = case.find.person, case.scenario.practice.referral
    if case.detention_days > 0:
        person.free_from = max(person.free_from, case.day + case.detention_days)
    for is_lost, what in ((case.is_job_lost, "job"), (case.is_home_lost, "home")):
        if is_lost:
            person.plans.append((first_day_after(case), what, 0))
    left_to_serve = max(case.prison_days - case.detention_days, 0) + case.compulsory_days
    if "deportation" in case.sanctions:
        left_to_serve = 36_500
    if case.appeal == "allowed" and case.appeal_after is not None:
        left_to_serve = min(left_to_serve, case.day + case.appeal_after - first_day_after(case))
    if left_to_serve > 0:
        person.plans.append((first_day_after(case), "custody", first_day_after(case) + left_to_serve))
    if case.referral in ("started", "finished"):
        begins = case.day + max(round(practice.wait.value), 1)
        person.services.append((begins, begins + case.service_days, SERVICES.index(case.service or "none")))
    if case.is_seized:
        for lot in case.find.lots:
            habit = lot.holding.habit
            habit.own_ug -= lot.holding.own_ug
            habit.circle_ug -= lot.holding.circle_ug
            habit.sale_ug -= lot.holding.sale_ug
            habit.other_ug -= lot.holding.other_ug
            habit.seized_ug += lot.holding.total_ug
