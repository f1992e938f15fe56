"""Services: places, waiting lists, people who seek them, fear of police, drop-out, and money moved from justice. See docs/invariants.md."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import DAYS, TABLES, coupled, first_difference, law, laws, of_law, plain, run, scenario_of

from decrimsim.chance import Q16
from decrimsim.kernels.couplings import next_places, places_bought
from decrimsim.scenario import Scenario, vary
from decrimsim.scenario.switched import with_switches
from decrimsim.schema import DROP_OUT, ENTRY_ENDS, ENTRY_WAYS, REFERRAL, SERVICE_KINDS, SERVICES, VERDICT
from decrimsim.tables import Columns, ReplicateTables
from decrimsim.testing.scenarios import busy as busier

NSW = "nsw-deemed-supply"
PERIOD = 28
MORE = ("entries", "periods", "health")
COUNTS = st.integers(0, 10**6)
AVOIDED, WAITING, DROPPED_OUT = (ENTRY_ENDS.index(end) for end in ("avoided", "waiting", "dropped_out"))


def without(scenario: Scenario, *paths: str) -> Scenario:
    """Return a scenario whose file never had some sections."""
    data = plain(scenario)
    for path in paths:
        *parents, last = path.split(".")
        node: dict[str, Any] = data
        for part in parents:
            node = node[part]
        node[last] = None
    return scenario_of(data)


def all_tables(tables: ReplicateTables) -> dict[str, Columns]:
    """Return the tables of the first law, those of periods and health included."""
    return of_law(tables, 0) | {name: getattr(tables, name).for_law(0) for name in MORE}


def of_kinds(columns: Columns, name: str) -> dict[int, int]:
    """Return the sum of a column by kind of service."""
    return {kind: int(columns[name][columns["kind"] == kind].sum()) for kind in range(len(SERVICE_KINDS))}


class TestSwitches:
    @pytest.mark.parametrize(
        ("name", "path"),
        [
            ("services", "services"),
            ("self_entry", "services.self_entry"),
            ("service_avoidance", "services.self_entry.avoidance"),
            ("redirection", "services.redirection"),
            ("drop_out", "practice.drop_out"),
            ("health", "health"),
        ],
    )
    def test_a_mechanism_that_is_off_is_as_if_it_had_never_been_written(self, name: str, path: str) -> None:
        off, absent = (all_tables(run(world, laws(NSW))) for world in (with_switches(coupled(), {name: False}), without(coupled(), path)))
        assert first_difference(off, absent) == ""
        assert all(np.array_equal(off[table][column], absent[table][column]) for table in MORE for column in off[table])

    @pytest.mark.parametrize("name", ["services", "self_entry", "redirection", "drop_out", "health"])
    def test_a_mechanism_that_is_on_changes_something(self, name: str) -> None:
        rich = vary(coupled(), {"services.redirection.budget": 2_000_000.0, "services.redirection.share": 1.0})
        chosen = [law("gold-standard" if name == "redirection" else "mexico")]
        on, off = (all_tables(run(world, chosen, days=3 * PERIOD)) for world in (rich, with_switches(rich, {name: False})))
        assert any(len(on[table]["day"]) != len(off[table]["day"]) or first_difference(on, off) for table in on)

    def test_without_services_nobody_enters_and_no_place_is_counted(self) -> None:
        tables = run(with_switches(coupled(), {"services": False}), laws(NSW))
        assert len(tables.entries) == len(tables.periods) == 0
        assert not tables.cases["service"].any()
        assert not tables.cases["is_waiting"].any()


class TestPlaces:
    @settings(deadline=None, derandomize=True)
    @given(places=COUNTS, in_use=COUNTS, waiting=COUNTS, asked=COUNTS, leaving_share=st.integers(0, 100))
    def test_the_chance_never_promises_more_places_than_there_are(self, places: int, in_use: int, waiting: int, asked: int, leaving_share: int) -> None:
        leaving = in_use * leaving_share // 100
        chance = int(_next(places, in_use, leaving, waiting, asked))
        assert 0 <= chance <= Q16
        assert chance * (waiting + asked) <= max(places - in_use + leaving, 0) * Q16 or chance == 0

    @settings(deadline=None, derandomize=True)
    @given(places=COUNTS, in_use=COUNTS, waiting=COUNTS, asked=COUNTS)
    def test_more_places_never_lower_the_chance_and_more_demand_never_raises_it(self, places: int, in_use: int, waiting: int, asked: int) -> None:
        here = int(_next(places, in_use, 0, waiting, asked))
        assert int(_next(places + 1, in_use, 0, waiting, asked)) >= here
        assert int(_next(places, in_use, 0, waiting + 1, asked)) <= here

    def test_nobody_gets_a_place_where_there_are_none_after_the_first_period(self) -> None:
        none = vary(coupled(), {f"services.kinds.{kind}.places": 0.0 for kind in SERVICE_KINDS} | {"services.redirection.share": 0.0})
        tables = run(none, laws(NSW))
        late = tables.entries["day"] >= PERIOD
        assert late.sum() > 50
        assert (tables.entries["end"][late] <= WAITING).all()
        assert (tables.cases["referral"][tables.cases["day"] >= PERIOD] <= REFERRAL.index("accepted")).all()

    def test_everybody_gets_a_place_where_there_are_enough(self) -> None:
        many = {f"services.kinds.{kind}.{name}": value for kind in SERVICE_KINDS for name, value in (("places", 1e5), ("first_free", 1.0))}
        tables = run(vary(coupled(), many), laws(NSW))
        assert len(tables.entries) > 50
        assert not (tables.entries["end"] == WAITING).any()
        assert not tables.cases["is_waiting"].any()

    @pytest.mark.parametrize("name", [NSW, "gold-standard", "portugal"])
    def test_who_asked_is_counted_once_in_the_period_in_which_they_asked(self, name: str) -> None:
        tables = run(coupled(), [law(name)], days=2 * PERIOD)
        cases, entries, periods = (table.for_law(0) for table in (tables.cases, tables.entries, tables.periods))
        asked = of_kinds(periods, "asked")
        itself = (entries["way"] == ENTRY_WAYS.index("self")) & (entries["end"] != AVOIDED)
        accepted = cases["referral"] >= REFERRAL.index("accepted")
        for kind in asked:
            of_cases = int((cases["service"][accepted] == kind + 1).sum())
            assert asked[kind] == of_cases + int((entries["kind"][itself] == kind).sum()), SERVICES[kind + 1]
        assert sum(asked.values()) > 20

    def test_who_waits_is_a_place_asked_for_and_not_yet_given(self) -> None:
        tables = run(coupled(), laws(NSW), days=PERIOD)
        cases, entries, periods = (table.for_law(0) for table in (tables.cases, tables.entries, tables.periods))
        waiting = {(int(p), int(k)) for p, k, end in zip(entries["person"], entries["kind"], entries["end"], strict=True) if end == WAITING}
        listed = cases["is_waiting"]
        waiting_people = {p for p, _ in waiting} | set(cases["person"][listed].tolist())
        assert 0 < periods["waiting"].sum() <= len(waiting_people)


def _next(places: int, in_use: int, leaving: int, waiting: int, asked: int) -> Any:
    one = {"in_use": in_use, "leaving": leaving, "waiting": waiting, "asked": asked}
    return next_places(np.array([[places]]), **{name: np.array([[n]]) for name, n in one.items()})[0, 0]


class TestMoney:
    @settings(deadline=None, derandomize=True)
    @given(
        spent=st.integers(0, 10**12), budget=st.integers(0, 10**12), share=st.integers(0, Q16), weights=st.lists(st.integers(0, 10**7), min_size=2, max_size=2)
    )
    def test_places_bought_never_cost_more_than_what_was_saved(self, spent: int, budget: int, share: int, weights: list[int]) -> None:
        price = np.array([700, 1_300])
        bought = places_bought(spent_minor=np.array([spent]), budget_minor=budget, share_q16=share, weight=np.array(weights), price_minor=price)
        assert (bought >= 0).all()
        assert int((bought * price).sum()) * Q16 <= max(budget - spent, 0) * share

    def test_a_law_whose_cases_cost_more_than_the_budget_buys_nothing(self) -> None:
        poor = run(vary(coupled(), {"services.redirection.budget": 0.01}), laws(NSW))
        rich = run(vary(coupled(), {"services.redirection.budget": 5_000_000.0}), laws(NSW))
        assert not poor.periods["bought"].any()
        assert not rich.periods["bought"][rich.periods["day"] < PERIOD].any()
        assert rich.periods["bought"][rich.periods["day"] >= PERIOD].all()

    def test_every_place_of_a_period_is_paid_for(self) -> None:
        periods = run(coupled(), laws(NSW)).periods
        names = [SERVICE_KINDS[kind] for kind in periods["kind"]]
        services = coupled().services
        assert services is not None
        cents = [round(services.kinds[name].place_day.value * 100) for name in names]
        assert (periods["spent_minor"] == periods["places"] * np.array(cents) * PERIOD).all()


class TestFear:
    def test_only_people_who_seek_a_service_themselves_stay_away(self) -> None:
        entries = run(coupled(), laws()).entries
        avoided = entries["end"] == AVOIDED
        assert avoided.sum() > 20
        assert (entries["way"][avoided] == ENTRY_WAYS.index("self")).all()

    def test_who_stays_away_where_use_is_no_offence_also_stays_away_where_it_is_a_crime(self) -> None:
        """On the first day nothing else differs between two laws; the same luck never makes fear smaller under the harsher law."""
        tables = run(coupled(), laws("gold-standard", "portugal", NSW), days=1)
        afraid = []
        for i in range(3):
            entries = tables.entries.for_law(i)
            afraid.append(set(entries["person"][entries["end"] == AVOIDED].tolist()))
        assert afraid[0] <= afraid[1] <= afraid[2]
        assert len(afraid[2]) > len(afraid[0])

    def test_without_fear_the_first_day_is_the_same_under_every_law(self) -> None:
        tables = run(with_switches(coupled(), {"service_avoidance": False}), laws("gold-standard", NSW), days=1)
        assert len(tables.entries) > 20
        assert tables.entries.flags().all()


class TestDropOut:
    @pytest.fixture(scope="class")
    def cases(self) -> Columns:
        mandatory = law(NSW).patch({"referral.nature": "mandatory", "noncompliance": {"missed_session": "prison", "max_prison": "10 days"}})
        certain = {"practice.drop_out.returned": 1.0} | {
            f"services.kinds.{kind}.{name}": p for kind in SERVICE_KINDS for name, p in (("finish", 0.1), ("first_free", 1.0), ("places", 1e5))
        }
        return run(vary(coupled(), certain), [mandatory]).cases.for_law(0)

    def test_only_people_who_were_compelled_and_left_early_come_back(self, cases: Columns) -> None:
        back = cases["drop_out"] > 0
        assert back.sum() > 5
        assert (cases["is_compelled"][back]).all()
        assert (cases["referral"][back] == REFERRAL.index("started")).all()
        assert not ((cases["drop_out"] == 0) & cases["is_compelled"] & (cases["referral"] == REFERRAL.index("started"))).any()

    def test_prison_for_leaving_is_a_conviction_and_never_longer_than_the_law_allows(self, cases: Columns) -> None:
        jailed = cases["drop_out"] == DROP_OUT.index("imprisoned")
        assert jailed.sum() > 3
        assert (cases["verdict"][jailed] >= VERDICT.index("possession")).all()
        alone = jailed & (cases["prosecutor"] <= 1)
        assert (cases["prison_days"][alone] <= 10).all()

    def test_nobody_comes_back_under_a_law_that_says_so(self) -> None:
        kind_law = law(NSW).patch({"referral.nature": "conditional", "noncompliance": {"missed_session": "nothing"}})
        cases = run(coupled(), [kind_law]).cases
        assert (cases["drop_out"] == DROP_OUT.index("left")).any()
        assert (cases["drop_out"] <= DROP_OUT.index("left")).all()

    def test_a_voluntary_service_is_left_without_consequence(self) -> None:
        voluntary = law("gold-standard")
        assert not run(coupled(), [voluntary]).cases["drop_out"].any()


class TestManyLaws:
    @pytest.mark.parametrize("block_people", [20_000, 40])
    def test_laws_with_queues_and_money_of_their_own_are_the_same_in_company_as_alone(self, block_people: int) -> None:
        world = vary(coupled(), {"services.redirection.budget": 800_000.0})
        names = (NSW, "gold-standard", "portugal", "mexico")
        together = run(world, laws(*names), days=3 * PERIOD, block_people=block_people)
        for i, name in enumerate(names):
            alone = run(world, laws(name), days=3 * PERIOD)
            assert first_difference(of_law(together, i), of_law(alone, 0)) == "", name
            for table in MORE:
                mine, own = getattr(together, table).for_law(i), getattr(alone, table).for_law(0)
                assert all(np.array_equal(mine[column], own[column]) for column in mine), (name, table)
        assert len({together.periods.for_law(i)["in_use"].tobytes() for i in range(len(names))}) > 1


class TestMutations:
    """Seeded bugs must be seen."""

    def test_a_queue_that_forgets_who_waits_is_seen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from decrimsim.engine import course

        def forgetful(places: Any, *, in_use: Any, leaving: Any, waiting: Any, asked: Any) -> Any:
            return next_places(places, in_use=in_use, leaving=leaving, waiting=waiting * 0, asked=asked)

        world = busier(vary(coupled(), {}), days=45)
        right = run(world, laws(NSW), days=DAYS)
        monkeypatch.setattr(course, "next_places", forgetful)
        wrong = run(world, laws(NSW), days=DAYS)
        assert any(first_difference(of_law(right, 0), of_law(wrong, 0)) for _ in TABLES)
