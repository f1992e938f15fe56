"""What a law's own cases ask of services and cost justice, counted while the law runs.

Level 4.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.engine.block import Block
from decrimsim.engine.course import by_law
from decrimsim.engine.places import by_kind
from decrimsim.kernels.costs import case_events
from decrimsim.schema import REFERRAL

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


def count_encounters(block: Block, laws: Bool, searched: Bool, found: Bool) -> None:
    """Count what stops, searches and finds (rows,) cost, under their laws (rows, laws)."""
    costs = block.setup.justice_minor
    if _counts_money(block):
        each = costs["stop"] + costs["search"] * searched + costs["find"] * found
        block.counts.justice_minor += by_law(laws, each)


def count_cases(block: Block, laws: Bool, columns: dict[str, npt.NDArray[Any]]) -> None:
    """Count who asks for a place in a service, and what the cases cost justice, under their laws (cases, laws)."""
    wants = columns["referral"] >= REFERRAL.index("accepted")
    count_asked(block, laws[wants], columns["service"][wants].astype(np.int64))
    if _counts_money(block):
        costs, events = block.setup.justice_minor, case_events(columns)
        each = sum((events[name] * costs[name] for name in costs if name in events), np.zeros(len(laws), np.int64))
        block.counts.justice_minor += by_law(laws, each)


def count_asked(block: Block, laws: Bool, kind: I64) -> None:
    """Count people who newly ask for a place of a kind (n,), under their laws (n, laws)."""
    block.counts.asked += by_kind(laws, kind)


def _counts_money(block: Block) -> bool:
    services = block.setup.services
    return services is not None and services.budget_minor_per_1000 is not None
