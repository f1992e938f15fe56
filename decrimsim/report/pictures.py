"""Plots of the line as a test: the curve of right against wrong calls, and what they are worth as the weight of a wrong one grows.

Level 6. Each returns its axes, shows nothing and changes no setting of matplotlib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from decrimsim.errors import printable
from decrimsim.measures.classifier import CALL_STAGES, TRUTHS
from decrimsim.measures.readings import backlog_by_day, call_readings, counts_of_calls, has_line
from decrimsim.measures.summary import Summary, known
from decrimsim.plots import COLOURS, MARKERS, MOST_LAWS, PALE, clean, law_line, legend, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SQUARE, WIDE = (6.2, 5.6), (8.6, 4.2)


def plot_roc(summary: Summary, *, truth: str = "law", ax: Axes | None = None) -> Axes:
    """Draw true against false positives as the law's line moves, with a marker where each stage stands; return the axes.

    truth  'law' or 'guide'
    Laws without a line, and laws under which a rate is undefined, have no curve. Later laws are drawn thinner, dashed and with smaller markers on top of
    earlier ones, so that curves that coincide can all be seen.
    """
    ax = new_axes(*SQUARE) if ax is None else ax
    t = known(truth, TRUTHS, "truth")
    ax.plot([0, 1], [0, 1], color=PALE, linewidth=0.8, linestyle=":")
    shown = 0
    for law in range(min(len(summary.laws), MOST_LAWS)):
        points = roc_points(summary, law, t)
        if points is None:
            continue
        colour, shown = COLOURS[law], shown + 1
        ax.plot(*points, **law_line(law), label=printable(summary.labels[law], 40))
        for marker, stage in zip(MARKERS, CALL_STAGES, strict=False):
            found = call_readings(summary, law, truth, stage)
            hit, false = found["true_positive_rate"].value, found["false_positive_rate"].value
            if hit is not None and false is not None:
                ax.plot(
                    [false],
                    [hit],
                    marker,
                    color=colour,
                    markeredgecolor="white",
                    markeredgewidth=0.7,
                    markersize=max(5.0, 11 - 1.5 * law),
                    zorder=3 + 0.1 * law,
                )
    for marker, words in zip(MARKERS, CALL_STAGES, strict=False):
        ax.plot([], [], marker, color=PALE, label=words)
    ax.set_xlabel("false positive rate: finds that were not supply")
    ax.set_ylabel("true positive rate: finds that were")
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(-0.02, 1.02)
    clean(ax, "y")
    legend(ax, min(shown + 4, 3))
    return ax


def roc_points(summary: Summary, law: int, truth: int) -> tuple[list[float], list[float]] | None:
    """Return false and true positive rates as the line falls from above all amounts to nothing; None where undefined."""
    known_ratios = [m.details.ratios[truth, law] for m in summary.measures if m.details.ratios is not None]
    if len(known_ratios) < len(summary.measures) or not has_line(summary, law):
        return None
    other, supply = np.stack(known_ratios).sum(axis=0, dtype=np.int64)
    if not other.sum() or not supply.sum():
        return None
    false, hit = (np.r_[0.0, np.cumsum(one[::-1]) / one.sum()] for one in (other, supply))
    return false.tolist(), hit.tolist()


def plot_decision_curve(summary: Summary, *, truth: str = "law", stage: str = "amount", ax: Axes | None = None) -> Axes:
    """Draw (true positives − k × false positives) per find over the Blackstone ratio k; above 0 a line can be defended; return the axes.

    Before police a law without a line has nothing to be worth, and is left out.
    """
    ax = new_axes(*WIDE) if ax is None else ax
    known(truth, TRUTHS, "truth")
    known(stage, CALL_STAGES, "stage")
    k = np.linspace(0, 10, 41)
    shown = 0
    for law in range(min(len(summary.laws), MOST_LAWS)):
        tp, fp, fn, tn = (sum(one) for one in counts_of_calls(summary, law, truth, stage))
        if tp + fp + fn + tn and (stage != "amount" or has_line(summary, law)):
            ax.plot(k, (tp - k * fp) / (tp + fp + fn + tn), **law_line(law), label=printable(summary.labels[law], 40))
            shown += 1
    ax.axhline(0, color=PALE, linewidth=1)
    ax.set_xlabel("k: people wrongly taken for suppliers who weigh as much as one supplier missed")
    ax.set_ylabel("worth of the line, per find")
    clean(ax, "y")
    if shown:
        legend(ax, shown)
    return ax


def plot_backlog(summary: Summary, *, ax: Axes | None = None) -> Axes:
    """Draw mean cases pending at the end of each day under each law; return the axes."""
    ax = new_axes(*WIDE) if ax is None else ax
    for law in range(min(len(summary.laws), MOST_LAWS)):
        pending = backlog_by_day(summary, law)
        ax.step(range(len(pending)), pending, where="post", **law_line(law), label=printable(summary.labels[law], 40))
    ax.set_xlabel("day")
    ax.set_ylabel("cases pending, simulated people")
    ax.set_ylim(bottom=0)
    clean(ax, "y")
    legend(ax, len(summary.laws))
    return ax
