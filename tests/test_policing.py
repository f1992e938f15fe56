"""Police: strategies, venues, training, guidelines, bribes, cells and violence, each by what must hold of it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from worlds import LAWS, busy, laws, of_law, only, plain, rows_of, run, scenario_of

from decrimsim.scenario import Scenario, load_scenario, vary
from decrimsim.schema import BRIBE, CHANNELS, FIXED_EFFORT, LINE, NEGOTIATION, POLICE, PROSECUTOR, VENUES

PAID = BRIBE.index("paid")
SUPPLY = LINE.index("supply")


def with_strategy(name: str) -> Scenario:
    """Return the busy world under one of the strategies that New South Wales describes."""
    data = plain(busy())
    data["police"]["strategies"] = plain(load_scenario("nsw"))["police"]["strategies"] | {"chosen": name}
    return scenario_of(data)


@cache
def busy_cases(i: int, mode: str = "open"):
    return of_law(run(busy(), laws(), mode=mode), i)["cases"]


def cases_of(scenario: Scenario, i: int, mode: str = "open"):
    return of_law(run(scenario, laws(), mode=mode), i)["cases"]


class TestStrategies:
    def test_standing_down_leaves_only_stops_on_suspicion_of_supply_under_every_law(self) -> None:
        """No law stops anyone for possession then, so all laws stop whom the gold standard stops."""
        tables = run(with_strategy("stand_down"), laws(), mode="open")
        stopped = [rows_of(of_law(tables, i)["encounters"]) for i in range(len(LAWS))]
        assert len(stopped[0]) > 50
        assert all(rows == stopped[LAWS.index("gold-standard")] for rows in stopped)

    def test_standing_down_stops_a_subset_of_random_patrol(self) -> None:
        down, random = (of_law(run(with_strategy(name), laws(LAWS[0]), mode="open"), 0)["encounters"] for name in ("stand_down", "random"))
        assert rows_of(down, "person", "day") < rows_of(random, "person", "day")

    def test_less_discretion_spares_a_subset(self) -> None:
        """Of the first cases of people: later ones depend on how many cautions came before."""
        path, caution = "police.strategies.known.odd.discretion", POLICE.index("caution")
        spared = []
        for share in (1.0, 0.2):
            cases = cases_of(vary(busy(), {path: share}), 0)
            first = cases["day"] == np.array([cases["day"][cases["person"] == person].min() for person in cases["person"]])
            at = first & (cases["police"] <= caution) & (cases["line"] == LINE.index("possession")) & (cases["bribe"] != PAID)
            spared.append(rows_of(only(cases, at), "person", "day"))
        assert spared[1] < spared[0]


class TestVenues:
    @pytest.mark.parametrize("venue", VENUES)
    def test_nothing_is_found_at_a_venue_where_nobody_has_anything_along(self, venue: str) -> None:
        tables = of_law(run(vary(busy(), {f"police.{venue}.p_carry": 0.0}), laws(LAWS[0])), 0)
        at = tables["encounters"]["channel"] == CHANNELS.index(venue)
        assert at.sum() > 20
        assert not tables["encounters"]["is_found"][at].any()

    def test_venues_and_warrants_do_not_follow_officers_hours(self) -> None:
        assert set(VENUES) < set(FIXED_EFFORT)


class TestOfficers:
    def test_guidelines_that_everybody_follows_leave_no_supply_where_they_hold(self) -> None:
        world = vary(busy(), {"practice.police.guidelines.followed": 1.0})
        limits = world.practice.police.guidelines.limits
        names = list(world.substances)
        tables = of_law(run(world, laws(), mode="open"), 0)
        over = {
            (int(p), int(d))
            for p, d, s, ug in zip(*(tables["findings"][c] for c in ("person", "day", "substance", "measured_ug")), strict=True)
            if names[s] not in limits or ug > limits[names[s]].ug
        }
        cases = tables["cases"]
        held = np.array([(int(p), int(d)) not in over for p, d in zip(cases["person"], cases["day"], strict=True)])
        covered = held & (cases["n_supply_evidence"] < 2) & (cases["effect"] < 4)
        assert covered.sum() > 20
        assert not (cases["line"][covered] == SUPPLY).any()

    def test_training_only_ever_takes_people_off_the_line_of_supply(self) -> None:
        never, always = (cases_of(vary(busy(), {"practice.police.training.trained": p}), 0) for p in (0.0, 1.0))
        supply = [rows_of(only(cases, cases["line"] == SUPPLY), "person", "day") for cases in (never, always)]
        assert supply[1] < supply[0]

    def test_training_without_disparity_cautions_groups_alike(self) -> None:
        """With no disparity left, the factors of groups play no part: other factors change nothing."""
        flat = {"practice.police.training.trained": 1.0, "practice.police.training.disparity": 0.0}
        one = cases_of(vary(busy(), flat), 0)
        other = cases_of(vary(busy(), flat | {"practice.police.caution_factor.indigenous.aboriginal": 0.01}), 0)
        assert all(np.array_equal(one[name], other[name]) for name in one)


class TestBribes:
    def test_a_payment_ends_the_case(self) -> None:
        for i in range(len(LAWS)):
            cases = busy_cases(i)
            paid = cases["bribe"] == PAID
            for column, names in (("police", POLICE), ("prosecutor", PROSECUTOR), ("negotiation", NEGOTIATION)):
                assert (cases[column][paid] == 0).all(), names
            assert (cases["bribe_minor"][paid] > 0).all()
            assert (cases["bribe_minor"][~paid] == 0).all()
            assert (cases["referral"][paid] == 0).all()
        assert (busy_cases(0)["bribe"] == PAID).sum() > 10

    def test_nobody_pays_where_nothing_could_follow(self) -> None:
        """Without an offence there is nothing to pay for."""
        for i in range(len(LAWS)):
            cases = busy_cases(i)
            assert (cases["bribe"][cases["line"] == 0] == 0).all()

    def test_who_keeps_the_drugs_keeps_them(self) -> None:
        kept = cases_of(vary(busy(), {"practice.police.bribery.drugs_kept": 1.0}), 0)
        assert not kept["is_seized"][kept["bribe"] == PAID].any()

    def test_bribes_only_ever_take_cases_off_the_books(self) -> None:
        without = cases_of(vary(busy(), {"practice.police.bribery.demanded.possession": 0.0, "practice.police.bribery.demanded.supply": 0.0}), 0)
        charged = [rows_of(only(c, c["prosecutor"] >= PROSECUTOR.index("charge_possession")), "person", "day") for c in (busy_cases(0), without)]
        assert charged[0] < charged[1]


class TestCellsAndViolence:
    def test_days_in_a_cell_are_days_held_of_people_who_were_arrested(self) -> None:
        cases = busy_cases(0)
        held = cases["held_days"] > 0
        assert held.sum() > 10
        assert (cases["police"][held] == POLICE.index("arrest")).all()
        assert (cases["detention_days"] >= cases["held_days"]).all()

    @pytest.mark.parametrize(
        ("path", "table", "column"), [("stop", "encounters", "is_violent"), ("search", "encounters", "is_violent"), ("arrest", "cases", "is_arrest_violent")]
    )
    def test_a_higher_chance_of_violence_spares_nobody_who_met_it(self, path: str, table: str, column: str) -> None:
        less, more = (of_law(run(vary(busy(), {f"practice.police.violence.{path}": p}), laws(LAWS[0]), mode="open"), 0)[table] for p in (0.02, 0.5))
        met = [rows_of(only(rows, rows[column]), "person", "day") for rows in (less, more)]
        assert met[0] < met[1]

    def test_violence_changes_nothing_but_its_own_columns(self) -> None:
        """It is recorded and, in this model, moves no decision."""
        none = of_law(run(vary(busy(), {f"practice.police.violence.{path}": 0.0 for path in ("stop", "search", "arrest")}), laws(LAWS[0])), 0)
        some = of_law(run(busy(), laws(LAWS[0])), 0)
        for table, own in (("encounters", "is_violent"), ("cases", "is_arrest_violent"), ("findings", "")):
            for name, column in some[table].items():
                if name != own:
                    assert np.array_equal(column, none[table][name]), f"{table}.{name}"
