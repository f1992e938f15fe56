"""The mechanisms of the market: each does what it says, keeps every gram, and changes not one bit while it is off."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import busy, first_difference, fresh_block, law, no_police, of_law, one_block, plain, run, scenario_of, setup_of

from decrimsim.engine import STEPS, Block, step_day
from decrimsim.errors import ScenarioError
from decrimsim.kernels.behaviour import ONE_32, on_weekday
from decrimsim.scenario import Scenario, vary, with_switches
from decrimsim.schema import PURPOSES, REASONS, ROLES
from decrimsim.testing.market import number

LAW = "nsw-deemed-supply"
SECTIONS = ("calendar", "shortages", "substitution", "purity_by_form", "online", "copping", "gifts")
SWITCH_OF = {"shortages": "shortage"}
ABSENT: dict[str, Any] = {"shortages": []}
ALONE: dict[str, float] = {"market.share_at_use": 0.0, **{f"market.group_purchase.{role}": 0.0 for role in ROLES}}
"""Nobody shares or buys for friends."""


@cache
def without(*sections: str) -> Scenario:
    """Return the busy world without some sections of the market."""
    data = plain(busy())
    for name in sections:
        data["market"][name] = ABSENT.get(name)
    return scenario_of(data)


@cache
def only_with(section: str) -> Scenario:
    """Return the busy world, without police, with one section of the market."""
    data = plain(no_police())
    for name in SECTIONS:
        if name != section:
            data["market"][name] = ABSENT.get(name)
    return scenario_of(data)


def lived(scenario: Scenario, people: int = 300, days: int = 50) -> Block:
    """Return the block of a world after its days."""
    return one_block(setup_of(scenario, [law(LAW)], days=days), people)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_mechanism_that_is_off_is_one_that_is_absent_bit_for_bit(section: str) -> None:
    off = with_switches(busy(), {SWITCH_OF.get(section, section): False})
    a, b, on = (of_law(run(world, [law(LAW)], people=200, days=40), 0) for world in (off, without(section), busy()))
    assert first_difference(a, b) == ""
    assert first_difference(a, on) != ""


@pytest.mark.parametrize(
    ("section", "path", "value"),
    [
        ("calendar", "market.calendar.buying_days.payday.share", 0.0),
        ("shortages", "market.shortages.0.stockers", 0.0),
    ],
)
def test_a_part_that_is_off_is_one_that_nobody_does(section: str, path: str, value: float) -> None:
    parts = {"calendar": "payday", "shortages": "shortage_stocking"}
    paths = [p for p, _ in busy().parameters() if p.rsplit(".", 1)[1] == path.rsplit(".", 1)[1] and p.startswith(f"market.{section}.")]
    a = run(with_switches(busy(), {parts[section]: False}), [law(LAW)], people=200, days=40)
    b = run(vary(busy(), dict.fromkeys(paths, value)), [law(LAW)], people=200, days=40)
    assert first_difference(of_law(a, 0), of_law(b, 0)) == ""


class TestCalendar:
    @settings(max_examples=300)
    @given(p=st.integers(0, ONE_32), ratio=st.floats(0, 100), n=st.integers(1, 6))
    def test_the_mean_over_seven_days_stays_and_no_chance_leaves_its_bounds(self, p: int, ratio: float, n: int) -> None:
        factor = np.array([round(7 * ratio / (n * ratio + 7 - n) * 65536)])
        weekend, week = (int(on_weekday(p32=np.array([p]), factor_q16=factor, is_weekend=day, n_weekend=n)[0]) for day in (True, False))
        assert 0 <= weekend <= ONE_32
        assert 0 <= week <= ONE_32
        assert 0 <= 7 * p - n * weekend - (7 - n) * week < 7 - n
        if 0 < p < ONE_32 // 7 and ratio > 1.01:
            assert weekend >= week

    def test_use_moves_to_the_weekend(self) -> None:
        world = only_with("calendar")
        block = fresh_block(setup_of(world, [law(LAW)], days=56), 600)
        mdma, wanted = list(world.substances).index("mdma"), np.zeros(7)
        for day in range(56):
            before = block.habits["used_ug"] + block.habits["unmet_ug"]
            step_day(block)
            after = block.habits["used_ug"] + block.habits["unmet_ug"]
            wanted[(3 + day) % 7] += ((after > before) & (block.habits["substance"] == mdma)).sum()  # day 0 is a Thursday
        assert wanted[4:].min() > 2 * wanted[:4].max()

    def test_more_people_buy_on_a_buying_day_than_on_the_day_before(self) -> None:
        block = fresh_block(setup_of(only_with("calendar"), [law(LAW)], days=20), 600)
        buyers = []
        for _ in range(18):
            before = block.habits["n_purchases"].sum()
            step_day(block)
            buyers.append(int(block.habits["n_purchases"].sum() - before))
        assert buyers[17] > buyers[16]  # payday: 3 + 14
        assert buyers[15] > buyers[14]  # Friday: 1 + 2 x 7


class TestShortage:
    def test_less_of_it_is_bought_while_it_lasts_and_nothing_of_the_others_changes(self) -> None:
        world = only_with("shortages")
        short, usual = (lived(w) for w in (world, without_shortages(world)))
        names = list(world.substances)
        by = [np.bincount(b.habits["substance"], b.habits["bought_ug"], len(names)) for b in (short, usual)]
        of_it = names.index(world.market.shortages[1].substance)
        stays = [i for i, name in enumerate(names) if name not in {s.substance for s in world.market.shortages}]
        assert by[0][of_it] < by[1][of_it]
        assert (by[0][stays] == by[1][stays]).all()

    def test_who_cannot_get_it_goes_without_more_often_the_harder_it_is(self) -> None:
        worlds = [vary(only_with("shortages"), {f"market.shortages.{i}.access": access for i in range(3)}) for access in (1.0, 0.5, 0.0)]
        unmet = [int(lived(world).habits["n_unmet"].sum()) for world in worlds]
        assert unmet == sorted(unmet)
        assert unmet[0] < unmet[2]


def without_shortages(world: Scenario) -> Scenario:
    data = plain(world)
    data["market"]["shortages"] = []
    return scenario_of(data)


class TestSubstitution:
    def test_who_cannot_get_one_uses_more_of_another(self) -> None:
        world = only_with("substitution")
        tight = vary(world, ALONE | {"market.access.urban": 0.3, "market.access.remote": 0.1})
        more, less = (lived(vary(tight, {"market.substitution.p": p})) for p in (1.0, 0.0))
        assert more.habits["used_ug"].sum() != less.habits["used_ug"].sum()
        days = [np.bincount(b.habits["owner"], b.habits["n_unmet"] > 0) for b in (more, less)]
        one_habit = np.bincount(more.habits["owner"]) == 1
        assert (days[0][one_habit] == days[1][one_habit]).all(), "people with one habit have nothing to change over to"


class TestOnline:
    def test_parcels_come_without_a_trip_and_some_are_lost(self) -> None:
        block = lived(vary(only_with("online"), ALONE))
        online, owner = block.habits["is_online"], block.habits["owner"]
        assert block.habits["lost_ug"][online].sum() > 0
        assert not block.habits["lost_ug"][~online].any()
        all_online = np.bincount(owner[~online | (block.habits["restock_ug"] > 0)], minlength=block.people.n) == 0
        assert all_online.sum() > 10
        assert not block.people["n_trips"][all_online].any()
        assert (block.habits["bought_ug"][online] > 0).any()

    @pytest.mark.parametrize(("lost", "share"), [(0.0, 0.0), (1.0, 1.0)])
    def test_what_is_lost_is_the_share_of_what_was_sent(self, lost: float, share: float) -> None:
        habits = lived(vary(only_with("online"), {"market.online.lost": lost})).habits
        parcels = habits["is_online"] & (habits["restock_ug"] == 0)
        sent = habits["bought_ug"][parcels]
        assert np.array_equal(habits["lost_ug"][parcels], sent * int(share))
        assert sent.sum() > 0

    def test_no_parcel_is_on_its_way_twice_and_none_arrives_on_the_day_it_was_ordered(self) -> None:
        block = fresh_block(setup_of(only_with("online"), [law(LAW)], days=40), 300)
        for day in range(40):
            before = block.habits["parcel_day"].copy()
            step_day(block)
            fresh = (before == -1) & (block.habits["parcel_day"] >= 0)
            assert (block.habits["parcel_day"][fresh] > day).all()
            assert ((block.habits["parcel_ug"] > 0) == (block.habits["parcel_day"] >= 0)).all()


class TestCopping:
    def test_it_is_handed_over_in_the_evening_and_never_used(self) -> None:
        block = fresh_block(setup_of(only_with("copping"), [law(LAW)], days=30), 300)
        for _ in range(30):
            step_day(block)
            assert not block.habits["other_ug"].any()
            assert not (block.habits["reasons"] & 1 << REASONS.index("copping")).any()
        assert block.habits["delivered_ug"].sum() > 0

    def test_it_is_found_as_held_for_another_and_taken_with_the_rest(self) -> None:
        tables = run(busy(), [law(LAW)])
        other = tables.findings["other_ug"] > 0
        assert other.any()
        assert (tables.findings["reasons"][other] >> REASONS.index("copping") & 1).all()
        total = sum(tables.findings[f"{purpose}_ug"] for purpose in PURPOSES)
        assert np.array_equal(total, tables.findings["true_ug"])

    def test_a_law_that_calls_sharing_supply_convicts_who_holds_for_another_more_often(self) -> None:
        """The rebuttal of the whole holding fails; nothing else in the law or the world differs."""
        base = law(LAW)
        laws = [base, base.patch({"social_supply.rule": "not_supply"}).named("not supply")]
        chances = {"plead_supply.presumption": 0.0, "plead_down.presumption": 0.0, "custody_uplift": 0.0, "withdraw.supply": 0.0, "rebut": 1.0}
        world = vary(busy(), {f"practice.court.{name}": value for name, value in chances.items()})
        tables = run(world, laws, people=600, mode="open")
        is_other = set(zip(*(tables.findings[n][tables.findings["other_ug"] > 0].tolist() for n in ("person", "day")), strict=True))
        supply = []
        for i in (0, 1):
            cases = tables.cases.for_law(i)
            supply.append({key for key, v in zip(zip(cases["person"].tolist(), cases["day"].tolist(), strict=True), cases["verdict"], strict=True) if v == 3})
        assert supply[1] <= supply[0]
        assert (supply[0] - supply[1]) & is_other


class TestGifts:
    def test_gifts_stay_in_the_circle_and_reach_those_who_have_little(self) -> None:
        block = lived(vary(only_with("gifts"), ALONE))
        assert block.habits["given_ug"].sum() == block.habits["received_ug"].sum() > 0
        ring = block.people["circle"][block.habits["owner"]]
        pool = ring * 64 + block.habits["substance"]
        assert np.array_equal(np.bincount(pool, block.habits["given_ug"]), np.bincount(pool, block.habits["received_ug"]))

    def test_at_most_half_is_given_by_who_bought_today_to_who_has_less_than_a_dose(self) -> None:
        block, habits, n = fresh_block(setup_of(vary(only_with("gifts"), {"market.gifts.p": 1.0}), [law(LAW)], days=30), 300), None, 0
        for _ in range(30):
            for step in STEPS:
                before = {name: block.habits[name].copy() for name in ("own_ug", "given_ug", "received_ug")}
                step.run(block)
                habits = block.habits
                if step.name == "give":
                    given, got = habits["given_ug"] - before["given_ug"], habits["received_ug"] - before["received_ug"]
                    assert (2 * given <= before["own_ug"]).all()
                    assert (habits["buy_day"][given > 0] == block.day).all()
                    assert (before["own_ug"][got > 0] < habits["dose_ug"][got > 0]).all()
                    n += int((got > 0).sum())
            block.day += 1
        assert n > 50


def test_purity_by_form_moves_the_active_weight_of_that_form_alone() -> None:
    data = plain(without("purity_by_form"))
    data["market"]["purity_by_form"] = {"methamphetamine": {"powder": number(0.01)}}
    a, b = (run(world, [law(LAW)], people=600, days=40).findings for world in (without("purity_by_form"), scenario_of(data)))
    changed = a["pure_ug"] != b["pure_ug"]
    drugs = {(int(s), int(f)) for s, f in zip(a["substance"][changed], a["form"][changed], strict=True)}
    assert len(drugs) == 1
    assert all(np.array_equal(a[name], b[name]) for name in ("person", "day", "measured_ug"))


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("calendar", {"weekend_use": {"opium": number(2.0, "ratio")}}),
        ("online", {"shares": {"opium": number(0.1)}}),
        ("purity_by_form", {"opium": {"powder": number(0.1)}}),
        ("purity_by_form", {"heroin": {"tablet": number(0.1)}}),
    ],
)
def test_a_section_that_names_what_the_scenario_does_not_have_is_refused(section: str, value: dict[str, Any]) -> None:
    data = plain(busy())
    data["market"][section] = (data["market"][section] | value) if section != "purity_by_form" else value
    with pytest.raises((ScenarioError, ValueError), match=r"opium|tablet"):
        scenario_of(data)
