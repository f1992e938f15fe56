"""Revisions of a law by its own review clause.

Level 2. A revision returns another law; nothing here is changed in place.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from decrimsim.law.derive import multiplied, with_limits
from decrimsim.law.model import Law
from decrimsim.law.review_clause import Review as Review
from decrimsim.law.review_clause import Trigger, read_review
from decrimsim.units import LARGEST_UG


def review_of(law: Law) -> Review | None:
    """Return the review of a law, or None where no review that can be simulated stands in it."""
    return read_review(law.data)


def revised(law: Law, trigger: Trigger, factor: float) -> Law:
    """Return a law after a revision: a parameter, or every limit that bounds a tier, times a factor (or divided by it)."""
    by = factor if trigger.is_up else 1 / factor
    if trigger.parameter:
        one = law.data["parameters"][trigger.parameter]
        value = min(max(one["value"] * by, one.get("least", 0)), one.get("most", 10**6))
        return law.patch({f"parameters.{trigger.parameter}.value": value})
    assert law.rules is not None
    tables = law.data["tables"]
    ladder = [name for name in law.rules.ladder if name in tables]
    outwards = reversed(ladder) if trigger.is_up else ladder  # so that no limit passes its neighbour on the way
    return law.patch({f"tables.{name}.{substance}": _times(cell, Decimal(str(by))) for name in outwards for substance, cell in tables[name].items()})


def _times(cell: Any, by: Decimal) -> Any:
    """Return a raw cell whose limits are multiplied: between a microgram (a unit) and the largest weight that a law can name."""
    return with_limits(cell, lambda text: multiplied(text, by, least=1, most_ug=LARGEST_UG), without=("quote", "confidence"))
