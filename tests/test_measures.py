"""Measures: every count against a slow twin, and the relations that hold exactly."""

from __future__ import annotations

import dataclasses
import pickle

import numpy as np
import pytest
from fake_tables import AXES, FakeLaw, fake_people, fake_scenario, fake_tables
from hypothesis import given, settings
from hypothesis import strategies as st
from twin_measures import cost_events_of, cuts_of, flags_of, ledger_of, outcomes_of, purposes_of, rows_of, rung_of

from decrimsim import schema
from decrimsim.errors import ScenarioError
from decrimsim.measures import measure
from decrimsim.measures.cost import EVENTS
from decrimsim.measures.summary import Settings, Summary
from decrimsim.schema import CUTS, OUTCOMES, REASONS, SANCTIONS
from decrimsim.tables import ReplicateTables, Table, concatenated, grouped, pack_laws

SCENARIO = fake_scenario()
SIZES = st.fixed_dictionaries(
    {"n_people": st.integers(1, 60), "n_laws": st.integers(1, 4), "n_encounters": st.integers(0, 70), "replicate": st.integers(0, 40)}
)
few = settings(max_examples=25, deadline=None, derandomize=True)


def for_one_law(tables: ReplicateTables, law: int) -> ReplicateTables:
    """Return the tables that a run of one law alone would give."""
    alone = {name: only(getattr(tables, name), law) for name in schema.EVENT_TABLES}
    return dataclasses.replace(tables, **alone)


def only(table: Table, law: int) -> Table:
    columns = table.for_law(law)
    return Table(columns, pack_laws(np.ones((len(columns["day"]), 1), bool)), 1)


def reordered(table: Table, laws: list[int]) -> Table:
    """Return the table with its laws in another order, some perhaps twice."""
    flags = table.flags()[:, laws]
    return Table(table.columns, pack_laws(flags), len(laws))


def with_laws(tables: ReplicateTables, laws: list[int]) -> ReplicateTables:
    return dataclasses.replace(tables, **{name: reordered(getattr(tables, name), laws) for name in schema.EVENT_TABLES})


@few
@given(SIZES)
def test_outcomes_equal_the_slow_twin(sizes):
    tables = fake_tables(**sizes)
    measures = measure(tables, SCENARIO, sizes["n_laws"])
    for law in range(sizes["n_laws"]):
        counted = dict(zip(OUTCOMES, measures.outcomes[law].tolist(), strict=True))
        expected = outcomes_of(tables, law)
        assert {name: counted[name] for name in expected} == expected


@few
@given(SIZES)
def test_ledger_flags_and_gross_flows_equal_the_slow_twin(sizes):
    tables = fake_tables(**sizes)
    widening = measure(tables, SCENARIO, sizes["n_laws"]).widening
    base = flags_of(tables, 0)
    for law in range(sizes["n_laws"]):
        flags = flags_of(tables, law)
        assert (widening.ledger[law] == ledger_of(tables, law, 0)).all()
        assert widening.n_flag[law].tolist() == [len(flags[cut]) for cut in CUTS]
        assert widening.gross_widening[law].tolist() == [len(flags[cut] - base[cut]) for cut in CUTS]
        assert widening.gross_narrowing[law].tolist() == [len(base[cut] - flags[cut]) for cut in CUTS]


@few
@given(SIZES)
def test_purposes_equal_the_slow_twin(sizes):
    tables = fake_tables(**sizes)
    measures = measure(tables, SCENARIO, sizes["n_laws"])
    for law in range(sizes["n_laws"]):
        assert (measures.purposes[law] == purposes_of(tables, law)).all()


@few
@given(SIZES)
def test_group_totals_add_to_the_overall_total(sizes):
    measures = measure(fake_tables(**sizes), SCENARIO, sizes["n_laws"])
    kinds = [kind for kind, _ in measures.groups]
    assert set(kinds) == {"everybody", *AXES, "region", "role", "main substance"}
    for kind in set(kinds):
        members = [i for i, one in enumerate(kinds) if one == kind]
        assert (measures.group_outcomes[:, members].sum(axis=1) == measures.outcomes).all()
        assert (measures.group_flags[:, members].sum(axis=1) == measures.widening.n_flag).all()
        assert measures.group_people[members].sum() == measures.n_people


@few
@given(SIZES)
def test_net_widening_is_the_difference_of_counts_and_the_ledger_has_the_right_margins(sizes):
    tables = fake_tables(**sizes)
    w = measure(tables, SCENARIO, sizes["n_laws"]).widening
    assert (w.gross_widening - w.gross_narrowing == w.n_flag - w.n_flag[0]).all()
    own = np.stack([np.diag(ledger_of(tables, law, law)) for law in range(sizes["n_laws"])])
    assert (w.ledger.sum(axis=1) == own).all()
    assert (w.ledger.sum(axis=2) == own[0]).all()


@few
@given(SIZES)
def test_a_law_against_itself_gives_zeros_and_a_diagonal(sizes):
    tables = with_laws(fake_tables(**sizes), [0, 0])
    measures = measure(tables, SCENARIO, 2)
    w = measures.widening
    assert (measures.outcomes[0] == measures.outcomes[1]).all()
    for zero in (w.gross_widening, w.gross_narrowing, w.denser, w.different, w.up_tariffing, w.back_door[[0]] - w.back_door[[1]]):
        assert not zero.any()
    assert all((table == np.diag(np.diag(table))).all() for table in w.ledger)
    assert (w.ledger.sum(axis=(1, 2)) == sizes["n_people"]).all()


@few
@given(SIZES.filter(lambda sizes: sizes["n_laws"] > 1))
def test_swapping_the_baseline_transposes_the_ledger_and_swaps_the_flows(sizes):
    tables = fake_tables(**sizes)
    a, b = measure(tables, SCENARIO, sizes["n_laws"], 0).widening, measure(tables, SCENARIO, sizes["n_laws"], 1).widening
    assert (a.ledger[1] == b.ledger[0].T).all()
    assert (a.gross_widening[1] == b.gross_narrowing[0]).all()


@few
@given(SIZES)
def test_each_law_is_measured_as_if_alone(sizes):
    tables = fake_tables(**sizes)
    together = measure(tables, SCENARIO, sizes["n_laws"])
    for law in range(sizes["n_laws"]):
        alone = measure(for_one_law(tables, law), SCENARIO, 1)
        for name in ("outcomes", "cost_events", "cost_by_agency", "entries", "purposes", "group_outcomes", "group_flags", "reason_outcomes", "reason_flags"):
            assert (getattr(together, name)[law] == getattr(alone, name)[0]).all(), name
        assert (together.widening.n_flag[law] == alone.widening.n_flag[0]).all()


@few
@given(SIZES, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_of_people_changes_nothing(sizes, random):
    tables = fake_tables(**sizes)

    def shuffled(table: Table) -> Table:
        order = random.sample(range(len(table)), len(table))
        return Table({name: column[order] for name, column in table.columns.items()}, table.laws[order], table.n_laws)

    order = random.sample(range(sizes["n_people"]), sizes["n_people"])
    mixed = dataclasses.replace(tables, people={name: column[order] for name, column in tables.people.items()})
    mixed = dataclasses.replace(mixed, **{name: shuffled(getattr(tables, name)) for name in ("encounters", "findings", "cases")})
    one, two = measure(tables, SCENARIO, sizes["n_laws"]), measure(mixed, SCENARIO, sizes["n_laws"])
    assert (one.group_outcomes == two.group_outcomes).all()
    assert (one.widening.ledger == two.widening.ledger).all()
    assert (one.reason_outcomes == two.reason_outcomes).all()


def test_differences_add_up_over_a_third_law():
    outcomes = measure(fake_tables(n_laws=3), SCENARIO, 3).outcomes
    assert (outcomes[2] - outcomes[0] == (outcomes[1] - outcomes[0]) + (outcomes[2] - outcomes[1])).all()


@pytest.mark.parametrize("factor", [0, 1, 3, 1000])
def test_cost_is_linear_in_unit_costs_to_the_cent(factor):
    tables, cost = fake_tables(), OUTCOMES.index("cost")
    once, more = measure(tables, fake_scenario(0.07), 3), measure(tables, fake_scenario(0.07 * factor), 3)
    assert (more.outcomes[:, cost] == factor * once.outcomes[:, cost]).all()
    assert (once.outcomes[:, cost] == once.cost_by_agency.sum(axis=1)).all()


def test_unit_costs_too_large_to_add_up_are_refused():
    with pytest.raises(ScenarioError, match="too large to add up"):
        measure(fake_tables(), fake_scenario(1e16), 3)


def test_reasons_count_cases_by_the_drugs_found_and_overlap():
    tables = fake_tables()
    measures = measure(tables, SCENARIO, 3)
    bits = {(int(p), int(d)): int(r) for p, d, r in zip(tables.findings["person"], tables.findings["day"], tables.findings["reasons"], strict=True)}
    for law in range(3):
        for i in range(len(REASONS)):
            cases = [case for case in rows_of(tables.cases, law) if bits[case["person"], case["day"]] >> i & 1]
            assert measures.reason_outcomes[law, i, OUTCOMES.index("notices")] == sum(case["police"] == "notice" for case in cases)
            assert measures.reason_outcomes[law, i, OUTCOMES.index("found")] == len(cases)
            charged = {case["person"] for case in cases if case["prosecutor"] == "charge_supply"}
            assert measures.reason_flags[law, i, CUTS.index("supply")] == len(charged)
    found = OUTCOMES.index("found")
    assert measures.reason_outcomes[0, :, found].sum() > measures.outcomes[0, found]


def test_up_tariffing_counts_people_newly_charged_over_drugs_not_for_profit():
    tables = fake_tables()
    up = measure(tables, SCENARIO, 3).widening.up_tariffing

    def supply(law: int) -> dict[int, int]:
        worst: dict[int, int] = {}
        for case in rows_of(tables.cases, law):
            if rung_of(case) in (6, 8) or case["prosecutor"] == "charge_supply":
                grams = [
                    next(
                        int(tables.findings[f"{p}_ug"][i])
                        for i in range(len(tables.findings))
                        if tables.findings["person"][i] == case["person"] and tables.findings["day"][i] == case["day"]
                    )
                    for p in schema.SERIOUSNESS
                ]
                worst[case["person"]] = max(worst.get(case["person"], -1), grams.index(max(grams)))
        return worst

    base = supply(0)
    for law in (1, 2):
        new = [purpose for person, purpose in supply(law).items() if person not in base]
        assert up[law].tolist() == [new.count(schema.SERIOUSNESS.index(purpose)) for purpose in ("own", "circle", "fund_own_use", "other")]
    assert up[1:].sum() > 0


def test_back_door_and_different_net_and_denser_net_against_the_twin():
    tables = fake_tables()
    w = measure(tables, SCENARIO, 3).widening
    base = flags_of(tables, 0)

    def reached(law: int) -> set[int]:
        return {
            c["person"] for c in rows_of(tables.cases, law) if c["police"] == "panel" or c["prosecutor"] == "panel" or schema.REFERRAL.index(c["referral"]) >= 2
        }

    def control(law: int) -> dict[int, tuple[int, int]]:
        found: dict[int, tuple[int, int]] = {}
        for case in rows_of(tables.cases, law):
            rung, days = found.get(case["person"], (0, 0))
            found[case["person"]] = (max(rung, rung_of(case), 1), days + max(case["detention_days"], case["prison_days"]) + case["compulsory_days"])
        return found

    for law in range(3):
        unheard = {
            c["person"]
            for c in rows_of(tables.cases, law)
            if c["notice"] == "unpaid_convicted" or c["diversion"] == "convicted" or c["drop_out"] in ("convicted", "imprisoned")
        }
        assert w.back_door[law] == len(unheard - base["criminal"])
        assert w.different[law] == len(reached(law) - base["recorded"] - reached(0))
        flags, under_a, under_b = flags_of(tables, law), control(0), control(law)
        for i, cut in enumerate(CUTS):
            further = {p for p in flags[cut] & base[cut] if under_b.get(p, (1, 0)) > under_a.get(p, (1, 0))}
            assert w.denser[law, i] == len(further)
    assert w.denser[1:].sum() > 0


CASE = {column.name: column.codes[0] if column.codes else 0 for column in schema.CASES if column.name not in ("person", "day")} | {"closed_day": 3}
"""A find after which nothing happens: the first word of every code, and no for every flag."""


def single(**changes: object) -> ReplicateTables:
    """Return the tables of one person with one find and one case under one law."""
    words = CASE | changes
    codes = {column.name: column.codes for column in schema.CASES}
    cases = {name: np.array([codes[name].index(value) if codes[name] else value]) for name, value in words.items()} | {
        "person": np.array([0]),
        "day": np.array([3]),
    }
    here = {"person": np.array([0]), "day": np.array([3])}
    encounters = here | {
        "channel": np.array([1]),
        "has_cue": np.array([True]),
        "is_searched": np.array([True]),
        "is_found": np.array([True]),
        "is_violent": np.array([False]),
    }
    findings = here | {column.name: np.array([0]) for column in schema.FINDINGS if column.name not in here}
    one = np.ones((1, 1), bool)
    return ReplicateTables(
        0,
        fake_people(1),
        grouped("encounters", encounters, one),
        grouped("findings", findings, one),
        grouped("cases", cases, one),
        concatenated([], 1, "decisions"),
        concatenated([], 1, "entries"),
        concatenated([], 1, "periods"),
        concatenated([], 1, "health"),
        concatenated([], 1, "revisions"),
        1,
        1,
        np.zeros((schema.PARTS, 1, len(schema.BEHAVIOUR)), np.int64),
    )


@pytest.mark.parametrize(
    ("changes", "rung", "cuts"),
    [
        ({}, 1, {"contact"}),
        ({"referral": "offered"}, 2, {"contact"}),
        ({"referral": "finished"}, 2, {"contact"}),
        ({"is_seized": True}, 3, {"contact", "coercive"}),
        ({"police": "warning"}, 3, {"contact", "recorded"}),
        ({"police": "caution"}, 3, {"contact", "recorded"}),
        ({"police": "panel", "panel": "suspended"}, 3, {"contact", "recorded"}),
        ({"police": "panel", "panel": "sanctioned"}, 4, {"contact", "recorded", "coercive"}),
        ({"police": "notice", "notice": "paid"}, 4, {"contact", "recorded", "coercive"}),
        ({"referral": "accepted", "is_compelled": True}, 4, {"contact", "coercive"}),
        ({"police": "arrest", "prosecutor": "dropped"}, 3, {"contact", "recorded", "coercive", "custodial"}),
        ({"police": "summons", "prosecutor": "charge_possession"}, 5, {"contact", "recorded", "coercive", "criminal"}),
        ({"police": "summons", "prosecutor": "charge_supply"}, 6, {"contact", "recorded", "coercive", "criminal", "supply"}),
        ({"police": "summons", "prosecutor": "charge_supply", "verdict": "possession"}, 7, {"contact", "recorded", "coercive", "criminal", "supply"}),
        ({"police": "notice", "notice": "unpaid_convicted", "verdict": "possession"}, 7, {"contact", "recorded", "coercive", "criminal"}),
        (
            {"police": "arrest", "prosecutor": "charge_supply", "verdict": "supply", "sentence": "prison", "prison_days": 9},
            8,
            {"contact", "recorded", "coercive", "criminal", "supply", "custodial"},
        ),
    ],
)
def test_one_case_stands_on_its_rung_and_sets_its_cuts(changes, rung, cuts):
    widening = measure(single(**changes), SCENARIO, 1).widening
    assert widening.ledger[0, rung, rung] == 1
    assert {cut for cut, n in zip(CUTS, widening.n_flag[0], strict=True) if n} == cuts
    assert (rung_of(CASE | changes), cuts_of(CASE | changes)) == (rung, cuts)


@pytest.mark.parametrize(
    ("changes", "paid"),
    [
        ({}, []),
        ({"police": "caution"}, ["caution"]),
        ({"police": "panel"}, ["panel"]),
        ({"prosecutor": "panel"}, ["panel"]),
        ({"police": "notice", "notice": "unpaid_convicted"}, ["notice", "court"]),
        ({"prosecutor": "charge_possession", "negotiation": "plead_possession"}, ["prosecution", "court"]),
        ({"prosecutor": "charge_supply", "negotiation": "contested"}, ["prosecution", "court", "hearing"]),
        ({"police": "arrest", "detention_days": 2, "prison_days": 1}, ["arrest", "detention_day", "detention_day"]),
        ({"police": "arrest", "detention_days": 2, "prison_days": 3}, ["arrest", "detention_day", "detention_day", "prison_day"]),
        ({"sentence": "community_order"}, ["community_order"]),
        ({"referral": "accepted"}, ["referral"]),
        ({"referral": "started"}, ["referral", "service"]),
        ({"diversion": "convicted"}, ["court"]),
        ({"drop_out": "imprisoned"}, ["court"]),
        ({"is_assessed": True}, ["assessment"]),
        ({"appeal": "dismissed"}, ["appeal"]),
        ({"appeal": "allowed"}, ["appeal"]),
        ({"compulsory_days": 2}, ["compulsory_day", "compulsory_day"]),
        *(({"sanctions": 1 << SANCTIONS.index(name)}, [name]) for name in ("licence_loss", "registration", "urine_tests", "corporal", "deportation")),
    ],
)
def test_one_case_costs_what_its_events_cost(changes, paid):
    total = measure(single(**changes), SCENARIO, 1).outcomes[0, OUTCOMES.index("cost")]
    assert total == sum(round(SCENARIO.costs.unit(name) * 100) for name in ["stop", "search", "find", *paid])


@few
@given(SIZES)
def test_events_that_cost_something_equal_the_slow_twin(sizes):
    tables = fake_tables(**sizes)
    counted = measure(tables, SCENARIO, sizes["n_laws"]).cost_events
    for law in range(sizes["n_laws"]):
        assert dict(zip(EVENTS, counted[law].tolist(), strict=True)) == cost_events_of(tables, law)


def test_every_event_that_costs_something_happens_in_the_fake_tables():
    assert [name for name, n in cost_events_of(fake_tables(), 0).items() if not n] == []


def test_no_people_no_encounters_and_no_finds_are_measured_as_zeros():
    for n_people, n_encounters in ((0, 0), (5, 0)):
        measures = measure(fake_tables(n_people=n_people, n_encounters=n_encounters), SCENARIO, 3)
        assert not measures.outcomes.any()
        assert measures.widening.ledger[:, 0, 0].tolist() == [n_people] * 3


def test_measures_do_not_grow_with_people_and_survive_a_trip_to_another_process():
    small, large = (pickle.dumps(measure(fake_tables(n_people=n, n_encounters=n), SCENARIO, 3)) for n in (20, 4_000))
    assert len(large) < len(small) + 100
    assert (pickle.loads(large).outcomes == measure(fake_tables(n_people=4_000, n_encounters=4_000), SCENARIO, 3).outcomes).all()


def test_laws_beyond_the_first_word_of_bits_are_counted():
    tables = with_laws(fake_tables(n_laws=3), [law % 3 for law in range(130)])
    many, three = measure(tables, SCENARIO, 130), measure(fake_tables(n_laws=3), SCENARIO, 3)
    assert (many.outcomes == three.outcomes[[law % 3 for law in range(130)]]).all()
    assert (many.widening.ledger == three.widening.ledger[[law % 3 for law in range(130)]]).all()


@pytest.mark.parametrize(
    ("grams", "purpose"),
    [
        ({"own": 5, "circle": 5}, "own"),
        ({"circle": 3, "profit": 3}, "circle"),
        ({"own": 1, "fund_own_use": 2}, "fund_own_use"),
        ({"profit": 9, "own": 8}, "profit"),
        ({}, "own"),
    ],
)
def test_the_main_purpose_has_most_grams_and_of_equals_is_the_least_serious(grams, purpose):
    tables = single()
    findings = tables.findings.columns | {f"{name}_ug": np.array([amount]) for name, amount in grams.items()}
    tables = dataclasses.replace(tables, findings=Table(findings, tables.findings.laws, 1))
    assert measure(tables, SCENARIO, 1).purposes[0, :, 0].tolist() == [name == purpose for name in schema.PURPOSES]


def test_a_case_takes_no_reason_from_the_drugs_of_another_day():
    tables = single()
    elsewhere = tables.findings.columns | {"day": np.array([4]), "reasons": np.array([31]), "profit_ug": np.array([7])}
    measures = measure(dataclasses.replace(tables, findings=Table(elsewhere, tables.findings.laws, 1)), SCENARIO, 1)
    assert not measures.reason_outcomes.any()
    assert measures.purposes[0, :, 0].tolist() == [1, 0, 0, 0, 0]


def test_purposes_and_reasons_are_those_of_the_drugs_found_under_each_law():
    tables = with_laws(single(), [0, 0])
    two = {name: np.repeat(column, 2) for name, column in tables.findings.columns.items()} | {
        "own_ug": np.array([9, 1]),
        "profit_ug": np.array([0, 5]),
        "reasons": np.array([1, 6]),
    }
    findings = Table(two, pack_laws(np.eye(2, dtype=bool)), 2)
    measures = measure(dataclasses.replace(tables, findings=findings), SCENARIO, 2)
    assert measures.purposes[:, :, 0].tolist() == [[1, 0, 0, 0, 0], [0, 0, 0, 1, 0]]
    assert measures.reason_outcomes[:, :, OUTCOMES.index("found")].tolist() == [[1, *[0] * 8], [0, 1, 1, *[0] * 6]]


@pytest.mark.parametrize(
    ("under_a", "under_b", "index"),
    [
        ({"police": "summons", "prosecutor": "charge_possession", "negotiation": "plead_possession"}, {"police": "notice", "notice": "paid"}, 0.0),
        ({"police": "no_action"}, {"police": "notice", "notice": "paid"}, 1.0),
        ({"police": "no_action"}, {"police": "notice", "notice": "unpaid_convicted"}, 2.0),
        ({"police": "notice"}, {"police": "notice"}, None),
        ({"police": "caution"}, {"police": "no_action"}, None),
    ],
)
def test_the_supplement_index_tells_diversion_from_addition(under_a, under_b, index):
    a, b = single(**under_a), single(**under_b)
    cases = {name: np.concatenate([a.cases[name], b.cases[name]]) for name in a.cases.columns}
    tables = dataclasses.replace(with_laws(a, [0, 0]), cases=Table(cases, pack_laws(np.eye(2, dtype=bool)), 2))
    laws = (FakeLaw("a", "a", "A"), FakeLaw("b", "b", "B"))
    summary = Summary(SCENARIO, laws, (measure(tables, SCENARIO, 2),), Settings(1, 365, 1, 1, "closed"))
    assert summary.supplement_index(1) == index
