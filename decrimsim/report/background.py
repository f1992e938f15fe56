"""What stands behind the results, as plain texts: laws, assumptions with their grades, sensitivity, versions and hashes.

Level 6.
"""

from __future__ import annotations

import sys
from typing import Any

from decrimsim.law import Law
from decrimsim.law.show import version_text
from decrimsim.measures.contribution import Contribution
from decrimsim.measures.responses import Responses
from decrimsim.measures.sensitivity import Sensitivity
from decrimsim.measures.summary import Summary
from decrimsim.parameters import Amount, Param
from decrimsim.report.versions import scenario_digest, versions
from decrimsim.report.words import GRADE_WORDS, plain
from decrimsim.scenario.switched import switch_words
from decrimsim.scenario.switches import SWITCHES
from decrimsim.schema import BEHAVIOUR
from decrimsim.statistics import fixed
from decrimsim.units import plain_number

Row = dict[str, Any]


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
    """Return the inputs that move the answer most, with the answer at the low and at the high end of each."""
    rows = sensitivity.by_swing()[:most]
    top = max((row.swing for row in rows), default=0.0) or 1.0
    return [
        {
            "path": row.path,
            "range": f"{row.low} to {row.high}",
            "value": row.value,
            "grade": row.grade,
            "at_low": fixed(row.at_low, 2, signed=True),
            "at_high": fixed(row.at_high, 2, signed=True),
            "swing": f"{row.swing:,.2f}",
            "bar": round(100 * row.swing / top),
            "flips": row.at_low * row.at_high < 0,
        }
        for row in rows
    ]


def switch_rows(summary: Summary) -> list[Row]:
    """Return every mechanism with its state: on, off, not described in this world, or on without another that it needs."""
    return [{"name": name, "state": words, "title": SWITCHES[name].title} for name, words in switch_words(summary.scenario).items()]


def contribution_rows(contribution: Contribution) -> list[Row]:
    """Return what each mechanism adds to the baseline's count and to the net change, the largest first."""
    return [
        {
            "name": row.name,
            "title": row.title,
            "to_base": fixed(contribution.base - row.base_without, 2, signed=True),
            "to_change": fixed(contribution.change - row.change_without, 2, signed=True),
            "flips": contribution.change * row.change_without < 0,
        }
        for row in contribution.by_size()
    ]


def response_rows(responses: Responses) -> list[Row]:
    """Return for each law people with the cut under every answer, the spread, and whether the change from the baseline changes sign."""
    rows: list[Row] = []
    for i, law in enumerate(responses.laws):
        low, high = responses.spread(i)
        cells = [f"{row.people[i]:,.2f}" for row in responses.rows]
        trips = [f"{row.behaviour[i][BEHAVIOUR.index('trip_days')]:,.1f}" for row in responses.rows]
        rows.append({"law": law, "cells": cells, "trips": trips, "spread": f"{fixed(low, 2)} to {fixed(high, 2)}", "flips": responses.changes_sign(i)})
    return rows


def provenance(summary: Summary) -> list[Row]:
    """Return what identifies the run: versions and hashes; no user, host or path."""
    facts = [{"name": name, "value": value} for name, value in versions().items()]
    facts.append({"name": "Python", "value": ".".join(map(str, sys.version_info[:3]))})
    facts.append({"name": f"scenario {summary.scenario.id}", "value": scenario_digest(summary.scenario)})
    return facts + [{"name": f"law {key}", "value": law.hash} for key, law in zip(summary.keys, summary.laws, strict=True)]
