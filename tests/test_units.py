"""Amounts, dates and numbers: read exactly or refused with what to type."""

from __future__ import annotations

import datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decrimsim.errors import QuantityError
from decrimsim.units import LARGEST_UG, UG_PER, Quantity, format_ug, parse_date, parse_number, parse_quantity, parse_ug, plain_number

EXACT = settings(deadline=None, derandomize=True, max_examples=200)


@pytest.mark.parametrize(
    ("text", "ug"),
    [
        ("2.5 g", 2_500_000), ("40 mg", 40_000), ("40mg", 40_000), (" 1 kg ", 10**9), ("500 ug", 500), ("500 µg", 500), ("500 mcg", 500), ("0.000015 g", 15),
        ("1 KG", 10**9), ("0 g", 0), ("1000 kg", LARGEST_UG), ("0.1 g", 100_000),
    ],
)  # fmt: skip
def test_a_weight_is_read_as_whole_micrograms(text: str, ug: int) -> None:
    assert parse_quantity(text) == Quantity(ug=ug)
    assert parse_ug(text) == ug


@pytest.mark.parametrize(("text", "units"), [("3 units", 3), ("1 unit", 1), ("15 DDU", 15), ("5 plants", 5), ("0 pills", 0), ("2 tablets", 2)])
def test_a_count_is_read_as_whole_units(text: str, units: int) -> None:
    assert parse_quantity(text) == Quantity(units=units)


def test_unlimited_is_an_amount_of_its_own() -> None:
    assert parse_quantity("unlimited").is_unlimited
    assert not parse_quantity("0 g").is_unlimited
    assert not parse_quantity("0 units").is_unlimited


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2.5", "Write for example '2.5 g' or '2.5 mg'"), (2.5, "Write for example '2.5 g' or '2.5 mg'"), (None, "has no unit"), (True, "has no unit"), (["1 g"], "has no unit"),
        ("2,5 g", "cannot be read"), ("-1 g", "cannot be read"), ("+1 g", "cannot be read"), ("1e3 g", "cannot be read"), (".5 g", "cannot be read"), ("1 g 2", "cannot be read"),
        ("", "cannot be read"), ("g", "cannot be read"), ("inf g", "cannot be read"), ("nan g", "cannot be read"), ("1 g\n2 g", "cannot be read"), ("٣ g", "cannot be read"),
        ("1 gramm", "is not known"), ("1 mgg", "Did you mean 'mg'"), ("0.5 ug", "fraction of a microgram"), ("0.0000001 g", "fraction of a microgram"),
        ("1000.000001 kg", "more than 1,000 kg"), ("1.5 units", "whole number of dose units"), ("99999999999 units", "whole number of dose units"),
    ],
)  # fmt: skip
def test_an_amount_that_cannot_be_read_says_why(text: object, says: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, "here")
    assert says in str(caught.value) and str(caught.value).startswith("here: ")


def test_a_weight_is_neither_a_count_nor_unlimited() -> None:
    for text in ("3 units", "unlimited"):
        with pytest.raises(QuantityError, match="is not a weight"):
            parse_ug(text)


@EXACT
@given(st.integers(0, LARGEST_UG))
def test_an_amount_written_and_read_again_is_the_same(ug: int) -> None:
    assert parse_ug(format_ug(ug)) == ug
    assert parse_quantity(str(Quantity(ug=ug))) == Quantity(ug=ug)


@EXACT
@given(st.integers(0, 10**9), st.sampled_from(sorted(UG_PER)))
def test_every_unit_is_converted_exactly(number: int, unit: str) -> None:
    if number * UG_PER[unit] <= LARGEST_UG:
        assert parse_ug(f"{number} {unit}") == number * UG_PER[unit]


@EXACT
@given(st.integers(0, 10**6 - 1), st.integers(0, 999_999))
def test_decimals_are_exact_where_floats_are_not(grams: int, micrograms: int) -> None:
    assert Fraction(parse_ug(f"{grams}.{micrograms:06d} g")) == Fraction(grams * 10**6 + micrograms)
    assert 3 * parse_ug("0.1 g") == parse_ug("0.3 g")


@EXACT
@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_proper_error(text: str) -> None:
    try:
        quantity = parse_quantity(text)
    except QuantityError as error:
        assert str(error)
    else:
        assert quantity.is_unlimited or (quantity.ug is None) != (quantity.units is None)


def test_a_day_is_read_or_refused() -> None:
    assert parse_date("2023-10-01") == datetime.date(2023, 10, 1)
    assert parse_date(datetime.date(2023, 10, 1)) == datetime.date(2023, 10, 1)
    for text in ("2023-13-01", "2023-02-30", "1.10.2023", "20231001", "", None, 20231001, "2023-10-01T00:00"):
        with pytest.raises(QuantityError, match="is not a date"):
            parse_date(text)


def test_a_number_is_finite_or_refused() -> None:
    assert (parse_number("0.25"), parse_number("1e3"), parse_number("-2")) == (0.25, 1000.0, -2.0)
    for text in ("nan", "inf", "-inf", "1e400", "x", ""):
        with pytest.raises(QuantityError, match="is not a finite number"):
            parse_number(text)


def test_amounts_are_shown_in_the_unit_people_would_write() -> None:
    assert [format_ug(ug) for ug in (0, 15, 1_500, 40_000, 2_500_000, 10**9)] == ["0 ug", "15 ug", "1.5 mg", "40 mg", "2.5 g", "1 kg"]
    assert [str(q) for q in (Quantity(units=1), Quantity(units=2), Quantity())] == ["1 unit", "2 units", "unlimited"]


@pytest.mark.parametrize(
    ("number", "text"), [(1e6, "1,000,000"), (200_000.0, "200,000"), (1e-05, "0.00001"), (0.35, "0.35"), (12.0, "12"), (1 / 3, "0.333333")]
)
def test_a_number_is_written_without_powers_of_ten(number: float, text: str) -> None:
    assert plain_number(number) == text
