"""A curve as text, as a table and as plain data: one limit moved, one law for each point, after the baseline.

Level 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from decrimsim.errors import printable
from decrimsim.measures.bootstrap import best_point, simultaneous
from decrimsim.measures.summary import Summary, known, scale
from decrimsim.report.frames import flat
from decrimsim.report.text import NO_PEOPLE, aligned, indicator_texts, labelled, settings_line
from decrimsim.report.words import CUT_WORDS, INDICATOR_WORDS
from decrimsim.schema import CUTS, OUTCOMES
from decrimsim.statistics import MONTE_CARLO_ONLY, count_of, rounded, with_interval

if TYPE_CHECKING:
    import pandas as pd

HEADLINES = ("cautions", "charges_possession", "users_charged_supply", "suppliers_not_charged_supply", "detention_days", "cost")
"""What the table of a curve tells besides people charged or convicted and people charged with supply."""


@dataclass(frozen=True, eq=False)
class CurveData:
    """The results along a moving limit: the first law is the baseline, then one law for each point.

    points  (text as it was written, micrograms or dose units), rising
    """

    summary: Summary
    path: str
    points: Sequence[tuple[str, int]]


def point_values(curve: CurveData, measure: str) -> npt.NDArray[np.float64]:
    """Return an outcome or a cut ('people_...') at the points of the curve, by replicate (replicates, points), per 1,000 people; money in major units."""
    summary = curve.summary
    names = (*OUTCOMES, *(f"people_{cut}" for cut in CUTS))
    at = known(measure, names, "measure")
    if at < len(OUTCOMES):
        counts = np.stack([m.outcomes[1:, at] for m in summary.measures]) * scale(measure)
    else:
        counts = np.stack([m.widening.n_flag[1:, at - len(OUTCOMES)] for m in summary.measures]).astype(np.float64)
    return np.asarray(counts * (1000 / max(summary.n_people, 1)), np.float64)


def simultaneous_rows(curve: CurveData, measure: str) -> list[dict[str, object]]:
    """Return a row for each point: the mean per 1,000 people with an interval for the point alone, and one that holds for all points at once."""
    values = point_values(curve, measure)
    together = simultaneous(values)
    rows: list[dict[str, object]] = []
    for i, (text, amount) in enumerate(curve.points):
        ends = (None, None) if together is None else together[1][i].clip(min=0).tolist()
        own = flat(count_of(values[:, i].tolist()))
        rows.append({"limit": text, "amount": amount, "measure": measure, **own, "simultaneous_low": ends[0], "simultaneous_high": ends[1]})
    return rows


def best_limit(curve: CurveData, measure: str, *, lowest: bool = True) -> dict[str, object]:
    """Return the point at which a measure is lowest (or highest), the share of resamples in which each point is, and the points that hold 95 % of them."""
    best = best_point(point_values(curve, measure), lowest=lowest)
    texts = [text for text, _ in curve.points]
    is_known = len(curve.summary.measures) > 1
    return {
        "measure": measure,
        "direction": "lowest" if lowest else "highest",
        "limit": texts[best.point],
        "shares": dict(zip(texts, best.shares, strict=True)) if is_known else None,
        "likely": [texts[i] for i in best.likely] if is_known else None,
        "reason": None if is_known else "one replicate says nothing about how sure the choice is",
    }


def curve_rows(curve: CurveData) -> list[dict[str, object]]:
    """Return a row for each point and each outcome or cut ('people_...'): the mean, and the paired difference from the baseline."""
    rows: list[dict[str, object]] = []
    summary = curve.summary
    for law, (text, amount) in enumerate(curve.points, start=1):
        place = {"path": curve.path, "limit": text, "amount": amount, "law": summary.keys[law]}
        for name in OUTCOMES:
            rows.append({**place, "measure": name, **flat(summary.outcome(law, name)), **flat(summary.outcome_difference(law, name), "difference_")})
        for cut in CUTS:
            net = summary.net_widening(law, cut).net
            rows.append({**place, "measure": f"people_{cut}", **flat(summary.with_cut(law, cut)), **flat(net, "difference_")})
    return rows


def curve_frame(curve: CurveData) -> pd.DataFrame:
    """Return curve_rows as a frame."""
    import pandas as pd

    return pd.DataFrame(curve_rows(curve))


def curve_json(curve: CurveData) -> dict[str, object]:
    """Return the results of the comparison with the path and the points, in the order of the laws after the baseline."""
    places = [{"limit": text, "amount": amount, "law": key} for (text, amount), key in zip(curve.points, curve.summary.keys[1:], strict=True)]
    together = {name: simultaneous_rows(curve, name) for name in ("people_supply", "users_charged_supply", "suppliers_not_charged_supply")}
    best = {name: best_limit(curve, name) for name in ("users_charged_supply", "suppliers_not_charged_supply", "cost")}
    return curve.summary.to_json() | {"path": curve.path, "points": places, "simultaneous": together, "best": best}


def curve_table(curve: CurveData) -> tuple[list[str], list[list[str]]]:
    """Return header and rows per 1,000 people: the baseline first, then every point, with people charged or convicted, those charged with supply, and headline outcomes."""
    summary = curve.summary
    per_1000 = 1000 / max(summary.n_people, 1)
    currency = summary.scenario.currency
    header = [
        "Limit",
        CUT_WORDS["criminal"],
        CUT_WORDS["supply"],
        "Difference in people charged with supply",
        *(labelled(name, currency) for name in HEADLINES),
    ]
    rows = []
    for law in range(len(summary.laws)):
        label = "baseline" if law == summary.baseline else printable(curve.points[law - 1][0])
        net = summary.net_widening(law, "supply").net.times(per_1000)
        cells = [
            one.times(per_1000)
            for one in (summary.with_cut(law, "criminal"), summary.with_cut(law, "supply"), *(summary.outcome(law, name) for name in HEADLINES))
        ]
        means = [rounded(cell.mean, cell.mcse) for cell in cells]
        rows.append([label, *means[:2], "" if law == summary.baseline else with_interval(net, signed=True), *means[2:]])
    return header, rows


def indicator_table(curve: CurveData) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the guide's indicators: the baseline first, then every point; per 1,000 people, shares as they are."""
    summary = curve.summary
    header = ["Limit", *(f"{group}: {words}" for group, words in INDICATOR_WORDS.values())]
    limits = ["baseline", *(printable(text) for text, _ in curve.points)]
    return header, [[limit, *(indicator_texts(summary, law, name)[0] for name in INDICATOR_WORDS)] for law, limit in enumerate(limits)]


def curve_text(curve: CurveData) -> str:
    """Return the curve as text, for terminals."""
    if not curve.summary.n_people:
        return f"{settings_line(curve.summary)}\n{NO_PEOPLE}"
    header, rows = curve_table(curve)
    about = f"Limit that moves: {printable(curve.path)}. Per 1,000 people who use drugs. {MONTE_CARLO_ONLY}"
    parts = [f"{settings_line(curve.summary)}\n{about}", aligned(header, rows, head=16)]
    moved = pushed_at(curve)
    return "\n\n".join([*parts, moved] if moved else parts)


def pushed_at(curve: CurveData) -> str:
    """Return a sentence on the points at which the moving limit pushed a neighbouring one along; nothing where none did."""
    laws = curve.summary.laws[1:]
    always = set(laws[0].notes).intersection(*(law.notes for law in laws[1:]))  # of the law that moves, whatever its limit
    pushed = [(text, note) for (text, _), law in zip(curve.points, laws, strict=True) for note in law.notes[-1:] if note not in always]
    if not pushed:
        return ""
    text, note = pushed[-1]
    return f"At {len(pushed)} of {len(curve.points)} points the limit passes a neighbouring one, which moves along; for example at {printable(text)}: {printable(note, 300)}"
