"""Health: hazards of death and infection. See docs/invariants.md."""

from __future__ import annotations

import numpy as np
from worlds import coupled, laws, one_block, run, setup_of

from decrimsim.engine.block import NEVER_FREE
from decrimsim.scenario import load_scenario, vary
from decrimsim.scenario.switched import effective
from decrimsim.schema import HEALTH_EVENTS, SERVICE_KINDS
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
    tables = run(coupled(), laws(), days=84)
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
    assert (block.people["free_from"][dead] == NEVER_FREE).all()
    of_dead = np.isin(block.habits["owner"], dead)
    assert not block.habits["p_now"][of_dead].any()


def test_an_infection_happens_to_a_person_once() -> None:
    health = run(coupled(), laws(NSW), days=112).health.for_law(0)
    events = list(zip(health["person"].tolist(), health["kind"].tolist(), strict=True))
    assert len(events) == len(set(events)) > 20
    assert all(count(health, kind) > 0 for kind in HEALTH_EVENTS)


def test_deaths_do_not_fall_when_hazards_rise() -> None:
    """The same luck: whoever dies at the lower hazard in the first period dies at the higher one."""
    first = [run(vary(coupled(), {"health.harms.heroin.overdose": p}), laws(NSW), days=1).health.for_law(0) for p in (0.05, 0.5, 3.0)]
    dead = [set(health["person"][health["kind"] == DEATH].tolist()) for health in first]
    assert dead[0] <= dead[1] <= dead[2]
    assert len(dead[2]) > len(dead[0])


def test_services_that_prevent_all_infections_leave_only_people_outside_them_infected() -> None:
    reach = {"services.self_entry.dependent": 1.0, "services.self_entry.other": 1.0, "services.start": 1.0, "practice.referral.wait": 1.0}
    reach |= {
        f"services.kinds.{kind}.{name}": x for kind in SERVICE_KINDS for name, x in (("places", 1e6), ("first_free", 1.0), ("duration", 40.0), ("finish", 1.0))
    }
    reach |= {f"services.self_entry.avoidance.{what}": 0.0 for what in ("none", "administrative", "criminal")}
    worlds = [vary(coupled(), reach | {f"services.kinds.{kind}.infection_reduction": p for kind in SERVICE_KINDS}) for p in (0.0, 1.0)]
    late = []
    for world in worlds:
        health = run(world, laws(NSW), days=29).health.for_law(0)
        late.append(
            {(p, k) for p, k, d in zip(health["person"].tolist(), health["kind"].tolist(), health["day"].tolist(), strict=True) if d == 28 and 0 < k < 3}
        )
    assert late[1] < late[0]


def test_where_nothing_harms_nothing_happens() -> None:
    calm = {f"health.harms.{name}.overdose": 0.0 for name in coupled().health.harms}  # type: ignore[union-attr]
    calm |= {f"health.{name}.incidence": 0.0 for name in ("hiv", "hepatitis_c", "tuberculosis")}
    assert len(run(vary(coupled(), calm), laws(NSW)).health) == 0
