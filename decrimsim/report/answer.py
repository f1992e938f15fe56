"""The answer in plain words, computed from the results.

Level 6.
"""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim.measures.summary import Summary
from decrimsim.report.cells import number, way
from decrimsim.report.curve import CurveData
from decrimsim.report.text import NO_PEOPLE, represented
from decrimsim.report.words import CUT_WORDS
from decrimsim.statistics import Estimate, interval_text, rounded, signed_text, with_interval

HEADLINE_CUTS = ("recorded", "criminal", "supply", "custodial")
HEADLINE_VERBS = {
    "recorded": "put on record",
    "criminal": "charged or convicted",
    "supply": "charged with supply",
    "custodial": "arrested, held or imprisoned",
}
ANSWER_CUTS = ("criminal", "supply")
"""What the answer tells: who becomes a suspect of anything at all, and who of supply."""


@dataclass(frozen=True)
class KeyFigure:
    """One cut under one law: the change per 1,000 people and in the people the scenario stands for.

    under     of every 1,000 people, under the law
    change    the difference from the baseline, 'no difference' where there is none
    interval  its interval, and whether it is clear
    people    the difference in the people the scenario stands for; empty where there is none
    way       'more' or 'fewer' where the interval lies wholly on one side of zero, else ''
    """

    cut: str
    words: str
    under: str
    change: str
    interval: str
    people: str
    way: str


def is_none(change: Estimate) -> bool:
    """Tell whether there is no difference in any replicate."""
    return change.mean == 0 and not change.mcse


def is_unclear(change: Estimate) -> bool:
    """Tell whether the interval includes zero."""
    return change.has_width and not change.is_clear


def change_words(change: Estimate) -> str:
    """Return a change in words: '12 fewer (10 to 14 fewer)', 'no clear difference (3.1 fewer to 0.4 more)', 'no difference'."""
    if is_none(change):
        return "no difference"
    side = "more" if change.mean > 0 else "fewer"
    size = rounded(abs(change.mean), change.mcse)
    if change.ci is None or not change.has_width:
        always = interval_text(change)
        return f"{size} {side} ({always})" if always else f"{size} {side}"
    low, high = change.ci
    if is_unclear(change):
        return f"no clear difference ({rounded(abs(low), change.mcse)} fewer to {rounded(abs(high), change.mcse)} more)"
    near, far = sorted((abs(low), abs(high)))
    return f"{size} {side} ({rounded(near, change.mcse)} to {rounded(far, change.mcse)} {side})"


def answer(summary: Summary) -> str:
    """Return one sentence: how many people are charged or convicted, and with supply, and how that changes under each other law."""
    if not summary.n_people:
        return NO_PEOPLE
    per_1000 = 1000 / summary.n_people
    start = f"In {summary.settings.days:,} simulated days, of every 1,000 people who use drugs {_levels(summary, summary.baseline)} under {summary.labels[summary.baseline]}"
    changes = [
        f"under {summary.labels[law]}, " + " and ".join(_clause(summary.net_widening(law, cut).net.times(per_1000), HEADLINE_VERBS[cut]) for cut in ANSWER_CUTS)
        for law in range(len(summary.laws))
        if law != summary.baseline
    ]
    return f"{start}; for the same people with the same chances, {'; '.join(changes)}." if changes else f"{start}."


def _levels(summary: Summary, law: int) -> str:
    """Return how many of every 1,000 people are charged or convicted and how many charged with supply under a law."""
    return " and ".join(f"{number(summary.with_cut(law, cut).times(1000 / summary.n_people))} are {HEADLINE_VERBS[cut]}" for cut in ANSWER_CUTS)


def _clause(change: Estimate, verb: str) -> str:
    words = change_words(change)
    if is_none(change):
        return f"as many are {verb}"
    if is_unclear(change):
        return words.replace("no clear difference", f"there is no clear difference in people {verb}")
    return f"{words} are {verb}"


def curve_answer(curve: CurveData) -> str:
    """Return one sentence: how many people are charged or convicted, and with supply, at the lowest and at the highest point of the curve."""
    summary, points = curve.summary, curve.points
    if not summary.n_people:
        return NO_PEOPLE
    low, high, own = (_levels(summary, law) for law in (1, len(points), summary.baseline))
    return (
        f"In {summary.settings.days:,} simulated days, of every 1,000 people who use drugs {low} when the limit ({curve.path}) is {points[0][0]}, "
        f"{high} when it is {points[-1][0]}, and {own} under {summary.labels[summary.baseline]}."
    )


def key_figures(summary: Summary, law: int) -> list[KeyFigure]:
    """Return the headline changes under a law."""
    per_person = 1 / max(summary.n_people, 1)
    figures = []
    for cut in HEADLINE_CUTS:
        net = summary.net_widening(law, cut).net
        change, under = net.times(1000 * per_person), summary.with_cut(law, cut).times(1000 * per_person)
        interval = interval_text(change) + (" · no clear difference" if is_unclear(change) else "")
        size, people = signed_text(change), with_interval(net.times(represented(summary) * per_person), signed=True)
        if is_none(change):
            size, interval, people = "no difference", "", ""
        figures.append(KeyFigure(cut, HEADLINE_VERBS[cut], number(under), size, interval, people, way(change)))
    return figures


assert set(HEADLINE_CUTS) <= set(CUT_WORDS)
