"""What stands behind the results, as plain texts: laws, assumptions with their grades, sensitivity, versions and hashes.

Level 6.
"""

from __future__ import annotations

import sys
from typing import Any

from decrimsim.law import Law
from decrimsim.law.show import version_text
from decrimsim.measures.contribution import Contribution
from decrimsim.measures.parts import is_seen
from decrimsim.measures.responses import Responses
from decrimsim.measures.sensitivity import Sensitivity
from decrimsim.measures.summary import Summary
from decrimsim.parameters import Amount, Param
from decrimsim.report.versions import scenario_digest, versions
from decrimsim.report.words import GRADE_WORDS, OUTCOME_WORDS, TRIAL_WORDS, plain, unit_of
from decrimsim.scenario.switched import switch_words
from decrimsim.scenario.switches import SWITCHES
from decrimsim.schema import BEHAVIOUR, PARTS
from decrimsim.statistics import Estimate, fixed, with_interval
from decrimsim.units import plain_number

Row = dict[str, Any]
SMALL_RUNS = (
    f"Smaller runs than the rest of the report, each on the same people with the same luck. Intervals (95 %) come from {PARTS} parts of the circles of friends; "
    "where a mechanism couples everybody they are somewhat too narrow, and of twenty rows in which nothing happens one may still seem to move. "
    "What lies within noise is not shown: that it was not seen does not mean that there is none."
)
"""Stands above tables of what one change does."""


def law_cards(summary: Summary) -> list[Row]:
    """Return what the report says of each law: title, summary, notes, what is not simulated, and sources with safe links."""
    return [_law_card(summary, i) for i in range(len(summary.laws))]


def _law_card(summary: Summary, at: int) -> Row:
    law = summary.laws[at]
    sources = getattr(law, "sources", {}) or {}
    return {
        "key": summary.labels[at],
        "title": law.title,
        "kind": getattr(law, "kind", ""),
        "date": str(getattr(law, "date", None) or ""),
        "version": version_text(law) if isinstance(law, Law) else "",
        "summary": getattr(law, "summary", ""),
        "is_baseline": at == summary.baseline,
        "notes": [*(f"{path} is {value} here" for path, value in getattr(law, "changed", ())), *law.notes],
        "not_simulated": summary.not_simulated(at),
        "sources": [source_line(name, dict(source)) for name, source in sources.items()],
        "hash": law.hash,
    }


def source_line(name: str, source: dict[str, Any]) -> Row:
    """Return a source for print; a link only if it is http or https."""
    href = str(source.get("href", "") or "")
    is_link = href.startswith(("http://", "https://"))
    rest = [str(source[part]) for part in ("year", "confidence", "note") if source.get(part)]
    if href and not is_link and href not in ("none", "none read"):
        rest.insert(0, href)
    return {"name": name, "title": str(source.get("title", name)), "href": href if is_link else "", "rest": " · ".join(rest)}


def assumption_sections(summary: Summary) -> list[Row]:
    """Return all parameters, grouped by section of the scenario file, with range, source and grade."""
    sections: dict[str, list[Row]] = {}
    for path, parameter in summary.scenario.parameters():
        section, _, rest = path.partition(".")
        sections.setdefault(section, []).append({"path": rest or path, **_parameter_row(parameter)})
    return [{"title": plain(name), "rows": rows, "n_assumed": sum(row["grade"] == "D" for row in rows)} for name, rows in sections.items()]


def _parameter_row(parameter: Param | Amount) -> Row:
    if isinstance(parameter, Amount):
        value, low, high, unit = parameter.value, *parameter.range, ""
    else:
        value, low, high = (plain_number(one) for one in (parameter.value, *parameter.range))
        unit = str(getattr(parameter, "unit", ""))
    return {"value": value, "low": low, "high": high, "unit": unit, "source": parameter.source, "grade": parameter.grade, "note": parameter.note}


def grade_counts(summary: Summary) -> list[Row]:
    """Return how many parameters have each grade."""
    grades: list[str] = [parameter.grade for _, parameter in summary.scenario.parameters()]
    return [
        {"grade": grade, "words": words, "n": grades.count(grade), "share": f"{100 * grades.count(grade) / max(len(grades), 1):.0f}"}
        for grade, words in GRADE_WORDS.items()
    ]


def disclaimer(summary: Summary) -> str:
    """Return the paragraph that every report carries."""
    grades = [parameter.grade for _, parameter in summary.scenario.parameters()]
    share = 100 * grades.count("D") / max(len(grades), 1)
    return (
        "Simulated people under stated assumptions: not a forecast, legal advice, or a measure of any group's offending. "
        f"{share:.0f} % of the parameters rest on guesses (counted as the share of parameters of grade D); police practice may matter more than the line; "
        "no threshold shown is endorsed, and people who use drugs should judge these assumptions."
    )


def sensitivity_rows(sensitivity: Sensitivity, most: int = 10) -> list[Row]:
    """Return the inputs that move the answer most and by more than noise, with the answer at the low and at the high end of each."""
    rows = [row for row in sensitivity.by_swing() if row.is_seen][:most]
    top = max((row.swing for row in rows), default=0.0) or 1.0
    return [
        {
            "path": row.path,
            "range": f"{row.low} to {row.high}",
            "value": row.value,
            "grade": row.grade,
            "at_low": fixed(row.at_low, 2, signed=True),
            "at_high": fixed(row.at_high, 2, signed=True),
            "swing": f"{row.swing:,.2f}" if row.change is None else with_interval(row.change, signed=True),
            "bar": round(100 * row.swing / top),
            "flips": row.at_low * row.at_high < 0,
        }
        for row in rows
    ]


def switch_rows(summary: Summary) -> list[Row]:
    """Return every mechanism with its state: on, off, not described in this world, or on without another that it needs."""
    return [{"name": name, "state": words, "title": SWITCHES[name].title} for name, words in switch_words(summary.scenario).items()]


def contribution_rows(contribution: Contribution, currency: str) -> list[Row]:
    """Return what each mechanism adds to what it works on, as far as more than noise is seen, mechanism by mechanism."""
    rows: list[Row] = []
    for row in contribution.seen():
        unit = unit_of(row.measure, currency) if row.measure in OUTCOME_WORDS else ""
        words = TRIAL_WORDS[row.measure]
        rows.append(
            {
                "name": row.name if not rows or rows[-1]["switch"] != row.name else "",
                "switch": row.name,
                "title": row.title,
                "measure": f"{words}, {unit}" if unit and unit not in words.lower() else words,
                "to_base": _added(row.base),
                "law": row.law,
                "to_law": _added(row.under),
                "to_change": _added(row.change),
                "flips": row.flips and is_seen(row.change),
            }
        )
    return rows


def _added(estimate: Estimate) -> str:
    return with_interval(estimate, signed=True) if is_seen(estimate) else "not seen"


def response_rows(responses: Responses) -> list[Row]:
    """Return for each law people with the cut under every answer, the spread, and whether the change from the baseline changes sign."""
    rows: list[Row] = []
    for i, law in enumerate(responses.laws):
        cells = [f"{row.people[i]:,.2f}" for row in responses.rows]
        trips = [f"{row.behaviour[i][BEHAVIOUR.index('trip_days')]:,.1f}" for row in responses.rows]
        rows.append({"law": law, "cells": cells, "trips": trips, "spread": responses.spread_text(i), "flips": responses.changes_sign(i)})
    return rows


def provenance(summary: Summary) -> list[Row]:
    """Return what identifies the run: versions and hashes; no user, host or path."""
    facts = [{"name": name, "value": value} for name, value in versions().items()]
    facts.append({"name": "Python", "value": ".".join(map(str, sys.version_info[:3]))})
    facts.append({"name": f"scenario {summary.scenario.id}", "value": scenario_digest(summary.scenario)})
    return facts + [{"name": f"law {key}", "value": law.hash} for key, law in zip(summary.keys, summary.laws, strict=True)]
