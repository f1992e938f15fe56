"""Conservation and accounting: invariants 20 to 27, 29 to 33 and 40 of the design. See docs/invariants.md."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from worlds import (
    DAYS,
    LAWS,
    OF_ENCOUNTERS,
    PEOPLE,
    SEED,
    asked,
    busy,
    busy_run,
    coupled,
    coupled_run,
    end_day,
    fresh_block,
    laws,
    nsw,
    of_law,
    one_block,
    only,
    rows_of,
    run,
    setup_of,
    where,
)

from decrimsim import chance
from decrimsim.engine import STEPS, Block
from decrimsim.measures import measure
from decrimsim.measures.replicate import ReplicateMeasures
from decrimsim.scenario import Scenario, vary
from decrimsim.schema import (
    APPEAL,
    CUTS,
    HEALTH_EVENTS,
    NEGOTIATION,
    NOTICE,
    OUTCOMES,
    PANEL,
    POLICE,
    PROSECUTOR,
    PURPOSES,
    REFERRAL,
    ROUTES,
    RUNGS,
    SENTENCE,
    STAGES,
    VERDICT,
)
from decrimsim.statistics import difference_of, mean_of
from decrimsim.tables import Columns, ReplicateTables

STOCKS = ("own_ug", "circle_ug", "sale_ug", "other_ug")
IN_FLOWS = ("bought_ug", "received_ug")
OUT_FLOWS = ("used_ug", "given_ug", "sold_total_ug", "seized_ug", "delivered_ug", "lost_ug")
MODES = ("closed", "open")


def stocks_at_start(block: Block) -> dict[int, int]:
    """Return what every habit holds on the first morning, by its identity."""
    total = sum(block.habits[name] for name in STOCKS)
    return dict(zip(block.habits["scramble"].tolist(), total.tolist(), strict=True))


def assert_grams_add_up(block: Block, start: dict[int, int]) -> None:
    """Check the grams account of every row of habits: what was there and came in is what is there and went out."""
    habits = block.habits
    came = np.array([start[identity] for identity in habits["scramble"].tolist()]) + sum(habits[name] for name in IN_FLOWS)
    went = sum(habits[name] for name in OUT_FLOWS) + sum(habits[name] for name in STOCKS)
    assert np.array_equal(came, went), f"day {block.day}: {int(np.abs(came - went).sum())} ug appear or vanish"


@cache
def lived_block() -> Block:
    """Return the busy world after its last day; not to be written to."""
    return one_block(setup_of(busy(), laws()))


def step_through(block: Block, days: int = DAYS) -> Any:
    """Take a block through its days step by step; yield the name of each step after it."""
    for _ in range(days):
        for step in STEPS:
            step.run(block)
            yield step.name
        end_day(block)


class TestGrams:
    """20, 21, 22, 40."""

    @pytest.mark.parametrize("mode", MODES)
    def test_every_gram_is_accounted_for_after_every_step(self, mode: str) -> None:
        block = fresh_block(setup_of(busy(), laws(), mode=mode))
        start = stocks_at_start(block)
        for step in step_through(block):
            if step == "buy":  # friends' shares lie with the buyer until the evening, counted once
                assert (block.habits["circle_ug"] >= 0).all()
            assert_grams_add_up(block, start)
        assert all((block.habits[name] > 0).any() for name in (*IN_FLOWS, *OUT_FLOWS) if mode == "closed" or name != "seized_ug")

    def test_every_gram_is_accounted_for_in_the_shipped_world(self) -> None:
        block = fresh_block(setup_of(nsw(), laws(), days=60), 400)
        start = stocks_at_start(block)
        for step in step_through(block, 60):
            if step == "use":
                assert_grams_add_up(block, start)

    def test_what_friends_get_is_what_friends_give_in_every_circle_all_day(self) -> None:
        block = fresh_block(setup_of(busy(), laws()))
        for step in step_through(block):
            ring = block.people["circle"][block.habits["owner"]]
            pool = ring * 64 + block.habits["substance"]
            given, received = (np.bincount(pool, block.habits[name]).astype(np.int64) for name in ("given_ug", "received_ug"))
            assert np.array_equal(given, received), f"{step} on day {block.day}"
            if step == "hand_out":
                assert not block.habits["circle_ug"].any()
                assert not block.habits["order_ug"].any()
                assert (block.habits["order_from"] == -1).all()
        assert given.sum() > 0

    def test_nothing_is_ever_negative_and_types_stay(self) -> None:
        block = fresh_block(setup_of(busy(), laws()))
        types = {(id(rows), name): rows[name].dtype for rows in (block.people, block.habits, block.circles) for name in rows.names()}
        for _ in step_through(block):
            for name in (*STOCKS, *IN_FLOWS, *OUT_FLOWS, "unmet_ug", "dose_today_ug", "order_ug", "bought_own_ug", "bought_sale_ug"):
                assert (block.habits[name] >= 0).all(), f"{name} on day {block.day}"
                assert (block.habits[name] < 2**53).all(), f"{name} grows without bound"
            assert (block.habits["p_now"] <= chance.ONE_32).all()
            assert (block.people["records"] >= 0).all()
        assert types == {(id(rows), name): rows[name].dtype for rows in (block.people, block.habits, block.circles) for name in rows.names()}
        assert np.isfinite(block.people["caution_factor"]).all()

    def test_nobody_uses_more_than_they_want_or_have(self) -> None:
        block = fresh_block(setup_of(busy(), laws()))
        before_use = STEPS[[step.name for step in STEPS].index("use") - 1].name
        for step in step_through(block):
            habits = block.habits
            if step == before_use:
                wanted, had, used, unmet = (habits[name].copy() for name in ("dose_today_ug", "own_ug", "used_ug", "unmet_ug"))
                free = block.is_free(habits["owner"])
            if step == "use":
                today = habits["used_ug"] - used
                assert np.array_equal(today, np.where(free, np.minimum(wanted, had), 0))
                assert np.array_equal(habits["unmet_ug"] - unmet, np.where(free, wanted - today, 0))

    @pytest.mark.parametrize("i", range(len(LAWS)), ids=LAWS)
    def test_what_is_taken_from_a_person_is_what_was_found_with_them(self, i: int) -> None:
        """The account of stocks against the tables: seized exactly once, in the history of the law under which it was seized."""
        block = lived_block()
        mine = block.circles["laws"][block.people["circle"], i][block.habits["owner"]]
        person, substance = block.people["person"][block.habits["owner"]], block.habits["substance"]
        taken = {(p, s): ug for p, s, ug in zip(person[mine].tolist(), substance[mine].tolist(), block.habits["seized_ug"][mine].tolist(), strict=True) if ug}
        tables = of_law(busy_run(), i)
        seized = where(tables["cases"], tables["cases"]["is_seized"])
        expected: dict[tuple[int, int], int] = {}
        for p, day, s, ug in zip(*(tables["findings"][name].tolist() for name in ("person", "day", "substance", "true_ug")), strict=True):
            if (p, day) in seized:
                expected[p, s] = expected.get((p, s), 0) + ug
        assert taken == expected
        assert taken

    def test_in_open_mode_nothing_is_taken_and_nobody_is_held(self) -> None:
        block = one_block(setup_of(busy(), laws(), mode="open"))
        assert not block.habits["seized_ug"].any()
        assert not block.people["free_from"].any()
        assert len(block.schedule.due(DAYS - 1)) and block.people.n == PEOPLE

    def test_the_parts_of_a_finding_add_up_to_it(self) -> None:
        findings = busy_run().findings
        parts = sum(findings[f"{purpose}_ug"] for purpose in PURPOSES)
        assert np.array_equal(parts, findings["true_ug"])
        assert (findings["measured_ug"] > 0).all()
        assert (findings["pure_ug"] <= findings["measured_ug"]).all()


class TestHeads:
    """23: nobody enters or leaves."""

    @pytest.mark.parametrize("mode", MODES)
    def test_every_law_has_everybody_every_day(self, mode: str) -> None:
        block = fresh_block(setup_of(busy(), laws(), mode=mode))
        for step in step_through(block):
            if step in ("police", "use"):
                counts = block.circles["laws"][block.people["circle"]].sum(axis=0)
                assert counts.tolist() == [PEOPLE] * len(LAWS)


def cases_where(tables: dict[str, Columns], column: str, codes: tuple[str, ...], *names: str) -> set[tuple[Any, ...]]:
    """Return the cases (person, day) whose column has one of some codes."""
    cases = tables["cases"]
    return where(cases, np.isin(cases[column], [codes.index(name) for name in names]))


@pytest.fixture(params=[(world, i) for world in (*MODES, "coupled") for i in range(len(LAWS))], ids=lambda p: f"{p[0]}-{LAWS[p[1]]}")
def tables(request: pytest.FixtureRequest) -> dict[str, Columns]:
    """Return the tables of one law: of the busy world in one mode, or of the one in which everything is on."""
    return one_law(*request.param)


@cache
def one_law(world: str, i: int) -> dict[str, Columns]:
    """Return the tables of one law in a world; not to be written to."""
    return of_law(coupled_run(days=DAYS) if world == "coupled" else busy_run(world), i)


class TestFunnel:
    """24, 25, 26: each case leaves each stage by one door, and later stages hold only cases of earlier ones."""

    def test_a_day_has_at_most_one_encounter_of_a_person(self, tables: dict[str, Columns]) -> None:
        encounters = tables["encounters"]
        assert len(rows_of(encounters, "person", "day")) == len(encounters["day"])

    def test_found_people_were_searched(self, tables: dict[str, Columns]) -> None:
        encounters = tables["encounters"]
        assert not (encounters["is_found"] & ~encounters["is_searched"]).any()

    def test_every_find_is_one_case_and_every_case_one_find(self, tables: dict[str, Columns]) -> None:
        encounters, cases = tables["encounters"], tables["cases"]
        found = where(encounters, encounters["is_found"])
        assert len(cases["day"]) == len(found)
        assert rows_of(cases, "person", "day") == found
        assert rows_of(tables["findings"], "person", "day") == found
        assert len(rows_of(tables["findings"], "person", "day", "substance")) == len(tables["findings"]["day"])

    def test_police_entries_equal_exits(self, tables: dict[str, Columns]) -> None:
        counts = np.bincount(tables["cases"]["police"], minlength=len(POLICE))
        assert counts.sum() == len(tables["cases"]["day"])
        proceeded = cases_where(tables, "police", POLICE, "summons", "arrest")
        assert asked(tables, "police.arrest") == proceeded
        assert asked(tables, "bail.refuse") == cases_where(tables, "police", POLICE, "arrest")
        assert cases_where(tables, "prosecutor", PROSECUTOR, *PROSECUTOR[1:]) == proceeded

    def test_charged_people_plead_contest_or_see_it_withdrawn(self, tables: dict[str, Columns]) -> None:
        charged = cases_where(tables, "prosecutor", PROSECUTOR, "charge_possession", "charge_supply")
        assert cases_where(tables, "negotiation", NEGOTIATION, *NEGOTIATION[1:]) == charged
        assert asked(tables, "negotiation.withdraw") == charged

    def test_verdicts_come_from_charges_or_from_unpaid_notices(self, tables: dict[str, Columns]) -> None:
        charged = cases_where(tables, "prosecutor", PROSECUTOR, "charge_possession", "charge_supply")
        unheard = cases_where(tables, "notice", NOTICE, "unpaid_convicted")
        assert cases_where(tables, "verdict", VERDICT, *VERDICT[1:]) == charged | unheard
        assert not charged & unheard
        supply = cases_where(tables, "verdict", VERDICT, "supply")
        assert (
            supply
            <= cases_where(tables, "prosecutor", PROSECUTOR, "charge_supply")
            <= cases_where(tables, "line", ("none", "administrative", "possession", "supply"), "supply")
        )

    def test_contested_cases_are_heard_and_pleas_are_convictions(self, tables: dict[str, Columns]) -> None:
        assert cases_where(tables, "negotiation", NEGOTIATION, "plead_supply") <= cases_where(tables, "verdict", VERDICT, "supply")
        assert cases_where(tables, "negotiation", NEGOTIATION, "plead_possession") <= cases_where(tables, "verdict", VERDICT, "possession")
        assert cases_where(tables, "negotiation", NEGOTIATION, "withdrawn") <= cases_where(tables, "verdict", VERDICT, "not_convicted")
        heard = asked(tables, "court.supply") | asked(tables, "court.possession")
        assert heard == cases_where(tables, "negotiation", NEGOTIATION, "contested")

    def test_sentences_follow_convictions_only(self, tables: dict[str, Columns]) -> None:
        convicted = cases_where(tables, "verdict", VERDICT, "possession", "supply")
        assert cases_where(tables, "sentence", SENTENCE, *SENTENCE[1:]) == convicted
        cases = tables["cases"]
        assert np.array_equal(cases["prison_days"] > 0, cases["sentence"] == SENTENCE.index("prison"))
        without_bail = cases["is_detained"]
        assert np.array_equal(cases["detention_days"][~without_bail], cases["held_days"][~without_bail])
        assert (cases["detention_days"] >= cases["held_days"]).all()

    def test_notices_panels_and_referrals_have_a_door_each(self, tables: dict[str, Columns]) -> None:
        assert cases_where(tables, "notice", NOTICE, *NOTICE[1:]) == cases_where(tables, "police", POLICE, "notice")
        sent = cases_where(tables, "police", POLICE, "panel") | cases_where(tables, "prosecutor", PROSECUTOR, "panel")
        assert cases_where(tables, "panel", PANEL, *PANEL[1:]) == sent == asked(tables, "panel.attend")
        assert cases_where(tables, "route", ROUTES, *ROUTES[1:]) == cases_where(tables, "referral", REFERRAL, *REFERRAL[1:])

    def test_times_follow_each_other(self, tables: dict[str, Columns]) -> None:
        cases = tables["cases"]
        assert (cases["closed_day"] >= cases["day"]).all()
        before_trial = np.where(cases["is_detained"], cases["detention_days"], 0)  # days in cells may outlast a case that ends at once
        assert (np.maximum(cases["closed_day"], cases["day"] + cases["held_days"]) >= cases["day"] + before_trial).all()
        assert (cases["day"] < DAYS).all()
        late = np.isin(cases["police"], [POLICE.index(name) for name in ("no_action", "warning", "caution")])
        assert np.array_equal(cases["closed_day"][late], cases["day"][late])

    def test_every_decision_can_be_made_again_from_its_row(self, tables: dict[str, Columns]) -> None:
        """The draw is that of the person and the day of the find, whatever the law: recomputed in plain Python."""
        decisions = tables["decisions"]
        assert ((decisions["p"] >= 0) & (decisions["p"] <= 1)).all()
        assert np.array_equal(decisions["is_yes"], decisions["u"] < decisions["p"])
        assert rows_of(decisions, "person", "day") <= rows_of(tables["cases"], "person", "day")
        for person, day, stage, u in list(zip(*(decisions[name].tolist() for name in ("person", "day", "stage", "u")), strict=True))[::7]:
            assert u == chance.uniform_int(chance.raw_int(chance.key(SEED, 0, STAGES[stage], day), person))


def all_of_coupled() -> ReplicateTables:
    """Return the tables of the world in which everything is on, under all laws."""
    return coupled_run(days=DAYS)


@cache
def not_free(world: Callable[[], Scenario]) -> list[set[tuple[int, int]]]:
    """Return for each law the (person, day) of who is not free in the morning, from the state of a block taken through its days."""
    block = fresh_block(setup_of(world(), laws()))
    found: list[set[tuple[int, int]]] = [set() for _ in LAWS]
    for step in step_through(block):
        if step == "wake":
            rows = np.flatnonzero(~block.is_free(np.arange(block.people.n)))
            for row, i in zip(*np.nonzero(block.circles["laws"][block.people["circle"][rows]]), strict=True):
                found[i].add((int(block.people["person"][rows[row]]), block.day))
    return found


class TestCustody:
    """27: nobody is met, buys, uses, sells or gets a share while in custody."""

    @staticmethod
    def inside(cases: Columns) -> set[tuple[int, int]]:
        """Return (person, day) of custody as the cases tell: from the morning after the find to the morning of release."""
        detention = cases["detention_days"].astype(int)
        served = np.maximum(cases["prison_days"] - detention, 0) + cases["compulsory_days"]
        is_over = cases["appeal"] == APPEAL.index("allowed")
        served = np.where(is_over, np.minimum(served, cases["appeal_day"] - np.maximum(cases["closed_day"], cases["day"] + 1)), served)
        out: set[tuple[int, int]] = set()
        for person, day, until_trial, closed, days in zip(
            *(column.tolist() for column in (cases["person"], cases["day"], detention, cases["closed_day"], served)), strict=True
        ):
            out |= {(person, t) for t in range(day + 1, min(day + until_trial, DAYS))}
            begins = max(closed, day + 1)
            out |= {(person, t) for t in range(begins, min(begins + days, DAYS))}
        return out

    @pytest.mark.parametrize("i", range(len(LAWS)), ids=LAWS)
    @pytest.mark.parametrize("lived", [busy_run, all_of_coupled])
    def test_nobody_is_stopped_while_in_custody(self, i: int, lived: Callable[[], ReplicateTables]) -> None:
        tables = of_law(lived(), i)
        inside = self.inside(tables["cases"])
        assert len(inside) > 20
        assert not inside & rows_of(tables["encounters"], "person", "day")

    @pytest.mark.parametrize("i", range(len(LAWS)), ids=LAWS)
    @pytest.mark.parametrize(("world", "lived"), [(busy, busy_run), (coupled, all_of_coupled)])
    def test_who_is_held_is_who_the_cases_say(self, i: int, world: Callable[[], Scenario], lived: Callable[[], ReplicateTables]) -> None:
        """State against tables, every person and day: nobody is held a day too long or too short, in any split history; the dead are never free."""
        tables = of_law(lived(), i)
        died = only(tables["health"], tables["health"]["kind"] == HEALTH_EVENTS.index("overdose_death"))
        dead = {(person, t) for person, day in rows_of(died, "person", "day") for t in range(day + 1, DAYS)}
        assert bool(dead) == (world is coupled)
        assert not_free(world)[i] == self.inside(tables["cases"]) | dead

    @pytest.mark.parametrize("base", [busy, coupled])
    def test_custody_stops_buying_using_selling_and_sharing(self, base: Callable[[], Scenario]) -> None:
        """From the morning for those held before, from the arrest on for those held today, whatever had been bought for them."""
        world = vary(base(), {"practice.court.bail_refused.possession": 0.9, "police.street": 60.0})
        block = fresh_block(setup_of(world, laws()), 400)
        flows = ("bought_ug", "received_ug", "given_ug", "used_ug", "sold_total_ug")
        held_days, orders = 0, 0
        for step in step_through(block):
            if step in ("deliver", "police"):  # a parcel that was ordered before comes home all the same
                held = np.flatnonzero(~block.is_free(block.habits["owner"]))
                before = {name: block.habits[name][held].copy() for name in flows}
                held_days += len(held)
                orders += int((block.habits["order_ug"][held] > 0).sum()) if step == "police" else 0
            elif step in ("buy", "use"):
                assert all(np.array_equal(block.habits[name][held], before[name]) for name in flows), f"{step} on day {block.day}"
        assert held_days > 100
        assert orders > 3

    def test_the_chance_of_use_follows_custody_and_services_every_day(self) -> None:
        """None in custody, less in a service, the usual one from the day of release: never forgotten, also after a history splits."""
        block = fresh_block(setup_of(busy(), laws()))
        held, served = 0, 0
        for step in step_through(block):
            if step in ("wake", "use"):
                owner, usual = block.habits["owner"], block.habits["p_use32"]
                in_service = block.people["service_until"][owner] > block.day
                expected = np.where(in_service, usual * block.setup.use_left_q16[0, 0] >> 16, usual)
                assert np.array_equal(block.habits["p_now"], np.where(block.is_free(owner), expected, 0).astype(np.uint64)), f"day {block.day}"
                held, served = held + int((~block.is_free(owner)).sum()), served + int(in_service.sum())
        assert min(held, served) > 100
        assert (block.is_free(np.arange(block.people.n)) & (block.people["free_from"] > 0)).any()


def measured(order: tuple[str, ...] = LAWS, baseline: int = 0, replicate: int = 0) -> ReplicateMeasures:
    """Return the measures of the busy world under some laws."""
    tables = busy_run() if (order, replicate) == (LAWS, 0) else run(busy(), laws(*order), replicate=replicate)
    return measure(tables, busy(), len(order), baseline, days=DAYS)


class TestMeasures:
    """29 to 33."""

    def test_groups_add_up_to_everybody(self) -> None:
        m = measured()
        kinds = {kind for kind, _ in m.groups[1:]}
        assert len(kinds) >= 5
        for kind in kinds:
            at = [g for g, (k, _) in enumerate(m.groups) if k == kind]
            assert m.group_people[at].sum() == PEOPLE == m.group_people[0]
            assert np.array_equal(m.group_outcomes[:, at].sum(axis=1), m.outcomes)
            assert np.array_equal(m.group_flags[:, at].sum(axis=1), m.widening.n_flag)

    def test_outcomes_are_counts_of_table_rows(self) -> None:
        m = measured()
        for i in range(len(LAWS)):
            tables = of_law(busy_run(), i)
            assert m.outcomes[i, OUTCOMES.index("stops")] == len(tables["encounters"]["day"])
            assert m.outcomes[i, OUTCOMES.index("found")] == len(tables["cases"]["day"])
            assert m.outcomes[i, OUTCOMES.index("arrests")] == (tables["cases"]["police"] == POLICE.index("arrest")).sum()
            assert m.outcomes[i, OUTCOMES.index("convictions_supply")] == (tables["cases"]["verdict"] == VERDICT.index("supply")).sum()

    def test_ledger_margins_are_the_counts_of_each_law(self) -> None:
        by_baseline = [measured(baseline=b).widening.ledger for b in range(len(LAWS))]
        marginal = [np.diag(by_baseline[i][i]) for i in range(len(LAWS))]
        for b, ledger in enumerate(by_baseline):
            for i in range(len(LAWS)):
                assert ledger[i].shape == (len(RUNGS), len(RUNGS))
                assert np.array_equal(ledger[i].sum(axis=1), marginal[b])
                assert np.array_equal(ledger[i].sum(axis=0), marginal[i])
                assert ledger[i].sum() == PEOPLE

    def test_net_widening_is_gross_widening_less_gross_narrowing(self) -> None:
        w = measured().widening
        assert np.array_equal(w.gross_widening - w.gross_narrowing, w.n_flag - w.n_flag[0])
        assert w.gross_widening[1:].any()
        assert w.gross_narrowing[1:].any()

    def test_fewer_people_reach_a_higher_rung(self) -> None:
        for ledger in measured().widening.ledger:
            at_least = ledger.sum(axis=0)[::-1].cumsum()
            assert (np.diff(at_least) >= 0).all()
        n_flag = measured().widening.n_flag
        assert (n_flag[:, CUTS.index("contact")] >= n_flag[:, CUTS.index("coercive")]).all()
        assert (n_flag[:, CUTS.index("criminal")] >= n_flag[:, CUTS.index("supply")]).all()

    def test_a_law_against_itself_differs_in_nothing(self) -> None:
        m = measured(("portugal", "portugal"))
        assert not (m.widening.ledger[1] - np.diag(np.diag(m.widening.ledger[1]))).any()
        assert not m.widening.gross_widening.any()
        assert not m.widening.gross_narrowing.any()
        assert not m.widening.denser.any()
        assert not m.widening.different.any()
        assert np.array_equal(m.outcomes[0], m.outcomes[1])
        estimate = difference_of(m.outcomes[1].tolist(), m.outcomes[0].tolist())
        assert (estimate.mean, estimate.mcse) == (0.0, 0.0)

    def test_swapping_two_laws_transposes_the_ledger(self) -> None:
        forth, back = measured(("nsw-deemed-supply", "portugal")), measured(("portugal", "nsw-deemed-supply"))
        assert np.array_equal(forth.widening.ledger[1], back.widening.ledger[1].T)
        assert np.array_equal(forth.widening.gross_widening[1], back.widening.gross_narrowing[1])
        assert np.array_equal(forth.outcomes[1] - forth.outcomes[0], -(back.outcomes[1] - back.outcomes[0]))
        assert forth.widening.ledger[1].trace() < PEOPLE

    def test_differences_add_up_along_a_chain_of_laws(self) -> None:
        n_flag = {b: measured(baseline=b).widening for b in range(3)}
        net = {(b, i): n_flag[b].gross_widening[i] - n_flag[b].gross_narrowing[i] for b in range(3) for i in range(3)}
        assert np.array_equal(net[0, 2], net[0, 1] + net[1, 2])

    def test_the_mean_over_replicates_does_not_depend_on_their_order(self) -> None:
        values = [measured(("portugal",), replicate=r).outcomes[0].tolist() for r in range(3)]
        column = [float(v[OUTCOMES.index("stops")]) for v in values]
        assert len(set(column)) > 1
        assert mean_of(column) == mean_of(column[::-1])


def test_law_tables_are_all_exercised() -> None:
    """Equalities of empty sets say nothing: every door of the decision path is used in the busy world."""
    seen: dict[str, set[int]] = {
        name: set() for name in ("police", "prosecutor", "negotiation", "verdict", "sentence", "panel", "referral", "line", "effect", "notice", "route")
    }
    for name in seen:
        seen[name] = set(np.unique(busy_run().cases[name]).tolist())
    assert seen["police"] == set(range(len(POLICE)))
    assert seen["prosecutor"] == set(range(len(PROSECUTOR)))
    assert seen["negotiation"] == set(range(len(NEGOTIATION)))
    assert set(np.unique(busy_run().cases["appeal"]).tolist()) == set(range(len(APPEAL)))
    assert seen["verdict"] == set(range(len(VERDICT)))
    assert seen["sentence"] == set(range(len(SENTENCE)))
    assert seen["panel"] >= {PANEL.index("suspended"), PANEL.index("sanctioned")}
    assert seen["notice"] == set(range(len(NOTICE)))
    assert seen["route"] == set(range(len(ROUTES)))
    assert seen["effect"] >= {0, 2, 3, 4}
    assert seen["line"] == {0, 1, 2, 3}
    assert seen["referral"] == set(range(len(REFERRAL)))
    assert all(len(getattr(busy_run(), name)) for name in OF_ENCOUNTERS)
