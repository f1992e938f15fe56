"""The answer in plain words, computed from the results.

Level 6.
"""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim.measures.summary import Summary
from decrimsim.report.curve import CurveData
from decrimsim.report.text import NO_PEOPLE, represented
from decrimsim.report.words import CUT_WORDS
from decrimsim.statistics import Estimate, rounded, signed_text, with_interval

HEADLINE_CUTS = ("recorded", "supply", "custodial")
HEADLINE_VERBS = {"recorded": "put on record", "supply": "charged with supply", "custodial": "arrested, held or imprisoned"}


@dataclass(frozen=True)
class KeyFigure:
    """One cut under one law: the change per 1,000 people and in the people the scenario stands for."""

    cut: str
    words: str
    under: str
    change: str
    interval: str
    people: str
    direction: str
    """'fewer', 'more', 'same', or 'unclear' when the interval includes zero"""


def direction(change: Estimate) -> str:
    """Return which way a change goes: exactly none is 'same', an interval around zero is 'unclear'."""
    if change.mean == 0 and not change.mcse:
        return "same"
    if change.ci is not None and not change.is_clear:
        return "unclear"
    return "more" if change.mean > 0 else "fewer"


def change_words(change: Estimate) -> str:
    """Return a change in words: '12 fewer (10 to 14 fewer)', 'no clear difference (3.1 fewer to 0.4 more)', 'no difference'."""
    way = direction(change)
    if way == "same":
        return "no difference"
    size = rounded(abs(change.mean), change.mcse)
    if change.ci is None or not change.mcse:
        return f"{size} {way}"
    low, high = change.ci
    if way == "unclear":
        return f"no clear difference ({rounded(abs(low), change.mcse)} fewer to {rounded(abs(high), change.mcse)} more)"
    near, far = sorted((abs(low), abs(high)))
    return f"{size} {way} ({rounded(near, change.mcse)} to {rounded(far, change.mcse)} {way})"


def answer(summary: Summary) -> str:
    """Return one sentence: how many people are charged with supply, and how that changes under each other law."""
    if not summary.n_people:
        return NO_PEOPLE
    per_1000 = 1000 / summary.n_people
    base = summary.with_cut(summary.baseline, "supply").times(per_1000)
    own = rounded(base.mean, base.mcse)
    start = f"In {summary.settings.days:,} simulated days, {own} of every 1,000 people who use drugs are charged with supply under {summary.labels[summary.baseline]}"
    changes = [
        f"under {summary.labels[law]} there {_verb(summary, law)} {change_words(summary.net_widening(law, 'supply').net.times(per_1000))}"
        for law in range(len(summary.laws))
        if law != summary.baseline
    ]
    return f"{start}; for the same people with the same chances, {_listed(changes)}." if changes else f"{start}."


def curve_answer(curve: CurveData) -> str:
    """Return one sentence: how many people are charged with supply at the lowest and at the highest point of the curve."""
    summary, points = curve.summary, curve.points
    if not summary.n_people:
        return NO_PEOPLE
    per_1000 = 1000 / max(summary.n_people, 1)
    ends = (summary.with_cut(1, "supply"), summary.with_cut(len(points), "supply"), summary.with_cut(summary.baseline, "supply"))
    low, high, own = (rounded(one.mean * per_1000, one.mcse and one.mcse * per_1000) for one in ends)
    return (
        f"In {summary.settings.days:,} simulated days, {low} of every 1,000 people who use drugs are charged with supply when the limit ({curve.path}) is {points[0][0]}, "
        f"{high} when it is {points[-1][0]}, and {own} under {summary.labels[summary.baseline]}."
    )


def key_figures(summary: Summary, law: int) -> list[KeyFigure]:
    """Return the headline changes under a law."""
    per_person = 1 / max(summary.n_people, 1)
    figures = []
    for cut in HEADLINE_CUTS:
        change = summary.net_widening(law, cut).net.times(1000 * per_person)
        under = summary.with_cut(law, cut).times(1000 * per_person)
        ends = [] if change.ci is None or not change.mcse else [rounded(end, change.mcse).replace("-", "−") for end in change.ci]
        in_people = with_interval(change.times(represented(summary) / 1000), signed=True)
        figures.append(
            KeyFigure(cut, HEADLINE_VERBS[cut], rounded(under.mean, under.mcse), signed_text(change), " to ".join(ends), in_people, direction(change))
        )
    return figures


def _verb(summary: Summary, law: int) -> str:
    return "are" if direction(summary.net_widening(law, "supply").net) in ("more", "fewer") else "is"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


assert set(HEADLINE_CUTS) <= set(CUT_WORDS)
