"""What the report prints, as plain texts in plain lists: every number is made into words here, the template only places them.

Level 6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from decrimsim.measures import STAGES_OF_SUPPLY, ReplicateMeasures
from decrimsim.measures.summary import Summary
from decrimsim.plots import ledger_shade, ledger_text
from decrimsim.report.cells import FEW, HIDDEN, Cell, changed_cell, number, number_cell, signed_cell, way
from decrimsim.report.frames import FEWEST_EVENTS, SMALLEST_CELL
from decrimsim.report.text import indicator_estimates, represented, without_indicator
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
from decrimsim.statistics import Estimate, count_of, fixed, share_of

Row = dict[str, Any]
GROUP_CUTS = ("recorded", "criminal", "supply")
"""What tables of groups tell."""


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
                "cells": _cells(summary, factor, name, lambda law, name=name: (summary.outcome(law, name), summary.outcome_difference(law, name))),  # type: ignore[misc]
            }
            for name in told
        ]
        blocks += [{"title": title, "rows": rows}] if rows else []
    done: list[Row] = [
        {
            "label": words,
            "unit": "",
            "cells": _cells(summary, factor, name, lambda law, name=name: (summary.behaviour(law, name), summary.behaviour_difference(law, name))),  # type: ignore[misc]
        }
        for name, words in BEHAVIOUR_WORDS.items()
    ]
    return [*blocks, {"title": "What people do", "rows": done}]


def _cells(summary: Summary, factor: float, name: str, told: Callable[[int], tuple[Estimate, Estimate]]) -> list[Cell]:
    """Return the baseline's mean, then each other law's with the difference below; told gives both of a law."""
    cells = [number_cell(told(summary.baseline)[0].times(factor))]
    for law in others(summary):
        mean, change = (one.times(factor) for one in told(law))
        cells.append(changed_cell(mean, change, name))
    return cells


def indicator_blocks(summary: Summary) -> list[Row]:
    """Return for each of the guide's seven indicators its rows: the mean under each law, and the difference from the baseline below."""
    blocks: dict[str, list[Row]] = {}
    for name, (group, words) in INDICATOR_WORDS.items():
        cells = []
        for law in range(len(summary.laws)):
            mean, change = indicator_estimates(summary, law, name)
            if mean is None:
                cells.append(Cell(without_indicator(summary, name)))
            else:
                cells.append(number_cell(mean) if law == summary.baseline or change is None else changed_cell(mean, change, name))
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
            rows.append({"label": words, "cells": [number_cell(one) for one in told]})
        blocks.append({"title": plain(kind), "rows": rows})
    return blocks


def widening_tables(summary: Summary) -> list[Row]:
    """Return for each law its rows by cut: newly reached, no longer reached, net, ratio, denser; per 1,000 people."""
    per_1000 = 1000 / max(summary.n_people, 1)
    tables = []
    for law in others(summary):
        rows = []
        for cut in CUTS:
            w = summary.net_widening(law, cut)
            low, high, lost_low, lost_high = (fixed(end * per_1000, 1) for end in (*w.widening_bounds, *w.narrowing_bounds))
            cells = [
                Cell(number(w.gross_widening.times(per_1000)), f"bounds {low} to {high}"),
                Cell(number(w.gross_narrowing.times(per_1000)), f"bounds {lost_low} to {lost_high}"),
                signed_cell(w.net.times(per_1000), way(w.net)),
                number_cell(w.ratio, "undefined"),
                Cell(number(w.denser.times(per_1000))),
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
        f"Reached by a panel or a service, and on record with nobody under the baseline: {number(different)} per 1,000 (a different net).",
        f"Convicted over an unpaid notice, a breached diversion or for leaving a compelled service early, with nothing criminal under the baseline: {number(door)} per 1,000 (the back door).",
        f"Moved up to a charge or conviction of supply, per 1,000: {number(up[0])} over drugs mainly for own use, {number(up[1])} for sharing, {number(up[3])} held for somebody else, {number(up[2])} for sale to pay for own use.",
    ]
    if index is not None:
        facts.append(f"Supplement index: {fixed(index, 2)} (0: every new diversion replaces a court case; 1: diversions come on top).")
    return facts


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
    return [
        {"title": PURPOSE_WORDS[purpose], "rows": [{"label": key, "cells": _purpose_cells(summary, law, i)} for law, key in enumerate(summary.labels)]}
        for i, purpose in enumerate(PURPOSES)
    ]


def _purpose_cells(summary: Summary, law: int, purpose: int) -> list[Cell]:
    """Return finds with a purpose under a law, and how many of 100 of them reach each stage; 'few' where there are too few finds to tell."""
    reached = [summary.values(lambda m, stage=stage: m.purposes[law, purpose, stage]) for stage in range(len(STAGES_OF_SUPPLY))]  # type: ignore[misc]
    found = count_of(reached[0])
    if found.mean < FEWEST_EVENTS:
        return [number_cell(found), *[Cell(FEW if found.mean else "–")] * (len(reached) - 1)]
    shares = [share_of(one, reached[0]) for one in reached[1:]]
    return [number_cell(found), *(number_cell(one and one.times(100)) for one in shares)]


def group_tables(summary: Summary) -> list[Row]:
    """Return for each kind of group a block of rows by category for each of GROUP_CUTS, per 1,000 of the group."""
    labels = summary.measures[0].groups
    tables = []
    for kind in dict.fromkeys(kind for kind, _ in labels[1:]):
        members = [(category, i, summary.group_people(i)) for i, (one, category) in enumerate(labels) if one == kind]
        blocks = [
            {"title": f"{CUT_WORDS[cut]}, per 1,000 of the group", "rows": [_group_row(summary, category, i, cut, people) for category, i, people in members]}
            for cut in GROUP_CUTS
        ]
        tables.append({"title": plain(kind), "blocks": blocks})
    return tables


def _group_row(summary: Summary, category: str, group: int, cut: str, people: float) -> Row:
    cells = [_group_cell(summary, law, group, CUTS.index(cut), people) for law in range(len(summary.laws))]
    return {"label": plain(category), "people": f"{people:,.0f}" if people >= SMALLEST_CELL else f"under {SMALLEST_CELL}", "cells": cells}


def _group_cell(summary: Summary, law: int, group: int, cut: int, people: float) -> Cell:
    if people < SMALLEST_CELL:
        return Cell(HIDDEN)
    mean = summary.mean(lambda m: m.group_flags[law, group, cut]).times(1000 / people)
    if law == summary.baseline:
        return number_cell(mean)
    change = summary.difference(lambda m: m.group_flags[law, group, cut], lambda m: m.group_flags[m.baseline, group, cut]).times(1000 / people)
    return changed_cell(mean, change)


def reason_blocks(summary: Summary) -> list[Row]:
    """Return three blocks of rows by reason: finds with the reason, people charged or convicted and people charged with supply over them, per 1,000 people."""
    per_1000, laws = 1000 / max(summary.n_people, 1), range(len(summary.laws))
    told: dict[str, Callable[[ReplicateMeasures, int, int], object]] = {
        "Finds": lambda m, law, i: m.reason_outcomes[law, i, OUTCOMES.index("found")],
        "People charged or convicted": lambda m, law, i: m.reason_flags[law, i, CUTS.index("criminal")],
        "People charged with supply": lambda m, law, i: m.reason_flags[law, i, CUTS.index("supply")],
    }
    blocks: list[Row] = []
    for title, pick in told.items():
        rows = []
        for i, reason in enumerate(REASONS):
            numbers = [summary.mean(lambda m, law=law, i=i, pick=pick: pick(m, law, i)).times(per_1000) for law in laws]  # type: ignore[misc]
            rows.append({"label": REASON_WORDS[reason], "cells": [number_cell(one) for one in numbers]})
        blocks.append({"title": title, "rows": rows})
    return blocks


def agency_rows(summary: Summary, factor: float) -> list[Row]:
    """Return a row for each agency: its cost in thousands of major units under each law, times factor."""
    rows = []
    for i, (agency, words) in enumerate(AGENCY_WORDS.items()):
        costs = [summary.mean(lambda m, law=law, i=i: m.cost_by_agency[law, i]).times(factor / 100_000) for law in range(len(summary.laws))]  # type: ignore[misc]
        rows.append({"label": words, "agency": agency, "cells": [number_cell(one) for one in costs]})
    return rows


def people_words(summary: Summary) -> str:
    """Return how many people the simulated population stands for, as text."""
    return f"{represented(summary):,.0f}"
