"""Causes, mesh, the line as a test, and the queue of cases as rows and as pandas tables.

Level 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from decrimsim.errors import InputError, nearest, printable
from decrimsim.measures.classifier import CALL_STAGES, TRUTHS
from decrimsim.measures.mesh import meshes
from decrimsim.measures.readings import call_readings, cause_rows, counts_of_calls, process_readings
from decrimsim.measures.summary import Summary
from decrimsim.report.frames import flat
from decrimsim.report.gaps import gap_rows
from decrimsim.statistics import Estimate

if TYPE_CHECKING:
    import pandas as pd

Rows = list[dict[str, object]]


def causes_frame(summary: Summary) -> pd.DataFrame:
    """Return a row for each law but the baseline, cut and first cause: gross flows and net, in simulated people."""
    import pandas as pd

    rows: Rows = []
    for law, key in enumerate(summary.keys):
        for row in cause_rows(summary, law) if law != summary.baseline else []:
            cells: dict[str, object] = {"law": key, "cut": row["cut"], "cause": row["cause"]}
            for name, one in row.items():
                if isinstance(one, Estimate):
                    cells |= flat(one, f"{name}_")
            rows.append(cells)
    return pd.DataFrame(rows)


def mesh_frame(summary: Summary) -> pd.DataFrame:
    """Return a row for each law, substance and cut: the bin in which the chance becomes even, in grams, or why there is none."""
    import pandas as pd

    rows = [{"law": key, "substance": m.substance, "cut": m.cut, **m.to_json()} for law, key in enumerate(summary.keys) for m in meshes(summary, law)]
    return pd.DataFrame(rows)


def classifier_frame(summary: Summary) -> pd.DataFrame:
    """Return a row for each law, truth and stage: calls, rates, predictive value, likelihood ratio and area under the curve."""
    import pandas as pd

    rows: Rows = []
    for law, key in enumerate(summary.keys):
        for truth in TRUTHS:
            for stage in CALL_STAGES:
                counts = (sum(one) for one in counts_of_calls(summary, law, truth, stage))
                cells: dict[str, object] = {"law": key, "truth": truth, "stage": stage}
                cells |= dict(zip(("true_positives", "false_positives", "false_negatives", "true_negatives"), counts, strict=True))
                found = call_readings(summary, law, truth, stage)
                cells |= {name: one.value for name, one in found.items()}
                cells["reason"] = next((one.reason for one in found.values() if one.reason), None)
                rows.append(cells)
    return pd.DataFrame(rows)


def process_frame(summary: Summary) -> pd.DataFrame:
    """Return a row for each law and measure of the queue of cases."""
    import pandas as pd

    rows = [
        {"law": key, "measure": name, **flat(one.estimate), "reason": one.reason}
        for law, key in enumerate(summary.keys)
        for name, one in process_readings(summary, law).items()
    ]
    return pd.DataFrame(rows)


def gaps_frame(summary: Summary, kind: str) -> pd.DataFrame:
    """Return a row for each law and category of a kind of group: gaps in false positives, days in custody, net widening."""
    import pandas as pd

    kinds = list(dict.fromkeys(one for one, _ in summary.measures[0].groups[1:]))
    if kind not in kinds:
        raise InputError(f"people are not grouped by {printable(kind)!r}.", where="gaps", got=kind, hint=nearest(kind, kinds))
    return pd.DataFrame(gap_rows(summary, kind))
