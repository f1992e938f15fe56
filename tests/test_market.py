"""The mechanisms of the market: each does what it says, keeps every gram, and changes not one bit while it is off."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import busy, fresh_block, law, no_police, one_block, plain, run, scenario_of, setup_of, without

from decrimsim.engine import STEPS, Block, step_day
from decrimsim.engine.market import BUYS_MORE
from decrimsim.errors import ScenarioError
from decrimsim.kernels.behaviour import ONE_32, on_weekday
from decrimsim.scenario import Scenario, effective, vary, with_switches
from decrimsim.schema import PURPOSES, REASONS, REGIONS, ROLES
from decrimsim.testing.market import number

LAW = "nsw-deemed-supply"
SECTIONS = ("calendar", "shortages", "substitution", "purity_by_form", "online", "copping", "gifts")
ALONE: dict[str, float] = {"market.share_at_use": 0.0, **{f"market.group_purchase.{role}": 0.0 for role in ROLES}}
"""Nobody shares or buys for friends."""


@cache
def only_with(section: str = "") -> Scenario:
    """Return the busy world, without police, with one section of the market, or none of those that may be left out."""
    return without(no_police(), *(f"market.{name}" for name in SECTIONS if name != section))


def lived(scenario: Scenario, people: int = 300, days: int = 50) -> Block:
    """Return the block of a world after its days."""
    return one_block(setup_of(scenario, [law(LAW)], days=days), people)


@pytest.mark.parametrize(("part", "path"), [("payday", "market.calendar.buying_days.*.share"), ("shortage_stocking", "market.shortages.*.stockers")])
def test_a_part_that_is_off_is_one_that_nobody_does(part: str, path: str) -> None:
    paths = [p for p, _ in busy().parameters() if fnmatchcase(p, path)]
    assert len(paths) > 1
    assert effective(with_switches(busy(), {part: False})) == effective(vary(busy(), dict.fromkeys(paths, 0.0)))


def bought_today(block: Block, day: int) -> dict[str, np.ndarray]:
    """Take a block that was never moved through its mornings up to a day; return what its habits were before and bought on that day."""
    for _ in range(day):
        step_day(block)
    names = [step.name for step in STEPS]
    for step in STEPS[: names.index("buy")]:
        step.run(block)
    before = {name: block.habits[name].copy() for name in ("own_ug", "dose_today_ug", "unmet_ug", "reasons")}
    STEPS[names.index("buy")].run(block)
    return before


class TestReasonsForBuyingBig:
    """Remote places, habit, a lockdown to come, a raid: all on the first days, with any factors."""

    @settings(max_examples=8)
    @given(factors=st.tuples(*(st.floats(1.0, 6.0) for _ in range(4))), day=st.integers(0, 2))
    def test_a_purchase_is_the_usual_one_times_the_factor_of_every_reason_that_holds(self, factors: tuple[float, ...], day: int) -> None:
        """By hand, habit by habit: factors in their order, in steps of deals, no more than the purse, no less than today's dose is short of."""
        paths = ("market.remote_factor", "market.bulk_factor", "market.lockdown.stock_factor", "market.raid_factor")
        world = vary(begins_at_once(), dict(zip(paths, factors, strict=True)))
        block = fresh_block(setup_of(world, [law(LAW)], days=5), 300)
        before, habits, people = bought_today(block, day), block.habits, block.people
        deal_ug = block.setup.by_substance["deal_ug"]
        n_reasons = dict.fromkeys(REASONS[:5], 0)
        for at in np.flatnonzero((habits["buy_day"] == day) & (habits["bought_own_ug"] > 0)).tolist():
            person = habits["owner"][at]
            holds = {
                "remote": people["region"][person] == 1,
                "bulk": people["is_bulk_buyer"][person],
                "lockdown": people["is_stocker"][person],
                "raid": people["raid_response"][person] == BUYS_MORE,
            }
            size, deal = int(habits["size_ug"][at]), int(deal_ug[habits["substance"][at]])
            for factor, is_so in zip(factors, holds.values(), strict=True):
                size = size * round(factor * 65536) // 65536 if is_so else size
            size = min(max((size + deal // 2) // deal, 1) * deal, int(habits["afford_ug"][at]))
            short = int(before["dose_today_ug"][at] - before["own_ug"][at])
            assert habits["bought_own_ug"][at] == max(size, -(-max(short, 0) // deal) * deal)
            for name, is_so in holds.items():
                n_reasons[name] += bool(is_so)
                noted = habits["reasons"][at] >> REASONS.index(name) & 1
                assert noted == is_so or (before["own_ug"][at] > 0 and before["reasons"][at] >> REASONS.index(name) & 1), name
        assert min(n for name, n in n_reasons.items() if name != "social_supply") > 0

    def test_a_larger_factor_never_makes_a_purchase_smaller(self) -> None:
        bought = []
        for factor in (1.0, 2.0, 5.0):
            block = fresh_block(setup_of(vary(begins_at_once(), {"market.bulk_factor": factor}), [law(LAW)], days=5), 300)
            bought_today(block, 0)
            bought.append(block.habits["bought_own_ug"].copy())
        assert (bought[0] <= bought[1]).all()
        assert (bought[1] <= bought[2]).all()
        assert bought[0].sum() < bought[1].sum() < bought[2].sum()


@cache
def begins_at_once() -> Scenario:
    """Return the bare market with a lockdown announced and raids everywhere from the first day on."""
    data = plain(only_with())
    data["market"]["lockdown"] |= {"announced_day": 0, "start_day": 3, "end_day": 9}
    data["market"]["raids"] = [{"region": region, "start_day": 0, "end_day": 9} for region in REGIONS]
    return scenario_of(data)


class TestDiscount:
    @settings(max_examples=8)
    @given(exponent=st.floats(0.7, 1.0), purse=st.floats(20.0, 2_000.0))
    def test_a_purse_reaches_as_far_as_the_price_by_the_gram_to_the_exponent(self, exponent: float, purse: float) -> None:
        """Total price ~ grams^exponent; where all purses are alike, everybody affords the same, in whole deals and at least one."""
        names = list(busy().substances)
        same = {f"substances.{name}.price.{what}": x for name in names for what, x in (("exponent", exponent), ("purse", purse), ("purse_sd", 0.0))}
        block = fresh_block(setup_of(vary(only_with(), same), [law(LAW)], days=0), 60)
        for s, name in enumerate(names):
            gram, deal = busy().substances[name].price.gram.value, busy().substances[name].deal.ug
            deals = max((purse / gram) ** (1 / exponent) * 1e6 // deal, 1)
            found = np.unique(block.habits["afford_ug"][block.habits["substance"] == s])
            assert len(found) == 1
            assert abs(found[0] - deals * deal) <= deal * (abs(deals - round(deals)) < 1e-9)

    def test_who_affords_more_than_a_gram_affords_more_with_a_discount_and_buys_no_less(self) -> None:
        with_it, without_it = (
            fresh_block(setup_of(world, [law(LAW)], days=5), 300) for world in (only_with(), with_switches(only_with(), {"discount": False}))
        )
        before = [bought_today(block, 0) for block in (with_it, without_it)]
        deal_ug = with_it.setup.by_substance["deal_ug"][with_it.habits["substance"]]
        afford, bought = ([block.habits[name] for block in (with_it, without_it)] for name in ("afford_ug", "bought_own_ug"))
        rich = afford[1] > 1_000_000 + deal_ug
        assert (afford[0] >= afford[1])[rich].all()
        both = rich & (bought[0] > 0) & (bought[1] > 0) & (before[0]["own_ug"] == before[1]["own_ug"])
        assert (bought[0] >= bought[1])[both].all()
        assert bought[0][both].sum() > bought[1][both].sum()


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
        short, usual = (lived(w) for w in (world, only_with()))
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


class TestSubstitution:
    @settings(max_examples=8)
    @given(p=st.floats(0.0, 1.0), more=st.floats(0.0, 1.0), day=st.integers(0, 3))
    def test_a_dose_that_is_left_is_unmet_and_one_other_habit_is_wanted_instead(self, p: float, more: float, day: int) -> None:
        """Day by day from the same state: nobody leaves a dose who would not at a higher chance, and who has one habit never does."""
        tight = vary(only_with("substitution"), ALONE | {"market.access.urban": 0.3, "market.access.remote": 0.1, "market.substitution.p": 0.0})
        left = []
        for chance in (0.0, p, p + (1 - p) * more):
            block = fresh_block(setup_of(tight, [law(LAW)], days=5), 200)
            for _ in range(day):
                step_day(block)
            block.setup = setup_of(vary(tight, {"market.substitution.p": chance}), [law(LAW)], days=5)
            before, habits = bought_today(block, 0), block.habits
            gone = habits["unmet_ug"] > before["unmet_ug"]
            assert np.array_equal((habits["unmet_ug"] - before["unmet_ug"])[gone], before["dose_today_ug"][gone])
            assert not habits["dose_today_ug"][gone].any()
            instead = (habits["dose_today_ug"] > 0) & (before["dose_today_ug"] == 0)
            assert set(habits["owner"][instead].tolist()) == set(habits["owner"][gone].tolist())
            assert instead.sum() <= gone.sum()
            assert not gone[block.people["n_habits"][habits["owner"]] == 1].any()
            left.append(set(np.flatnonzero(gone).tolist()))
        assert left[0] == set()
        assert left[1] <= left[2]

    def test_certain_substitution_happens(self) -> None:
        tight = vary(only_with("substitution"), ALONE | {"market.access.urban": 0.3, "market.access.remote": 0.1, "market.substitution.p": 1.0})
        block = fresh_block(setup_of(tight, [law(LAW)], days=5), 300)
        before = bought_today(block, 0)
        assert ((block.habits["unmet_ug"] > before["unmet_ug"]).sum()) > 5


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
        tables = run(world, laws, people=1_500, mode="open")
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
    data = plain(without(busy(), "market.purity_by_form"))
    data["market"]["purity_by_form"] = {"methamphetamine": {"powder": number(0.01)}}
    a, b = (run(world, [law(LAW)], people=600, days=40).findings for world in (without(busy(), "market.purity_by_form"), scenario_of(data)))
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
