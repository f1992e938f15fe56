"""How sure: pairing, stopping by width, intervals along a curve, the best point, variance in two parts, swapped rates."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from fake_comparison import fake_comparison, fake_curve
from hypothesis import given, settings
from hypothesis import strategies as st

import decrimsim as ds
from decrimsim.measures.bootstrap import best_point, simultaneous
from decrimsim.measures.pairing import pairing_of
from decrimsim.measures.stopping import BATCH, Precision, is_narrow, replicates_for
from decrimsim.measures.variance import split_variance
from decrimsim.parameter_draws import drawn, value_at
from decrimsim.parameters import Amount, Money
from decrimsim.scenario.vary import free_parameters
from decrimsim.statistics import Estimate, mean_of

many = settings(max_examples=60, deadline=None, derandomize=True)
NUMBERS = st.lists(st.tuples(st.integers(0, 50).map(float), st.integers(0, 50).map(float)), min_size=2, max_size=20)
SMALL = {"people": 300, "days": 20, "replicates": 3, "progress": False}


@many
@given(NUMBERS)
def test_correlation_and_variance_ratio_are_those_of_numpy(pairs):
    new, old = (np.array(column) for column in zip(*pairs, strict=True))
    found = pairing_of(new.tolist(), old.tolist())
    if new.std() and old.std():
        assert found.correlation == pytest.approx(np.corrcoef(new, old)[0, 1])
    if new.std() or old.std():
        assert found.variance_ratio == pytest.approx((new - old).var() / (new.var() + old.var()))
    else:
        assert (found.correlation, found.variance_ratio) == (None, None)


def test_a_law_paired_with_itself_has_no_variance_left():
    found = pairing_of([1.0, 2.0, 5.0], [1.0, 2.0, 5.0])
    assert (found.correlation, found.variance_ratio) == (pytest.approx(1.0), 0.0)


def test_pairing_stands_beside_every_difference():
    difference = fake_comparison().to_json()["laws"]["new"]["outcomes"]["arrests"]["difference"]
    assert {"mean", "mcse", "ci", "correlation", "variance_ratio", "pairing_reason"} == set(difference)
    assert "Correlation with the baseline" in repr(fake_comparison())


@pytest.mark.parametrize(("sd", "target", "n"), [(1.0, 0.1, 385), (2.0, 1.0, 16), (0.0, 0.5, 0)])
def test_the_pilot_asks_for_the_replicates_of_the_formula(sd, target, n):
    assert replicates_for(sd, target) == n == math.ceil((1.96 * sd / target) ** 2)


@pytest.mark.parametrize("mean", [0.0, 3.0, -3.0, 400.0])
def test_stopping_looks_at_the_width_and_never_at_zero(mean):
    wide, narrow = Estimate(mean, 1.0, (mean - 2.0, mean + 2.0)), Estimate(mean, 0.1, (mean - 0.2, mean + 0.2))
    assert (is_narrow(wide, 0.5, 0.0), is_narrow(narrow, 0.5, 0.0)) == (False, True)


def test_a_relative_width_counts_where_it_is_larger():
    assert is_narrow(Estimate(100.0, 1.0, (97.0, 103.0)), 0.5, 0.05)
    assert not is_narrow(Estimate(10.0, 1.0, (7.0, 13.0)), 0.5, 0.05)


def test_batches_go_on_until_narrow_or_the_cap():
    measures = fake_comparison(n_replicates=3).measures
    assert Precision(1e-6, pilot=30).next_count(measures) == 30
    assert Precision(1e-6, pilot=3).next_count(measures) == 3 + BATCH
    assert Precision(1e-6, pilot=3, cap=5).next_count(measures) == 5
    assert Precision(1e9, pilot=3).next_count(measures) == 3


def test_the_pilot_rule_looks_once():
    measures = fake_comparison(n_replicates=3).measures
    asked = Precision(0.5, pilot=3, rule="pilot", cap=10**6).next_count(measures)
    assert asked > 3
    assert Precision(1e-6, pilot=2, rule="pilot").next_count(measures) == 3


@pytest.mark.parametrize(
    "options",
    [
        {"absolute": 0},
        {"absolute": math.nan},
        {"absolute": 1, "relative": 1},
        {"absolute": 1, "cut": "cake"},
        {"absolute": 1, "cap": 3},
        {"absolute": 1, "rule": "peek"},
    ],
)
def test_a_precision_that_does_not_fit_is_refused(options):
    with pytest.raises(ds.InputError):
        Precision(**options)


def test_a_run_in_batches_is_the_run_of_as_many_replicates():
    until = ds.compare("nsw", ["gold-standard"], until=Precision(1e-6, cut="contact", pilot=2, cap=4), **SMALL | {"replicates": 2, "days": 90})
    whole = ds.compare("nsw", ["gold-standard"], **SMALL | {"replicates": 4, "days": 90})
    assert until.replicates == 4
    assert json.dumps(until.to_json()) == json.dumps(whole.to_json())


@many
@given(st.integers(2, 12), st.integers(1, 6), st.integers(0, 10**6))
def test_simultaneous_intervals_hold_the_means_and_are_no_narrower_than_single_ones(n, points, seed):
    values = np.random.default_rng(seed).normal(5, 2, (n, points))
    critical, ends = simultaneous(values)
    for i in range(points):
        low, high = mean_of(values[:, i].tolist()).ci
        assert ends[i, 0] <= low + 1e-9
        assert ends[i, 1] >= high - 1e-9
    assert critical > 0


def test_more_points_ask_for_wider_intervals():
    values = np.random.default_rng(3).normal(0, 1, (60, 40))
    assert simultaneous(values)[0] > simultaneous(values[:, :1])[0] * 1.2


@pytest.mark.parametrize(("n", "points", "least", "most"), [(25, 8, 2.85, 3.15), (6, 8, 3.7, 5.1)])
def test_a_whole_curve_lies_within_its_simultaneous_intervals_about_95_times_in_100(n, points, least, most):
    """300 curves of independent points. At 95 % (94 %), fewer than 259 (86 %) of them inside happens by luck once in 10^8 (10^6) times; intervals
    that hold 80 % of curves, as those of single points do, are seen 99 times in 100. Too wide ones are seen by the critical value: for
    independent points the exact one is Student's t at 0.95^(1/8), 2.99 for 25 replicates and 4.50 for 6."""
    rng = np.random.default_rng(5)
    found = [simultaneous(rng.normal(0, 1, (n, points))) for _ in range(300)]
    inside = sum(bool((ends[:, 0] <= 0).all() and (ends[:, 1] >= 0).all()) for _, ends in found)
    assert inside >= 259
    assert least < np.mean([critical for critical, _ in found]) < most


def test_one_replicate_has_no_simultaneous_interval():
    assert simultaneous(np.ones((1, 4))) is None


def test_a_clear_best_point_is_sure_and_a_tie_is_not():
    clear = np.tile([3.0, 1.0, 2.0], (6, 1)) + np.random.default_rng(1).normal(0, 0.01, (6, 3))
    best = best_point(clear)
    assert (best.point, best.likely) == (1, (1,))
    assert best_point(clear, lowest=False).point == 0
    noisy = best_point(np.random.default_rng(2).normal(0, 1, (6, 3)))
    assert len(noisy.likely) > 1
    assert sum(noisy.shares) == pytest.approx(1.0)


def test_a_curve_tells_intervals_for_all_points_and_how_sure_the_best_is():
    curve = fake_curve()
    data = curve.to_json()
    assert [row["limit"] for row in data["simultaneous"]["people_supply"]] == ["1 g", "2 g", "10 g"]
    assert data["best"]["users_charged_supply"]["limit"] in ("1 g", "2 g", "10 g")
    assert set(curve.simultaneous("people_supply").columns) >= {"mean", "ci_low", "simultaneous_low"}
    with pytest.raises(ds.InputError):
        curve.best("cake")


def test_variance_between_draws_does_not_shrink_with_replicates_and_luck_does():
    rng = np.random.default_rng(7)
    draw, luck = rng.normal(0, 2, (400, 1)), rng.normal(0, 1, (1, 64))
    values = draw + luck + rng.normal(0, 1, (400, 64))
    few, lots = split_variance(values[:, :4]), split_variance(values)
    assert few.between == pytest.approx(lots.between, rel=0.1)
    assert lots.between == pytest.approx(4.0, rel=0.2)
    assert lots.luck.mcse < few.luck.mcse


def test_luck_that_all_draws_share_is_not_spread_between_draws():
    split = split_variance(np.tile(np.random.default_rng(1).normal(0, 1, (1, 9)), (20, 1)))
    assert split.between == pytest.approx(0.0, abs=1e-12)
    assert split.assumptions[1] - split.assumptions[0] == pytest.approx(0.0, abs=1e-6)


def test_one_replicate_a_draw_cannot_be_split():
    split = split_variance(np.array([[1.0], [3.0]]))
    assert (split.within, split.share_between) == (None, None)


@pytest.mark.parametrize("design", ["sobol", "latin"])
def test_draws_fill_the_ranges_evenly_and_are_the_same_again(design):
    unit = drawn(16, 5, 1, design)
    assert ((unit * 16).astype(int).max(axis=0) == 15).all()
    assert (np.sort((unit * 16).astype(int), axis=0) == np.arange(16)[:, None]).all()
    assert (unit == drawn(16, 5, 1, design)).all()


def test_drawn_values_lie_in_their_ranges_and_reach_their_ends():
    for path, parameter in free_parameters(ds.load("nsw")):
        if isinstance(parameter, Money) or parameter.number("low") >= parameter.number("high"):
            continue
        numbers = [value_at(parameter, x) for x in (0.0, 0.37, 1.0)]
        plain = [float(str(one).removesuffix(" ug")) for one in numbers]
        assert plain == sorted(plain), path
        assert plain[0] == pytest.approx(parameter.number("low"), abs=0.5 if isinstance(parameter, Amount) else 1e-9)
        assert plain[-1] == pytest.approx(parameter.number("high"), rel=1e-9, abs=0.5 if isinstance(parameter, Amount) else 1e-9)


def test_uncertainty_has_the_same_draws_for_every_law_and_two_intervals():
    found = ds.uncertainty("nsw", ["portugal", "gold-standard"], draws=3, people=200, days=20, replicates=2, progress=False)
    assert found.changes.shape[1:] == (2, 3, 6)
    assert not found.changes[:, :, 0].any()
    assert len(found.parameters) == found.draws.shape[1] > 300
    row = found.to_json()["changes_per_1000"][0]
    assert {"luck_ci", "assumptions_interval", "variance_between", "variance_within"} <= set(row)
    assert "never merged" in repr(found)


def test_swapped_rates_change_nothing_for_those_whose_rates_they_are():
    """In open mode, where nobody's fate touches a friend of the other group: every outcome of the reference group, under both laws."""
    found = ds.swap("nsw", ["portugal"], axis="indigenous", mode="open", **SMALL | {"people": 800})
    rows = [row for row in found.rows() if row["indigenous"] == "non_aboriginal"]
    assert {(row["difference"], row["difference_ci_low"], row["difference_ci_high"]) for row in rows} == {(0.0, 0.0, 0.0)}
    assert any(row["as_is"] > 0 for row in rows)
    reference = found.as_is.measures[0].groups.index(("indigenous", "non_aboriginal"))
    for one, other in zip(found.as_is.measures, found.swapped.measures, strict=True):
        assert np.array_equal(one.group_outcomes[:, reference], other.group_outcomes[:, reference])
    assert (found.as_is.measures[0].group_people == found.swapped.measures[0].group_people).all()
    assert all(value == 1.0 for value in found.changes.values())
    group = next(i for i, one in enumerate(found.as_is.measures[0].groups) if one == ("indigenous", "aboriginal"))
    stops = [sum(int(m.group_outcomes[0, group, 0]) for m in one.measures) for one in (found.as_is, found.swapped)]
    assert stops[1] < stops[0]


@pytest.mark.parametrize(("options", "words"), [({"axis": "shoe"}, "no axis"), ({"axis": "indigenous", "reference": "x"}, "no category")])
def test_a_swap_of_what_is_not_there_is_refused(options, words):
    with pytest.raises(ds.InputError, match=words):
        ds.swap("nsw", **options)
