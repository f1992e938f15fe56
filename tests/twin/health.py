"""Health: on the first day of each 28 days some die from overdose and some are infected."""

from __future__ import annotations

import math

from decrimsim import chance
from decrimsim.scenario import Scenario
from decrimsim.scenario.health import Health
from decrimsim.schema import HEALTH_EVENTS, SERVICES
from twin.luck import Luck, factor, times
from twin.people import Person

PERIOD = 28
STATE_BEFORE = 64


def live_on(scenario: Scenario, person: Person, day: int, luck: Luck) -> list[tuple[object, ...]]:
    """Let a person live through the period, and return rows of the table of health."""
    health = scenario.health
    if health is None or day % PERIOD != 0:
        return []
    used = [name for s, name in enumerate(scenario.substances) if any(h.substance == s and h.p_use32 > 0 for h in person.habits)]
    injects = any(
        name in health.harms and luck.happens(health.harms[name].injects.value, "health.state", person.id, k=index_of(scenario, name)) for name in used
    )
    if day == 0:
        had = {"hiv": health.hiv, "hepatitis_c": health.hepatitis_c}
        person.infections |= {
            name
            for name, one in had.items()
            if injects and luck.happens(one.prevalence.value, "health.state", person.id, k=STATE_BEFORE + HEALTH_EVENTS.index(name))
        }
    if not person.is_alive:
        return []
    if luck.number32("health.death", person.id, day) < p_death32(scenario, health, person, used, day):
        person.is_alive = False
        person.waits_for = None
        return [(person.id, day, HEALTH_EVENTS.index("overdose_death"))]
    rows: list[tuple[object, ...]] = []
    for name, p32 in p_infection32(scenario, health, person, injects, day).items():
        k = HEALTH_EVENTS.index(name)
        if name not in person.infections and luck.number32("health.infection", person.id, day, k) < p32:
            person.infections.add(name)
            rows.append((person.id, day, k))
    return rows


def index_of(scenario: Scenario, substance: str) -> int:
    """Return the place of a substance."""
    return list(scenario.substances).index(substance)


def in_period32(a_year: float) -> int:
    """Return the chance (in 2**-32) that something happens in 28 days."""
    return chance.chance32(1 - math.exp(-a_year * PERIOD / 365))


def left(scenario: Scenario, person: Person, day: int, what: str) -> int:
    """Return what is left of a hazard (in 1/65536) while a person is in a service."""
    if scenario.services is None or person.service_until <= day:
        return factor(1)
    return factor(1) - factor(getattr(scenario.services.kinds[SERVICES[person.service_kind]], what).value)


def p_death32(scenario: Scenario, health: Health, person: Person, used: list[str], day: int) -> int:
    """Return the chance of death from overdose: of the substances used together, more after release, none in custody."""
    if not person.is_free(day):
        return 0
    p32 = min(sum(in_period32(health.harms[name].overdose.value) for name in used if name in health.harms), 2**32)
    if person.free_from > 0 and day - person.free_from < round(health.release_days.value):
        p32 = times(p32, factor(health.release_factor.value))
    return times(p32, left(scenario, person, day, "overdose_reduction"))


def p_infection32(scenario: Scenario, health: Health, person: Person, injects: bool, day: int) -> dict[str, int]:
    """Return the chances of the three infections."""
    shared = left(scenario, person, day, "infection_reduction")
    p32 = {name: times(in_period32(one.incidence.value), shared) if injects else 0 for name, one in (("hiv", health.hiv), ("hepatitis_c", health.hepatitis_c))}
    tuberculosis = in_period32(health.tuberculosis.incidence.value)
    return p32 | {"tuberculosis": tuberculosis if person.is_free(day) else times(tuberculosis, factor(health.tuberculosis.custody_factor.value))}
