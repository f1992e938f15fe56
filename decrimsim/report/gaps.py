"""Gaps between groups: false positives, days in custody, net widening and relative rates by stage, as cells and as rows.

Level 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from decrimsim.measures.classifier import CALL_STAGES
from decrimsim.measures.equity import people_by_stage
from decrimsim.measures.readings import counts_of_calls
from decrimsim.measures.summary import Summary
from decrimsim.report.cells import FEW, HIDDEN, Cell, number_cell, signed_cell
from decrimsim.report.frames import FEWEST_EVENTS, SMALLEST_CELL
from decrimsim.report.words import CUT_WORDS, plain
from decrimsim.schema import CUTS, OUTCOMES
from decrimsim.statistics import Estimate, rate_ratio_of, share_gap_of

Row = dict[str, Any]
GAP_CUTS = ("recorded", "criminal", "supply")
GAP_WORDS = {
    "false_positive_gap_amount": "Gap before police",
    "false_positive_gap_police": "Gap after police",
    "false_positive_gap_prosecutor": "Gap after the prosecutor",
    "false_positive_gap_court": "Gap after the court",
    "custody_days_per_1000": "Days in custody per 1,000",
} | {f"net_widening_{cut}_per_1000": f"Net change per 1,000: {CUT_WORDS[cut].partition(' (')[0].lower()}" for cut in GAP_CUTS}
"""What the report shows of each group."""
_DAYS, _CUSTODY = OUTCOMES.index("custody_days"), CUTS.index("custodial")


@dataclass(frozen=True)
class Gap:
    """A number of a group and how many events in a replicate it rests on, on average; the group may be too small to be shown.

    is_change  printed with its sign
    """

    estimate: Estimate | None
    events: float
    is_group_shown: bool
    is_change: bool = True

    @property
    def shown(self) -> Estimate | None:
        """The number, if it is defined and rests on enough people and events."""
        return self.estimate if self.is_group_shown and self.events >= FEWEST_EVENTS else None

    @property
    def cell(self) -> Cell:
        """The number with its interval below, or why it is not shown."""
        if self.shown is not None:
            return signed_cell(self.shown) if self.is_change else number_cell(self.shown)
        return Cell(HIDDEN if not self.is_group_shown else FEW)


def gaps(summary: Summary, kind: str) -> list[tuple[str, int, dict[str, Gap]]]:
    """Return for each category of a kind of group and each law its gaps by name.

    They are: false positive rates at each stage (by the guide) less the first category's, days in custody and net widening at each cut per
    1,000 of the group. They rest on finds that were not for profit in both groups, on people held, and on people with the cut under
    either law.
    """
    members = [(category, i, summary.group_people(i)) for i, (one, category) in enumerate(summary.measures[0].groups) if one == kind]
    found = []
    for law in range(len(summary.laws)):
        for category, group, people in members:
            is_shown, per_1000 = min(people, members[0][2]) >= SMALLEST_CELL, 1000 / max(people, 1)
            row = {f"false_positive_gap_{stage}": _false_positive_gap(summary, law, stage, (group, members[0][1]), is_shown) for stage in CALL_STAGES}
            custody = summary.mean(lambda m, g=group, law=law: m.group_outcomes[law, g, _DAYS]).times(per_1000)  # type: ignore[misc]
            row["custody_days_per_1000"] = Gap(custody, _with_cut(summary, law, group, _CUSTODY), is_shown, is_change=False)
            for c, cut in enumerate(CUTS):
                net = summary.difference(
                    lambda m, g=group, c=c, law=law: m.group_flags[law, g, c],  # type: ignore[misc]
                    lambda m, g=group, c=c: m.group_flags[m.baseline, g, c],  # type: ignore[misc]
                )
                events = max(_with_cut(summary, one, group, c) for one in (law, summary.baseline))
                row[f"net_widening_{cut}_per_1000"] = Gap(net.times(per_1000), events, is_shown)
            found.append((category, law, row))
    return found


def _with_cut(summary: Summary, law: int, group: int, cut: int) -> float:
    return summary.mean(lambda m: m.group_flags[law, group, cut]).mean


def _false_positive_gap(summary: Summary, law: int, stage: str, pair: tuple[int, int], is_shown: bool) -> Gap:
    """Return the false positive rate of the first group of a pair less that of the second."""
    counts, finds = [], []
    for group in pair:
        _, false, _, right = counts_of_calls(summary, law, "guide", stage, group)
        whole = [a + b for a, b in zip(false, right, strict=True)]
        counts += [false, whole]
        finds.append(sum(whole) / len(whole))
    return Gap(share_gap_of(*counts), min(finds), is_shown)


def gap_rows(summary: Summary, kind: str) -> list[Row]:
    """Return a row for each law and category: its gaps with their intervals.

    Numbers are None where undefined, where fewer than 10 people are in the group, and where they rest on fewer than 5 events in a replicate.
    """
    first = next(category for one, category in summary.measures[0].groups if one == kind)
    rows: list[Row] = []
    for category, law, found in gaps(summary, kind):
        row: Row = {kind: category, "law": summary.keys[law], "against": first}
        for name, gap in found.items():
            one = gap.shown
            low, high = (None, None) if one is None or one.ci is None else one.ci
            row |= {name: None if one is None else one.mean, f"{name}_ci_low": low, f"{name}_ci_high": high}
        rows.append(row)
    return rows


def gap_blocks(summary: Summary) -> list[Row]:
    """Return for each axis and for regions a block of rows: gaps in false positives, days in custody and net widening by group."""
    blocks = []
    for kind in _kinds(summary):
        rows = [
            {"label": f"{plain(category)}, {summary.labels[law]}", "cells": [found[name].cell for name in GAP_WORDS]}
            for category, law, found in gaps(summary, kind)
        ]
        blocks.append({"title": plain(kind), "rows": rows})
    return blocks


def _kinds(summary: Summary) -> list[str]:
    return [kind for kind in dict.fromkeys(kind for kind, _ in summary.measures[0].groups[1:]) if kind not in ("role", "main substance")]


def disparity_blocks(summary: Summary) -> list[Row]:
    """Return for each axis and for regions a block of rows: relative rates by stage under each law, and from end to end.

    Each rests on the people of both groups who reached the stage.
    """
    blocks = []
    for kind in _kinds(summary):
        (reference, first), *members = [(category, i) for i, (one, category) in enumerate(summary.measures[0].groups) if one == kind]
        rows = [
            {"label": f"{plain(category)}, {summary.labels[law]}", "cells": [one.cell for one in relative_gaps(summary, law, group, first)]}
            for law in range(len(summary.laws))
            for category, group in members
        ]
        blocks.append({"title": f"{plain(kind)}: against {plain(reference)}", "rows": rows})
    return blocks


def relative_gaps(summary: Summary, law: int, group: int, reference: int) -> list[Gap]:
    """Return people of a group at each stage per person at the stage before, against the same of a reference group; then from end to end."""
    is_shown = min(summary.group_people(one) for one in (group, reference)) >= SMALLEST_CELL
    mine, other = people_by_stage(summary, law, group), people_by_stage(summary, law, reference)
    found = []
    for before, after in [*pairwise(range(len(mine))), (0, -1)]:
        events = min(sum(one[after]) for one in (mine, other)) / len(summary.measures)
        found.append(Gap(rate_ratio_of(mine[after], mine[before], other[after], other[before]), events, is_shown, is_change=False))
    return found
