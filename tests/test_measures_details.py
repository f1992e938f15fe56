"""Causes, mesh, the line as a test, stages by group, the queue of cases: each against a slow twin, and what holds exactly."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
import pytest
from fake_comparison import fake_comparison
from fake_tables import fake_tables
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf
from twin_measures import calls_of, cause_of, flags_of, mesh_counts_of, queue_of, rising_of, stages_of, trapezoid_of, wins_of
from worlds import busy, coupled, nsw

from decrimsim.engine import Setup, make_setup, run_replicate
from decrimsim.law import load_law
from decrimsim.measures import ReplicateMeasures, measure
from decrimsim.measures.causes import CAUSES
from decrimsim.measures.classifier import CALL_STAGES, TRUTHS, amount_over_line, twice_wins
from decrimsim.measures.equity import STAGES, relative_rates
from decrimsim.measures.holdings import main_purpose
from decrimsim.measures.isotonic import first_even, rising_shares
from decrimsim.measures.mesh import EDGES_UG, MESH_CUTS, N_BINS, mesh_of
from decrimsim.measures.process import backlog, median_time, survival
from decrimsim.measures.readings import BLACKSTONE, NO_LINE, call_readings, contacts, counts_of_calls, decision_rows, process_readings
from decrimsim.measures.summary import Settings, Summary
from decrimsim.plots import bare_axes
from decrimsim.report.details import detail_tables
from decrimsim.report.pictures import plot_decision_curve, plot_roc
from decrimsim.schema import CUTS
from decrimsim.tables import ReplicateTables

DAYS, PEOPLE = 40, 200
LAWS = ("nsw-deemed-supply", "nsw-burden-on-state", "gold-standard", "portugal", "mexico")
many = settings(max_examples=80, deadline=None, derandomize=True)
COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda pair: (min(pair), max(pair))), min_size=1, max_size=9)
SCORES = st.lists(st.tuples(st.integers(0, 6).map(float), st.booleans()), min_size=2, max_size=25)


@cache
def setup() -> Setup:
    return make_setup(busy(), [load_law(law) for law in LAWS], days=DAYS, seed=3, mode="closed")


@cache
def tables() -> ReplicateTables:
    """Return a replicate of the busy world in which histories part for many reasons."""
    return run_replicate(setup(), PEOPLE, 0)


@cache
def measures() -> ReplicateMeasures:
    return measure(tables(), busy(), len(LAWS), days=DAYS, laws=setup().laws)


@cache
def summary() -> Summary:
    laws = tuple(load_law(law) for law in LAWS)
    return Summary(busy(), laws, (measures(),), Settings(PEOPLE, DAYS, 1, 3, "closed"))


def test_the_parts_by_cause_add_up_to_gross_flows_and_to_the_net_exactly():
    found, w = measures().details.causes, measures().widening
    assert (found[..., 0].sum(axis=2) == w.gross_widening).all()
    assert (found[..., 1].sum(axis=2) == w.gross_narrowing).all()
    assert (found[..., 0].sum(axis=2) - found[..., 1].sum(axis=2) == w.n_flag - w.n_flag[0]).all()


@pytest.mark.parametrize("law", [1, 2, 3, 4])
def test_first_causes_equal_the_slow_twin(law):
    expected = np.zeros((len(CUTS), len(CAUSES), 2), int)
    old, new = flags_of(tables(), 0), flags_of(tables(), law)
    for person in sorted({person for cut in CUTS for person in old[cut] ^ new[cut]}):
        cause = CAUSES.index(cause_of(tables(), law, 0, person, setup().laws))
        for c, cut in enumerate(CUTS):
            if (person in old[cut]) != (person in new[cut]):
                expected[c, cause, 0 if person in new[cut] else 1] += 1
    assert (measures().details.causes[law] == expected).all()


def test_the_busy_world_has_people_for_four_causes_or_more():
    assert (measures().details.causes.sum(axis=(0, 1, 3)) > 0).sum() >= 4


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"routes.caution.excluded_by": []}, "repeat rules"),
        ({"tables.traffickable.cannabis_herb": "2 g", "tables.traffickable.cocaine": "0.3 g"}, "threshold"),
        ({"powers.police.stop_for_possession": False}, "police effort"),
        ({"powers.prosecutor.divert": True}, "later decisions"),
        ({"routes.notice": None}, "administrative route"),
    ],
)
def test_two_laws_that_differ_in_one_rule_part_by_it_or_through_others(change, cause):
    base = load_law("nsw-deemed-supply")
    pair = make_setup(busy(), [base, base.patch(change)], days=DAYS, seed=3, mode="closed")
    found = measure(run_replicate(pair, PEOPLE, 0), busy(), 2, days=DAYS, laws=pair.laws).details.causes.sum(axis=(0, 1, 3))
    assert found[CAUSES.index(cause)] > 0
    assert found.sum() == found[[CAUSES.index(cause), CAUSES.index("spill-over through others")]].sum()


def test_drugs_that_only_together_reach_a_tier_are_cumulative_rules():
    pair = make_setup(busy(), [load_law("mexico"), load_law("peru")], days=DAYS, seed=3, mode="closed")
    made = run_replicate(pair, PEOPLE, 0)
    found = measure(made, busy(), 2, days=DAYS, laws=pair.laws).details.causes
    old, new = flags_of(made, 0), flags_of(made, 1)
    people = sorted({person for cut in CUTS for person in old[cut] ^ new[cut]})
    first = {person: cause_of(made, 1, 0, person, pair.laws) for person in people}
    assert "cumulative rules" in first.values()
    for k, cause in enumerate(CAUSES):
        assert found[1, 3, k].sum() == sum(first[person] == cause for person in old["criminal"] ^ new["criminal"])


@pytest.mark.parametrize(("world", "people", "days", "cause"), [(coupled, PEOPLE, DAYS, "answers to the law"), (nsw, 1_500, 84, "police effort")])
def test_answers_to_the_law_and_officers_hours_are_causes_and_equal_the_slow_twin(world, people, days, cause):
    pair = make_setup(world(), [load_law(name) for name in ("nsw-deemed-supply", "portugal")], days=days, seed=3, mode="closed")
    made = run_replicate(pair, people, 0)
    found = measure(made, world(), 2, days=days, laws=pair.laws).details.causes
    old, new = flags_of(made, 0), flags_of(made, 1)
    people = sorted({person for cut in CUTS for person in old[cut] ^ new[cut]})
    first = {person: cause_of(made, 1, 0, person, pair.laws) for person in people}
    assert cause in first.values()
    for k, one in enumerate(CAUSES):
        for c, cut in enumerate(CUTS):
            assert found[1, c, k].sum() == sum(first[person] == one for person in old[cut] ^ new[cut])


def test_a_law_against_itself_has_no_causes():
    assert not measures().details.causes[0].any()


def test_made_up_histories_have_causes_that_add_up():
    laws = setup().laws
    made_axes = {axis: len(shares) for axis, shares in busy().people.axes.items()}
    made = fake_tables(n_people=150, n_laws=len(LAWS), n_encounters=400, axes=made_axes, n_substances=len(busy().substances))
    found = measure(made, busy(), len(LAWS), laws=laws, days=365)
    assert (found.details.causes[..., 0].sum(axis=2) == found.widening.gross_widening).all()
    assert (found.details.causes[..., 1].sum(axis=2) == found.widening.gross_narrowing).all()


@many
@given(COUNTS)
def test_the_rising_fit_equals_its_definition(counts):
    yes, of = [pair[0] for pair in counts], [pair[1] for pair in counts]
    assert rising_shares(yes, of) == rising_of(yes, of)


@many
@given(COUNTS)
def test_the_rising_fit_never_falls_and_keeps_the_total(counts):
    yes, of = [pair[0] for pair in counts], [pair[1] for pair in counts]
    fitted = [(share, n) for share, n in zip(rising_shares(yes, of), of, strict=True) if share is not None]
    assert [share for share, _ in fitted] == sorted(share for share, _ in fitted)
    assert sum(share * n for share, n in fitted) == sum(yes)


def test_the_mesh_of_a_clean_step_is_the_bin_of_the_step():
    counts = np.zeros((N_BINS, 1 + len(MESH_CUTS)), int)
    counts[10:30, 0], counts[20:30, 1:] = 5, 4
    mesh = mesh_of(counts, "mdma", "supply")
    assert (mesh.at_least_ug, mesh.below_ug, mesh.is_smallest) == (EDGES_UG[19], EDGES_UG[20], False)


def test_a_mesh_with_no_finds_or_no_even_chance_is_none_with_a_reason():
    counts = np.zeros((N_BINS, 1 + len(MESH_CUTS)), int)
    empty = mesh_of(counts, "mdma", "supply")
    counts[5, 0] = 9
    never = mesh_of(counts, "mdma", "supply")
    assert empty.at_least_ug is never.at_least_ug is None
    assert empty.reason != never.reason
    assert first_even([None, Fraction(1, 3)]) is None


@pytest.mark.parametrize("law", [0, 4])
def test_mesh_counts_equal_the_slow_twin(law):
    counts = measures().details.mesh[law]
    edges = [0, *EDGES_UG.tolist(), math.inf]
    at = np.argwhere(counts[:, :, 0] > 0)
    assert len(at) > 10
    for substance, bin_ in at[::4].tolist():
        for i, cut in enumerate(MESH_CUTS[::2]):
            expected = mesh_counts_of(tables(), law, substance, edges[bin_], edges[bin_ + 1], cut)
            assert (counts[substance, bin_, 0], counts[substance, bin_, 1 + 2 * i]) == expected


def test_calls_equal_the_slow_twin_by_both_truths():
    for law in range(len(LAWS)):
        for t, truth in enumerate(TRUTHS):
            expected = calls_of(tables(), law, truth, bool(setup().laws.sharing_is_supply[law]))
            assert (measures().details.calls[law, 0, t] == expected).all()


def test_calls_of_the_groups_of_a_kind_add_up_to_everybody():
    kinds = [kind for kind, _ in measures().groups]
    for kind in set(kinds):
        members = [i for i, one in enumerate(kinds) if one == kind]
        assert (measures().details.calls[:, members].sum(axis=1) == measures().details.calls[:, 0]).all()


@many
@given(SCORES.filter(lambda scores: 0 < sum(yes for _, yes in scores) < len(scores)))
def test_the_area_by_pairs_equals_the_area_by_trapezoids(scores):
    score, is_supply = (np.array(column)[:, None] for column in zip(*scores, strict=True))
    wins, supply, other = twice_wins(score, is_supply, np.ones_like(is_supply))[0].tolist()
    assert wins == wins_of(scores)
    assert Fraction(wins, 2 * supply * other) == trapezoid_of(scores)


def test_the_area_of_a_stage_is_that_of_a_curve_with_one_point():
    found = call_readings(summary(), 0, "law", "police")
    hit, false = found["true_positive_rate"].value, found["false_positive_rate"].value
    assert found["area_under_curve"].value == pytest.approx((1 + hit - false) / 2)


def test_a_find_is_over_the_line_exactly_when_its_amount_is_at_least_the_line():
    purpose = main_purpose(tables().findings, tables().cases)
    ratio = amount_over_line(tables().findings, tables().cases, setup().laws)
    flags = tables().cases.flags()[:, 0]
    over = np.isin(tables().cases["effect"], [2, 3, 4])
    assert purpose.shape == ratio.shape
    assert ((ratio[flags, 0] >= 1) == over[flags]).all()


@pytest.mark.parametrize("truth", TRUTHS)
@pytest.mark.parametrize("stage", CALL_STAGES)
def test_a_line_can_be_defended_only_above_the_predictive_value_that_k_asks_for(truth, stage):
    for law in range(len(LAWS)):
        ppv = call_readings(summary(), law, truth, stage)["positive_predictive_value"].value
        for row in decision_rows(summary(), law, truth, stage):
            if stage == "amount" and LAWS[law] == "gold-standard":
                assert (row["net_benefit"], row["can_defend"], row["reason"]) == (None, None, NO_LINE)
                continue
            assert row["can_defend"] == (ppv is not None and ppv > row["k"] / (row["k"] + 1) + 1e-12)
            assert (row["net_benefit"] > 0) == row["can_defend"]
    assert len(BLACKSTONE) == 4


def test_a_law_without_a_line_is_told_so_and_not_that_its_line_cannot_be_defended():
    rows = detail_tables(summary())["decisions"]
    texts = {row["label"]: {cell.text for cell in row["cells"]} for row in rows}
    assert {label for label, cells in texts.items() if cells == {"no line"}} == {f"gold-standard, {truth}" for truth in ("law in force", "guide")}
    drawn = [line.get_label() for line in plot_decision_curve(summary(), ax=bare_axes(5, 4)).get_lines()]
    assert "gold-standard" not in drawn
    assert "nsw-deemed-supply" in drawn


def test_tables_of_the_line_as_a_test_show_the_finds_they_rest_on():
    tests, roles = (detail_tables(summary())[name] for name in ("tests", "roles"))
    for table, truth in zip(tests, TRUTHS, strict=True):
        for row, (law, stage) in zip(table["rows"], product(range(len(LAWS)), CALL_STAGES), strict=True):
            hits, false, missed, right = (sum(one) for one in counts_of_calls(summary(), law, truth, stage))
            assert [cell.text for cell in row["cells"][:2]] == [f"{hits + missed:,.0f}", f"{false + right:,.0f}"]
            assert not any(cell.below for cell in row["cells"])
    assert all(cell.below.startswith("of ") for row in roles for cell in row["cells"])


def test_of_lines_that_coincide_later_ones_are_thinner_and_dashed():
    lines = [line for line in plot_roc(summary(), ax=bare_axes(5, 4)).get_lines() if line.get_label() in LAWS and len(line.get_xdata())]
    assert len(lines) > 2
    widths = [line.get_linewidth() for line in lines]
    assert widths == sorted(widths, reverse=True)
    assert len({str(line.get_linestyle()) for line in lines} | {str(line._dash_pattern) for line in lines}) > len(lines)  # type: ignore[attr-defined]


def test_no_lower_end_of_the_queue_is_below_zero_and_no_share_ends_above_one():
    rare = fake_comparison(n_people=20, n_replicates=3).summary
    for one in (summary(), rare):
        for law in range(len(one.laws)):
            found = process_readings(one, law)
            ends = {name: reading.estimate.ci for name, reading in found.items() if reading.estimate and reading.estimate.ci}
            assert all(low >= 0 for low, _ in ends.values())
            assert ends.get("detained_without_custody", (0, 1))[1] <= 1


def test_a_law_without_a_line_has_no_area_and_says_why():
    reading = call_readings(summary(), LAWS.index("gold-standard"), "law", "amount")["area_under_curve"]
    assert reading.value is None
    assert reading.reason == "the law lets no amount point at supply"


def test_undefined_numbers_are_null_with_a_reason_and_never_nan():
    nobody = fake_comparison(n_people=0).summary
    text = json.dumps(nobody.to_json(), allow_nan=False)
    assert '"reason": "no finds of the substance"' in text
    assert '"reason": "no case is in process"' in text


def test_measures_without_the_laws_leave_out_what_needs_them():
    data = fake_comparison().summary.to_json()["laws"]["new"]
    assert data["causes"] is None
    assert data["classifier"]["law"]["amount"]["true_positive_rate"]["reason"] == "the measures were taken without the laws themselves"
    assert data["classifier"]["guide"]["police"]["true_positive_rate"]["mean"] is not None


def test_stages_by_group_equal_the_slow_twin_and_only_lose_people():
    for law in range(len(LAWS)):
        people = measures().details.stage_people[law, 0].tolist()
        assert people == [len(some) for some in stages_of(tables(), law)]
        assert people == sorted(people, reverse=True)


@pytest.mark.parametrize("kind", ["region", "gender", "age", "indigenous"])
def test_stages_multiply_to_the_end_to_end_ratio_exactly(kind):
    for law in range(len(LAWS)):
        for rates in relative_rates(summary(), law, kind):
            if all(rate is not None for rate in rates.stages):
                assert math.prod(rates.stages) == rates.end_to_end
            assert len(rates.stages) == len(STAGES) == 8


def test_the_queue_equals_the_slow_twin():
    p = measures().details.process
    for law in range(len(LAWS)):
        expected = queue_of(tables(), law, DAYS)
        assert p.opened[law].tolist() == expected["opened"]
        assert p.closed[law].tolist() == expected["closed"]
        assert backlog(p.opened[law], p.closed[law]).tolist() == expected["pending"]
        assert np.repeat(np.arange(DAYS + 1), p.times[law, 0]).tolist() == expected["resolved"]
        assert np.repeat(np.arange(DAYS + 1), p.times[law, 1]).tolist() == expected["censored"]


def test_littles_law_holds_exactly():
    p = measures().details.process
    days = np.arange(DAYS + 1)
    assert (backlog(p.opened, p.closed).sum(axis=1) == (p.times.sum(axis=1) * days).sum(axis=1)).all()


@many
@given(st.lists(st.integers(0, 4), min_size=2, max_size=12), st.lists(st.integers(0, 4), min_size=2, max_size=12))
def test_the_share_still_open_is_that_of_kaplan_and_meier(resolved, censored):
    n = min(len(resolved), len(censored))
    times = np.array([resolved[:n], censored[:n]])
    if not times[0].any():
        assert set(survival(times)) == {1}
        return
    days = np.arange(n)
    sample = CensoredData(uncensored=np.repeat(days, times[0]), right=np.repeat(days, times[1]))
    curve = ecdf(sample).sf
    for day, left in enumerate(survival(times)):
        assert float(left) == pytest.approx(curve.evaluate(day))


def test_pending_cases_are_censored_and_not_dropped():
    times = np.zeros((2, 11), int)
    times[0, 2], times[1, 10] = 4, 5
    assert survival(times)[-1] == Fraction(5, 9)
    assert median_time(times) is None


def test_contacts_are_court_appearances_and_diversions_less_the_baselines():
    found = contacts(summary(), 3)
    entries = measures().entries
    assert found["contacts"].mean == entries[3].sum() - entries[0].sum()
    assert found["contacts"].mean == found["court"].mean + found["diverted"].mean


def test_cases_held_without_prison_are_a_part_of_those_held():
    held = measures().details.process.held
    assert (held[:, 1] <= held[:, 0]).all()
    assert held[:, 1].sum() > 0
    share = process_readings(summary(), 0)["detained_without_custody"].value
    assert share == held[0, 1] / held[0, 0]


def test_fines_to_the_person_are_what_cases_impose():
    fines = np.where(tables().cases.flags(), tables().cases["fine_minor"][:, None], 0).sum(axis=0)
    assert (measures().details.process.held[:, 3] == fines).all()
