"""Police: strategies, venues, training, guidelines, bribes, cells and violence, each by what must hold of it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import LAWS, busy, busy_run, fresh_block, laws, of_law, only, plain, rows_of, run, scenario_of, setup_of, where

from decrimsim.chance import ONE_32
from decrimsim.engine.course import PERIOD
from decrimsim.scenario import Scenario, load_scenario, vary, with_switches
from decrimsim.schema import BRIBE, CHANNELS, FIXED_EFFORT, LINE, NEGOTIATION, POLICE, PROSECUTOR, STAGES, VENUES
from decrimsim.tables import Columns

PAID = BRIBE.index("paid")
SUPPLY = LINE.index("supply")
WORKED = ("warrant", "street", "dog", "trip", "purchase")
"""Channels that a strategy has a factor for."""
STRATEGIES = ("hot_spot", "problem_oriented", "targets")
"""Those of New South Wales that neither leave everything as it stands nor stand down."""


@cache
def with_strategy(name: str) -> Scenario:
    """Return the busy world under one of the strategies that New South Wales describes."""
    data = plain(busy())
    data["police"]["strategies"] = plain(load_scenario("nsw"))["police"]["strategies"] | {"chosen": name}
    return scenario_of(data)


@cache
def under(name: str) -> dict[str, Columns]:
    """Return the tables of the first law under a strategy, in open mode."""
    return of_law(run(with_strategy(name), laws(LAWS[0]), mode="open"), 0)


def busy_cases(i: int) -> Columns:
    """Return the cases of a law in the busy world, in open mode."""
    return of_law(busy_run("open"), i)["cases"]


def cases_of(scenario: Scenario) -> Columns:
    """Return the cases of the first law in open mode."""
    return of_law(run(scenario, laws(LAWS[0]), mode="open"), 0)["cases"]


def chances(scenario: Scenario) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return everybody's chance of each channel on a usual day, in 2**-32, and who has no safe home."""
    block = fresh_block(setup_of(scenario, laws(LAWS[0]), days=0, mode="open"))
    return {name: block.people["p32"][:, 0, c] for c, name in enumerate(CHANNELS)}, block.people["has_no_safe_home"].astype(bool)


def assert_chances_follow(scenario: Scenario) -> None:
    """Check every chance against that of random patrol: times the channel's factor, and times that of no safe home (but with a warrant), at most certain."""
    assert scenario.police.strategies is not None
    way = scenario.police.strategies.in_force
    (usual, homeless), (found, _) = chances(with_strategy("random")), chances(scenario)
    assert homeless.any() and not homeless.all()
    for name in CHANNELS:
        assert usual[name].any()
        factor = getattr(way, name).value * np.where(homeless & (name != "warrant"), way.no_safe_home.value, 1.0) if name in WORKED else 1.0
        expected = np.where(usual[name] < ONE_32, np.minimum(usual[name] * factor, ONE_32), found[name])  # what is cut at 1 tells no factor
        assert (np.abs(found[name] - expected) <= 1 + np.asarray(factor)).all(), name  # chances are whole numbers


class TestStrategies:
    @pytest.mark.parametrize("name", STRATEGIES)
    def test_a_strategy_multiplies_everybodys_chance_of_each_channel(self, name: str) -> None:
        assert_chances_follow(with_strategy(name))

    @settings(max_examples=15)
    @given(factors=st.fixed_dictionaries({name: st.floats(0, 5) for name in (*WORKED, "no_safe_home")}), name=st.sampled_from(STRATEGIES))
    def test_so_does_one_with_any_numbers(self, factors: dict[str, float], name: str) -> None:
        assert_chances_follow(vary(with_strategy(name), {f"police.strategies.known.{name}.{what}": factor for what, factor in factors.items()}))

    @pytest.mark.parametrize("name", STRATEGIES)
    def test_a_strategy_multiplies_ignoring_warning_and_cautioning_by_its_discretion_and_no_other_choice(self, name: str) -> None:
        """Of finds that two strategies share, in first cases of people: later ones depend on the cautions before."""
        discretion = plain(with_strategy(name))["police"]["strategies"]["known"][name]["discretion"]["value"]
        asked = [_chances_of_first_cases(under(one)) for one in ("random", name)]
        differ = {row[:2] for row in rows_of(under("random")["findings"]) ^ rows_of(under(name)["findings"])}  # met in another way, with other drugs
        shared = {key for key in asked[0].keys() & asked[1].keys() if key[:2] not in differ}
        for stage in ("police.ignore", "police.warn", "police.caution"):
            pairs = [(asked[0][key], asked[1][key]) for key in shared if key[2] == stage]
            assert len(pairs) > 3, stage
            assert all(now == pytest.approx(usual * discretion) for usual, now in pairs), stage
        others = [key for key in shared if key[2] in ("police.supply", "police.notice", "police.arrest", "prosecutor.drop")]
        assert len(others) > 10
        assert all(asked[0][key] == asked[1][key] for key in others)

    def test_encounters_follow_the_factors_of_each_strategy(self) -> None:
        """Counts under the first law, tens to hundreds each, against random patrol; purchases come last and are cut in a world as busy as this."""
        usual, hot, oriented, targets = (_by_channel(name) for name in ("random", *STRATEGIES))
        assert hot["trip"] > 1.5 * usual["trip"]
        assert oriented["street"] < 0.6 * usual["street"]
        assert oriented["dog"] < 0.5 * usual["dog"]
        assert targets["street"] > 1.2 * usual["street"]
        assert targets["dog"] > 1.2 * usual["dog"]

    def test_standing_down_leaves_only_stops_on_suspicion_of_supply_under_every_law(self) -> None:
        """No law stops anyone for possession then, so all laws stop whom the gold standard stops."""
        tables = run(with_strategy("stand_down"), laws(), mode="open")
        stopped = [rows_of(of_law(tables, i)["encounters"]) for i in range(len(LAWS))]
        assert len(stopped[0]) > 50
        assert all(rows == stopped[LAWS.index("gold-standard")] for rows in stopped)

    def test_standing_down_stops_a_subset_of_random_patrol(self) -> None:
        down, random = (under(name)["encounters"] for name in ("stand_down", "random"))
        assert rows_of(down, "person", "day") < rows_of(random, "person", "day")

    def test_less_discretion_spares_a_subset(self) -> None:
        """Of the first cases of people: later ones depend on how many cautions came before."""
        path, caution = "police.strategies.known.odd.discretion", POLICE.index("caution")
        spared = []
        for share in (1.0, 0.2):
            cases = cases_of(vary(busy(), {path: share}))
            at = _is_first(cases) & (cases["police"] <= caution) & (cases["line"] == LINE.index("possession")) & (cases["bribe"] != PAID)
            spared.append(where(cases, at))
        assert spared[1] < spared[0]


def _is_first(rows: Columns) -> np.ndarray:
    """Return which rows are of the first day of their person."""
    _, inverse = np.unique(rows["person"], return_inverse=True)
    first = np.full(inverse.max() + 1, 10**9)
    np.minimum.at(first, inverse, rows["day"])
    return rows["day"] == first[inverse]


def _chances_of_first_cases(tables: dict[str, Columns]) -> dict[tuple[int, int, str], float]:
    """Return the chance of every choice in the first case of each person, by person, day and stage."""
    rows = only(tables["decisions"], _is_first(tables["decisions"]))
    return {(p, d, STAGES[k]): x for p, d, k, x in zip(*(rows[name].tolist() for name in ("person", "day", "stage", "p")), strict=True)}


def _by_channel(name: str) -> dict[str, int]:
    """Return how many encounters there are of each channel under a strategy."""
    return dict(zip(CHANNELS, np.bincount(under(name)["encounters"]["channel"], minlength=len(CHANNELS)).tolist(), strict=True))


class TestVenues:
    @pytest.mark.parametrize("venue", VENUES)
    def test_nothing_is_found_at_a_venue_where_nobody_has_anything_along(self, venue: str) -> None:
        tables = of_law(run(vary(busy(), {f"police.{venue}.p_carry": 0.0}), laws(LAWS[0])), 0)
        at = tables["encounters"]["channel"] == CHANNELS.index(venue)
        assert at.sum() > 20
        assert not tables["encounters"]["is_found"][at].any()

    def test_venues_and_warrants_do_not_follow_officers_hours(self) -> None:
        """On the first day on which hours count, whoever has few of them still meets the same people there, and fewer everywhere else."""
        world = with_switches(busy(), {"police_hours": True})
        met = []
        for hours in (1.0, 1e6):
            rows = of_law(run(vary(world, {"police.hours.available": hours}), laws(LAWS[0]), people=1_200, days=PERIOD + 1), 0)["encounters"]
            fixed = np.isin(rows["channel"], [CHANNELS.index(name) for name in FIXED_EFFORT])
            met.append([where(rows, (rows["day"] == PERIOD) & at) for at in (fixed, ~fixed)])
        assert met[0][0] == met[1][0]
        assert len(met[0][0]) > 20
        assert len(met[0][1]) < 0.8 * len(met[1][1])


class TestOfficers:
    def test_guidelines_that_everybody_follows_leave_no_supply_where_they_hold(self) -> None:
        world = vary(busy(), {"practice.police.guidelines.followed": 1.0})
        limits = world.practice.police.guidelines.limits
        names = list(world.substances)
        tables = of_law(run(world, laws(LAWS[0]), mode="open"), 0)
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
        never, always = (cases_of(vary(busy(), {"practice.police.training.trained": p})) for p in (0.0, 1.0))
        supply = [where(cases, cases["line"] == SUPPLY) for cases in (never, always)]
        assert supply[1] < supply[0]

    def test_training_without_disparity_cautions_groups_alike(self) -> None:
        """With no disparity left, the factors of groups play no part: other factors change nothing."""
        flat = {"practice.police.training.trained": 1.0, "practice.police.training.disparity": 0.0}
        one = cases_of(vary(busy(), flat))
        other = cases_of(vary(busy(), flat | {"practice.police.caution_factor.indigenous.aboriginal": 0.01}))
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
        kept = cases_of(vary(busy(), {"practice.police.bribery.drugs_kept": 1.0}))
        assert (kept["bribe"] == PAID).sum() > 10
        assert kept["is_seized"].any()
        assert not kept["is_seized"][kept["bribe"] == PAID].any()

    def test_bribes_only_ever_take_cases_off_the_books(self) -> None:
        without = cases_of(vary(busy(), {"practice.police.bribery.demanded.possession": 0.0, "practice.police.bribery.demanded.supply": 0.0}))
        charged = [where(c, c["prosecutor"] >= PROSECUTOR.index("charge_possession")) for c in (busy_cases(0), without)]
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
        met = [where(rows, rows[column]) for rows in (less, more)]
        assert met[0] < met[1]

    def test_violence_changes_nothing_but_its_own_columns(self) -> None:
        """It is recorded and, in this model, moves no decision."""
        none = of_law(run(vary(busy(), {f"practice.police.violence.{path}": 0.0 for path in ("stop", "search", "arrest")}), laws(LAWS[0])), 0)
        some = of_law(busy_run(), 0)
        for table, own in (("encounters", "is_violent"), ("cases", "is_arrest_violent"), ("findings", "")):
            assert not own or some[table][own].any()
            for name, column in some[table].items():
                if name != own:
                    assert np.array_equal(column, none[table][name]), f"{table}.{name}"
