"""Where a disparity between groups starts: relative rates stage by stage, whose product is the whole disparity, exactly.

Level 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from decrimsim.measures import rows
from decrimsim.measures.people import Met, sums
from decrimsim.schema import PROSECUTOR, SENTENCE, VERDICT
from decrimsim.tables import Table

if TYPE_CHECKING:
    from decrimsim.measures.summary import Summary

Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

STAGES = ("contact", "searched", "found", "recorded", "criminal", "supply", "convicted", "prison")
"""Each stage is reached only from the one before: people, stopped, searched, found with drugs, on record, charged or convicted,
charged with supply, convicted of anything in such a case, sent to prison in such a case."""


def stage_people(encounters: Table, cases: Table, met: tuple[Met, Bool], cased: tuple[Met, Bool], cuts: dict[str, Bool]) -> Int:
    """Return people (laws, groups, stages) who reached each of STAGES.

    met, cased  who has a row in the table, and the groups they belong to (people, groups)
    cuts        (cases,) rows that set each cut
    """
    (one, member), (two, case_member) = met, cased
    columns = cases.columns
    supply = rows.is_one_of(columns["prosecutor"], PROSECUTOR, "charge_supply")
    convicted = supply & rows.is_one_of(columns["verdict"], VERDICT, "possession", "supply")
    prison = convicted & rows.is_one_of(columns["sentence"], SENTENCE, "prison")
    seen = [np.ones(len(encounters), bool), encounters["is_searched"].astype(bool), encounters["is_found"].astype(bool)]
    counts = [sums(member, one.laws_where(is_row)) for is_row in seen]
    counts += [sums(case_member, two.laws_where(is_row)) for is_row in (cuts["recorded"], cuts["criminal"], supply, convicted, prison)]
    return np.stack(counts, axis=-1)


@dataclass(frozen=True)
class RelativeRates:
    """One group against the reference group of its kind, under one law.

    stages      (stages,)  people at the stage per person at the stage before, against the reference; None where there is none to divide by
    end_to_end  people at the last stage per person of the group, against the reference
    """

    category: str
    reference: str
    stages: tuple[Fraction | None, ...]
    end_to_end: Fraction | None


def relative_rates(summary: Summary, law: int, kind: str) -> list[RelativeRates]:
    """Return the relative rates of each category of a kind against its first category, from totals over replicates."""
    members = [(category, i) for i, (one, category) in enumerate(summary.measures[0].groups) if one == kind]
    chains = {category: _chain(summary, law, group) for category, group in members}
    reference = members[0][0]
    return [
        RelativeRates(category, reference, _against(chain, chains[reference]), _quotient(_last(chain), _last(chains[reference])))
        for category, chain in chains.items()
    ]


def people_by_stage(summary: Summary, law: int, group: int) -> list[list[int]]:
    """Return people of the group, then people at each stage, each by replicate."""
    people = [int(m.group_people[group]) for m in summary.measures]
    return [people, *([int(m.details.stage_people[law, group, i]) for m in summary.measures] for i in range(len(STAGES)))]


def _chain(summary: Summary, law: int, group: int) -> list[int]:
    return [sum(one) for one in people_by_stage(summary, law, group)]


def _against(chain: list[int], reference: list[int]) -> tuple[Fraction | None, ...]:
    rates = [[_rate(after, before) for before, after in pairwise(one)] for one in (chain, reference)]
    return tuple(_quotient(a, b) for a, b in zip(*rates, strict=True))


def _last(chain: list[int]) -> Fraction | None:
    return _rate(chain[-1], chain[0])


def _rate(after: int, before: int) -> Fraction | None:
    return Fraction(after, before) if before else None


def _quotient(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return a / b if a is not None and b else None
