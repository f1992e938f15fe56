"""What one replicate keeps beside outcomes and cuts: causes, mesh, right and wrong calls, stages by group, the queue of cases.

Level 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim.law import CompiledLaws
from decrimsim.measures import classifier, equity, rows
from decrimsim.measures.causes import causes
from decrimsim.measures.mesh import mesh_counts
from decrimsim.measures.people import Met
from decrimsim.measures.process import Process, process
from decrimsim.schema import CUTS
from decrimsim.tables import ReplicateTables

Int = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Details:
    """Whole numbers of one replicate; what needs the laws themselves is None where measures were taken without them.

    mesh          (laws, substances, bins, 1 + cuts)   see decrimsim.measures.mesh
    stage_people  (laws, groups, stages)               people at each of equity.STAGES
    calls         (laws, groups, truths, call stages, 4)  right and wrong calls, cases; see decrimsim.measures.classifier
    wins          (truths, laws, 3)                    for the area under the curve of the amount, before police
    ratios        (truths, laws, 2, bins)              cases by amount over line
    has_line      (laws,)                              whether the law lets any amount point at supply
    causes        (laws, cuts, causes, 2)              newly reached and no longer reached, by first cause
    process                                            the queue of cases
    """

    mesh: Int32
    stage_people: Int
    calls: Int32
    wins: Int | None
    ratios: Int32 | None
    has_line: Bool | None
    causes: Int | None
    process: Process


def details(
    tables: ReplicateTables,
    laws: CompiledLaws | None,
    met: tuple[Met, Bool],
    cased: tuple[Met, Bool],
    cut_flags: dict[str, Bool],
    purpose: Int,
    *,
    n_substances: int,
    days: int,
    baseline: int,
) -> Details:
    """Return the details of one replicate.

    met, cased  who has an encounter, a case; and their groups (people, groups)
    cut_flags   (people, laws) each cut; contact over the people met, the others over those with a case
    purpose     (cases, laws) main purpose
    """
    cases, case_cuts = tables.cases, rows.case_cuts(tables.cases.columns)
    truth = classifier.truths(purpose, None if laws is None else laws.sharing_is_supply)
    wins = ratios = first = line = None
    if laws is not None:
        score, flags = classifier.amount_over_line(tables.findings, cases, laws), cases.flags()
        known = [one for one in truth if one is not None]
        wins = np.stack([classifier.twice_wins(score, one, flags) for one in known])
        ratios = np.stack([classifier.histograms(score, one, flags) for one in known])
        line = classifier.has_line(laws)
        first = causes(tables, laws, {cut: (met[0] if cut == "contact" else cased[0], cut_flags[cut]) for cut in CUTS}, baseline)
    return Details(
        mesh=mesh_counts(tables.findings, cases, case_cuts, n_substances),
        stage_people=equity.stage_people(tables.encounters, cases, met, cased, case_cuts),
        calls=classifier.calls(cases, truth, cased[1][cased[0].row]),
        wins=wins,
        ratios=ratios,
        has_line=line,
        causes=first,
        process=process(cases, days),
    )
