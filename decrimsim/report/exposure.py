"""Exposure free of enforcement as rows, as text and as a plot.

Level 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from decrimsim.errors import printable
from decrimsim.measures.exposure import WHAT, WHO, WHY, Exposure
from decrimsim.measures.readings import Reading, share
from decrimsim.measures.summary import known
from decrimsim.plots import COLOURS, clean, legend, new_axes
from decrimsim.report.frames import flat
from decrimsim.report.text import NO_PEOPLE, aligned
from decrimsim.report.words import REASON_WORDS, plain
from decrimsim.statistics import rounded

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Row = dict[str, Any]
WHY_WORDS = {"all": "All", **REASON_WORDS, "no reason": "None of these reasons"}
NOTHING = {"days": "no day of this kind", "ever": "nobody of this kind", "purchases": "no purchase of this kind"}


@dataclass(frozen=True, eq=False)
class ExposureData:
    """The exposure of all replicates to the lines of laws.

    laws, labels  one text for each law, for programs and for people
    lines_ug      for each law and substance the line by weight, where there is one
    """

    scenario: str
    laws: tuple[str, ...]
    labels: tuple[str, ...]
    substances: tuple[str, ...]
    lines_ug: tuple[tuple[int | None, ...], ...]
    replicates: tuple[Exposure, ...]
    people: int
    days: int
    seed: int

    def time_at_risk(self, law: int, who: int | None = None, why: str = "all") -> Reading:
        """Return the share of person-days above the law's line; for a reason, of the days on which something was held for it."""
        w, i = _who(who), WHY.index(why)
        return share(self._sum(lambda e: e.days_above[law, w, i]), self._sum(lambda e: e.person_days[w, i]), NOTHING["days"])

    def ever_at_risk(self, law: int, who: int | None = None) -> Reading:
        """Return the share of people who are above the law's line on some day."""
        w = _who(who)
        return share(self._sum(lambda e: e.ever_above[law, w]), self._sum(lambda e: e.people[w]), NOTHING["ever"])

    def purchases_at_risk(self, law: int, who: int | None = None, why: str = "all") -> Reading:
        """Return the share of purchases that are above the law's line by themselves."""
        w, i = _who(who), WHY.index(why)
        return share(self._sum(lambda e: e.purchases_above[law, w, i]), self._sum(lambda e: e.purchases[w, i]), NOTHING["purchases"])

    def _sum(self, pick: Any) -> list[float]:
        return [float(np.asarray(pick(e)).sum()) for e in self.replicates]

    def total(self, pick: Any) -> str:
        """Return a count of all replicates as text."""
        return f"{sum(self._sum(pick)):,.0f}"

    def steps(self, substance: str, what: str = "days", why: str = "all") -> tuple[list[int], list[float]]:
        """Return amounts (micrograms), rising, and the share of days, purchases or peaks of a substance at or above each: an exact step function.

        what  'days': of all days of people with the substance; 'purchases': of purchases for the reason; 'peaks': of people with the substance
        """
        s, _ = known(substance, self.substances, "substance"), known(what, WHAT, "measure")
        known(why, WHY, "reason")
        pairs = [e.steps[what].falling(s, why) for e in self.replicates]
        amounts = np.unique(np.concatenate([amounts for amounts, _ in pairs])) if pairs else np.zeros(0, np.int64)
        total = np.zeros(len(amounts), np.int64)
        for own, counts in pairs:
            at = np.searchsorted(own, amounts)
            total += np.append(counts, 0)[at]
        if what == "days":
            of = sum(int(e.habit_days[s].sum()) for e in self.replicates)
        else:
            of = int(total[0]) if len(total) else 0
        return amounts.tolist(), (total / max(of, 1)).tolist()


def _who(who: int | None) -> list[int]:
    return list(range(len(WHO))) if who is None else [who]


def exposure_rows(data: ExposureData) -> list[Row]:
    """Return a row for each law, who and why: shares of days, of people (for 'all') and of purchases above the line, with errors."""
    rows: list[Row] = []
    for law, key in enumerate(data.laws):
        for who in (None, *range(len(WHO))):
            for why in WHY:
                row: Row = {"law": key, "who": "everybody" if who is None else WHO[who], "why": why}
                readings = {"time_at_risk": data.time_at_risk(law, who, why), "purchases_at_risk": data.purchases_at_risk(law, who, why)}
                if why == "all":
                    readings["ever_at_risk"] = data.ever_at_risk(law, who)
                for name, one in readings.items():
                    row |= flat(one.estimate, f"{name}_") | {f"{name}_reason": one.reason}
                rows.append(row)
    return rows


def exposure_json(data: ExposureData, most_steps: int = 200) -> Row:
    """Return plain data; step functions are thinned to at most so many amounts, each of them exact."""
    steps: Row = {}
    for substance in data.substances:
        steps[substance] = {}
        for what in WHAT:
            amounts, shares = data.steps(substance, what)
            keep = np.unique(np.linspace(0, len(amounts) - 1, min(most_steps, len(amounts))).round().astype(int)).tolist() if amounts else []
            steps[substance][what] = {"at_least_g": [amounts[i] / 1e6 for i in keep], "share": [shares[i] for i in keep]}
    return {
        "scenario": data.scenario,
        "people": data.people,
        "days": data.days,
        "replicates": len(data.replicates),
        "seed": data.seed,
        "rows": exposure_rows(data),
        "steps": steps,
    }


def exposure_tables(data: ExposureData) -> list[Row]:
    """Return blocks of rows for print: time at risk, ever at risk, purchases, under each law, in per cent, for people who do not sell and for those who do, and what they rest on."""
    laws = range(len(data.laws))
    blocks = []
    for who, words in enumerate(WHO):
        people = data.total(lambda e, who=who: e.people[who])
        rows = [{"label": "Ever above the line, of 100 people", "of": people, "cells": [_percent(data.ever_at_risk(law, who)) for law in laws]}]
        for i, why in enumerate(WHY):
            of, cells = data.total(lambda e, who=who, i=i: e.person_days[who, i]), [_percent(data.time_at_risk(law, who, why)) for law in laws]
            rows.append({"label": f"Days above the line, of 100: {WHY_WORDS[why]}", "of": of, "cells": cells})
        for i, why in enumerate(WHY):
            of, cells = data.total(lambda e, who=who, i=i: e.purchases[who, i]), [_percent(data.purchases_at_risk(law, who, why)) for law in laws]
            rows.append({"label": f"Purchases above it, of 100: {WHY_WORDS[why]}", "of": of, "cells": cells})
        blocks.append({"title": f"People who {words}", "rows": rows})
    return blocks


def _percent(reading: Reading) -> str:
    if reading.estimate is None:
        return "–"
    hundred = reading.estimate.times(100)
    return rounded(hundred.mean, hundred.mcse)


def exposure_text(data: ExposureData) -> str:
    """Return the exposure as text, for terminals."""
    head = f"{printable(data.scenario)}: {data.people:,} people, {data.days:,} days, {len(data.replicates)} replicates, seed {data.seed}, no police"
    if not data.people:
        return f"{head}\n{NO_PEOPLE}"
    parts = [f"{head}\nOf 100 people, days and purchases: what people hold and buy when nobody is stopped, against each law's line."]
    for block in exposure_tables(data):
        parts.append(
            aligned(
                [block["title"], "Counted", *(printable(one, 40) for one in data.labels)], [[row["label"], row["of"], *row["cells"]] for row in block["rows"]]
            )
        )
    return "\n\n".join(parts)


def plot_exposure(data: ExposureData, substance: str, *, what: str = "days", ax: Axes | None = None) -> Axes:
    """Draw the share of days, purchases or peaks of a substance at or above each amount, by reason, with the lines of the laws; return the axes."""
    ax = new_axes(8.6, 4.6) if ax is None else ax
    shown = 0
    for why in WHY if what != "peaks" else ("all",):
        amounts, shares = data.steps(substance, what, why)
        if amounts:
            ax.step(
                [a / 1e6 for a in amounts], [100 * one for one in shares], where="pre", color=COLOURS[shown % len(COLOURS)], linewidth=1.5, label=WHY_WORDS[why]
            )
            shown += 1
    s = data.substances.index(substance)
    for law, label in enumerate(data.labels):
        line = data.lines_ug[law][s]
        if line is not None:
            ax.axvline(line / 1e6, color=COLOURS[(law + 3) % len(COLOURS)], linestyle="--", linewidth=1, label=f"line: {printable(label, 30)}")
            shown += 1
    ax.set_xscale("log")
    ax.set_xlabel(f"{plain(substance)}, g")
    ax.set_ylabel(f"per cent of {what} at or above")
    ax.set_ylim(bottom=0)
    clean(ax, "y")
    if shown:
        legend(ax, 3)
    return ax
