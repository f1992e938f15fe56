"""Results as pandas tables: tidy, one number a cell, units in the names.

Level 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from decrimsim.errors import InputError, nearest, printable
from decrimsim.measures import STAGES_OF_SUPPLY
from decrimsim.measures.equity import STAGES, relative_rates
from decrimsim.measures.summary import Summary, scale
from decrimsim.report.words import PURPOSE_WORDS
from decrimsim.schema import CUTS, OUTCOMES, PURPOSES, REASONS, RUNGS
from decrimsim.statistics import Estimate

if TYPE_CHECKING:
    import pandas as pd


def flat(estimate: Estimate | None, prefix: str = "") -> dict[str, float | None]:
    """Return an estimate as four cells: mean, mcse, ci_low, ci_high."""
    low, high = (None, None) if estimate is None or estimate.ci is None else estimate.ci
    cells = {"mean": None if estimate is None else estimate.mean, "mcse": None if estimate is None else estimate.mcse, "ci_low": low, "ci_high": high}
    return {f"{prefix}{name}" if name != "mean" or not prefix else prefix.rstrip("_"): cell for name, cell in cells.items()}


def outcome_rows(summary: Summary) -> list[dict[str, object]]:
    """Return a row for each law and outcome: the mean, and the paired difference from the baseline."""
    return [
        {"law": key, "outcome": name, **flat(summary.outcome(law, name)), **flat(summary.outcome_difference(law, name), "difference_")}
        for law, key in enumerate(summary.keys)
        for name in OUTCOMES
    ]


def widening_rows(summary: Summary) -> list[dict[str, object]]:
    """Return a row for each law and cut, in simulated people."""
    rows: list[dict[str, object]] = []
    for law, key in enumerate(summary.keys):
        for cut in CUTS:
            w = summary.net_widening(law, cut)
            flows = {
                **flat(w.gross_widening, "gross_widening_"),
                **flat(w.gross_narrowing, "gross_narrowing_"),
                **flat(w.net, "net_"),
                **flat(w.ratio, "ratio_"),
                **flat(w.denser, "denser_"),
            }
            bounds = dict(zip(("gross_widening_frechet_low", "gross_widening_frechet_high"), w.widening_bounds, strict=True))
            bounds |= dict(zip(("gross_narrowing_frechet_low", "gross_narrowing_frechet_high"), w.narrowing_bounds, strict=True))
            rows.append({"law": key, "cut": cut, **flat(summary.with_cut(law, cut), "people_"), **flows, **bounds})
    return rows


def outcomes_frame(summary: Summary) -> pd.DataFrame:
    """Return outcome_rows as a frame."""
    import pandas as pd

    return pd.DataFrame(outcome_rows(summary))


def widening_frame(summary: Summary) -> pd.DataFrame:
    """Return widening_rows as a frame."""
    import pandas as pd

    return pd.DataFrame(widening_rows(summary))


def ledger_frame(summary: Summary, law: int) -> pd.DataFrame:
    """Return the mean ledger of a law, labelled by rungs."""
    import pandas as pd

    index = pd.Index(RUNGS, name=f"under {summary.keys[summary.baseline]}")
    return pd.DataFrame(summary.ledger(law), index=index, columns=pd.Index(RUNGS, name=f"under {summary.keys[law]}"))


def group_rows(summary: Summary, kind: str) -> list[dict[str, object]]:
    """Return a row for each law, category, and outcome or cut: the count and, for groups of people, the rate per 1,000 of the group.

    The rate is a ratio of means over replicates. Groups of fewer than 10 simulated people have no numbers. Reasons
    overlap: their rows do not add up to a total.
    """
    first = summary.measures[0]
    if kind == "reason":
        members: list[tuple[str, int, float | None]] = [(name, i, None) for i, name in enumerate(REASONS)]
    else:
        members = [(category, i, summary.group_people(i)) for i, (one, category) in enumerate(first.groups) if one == kind]
    if not members:
        kinds = list(dict.fromkeys(one for one, _ in first.groups))
        raise InputError(f"people are not grouped by {printable(kind)!r}.", where="by", got=kind, hint=nearest(kind, [*kinds, "reason"]))
    return [
        {kind: category, "law": key, "measure": name, "people": people, **_group_cells(summary, law, i, name, people)}
        for category, i, people in members
        for law, key in enumerate(summary.keys)
        for name in (*OUTCOMES, *(f"people_{cut}" for cut in CUTS))
    ]


def _group_cells(summary: Summary, law: int, group: int, name: str, people: float | None) -> dict[str, float | None]:
    if people is not None and people < SMALLEST_CELL:
        return dict.fromkeys(("count", "per_1000", "difference", "difference_ci_low", "difference_ci_high"))
    is_cut = name.startswith("people_")
    at = CUTS.index(name.removeprefix("people_")) if is_cut else OUTCOMES.index(name)
    attribute = ("reason_" if people is None else "group_") + ("flags" if is_cut else "outcomes")
    factor = scale(name)
    mean = summary.mean(lambda m: getattr(m, attribute)[law, group, at]).times(factor)
    difference = summary.difference(lambda m: getattr(m, attribute)[law, group, at], lambda m: getattr(m, attribute)[m.baseline, group, at]).times(factor)
    low, high = difference.ci or (None, None)
    rate = None if people is None else mean.mean * 1000 / people
    return {"count": mean.mean, "per_1000": rate, "difference": difference.mean, "difference_ci_low": low, "difference_ci_high": high}


def relative_rows(summary: Summary, kind: str) -> list[dict[str, object]]:
    """Return a row for each law and category: rates by stage against the first category, and from end to end; None where undefined or hidden."""
    kinds = list(dict.fromkeys(one for one, _ in summary.measures[0].groups[1:]))
    if kind not in kinds:
        raise InputError(f"people are not grouped by {printable(kind)!r}.", where="relative_rates", got=kind, hint=nearest(kind, kinds))
    people = {category: summary.group_people(i) for i, (one, category) in enumerate(summary.measures[0].groups) if one == kind}
    rows: list[dict[str, object]] = []
    for law, key in enumerate(summary.keys):
        for rates in relative_rates(summary, law, kind):
            is_shown = min(people[rates.category], people[rates.reference]) >= SMALLEST_CELL
            numbers = [None if rate is None or not is_shown else float(rate) for rate in (*rates.stages, rates.end_to_end)]
            rows.append({kind: rates.category, "law": key, "against": rates.reference, **dict(zip((*STAGES, "end_to_end"), numbers, strict=True))})
    return rows


def relative_frame(summary: Summary, kind: str) -> pd.DataFrame:
    """Return relative_rows as a frame."""
    import pandas as pd

    return pd.DataFrame(relative_rows(summary, kind))


SMALLEST_CELL = 10
"""Groups of fewer people than this are not published."""
FEWEST_EVENTS = 5
"""Gaps between groups and shares of a purpose that rest on fewer events than this in a replicate, on average, are not published."""


def groups_frame(summary: Summary, kind: str) -> pd.DataFrame:
    """Return group_rows as a frame."""
    import pandas as pd

    return pd.DataFrame(group_rows(summary, kind))


def purposes_frame(summary: Summary) -> pd.DataFrame:
    """Return mean cases for each law, purpose and stage of being taken for supply."""
    import pandas as pd

    rows = [
        {"law": key, "purpose": PURPOSE_WORDS[purpose], **dict(zip(STAGES_OF_SUPPLY, map(float, summary.purposes(law)[i]), strict=True))}
        for law, key in enumerate(summary.keys)
        for i, purpose in enumerate(PURPOSES)
    ]
    return pd.DataFrame(rows)
