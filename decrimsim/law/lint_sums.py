"""What a rule on several substances can get wrong.

Level 2.
"""

from __future__ import annotations

from decrimsim.errors import nearest
from decrimsim.law.rules import Rules
from decrimsim.law.several import Several
from decrimsim.law.shape import Complaints, complain
from decrimsim.law.tables import UNITS
from decrimsim.law.words import FORMS


def lint_sums(rules: Rules, out: Complaints) -> None:
    """Complain about limits that cannot be added."""
    for rule in rules.several:
        for substance in rule.substances if not rule.at_least else ():  # kinds are counted, not weighed: any substance can be one
            if substance not in rules.listed and not rule.table:
                complain(out, ("aggregate", "substances"), substance, "substances with a row in a table that bounds a tier", nearest(substance, rules.listed))
        if rule.table and rule.table not in rules.tables:
            complain(out, ("aggregate", "table"), rule.table, "the name of a table", nearest(rule.table, rules.tables))
            continue
        ids = [tier.id for tier in rules.tiers]
        if rule.tier and rule.tier not in ids:
            complain(out, ("aggregate", "tier"), rule.tier, "the id of a tier", nearest(rule.tier, ids))
        if rule.method == "equivalence" and rule.to not in rules.listed:
            complain(out, ("aggregate", "to"), rule.to, "a substance with a row in a table that bounds a tier", nearest(rule.to, rules.listed))
            continue
        if rule.method == "sum_fractions":
            _fractions(rules, rule, out)
        for group in {"sum_mass": (rules.group(rule),), "group_sum": rule.groups, "equivalence": ((rule.to,),)}.get(rule.method, ()):
            _one_limit(rules, group, out)


def _fractions(rules: Rules, rule: Several, out: Complaints) -> None:
    tables = [rule.table] if rule.table else list(rules.ladder)
    if not rule.table:
        for t in range(1, len(rules.tiers)):
            if None not in rules.boundary(t):
                complain(out, ("tiers", t), None, "one bound between two tiers, since fractions are added")
    for name in tables:
        for cell in rules.tables[name].values():
            if cell.all_of:
                complain(out, ("tables", name), "all_must_exceed", "no 'all_must_exceed' where amounts are added")
            if any(one.unit_at_most_ug is not None for line in cell.by_form.values() for one in line):
                complain(out, ("tables", name), "unit_at_most", "no 'unit_at_most' where amounts are added")


def _one_limit(rules: Rules, group: tuple[str, ...], out: Complaints) -> None:
    """Complain unless every bound has one and the same weight for all substances and forms whose weights are added."""
    for name in rules.ladder:
        cells = [rules.tables[name].get(s) for s in group]
        lines = {cell.by_form.get(form, ()) for cell in cells if cell for form in FORMS}
        if len(lines) > 1 or any(len(line) != 1 or line[0].measure == UNITS for line in lines) or any(c is None for c in cells):
            complain(out, ("tables", name), None, "one and the same weight for every substance and form whose weights are added")
