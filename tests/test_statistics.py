"""Statistics: known values, exact zeros, and relations that hold for any numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decrimsim.statistics import (
    Estimate,
    count_of,
    difference_of,
    figure_place,
    fixed,
    frechet,
    interval_text,
    mean_of,
    ratio_of,
    rounded,
    share_gap_of,
    share_of,
    signed_text,
    t_quantile,
    with_interval,
)

counts = st.lists(st.integers(0, 10**9), min_size=2, max_size=40)
pairs = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=40)
many = settings(max_examples=100, deadline=None, derandomize=True)


def test_mean_error_and_interval_of_a_small_sample():
    estimate = mean_of([1, 2, 3, 4])
    assert estimate.mean == 2.5
    assert estimate.mcse == pytest.approx(math.sqrt(5 / 3 / 4))
    assert estimate.ci == pytest.approx((2.5 - 3.182446305 * estimate.mcse, 2.5 + 3.182446305 * estimate.mcse))


@pytest.mark.parametrize(("n", "t"), [(2, 12.706204736), (5, 2.776445105), (20, 2.093024054), (1001, 1.962339081)])
def test_quantiles_of_student_t_equal_the_printed_table(n, t):
    assert t_quantile(n) == pytest.approx(t, rel=1e-9)


def test_the_interval_of_a_rare_count_ends_at_zero_and_that_of_the_same_difference_does_not():
    rare = count_of([0, 0, 1])
    assert (rare.mean, rare.mcse, rare.ci[0]) == (mean_of([0, 0, 1]).mean, mean_of([0, 0, 1]).mcse, 0.0)
    assert rare.ci[1] == mean_of([0, 0, 1]).ci[1]
    assert mean_of([0, 0, 1]).ci[0] < 0
    assert difference_of([0, 0, 1], [0, 0, 0]).ci[0] < 0
    assert ratio_of([0, 0, 3], [1, 1, 1]).ci[0] == 0.0
    assert count_of([7]) == mean_of([7])


def test_one_replicate_has_a_mean_and_no_error():
    assert mean_of([7]) == Estimate(7.0, None, None)
    assert difference_of([7], [3]).to_json() == {"mean": 4.0, "mcse": None, "ci": None}
    assert ratio_of([6], [3]) == Estimate(2.0)


def test_no_replicate_is_an_error():
    with pytest.raises(ValueError, match="at least one replicate"):
        mean_of([])


@many
@given(counts)
def test_a_law_against_itself_has_no_difference_and_no_error(values):
    assert difference_of(values, values) == Estimate(0.0, 0.0, (0.0, 0.0))


@many
@given(pairs)
def test_swapping_the_laws_negates_the_difference(values):
    a, b = zip(*values, strict=True)
    there, back = difference_of(a, b), difference_of(b, a)
    assert there.mean == -back.mean
    assert there.mcse == back.mcse
    assert there.ci is None or there.ci == tuple(-end for end in reversed(back.ci))


@many
@given(counts, st.randoms(use_true_random=False))
def test_the_order_of_replicates_changes_no_bit(values, random):
    assert mean_of(values) == mean_of(random.sample(values, len(values)))


@many
@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_replicates_changes_no_ratio(values, random):
    mixed = random.sample(values, len(values))
    assert ratio_of(*zip(*values, strict=True)) == ratio_of(*zip(*mixed, strict=True))


@many
@given(st.lists(st.integers(1, 1000), min_size=2, max_size=20))
def test_a_constant_ratio_has_no_error(values):
    ratio = ratio_of([3 * value for value in values], values)
    assert ratio is not None
    assert ratio.mean == 3
    assert ratio.mcse == 0


def test_ratio_of_means_is_not_the_mean_of_ratios():
    assert ratio_of([1, 9], [1, 3]).mean == 2.5


def test_ratio_error_is_the_jackknife():
    left_out = [(5 + 9) / (3 + 4), (2 + 9) / (1 + 4), (2 + 5) / (1 + 3)]
    centre = sum(left_out) / 3
    assert ratio_of([2, 5, 9], [1, 3, 4]).mcse == pytest.approx(math.sqrt(2 / 3 * sum((value - centre) ** 2 for value in left_out)))


def test_ratio_to_nothing_is_undefined_and_to_a_single_count_has_no_interval():
    assert ratio_of([1, 2], [0, 0]) is None
    assert ratio_of([1, 2], [5, 0]) == Estimate(0.6)


@many
@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)), st.integers(31, 60))
def test_gross_flows_lie_within_their_bounds_for_any_coupling(old, new, n_people):
    low, high = frechet(len(old), len(new), n_people)
    assert low <= len(new - old) <= high


def test_bounds_are_reached_by_the_extreme_couplings():
    assert frechet(3, 5, 10) == (2, 5)
    assert frechet(8, 5, 10) == (0, 2)


@pytest.mark.parametrize(("error", "place"), [(0.0123, 3), (0.99, 2), (0.996, 1), (1.0, 1), (45.6, 0), (1234.0, -2), (0.0, 0)])
def test_the_second_figure_of_the_error_decides_the_place(error, place):
    assert figure_place(error) == place


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (12.3456, 0.0123, "12.346"),
        (12345.6, 456.0, "12,350"),
        (-0.04, 1.5, "0.0"),
        (-12.34, 0.5, "−12.34"),
        (8.87179487179487, 3.5e-16, "8.87"),
        (0, None, "0"),
        (3.14159, None, "3.14"),
        (1234.5, 0.0, "1,234"),
        (0.00123456, None, "0.00123"),
        (20.0, None, "20"),
    ],
)
def test_an_estimate_is_printed_to_the_place_of_its_error(value, error, text):
    assert rounded(value, error) == text


def test_signs_and_intervals_are_printed():
    assert with_interval(Estimate(-1.25, 0.5, (-2.2, -0.3)), signed=True) == "−1.25 (−2.20 to −0.30)"
    assert with_interval(Estimate(1.25, 0.5, (0.3, 2.2)), signed=True) == "+1.25 (0.30 to 2.20)"
    assert with_interval(Estimate(4.0)) == "4"
    assert with_interval(None) == "–"
    assert signed_text(Estimate(0.0, 0.0, (0.0, 0.0))) == "0"


def test_a_change_is_clear_only_if_its_interval_excludes_zero():
    assert Estimate(1, 0.1, (0.5, 1.5)).is_clear
    assert Estimate(-1, 0.1, (-1.5, -0.5)).is_clear
    assert not Estimate(1, 1, (-1, 3)).is_clear
    assert not Estimate(1).is_clear


def test_the_same_difference_in_all_replicates_is_not_clear_and_says_so():
    always = difference_of([3, 4, 5, 6, 7], [1, 2, 3, 4, 5])
    assert always == Estimate(2.0, 0.0, (2.0, 2.0))
    assert always.is_constant and not always.is_clear and not always.has_width
    assert with_interval(always.times(0.5), signed=True) == "+1 (the same in all 5 replicates)"
    assert interval_text(difference_of([1, 2], [2, 3])) == "the same in both replicates"
    assert interval_text(difference_of([1, 2], [1, 2])) == ""
    assert interval_text(mean_of([4])) == ""
    assert not mean_of([4]).is_constant


def test_what_floats_leave_behind_is_no_error_and_no_difference():
    third = [8.87179487179487, 8.871794871794872, 8.871794871794874]
    assert mean_of(third).mcse == 0
    assert difference_of([0.1 + 0.2, 0.3], [0.3, 0.3]) == Estimate(0.0, 0.0, (0.0, 0.0))
    assert ratio_of([0.1, 0.2, 0.3], [0.3, 0.6, 0.9]).mcse == 0


def test_a_share_ends_at_zero_and_at_one_and_its_gap_at_neither():
    assert share_of([1, 0], [1, 1]).ci == (0.0, 1.0)
    assert share_of([1, 2], [0, 0]) is None
    gap = share_gap_of([1, 0, 3], [4, 4, 4], [2, 2, 3], [4, 4, 4])
    assert gap.mean == pytest.approx(4 / 12 - 7 / 12)
    assert gap.ci[0] < -0.25 < gap.ci[1]
    assert share_gap_of([1, 1], [4, 4], [0, 0], [0, 0]) is None
    assert share_gap_of([1, 1], [4, 4], [1, 0], [1, 0]) == Estimate(2 / 8 - 1)


@pytest.mark.parametrize(("value", "text"), [(-0.004, "0.00"), (0.004, "0.00"), (-1234.5, "−1,234.50"), (2, "+2.00")])
def test_a_number_that_rounds_to_zero_has_no_sign(value, text):
    assert fixed(value, 2, signed=True) == text


def test_scaling_scales_mean_error_and_interval():
    assert Estimate(2.0, 1.0, (0.0, 4.0)).times(0.5) == Estimate(1.0, 0.5, (0.0, 2.0))
    assert Estimate(2.0).times(0.5) == Estimate(1.0)
