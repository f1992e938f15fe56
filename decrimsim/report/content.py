"""What the report prints, as plain texts in plain lists: every number is made into words here, the template only places them.

Level 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from decrimsim.measures import STAGES_OF_SUPPLY
from decrimsim.measures.equity import STAGES
from decrimsim.measures.summary import Summary
from decrimsim.plots import ledger_shade, ledger_text
from decrimsim.report.frames import SMALLEST_CELL, relative_rows
from decrimsim.report.text import NOT_SIMULATED, indicator_estimates, represented
from decrimsim.report.words import (
    AGENCY_WORDS,
    BEHAVIOUR_WORDS,
    CUT_WORDS,
    INDICATOR_WORDS,
    OUTCOME_GROUPS,
    OUTCOME_WORDS,
    PLACE_WORDS,
    PURPOSE_WORDS,
    REASON_WORDS,
    plain,
    unit_of,
)
from decrimsim.schema import CUTS, OUTCOMES, PURPOSES, REASONS, RUNGS
from decrimsim.statistics import Estimate, rounded, signed_text, with_interval

Row = dict[str, Any]
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Cell:
    """One cell of a table: the figure, and smaller text below it; way is 'more', 'fewer' or ''."""

    text: str
    below: str = ""
    way: str = ""


def others(summary: Summary) -> list[int]:
    """Return the numbers of the laws that are compared with the baseline."""
    return [law for law in range(len(summary.laws)) if law != summary.baseline]


def outcome_tables(summary: Summary, factor: float) -> list[Row]:
    """Return groups of rows, one row for each outcome: the baseline's mean, then each law's mean with the difference below; times factor."""
    blocks: list[Row] = []
    for title, names in OUTCOME_GROUPS.items():
        told = [name for name in names if not summary.is_never(name)]
        rows: list[Row] = [
            {
                "label": OUTCOME_WORDS[name],
                "unit": unit_of(name, summary.scenario.currency),
                "cells": _cells(summary, factor, lambda law, name=name: (summary.outcome(law, name), summary.outcome_difference(law, name))),  # type: ignore[misc]
            }
            for name in told
        ]
        blocks += [{"title": title, "rows": rows}] if rows else []
    done: list[Row] = [
        {
            "label": words,
            "unit": "",
            "cells": _cells(summary, factor, lambda law, name=name: (summary.behaviour(law, name), summary.behaviour_difference(law, name))),  # type: ignore[misc]
        }
        for name, words in BEHAVIOUR_WORDS.items()
    ]
    return [*blocks, {"title": "What people do", "rows": done}]


def _cells(summary: Summary, factor: float, told: Callable[[int], tuple[Estimate, Estimate]]) -> list[Cell]:
    """Return the baseline's mean, then each other law's with the difference below; told gives both of a law."""
    base = told(summary.baseline)[0].times(factor)
    cells = [Cell(rounded(base.mean, base.mcse), _plus_minus(base))]
    for law in others(summary):
        mean, change = (one.times(factor) for one in told(law))
        cells.append(Cell(rounded(mean.mean, mean.mcse), _change_text(change), _way(change)))
    return cells


def indicator_blocks(summary: Summary) -> list[Row]:
    """Return for each of the guide's seven indicators its rows: the mean under each law, and the difference from the baseline below."""
    blocks: dict[str, list[Row]] = {}
    for name, (group, words) in INDICATOR_WORDS.items():
        cells = []
        for law in range(len(summary.laws)):
            told = indicator_estimates(summary, law, name)
            if told is None:
                cells.append(Cell(NOT_SIMULATED))
                continue
            mean, change = told
            below = ("", "") if law == summary.baseline else (_change_text(change), _way(change))
            cells.append(Cell(rounded(mean.mean, mean.mcse), *below))
        blocks.setdefault(group, []).append({"label": words, "cells": cells})
    return [{"title": title, "rows": rows} for title, rows in blocks.items()]


def place_blocks(summary: Summary) -> list[Row]:
    """Return for each kind of service its places, those bought, those taken and who waits, per 1,000 people under each law."""
    per_1000 = 1000 / max(summary.n_people, 1)
    blocks = []
    for kind in summary.place_kinds():
        rows = []
        for what, words in PLACE_WORDS.items():
            told = [summary.places(law, what, kind).times(per_1000) for law in range(len(summary.laws))]
            rows.append({"label": words, "cells": [Cell(rounded(one.mean, one.mcse), _plus_minus(one)) for one in told]})
        blocks.append({"title": plain(kind), "rows": rows})
    return blocks


def _plus_minus(estimate: Estimate) -> str:
    if estimate.ci is None or not estimate.mcse:
        return ""
    return f"{rounded(estimate.ci[0], estimate.mcse)} to {rounded(estimate.ci[1], estimate.mcse)}".replace("-", "−")


def _change_text(change: Estimate) -> str:
    """Return a difference with its interval; a line may break only before the interval."""
    if not change.mean and not change.mcse:
        return "no difference"
    number, _, interval = with_interval(change, signed=True).partition(" (")
    return f"{number} ({interval.replace(' ', NO_BREAK)}" if interval else number


def _way(change: Estimate) -> str:
    if not change.is_clear:
        return ""
    return "more" if change.mean > 0 else "fewer"


def widening_tables(summary: Summary) -> list[Row]:
    """Return for each law its rows by cut: newly reached, no longer reached, net, ratio, denser; per 1,000 people."""
    per_1000 = 1000 / max(summary.n_people, 1)
    tables = []
    for law in others(summary):
        rows = []
        for cut in CUTS:
            w = summary.net_widening(law, cut)
            low, high = (f"{end * per_1000:,.1f}" for end in w.widening_bounds)
            lost_low, lost_high = (f"{end * per_1000:,.1f}" for end in w.narrowing_bounds)
            cells = [
                Cell(_short(w.gross_widening.times(per_1000)), f"bounds {low} to {high}"),
                Cell(_short(w.gross_narrowing.times(per_1000)), f"bounds {lost_low} to {lost_high}"),
                Cell(signed_text(w.net.times(per_1000)), _plus_minus(w.net.times(per_1000)), _way(w.net)),
                Cell(
                    "undefined" if w.ratio is None else f"{w.ratio.mean:.2f}",
                    "" if w.ratio is None or w.ratio.ci is None else f"{w.ratio.ci[0]:.2f} to {w.ratio.ci[1]:.2f}",
                ),
                Cell(_short(w.denser.times(per_1000))),
            ]
            rows.append({"label": CUT_WORDS[cut], "cells": cells})
        tables.append({"law": summary.labels[law], "rows": rows, "facts": _widening_facts(summary, law, per_1000)})
    return tables


def _widening_facts(summary: Summary, law: int, per_1000: float) -> list[str]:
    """Return the measures beside the table, as sentences."""
    different = summary.mean(lambda m: m.widening.different[law]).times(per_1000)
    door = summary.mean(lambda m: m.widening.back_door[law]).times(per_1000)
    up = [summary.mean(lambda m, i=i: m.widening.up_tariffing[law, i]).times(per_1000) for i in range(4)]  # type: ignore[misc]
    index = summary.supplement_index(law)
    facts = [
        f"Reached by a panel or a service, and on record with nobody under the baseline: {_short(different)} per 1,000 (a different net).",
        f"Convicted over an unpaid notice, a breached diversion or for leaving a compelled service early, with nothing criminal under the baseline: {_short(door)} per 1,000 (the back door).",
        f"Moved up to a charge or conviction of supply, per 1,000: {_short(up[0])} over drugs mainly for own use, {_short(up[1])} for sharing, {_short(up[3])} held for somebody else, {_short(up[2])} for sale to pay for own use.",
    ]
    if index is not None:
        facts.append(f"Supplement index: {index:.2f} (0: every new diversion replaces a court case; 1: diversions come on top).")
    return facts


def _short(estimate: Estimate) -> str:
    return rounded(estimate.mean, estimate.mcse)


def ledger_tables(summary: Summary) -> list[Row]:
    """Return for each law its ledger: rows of cells with text, colour and strength."""
    tables = []
    for law in others(summary):
        counts = summary.ledger(law)
        rows = [
            {"label": rung, "cells": [_ledger_cell(float(counts[a, b]), a, b, summary.n_people) for b in range(len(RUNGS))]} for a, rung in enumerate(RUNGS)
        ]
        tables.append({"law": summary.labels[law], "rows": rows})
    return tables


def _ledger_cell(count: float, a: int, b: int, n_people: int) -> Row:
    colour, strength = ledger_shade(count, a, b, n_people)
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return {"text": ledger_text(count), "shade": f"rgba({red},{green},{blue},{strength:.2f})", "is_same": a == b}


def purpose_tables(summary: Summary) -> list[Row]:
    """Return for each purpose a row for each law: finds, and how many of every 100 finds reach each stage of being taken for supply."""
    counts = [summary.purposes(law) for law in range(len(summary.laws))]
    tables = []
    for i, purpose in enumerate(PURPOSES):
        rows = []
        for key, table in zip(summary.labels, counts, strict=True):
            found = float(table[i, 0])
            shares = [f"{100 * float(table[i, stage]) / found:.1f}" if found else "–" for stage in range(1, len(STAGES_OF_SUPPLY))]
            rows.append({"label": key, "cells": [f"{found:,.1f}", *shares]})
        tables.append({"title": PURPOSE_WORDS[purpose], "rows": rows})
    return tables


def group_tables(summary: Summary) -> list[Row]:
    """Return for each kind of group two blocks of rows by category: people on record and people charged with supply, per 1,000 of the group."""
    labels = summary.measures[0].groups
    tables = []
    for kind in dict.fromkeys(kind for kind, _ in labels[1:]):
        members = [(category, i, summary.group_people(i)) for i, (one, category) in enumerate(labels) if one == kind]
        blocks = [
            {"title": f"{CUT_WORDS[cut]}, per 1,000 of the group", "rows": [_group_row(summary, category, i, cut, people) for category, i, people in members]}
            for cut in ("recorded", "supply")
        ]
        tables.append({"title": plain(kind), "blocks": blocks})
    return tables


def _group_row(summary: Summary, category: str, group: int, cut: str, people: float) -> Row:
    cells = [_group_cell(summary, law, group, CUTS.index(cut), people) for law in range(len(summary.laws))]
    return {"label": plain(category), "people": f"{people:,.0f}" if people >= SMALLEST_CELL else f"under {SMALLEST_CELL}", "cells": cells}


def _group_cell(summary: Summary, law: int, group: int, cut: int, people: float) -> Cell:
    if people < SMALLEST_CELL:
        return Cell("hidden")
    mean = summary.mean(lambda m: m.group_flags[law, group, cut]).times(1000 / people)
    if law == summary.baseline:
        return Cell(_short(mean))
    change = summary.difference(lambda m: m.group_flags[law, group, cut], lambda m: m.group_flags[m.baseline, group, cut]).times(1000 / people)
    return Cell(_short(mean), _change_text(change), _way(change))


def disparity_blocks(summary: Summary) -> list[Row]:
    """Return for each kind of group that is not a role or a substance a block of rows: relative rates by stage under each law."""
    kinds = [kind for kind in dict.fromkeys(kind for kind, _ in summary.measures[0].groups[1:]) if kind not in ("role", "main substance")]
    blocks = []
    for kind in kinds:
        rows = relative_rows(summary, kind)
        shown = [row for row in rows if row[kind] != row["against"]]
        cells = [[Cell("–" if row[stage] is None else f"{row[stage]:.2f}") for stage in (*STAGES, "end_to_end")] for row in shown]
        texts = [f"{plain(str(row[kind]))}, {row['law']}" for row in shown]
        title = f"{plain(kind)}: against {plain(str(rows[0]['against']))}"
        blocks.append({"title": title, "rows": [{"label": text, "cells": numbers} for text, numbers in zip(texts, cells, strict=True)]})
    return blocks


def reason_blocks(summary: Summary) -> list[Row]:
    """Return two blocks of rows by reason: finds with the reason, and people charged with supply over them, per 1,000 people, under each law."""
    per_1000, found, supply = 1000 / max(summary.n_people, 1), OUTCOMES.index("found"), CUTS.index("supply")
    blocks: list[Row] = [{"title": "Finds", "rows": []}, {"title": "People charged with supply", "rows": []}]
    for i, reason in enumerate(REASONS):
        finds = [summary.mean(lambda m, law=law, i=i: m.reason_outcomes[law, i, found]) for law in range(len(summary.laws))]  # type: ignore[misc]
        charged = [summary.mean(lambda m, law=law, i=i: m.reason_flags[law, i, supply]) for law in range(len(summary.laws))]  # type: ignore[misc]
        for block, numbers in zip(blocks, (finds, charged), strict=True):
            block["rows"].append({"label": REASON_WORDS[reason], "cells": [Cell(_short(one.times(per_1000))) for one in numbers]})
    return blocks


def agency_rows(summary: Summary, factor: float) -> list[Row]:
    """Return a row for each agency: its cost in thousands of major units under each law, times factor."""
    rows = []
    for i, (agency, words) in enumerate(AGENCY_WORDS.items()):
        costs = [summary.mean(lambda m, law=law, i=i: m.cost_by_agency[law, i]).times(factor / 100_000) for law in range(len(summary.laws))]  # type: ignore[misc]
        rows.append({"label": words, "agency": agency, "cells": [Cell(_short(one)) for one in costs]})
    return rows


def people_words(summary: Summary) -> str:
    """Return how many people the simulated population stands for, as text."""
    return f"{represented(summary):,.0f}"
