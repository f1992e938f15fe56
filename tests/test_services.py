"""Services: places, waiting lists, people who seek them, fear of police, drop-out, and money moved from justice. See docs/invariants.md."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import PERIOD, coupled, first_difference, law, laws, of_law, run

from decrimsim.chance import Q16
from decrimsim.kernels.couplings import next_places, places_bought
from decrimsim.scenario import Scenario, vary
from decrimsim.scenario.switched import with_switches
from decrimsim.schema import DROP_OUT, ENTRY_ENDS, ENTRY_WAYS, REFERRAL, SERVICE_KINDS, SERVICES, VERDICT
from decrimsim.tables import Columns, ReplicateTables

NSW = "nsw-deemed-supply"
NAMES = (NSW, "gold-standard", "portugal", "mexico")
COUNTS = st.integers(0, 10**6)
AVOIDED, WAITING, DROPPED_OUT = (ENTRY_ENDS.index(end) for end in ("avoided", "waiting", "dropped_out"))


@cache
def world() -> Scenario:
    """Return the coupled world with money that buys a few places under some laws."""
    return vary(coupled(), {"services.redirection.budget": 4_000_000.0, "services.redirection.share": 0.05})


@cache
def lived(*names: str, days: int = 3 * PERIOD) -> ReplicateTables:
    """Return the tables of this world under some laws; made once, not to be written to."""
    return run(world(), laws(*names), days=days)


def of_kinds(columns: Columns, name: str) -> dict[int, int]:
    """Return the sum of a column by kind of service."""
    return {kind: int(columns[name][columns["kind"] == kind].sum()) for kind in range(len(SERVICE_KINDS))}


def promises_no_place_twice(periods: Columns) -> bool:
    """Tell whether the places promised to who waits and who will ask are, by kind, no more than all there are in the next period."""
    assert (periods["waiting"] > 0).any()
    n = len(SERVICE_KINDS)
    promised = periods["next_free_q16"] * (periods["waiting"] + periods["asked"])
    assert (periods["kind"][:-n] == periods["kind"][n:]).all()
    return bool((promised[:-n] <= periods["places"][n:] * Q16).all())


def test_without_services_nobody_enters_and_no_place_is_counted() -> None:
    tables = run(with_switches(coupled(), {"services": False}), laws(NSW), days=40)
    assert len(tables.cases) > 50
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
        tables = run(none, laws(NSW), days=PERIOD + 10)
        late = tables.entries["day"] >= PERIOD
        assert late.sum() > 30
        assert (tables.cases["referral"] == REFERRAL.index("accepted"))[tables.cases["day"] >= PERIOD].any()
        assert (tables.entries["end"][late] <= WAITING).all()
        assert (tables.cases["referral"][tables.cases["day"] >= PERIOD] <= REFERRAL.index("accepted")).all()

    def test_everybody_gets_a_place_where_there_are_enough(self) -> None:
        many = {f"services.kinds.{kind}.{name}": value for kind in SERVICE_KINDS for name, value in (("places", 1e5), ("first_free", 1.0))}
        tables = run(vary(coupled(), many), laws(NSW), days=PERIOD + 10)
        assert len(tables.entries) > 50
        assert (tables.cases["referral"] >= REFERRAL.index("started")).any()
        assert not (tables.entries["end"] == WAITING).any()
        assert not tables.cases["is_waiting"].any()

    @pytest.mark.parametrize("i", range(len(NAMES)), ids=NAMES)
    def test_who_asked_is_counted_once_in_the_period_in_which_they_asked(self, i: int) -> None:
        cases, entries, periods = (of_law(lived(*NAMES), i)[name] for name in ("cases", "entries", "periods"))
        asked = of_kinds(periods, "asked")
        itself = (entries["way"] == ENTRY_WAYS.index("self")) & (entries["end"] != AVOIDED)
        accepted = cases["referral"] >= REFERRAL.index("accepted")
        for kind in asked:
            of_cases = int((cases["service"][accepted] == kind + 1).sum())
            assert asked[kind] == of_cases + int((entries["kind"][itself] == kind).sum()), SERVICES[kind + 1]
        assert sum(asked.values()) > 20

    def test_the_waiting_list_after_one_period_is_everybody_who_asked_and_got_no_place(self) -> None:
        tables = of_law(lived(NSW, days=PERIOD), 0)
        cases, entries = tables["cases"], tables["entries"]
        waiting = entries["person"][entries["end"] == WAITING].tolist(), cases["person"][cases["is_waiting"]].tolist()
        assert all(waiting)
        assert tables["periods"]["waiting"].sum() == len({*waiting[0], *waiting[1]})

    @pytest.mark.parametrize("i", range(len(NAMES)), ids=NAMES)
    def test_no_more_places_are_promised_than_there_are(self, i: int) -> None:
        periods = of_law(lived(*NAMES), i)["periods"]
        assert promises_no_place_twice(periods)


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
        poor, rich = (run(vary(coupled(), {"services.redirection.budget": money}), laws(NSW), days=2 * PERIOD) for money in (0.01, 5_000_000.0))
        assert not poor.periods["bought"].any()
        assert not rich.periods["bought"][rich.periods["day"] < PERIOD].any()
        assert rich.periods["bought"][rich.periods["day"] >= PERIOD].all()

    def test_every_place_of_a_period_is_paid_for(self) -> None:
        periods = lived(*NAMES).periods
        names = [SERVICE_KINDS[kind] for kind in periods["kind"]]
        services = world().services
        assert services is not None
        assert periods["bought"].any()
        cents = [round(services.kinds[name].place_day.value * 100) for name in names]
        assert (periods["spent_minor"] == periods["places"] * np.array(cents) * PERIOD).all()


class TestFear:
    def test_only_people_who_seek_a_service_themselves_stay_away(self) -> None:
        entries = lived(*NAMES).entries
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


LEFT_EARLY = {"practice.drop_out.returned": 1.0} | {
    f"services.kinds.{kind}.{name}": p for kind in SERVICE_KINDS for name, p in (("finish", 0.1), ("first_free", 1.0), ("places", 1e5))
}
"""Everybody gets a place, and nine in ten leave before the end."""


class TestDropOut:
    @pytest.fixture(scope="class")
    def cases(self) -> Columns:
        mandatory = law(NSW).patch({"referral.nature": "mandatory", "noncompliance": {"missed_session": "prison", "max_prison": "10 days"}})
        return run(vary(coupled(), LEFT_EARLY), [mandatory]).cases.for_law(0)

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
        assert alone.sum() > 3
        assert (cases["prison_days"][alone] <= 10).all()

    @pytest.mark.parametrize("nature", ["voluntary", "conditional"])
    def test_nobody_comes_back_where_the_service_was_free_to_leave_or_the_law_lets_it_pass(self, nature: str) -> None:
        """Everybody found is offered a service and accepts it, and nine in ten leave early."""
        kind_law = law("gold-standard").patch({"referral.nature": nature, "noncompliance": {"missed_session": "nothing"}})
        offered = dict.fromkeys((f"practice.referral.police.{name}" for name in ("offer", "accept")), 1.0)
        cases = run(vary(coupled(), LEFT_EARLY | offered), [kind_law], days=40).cases
        left = cases["referral"] == REFERRAL.index("started")
        assert left.sum() > 10
        assert (cases["drop_out"][left] == (DROP_OUT.index("left") if nature == "conditional" else 0)).all()
        assert not cases["drop_out"][~left].any()


class TestManyLaws:
    @pytest.mark.parametrize("i", range(len(NAMES)), ids=NAMES)
    def test_laws_with_queues_and_money_of_their_own_are_the_same_in_company_as_alone(self, i: int) -> None:
        assert first_difference(of_law(lived(*NAMES), i), of_law(lived(NAMES[i]), 0)) == ""

    def test_blocks_share_the_queues_and_the_money_of_each_law(self) -> None:
        parts = run(world(), laws(*NAMES), days=3 * PERIOD, block_people=40)
        assert all(first_difference(of_law(lived(*NAMES), i), of_law(parts, i)) == "" for i in range(len(NAMES)))
        for column in ("in_use", "bought"):
            assert len({of_law(parts, i)["periods"][column].tobytes() for i in range(len(NAMES))}) > 2, column


def test_a_queue_that_forgets_who_waits_promises_places_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A seeded bug: the chance of a place that asks only after new demand breaks what holds of the right one."""
    from decrimsim.engine import course

    def forgetful(places: Any, *, in_use: Any, leaving: Any, waiting: Any, asked: Any) -> Any:
        return next_places(places, in_use=in_use, leaving=leaving, waiting=waiting * 0, asked=asked)

    monkeypatch.setattr(course, "next_places", forgetful)
    periods = of_law(run(world(), laws(NSW), days=3 * PERIOD), 0)["periods"]
    assert not promises_no_place_twice(periods)
