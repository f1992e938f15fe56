"""Rules on several substances at once, as a law names them.

Level 2. Read by the slow twin (together), by the fast one (sums) and by lint.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from decrimsim.errors import nearest
from decrimsim.law.shape import Complaints, complain
from decrimsim.law.words import ALIASES

_NEEDS: dict[str, tuple[str, ...]] = {
    "max_tier": (), "sum_mass": (), "sum_fractions": (), "group_sum": ("groups",), "equivalence": ("to", "factors"), "kinds_exclude": ("at_least", "tier"),
    "kinds_indicator": ("at_least",),
}  # fmt: skip
_MAY: dict[str, tuple[str, ...]] = {
    "sum_mass": ("substances",), "sum_fractions": ("substances", "table", "op", "limit", "kinds", "tier", "each_within", "groups"), "group_sum": (),
    "kinds_exclude": ("substances", "groups"), "kinds_indicator": ("substances", "groups"),
}  # fmt: skip


@dataclass(frozen=True)
class Several:
    """One rule on several substances; what a method does not use is empty.

    substances  those that count; none: all with a row
    groups      substances that are one kind, or whose weights are added
    to, factors equivalence: a microgram of a substance counts as so many of ``to``
    table       sum_fractions of this table alone: above (op) ``limit``, with at least ``kinds`` kinds, the tier is ``tier``
    each_within every kind must be inside its own limit
    at_least    number of kinds
    """

    method: str
    substances: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    to: str = ""
    factors: dict[str, Fraction] = field(default_factory=dict)
    table: str = ""
    op: str = ">"
    limit: Fraction = Fraction(1)
    kinds: int = 1
    each_within: bool = False
    at_least: int = 0
    tier: str = ""

    def kind_of(self, substance: str) -> str:
        """Return the name under which a substance is counted as a kind."""
        return next((group[0] for group in self.groups if substance in group), substance)


def read_several(data: dict[str, Any], out: Complaints) -> tuple[Several, ...]:
    """Return the rules on several substances; complain about what a method needs or does not know."""
    raw = data["aggregate"]
    items = [((), raw)] if isinstance(raw, dict) else [((i,), item) for i, item in enumerate(raw)]
    return tuple(_read(item, data, ("aggregate", *path), out) for path, item in items)


def _read(raw: dict[str, Any], data: dict[str, Any], path: tuple[str | int, ...], out: Complaints) -> Several:
    method = raw["method"]
    if method not in _NEEDS:
        complain(out, (*path, "method"), method, f"one of {', '.join(_NEEDS)}", nearest(method, _NEEDS))
    needed = _NEEDS.get(method, ())
    if "table" in raw:
        needed = ("op", "limit", "tier")
    for key in needed:
        if key not in raw:
            complain(out, path, None, f"'{key}:' beside the method {method!r}" if "table" not in raw else f"'{key}:' beside 'table'")
    usable = {"method", "source", "note", *needed, *_MAY.get(method, ())}
    if method == "sum_fractions" and "table" not in raw:
        usable -= {"op", "limit", "kinds", "tier", "each_within", "groups"}
    for key in raw:
        if method in _NEEDS and key not in usable:
            complain(out, (*path, key), key, f"one of {', '.join(sorted(usable))} beside the method {method!r}")
    known = data.get("groups", {})
    for i, name in enumerate(raw.get("groups", [])):
        if name not in known:
            complain(out, (*path, "groups", i), name, "the name of a group under 'groups'", nearest(name, known))
    groups = tuple(_names(known[name]) for name in raw.get("groups", []) if name in known)
    to = ALIASES.get(raw.get("to", ""), raw.get("to", ""))
    factors = {ALIASES.get(s, s): Fraction(str(number)) for s, number in raw.get("factors", {}).items()}
    for s, number in factors.items():
        if 1000 % number.denominator:
            complain(out, (*path, "factors", s), float(number), "a number with at most three decimals")
    return Several(
        method=method, substances=_names(raw.get("substances", [])), groups=groups, to=to, factors={**factors, to: Fraction(1)} if to else factors,
        table=raw.get("table", ""), op=raw.get("op", ">"), limit=Fraction(str(raw.get("limit", 1))), kinds=raw.get("kinds", 1),
        each_within=raw.get("each_within", False), at_least=raw.get("at_least", 0), tier=raw.get("tier", ""),
    )  # fmt: skip


def _names(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ALIASES.get(name, name) for name in names))
