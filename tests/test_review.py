"""Laws that revise their amounts by their own review clauses. See docs/invariants.md."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest
from worlds import busy, coupled, first_difference, law, of_law, only, run

import decrimsim as ds
from decrimsim.law import Law, load_law
from decrimsim.law.review import review_of, revised
from decrimsim.law.review_clause import Review, Trigger
from decrimsim.scenario import vary
from decrimsim.scenario.switched import with_switches
from decrimsim.scenario.switches import SWITCHES
from decrimsim.schema import EFFECTS, EVENT_TABLES, REVIEW_METRICS
from decrimsim.tables import Columns, ReplicateTables
from decrimsim.units import LARGEST_UG

NSW = "nsw-deemed-supply"
DAYS, FIRST = 84, 55
"""Three periods of 28 days; the first month ends in the second of them."""
TRIGGER = {"metric": "share_of_user_finds_above_threshold"}


@cache
def reviewed(value: float = 0.0, op: str = ">=", action: str = "raise_thresholds", base: str = NSW, **more: Any) -> Law:
    """Return a law that is reviewed every month."""
    trigger = {**TRIGGER, "op": op, "value": value, "action": action}
    return law(base).patch({"review": {"months": 1, "triggers": [trigger], **more}})


def revisions(tables: ReplicateTables, i: int) -> list[tuple[int, ...]]:
    """Return the revisions of a law."""
    told = tables.revisions.for_law(i)
    return list(zip(*(told[name].tolist() for name in ("day", "n", "of", "factor_q16")), strict=True))


class TestClause:
    def test_a_review_falls_into_one_period_of_each_year_whatever_the_periods(self) -> None:
        for months in (1, 6, 12, 24):
            review = Review(months, (), None)
            due = [day for day in range(28, 1825, 28) if review.is_due(day, 28)]
            assert len(due) == 1820 * 12 // (365 * months)

    @pytest.mark.parametrize(("op", "met"), [(">", False), (">=", True), ("<", False), ("<=", True)])
    def test_a_share_that_sits_on_the_limit_is_decided_exactly(self, op: str, met: bool) -> None:
        trigger = Trigger(REVIEW_METRICS[0], op, 100_000, "", True)
        assert trigger.is_met(1, 10) is met
        assert not trigger.is_met(0, 0)

    def test_what_cannot_be_simulated_is_told(self) -> None:
        unknown = law(NSW).patch({"review": {"months": 12, "triggers": [{"metric": "arrests", "op": ">", "value": 1, "action": "raise_thresholds"}]}})
        assert review_of(unknown) is None
        assert any("arrests" in text for text in unknown.not_simulated)
        assert [text for text in reviewed().not_simulated if text.startswith("review")] == [
            "review: revisions are simulated where the world has practice.review"
        ]

    def test_all_limits_of_tiers_are_multiplied_and_nothing_else(self) -> None:
        before = reviewed()
        review = review_of(before)
        assert review is not None
        after = revised(before, review.triggers[0], 1.5)
        assert after.limits("tables.traffickable.heroin").ug == 4_500_000
        assert after.limits("tables.commercial.heroin").ug == 375_000_000
        assert after.data["effects"] == before.data["effects"]

    def test_lowering_divides_every_limit_by_the_same_factor(self) -> None:
        """By hand: 3 g of heroin divided by 1.5 is 2 g; 250 g is 166.666667 g, to the nearest microgram; raising again by 1.5 gives back what was there."""
        before = reviewed(action="lower_thresholds")
        review = review_of(before)
        assert review is not None
        assert not review.triggers[0].is_up
        after = revised(before, review.triggers[0], 1.5)
        assert after.limits("tables.traffickable.heroin").ug == 2_000_000
        assert after.limits("tables.commercial.heroin").ug == 166_666_667
        assert after.limits("tables.traffickable.mdma").ug == 500_000
        assert after.data["effects"] == before.data["effects"]
        up = review_of(reviewed())
        assert up is not None
        assert revised(after, up.triggers[0], 1.5).limits("tables.traffickable.heroin").ug == 3_000_000

    def test_amounts_stop_rising_at_the_largest_weight_that_a_law_can_name(self) -> None:
        one = reviewed()
        review = review_of(one)
        assert review is not None
        for _ in range(2):
            one = revised(one, review.triggers[0], 99.0)
        assert one.limits("tables.large_commercial.cannabis_herb").ug == LARGEST_UG

    def test_a_parameter_stays_within_the_bounds_that_the_law_names(self) -> None:
        evidence = load_law("evidence-based-2027")
        review = review_of(evidence)
        assert review is not None
        up = revised(evidence, review.triggers[0], 1.5)
        assert up.limits("tables.personal.heroin").ug == 21_000_000
        assert revised(up, review.triggers[0], 99.0).data["parameters"]["stock_days"]["value"] == 60


@cache
def reviewed_laws() -> tuple[Law, ...]:
    """Return laws that differ in their reviews, and two without one."""
    return (
        reviewed(raise_by=20.0),
        law(NSW),
        reviewed(1.0, ">"),
        reviewed(raise_by=1.2),
        reviewed(raise_by=1.5, action="lower_thresholds", base="nsw-burden-on-state"),
        law("mexico"),
    )


UP, NSW_AT, NEVER_MET, UP_A_LITTLE, DOWN, _ = range(6)


@cache
def together() -> ReplicateTables:
    """Return three periods of the coupled world under those laws; not to be written to."""
    return run(coupled(), reviewed_laws(), days=DAYS)


def until(tables: ReplicateTables, i: int, day: int) -> dict[str, Columns]:
    """Return the tables of a law up to the evening of a day, revisions left out."""
    return {name: only(columns, columns["day"] <= day) for name, columns in of_law(tables, i).items() if name != "revisions"}


class TestRun:
    def test_amounts_rise_where_the_laws_own_counts_pass_the_limit_and_fewer_finds_are_above(self) -> None:
        assert [day for day, *_ in revisions(together(), UP)][:1] == [FIRST]
        assert revisions(together(), NSW_AT) == []
        late = []
        for i in (UP, NSW_AT):
            cases = together().cases.for_law(i)
            late.append(int((cases["effect"][cases["day"] > FIRST] >= 2).sum()))
        assert late[0] < late[1]

    def test_before_its_first_review_a_law_is_as_if_it_had_none(self) -> None:
        tables = [name for name in EVENT_TABLES if name != "revisions"]
        assert first_difference(until(together(), UP, FIRST), until(together(), NSW_AT, FIRST), tables) == ""
        assert first_difference(until(together(), UP, DAYS), until(together(), NSW_AT, DAYS), tables) != ""

    def test_a_limit_that_is_not_passed_changes_nothing(self) -> None:
        assert revisions(together(), NEVER_MET) == []
        assert first_difference(of_law(together(), NEVER_MET), of_law(together(), NSW_AT)) == ""

    @pytest.mark.parametrize("i", [UP, UP_A_LITTLE, DOWN])
    def test_what_a_review_counts_stands_in_the_cases_since_the_review_before(self, i: int) -> None:
        tables = together()
        role = dict(zip(tables.people["person"].tolist(), tables.people["role"].tolist(), strict=True))
        cases = tables.cases.for_law(i)
        is_user = np.array([role[person] < 2 for person in cases["person"].tolist()])
        first = -1
        for day, n, of, _ in revisions(tables, i):
            since = (cases["day"] > first) & (cases["day"] <= day) & is_user
            assert (n, of) == (int((cases["effect"][since] >= 2).sum()), int(since.sum()))
            first = day
        assert first > FIRST

    def test_a_law_that_revises_itself_is_the_same_in_company_as_alone(self) -> None:
        assert first_difference(of_law(together(), DOWN), of_law(run(coupled(), [reviewed_laws()[DOWN]], days=DAYS), 0)) == ""

    def test_blocks_share_the_counts_of_a_review(self) -> None:
        some = [UP_A_LITTLE, DOWN]
        parts = run(coupled(), [reviewed_laws()[i] for i in some], days=DAYS, block_people=90)
        assert all(first_difference(of_law(together(), i), of_law(parts, n)) == "" for n, i in enumerate(some))

    def test_a_review_of_fewer_cases_than_the_world_asks_for_changes_nothing(self) -> None:
        of = revisions(together(), UP)[0][2]
        for least, expected in ((of, 1), (of + 1, 0)):
            tables = run(vary(coupled(), {"practice.review.least_cases": least}), [reviewed(raise_by=20.0)], days=FIRST + 1)
            assert len(revisions(tables, 0)) == expected

    def test_reviews_that_are_switched_off_change_nothing(self) -> None:
        tables = run(with_switches(coupled(), {"review": False}), [reviewed(raise_by=20.0)], days=DAYS)
        assert len(tables.revisions) == 0
        assert first_difference(of_law(tables, 0), of_law(together(), NSW_AT)) == ""

    def test_counting_sellers_as_users_would_be_seen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from decrimsim.engine import in_force, justice

        def careless(columns: Any, effect: Any, role: Any, flags: Any) -> Any:
            return in_force.count_for_review(columns, effect, role * 0, flags)

        sellers = vary(coupled(), {"people.roles.user_dealer": 0.4})
        careful = revisions(run(sellers, [reviewed(raise_by=1.2)], days=DAYS), 0)
        monkeypatch.setattr(justice, "count_for_review", careless)
        assert revisions(run(sellers, [reviewed(raise_by=1.2)], days=DAYS), 0) != careful


def test_a_review_every_year_multiplies_the_amounts_year_by_year() -> None:
    """Two years of a small busy world, with nothing else on: each year ends in the period of 28 days that holds its last day, and later finds meet the new amounts."""
    annual = law(NSW).patch({"review": {"months": 12, "triggers": [{**TRIGGER, "op": ">=", "value": 0.0, "action": "raise_thresholds"}], "raise_by": 3.0}})
    tables = run(with_switches(busy(), dict.fromkeys(SWITCHES, False) | {"review": True}), [annual], people=80, days=800)
    assert [day for day, *_ in revisions(tables, 0)] == [14 * 28 - 1, 27 * 28 - 1]  # 365 and 730 days
    cases, findings = (getattr(tables, name).for_law(0) for name in ("cases", "findings"))
    n_drugs = Counter(zip(findings["person"].tolist(), findings["day"].tolist(), strict=True))
    effect = dict(zip(zip(cases["person"].tolist(), cases["day"].tolist(), strict=True), cases["effect"].tolist(), strict=True))
    names, checked = list(busy().substances), [0, 0, 0]
    for person, day, substance, ug in zip(*(findings[name].tolist() for name in ("person", "day", "substance", "measured_ug")), strict=True):
        limit = annual.limits(f"tables.traffickable.{names[substance]}").ug
        assert limit is not None
        year = (day >= 14 * 28) + (day >= 27 * 28)
        if n_drugs[person, day] == 1:
            assert (effect[person, day] >= EFFECTS.index("presumption")) == (ug >= limit * 3**year), (person, day)
            checked[year] += limit <= ug < limit * 9
    assert min(checked) > 0, "some find of each year lies between the amounts at the start and at the end"


def test_the_run_of_the_readme_has_a_revision_and_its_report_tells_the_day() -> None:
    text = repr(ds.compare("nsw", ["nsw-burden-on-state"], people=4_000, days=400, replicates=1, keep_tables=False))
    assert "nsw-burden-on-state: amounts revised by the law's own review clause" in text
    assert "day 392 (times 1.5) in 1" in text
