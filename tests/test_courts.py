"""Courts, sanctions, repeats and records: conservation, what they leave alone, monotone relations, and state against the tables."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from twin.some_laws import law_of_everything, law_of_sanctions
from worlds import DAYS, asked, busy, first_difference, law, laws, of_law, one_block, run, setup_of, where, without

from decrimsim.engine.records import RECORDS
from decrimsim.kernels.couplings import next_backlog, queue_days
from decrimsim.law import Law, load_law
from decrimsim.scenario import Scenario, vary, with_switches
from decrimsim.schema import APPEAL, BRIBE, DIVERSION, DROP_OUT, LINE, NEGOTIATION, POLICE, PROSECUTOR, SANCTIONS, STAGES, VERDICT
from decrimsim.tables import Columns, ReplicateTables

CHANGES_NOTHING_UNDER_NSW = ("diversion_conditions", "precedent", "sentencing_ranges", "sanctions", "repeat_rules", "appointments", "expungement")
"""Mechanisms about which the law of New South Wales says nothing."""
PEOPLE, NSW = 150, 2
"""How many people, and the place of the law of New South Wales among the laws."""


@cache
def everything() -> Scenario:
    """Return the busy world in which the new choices are made often."""
    chances = {
        "practice.prosecutor.divert": 0.5,
        "practice.diversion_conditions.breach": 0.5,
        "practice.repeat_rules.known": 1.0,
        "practice.sanctions.fine": 0.5,
        "practice.expungement.on_request": 0.5,
    }
    return with_switches(vary(busy(), chances), {"prosecutor_queue": True, "court_queue": True})


@cache
def some_laws() -> tuple[Law, ...]:
    return (law_of_sanctions(), law_of_everything(), law("nsw-deemed-supply"), load_law("latvia"), load_law("gold-standard"))


@cache
def lived(mode: str = "closed") -> ReplicateTables:
    """Return what happens in the busy world under laws that use everything; not to be written to."""
    return run(everything(), some_laws(), people=PEOPLE, mode=mode)


def test_mechanisms_about_which_the_law_says_nothing_change_nothing() -> None:
    silent = with_switches(everything(), dict.fromkeys(CHANGES_NOTHING_UNDER_NSW, False))
    on_rows, off_rows = of_law(lived(), NSW), of_law(run(silent, laws("nsw-deemed-supply"), people=PEOPLE), 0)
    on_rows, off_rows = (rows | {"cases": {**rows["cases"]}} for rows in (on_rows, off_rows))
    for rows in (on_rows, off_rows):  # whether there were conditions is noted only where the world asks
        rows["cases"]["diversion"] = np.zeros_like(rows["cases"]["diversion"])
    assert first_difference(on_rows, off_rows) == ""


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 10**6))
def test_hearings_that_came_were_heard_or_wait_and_more_capacity_never_waits_longer(waiting: int, came: int, capacity: int, more: int) -> None:
    backlog, new = np.array([waiting]), np.array([came])
    left = next_backlog(backlog, asked_q16=new, capacity_q16=capacity)
    heard = waiting + came - int(left[0])
    assert 0 <= heard <= capacity
    assert left[0] == 0 or heard == capacity
    assert next_backlog(backlog, asked_q16=new, capacity_q16=capacity + more)[0] <= left[0]
    days = [queue_days(left, capacity_q16=c, period_days=28, longest_days=10**6)[0] for c in (capacity, capacity + more)]
    assert days[1] <= days[0]


@pytest.mark.parametrize("queue", ["prosecutor_queue", "queue"])
def test_an_office_that_deals_with_everything_is_a_world_without_its_queue(queue: str) -> None:
    ample = vary(everything(), {f"practice.{queue}.capacity": 1e6, f"practice.{queue}.opening": 0.0})
    some = run(ample, some_laws(), people=PEOPLE), run(without(everything(), f"practice.{queue}"), some_laws(), people=PEOPLE)
    for i in range(len(some_laws())):
        assert first_difference(of_law(some[0], i), of_law(some[1], i)) == ""


@pytest.mark.parametrize("column", ["prosecutor_queue_days", "queue_days"])
def test_the_queue_of_a_law_is_what_its_own_cases_asked_for(column: str) -> None:
    """By hand from the table of cases: before prosecutors each takes one decision; at court a charge takes one hearing, a contested one as many as the world says."""
    practice = everything().practice
    assert practice.queue is not None
    assert practice.prosecutor_queue is not None
    is_court = column == "queue_days"
    queue = practice.queue if is_court else practice.prosecutor_queue
    capacity = int(queue.capacity.value * 65536) * PEOPLE // 1000
    for i in range(len(some_laws())):
        cases = of_law(lived(), i)["cases"]
        charged = cases["prosecutor"] >= PROSECUTOR.index("charge_possession")
        hearings = np.where(cases["negotiation"] == NEGOTIATION.index("contested"), int(practice.queue.contested.value * 65536), 65536) * charged
        work = hearings if is_court else 65536 * np.isin(cases["police"], [POLICE.index("summons"), POLICE.index("arrest")])
        waiting, in_force = round(queue.opening.value) * capacity // 28, round(queue.opening.value)
        for period in range(DAYS // 28 + 1):
            here = cases["day"] // 28 == period
            assert set(cases[column][here].tolist()) <= {in_force}
            waiting = max(waiting + int(work[here].sum()) - capacity, 0)
            in_force = min(waiting * 28 // capacity, round(queue.longest.value))
    assert len(set(of_law(lived(), 0)["cases"][column].tolist())) > 1


@pytest.mark.parametrize("queue", ["prosecutor_queue", "queue"])
def test_behind_more_work_the_first_case_of_a_person_never_ends_sooner(queue: str) -> None:
    """In open mode the queue stays at what waits on the first day, and a first case is the same; later ones follow other records."""
    short, long = (run(vary(everything(), {f"practice.{queue}.opening": days}), some_laws(), people=PEOPLE, mode="open") for days in (0.0, 30.0))
    for i in range(len(some_laws())):
        a, b = (_first_cases(of_law(tables, i)["cases"]) for tables in (short, long))
        assert (a["verdict"] == b["verdict"]).all()
        assert (a["closed_day"] <= b["closed_day"]).all()
        assert (a["detention_days"] <= b["detention_days"]).all()
        assert i == 4 or (a["closed_day"] < b["closed_day"]).any()


def _first_cases(cases: Columns) -> Columns:
    _, first = np.unique(cases["person"], return_index=True)
    return {name: column[first] for name, column in cases.items()}


def test_convictions_on_record_are_those_that_fell_and_were_not_taken_off() -> None:
    """State against tables: without expungement, prior ones and those fallen by the last day, less those whose appeal was allowed by then."""
    scenario = without(everything(), "practice.expungement")
    block = one_block(setup_of(scenario, some_laws()), people=PEOPLE)
    tables, last = run(scenario, some_laws(), people=PEOPLE), DAYS - 1
    removed = 0
    for i in range(len(some_laws())):
        cases = of_law(tables, i)["cases"]
        convicted = cases["verdict"] >= VERDICT.index("possession")
        fell = convicted & (np.maximum(cases["closed_day"], cases["day"] + 1) <= last)
        off = fell & (cases["appeal"] == APPEAL.index("allowed")) & (cases["appeal_day"] <= last)
        expected = tables.people["had_conviction"].astype(int) + np.bincount(cases["person"][fell & ~off], minlength=PEOPLE)
        rows = np.flatnonzero(block.circles["laws"][:, i][block.people["circle"]])
        on_record = block.people["records"][rows, i, RECORDS.index("convictions")]
        assert (expected[block.people["person"][rows]] == on_record).all()
        removed += int(off.sum())
    assert removed > 0


def test_a_law_that_clears_records_at_once_leaves_none_from_before_and_others_leave_all() -> None:
    block = one_block(setup_of(everything(), some_laws(), days=0), people=PEOPLE)
    on_record = block.people["records"][:, :, RECORDS.index("convictions")] > 0
    had = block.table["had_conviction"].astype(bool)
    assert not on_record[~block.table["had_supply_conviction"].astype(bool), 4].any()
    assert (on_record[:, 2] == had).all() and had.any()
    on_request = on_record[had, 0]
    assert on_request.any() and not on_request.all()


def test_latvia_a_second_incident_within_a_year_is_asked_about_and_becomes_a_crime() -> None:
    rows = of_law(lived(), 3)
    cases, found = rows["cases"], asked(rows, "repeat.known")
    incident = (cases["line"] > 0) & ~((cases["police"] == 0) & (cases["line"] == 2)) & (cases["bribe"] != BRIBE.index("paid"))
    first: dict[int, int] = {}
    second = set()
    for person, day, counts in zip(cases["person"].tolist(), cases["day"].tolist(), incident.tolist(), strict=True):
        if person in first and day > first[person]:
            second.add((person, day))
        if counts:
            first.setdefault(person, day)
    assert found == second and len(found) > 5
    small = (cases["tier"] == 0) & (cases["line"] < LINE.index("supply"))
    assert where(cases, small & (cases["line"] == LINE.index("possession"))) == where(cases, small) & found
    assert where(cases, small) & found


def test_a_rule_that_the_present_case_meets_alone_holds_whatever_laws_are_compared() -> None:
    first = law("portugal").patch({"repeat": {"counter": "incidents", "at": 1, "effect": "becomes_crime"}})
    alone = run(everything(), [first])
    assert len(alone.decisions.for_law(0)["stage"][alone.decisions.for_law(0)["stage"] == STAGES.index("repeat.known")]) > 0
    together = run(everything(), [law("latvia"), first])
    assert first_difference(of_law(alone, 0), of_law(together, 1)) == ""


def test_a_window_that_is_over_counts_no_more() -> None:
    narrow = load_law("latvia").patch({"repeat.within_days": 1})
    wide, short = (asked(rows, "repeat.known") for rows in (of_law(lived(), 3), of_law(run(everything(), [narrow], people=PEOPLE), 0)))
    assert len(short) < len(wide)


def test_sanctions_are_only_those_that_the_law_allows() -> None:
    allowed = {0: set(SANCTIONS), 1: set(), 2: set(), 3: {"fine"}, 4: set()}
    for i, names in allowed.items():
        bits = int(np.bitwise_or.reduce(of_law(lived(), i)["cases"]["sanctions"]))
        assert {name for k, name in enumerate(SANCTIONS) if bits >> k & 1} == names
    cases = of_law(lived(), 0)["cases"]
    detained = (cases["sanctions"] >> SANCTIONS.index("compulsory_detention") & 1 == 1) & (
        cases["sanctions"] >> SANCTIONS.index("administrative_arrest") & 1 == 0
    )
    detained &= cases["appeal"] != APPEAL.index("allowed")  # which ends what is left
    assert ((cases["compulsory_days"][detained] >= 6) & (cases["compulsory_days"][detained] <= 12)).all() and detained.any()
    assert (cases["compulsory_days"][cases["sanctions"] < 1 << SANCTIONS.index("compulsory_detention")] == 0).all()


def test_prison_keeps_to_the_laws_own_terms_where_courts_do() -> None:
    kept = run(vary(everything(), {"practice.sentencing_range.kept": 1.0}), [law_of_sanctions()], people=PEOPLE)
    cases = of_law(kept, 0)["cases"]
    supply = (cases["verdict"] == VERDICT.index("supply")) & (cases["appeal"] != APPEAL.index("allowed"))
    assert supply.any()
    assert ((cases["prison_days"][supply] >= 20) & (cases["prison_days"][supply] <= 40)).all(), "a mandatory minimum is a minimum for everybody"


@pytest.mark.parametrize("delay", [0.0, 3.0])
def test_an_appeal_that_is_allowed_ends_what_is_not_yet_served(delay: float) -> None:
    """Against the same cases in which no appeal succeeds: time held before trial stays, and prison and detention after it last the appeal's delay at most."""
    certain = {"practice.appeal.file.possession": 1.0, "practice.appeal.file.supply": 1.0, "practice.appeal.delay": delay}
    allowed, dismissed = (
        run(
            vary(everything(), certain | {f"practice.appeal.succeed.{kind}": chance for kind in ("possession", "supply")}),
            some_laws(),
            people=PEOPLE,
            mode="open",
        )
        for chance in (1.0, 0.0)
    )
    shorter = 0
    for i in range(len(some_laws())):
        a, b = (_first_cases(of_law(tables, i)["cases"]) for tables in (allowed, dismissed))
        has_won = a["appeal"] == APPEAL.index("allowed")
        after = {name: np.maximum(rows["prison_days"] - rows["detention_days"], 0) + rows["compulsory_days"] for name, rows in (("a", a), ("b", b))}
        assert (after["a"] == np.where(has_won, np.minimum(after["b"], int(delay)), after["b"])).all()
        assert (a["detention_days"] == b["detention_days"]).all()
        shorter += int((after["a"] < after["b"]).sum())
    assert shorter > 5


def test_without_an_appeal_that_succeeds_detention_follows_even_a_life_term() -> None:
    """Time that is served is cut by an appeal alone, however long it is."""
    supply = {"when": {"purpose": "supply"}, "options": [
        {"type": "prison", "from": "life", "to": "life", "mandatory_minimum": True}, {"type": "compulsory_detention", "from": "6 days", "to": "12 days"}
    ]}  # fmt: skip
    law = law_of_sanctions()
    effects = {name: effect | {"max_prison_supply": "life"} for name, effect in law.data["effects"].items()}
    world = {"practice.sentencing_range.kept": 1.0, "practice.appeal.succeed.possession": 0.0, "practice.appeal.succeed.supply": 0.0}
    ran = run(vary(everything(), world), [law.patch({"responses": [supply], "effects": effects})], people=PEOPLE)
    cases = of_law(ran, 0)["cases"]
    detained = (cases["prison_days"] >= 36_500) & (cases["sanctions"] >> SANCTIONS.index("compulsory_detention") & 1 == 1)
    assert detained.any()
    assert ((cases["compulsory_days"][detained] >= 6) & (cases["compulsory_days"][detained] <= 12)).all()


def test_a_plea_ends_a_case_sooner_where_the_world_says_so() -> None:
    """Half the delay for what is not contested: contested cases stay as they were, no other one is later, and some are sooner."""
    same, sooner = (run(vary(everything(), {"practice.court.plea_delay": factor}), some_laws(), people=PEOPLE, mode="open") for factor in (1.0, 0.5))
    for i in range(len(some_laws()) - 1):
        a, b = (_first_cases(of_law(tables, i)["cases"]) for tables in (same, sooner))
        contested = a["negotiation"] == NEGOTIATION.index("contested")
        assert (a["closed_day"][contested] == b["closed_day"][contested]).all()
        assert (b["closed_day"] <= a["closed_day"]).all()
        assert (b["closed_day"] < a["closed_day"]).any()


def test_orders_last_as_long_as_the_world_says() -> None:
    section = everything().practice.sanctions
    assert section is not None
    cases = of_law(lived(), 0)["cases"]
    lasts = {"licence_loss": section.licence_days, "registration": section.registration_days, "urine_tests": section.test_days}
    expected = sum((cases["sanctions"] >> SANCTIONS.index(name) & 1) * round(days.value) for name, days in lasts.items())
    assert (cases["order_days"] == expected).all() and cases["order_days"].any()


def test_leaving_a_compelled_service_is_sanctioned_and_a_conviction_for_it_costs_a_job() -> None:
    """Under a law that asks for a sanction, what the law allows is imposed on those who leave; under one that convicts, the record has its effects."""
    certain = {"practice.drop_out.returned": 1.0, "practice.sanctions.licence_loss": 1.0, "practice.records.job_loss.possession": 1.0}
    world = with_switches(vary(everything(), certain), {"drop_out": True})
    sanction, charge = (law_of_sanctions().patch({"noncompliance": {"missed_session": what}}) for what in ("sanction", "charge"))
    cases = of_law(run(world, [sanction], people=PEOPLE), 0)["cases"]
    left = (cases["drop_out"] == DROP_OUT.index("sanctioned")) & (cases["tier"] < 2) & (cases["verdict"] != VERDICT.index("supply"))
    assert left.any() and (cases["sanctions"][left] >> SANCTIONS.index("licence_loss") & 1).all()
    others = (cases["drop_out"] == DROP_OUT.index("left")) & (cases["verdict"] < VERDICT.index("possession")) & (cases["panel"] == 0)
    assert not (cases["sanctions"][others] >> SANCTIONS.index("licence_loss") & 1).any()
    cases = of_law(run(world, [charge], people=PEOPLE), 0)["cases"]
    convicted = cases["drop_out"] == DROP_OUT.index("convicted")
    assert cases["is_job_lost"][convicted].any()


def test_a_breach_of_a_plea_is_a_conviction_and_conditions_come_with_laws_that_have_them() -> None:
    cases = of_law(lived(), 0)["cases"]
    breached = cases["diversion"] >= DIVERSION.index("breached")
    with_plea = breached & cases["is_plea_condition"].astype(bool)
    assert with_plea.any() and (cases["diversion"][with_plea] == DIVERSION.index("convicted")).all()
    assert (cases["verdict"][cases["diversion"] == DIVERSION.index("convicted")] == VERDICT.index("possession")).all()
    nsw = of_law(lived(), 2)["cases"]
    assert (nsw["diversion"] <= DIVERSION.index("unconditional")).all()


def test_a_granted_ruling_ends_the_case_without_a_conviction() -> None:
    cases = of_law(lived(), 1)["cases"]
    granted = cases["negotiation"] == NEGOTIATION.index("granted")
    assert granted.any()
    assert (cases["verdict"][granted] == VERDICT.index("not_convicted")).all()
    assert (cases["prosecutor"][granted] == PROSECUTOR.index("charge_possession")).all()


def test_an_assessment_that_finds_own_use_never_adds_a_charge_of_supply() -> None:
    """In open mode, with the same luck: whoever police take for a supplier after an assessment, they take for one without."""
    certain = {"practice.assessment.police": 1.0, "practice.assessment.finds_dependent": 1.0, "practice.assessment.finds_other": 1.0}
    on = run(vary(everything(), certain), some_laws(), people=PEOPLE, mode="open")
    off = run(without(everything(), "practice.assessment"), some_laws(), people=PEOPLE, mode="open")
    fewer = 0
    for i in (1, 2):
        a, b = of_law(on, i)["cases"], of_law(off, i)["cases"]
        supply_on, supply_off = (where(cases, cases["line"] == LINE.index("supply")) for cases in (a, b))
        assert supply_on <= supply_off
        fewer += len(supply_off - supply_on)
    assert fewer > 0
    first = of_law(on, 2)["cases"]
    assert first["is_own_use_found"].all()


def test_a_job_is_lost_once_and_a_home_only_by_those_who_have_one() -> None:
    for i in range(len(some_laws())):
        cases = of_law(lived(), i)["cases"]
        for name in ("is_job_lost", "is_home_lost"):
            assert np.bincount(cases["person"][cases[name]], minlength=1).max(initial=0) <= 1
            assert (cases["verdict"][cases[name]] >= VERDICT.index("possession")).all()
        homeless = lived().people["has_no_safe_home"].astype(bool)
        assert not homeless[cases["person"][cases["is_home_lost"]]].any()
    assert sum(int(of_law(lived(), i)["cases"]["is_job_lost"].sum()) for i in range(4)) > 3


def test_who_loses_a_home_carries_all_and_is_stopped_as_people_without_one() -> None:
    block = one_block(setup_of(everything(), some_laws()), people=PEOPLE)
    lost = block.people["is_homeless"] & ~block.people["has_no_safe_home"].astype(bool)
    assert lost.any()
    owner = block.habits["owner"]
    assert (block.habits["carry_ug"][lost[owner]] == 2**62).all()
    states = block.people["p32"]
    assert (states[:, 3] >= states[:, 2]).all() and (states[:, 1] >= states[:, 0]).all() and (states[:, 2] >= states[:, 0]).all()
