"""Cells of tables: a number, its interval or its change below, and whether the change is coloured.

Level 6.
"""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim.report.frames import FEWEST_EVENTS
from decrimsim.report.words import OUTCOME_GROUPS
from decrimsim.statistics import Estimate, interval_text, rounded, signed_text

NO_BREAK = "\N{NO-BREAK SPACE}"
HIDDEN, FEW = "hidden", "few"
FEW_WORDS = f"“{FEW}”: it would rest on fewer than {FEWEST_EVENTS} of them in a replicate, on average."
NEUTRAL = frozenset({*OUTCOME_GROUPS["Services"], "services_budget", "voluntary_access"})
"""Outcomes and indicators of which more is not more punishment: a clear change is bold, without a colour."""
COLOUR_WORDS = (
    "Bold: the interval lies wholly on one side of zero. Orange: more than under the baseline; blue: fewer; services have no colour, because more of "
    "them is not more punishment. Where all replicates gave the same difference there is no interval, so nothing is coloured."
)


@dataclass(frozen=True)
class Cell:
    """One cell of a table: the figure, and smaller text below it; way is 'more', 'fewer', 'clear' or ''."""

    text: str
    below: str = ""
    way: str = ""


def way(change: Estimate, name: str = "") -> str:
    """Return how a change is marked: 'more' or 'fewer' if its interval lies wholly on one side of zero ('clear' for one of NEUTRAL), else ''."""
    if not change.is_clear:
        return ""
    if name in NEUTRAL:
        return "clear"
    return "more" if change.mean > 0 else "fewer"


def number(estimate: Estimate) -> str:
    """Return the mean alone, to the second figure of its error."""
    return rounded(estimate.mean, estimate.mcse)


def number_cell(estimate: Estimate | None, undefined: str = "–") -> Cell:
    """Return the mean with its interval below; where all replicates counted the same, with nothing below."""
    return Cell(undefined) if estimate is None else Cell(number(estimate), "" if estimate.is_constant else _unbroken(estimate))


def _unbroken(estimate: Estimate) -> str:
    """Return the interval as text; a line may break only where words say that there is none."""
    return interval_text(estimate) if estimate.is_constant else interval_text(estimate).replace(" ", NO_BREAK)


def signed_cell(change: Estimate, mark: str = "") -> Cell:
    """Return a change alone, with its sign and its interval below, marked as way() says."""
    return Cell(signed_text(change), _unbroken(change), mark)


def change_text(change: Estimate) -> str:
    """Return a difference with its interval; a line may break only before the interval."""
    if not change.mean and not change.mcse:
        return "no difference"
    size, interval = signed_text(change), interval_text(change)
    return f"{size} ({_unbroken(change)})" if interval else size


def changed_cell(mean: Estimate, change: Estimate, name: str = "") -> Cell:
    """Return the mean with its difference from the baseline below, coloured where that is clear."""
    return Cell(number(mean), change_text(change), way(change, name))
