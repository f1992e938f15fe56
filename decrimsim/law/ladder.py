"""The ladder in whole numbers: the smallest amount that reaches each tier.

Level 2. Amounts are integers, so "more than x" is "at least x + 1": every bound becomes one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from decrimsim.law.measured import Measurement
from decrimsim.law.rules import Bound, Rules
from decrimsim.law.tables import GROSS, MEASURES, UNITS, Alternative

NEVER = 2**62


@dataclass(frozen=True)
class Scale:
    """In which whole numbers the ladder is written.

    measured  margin and rounding of the law
    rounded   True: the ladder is for amounts before rounding; False: for amounts that are rounded already
    per       the numbers count 1/per micrograms
    """

    measured: Measurement
    rounded: bool = True
    per: int = 1

    def least(self, limit_ug: int, op: str) -> int:
        """Return the smallest positive weight that is beyond a limit."""
        edge = limit_ug * self.per / self.measured.factor
        least = max(1, floor(edge) + 1 if op in ("<=", ">") else -floor(-edge))
        return min(NEVER, self.measured.smallest(least) if self.rounded else least)


def starts(rules: Rules, substance: str, form: str, scale: Scale | None = None) -> dict[str, list[int | None]]:
    """Return, by measure, the smallest amount of a listed substance that reaches each tier (None: no bound on that measure).

    Tier 0 is always None here: any positive amount reaches it.
    """
    scale = scale or Scale(rules.measured)
    found: dict[str, list[int | None]] = {m: [None] for m in MEASURES}
    for t in range(1, len(rules.tiers)):
        upper, lower = rules.boundary(t)
        after, entry = _edge(rules, upper, substance, form, scale), _edge(rules, lower, substance, form, scale)
        for measure in MEASURES:
            found[measure].append(_join(rules, t, after.get(measure), entry.get(measure)))
    if rules.overlap == "lowest":
        for measure in MEASURES:
            found[measure] = _climb(found[measure])
    return found


def _join(rules: Rules, t: int, after: int | None, entry: int | None) -> int | None:
    """Return where tier t begins, given where tier t-1 ends and where tier t says it begins."""
    if after is None or entry is None:
        return entry if after is None else after
    if after < entry:  # a gap
        return after if rules.gap_tier == rules.tiers[t].id else entry
    return entry if rules.overlap == "highest" else after


def _climb(line: list[int | None]) -> list[int | None]:
    """Return starts where no tier begins before a lower one does."""
    highest, done = 0, []
    for start in line:
        highest = max(highest, start or 0)
        done.append(None if start is None else highest)
    return done


def _edge(rules: Rules, bound: Bound | None, substance: str, form: str, scale: Scale) -> dict[str, int]:
    """Return, by measure, the smallest amount beyond a bound (outside an upper one, inside a lower one)."""
    cell = rules.tables[bound.table].get(substance) if bound else None
    edge: dict[str, int] = {}
    if bound is None or cell is None or form in cell.all_of:
        return edge
    for one in cell.by_form.get(form, ()):
        for measure, amount in _beyond(one, bound.op, scale):
            edge[measure] = min(edge.get(measure, amount), amount)
    return edge


def joint_edge(rules: Rules, bound: Bound | None, substance: str, form: str) -> dict[str, int]:
    """Return, by measure, the smallest amounts beyond a bound whose alternatives must all be passed; none for other bounds."""
    cell = rules.tables[bound.table].get(substance) if bound else None
    if bound is None or cell is None or form not in cell.all_of:
        return {}
    scale = Scale(rules.measured)
    return {measure: amount for one in cell.by_form.get(form, ()) for measure, amount in _beyond(one, bound.op, scale)}


def _beyond(one: Alternative, op: str, scale: Scale) -> list[tuple[str, int]]:
    """Return the smallest positive amounts that pass an alternative."""
    if one.amount is None:
        return [(one.measure, NEVER)]
    if one.measure != UNITS:
        return [(one.measure, scale.least(one.amount, op))]
    beyond = [(UNITS, max(1, one.amount + (1 if op in ("<=", ">") else 0)))]
    if one.unit_at_most_ug is not None and op in ("<=", "<"):
        beyond.append((GROSS, scale.least(one.amount * one.unit_at_most_ug, op)))
    return beyond


def gaps_and_overlaps(rules: Rules, substance: str, form: str) -> list[tuple[str, int, str]]:
    """Return (kind, tier, measure) for each 'gap' below a tier and each 'overlap' of a tier with a lower one."""
    found: list[tuple[str, int, str]] = []
    scale = Scale(rules.measured)
    for measure in MEASURES:
        highest = 0
        for t in range(1, len(rules.tiers)):
            upper, lower = rules.boundary(t)
            after, entry = _edge(rules, upper, substance, form, scale).get(measure), _edge(rules, lower, substance, form, scale).get(measure)
            if after is not None and entry is not None and after < entry:
                found.append(("gap", t, measure))
            known = [start for start in (after, entry) if start is not None]
            if known and (min(known) < highest or (len(known) == 2 and known[0] > known[1])):
                found.append(("overlap", t, measure))
            highest = max([highest, *known])
    return found
