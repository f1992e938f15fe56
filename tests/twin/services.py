"""Services: kinds, places and waiting lists, people who seek them, and money moved from justice.

Periods of 28 days. On the first day of each, people seek a service of their own accord and those who wait ask again. At the end
of each, the places that are taken decide the chance of a free place in the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from decrimsim.law import Law
from decrimsim.scenario import Scenario
from decrimsim.scenario.services import ServiceKind
from decrimsim.schema import ENTRY_ENDS, ENTRY_WAYS, SERVICE_KINDS, SERVICES
from twin.justice import MINOR_UNITS, Case
from twin.luck import WHOLE, Luck, factor, times
from twin.people import Circle, Person
from twin.police import Encounter

PERIOD = 28


@dataclass
class Places:
    """What is known of the places under the law: the chance of a free one, those bought, and what was counted in the period."""

    scenario: Scenario
    n_people: int
    chance: dict[str, int] = field(default_factory=dict)
    """by kind, in 1/65536"""
    bought: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    justice_minor: int = 0
    rows: list[tuple[object, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name, kind in kinds_of(self.scenario).items():
            self.chance[name], self.bought[name], self.asked[name] = factor(kind.first_free.value), 0, 0

    def is_free(self, kind: str, draw: float) -> bool:
        """Tell whether a place is free for someone who asks."""
        return draw < self.chance[kind] / WHOLE


def kinds_of(scenario: Scenario) -> dict[str, ServiceKind]:
    """Return the kinds that the world has, in the order of the schema."""
    described = scenario.services.kinds if scenario.services else {}
    return {name: described[name] for name in SERVICE_KINDS if name in described}


def suitable(scenario: Scenario, person: Person, day: int, luck: Luck, k: int) -> str | None:
    """Return the kind a person is referred to (k = 0) or seeks (k = 1): one of those that suit them, by weight."""
    uses = {list(scenario.substances)[habit.substance] for habit in person.habits if habit.p_use32 > 0}
    fitting = [
        (name, round(kind.share.value * 1024))
        for name, kind in kinds_of(scenario).items()
        if (person.is_dependent or not kind.only_dependent) and (uses & set(kind.substances) if kind.substances else uses)
    ]
    draw = luck.number32("service.kind", person.id, day, k) * sum(weight for _, weight in fitting) // 2**32
    for name, weight in fitting:
        if draw < weight:
            return name
        draw -= weight
    return None


def stay(kind: ServiceKind, is_finished: bool, quantile: int) -> int:
    """Return the days in a service: all, or until the person drops out; at least one."""
    whole = round(kind.duration.value)
    return max(whole if is_finished else times(whole, quantile), 1)


def seek(scenario: Scenario, law: Law, circle: Circle, day: int, luck: Luck, places: Places, mode: str) -> list[tuple[object, ...]]:
    """Let people seek and ask again; return rows of the table of entries."""
    if scenario.services is None or day % PERIOD != 0:
        return []
    rows = []
    for person in circle.people:
        if person.service_until > day or not person.is_alive:
            person.waits_for = None
        elif person.is_free(day):
            row = ask(scenario, law, person, day, luck, places, mode)
            if row is not None:
                rows.append(row)
    return rows


def ask(scenario: Scenario, law: Law, person: Person, day: int, luck: Luck, places: Places, mode: str) -> tuple[object, ...] | None:
    """Let one person ask for a place, if they wait for one or seek one."""
    assert scenario.services is not None
    way, kind, until = "waiting_list", person.waits_for, 0
    if kind is None:
        way, kind = "self", suitable(scenario, person, day, luck, 1) if seeks(scenario, person, day, luck) else None
    if kind is None:
        return None
    if way == "self" and is_afraid(scenario, law, person, day, luck):
        return entry(person, day, kind, way, "avoided", 0)
    if way == "self":
        places.asked[kind] += 1
    person.waits_for = None
    if not places.is_free(kind, luck.uniform("service.place", person.id, day)):
        person.waits_for, end = kind, "waiting"
    elif luck.uniform("service.start", person.id, day) >= scenario.services.start.value:
        end = "no_show"
    else:
        section = scenario.services.kinds[kind]
        finishes = luck.uniform("service.finish", person.id, day) < section.finish.value
        end = "finished" if finishes else "dropped_out"
        begins = day + max(round(scenario.practice.referral.wait.value), 1)
        until = begins + stay(section, finishes, luck.quantile("service.stay", person.id, day, k=1))
        if mode == "closed":
            person.services.append((begins, until, SERVICES.index(kind)))
    return entry(person, day, kind, way, end, until)


def seeks(scenario: Scenario, person: Person, day: int, luck: Luck) -> bool:
    """Tell whether a person seeks a service of their own accord in this period."""
    seeking = scenario.services.self_entry if scenario.services else None
    if seeking is None:
        return False
    return luck.happens(seeking.dependent.value if person.is_dependent else seeking.other.value, "service.seek", person.id, day)


def is_afraid(scenario: Scenario, law: Law, person: Person, day: int, luck: Luck) -> bool:
    """Tell whether a person stays away out of fear of police: more often where the law punishes small amounts for own use."""
    fear = scenario.services.self_entry.avoidance if scenario.services and scenario.services.self_entry else None
    if fear is None:
        return False
    smallest = law.data["effects"][law.tiers[0]]["own_use"]
    p = {"none": fear.none, "administrative": fear.administrative, "possession": fear.criminal}[smallest]
    return luck.happens(p.value, "service.avoid", person.id, day)


def entry(person: Person, day: int, kind: str, way: str, end: str, until: int) -> tuple[object, ...]:
    """Return a row of the table of entries."""
    return (person.id, day, SERVICE_KINDS.index(kind), ENTRY_WAYS.index(way), ENTRY_ENDS.index(end), until)


def count(scenario: Scenario, places: Places, encounter: Encounter, case: Case | None) -> None:
    """Count what an encounter and its case cost justice, and who asked for a place."""
    costs = scenario.costs
    paid = [costs.stop] + [costs.search] * encounter.is_searched + [costs.find] * (encounter.find is not None)
    if case is not None:
        is_back_door = case.notice == "unpaid_convicted" or case.diversion == "convicted" or case.drop_out in ("convicted", "imprisoned")
        by_police = {"arrest": costs.arrest, "caution": costs.caution, "notice": costs.notice}
        paid += [by_police[case.police]] if case.police in by_police else []
        paid += [costs.prosecution] * case.is_charged + [costs.court] * (case.negotiation != "not_reached" or is_back_door)
        paid += [costs.hearing] * (case.negotiation == "contested") + [costs.community_order] * (case.sentence == "community_order")
        paid += [costs.detention_day] * case.detention_days + [costs.prison_day] * max(case.prison_days - case.detention_days, 0)
        if costs.sanctions is not None:
            paid += [costs.sanctions.appeal] * (case.appeal in ("dismissed", "allowed")) + [costs.sanctions.compulsory_day] * case.compulsory_days
            paid += [
                getattr(costs.sanctions, name) for name in case.sanctions if name in ("licence_loss", "registration", "urine_tests", "corporal", "deportation")
            ]
        if case.service is not None and case.referral in ("accepted", "started", "finished"):
            places.asked[case.service] += 1
    places.justice_minor += sum(round(cost.value * MINOR_UNITS) for cost in paid)


def close(scenario: Scenario, circles: list[Circle], day: int, places: Places) -> None:
    """End the period of which a day is the last: count places, move money, and say how likely a free place is in the next."""
    services = scenario.services
    if services is None:
        return
    tomorrow = day + 1
    everybody = [person for circle in circles for person in circle.people if person.is_alive]
    stays = [(p.service_until, p.service_kind) for p in everybody if p.service_until > tomorrow]
    stays += [(until, kind) for p in everybody for begins, until, kind in p.services if begins >= tomorrow]
    money = services.redirection
    moved = 0
    if money is not None:
        left = round(money.budget.value * MINOR_UNITS) * places.n_people // 1000 - places.justice_minor
        moved = times(max(left, 0), factor(money.share.value))
    weights = {name: round(kind.share.value * 1024) if day_minor(kind) > 0 else 0 for name, kind in kinds_of(scenario).items()}
    for name, kind in kinds_of(scenario).items():
        usual = round(kind.places.value * 1000) * places.n_people // 1_000_000
        mine = [until for until, number in stays if number == SERVICES.index(name)]
        waiting = sum(person.waits_for == name for person in everybody)
        had = usual + places.bought[name]
        numbers = (had, places.bought[name], len(mine), waiting, places.asked[name], had * day_minor(kind) * PERIOD)
        for_kind = moved * weights[name] // max(sum(weights.values()), 1)
        places.bought[name] = for_kind // max(day_minor(kind) * PERIOD, 1)
        leaving = sum(until <= tomorrow + PERIOD for until in mine)
        free = max(usual + places.bought[name] - len(mine) + leaving, 0)
        wanted = waiting + places.asked[name]
        places.chance[name] = (WHOLE if free > 0 else 0) if free >= wanted else free * WHOLE // wanted
        places.asked[name] = 0
        places.rows.append((day, SERVICE_KINDS.index(name), *numbers, places.chance[name]))
    places.justice_minor = 0


def day_minor(kind: ServiceKind) -> int:
    """Return what a place costs a day."""
    return round(kind.place_day.value * MINOR_UNITS)
