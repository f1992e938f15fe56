"""Parameters: a number we believe, its range, its unit, its source and how sure we are.

Level 1. Grades: A measured directly in the place · B measured directly elsewhere · C indirect or old · D assumed.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from decrimsim.errors import QuantityError
from decrimsim.units import format_ug, parse_ug

Grade = Literal["A", "B", "C", "D"]
ASSUMPTION = "assumption"


class Model(BaseModel):
    """Base of everything read from a scenario file: closed, strict and frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class Param(Model):
    """A number from the world."""

    BOUNDS: ClassVar[tuple[float, float]] = (0.0, 1e12)

    value: float
    """best estimate, used in a run"""
    range: Annotated[tuple[float, float], Field()]
    """lowest and highest value that the evidence allows"""
    source: str
    """key of the scenario's sources, or 'assumption'"""
    grade: Grade
    """A direct here, B direct elsewhere, C indirect or old, D assumed"""
    note: str = ""
    """what the source says, and how the number follows from it"""

    @model_validator(mode="after")
    def _check(self) -> Param:
        low, high = self.range
        if not low <= self.value <= high:
            raise ValueError(f"the value {self.value:g} lies outside its range {low:g} to {high:g}")
        if not (self.BOUNDS[0] <= low and high <= self.BOUNDS[1]):
            raise ValueError(f"the range {low:g} to {high:g} must stay within {self.BOUNDS[0]:g} to {self.BOUNDS[1]:g}")
        if (self.source == ASSUMPTION) != (self.grade == "D"):
            raise ValueError("grade D goes with the source 'assumption', and only grade D does")
        if self.grade == "D" and low == high:
            raise ValueError("an assumption (grade D) needs a range with some width")
        return self

    def number(self, at: Literal["value", "low", "high"] = "value") -> float:
        """Return the value, or the low or high end of the range."""
        return float({"value": self.value, "low": self.range[0], "high": self.range[1]}[at])

    def varied(self, number: float) -> Param:
        """Return the parameter with another value; the range grows to hold it."""
        data = self.model_dump()
        data["value"] = number
        data["range"] = (min(self.range[0], number), max(self.range[1], number))
        return type(self).model_validate(data)


class Probability(Param):
    """A chance between 0 and 1."""

    BOUNDS = (0.0, 1.0)
    unit: Literal["probability"]


class Ratio(Param):
    """A factor by which something is multiplied, or a share of something; 1 changes nothing."""

    BOUNDS = (0.0, 1e4)
    unit: Literal["ratio"]


class Exponent(Param):
    """The b of total price ~ grams^b."""

    BOUNDS = (0.2, 2.0)
    unit: Literal["exponent"]


class LogSd(Param):
    """Standard deviation of the natural logarithm."""

    BOUNDS = (0.0, 3.0)
    unit: Literal["log-sd"]


class DaysPer28(Param):
    """Days in every 28."""

    BOUNDS = (0.0, 28.0)
    unit: Literal["days per 28"]


class Days(Param):
    """A number of days."""

    BOUNDS = (0.0, 36_500.0)
    unit: Literal["days"]


class Minutes(Param):
    """Minutes."""

    BOUNDS = (0.0, 1440.0)
    unit: Literal["minutes"]


class Hours(Param):
    """Hours."""

    BOUNDS = (0.0, 1e6)
    unit: Literal["hours"]


class PerThousandHours(Param):
    """Events per 1,000 hours of exposure."""

    BOUNDS = (0.0, 1e4)
    unit: Literal["per 1000 hours"]


class PerThousandPurchases(Param):
    """Events per 1,000 purchases."""

    BOUNDS = (0.0, 1e3)
    unit: Literal["per 1000 purchases"]


class PerThousandPeople(Param):
    """A number for every 1,000 people who use drugs."""

    BOUNDS = (0.0, 1e6)
    unit: Literal["per 1000 people"]


class PerPersonYear(Param):
    """Events per person and year."""

    BOUNDS = (0.0, 300.0)
    unit: Literal["per person-year"]


class Money(Param):
    """An amount of money in major units of the scenario's currency (dollars, not cents)."""

    BOUNDS = (0.0, 1e9)
    unit: Literal["money"]


class People(Param):
    """A number of people."""

    BOUNDS = (0.0, 1e9)
    unit: Literal["people"]


class Count(Param):
    """A number of things."""

    BOUNDS = (0.0, 1e9)
    unit: Literal["count"]


class ByOffence(Model):
    """One chance for possession and one for supply."""

    possession: Probability
    supply: Probability


class Amount(Model):
    """A weight from the world, written with its unit: {value: "0.25 g", range: ["0.2 g", "0.35 g"], ...}."""

    value: str
    range: tuple[str, str]
    source: str
    grade: Grade
    note: str = ""

    @model_validator(mode="after")
    def _check(self) -> Amount:
        try:
            low, value, high = (parse_ug(text) for text in (self.range[0], self.value, self.range[1]))
        except QuantityError as error:  # not a ValueError, so pydantic would not collect it with the other mistakes
            raise ValueError(str(error)) from error
        if low == 0:
            raise ValueError(f"the range starts at {self.range[0]}; an amount must be more than nothing")
        if not low <= value <= high:
            raise ValueError(f"the value {self.value} lies outside its range {self.range[0]} to {self.range[1]}")
        if (self.source == ASSUMPTION) != (self.grade == "D"):
            raise ValueError("grade D goes with the source 'assumption', and only grade D does")
        if self.grade == "D" and low == high:
            raise ValueError("an assumption (grade D) needs a range with some width")
        return self

    @property
    def ug(self) -> int:
        """The value in micrograms."""
        return parse_ug(self.value)

    def number(self, at: Literal["value", "low", "high"] = "value") -> float:
        """Return the value, or the low or high end of the range, in micrograms."""
        return float(parse_ug({"value": self.value, "low": self.range[0], "high": self.range[1]}[at]))

    def varied(self, number: float) -> Amount:
        """Return the amount with another value in micrograms; the range grows to hold it."""
        data: dict[str, Any] = self.model_dump()
        ug = round(number)
        low, high = (parse_ug(end) for end in self.range)
        data["value"], data["range"] = format_ug(ug), (format_ug(min(low, ug)), format_ug(max(high, ug)))
        return Amount.model_validate(data)
