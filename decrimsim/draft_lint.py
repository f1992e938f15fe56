"""What evidence and the guide say about a draft law, in a world if one is named.

Level 5. Purchases and use are computed from the scenario's parameters with the quantile tables of decrimsim.chance: nothing is simulated
and no number is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.errors import InputError, nearest
from decrimsim.kernels.behaviour import to_steps
from decrimsim.law import Law, load_law
from decrimsim.law.evidence_lint import Usage, text_findings, world_findings
from decrimsim.law.evidence_rules import RULES, SEVERITIES, Finding
from decrimsim.scenario import Scenario, load_scenario
from decrimsim.world import SubstanceNumbers, compile_world

I64 = npt.NDArray[np.int64]
HEAVY_DAYS = 10
"""days of heavy use that a line should leave room for, unless asked otherwise: as many as Portugal's line has of average use"""
POINTS = 33


def law_lint(law: Law | str | Path, world: Scenario | str | Path | None = None, off: Sequence[str] = (), *, days: int = HEAVY_DAYS) -> list[Finding]:
    """Return what evidence and the guide say about a law, the gravest first.

    law    a law, a shipped name or a file
    world  a scenario, a shipped name or a file: lines are then held against what people buy and use there
    off    names of rules to leave out; decrimsim.law.evidence_rules.RULES has them all
    days   a line is held against so many days' use of the heaviest tenth

    >>> [finding.rule for finding in law_lint("gold-standard", "nsw")]
    []
    """
    for name in off:
        if name not in RULES:
            raise InputError(f"there is no rule {name!r} to switch off.", where="off", got=name, wanted="the name of a rule", hint=nearest(name, RULES))
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 3650:
        raise InputError(f"{days!r} is not a number of days.", where="days", got=days, wanted="a whole number from 1 to 3650")
    law = law if isinstance(law, Law) else load_law(law)
    found = text_findings(law)
    if world is not None:
        found += world_findings(law, usage(world if isinstance(world, Scenario) else load_scenario(world)), days)
    order = list(RULES)
    kept = [one for one in found if one.rule not in off]
    return sorted(kept, key=lambda one: (SEVERITIES.index(one.severity), order.index(one.rule)))


def usage(scenario: Scenario) -> dict[str, Usage]:
    """Return what people buy and use of each substance of a world."""
    numbers = compile_world(scenario, 1).substances
    done = {}
    for name, w in zip(scenario.substances, numbers, strict=True):
        s = scenario.substances[name]
        form = max(s.forms, key=lambda f, s=s: s.forms[f].value)  # type: ignore[misc]
        done[name] = Usage(
            substance=name,
            form=form,
            purchases_ug=_purchases_ug(w),
            heavy_day_ug=_heavy_day_ug(w),
            unit_ug=w.unit_ug if form in s.counted_forms else 0,
            purity=s.purity.value,
            purity_source=s.purity.source,
        )
    return done


def _grid(table: I64, points: int = POINTS) -> I64:
    """Return the quantiles in the middle of equal slices of a table of 65536."""
    at: I64 = ((np.arange(points) + 0.5) / points * chance.TABLE).astype(np.int64)
    found: I64 = table[at]
    return found


def _purchases_ug(w: SubstanceNumbers) -> I64:
    """Return usual purchases for own use, equally likely, over people's doses, purchase habits and purses; as people are made."""
    dose = np.maximum(_grid(w.dose_people) * w.dose_ug >> 16, 1)[:, None, None]
    size = to_steps(_grid(w.purchase_people)[None, :, None] * (dose * w.purchase_q16 >> 16) >> 16, w.deal_ug)
    afford = np.maximum((_grid(w.afford_people)[None, None, :] * w.afford_ug >> 16) // w.deal_ug, 1) * w.deal_ug
    usual: I64 = np.minimum(size, afford).ravel()
    return usual


def _heavy_day_ug(w: SubstanceNumbers) -> int:
    """Return the average use a day of a person at the lower edge of the heaviest tenth: days of use times doses, binges counted."""
    bounds = np.diff([0, *w.type_bounds]) / chance.ONE_32
    binge = 1 + w.binge32 / chance.ONE_32 * (w.binge_q16 / chance.Q16 - 1)
    usual = float(w.dose_days.mean()) / chance.TABLE * binge
    dose = np.maximum(_grid(w.dose_people, 200) * w.dose_ug >> 16, 1)
    amounts, weights = [], []
    for share, table in zip(bounds, w.type_tables, strict=True):
        p_use = _grid(table, 100) / chance.ONE_32
        amounts.append(np.outer(p_use, dose * usual).ravel())
        weights.append(np.full(amounts[-1].size, share / amounts[-1].size))
    amount, weight = np.concatenate(amounts), np.concatenate(weights)
    order = np.argsort(-amount)
    heaviest = min(int(np.searchsorted(np.cumsum(weight[order]), 0.1)), len(order) - 1)
    return round(float(amount[order][heaviest]))


__all__ = ["HEAVY_DAYS", "RULES", "Finding", "law_lint", "usage"]
