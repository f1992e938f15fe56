"""What a case changes for the person: records always; custody, services and lost drugs only where there is feedback."""

from __future__ import annotations

from decrimsim.schema import SERVICES
from twin.justice import Case


def keep_record(case: Case) -> None:
    """Count cautions, notices and reports now, and a conviction from the day on which it falls, tomorrow at the earliest."""
    person = case.find.person
    person.cautions += case.police == "caution"
    person.notices += case.police == "notice"
    person.reports += case.says.is_regulated
    if case.is_waiting:
        person.waits_for = case.service
    if case.verdict in ("possession", "supply"):
        person.plans.append((first_day_after(case), "conviction", int(case.verdict == "supply")))


def first_day_after(case: Case) -> int:
    """Return the day on which a verdict takes hold: when the case is over, tomorrow at the earliest."""
    return case.day + max(case.closed_after, 1)


def take_hold(case: Case) -> None:
    """Hold the person before trial, plan prison and a service, and take the drugs that were found."""
    person, practice = case.find.person, case.scenario.practice.referral
    if case.detention_days > 0:
        person.free_from = max(person.free_from, case.day + case.detention_days)
    left_to_serve = case.prison_days - case.detention_days
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
            habit.seized_ug += lot.holding.total_ug
