"""Laws that revise their amounts by their own review clauses. See docs/invariants.md."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import coupled, first_difference, law, laws, of_law, run

from decrimsim.law import Law, load_law
from decrimsim.law.review import review_of, revised
from decrimsim.law.review_clause import Review, Trigger
from decrimsim.scenario.switched import with_switches
from decrimsim.schema import REVIEW_METRICS
from decrimsim.tables import ReplicateTables
from decrimsim.units import LARGEST_UG

NSW = "nsw-deemed-supply"
DAYS = 84


def reviewed(value: float = 0.0, op: str = ">=", action: str = "raise_thresholds", base: str = NSW, **more: Any) -> Law:
    """Return a law that is reviewed every month."""
    trigger = {"metric": "share_of_user_finds_above_threshold", "op": op, "value": value, "action": action}
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

    def test_amounts_stop_rising_at_the_largest_weight_that_a_law_can_name(self) -> None:
        one = reviewed()
        review = review_of(one)
        assert review is not None
        for _ in range(3):
            one = revised(one, review.triggers[0], 99.0)
        assert one.limits("tables.large_commercial.cannabis_herb").ug == LARGEST_UG

    def test_a_parameter_stays_within_the_bounds_that_the_law_names(self) -> None:
        evidence = load_law("evidence-based-2027")
        review = review_of(evidence)
        assert review is not None
        up = revised(evidence, review.triggers[0], 1.5)
        assert up.limits("tables.personal.heroin").ug == 21_000_000
        assert revised(up, review.triggers[0], 99.0).data["parameters"]["stock_days"]["value"] == 60


class TestRun:
    def test_amounts_rise_where_the_laws_own_counts_pass_the_limit_and_fewer_finds_are_above(self) -> None:
        tables = run(coupled(), [reviewed(raise_by=20.0), law(NSW)], days=DAYS)
        assert [day for day, *_ in revisions(tables, 0)][:1] == [55]
        assert revisions(tables, 1) == []
        late = []
        for i in range(2):
            cases = tables.cases.for_law(i)
            late.append(int((cases["effect"][cases["day"] > 55] >= 2).sum()))
        assert late[0] < late[1]

    def test_before_its_first_review_a_law_is_as_if_it_had_none(self) -> None:
        tables = run(coupled(), [reviewed(raise_by=20.0), law(NSW)], days=56)
        assert revisions(tables, 0)
        assert first_difference(of_law(tables, 0), of_law(tables, 1)) == ""

    def test_a_limit_that_is_not_passed_changes_nothing(self) -> None:
        tables = run(coupled(), [reviewed(1.0, ">"), law(NSW)], days=DAYS)
        assert revisions(tables, 0) == []
        assert first_difference(of_law(tables, 0), of_law(tables, 1)) == ""

    def test_what_a_review_counts_stands_in_the_cases_since_the_review_before(self) -> None:
        tables = run(coupled(), [reviewed(raise_by=1.2)], days=DAYS)
        role = dict(zip(tables.people["person"].tolist(), tables.people["role"].tolist(), strict=True))
        cases = tables.cases.for_law(0)
        is_user = np.array([role[person] < 2 for person in cases["person"].tolist()])
        first = -1
        for day, n, of, _ in revisions(tables, 0):
            since = (cases["day"] > first) & (cases["day"] <= day) & is_user
            assert (n, of) == (int((cases["effect"][since] >= 2).sum()), int(since.sum()))
            first = day
        assert first > 55

    def test_laws_that_revise_themselves_are_the_same_in_company_as_alone(self) -> None:
        chosen = [reviewed(), reviewed(action="lower_thresholds", base="nsw-burden-on-state"), law("mexico"), reviewed(0.9, ">")]
        together = run(coupled(), chosen, days=DAYS, block_people=60)
        for i, one in enumerate(chosen):
            alone = run(coupled(), [one], days=DAYS)
            assert first_difference(of_law(together, i), of_law(alone, 0)) == "", i
            assert revisions(together, i) == revisions(alone, 0)

    def test_reviews_that_are_switched_off_change_nothing(self) -> None:
        tables = run(with_switches(coupled(), {"review": False}), [reviewed(raise_by=20.0), *laws(NSW)], days=DAYS)
        assert len(tables.revisions) == 0
        assert first_difference(of_law(tables, 0), of_law(tables, 1)) == ""

    def test_counting_sellers_as_users_would_be_seen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from decrimsim.engine import in_force, justice

        def careless(columns: Any, effect: Any, role: Any, flags: Any) -> Any:
            return in_force.count_for_review(columns, effect, role * 0, flags)

        right = revisions(run(coupled(), [reviewed(raise_by=1.2)], days=DAYS), 0)
        monkeypatch.setattr(justice, "count_for_review", careless)
        assert revisions(run(coupled(), [reviewed(raise_by=1.2)], days=DAYS), 0) != right
