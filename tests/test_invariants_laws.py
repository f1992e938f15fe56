"""Degenerate laws, closed forms and monotone relations: invariants 41 to 45, 51 to 53 and 55 to 57 of the design. See docs/invariants.md."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import numpy as np
import pytest
from worlds import (
    DAYS,
    LAWS,
    PEOPLE,
    RATES,
    TABLES,
    busy,
    busy_run,
    calm_calendar,
    digest,
    end_day,
    fresh_block,
    law,
    laws,
    no_police,
    of_law,
    one_block,
    only,
    rows_of,
    run,
    setup_of,
    where,
)

from decrimsim.engine import STEPS
from decrimsim.law import Law
from decrimsim.scenario import Scenario, vary, with_switches
from decrimsim.schema import CHANNELS, EFFECTS, LINE, NEGOTIATION, POLICE, PROSECUTOR, SENTENCE, VENUES, VERDICT
from decrimsim.tables import Columns, ReplicateTables

SUBSTANCES = ("cannabis_herb", "mdma", "cocaine", "methamphetamine", "heroin")
Event = tuple[Any, ...]


def with_limit(limit: str) -> Law:
    """Return the first law with one traffickable quantity for all substances."""
    return law("nsw-deemed-supply").patch({f"tables.traffickable.{substance}": limit for substance in SUBSTANCES})


def at_least(tables: ReplicateTables, i: int, column: str, code: int) -> set[Event]:
    """Return the cases of a law whose column has at least a code."""
    cases = tables.cases.for_law(i)
    return where(cases, cases[column] >= code)


LIMITS = ("0 g", "1 ug", "100 mg", "250 mg", "500 mg", "0.75 g", "1 g", "2 g", "3 g", "5 g", "20 g", "100 g", "1 kg", "unlimited")


@cache
def with_limits() -> ReplicateTables:
    """Return the tables of one pass in open mode under a law for each of LIMITS; not to be written to."""
    return run(busy(), [with_limit(limit) for limit in LIMITS], mode="open")


class TestZeroEnforcement:
    """41."""

    def test_nobody_is_met_and_nothing_follows(self) -> None:
        tables = run(no_police(), laws(), days=45)
        assert all(len(getattr(tables, name)) == 0 for name in TABLES)
        assert tables.rows == PEOPLE

    @pytest.mark.parametrize("mode", ["closed", "open"])
    def test_behaviour_is_the_same_under_any_law(self, mode: str) -> None:
        world = with_switches(no_police(), {"expungement": False, "repeat_rules": False})  # what a law keeps of records is its own
        states = {digest(one_block(setup_of(world, laws(name), mode=mode, days=45), 150)) for name in LAWS}
        assert len(states) == 1

    def test_open_mode_behaves_as_if_there_were_no_police(self) -> None:
        """Consequences are counted and written back nowhere, so stocks are those of a world without police."""
        watched, alone = one_block(setup_of(busy(), laws(), mode="open")), one_block(setup_of(no_police(), laws(), mode="open"))
        assert len(busy_run("open").cases) > 500
        assert all(np.array_equal(watched.habits[name], alone.habits[name]) for name in watched.habits.names())


class TestGoldStandard:
    """42: no sanction for use or possession."""

    @pytest.mark.parametrize("mode", ["closed", "open"])
    def test_nobody_is_sanctioned_for_use_or_possession(self, mode: str) -> None:
        tables = of_law(busy_run(mode), LAWS.index("gold-standard"))
        cases = tables["cases"]
        assert set(cases["line"].tolist()) <= {LINE.index("none"), LINE.index("supply")}
        own = only(cases, cases["line"] != LINE.index("supply"))
        assert len(own["day"]) > 20
        assert not own["police"].any()
        assert not own["is_seized"].any()
        for column in ("prosecutor", "negotiation", "verdict", "sentence", "notice", "panel", "detention_days", "prison_days", "fine_minor", "is_compelled"):
            assert not own[column].any(), column
        assert not np.isin(cases["prosecutor"], [PROSECUTOR.index("charge_possession"), PROSECUTOR.index("panel")]).any()
        assert not (cases["verdict"] == VERDICT.index("possession")).any()

    def test_nobody_is_stopped_on_suspicion_of_possession(self) -> None:
        """Encounters are those of another law that rest on suspicion of supply: a subset in open mode."""
        gold, other = (of_law(busy_run("open"), LAWS.index(name))["encounters"] for name in ("gold-standard", "nsw-deemed-supply"))
        assert rows_of(gold) < rows_of(other)
        assert len(gold["day"]) < 0.3 * len(other["day"])


class TestExtremeLimits:
    """43."""

    def test_an_infinite_limit_presumes_nothing(self) -> None:
        cases = with_limits().cases.for_law(LIMITS.index("unlimited"))
        assert len(cases["day"]) > 100
        assert not (cases["effect"] >= EFFECTS.index("indicative")).any()

    @pytest.mark.parametrize("limit", ["0 g", "1 ug"])
    def test_a_limit_of_nothing_presumes_supply_of_everybody_found(self, limit: str) -> None:
        cases = with_limits().cases.for_law(LIMITS.index(limit))
        assert len(cases["day"]) > 100
        assert (cases["effect"] == EFFECTS.index("presumption")).all()

    def test_a_find_exactly_at_the_limit_reaches_it_and_one_microgram_less_does_not(self) -> None:
        """Limits are set to what the scales said and to a microgram more, one find each: 'not less than' is decided by whole numbers."""
        findings = busy_run("open").findings.for_law(0)
        single = [i for i in range(len(findings["day"])) if (findings["person"] == findings["person"][i]).sum() == 1][:8]
        some = [with_limit(f"{int(findings['measured_ug'][i]) + step_ug} ug") for i in single for step_ug in (0, 1)]
        tables = run(busy(), some, mode="open")
        for n, i in enumerate(np.repeat(single, 2).tolist()):
            cases = tables.cases.for_law(n)
            at = (cases["person"] == findings["person"][i]) & (cases["day"] == findings["day"][i])
            assert (cases["effect"][at] == EFFECTS.index("presumption")).tolist() == [n % 2 == 0]
        assert len(single) == 8


class TestSearches:
    """44, 45."""

    def test_nothing_is_found_in_public_on_people_who_carry_nothing(self) -> None:
        tables = run(vary(busy(), {"carrying.p_carry": 0.0, "people.no_safe_home": 0.0}), laws())
        encounters = tables.encounters
        public = np.isin(encounters["channel"], [CHANNELS.index("street"), CHANNELS.index("dog")])
        assert (public & encounters["is_searched"]).sum() > 190
        assert not (public & encounters["is_found"]).any()
        assert (~public & encounters["is_found"]).any()

    def test_if_everybody_is_stopped_and_everything_found_finds_are_holders(self) -> None:
        certain = {
            "police.street": 10_000.0,
            "police.search.street": 1.0,
            "police.search_cue.street": 1.0,
            "police.find.street": 1.0,
            "carrying.p_carry": 1.0,
            "carrying.dose_only": 0.0,
            "carrying.some": 0.0,
        }
        nothing_else = dict.fromkeys(
            (
                "police.dog.urban",
                "police.dog.remote",
                "police.purchase",
                "police.warrant.consumer",
                "police.warrant.social_supplier",
                "police.warrant.user_dealer",
                "police.warrant.commercial",
            ),
            0.0,
        )
        block = fresh_block(setup_of(vary(calm_calendar(), certain | nothing_else), laws("nsw-deemed-supply"), mode="open", days=10))
        for _ in range(10):
            for step in STEPS:
                step.run(block)
                if step.name == "buy":
                    habits = block.habits
                    has = (habits["own_ug"] > 0) | (np.minimum(habits["sale_ug"], habits["sold_ug"]) > 0)
                    holders = set(block.people["person"][np.unique(habits["owner"][has])].tolist())
            today = block.log["encounters"][-1]
            assert len(today["person"]) == PEOPLE
            assert set(today["person"][today["is_found"]].tolist()) == holders
            assert 0 < len(holders) < PEOPLE
            end_day(block)


class TestHigherLimits:
    """51 and 52, open: nested, exactly. In closed mode they hold only in expectation."""

    def test_people_over_a_higher_limit_were_over_the_lower(self) -> None:
        tables = with_limits()
        over = [at_least(tables, i, "effect", EFFECTS.index("presumption")) for i in range(len(LIMITS))]
        assert all(higher <= lower for lower, higher in itertools.pairwise(over))
        assert over[-1] == set()
        assert len({len(one) for one in over}) > 6

    def test_a_higher_limit_charges_nobody_new_with_supply(self) -> None:
        """Beliefs of police and prosecutors do not fall as the law says more, and the draws are the same."""
        tables = with_limits()
        charged = [at_least(tables, i, "prosecutor", PROSECUTOR.index("charge_supply")) for i in range(len(LIMITS))]
        assert all(higher <= lower for lower, higher in itertools.pairwise(charged))
        assert len(charged[0]) > len(charged[-1])

    def test_tiers_never_rise_as_limits_do(self) -> None:
        tables = with_limits()
        tiers = np.array([tables.cases.for_law(i)["tier"] for i in range(len(LIMITS))])
        assert (np.diff(tiers, axis=0) <= 0).all()


class TestBurdenAndPresumption:
    """53 and 55, open."""

    def test_a_higher_standard_of_proof_convicts_a_subset_of_supply(self) -> None:
        base = law("nsw-burden-on-state")
        tiers = [tier for tier, effect in base.data["effects"].items() if "standard" in effect]
        doubt, balance = (
            base.patch({f"effects.{tier}.standard": standard for tier in tiers}) for standard in ("beyond_reasonable_doubt", "balance_of_probabilities")
        )
        world = vary(busy(), {"practice.court.balance_factor": 3.0, "practice.court.plead_supply.none": 0.0, "practice.court.plead_supply.indicative": 0.0})
        tables = run(world, [doubt, balance], people=1500, mode="open")
        strict, lax = (at_least(tables, i, "verdict", VERDICT.index("supply")) for i in range(2))
        assert strict < lax

    def test_a_rebuttable_presumption_convicts_a_subset_of_a_conclusive_one(self) -> None:
        """Holds where a conclusive amount brings at least as many pleas to supply and at most as many pleas down, as in the shipped world."""
        court = busy().practice.court
        assert court.plead_supply.conclusive.value >= court.plead_supply.presumption.value
        assert court.plead_down.conclusive.value <= court.plead_down.presumption.value
        tables = run(busy(), laws("nsw-deemed-supply", "conclusive"), people=1000, mode="open")
        rebuttable, conclusive = (at_least(tables, i, "verdict", VERDICT.index("supply")) for i in range(2))
        assert rebuttable < conclusive

    def test_a_conclusive_amount_is_always_treated_as_supply(self) -> None:
        cases = run(busy(), laws("conclusive")).cases
        conclusive = cases["effect"] == EFFECTS.index("conclusive")
        assert conclusive.sum() > 10
        assert (cases["line"][conclusive] == LINE.index("supply")).all()

    def test_a_conclusive_amount_leaves_nothing_to_contest(self) -> None:
        """Every contested charge of supply over a conclusive limit ends in conviction for supply, with a lawyer or without."""
        pleas = {"practice.court.plead_supply.conclusive": 0.0, "practice.court.plead_down.conclusive": 0.0, "practice.court.represented_factor": 0.1}
        cases = run(vary(busy(), pleas), laws("conclusive"), people=800, mode="open").cases
        heard = (cases["negotiation"] == NEGOTIATION.index("contested")) & (cases["prosecutor"] == PROSECUTOR.index("charge_supply"))
        conclusive = heard & (cases["effect"] == EFFECTS.index("conclusive"))
        assert conclusive.sum() > 10
        assert (cases["verdict"][conclusive] == VERDICT.index("supply")).all()


class TestPolicing:
    """56 and 57, open."""

    @staticmethod
    def encounters(scenario: Scenario) -> Columns:
        return of_law(run(scenario, laws("nsw-deemed-supply"), mode="open"), 0)["encounters"]

    def test_more_stops_everywhere_stop_the_same_people_and_others(self) -> None:
        """(person, day) is a superset; without lockdown, crackdowns and effects of records, where no part of a channel's room stands empty."""
        calm = with_switches(calm_calendar(), {"record_effects": False})
        known = {path: parameter.number() for path, parameter in calm.parameters()}
        more = vary(calm, {f"police.{rate}": 1.5 * known[f"police.{rate}"] for rate in RATES})
        few, many = (rows_of(self.encounters(world), "person", "day") for world in (calm, more))
        assert few < many

    def test_more_observed_purchases_change_no_other_encounter(self) -> None:
        """The last room in a draw: every row of the table stays, lockdown and crackdowns included."""
        few, many = (rows_of(self.encounters(world)) for world in (busy(), vary(busy(), {"police.purchase": 200.0})))
        assert few < many

    def test_a_higher_rate_in_a_crackdown_leaves_quiet_regions_and_days_to_the_same_people(self) -> None:
        """The room for a crackdown is there on every day, so street stops elsewhere and before it are the same rows."""
        calm, raided = (
            self.encounters(world) for world in (vary(busy(), {"police.raid_factor": 1.0, "market.lockdown": None}), vary(busy(), {"market.lockdown": None}))
        )
        people = busy_run().people
        remote = set(people["person"][people["region"] == 1].tolist())
        street = [
            rows_of(only(columns, np.isin(columns["person"], list(remote)) & (columns["day"] < 36) & (columns["channel"] == CHANNELS.index("street"))))
            for columns in (calm, raided)
        ]
        assert len(street[0]) > 20
        assert street[0] == street[1]
        assert len(raided["day"]) > len(calm["day"])

    @pytest.mark.parametrize(("section", "column"), [("find", "is_found"), ("search", "is_searched"), ("search_cue", "is_searched")])
    def test_better_searches_find_the_same_and_more(self, section: str, column: str) -> None:
        paths = [f"police.{channel}.{section}" if channel in VENUES else f"police.{section}.{channel}" for channel in CHANNELS]
        worse = vary(busy(), dict.fromkeys(paths, 0.2))
        few, many = self.encounters(worse), self.encounters(vary(worse, dict.fromkeys(paths, 0.6)))
        assert rows_of(few, "person", "day", "channel", "has_cue") == rows_of(many, "person", "day", "channel", "has_cue")
        assert where(few, few[column]) < where(many, many[column])


class TestPeople:
    """A find has the same facts under every law, and a stopped person without drugs is never found."""

    def test_facts_of_a_find_do_not_depend_on_the_law_in_open_mode(self) -> None:
        facts = [rows_of(of_law(busy_run("open"), i)["findings"]) for i in range(len(LAWS)) if LAWS[i] != "gold-standard"]
        assert all(one == facts[0] for one in facts)
        assert len(facts[0]) > 200

    def test_prison_needs_a_conviction_and_a_maximum_that_allows_it(self) -> None:
        for i, name in enumerate(LAWS):
            cases = of_law(busy_run(), i)["cases"]
            imprisoned = cases["sentence"] == SENTENCE.index("prison")
            assert (cases["verdict"][imprisoned] >= VERDICT.index("possession")).all()
            if name.startswith(("nsw", "divert", "conclusive")):
                assert (cases["prison_days"][imprisoned & (cases["verdict"] == VERDICT.index("possession"))] <= 730).all()
            assert (cases["police"][imprisoned] >= POLICE.index("summons")).all()
        assert DAYS == 60
