"""Health: hazards of death and infection. See docs/invariants.md."""

from __future__ import annotations

import math

import numpy as np
import pytest
from worlds import coupled, coupled_run, fresh_block, laws, one_block, only, rows_of, run, setup_of

from decrimsim import chance
from decrimsim.engine import Block
from decrimsim.engine.block import NEVER_FREE
from decrimsim.engine.health import live_on
from decrimsim.scenario import load_scenario, vary
from decrimsim.scenario.switched import effective
from decrimsim.schema import HEALTH_EVENTS, REFERRAL, SERVICE_KINDS
from decrimsim.tables import Columns

NSW = "nsw-deemed-supply"
DEATH = HEALTH_EVENTS.index("overdose_death")


def count(columns: Columns, kind: str) -> int:
    """Return how many events of a kind there are."""
    return int((columns["kind"] == HEALTH_EVENTS.index(kind)).sum())


def test_health_is_off_unless_a_world_turns_it_on() -> None:
    assert load_scenario("nsw").health is not None
    assert effective(load_scenario("nsw")).health is None


def test_people_who_die_do_nothing_more_and_die_once() -> None:
    tables = coupled_run()
    for law in range(tables.health.n_laws):
        health = tables.health.for_law(law)
        died = dict(zip(health["person"][health["kind"] == DEATH].tolist(), health["day"][health["kind"] == DEATH].tolist(), strict=True))
        assert len(died) == count(health, "overdose_death") > 1
        for name in ("encounters", "cases", "entries"):
            rows = getattr(tables, name).for_law(law)
            assert all(day < died.get(person, 10**6) for person, day in zip(rows["person"].tolist(), rows["day"].tolist(), strict=True)), name


def test_people_who_die_keep_their_rows_and_use_nothing() -> None:
    block = one_block(setup_of(coupled(), laws(NSW), days=57))
    dead = np.flatnonzero(~block.people["is_active"])
    assert len(dead) > 1
    assert block.people["is_active"].any()
    assert (block.people["free_from"][dead] == NEVER_FREE).all()
    of_dead = np.isin(block.habits["owner"], dead)
    assert not block.habits["p_now"][of_dead].any()


def test_an_infection_happens_to_a_person_once() -> None:
    health = coupled_run().health.for_law(0)
    events = list(zip(health["person"].tolist(), health["kind"].tolist(), strict=True))
    assert len(events) == len(set(events)) > 20
    assert all(count(health, kind) > 0 for kind in HEALTH_EVENTS)


def test_deaths_do_not_fall_when_hazards_rise() -> None:
    """The same luck: whoever dies at the lower hazard in the first period dies at the higher one."""
    first = [run(vary(coupled(), {"health.harms.heroin.overdose": p}), laws(NSW), days=1).health.for_law(0) for p in (0.05, 0.5, 3.0)]
    dead = [set(health["person"][health["kind"] == DEATH].tolist()) for health in first]
    assert dead[0] <= dead[1] <= dead[2]
    assert len(dead[2]) > len(dead[0])


def test_services_that_prevent_infections_spare_people_in_services_and_infect_nobody_else() -> None:
    """On the second morning of a period, where nearly everybody is in a service: HIV and hepatitis C with services that prevent none, and all."""
    reach = {"services.self_entry.dependent": 1.0, "services.self_entry.other": 1.0, "services.start": 1.0, "practice.referral.wait": 1.0}
    reach |= {
        f"services.kinds.{kind}.{name}": x for kind in SERVICE_KINDS for name, x in (("places", 1e6), ("first_free", 1.0), ("duration", 40.0), ("finish", 1.0))
    }
    reach |= {f"services.self_entry.avoidance.{what}": 0.0 for what in ("none", "administrative", "criminal")}
    late = []
    for p in (0.0, 1.0):
        tables = run(vary(coupled(), reach | {f"services.kinds.{kind}.infection_reduction": p for kind in SERVICE_KINDS}), laws(NSW), days=29)
        health = tables.health.for_law(0)
        late.append(rows_of(only(health, (health["day"] == 28) & np.isin(health["kind"], [1, 2])), "person", "kind"))
    entered = set(tables.entries["person"][tables.entries["until_day"] > 28].tolist())
    entered |= set(tables.cases["person"][tables.cases["referral"] >= REFERRAL.index("started")].tolist())
    assert late[1] <= late[0]
    spared = {person for person, _ in late[0] - late[1]}
    assert spared
    assert spared <= entered


@pytest.fixture(scope="module")
def morning() -> tuple[Block, dict[str, np.ndarray]]:
    """Return the first morning of the second period, before anything was drawn, and who is what: a quarter each usual, held, released, in a service."""
    rates = {f"health.harms.{name}.overdose": 2.0 for name in coupled().health.harms}  # type: ignore[union-attr]
    rates |= {"health.tuberculosis.incidence": 1.0, "health.tuberculosis.custody_factor": 4.0, "health.release_factor": 3.0, "health.release_days": 14.0}
    rates |= {f"services.kinds.{SERVICE_KINDS[0]}.overdose_reduction": 0.75, f"services.kinds.{SERVICE_KINDS[0]}.infection_reduction": 0.5}
    block = fresh_block(setup_of(vary(coupled(), rates), laws(NSW)), 1_200)
    people, which = block.people, np.arange(block.people.n) % 4
    block.day = 28
    people["free_from"][:] = np.choose(which, [0, 40, 20, 0])
    people["service_until"][which == 3], people["service_kind"][which == 3] = 50, 1
    return block, {"usual": which == 0, "held": which == 1, "released": which == 2, "in a service": which == 3}


def in_28_days(a_year: float) -> float:
    """Return the chance of something in 28 days at a rate a year."""
    return 1 - math.exp(-a_year * 28 / 365)


def happens_to(block: Block, process: str, k: int, p: np.ndarray) -> np.ndarray:
    """Return to whom something with a chance happens, by the draw of each person in plain Python."""
    key = chance.key(block.setup.seed, 0, process, 28, k)
    draws = np.array([chance.raw_int(key, person) % 2**32 / 2**32 for person in block.people["person"].tolist()])
    assert (np.abs(draws - p) > 1e-5).all(), "no draw lies so near its chance that rounding decides"
    return draws < p


def test_hazards_are_those_worked_out_by_hand(morning: tuple[Block, dict[str, np.ndarray]]) -> None:
    """Death: substances added up, three times after release, a quarter in the service, none in custody; tuberculosis: four times in custody."""
    block, is_a = morning
    harmful = [s for s, name in enumerate(block.setup.scenario.substances) if name in block.setup.scenario.health.harms]
    uses = np.array(
        [
            [bool(((block.habits["owner"] == p) & (block.habits["substance"] == s) & (block.habits["p_use32"] > 0)).any()) for s in harmful]
            for p in range(block.people.n)
        ]
    )
    usual = np.minimum(uses.sum(axis=1) * in_28_days(2.0), 1.0)
    dies = happens_to(block, "health.death", 0, np.select(list(is_a.values()), [usual, 0 * usual, 3 * usual, usual / 4]))
    ill = happens_to(block, "health.infection", HEALTH_EVENTS.index("tuberculosis"), np.where(is_a["held"], 4.0, 1.0) * in_28_days(1.0))
    live_on(block)
    assert np.array_equal(~block.people["is_active"].astype(bool), dies)
    assert np.array_equal(block.people["infections"] >> HEALTH_EVENTS.index("tuberculosis") & 1 > 0, ill & ~dies)
    assert [name for name, rows in is_a.items() if not dies[rows].any()] == ["held"]


def test_where_nothing_harms_nothing_happens() -> None:
    calm = {f"health.harms.{name}.overdose": 0.0 for name in coupled().health.harms}  # type: ignore[union-attr]
    calm |= {f"health.{name}.incidence": 0.0 for name in ("hiv", "hepatitis_c", "tuberculosis")}
    assert len(run(vary(coupled(), calm), laws(NSW)).health) == 0
