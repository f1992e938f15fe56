"""Arrays with one value for each law and tier.

Level 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from decrimsim.law.facts import response_for
from decrimsim.law.simulated import ADULT

Data = dict[str, Any]


def per_tier(laws: Sequence[Data], n_tiers: int, dtype: Any, value: Callable[[Data, str], Any]) -> Any:
    """Return an array (laws, tiers, ...) of what a law says of a tier; zeros where a law has fewer tiers."""
    rows = [[value(law, tier["id"]) for tier in law["tiers"]] for law in laws]
    return np.array([row + [np.zeros_like(row[0]).tolist()] * (n_tiers - len(row)) for row in rows], dtype)


def response_of(law: Data, tier: str, purpose: str = "own_use") -> Data:
    """Return the typed sanctions of a tier for an adult, or an empty mapping."""
    return response_for(law, tier, {**ADULT, "purpose": purpose}, [])
