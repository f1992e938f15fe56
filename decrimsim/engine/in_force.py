"""The laws in force in a period: as they were written, or as their review clauses have revised them.

Level 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.chance import q16
from decrimsim.engine.rows import equal_rows
from decrimsim.law import CompiledLaws, Law, compile_laws
from decrimsim.law.review import Review, review_of, revised
from decrimsim.scenario.practice import ReviewPractice
from decrimsim.schema import EFFECTS, POLICE, PROSECUTOR, REVIEW_METRICS, ROLES

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
USERS_CHARGED, FINDS_ABOVE, ARRESTS_ABOVE = range(len(REVIEW_METRICS))


@dataclass(frozen=True)
class Reviews:
    """The reviews of the laws of a run, by how much amounts change where a law does not say, and on how many cases at least."""

    of_law: tuple[Review | None, ...]
    raise_by: float
    least_cases: int

    @cached_property
    def has_any(self) -> bool:
        """Whether any law of the run has a review that is simulated."""
        return any(review is not None for review in self.of_law)


def reviews(laws: Sequence[Law], practice: ReviewPractice | None) -> Reviews:
    """Return the reviews of laws; none where the scenario says nothing of reviews."""
    if practice is None:
        return Reviews((None,) * len(laws), 1.0, 0)
    return Reviews(tuple(review_of(law) for law in laws), practice.raise_by.value, round(practice.least_cases.value))


def rules_of_law(laws: CompiledLaws) -> I64:
    """Return one number for each law (laws,), equal for laws whose arrays are equal but for the thresholds."""
    n = len(laws.ids)
    arrays = [getattr(laws, f.name) for f in fields(laws) if not f.name.startswith("min_")]
    of_laws = [a.reshape(n, -1) for a in arrays if isinstance(a, np.ndarray) and len(a) == n]
    first, which = equal_rows(np.concatenate([np.ascontiguousarray(a).view(np.uint8) for a in of_laws if a.size], axis=1))
    return first[which]


@dataclass
class InForce:
    """The laws in force under each of which a run goes on, with what was counted since the last review of each."""

    laws: tuple[Law, ...]
    compiled: CompiledLaws
    reviews: Reviews
    rules: I64 = field(init=False)
    """(laws,) laws of one number differ in their thresholds only"""
    since: I64 = field(init=False)
    """(laws, metrics, 2) how many met each metric, of how many, since the law's last review"""
    log: list[dict[str, Any]] = field(init=False)
    """rows of schema.REVISIONS"""

    def __post_init__(self) -> None:
        self.rules = rules_of_law(self.compiled)
        self.since = np.zeros((len(self.laws), len(REVIEW_METRICS), 2), np.int64)
        self.log = []

    def review(self, counted: I64, day: int, days: int) -> Bool:
        """Revise the laws whose review is due and whose own counts ask for it; tell which (laws,) have changed.

        counted  (laws, metrics, 2)  in the period that ends
        day      days gone by; days: of those, in the period
        """
        self.since += counted
        laws = list(self.laws)
        for i, review in enumerate(self.reviews.of_law):
            if review is None or not review.is_due(day, days):
                continue
            for trigger in review.triggers:
                metric = REVIEW_METRICS.index(trigger.metric)
                n, of = (int(number) for number in self.since[i, metric])
                if of >= self.reviews.least_cases and trigger.is_met(n, of):
                    factor = review.raise_by if review.raise_by is not None else self.reviews.raise_by
                    laws[i] = revised(laws[i], trigger, factor)
                    self._log(day - 1, i, metric, n, of, factor if trigger.is_up else 1 / factor)
            self.since[i] = 0
        has_changed = np.array([new is not old for new, old in zip(laws, self.laws, strict=True)])
        if has_changed.any():
            self.laws = tuple(laws)
            self.compiled = compile_laws(laws, self.compiled.substances)
            self.rules = rules_of_law(self.compiled)
        return has_changed

    def _log(self, day: int, law: int, metric: int, n: int, of: int, factor: float) -> None:
        row = {"day": day, "metric": metric, "n": n, "of": of, "factor_q16": q16(factor)}
        laws = (np.arange(len(self.laws)) == law)[None, :]
        self.log.append({**{name: np.array([value]) for name, value in row.items()}, "laws": laws})


def count_for_review(columns: dict[str, npt.NDArray[Any]], effect: I64, role: I64, laws: Bool) -> I64:
    """Return how many cases meet each metric, of how many, under each law (laws, metrics, 2).

    columns  of schema.CASES (cases,)
    effect   (cases,)  what the law lets the amount say
    role     (cases,)  habitual role of the person
    laws     (cases, laws)
    """
    is_user = role < ROLES.index("user_dealer")
    is_above = effect >= EFFECTS.index("indicative")
    charged = columns["prosecutor"] == PROSECUTOR.index("charge_supply")
    arrested = is_user & (columns["police"] == POLICE.index("arrest"))
    pairs = {
        USERS_CHARGED: (charged & is_user, charged),
        FINDS_ABOVE: (is_user & is_above, is_user),
        ARRESTS_ABOVE: (arrested & is_above, arrested),
    }
    flags = np.stack([np.stack(pairs[metric]) for metric in range(len(REVIEW_METRICS))]).astype(np.int64)
    counted: I64 = np.einsum("mkc,cl->lmk", flags, laws.astype(np.int64))
    return counted
