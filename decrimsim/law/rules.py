"""The rules of one undated law as values: tiers, bounds and tables, ready to be compared with an amount.

Level 2. Read by the slow twin (evaluate), by the vectorised predicate (compile) and by lint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from decrimsim.errors import nearest
from decrimsim.law.shape import Complaints, complain
from decrimsim.law.tables import Table, effective_note, expand, parse_table
from decrimsim.law.words import ALIASES, FORMS

METHODS = ("max_tier", "sum_mass", "sum_fractions")
LATER_METHODS = ("group_sum", "equivalence", "kinds_exclude", "kinds_indicator")
UNLISTED = ("not_regulated", "any_trace_is_offence", "court_expert")


@dataclass(frozen=True)
class Bound:
    """An edge of a tier: the limit in a table and the operator of the amounts inside the tier."""

    table: str
    op: str


@dataclass(frozen=True)
class Tier:
    """A band of amounts; a missing bound is the complement of the neighbour's."""

    id: str
    upper: Bound | None
    lower: Bound | None


@dataclass(frozen=True)
class Rules:
    """What an undated law says about amounts.

    tiers     from the lowest to the highest
    tables    all tables, derived ones filled in
    ladder    names of the tables that bound a tier
    listed    substances with a row in one of those tables
    unlisted  not_regulated, any_trace_is_offence, court_expert or 'tier:<id>'
    group     substances whose weights are added (method sum_mass; none: all listed)
    """

    tiers: tuple[Tier, ...]
    tables: dict[str, Table]
    gap_tier: str
    overlap: str
    unlisted: str
    unlisted_source: str
    method: str
    group: tuple[str, ...]
    effects: dict[str, dict[str, Any]]

    @property
    def ladder(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(b.table for tier in self.tiers for b in (tier.lower, tier.upper) if b))

    @property
    def listed(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s for name in self.ladder for s in self.tables.get(name, {})))

    @property
    def summed(self) -> tuple[str, ...]:
        return self.group or self.listed

    def position(self, tier: str) -> int:
        """Return the place of a tier in the ladder, 0 the lowest."""
        return [t.id for t in self.tiers].index(tier)

    def boundary(self, t: int) -> tuple[Bound | None, Bound | None]:
        """Return the bounds between tier t-1 and tier t: the upper one of t-1 and the lower one of t."""
        return self.tiers[t - 1].upper, self.tiers[t].lower

    def floor_of_unlisted(self) -> int | None:
        """Return the tier that any amount of an unlisted substance reaches, or None if the law does not regulate it."""
        if self.unlisted == "not_regulated":
            return None
        if self.unlisted == "court_expert":
            return 0
        if self.unlisted == "any_trace_is_offence":
            return next(t for t, tier in enumerate(self.tiers) if self.effects[tier.id]["own_use"] == "possession")
        return self.position(self.unlisted.removeprefix("tier:"))


def read_rules(data: dict[str, Any], out: Complaints) -> Rules:
    """Return the rules of an undated law of the right shape; add complaints about cells that make no sense."""
    notes = data.get("table_notes", {})
    tables = {name: parse_table(name, rows, effective_note(notes, name), out) for name, rows in expand(data, out).items()}
    unlisted = data["unlisted_substance"]
    rule = unlisted if isinstance(unlisted, str) else unlisted["rule"]
    aggregate = data["aggregate"]
    group = tuple(ALIASES.get(s, s) for s in aggregate.get("substances", ()))
    return Rules(
        tiers=tuple(Tier(t["id"], _bound(t.get("upper")), _bound(t.get("lower"))) for t in data["tiers"]),
        tables=tables,
        gap_tier=data.get("gap_tier", ""),
        overlap=data.get("overlap", ""),
        unlisted=rule.strip(),
        unlisted_source=unlisted.get("source", "") if isinstance(unlisted, dict) else "",
        method=aggregate["method"],
        group=group,
        effects=data["effects"],
    )


def _bound(raw: dict[str, str] | None) -> Bound | None:
    return Bound(raw["table"], raw["op"]) if raw else None


def distinct_forms(rules: Rules, substance: str) -> list[str]:
    """Return one form of each set of forms that the law treats alike."""
    seen: dict[tuple[object, ...], str] = {}
    for form in FORMS:
        lines = tuple(cell.by_form.get(form) if (cell := rules.tables[name].get(substance)) else None for name in rules.ladder)
        seen.setdefault(lines, form)
    return list(seen.values())


def complain_about_method(rules: Rules, out: Complaints) -> None:
    """Add a complaint unless the way of counting several substances can be computed."""
    path = ("aggregate", "method")
    if rules.method in LATER_METHODS:
        complain(
            out,
            path,
            rules.method,
            f"one of {', '.join(METHODS)}",
            f"The method {rules.method!r} is planned for version 0.2; it is refused rather than ignored",
        )
    elif rules.method not in METHODS:
        complain(out, path, rules.method, f"one of {', '.join(METHODS)}", nearest(rules.method, METHODS))
