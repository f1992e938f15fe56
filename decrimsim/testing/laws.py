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
def laws(draw: st.DrawFn, methods: tuple[str, ...] = ("max_tier", "sum_mass", "sum_fractions")) -> Law:
    """Return random valid laws: 1 to 4 tiers, upper and lower bounds, gaps, overlaps, forms, units, purity and sums."""
    method = draw(st.sampled_from(methods))
    n_tiers = draw(st.integers(1, 4))
    ids = [f"t{t}" for t in range(n_tiers)]
    tiers: list[dict[str, Any]] = [{"id": tier} for tier in ids]
    tables: dict[str, Any] = {}
    substances = draw(st.lists(st.sampled_from(SUBSTANCES), min_size=1, max_size=3, unique=True))
    both = draw(st.sampled_from((0, *range(1, n_tiers), *range(1, n_tiers)))) if method != "sum_fractions" else 0
    for t in range(1, n_tiers):
        sides = ("upper", "lower") if t == both else (draw(st.sampled_from(("upper", "lower"))),)
        for side in sides:
            tables[f"{side}{t}"] = draw(_table(substances, method, 4 * t))
            op = draw(st.sampled_from(("<=", "<") if side == "upper" else (">=", ">")))
            tiers[t - 1 if side == "upper" else t][side] = {"table": f"{side}{t}", "op": op}
    unlisted = draw(st.sampled_from(("not_regulated", "court_expert", f"tier:{ids[-1]}", f"tier:{ids[0]}")))
    effects = {tier: _EFFECTS[draw(st.sampled_from(sorted(_EFFECTS)))] for tier in ids}
    gap = ids[draw(st.sampled_from((both - 1, both)))] if 0 < both < n_tiers else None
    return build_law(
        plain_law(
            tables=tables, tiers=tiers, effects=effects, unlisted_substance=unlisted, aggregate={"method": method},
            overlap=draw(st.sampled_from(("highest", "lowest"))), gap_tier=gap,
        )
    )  # fmt: skip


@st.composite
def _table(draw: st.DrawFn, substances: list[str], method: str, around: int) -> dict[str, Any]:
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


def holdings(amounts: st.SearchStrategy[int] | None = None) -> st.SearchStrategy[tuple[Lot, ...]]:
    """Return what may be found on one person: at most one form of each substance, often nothing of one."""
    return st.tuples(*(lots(substance, amounts) for substance in SUBSTANCES))


def quantities_at_ties(law: Law) -> st.SearchStrategy[int]:
    """Return amounts in micrograms on the limits of a law, one below and one above."""
    assert law.rules is not None
    alternatives = [one for table in law.rules.tables.values() for cell in table.values() for line in cell.by_form.values() for one in line]
    limits = sorted({one.amount for one in alternatives if one.amount is not None and one.measure != "units"})
    return st.sampled_from(sorted({max(0, x + step) for x in [0, *limits] for step in (-1, 0, 1)}))
