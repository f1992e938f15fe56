"""The ladder in whole numbers: the smallest amount that reaches each tier.

Level 2. Amounts are integers, so "more than x" is "at least x + 1": every bound becomes one number.
"""

from __future__ import annotations

from decrimsim.law.rules import Bound, Rules
from decrimsim.law.tables import GROSS, MEASURES, UNITS, Alternative

NEVER = 2**62


def starts(rules: Rules, substance: str, form: str) -> dict[str, list[int | None]]:
    """Return, by measure, the smallest amount of a listed substance that reaches each tier (None: no bound on that measure).

    Tier 0 is always None here: any positive amount reaches it.
    """
    found: dict[str, list[int | None]] = {m: [None] for m in MEASURES}
    for t in range(1, len(rules.tiers)):
        upper, lower = rules.boundary(t)
        after, entry = _edge(rules, upper, substance, form), _edge(rules, lower, substance, form)
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


def _edge(rules: Rules, bound: Bound | None, substance: str, form: str) -> dict[str, int]:
    """Return, by measure, the smallest amount beyond a bound (outside an upper one, inside a lower one)."""
    cell = rules.tables[bound.table].get(substance) if bound else None
    edge: dict[str, int] = {}
    if bound is None or cell is None:
        return edge
    for one in cell.by_form.get(form, ()):
        for measure, amount in _beyond(one, bound.op):
            edge[measure] = min(edge.get(measure, amount), amount)
    return edge


def _beyond(one: Alternative, op: str) -> list[tuple[str, int]]:
    """Return the smallest positive amounts that pass an alternative."""
    if one.amount is None:
        return [(one.measure, NEVER)]
    step = 1 if op in ("<=", ">") else 0
    beyond = [(one.measure, max(1, one.amount + step))]
    if one.measure == UNITS and one.unit_at_most_ug is not None and op in ("<=", "<"):
        beyond.append((GROSS, max(1, one.amount * one.unit_at_most_ug + step)))
    return beyond


def gaps_and_overlaps(rules: Rules, substance: str, form: str) -> list[tuple[str, int, str]]:
    """Return (kind, tier, measure) for each 'gap' below a tier and each 'overlap' of a tier with a lower one."""
    found: list[tuple[str, int, str]] = []
    for measure in MEASURES:
        highest = 0
        for t in range(1, len(rules.tiers)):
            upper, lower = rules.boundary(t)
            after, entry = _edge(rules, upper, substance, form).get(measure), _edge(rules, lower, substance, form).get(measure)
            if after is not None and entry is not None and after < entry:
                found.append(("gap", t, measure))
            known = [start for start in (after, entry) if start is not None]
            if known and (min(known) < highest or (len(known) == 2 and known[0] > known[1])):
                found.append(("overlap", t, measure))
            highest = max([highest, *known])
    return found
