"""Plots of a comparison. Each returns its axes, shows nothing and changes no setting of matplotlib.

Level 6. Colours are those of Okabe and Ito, which people with colour-vision deficiencies can tell apart; laws also
differ by hatch or marker.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from decrimsim.errors import printable
from decrimsim.measures.summary import Summary, known
from decrimsim.report.curve import CurveData, simultaneous_rows
from decrimsim.report.words import CUT_WORDS, OUTCOME_WORDS, unit_of
from decrimsim.schema import CUTS, OUTCOMES, RUNGS
from decrimsim.statistics import Estimate, fixed, rounded, signed_text
from decrimsim.units import UNLIMITED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000")
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (2, 2)), (0, (7, 2, 2, 2)), (0, (4, 1.5)), (0, (9, 3)), (0, (3, 3)), (0, (9, 2, 1, 2)))
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")
INK, GRID, PALE = "#22303c", "#d9dee3", "#8a98a5"
MOST_LAWS = len(COLOURS)
CURVE_SIZE, LEDGER_SIZE = (8.6, 4.6), (8.2, 6.8)


def new_axes(width: float, height: float) -> Axes:
    """Return axes on a figure of their own, through pyplot, so that notebooks show it."""
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def bare_axes(width: float, height: float) -> Axes:
    """Return axes on a figure that pyplot does not know, for writing to a file."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").subplots()


def law_line(law: int) -> dict[str, Any]:
    """Return how the line of a law is drawn: later laws thinner and dashed, so that of lines that coincide all can be seen."""
    at = law % MOST_LAWS
    return {"color": COLOURS[at], "linestyle": DASHES[at], "linewidth": max(1.2, 3.6 - 0.6 * at), "zorder": 2 + 0.1 * at}


def net_widening_size(summary: Summary) -> tuple[float, float]:
    """Return width and height in inches of a net-widening chart."""
    return 8.8, 1.5 + len(CUTS) * max(0.5, 0.27 * min(len(summary.laws) - 1, MOST_LAWS))


def plot_net_widening(summary: Summary, *, ax: Axes | None = None) -> Axes:
    """Draw people newly reached (right) and no longer reached (left) per 1,000, by cut and law, with the net change and its interval.

    Where flows differ by a factor of 20 or more, the scale is linear to 1 per 1,000 and logarithmic beyond, and says so.
    """
    ax = new_axes(*net_widening_size(summary)) if ax is None else ax
    others = [law for law in range(len(summary.laws)) if law != summary.baseline][:MOST_LAWS]
    per_1000 = 1000 / max(summary.n_people, 1)
    height = 0.8 / max(len(others), 1)
    flows = {(law, cut): summary.net_widening(law, cut) for law in others for cut in CUTS}
    scale_words = _set_scale(ax, [flow.mean * per_1000 for w in flows.values() for flow in (w.gross_widening, w.gross_narrowing)])
    for i, law in enumerate(others):
        colour = COLOURS[i % len(COLOURS)]
        for row, cut in enumerate(CUTS):
            w, at, net = flows[law, cut], row - 0.4 + (i + 0.5) * height, flows[law, cut].net.times(per_1000)
            ax.barh(at, w.gross_widening.mean * per_1000, height * 0.86, color=colour, alpha=0.6, linewidth=0)
            ax.barh(at, -w.gross_narrowing.mean * per_1000, height * 0.86, color=colour, alpha=0.28, linewidth=0)
            _marker(ax, net, at, colour, MARKERS[i % len(MARKERS)])
            ax.text(1.01, at, signed_text(net), transform=ax.get_yaxis_transform(), va="center", fontsize=8, color=INK)
        ax.plot([], [], MARKERS[i % len(MARKERS)], color=colour, label=printable(summary.labels[law], 40))
    ax.text(1.01, -0.56, "net", transform=ax.get_yaxis_transform(), va="center", fontsize=8, color=INK, weight="bold")
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.set_yticks(range(len(CUTS)), [textwrap.fill(CUT_WORDS[cut], 22) for cut in CUTS])
    ax.set_ylim(len(CUTS) - 0.5, -0.6)
    for edge in range(1, len(CUTS)):
        ax.axhline(edge - 0.5, color=GRID, linewidth=0.6)
    against = f"people per 1,000, against {printable(summary.labels[summary.baseline], 40)}{scale_words}"
    ax.set_xlabel(f"{against}\n← no longer reached · newly reached →   (marker: net change, 95 % Monte Carlo interval)")
    clean(ax, "x")
    if others:
        legend(ax, len(others))
    return ax


def _set_scale(ax: Axes, flows: list[float]) -> str:
    """Set a scale that shows small and large flows, and return how the axis tells of it."""
    sizes = [flow for flow in flows if flow > 0]
    if not sizes or max(sizes) < 20 * min(sizes):
        return ""
    from matplotlib.ticker import FuncFormatter

    ax.set_xscale("symlog", linthresh=1.0, linscale=0.7)
    ticks = [0.0, *(sign * 10.0**power for power in range(math.ceil(math.log10(max(max(sizes), 1.0))) + 1) for sign in (1, -1))]
    ax.set_xticks(ticks, minor=False)
    ax.set_xticks([], minor=True)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: fixed(x, 0)))
    return " (log scale beyond 1)"


def _marker(ax: Axes, net: Estimate, at: float, colour: str, marker: str) -> None:
    low, high = net.ci or (net.mean, net.mean)
    ax.plot([low, high], [at, at], color=INK, linewidth=1.1, zorder=3)
    ax.plot([net.mean], [at], marker, color=colour, markeredgecolor=INK, markeredgewidth=0.8, markersize=5.5, zorder=4)


def plot_ledger(summary: Summary, law: int, *, ax: Axes | None = None) -> Axes:
    """Draw mean people by highest rung under the baseline (rows) and under the law (columns).

    Orange: taken further under the law; blue: less far; grey: the same. Stronger colour is more people, on a log scale.
    """
    from matplotlib.patches import Rectangle

    ax = new_axes(*LEDGER_SIZE) if ax is None else ax
    counts = summary.ledger(law)
    for a in range(len(RUNGS)):
        for b in range(len(RUNGS)):
            colour, strength = ledger_shade(float(counts[a, b]), a, b, summary.n_people)
            ax.add_patch(Rectangle((b - 0.5, a - 0.5), 1, 1, facecolor=colour, alpha=strength, linewidth=0))
            ax.add_patch(Rectangle((b - 0.5, a - 0.5), 1, 1, fill=False, edgecolor=PALE if a == b else GRID, linewidth=1.1 if a == b else 0.5))
            if counts[a, b] > 0:
                ax.text(b, a, ledger_text(float(counts[a, b])), ha="center", va="center", fontsize=8.5, color=INK)
    names = [textwrap.fill(rung, 17) for rung in RUNGS]
    ax.set_xlim(-0.5, len(RUNGS) - 0.5)
    ax.set_ylim(len(RUNGS) - 0.5, -0.5)
    ax.set_xticks(range(len(RUNGS)), names, rotation=45, ha="right", rotation_mode="anchor", fontsize=8.5)
    ax.set_yticks(range(len(RUNGS)), names, fontsize=8.5)
    ax.set_xlabel(f"highest rung under {printable(summary.labels[law], 40)}", color=INK)
    ax.set_ylabel(f"highest rung under {printable(summary.labels[summary.baseline], 40)}", color=INK)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(length=0, colors=INK)
    return ax


def ledger_shade(count: float, row: int, column: int, n_people: int) -> tuple[str, float]:
    """Return colour and strength (0..0.6, so that dark text stays readable) of a cell of the ledger."""
    colour = COLOURS[1] if column > row else COLOURS[0] if column < row else PALE
    if count <= 0:
        return colour, 0.0
    top = math.log1p(max(n_people, 1) * (1.0 if row == column else 0.1))
    return colour, 0.1 + 0.5 * min(1.0, math.log1p(count) / top)


def ledger_text(count: float) -> str:
    """Return a mean count for a cell of the ledger; empty for none."""
    return "" if count <= 0 else f"{count:,.0f}" if count >= 10 else f"{count:.1f}"


def plot_curve(curve: CurveData, *, ax: Axes | None = None, outcome: str = "users_charged_supply", cut: str = "supply") -> Axes:
    """Draw an outcome and the people with a cut over the limit, per 1,000 people, as steps: shaded bands hold for one point, dotted ones for all at once.

    Between two points the line keeps the lower one's value; dashed lines are the baseline's own values. Limits that span
    a factor of eight or more stand on a log scale.
    """
    ax = new_axes(*CURVE_SIZE) if ax is None else ax
    summary, per_1000 = curve.summary, 1000 / max(curve.summary.n_people, 1)
    laws = range(1, len(curve.points) + 1)
    known(outcome, OUTCOMES, "outcome")
    unit = unit_of(outcome, summary.scenario.currency)
    label = OUTCOME_WORDS[outcome] + (f" ({unit})" if unit not in ("", "people") else "")
    lines = [
        (label, [summary.outcome(law, outcome).times(per_1000) for law in laws], summary.outcome(summary.baseline, outcome).times(per_1000)),
        (
            CUT_WORDS[CUTS[known(cut, CUTS, "cut")]],
            [summary.with_cut(law, cut).times(per_1000) for law in laws],
            summary.with_cut(summary.baseline, cut).times(per_1000),
        ),
    ]
    x, is_log = _positions(curve.points)
    if is_log:
        ax.set_xscale("log")
    for i, ((name, values, own), measure) in enumerate(zip(lines, (outcome, f"people_{cut}"), strict=True)):
        _steps(ax, x, values, i, name)
        _outer_band(ax, x, simultaneous_rows(curve, measure), i)
        words = f"the same under {printable(summary.labels[summary.baseline], 40)}: {rounded(own.mean, own.mcse)}"
        ax.axhline(own.mean, color=COLOURS[i], linestyle="--", linewidth=1, label=words)
    ticks = _ticks(x, is_log)
    ax.set_xticks([x[t] for t in ticks], [printable(curve.points[t][0], 16) for t in ticks])
    ax.set_xticks([], minor=True)
    ax.set_xlabel(printable(curve.path))
    ax.set_ylabel("per 1,000 people who use drugs")
    ax.set_ylim(bottom=0)
    clean(ax, "y")
    legend(ax, 2)
    return ax


def _steps(ax: Axes, x: list[float], values: list[Estimate], i: int, name: str) -> None:
    low, high = [(v.ci or (v.mean, v.mean))[0] for v in values], [(v.ci or (v.mean, v.mean))[1] for v in values]
    ax.fill_between(x, low, high, step="post", color=COLOURS[i], alpha=0.2, linewidth=0)
    ax.step(x, [v.mean for v in values], where="post", color=COLOURS[i], marker=MARKERS[i], markersize=4, linewidth=1.8, label=name)


def _outer_band(ax: Axes, x: list[float], rows: list[dict[str, Any]], i: int) -> None:
    """Draw the edges of the band that holds for all points at once, where several replicates tell it."""
    for end in ("simultaneous_low", "simultaneous_high"):
        edge = [row[end] for row in rows]
        if None not in edge:
            ax.step(x, edge, where="post", color=COLOURS[i], linewidth=0.8, linestyle=":")


def _positions(points: Sequence[tuple[str, int]]) -> tuple[list[float], bool]:
    """Return where the points stand, and whether on a log scale; 'unlimited' stands a step after the largest amount."""
    amounts = [float(amount) for _, amount in points]
    finite = [amount for amount in amounts if amount < UNLIMITED] or [1.0]
    is_log = min(finite) > 0 and max(finite) >= 8 * min(finite)
    step = max(finite) * 0.4 if is_log else (max(finite) - min(finite)) / max(len(finite) - 1, 1) or 1.0
    return [amount if amount < UNLIMITED else max(finite) + step for amount in amounts], is_log


def _ticks(x: list[float], is_log: bool) -> list[int]:
    """Return which points carry a label: as many as fit without touching."""
    places = [math.log(value) if is_log else value for value in x]
    span = (max(places) - min(places)) or 1.0
    ticks: list[int] = []
    for i in range(len(places)):
        if not ticks or places[i] - places[ticks[-1]] >= span / 13:
            ticks.append(i)
    return ticks


def clean(ax: Axes, grid: str) -> None:
    """Give axes the look of all plots: few lines, pale, a grid along one axis ('x' or 'y')."""
    for side in ("top", "right", "left" if grid == "x" else "top"):
        ax.spines[side].set_visible(False)
    for side in ("bottom", "left"):
        ax.spines[side].set_color(PALE)
    ax.grid(axis="x" if grid == "x" else "y", color=GRID, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(colors=INK, length=0 if grid == "x" else 3, labelsize=9)
    ax.xaxis.label.set_color(INK)
    ax.yaxis.label.set_color(INK)


def legend(ax: Axes, n: int) -> None:
    """Put the legend above the axes, n entries side by side, at most four."""
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=min(n, 4), frameon=False, fontsize=9, handletextpad=0.4, columnspacing=1.2)


def figure_of(ax: Axes) -> Figure:
    """Return the figure that holds the axes."""
    from matplotlib.figure import Figure

    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def svg_of(ax: Axes) -> bytes:
    """Return the axes' figure as SVG, the same bytes for the same figure."""
    import io

    import matplotlib as mpl

    out = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "decrimsim", "svg.fonttype": "path"}):
        figure_of(ax).savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return out.getvalue()


def png_of(ax: Axes, dpi: int = 160) -> bytes:
    """Return the axes' figure as PNG."""
    import io

    out = io.BytesIO()
    figure_of(ax).savefig(out, format="png", dpi=dpi, metadata={"Software": None}, facecolor="white")
    return out.getvalue()
