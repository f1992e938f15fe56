"""Hypothesis strategies for laws and amounts: valid random laws, and amounts that sit on their limits.

Level 8: for tests only. Limits are a few micrograms, so that ties, gaps and overlaps are common.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from decrimsim.law.evaluate import Lot
from decrimsim.law.model import Law, build_law
from decrimsim.law.words import FORMS

SUBSTANCES = ("heroin", "mdma", "lsd", "ketamine")
DECLARED = "brew"
"""a substance that random laws may declare"""
_FORMS = FORMS[:5]
_EFFECTS: dict[str, dict[str, Any]] = {
    "none": {"type": "none", "own_use": "none", "supply": "supply"},
    "personal": {"type": "personal", "own_use": "administrative", "supply": "supply"},
    "indicative": {"type": "indicative", "own_use": "possession", "supply": "supply"},
    "presumption": {"type": "presumption", "burden_on": "accused", "own_use": "possession", "supply": "supply"},
    "conclusive": {"type": "conclusive", "own_use": "possession", "supply": "supply"},
}


def plain_law(**parts: Any) -> dict[str, Any]:
    """Return the raw data of a small valid law (one tier for any amount); parts replace its keys, None removes one."""
    raw: dict[str, Any] = {
        "schema": "decrimsim.law/1", "id": "toy", "kind": "hypothetical", "jurisdiction": "XX", "title": "A toy law", "summary": "For tests.",
        "sources": {}, "tables": {}, "tiers": [{"id": "any"}], "overlap": "highest", "aggregate": {"method": "max_tier"}, "unlisted_substance": "not_regulated",
        "effects": {"any": _EFFECTS["none"]},
        "powers": {
            "police": {"stop_for_possession": True, "warn": True, "no_action": True}, "prosecutor": {"drop": True, "divert": True, "downgrade": True},
            "court": {"downgrade": True},
        },
        "referral": {"offer": True, "nature": "voluntary"}, "seizure": {"drugs": "always"}, "social_supply": {"rule": "supply"}, "cases": [],
    }  # fmt: skip
    raw.update(parts)
    return {key: value for key, value in raw.items() if value is not None}


def two_tiers(limit: Any = "5 ug", op: str = "<=", **parts: Any) -> dict[str, Any]:
    """Return the raw data of a law with the tiers 'low' and 'high' and one limit for heroin."""
    return plain_law(
        **{
            "tables": {"line": {"heroin": limit}},
            "tiers": [{"id": "low", "upper": {"table": "line", "op": op}}, {"id": "high"}],
            "effects": {"low": _EFFECTS["personal"], "high": _EFFECTS["presumption"]},
            **parts,
        }
    )


@st.composite
def laws(draw: st.DrawFn, methods: tuple[str, ...] = ("max_tier", "sum_mass", "sum_fractions"), extras: bool = True) -> Law:
    """Return random valid laws: 1 to 4 tiers, upper and lower bounds, gaps, overlaps, forms, units, purity and sums.

    methods  how several substances are counted first
    extras   also margins, rounding, limits that must all be exceeded, default rows, related drugs, groups, equivalence, kinds
             and a substance that the law declares
    """
    method = draw(st.sampled_from(methods))
    n_tiers = draw(st.integers(1, 4))
    ids = [f"t{t}" for t in range(n_tiers)]
    tiers: list[dict[str, Any]] = [{"id": tier} for tier in ids]
    tables: dict[str, Any] = {}
    substances = draw(st.lists(st.sampled_from((*SUBSTANCES, DECLARED) if extras else SUBSTANCES), min_size=1, max_size=3, unique=True))
    both = draw(st.sampled_from((0, *range(1, n_tiers), *range(1, n_tiers)))) if method != "sum_fractions" else 0
    for t in range(1, n_tiers):
        sides = ("upper", "lower") if t == both else (draw(st.sampled_from(("upper", "lower"))),)
        for side in sides:
            tables[f"{side}{t}"] = draw(_table(substances, method, 4 * t, joint=extras and t != both))
            op = draw(st.sampled_from(("<=", "<") if side == "upper" else (">=", ">")))
            tiers[t - 1 if side == "upper" else t][side] = {"table": f"{side}{t}", "op": op}
    unlisted = draw(st.sampled_from(("not_regulated", "court_expert", f"tier:{ids[-1]}", f"tier:{ids[0]}")))
    effects = {tier: _EFFECTS[draw(st.sampled_from(sorted(_EFFECTS)))] for tier in ids}
    gap = ids[draw(st.sampled_from((both - 1, both)))] if 0 < both < n_tiers else None
    parts: dict[str, Any] = {"aggregate": {"method": method}, "unlisted_substance": unlisted}
    if extras:
        parts |= draw(_extras(method, substances, tables, ids))
        if any(DECLARED in rows for rows in tables.values()):
            parts["substances"] = {DECLARED: {"means": "a substance of this law alone"}}
    return build_law(
        plain_law(
            **{
                "tables": tables,
                "tiers": tiers,
                "effects": effects,
                "overlap": draw(st.sampled_from(("highest", "lowest", "decider_chooses"))),
                "gap_tier": gap,
                **parts,
            }
        )
    )


@st.composite
def _extras(draw: st.DrawFn, method: str, substances: list[str], tables: dict[str, Any], ids: list[str]) -> dict[str, Any]:
    """Return random further parts of a law whose tables and tiers are drawn already."""
    parts: dict[str, Any] = {"groups": {"pair": list(SUBSTANCES[:2])}}
    if draw(st.booleans()):
        rounding = {"to": f"{draw(st.integers(1, 4))} ug", "direction": draw(st.sampled_from(("down", "up", "nearest")))}
        margin = {"error_margin": draw(st.sampled_from((0, 0.05, 0.125, 0.5))), "in_favour_of": draw(st.sampled_from(("person", "state")))}
        parts["measurement"] = {**margin, "round": rounding}
    if method == "sum_mass" and tables:
        groups = {"method": "group_sum", "groups": ["some"]}
        factors = {s: draw(st.sampled_from((0.2, 0.5, 1, 1.125, 3))) for s in draw(st.lists(st.sampled_from(SUBSTANCES), min_size=1, unique=True))}
        same = {"method": "equivalence", "to": substances[0], "factors": factors}
        parts["groups"]["some"] = substances[:2]
        if all(set(substances) <= set(rows) for rows in tables.values()):
            parts["aggregate"] = draw(st.sampled_from(({"method": "sum_mass"}, groups, same, [groups, same])))
    if method == "max_tier" and tables:
        table, tier = draw(st.sampled_from(sorted(tables))), draw(st.sampled_from(ids))
        among: dict[str, Any] = draw(st.sampled_from(({}, {"groups": ["pair"]})))
        kinds = {"method": "kinds_exclude", "at_least": draw(st.integers(2, 3)), "tier": tier, **among}
        sums = {"method": "sum_fractions", "table": table, "op": draw(st.sampled_from((">", ">="))), "limit": draw(st.sampled_from((1, 1.5, 2))), "tier": tier}
        sums |= {"kinds": draw(st.integers(1, 3)), **among}
        varied = {"method": "kinds_indicator", "at_least": draw(st.integers(2, 3)), **among}
        can_add = not any(word in str(tables[table]) for word in ("unit_at_most", "all_must_exceed"))
        more = draw(st.lists(st.sampled_from((kinds, varied, *([sums] if can_add else []))), max_size=2))
        parts["aggregate"] = [{"method": "max_tier"}, *more]
        if draw(st.booleans()):
            tables[table]["other"] = draw(st.sampled_from(("2 ug", "7 ug", {"limit": "3 ug", "by_form": [{"forms": ["tablet"], "limit": "2 units"}]})))
            parts["unlisted_substance"] = {
                "rule": "default_row",
                "for": {"ketamine": draw(st.sampled_from(("not_regulated", "default_row", f"tier:{ids[0]}")))},
            }
    return parts


@st.composite
def _table(draw: st.DrawFn, substances: list[str], method: str, around: int, joint: bool = False) -> dict[str, Any]:
    """Return random limits near a number of micrograms; for summed weights the same for all."""
    weights = st.integers(max(0, around - 4), around + 4).map(lambda ug: f"{ug} ug")
    if method == "sum_mass":
        one = {"limit": draw(weights), "basis": draw(st.sampled_from(("gross", "pure")))}
        return dict.fromkeys(substances, one)
    counts = st.integers(max(0, around // 4), around // 2 + 1).map(lambda n: f"{n} units")
    plain = st.one_of(weights, st.just("unlimited"))
    pure = st.builds(lambda text: {"limit": text, "basis": "pure"}, weights)
    exceeds = st.builds(lambda *items: {"any_exceeds": list(items)}, weights, st.one_of(counts, pure))
    heavy = st.builds(lambda n, ug: {"forms": ["tablet"], "limit": n, "unit_at_most": f"{ug} ug"}, counts, st.integers(1, 4))
    by_form = heavy if method == "max_tier" else st.builds(lambda n: {"forms": ["tablet", "capsule"], "limit": n}, counts)
    formed = st.builds(lambda text, item: {"limit": text, "by_form": [item]}, weights, by_form)
    every = st.builds(lambda text, items: {"all_must_exceed": [text, items]}, weights, st.one_of(counts, pure))
    if joint and method == "max_tier":
        exceeds = st.one_of(exceeds, every)
    cell = draw(st.sampled_from((plain, plain, exceeds, formed, st.one_of(plain, pure, exceeds, formed, st.just({"unknown": "not found"})))))
    rows = {substance: draw(cell) for substance in substances}
    dropped = draw(st.sampled_from((None, *substances)))
    return {substance: value for substance, value in rows.items() if substance != dropped} if draw(st.booleans()) else rows


def lots(substance: str, amounts: st.SearchStrategy[int] | None = None) -> st.SearchStrategy[Lot]:
    """Return random amounts of one substance; no more pure than gross."""
    ug = amounts if amounts is not None else st.integers(0, 24)
    return st.builds(
        lambda form, gross, share, units: Lot(substance, form, gross, gross * share // 4, units),
        st.sampled_from(_FORMS),
        ug,
        st.integers(0, 4),
        st.integers(0, 12),
    )


def holdings(amounts: st.SearchStrategy[int] | None = None, substances: tuple[str, ...] = SUBSTANCES) -> st.SearchStrategy[tuple[Lot, ...]]:
    """Return what may be found on one person: at most one form of each substance, often nothing of one."""
    return st.tuples(*(lots(substance, amounts) for substance in substances))


def quantities_at_ties(law: Law) -> st.SearchStrategy[int]:
    """Return amounts in micrograms on the limits of a law, one below and one above."""
    assert law.rules is not None
    alternatives = [one for table in law.rules.tables.values() for cell in table.values() for line in cell.by_form.values() for one in line]
    limits = sorted({one.amount for one in alternatives if one.amount is not None and one.measure != "units"})
    return st.sampled_from(sorted({max(0, x + step) for x in [0, *limits] for step in (-1, 0, 1)}))
