"""Quantities: the only parser of amounts, dates and durations.

Level 0. After this door an amount is a whole number of micrograms (``_ug``) or of dose units
(pills, blotters, plants), a day is a whole number, money is a whole number of minor units.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from decrimsim.errors import QuantityError, nearest, printable

UG_PER: dict[str, int] = {"ug": 1, "µg": 1, "mcg": 1, "mg": 1_000, "g": 1_000_000, "kg": 1_000_000_000}
COUNTS = ("unit", "units", "pill", "pills", "tablet", "tablets", "capsule", "capsules", "blotter", "blotters", "ddu", "plant", "plants", "dose", "doses")
UNLIMITED = 2**62
MINOR_PER_MAJOR = 100
LARGEST_UG = 1_000 * UG_PER["kg"]
_QUANTITY = re.compile(r"\s*(?P<number>[0-9]{1,15}(?:\.[0-9]{1,12})?)\s*(?P<unit>[A-Za-zµ]+)\s*\Z")


@dataclass(frozen=True)
class Quantity:
    """An amount: micrograms, or a count of dose units, or no limit at all."""

    ug: int | None = None
    units: int | None = None

    @property
    def is_unlimited(self) -> bool:
        return self.ug is None and self.units is None

    def __str__(self) -> str:
        if self.is_unlimited:
            return "unlimited"
        if self.units is not None:
            return f"{self.units} unit{'s' if self.units != 1 else ''}"
        assert self.ug is not None
        return format_ug(self.ug)


def parse_quantity(text: object, where: str = "") -> Quantity:
    """Return the amount that a text such as '2.5 g', '40 mg', '3 units' or 'unlimited' stands for.

    Raises QuantityError for a number without a unit, an unknown unit, a fraction of a microgram
    or of a dose unit, and anything over 1,000 kg.
    """
    if isinstance(text, Quantity):
        return text
    if not isinstance(text, str):
        raise QuantityError(
            f"the amount {printable(text)!r} has no unit.",
            where=where,
            got=text,
            wanted="an amount with its unit",
            hint=f"Write for example '{printable(text)} g' or '{printable(text)} mg'",
        )
    if text.strip().lower() == "unlimited":
        return Quantity()
    found = _QUANTITY.match(text)
    if not found:
        bare = re.fullmatch(r"\s*[\d.]+\s*", text)
        hint = f"Write for example '{text.strip()} g' or '{text.strip()} mg'" if bare else "Write for example '2.5 g', '40 mg', '3 units' or 'unlimited'"
        raise QuantityError(
            f"the amount {printable(text)!r} {'has no unit' if bare else 'cannot be read'}.", where=where, got=text, wanted="a number and a unit", hint=hint
        )
    unit = found["unit"]
    number = Decimal(found["number"])
    if unit.lower() in COUNTS:
        if number != number.to_integral_value() or number > 10**9:
            raise QuantityError(f"{printable(text)!r} is not a whole number of dose units.", where=where, got=text, wanted="for example '3 units'")
        return Quantity(units=int(number))
    if unit not in UG_PER and unit.lower() in UG_PER:
        unit = unit.lower()
    if unit not in UG_PER:
        raise QuantityError(
            f"the unit {printable(unit)!r} of {printable(text)!r} is not known.",
            where=where,
            got=text,
            wanted="ug, mg, g, kg or units",
            hint=nearest(unit, [*UG_PER, *COUNTS]),
        )
    ug = number * UG_PER[unit]
    if ug != ug.to_integral_value():
        raise QuantityError(f"{printable(text)!r} is a fraction of a microgram.", where=where, got=text, wanted="whole micrograms")
    if ug > LARGEST_UG:
        raise QuantityError(f"{printable(text)!r} is more than 1,000 kg.", where=where, got=text, wanted="at most 1,000 kg")
    return Quantity(ug=int(ug))


def parse_ug(text: object, where: str = "") -> int:
    """Return the micrograms in a weight such as '2.5 g'. Raises QuantityError for dose units and 'unlimited'."""
    quantity = parse_quantity(text, where)
    if quantity.ug is None:
        raise QuantityError(f"{printable(text)!r} is not a weight.", where=where, got=text, wanted="a weight such as '2.5 g'")
    return quantity.ug


def format_ug(ug: int) -> str:
    """Return a weight in the unit people would write: 40000 -> '40 mg', 2500000 -> '2.5 g'."""
    for unit in ("kg", "g", "mg", "ug"):
        if abs(ug) >= UG_PER[unit] or unit == "ug":
            number = Decimal(int(ug)) / UG_PER[unit]
            return f"{number.normalize():f} {unit}"
    raise AssertionError("unreachable: every weight is a number of micrograms")


def parse_date(text: object, where: str = "") -> datetime.date:
    """Return the day written as '2023-10-01'. Raises QuantityError for anything else."""
    if isinstance(text, datetime.date):
        return text
    try:
        if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
            raise ValueError
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise QuantityError(f"{printable(text)!r} is not a date.", where=where, got=text, wanted="year-month-day, for example '2023-10-01'") from None


def parse_number(text: str, where: str = "") -> float:
    """Return the finite number written in text. Raises QuantityError for anything else."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > Decimal(10) ** 15:
        raise QuantityError(f"{printable(text)!r} is not a finite number.", where=where, got=text, wanted="a number such as 0.25")
    return float(number)


def plain_number(number: float) -> str:
    """Return a number as people write it, to six figures: 1e6 -> '1,000,000', 1e-05 -> '0.00001'."""
    return f"{Decimal(f'{number:.6g}'):,f}"


def minor(major: float) -> int:
    """Return an amount of money in minor units: dollars as cents."""
    return round(major * MINOR_PER_MAJOR)
