"""The rest of what is measured, as plain texts for the report: causes, mesh, the line as a test, the queue of cases.

Level 6.
"""

from __future__ import annotations

from typing import Any

from decrimsim.measures.classifier import CALL_STAGES, TRUTHS
from decrimsim.measures.mesh import Mesh, meshes
from decrimsim.measures.readings import (
    NO_LINE,
    Reading,
    call_readings,
    cause_rows,
    contacts,
    costs,
    counts_of_calls,
    decision_rows,
    false_positives_by_group,
    process_readings,
    thinning,
)
from decrimsim.measures.summary import Summary
from decrimsim.report.cells import Cell, number, number_cell, signed_cell
from decrimsim.report.gaps import gap_blocks
from decrimsim.report.words import CUT_WORDS, plain
from decrimsim.schema import CUTS
from decrimsim.statistics import Estimate, fixed, with_interval
from decrimsim.units import format_ug

Row = dict[str, Any]
TRUTH_WORDS = {
    "law": "by the law in force: sale, and sharing or holding for somebody else where that law counts sharing as supply",
    "guide": "by the guide: only sale for profit is supply",
}
STAGE_WORDS = {"amount": "Before police (the amount)", "police": "After police", "prosecutor": "After the prosecutor", "court": "After the court"}
PROCESS_WORDS = {
    "median_days_to_resolution": "Days to resolution, median",
    "mean_days_in_run": "Days in process within the run, mean",
    "clearance_rate": "Cases resolved per case opened",
    "disposition_days": "Disposition time, days",
    "mean_backlog": "Cases pending on a day, mean",
    "pending_at_end": "Cases pending on the last day",
    "detained": "Cases with time held before trial",
    "pretrial_days_per_detained": "Days held before trial, per case with any",
    "detained_without_custody": "Share of those that end without prison",
    "pretrial_days_without_custody": "Days held in those that end without prison",
}


def reading_cell(reading: Reading) -> Cell:
    """Return a reading with its interval below, or 'undefined' and why."""
    return number_cell(reading.estimate) if reading.estimate else Cell("undefined", reading.reason or "")


def mesh_text(mesh: Mesh) -> str:
    """Return a mesh as an amount: '0.7 g to 0.8 g', 'all found, from 0.1 g', or why there is none."""
    if mesh.at_least_ug is None:
        return mesh.reason or ""
    low = _grams(mesh.at_least_ug)
    if mesh.is_smallest:
        return f"all that were found, from {low}"
    return f"{low} or more" if mesh.below_ug is None else f"{low} to {_grams(mesh.below_ug)}"


def _grams(ug: int) -> str:
    return format_ug(int(float(f"{ug:.2g}")))


def detail_tables(summary: Summary) -> Row:
    """Return everything that the report's sections on details print."""
    laws = range(len(summary.laws))
    return {
        "causes": [_causes(summary, law) for law in laws if law != summary.baseline],
        "mesh": _mesh(summary),
        "contacts": [_contacts(summary, law) for law in laws if law != summary.baseline],
        "tests": [{"title": f"{TRUTH_WORDS[truth]}", "rows": _tests(summary, truth)} for truth in TRUTHS],
        "decisions": _decisions(summary),
        "roles": _roles(summary),
        "gaps": gap_blocks(summary),
        "process": _process(summary),
        "costs": _costs(summary),
    }


def _causes(summary: Summary, law: int) -> Row:
    """Return a row for each cut: the net change per 1,000 people by first cause; causes that never occur are left out."""
    found = cause_rows(summary, law)
    per_1000 = 1000 / max(summary.n_people, 1)
    seen = [str(row["cause"]) for row in found if any(one.mean for one in row.values() if isinstance(one, Estimate))]
    names = [name for name in dict.fromkeys(str(row["cause"]) for row in found) if name in seen]
    rows = []
    for cut in CUTS:
        parts = {str(row["cause"]): row["net"] for row in found if row["cut"] == cut}
        cells = [signed_cell(one.times(per_1000)) for name in names if isinstance(one := parts.get(name), Estimate)]
        rows.append({"label": CUT_WORDS[cut], "cells": cells})
    return {"law": summary.labels[law], "names": names, "rows": rows if names else []}


def _mesh(summary: Summary) -> list[Row]:
    """Return a row for each substance that was found: the mesh at 'charged with supply' under each law, and how it moved."""
    by_law = [{(m.substance, m.cut): m for m in meshes(summary, law)} for law in range(len(summary.laws))]
    rows = []
    for name in summary.scenario.substances:
        own = by_law[summary.baseline][name, "supply"]
        if not any(one[name, "supply"].n_finds for one in by_law):
            continue
        cells = []
        for one in by_law:
            mesh = one[name, "supply"]
            moved = thinning(mesh.at_least_ug, own.at_least_ug)
            way = "" if moved is None or moved == 1 else " (thinner)" if moved < 1 else " (wider)"
            cells.append(Cell(mesh_text(mesh) + way))
        rows.append({"label": plain(name), "cells": [Cell(f"{own.n_finds:,}"), *cells]})
    return rows


def _contacts(summary: Summary, law: int) -> str:
    per_1000 = 1000 / max(summary.n_people, 1)
    texts = {name: with_interval(one.times(per_1000), signed=True) for name, one in contacts(summary, law).items()}
    return f"{summary.labels[law]}: court appearances {texts['court']}, diversions {texts['diverted']}, both together {texts['contacts']} per 1,000 people."


def _tests(summary: Summary, truth: str) -> list[Row]:
    rows = []
    for law, label in enumerate(summary.labels):
        for stage in CALL_STAGES:
            hits, false, missed, right = (sum(one) for one in counts_of_calls(summary, law, truth, stage))
            counts = [Cell(f"{n:,.0f}") for n in (hits + missed, false + right)]
            found = call_readings(summary, law, truth, stage)
            rows.append({"label": f"{label}: {STAGE_WORDS[stage]}", "cells": [*counts, *(Cell(_short(one)) for one in found.values())]})
    return rows


def _short(reading: Reading) -> str:
    """Return a reading to the second figure of its error; a dash where it is undefined (the reason stands in the results)."""
    return "–" if reading.estimate is None else number(reading.estimate)


def _decisions(summary: Summary) -> list[Row]:
    rows = []
    for law, label in enumerate(summary.labels):
        for truth in TRUTHS:
            cells = [_worth(one) for one in decision_rows(summary, law, truth, "amount")]
            rows.append({"label": f"{label}, {'law in force' if truth == 'law' else 'guide'}", "cells": cells})
    return rows


def _worth(row: Row) -> Cell:
    if row["net_benefit"] is None:
        return Cell("no line" if row["reason"] == NO_LINE else "–")
    return Cell(f"{fixed(row['net_benefit'], 3, signed=True)} ({'yes' if row['can_defend'] else 'no'})")


def _roles(summary: Summary) -> list[Row]:
    """Return a row for each law and stage: false positive rates by role, by the guide's truth."""
    rows = []
    for law, label in enumerate(summary.labels):
        for stage in CALL_STAGES:
            found = false_positives_by_group(summary, law, "guide", stage, "role")
            groups = {category: i for i, (kind, category) in enumerate(summary.measures[0].groups) if kind == "role"}
            cells = []
            for role in ("consumer", "social_supplier", "user_dealer"):
                _, false, _, right = (sum(one) for one in counts_of_calls(summary, law, "guide", stage, groups[role]))
                cells.append(Cell(_short(found[role]), f"of {false + right:,.0f} finds"))
            rows.append({"label": f"{label}: {STAGE_WORDS[stage]}", "cells": cells})
    return rows


def _process(summary: Summary) -> list[Row]:
    by_law = [process_readings(summary, law) for law in range(len(summary.laws))]
    return [{"label": words, "cells": [reading_cell(found[name]) for found in by_law]} for name, words in PROCESS_WORDS.items()]


def _costs(summary: Summary) -> list[Row]:
    """Return a row for what people have to pay, per 1,000 people, in major units."""
    per_1000 = 1000 / max(summary.n_people, 1)
    each = [costs(summary, law)["fines_to_the_person"].times(per_1000) for law in range(len(summary.laws))]
    return [{"label": "Fines and notices to pay, by the person", "cells": [number_cell(one) for one in each]}]
