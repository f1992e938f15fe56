"""The rules of one undated law as values: tiers, bounds and tables, ready to be compared with an amount.

Level 2. Read by the slow twin (evaluate), by the vectorised predicate (compile) and by lint.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from decrimsim.law.declared import declared_names
from decrimsim.law.measured import Measurement, read_measurement
from decrimsim.law.several import Several, read_several
from decrimsim.law.shape import Complaints
from decrimsim.law.tables import Table, effective_note, expand, parse_table
from decrimsim.law.words import ALIASES, DEFAULT_ROW, FORMS, SUBSTANCES

METHODS = ("max_tier", "sum_mass", "sum_fractions", "group_sum", "equivalence", "kinds_exclude", "kinds_indicator")
UNLISTED = ("not_regulated", "any_trace_is_offence", "court_expert", "default_row")


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
    gap_tier  the tier of amounts that fit the words of no tier, or ""
    listed    substances with a row in one of those tables
    unlisted  not_regulated, any_trace_is_offence, court_expert, default_row or 'tier:<id>'; unlisted_for: of single substances
    several   how several substances are counted together, one rule after another; the highest tier counts
    overlap   highest or lowest; decider_chooses: 'lowest' here, and the other is named
    measured  margin, rounding and assumed purity
    declared  names of substances that the law knows beside those of the common list
    """

    tiers: tuple[Tier, ...]
    tables: dict[str, Table]
    gap_tier: str
    overlap: str
    unlisted: str
    unlisted_source: str
    several: tuple[Several, ...]
    effects: dict[str, dict[str, Any]]
    measured: Measurement = field(default_factory=Measurement)
    decider_chooses: bool = False
    unlisted_for: dict[str, str] = field(default_factory=dict)
    declared: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        """The first way of counting several substances."""
        return self.several[0].method

    @property
    def ladder(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(b.table for tier in self.tiers for b in (tier.lower, tier.upper) if b))

    @property
    def listed(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s for name in self.ladder for s in self.tables.get(name, {})))

    def group(self, rule: Several) -> tuple[str, ...]:
        """Return the substances that a rule on several substances looks at."""
        return rule.substances or self.listed

    def position(self, tier: str) -> int:
        """Return the place of a tier in the ladder, 0 the lowest."""
        return [t.id for t in self.tiers].index(tier)

    def has_no_words(self, t: int, substance: str = "") -> bool:
        """Tell whether tier t is the one for amounts that the law's own words leave out, and has no bound of its own.

        substance  False for one of which a limit is not known: the unknown words may name the amount
        """
        tier = self.tiers[t]
        is_known = not any(substance in self.tables[name] and self.tables[name][substance].unknown for name in self.ladder)
        return t > 0 and tier.id == self.gap_tier and tier.lower is None and tier.upper is None and is_known

    def boundary(self, t: int) -> tuple[Bound | None, Bound | None]:
        """Return the bounds between tier t-1 and tier t: the upper one of t-1 and the lower one of t."""
        return self.tiers[t - 1].upper, self.tiers[t].lower

    def unlisted_rule(self, substance: str) -> str:
        """Return what the law says of a substance without a row."""
        return self.unlisted_for.get(substance, self.unlisted)

    def floor_of_unlisted(self, substance: str = "") -> int | None:
        """Return the tier that any amount of an unlisted substance reaches, or None if the law does not regulate it."""
        rule = self.unlisted_rule(substance)
        if rule in ("not_regulated", "default_row"):
            return None
        if rule == "court_expert":
            return 0
        if rule == "any_trace_is_offence":
            return next(t for t, tier in enumerate(self.tiers) if self.effects[tier.id]["own_use"] == "possession")
        return self.position(rule.removeprefix("tier:"))


def read_rules(data: dict[str, Any], out: Complaints) -> Rules:
    """Return the rules of an undated law of the right shape; add complaints about cells that make no sense."""
    notes = data.get("table_notes", {})
    tables = {name: parse_table(name, rows, effective_note(notes, name), out) for name, rows in expand(data, out).items()}
    unlisted = data["unlisted_substance"]
    rule = (unlisted if isinstance(unlisted, str) else unlisted["rule"]).strip()
    unlisted_for = {ALIASES.get(s, s): text.strip() for s, text in unlisted.get("for", {}).items()} if isinstance(unlisted, dict) else {}
    rules = Rules(
        tiers=tuple(Tier(t["id"], _bound(t.get("upper")), _bound(t.get("lower"))) for t in data["tiers"]),
        tables=tables,
        gap_tier=data.get("gap_tier", ""),
        overlap="lowest" if data.get("overlap") == "decider_chooses" else data.get("overlap", ""),
        unlisted=rule,
        unlisted_source=unlisted.get("source", "") if isinstance(unlisted, dict) else "",
        several=read_several(data, out),
        effects=data["effects"],
        measured=read_measurement(data.get("measurement", {})),
        decider_chooses=data.get("overlap") == "decider_chooses",
        unlisted_for=unlisted_for,
        declared=declared_names(data),
    )
    _give_default_rows(rules)
    return rules


def _give_default_rows(rules: Rules) -> None:
    """Turn the row 'other' of each table that bounds a tier into a row of every substance that has none, in place."""
    own = {s for s in rules.listed if s != DEFAULT_ROW}
    missing = [s for s in (*SUBSTANCES, *rules.declared) if s not in own and rules.unlisted_rule(s) == "default_row"]
    for table in rules.tables.values():
        row = table.pop(DEFAULT_ROW, None)
        if row is not None:
            table.update(dict.fromkeys((s for s in missing if s not in table), row))


def _bound(raw: dict[str, str] | None) -> Bound | None:
    return Bound(raw["table"], raw["op"]) if raw else None


def distinct_forms(rules: Rules, substance: str) -> list[str]:
    """Return one form of each set of forms that the law treats alike."""
    seen: dict[tuple[object, ...], str] = {}
    for form in FORMS:
        lines = tuple(cell.by_form.get(form) if (cell := rules.tables[name].get(substance)) else None for name in rules.ladder)
        seen.setdefault(lines, form)
    return list(seen.values())
