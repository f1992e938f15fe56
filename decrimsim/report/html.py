"""The report: one HTML page that holds everything it shows and opens without a network.

Level 6. Every text is escaped; the page allows no script and loads nothing.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from decrimsim.measures import STAGES_OF_SUPPLY
from decrimsim.measures.summary import Summary
from decrimsim.report import answer, background, content, details
from decrimsim.report.cells import COLOUR_WORDS, FEW_WORDS
from decrimsim.report.curve import CurveData, curve_table, indicator_table, pushed_at
from decrimsim.report.exposure import ExposureData
from decrimsim.report.extras import Extras
from decrimsim.report.gaps import GAP_WORDS, disparity_blocks
from decrimsim.report.reproduce import reproduce
from decrimsim.report.text import NO_PEOPLE, never_text, notes_of_changes, represented, revision_texts, settings_line
from decrimsim.report.words import ASSUMED_FEAR, COUNTED_IN_CASES
from decrimsim.schema import RUNGS
from decrimsim.statistics import MONTE_CARLO_ONLY, fixed

if TYPE_CHECKING:
    from jinja2 import Environment
    from matplotlib.axes import Axes

ANSWERS_TO_THE_LAW = {
    "id": "responses",
    "title": "If people answer to the law",
    "about": "People who know the line of the law may do nothing, carry less, buy smaller, or split among friends; or nobody knows it. "
    "Nobody knows which of these is true, so all laws were run under each of them, on the same people with the same luck.",
}
POLICE_STRATEGIES = {
    "id": "strategies",
    "title": "If police work differently",
    "about": "Police may work by any of these strategies, whatever the law: all laws were run under each of them, on the same people with the same luck.",
}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the template engine: everything escaped, unknown names refused."""
    from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound

    class Folder(BaseLoader):
        def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Any]:
            found = files("decrimsim.report") / "templates" / template
            if not found.is_file():
                raise TemplateNotFound(template)
            return found.read_text("utf-8"), None, None

    engine = Environment(loader=Folder(), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_visible)
    engine.filters["signed"] = lambda number: fixed(number, 2, signed=True)
    return engine


def _visible(value: Any) -> Any:
    """Return a text without control and direction characters; anything else as it is."""
    if type(value) is not str:
        return value
    return "".join(c for c in value if c.isprintable() or c in "\n\t\u00a0\u202f")


def picture(ax: Axes) -> str:
    """Return a plot as a data address for an image."""
    from decrimsim.plots import svg_of

    return "data:image/svg+xml;base64," + base64.b64encode(svg_of(ax)).decode()


def html_report(summary: Summary, extras: Extras | None = None) -> str:
    """Return the whole report as one page: of a comparison, of a comparison with a curve, or of a curve alone (the same summary)."""
    extras = extras or Extras()
    curve = extras.curve
    is_curve_alone = curve is not None and curve.summary is summary
    context = _common(summary) | {
        "cards": background.law_cards(summary)[: 1 if is_curve_alone else None],
        "grades": background.grade_counts(summary),
        "sections": background.assumption_sections(summary),
        "sources": [background.source_line(key, source.model_dump()) for key, source in summary.scenario.sources.items()],
        "sensitivity": [(one, background.sensitivity_rows(one)) for one in extras.sensitivity],
        "small_runs": background.SMALL_RUNS,
        "contributions": extras.contributions,
        "contribution_rows": background.contribution_rows(extras.contributions, summary.scenario.currency) if extras.contributions else [],
        "alternatives": [
            (words, [(one, background.response_rows(one)) for one in tables])
            for words, tables in ((ANSWERS_TO_THE_LAW, extras.responses), (POLICE_STRATEGIES, extras.strategies))
            if tables
        ],
        "switches": background.switch_rows(summary),
        "reproduce": reproduce(summary, curve),
        "provenance": background.provenance(summary)[: -len(summary.laws) + 1 or None] if is_curve_alone else background.provenance(summary),
        "disclaimer": background.disclaimer(summary),
        "curve": _curve(curve) if curve and summary.n_people else None,
        "exposure": _exposure(extras.exposure) if extras.exposure and extras.exposure.people else None,
        "swaps": list(extras.swaps),
        "compared": None if is_curve_alone or not summary.n_people else _compared(summary),
        "answer": answer.curve_answer(curve) if is_curve_alone and curve else answer.answer(summary),
    }
    return environment().get_template("report.html").render(context)


def _exposure(data: ExposureData) -> dict[str, Any]:
    """Return what the section on exposure prints: tables, and a plot of the substance with most days held."""
    from decrimsim.plots import CURVE_SIZE, bare_axes
    from decrimsim.report.exposure import exposure_tables, plot_exposure

    shares = {name: (data.steps(name)[1] or [0.0])[0] for name in data.substances}
    most = max(shares, key=lambda name: shares[name])
    image = picture(plot_exposure(data, most, ax=bare_axes(*CURVE_SIZE)))
    return {"blocks": exposure_tables(data), "labels": data.labels, "image": image, "people": data.people, "replicates": len(data.replicates)}


def html_tables(summary: Summary) -> str:
    """Return the outcome tables alone, for a notebook cell."""
    return (
        environment()
        .get_template("tables.html")
        .render(_common(summary) | {"compared": _tables(summary) if summary.n_people else None, "no_people": NO_PEOPLE, "notes": notes_of_changes(summary)})
    )


def html_curve(curve: CurveData) -> str:
    """Return the table of a curve alone, for a notebook cell."""
    return (
        environment()
        .get_template("curve.html")
        .render(_common(curve.summary) | {"curve": _curve_table(curve) if curve.summary.n_people else None, "no_people": NO_PEOPLE})
    )


def _common(summary: Summary) -> dict[str, Any]:
    done = len(summary.measures)
    return {
        "scenario": summary.scenario,
        "currency": summary.scenario.currency,
        "keys": summary.labels,
        "baseline": summary.labels[summary.baseline],
        "other_keys": [summary.labels[law] for law in content.others(summary)],
        "settings": summary.settings,
        "settings_line": settings_line(summary),
        "partial": f"PARTIAL: {done} of {summary.settings.replicates} replicates" if done < summary.settings.replicates else "",
        "monte_carlo_only": MONTE_CARLO_ONLY,
        "colour_words": COLOUR_WORDS,
        "few_words": FEW_WORDS,
        "counted_in_cases": COUNTED_IN_CASES,
        "assumed_fear": ASSUMED_FEAR if summary.has_indicator("service_avoidance") else "",
        "gap_names": list(GAP_WORDS.values()),
        "represented": content.people_words(summary),
        "stages": STAGES_OF_SUPPLY,
        "rungs": RUNGS,
    }


def _tables(summary: Summary) -> dict[str, Any]:
    """Return the outcome tables: per 1,000 people, and in the people that the scenario stands for."""
    return {
        "per_1000": content.outcome_tables(summary, 1000 / max(summary.n_people, 1)),
        "in_people": content.outcome_tables(summary, represented(summary) / max(summary.n_people, 1)),
    }


def _compared(summary: Summary) -> dict[str, Any]:
    """Return everything that a report of a comparison shows and a curve does not."""
    from decrimsim.plots import bare_axes, net_widening_size, plot_net_widening
    from decrimsim.report.pictures import SQUARE, WIDE, plot_backlog, plot_decision_curve, plot_roc

    images = {
        "roc_image": picture(plot_roc(summary, ax=bare_axes(*SQUARE))),
        "decision_image": picture(plot_decision_curve(summary, ax=bare_axes(*WIDE))),
        "backlog_image": picture(plot_backlog(summary, ax=bare_axes(*WIDE))),
    }
    others = content.others(summary)
    return _tables(summary) | {
        "figures": [{"law": summary.labels[law], "figures": answer.key_figures(summary, law)} for law in others],
        "widening": content.widening_tables(summary),
        "widening_image": picture(plot_net_widening(summary, ax=bare_axes(*net_widening_size(summary)))),
        "ledgers": content.ledger_tables(summary),
        "purposes": content.purpose_tables(summary),
        "groups": content.group_tables(summary),
        "disparities": disparity_blocks(summary),
        "reasons": content.reason_blocks(summary),
        "details": details.detail_tables(summary) | images,
        "revisions": revision_texts(summary),
        "indicators": content.indicator_blocks(summary),
        "places": content.place_blocks(summary),
        "never": never_text(summary),
        "agencies": content.agency_rows(summary, represented(summary) / max(summary.n_people, 1)),
    }


def _curve_table(curve: CurveData) -> dict[str, Any]:
    header, rows = curve_table(curve)
    indicators = indicator_table(curve)
    return {
        "path": curve.path,
        "header": header,
        "rows": rows,
        "indicators": {"header": indicators[0], "rows": indicators[1], "path": curve.path},
        "settings_line": settings_line(curve.summary),
        "pushed": pushed_at(curve),
    }


def _curve(curve: CurveData) -> dict[str, Any]:
    from decrimsim.plots import CURVE_SIZE, bare_axes, plot_curve

    return _curve_table(curve) | {"image": picture(plot_curve(curve, ax=bare_axes(*CURVE_SIZE)))}
