"""The shape of a law file, ``decrimsim.law/1``: one line for each key.

Level 2. docs/laws.md explains the keys for lawyers; this page is what the reader enforces.
"""

from __future__ import annotations

import functools

from decrimsim.law import mechanics as m
from decrimsim.law import words as w
from decrimsim.law.shape import Anything, Either, Flag, Keys, ListOf, MapOf, Number, OrUnknown, Parsed, Shape, Slug, Text, Word, knowing, parse_prison_days
from decrimsim.units import parse_date, parse_quantity, parse_ug

SCHEMA = "decrimsim.law/1"

_text, _slug, _flag, _quantity = Text(), Slug(), Flag(), Parsed(parse_quantity)
_confidence = Word(w.CONFIDENCE)
_basis = Word(tuple(w.BASES))
_forms = ListOf(Word(w.FORMS), at_least=1)
_remark = {"source": _slug, "note": _text}

_share = Number(least=0.001, most=1, whole=False)
_weight = {"basis": _basis, "salt": _slug, "marker": _slug, "base_share": _share}
_alternative = Either(plain=_quantity, mapping=Keys({"limit": _quantity, **_weight, "unit_at_most": Parsed(parse_ug)}, required=("limit",)))
_by_form = Keys({"forms": _forms, "limit": _quantity, **_weight, "unit_at_most": Parsed(parse_ug), **_remark}, required=("forms", "limit"))
CELL = Either(
    plain=_quantity,
    mapping=Keys(
        {
            "limit": _quantity, **_weight, "any_exceeds": ListOf(_alternative, at_least=2), "all_must_exceed": ListOf(_alternative, at_least=2),
            "by_form": ListOf(_by_form, at_least=1),
            "unknown": _text, "source": _slug, "confidence": _confidence, "quote": _text, "note": _text,
        }
    ),
)  # fmt: skip

_table_note = Keys(
    {
        "basis": _basis, "source": _slug, "confidence": _confidence, "title": _text, "note": _text,
        "derive": m.DERIVE, "words": Either(plain=_text, mapping=Keys({"not_read": _text}, required=("not_read",))),
    }
)  # fmt: skip

_upper = Keys({"table": _slug, "op": Word(tuple(w.UPPER_OPS))}, required=("table", "op"))
_lower = Keys({"table": _slug, "op": Word(tuple(w.LOWER_OPS))}, required=("table", "op"))
_tier = Keys({"id": _slug, "title": _text, "upper": _upper, "lower": _lower, **_remark}, required=("id",))

_effect = Keys(
    {
        "type": Word(tuple(w.EFFECT)), "of": Word(("supply", "trafficking", "personal_use")), "burden_on": Word(("accused", "state")), "burden": Word(("legal", "evidential")),
        "standard": Word(tuple(w.STANDARD)), "scope": Word(("whole", "part")), "own_use": Word(tuple(w.OWN_USE)), "supply": Word(tuple(w.SUPPLY)),
        "max_prison_possession": Parsed(parse_prison_days), "max_prison_supply": Parsed(parse_prison_days), **_remark,
        "rebuttable": _flag, "also": ListOf(Word(m.ALSO)), "eligibility": m.ELIGIBILITY, "also_rebutted_by": ListOf(_slug),
    },
    required=("type", "own_use", "supply"),
)  # fmt: skip

_powers = Keys(
    {
        "police": Keys({"stop_for_possession": _flag, "warn": _flag, "no_action": _flag, **_remark}, required=("stop_for_possession", "warn", "no_action")),
        "prosecutor": Keys({"drop": _flag, "divert": _flag, "downgrade": _flag, **_remark}, required=("drop", "divert", "downgrade")),
        "court": Keys({"downgrade": _flag, **_remark}, required=("downgrade",)),
    },
    required=("police", "prosecutor", "court"),
)

_age = Number(most=120)
_routes = Keys(
    {
        "caution": Keys(
            {"limit": _upper, "at_most": Number(), "excluded_by": ListOf(Word(("any_conviction",))), "min_age": _age, **_remark}, required=("limit",),
        ),
        "notice": Keys(
            {
                "limit": _upper, "at_most": Number(), "excluded_by": ListOf(Word(("supply_conviction",))), "min_age": _age, "fine_minor": Number(),
                "fine": Keys({"amount": Number(whole=False), "unit": _slug}, required=("amount", "unit")), "currency": _text, "waived_by_referral": _flag, "unpaid": Word(tuple(w.UNPAID)), **_remark,
            },
            required=("limit", "currency", "unpaid"),
        ),
        "panel": Keys({"may_sanction": _flag, "no_show": Word(tuple(w.NO_SHOW)), **_remark}, required=("may_sanction", "no_show")),
        "diversion": Keys({"conditional": _flag, **_remark}, required=("conditional",)),
    }
)  # fmt: skip

_lot = Either(
    plain=_quantity,
    mapping=Keys({"form": Word(w.FORMS), "units": Number(), "g": Parsed(parse_ug), "purity": Number(least=0, most=1, whole=False), "dry": Parsed(parse_ug)}),
)
HOLDINGS = MapOf(Either(plain=_quantity, mapping=_lot.mapping, listed=ListOf(_lot, at_least=1)), substances=True)
_facts = {
    "age": _age, "cautions": Number(), "notices": Number(), "reports": Number(), "conviction": _flag, "supply_conviction": _flag, **m.CASE_FACTS,
}  # fmt: skip
FACTS = Keys({name: OrUnknown(shape) for name, shape in _facts.items()})
_expect = Keys(
    {
        "tier": _slug, "effect": Word(tuple(w.EFFECT)), "offence": Word(("none", "administrative", "possession", "supply")), "routes": ListOf(_slug),
        "unknown": _flag, "regulated": _flag, "treatment": Word(("voluntary", "mandatory", "none")), "error": Word(("not_in_force",)),
        "covered": _flag, "in_gap": _flag, "could_be": _slug, "evidence": Number(), "offence_on_evidence": Word(("none", "administrative", "possession", "supply")),
        "record": Word(tuple(w.RECORD)), "sharing": Word(("supply", "not_supply")), "repeat": ListOf(Word(tuple(w.REPEAT_EFFECT))), "sanctions": ListOf(_text),
        "exception": _slug, "opens": ListOf(_slug),
    }
)  # fmt: skip
CASES = ListOf(
    Keys(
        {"name": _text, "date": Parsed(parse_date), "holdings": HOLDINGS, "person": FACTS, "expect": _expect, "from_law": _slug},
        required=("name", "holdings", "expect"),
    )
)

_force = ListOf(
    Keys(
        {"from": Parsed(parse_date), "to": Parsed(parse_date), "state": Word(w.STATES), "annulled": Word(("ex_tunc", "ex_nunc")), **_remark},
        required=("from", "state"),
    ),
    at_least=1,
)
_sources = MapOf(
    Keys(
        {"title": _text, "href": _text, "confidence": _confidence, "quote": _text, "note": _text, "rank": Word(m.RANKS)},
        required=("title", "href", "confidence"),
    )
)
_rule = m.AGGREGATE
_aggregate = Either(mapping=_rule, listed=ListOf(_rule, at_least=1))
_interpretations = MapOf(
    Keys(
        {"default": _slug, "note": _text, "options": MapOf(ListOf(Keys({"path": _text, "to": Anything()}, required=("path", "to"))))},
        required=("default", "options"),
    )
)

_HEAD = {
    "schema": Word((SCHEMA,)),
    "id": _slug,
    "kind": Word(w.KINDS),
    "title": _text,
    "summary": _text,
    "jurisdiction": _text,
    "sources": _sources,
    "cases": CASES,
}

LAW = Keys(
    {
        **_HEAD,
        "force": _force,
        "interpretations": _interpretations,
        "scope": Keys({"acts": ListOf(_slug), "act_rules": m.ACT_RULES, "min_age": _age, "not_if": ListOf(_slug), **_remark}),
        "tables": MapOf(MapOf(CELL, substances=True, also=(w.DEFAULT_ROW,))),
        "table_notes": MapOf(_table_note),
        "unlisted_substance": Either(plain=_text, mapping=Keys({"rule": _text, "for": MapOf(_text, substances=True), **_remark}, required=("rule",))),
        "tiers": ListOf(_tier, at_least=1, at_most=9),
        "gap_tier": _slug,
        "overlap": Word(("lowest", "highest", "decider_chooses")),
        "aggregate": _aggregate,
        "effects": MapOf(_effect, at_least=1),
        "powers": _powers,
        "routes": _routes,
        "repeat": Either(mapping=m.REPEAT, listed=ListOf(m.REPEAT, at_least=1)),
        "referral": Keys({"offer": _flag, "nature": Word(("voluntary", "conditional", "mandatory")), **_remark}, required=("offer", "nature")),
        "seizure": m.SEIZURE,
        "social_supply": Keys({"rule": Word(("supply", "not_supply")), "conditions": m.SHARING_CONDITIONS, **_remark}, required=("rule",)),
        **m.MORE,
    },
    required=(
        "schema",
        "id",
        "kind",
        "jurisdiction",
        "title",
        "summary",
        "sources",
        "tiers",
        "unlisted_substance",
        "aggregate",
        "effects",
        "powers",
        "referral",
        "seizure",
        "social_supply",
        "cases",
    ),
)

PATCH = Keys(
    {
        **_HEAD, "based_on": _text,
        "changes": ListOf(Keys({"path": _text, "to": Anything(), "reason": _text, "source": _slug}, required=("path", "to", "reason")), at_least=1),
        "changed_cases": ListOf(Keys({"names": ListOf(_text, at_least=1), "where": _expect, "expect": _expect, "reason": _text}, required=("expect",))),
    },
    required=("schema", "id", "kind", "title", "summary", "based_on", "changes", "cases"),
    if_missing={"cases": "The line 'cases: []' will do: the cases of the law it is based on are kept"},
)  # fmt: skip

NOT_SIMULATED, PRACTISED = m.NOT_SIMULATED, m.PRACTISED


@functools.cache
def law_shape(declared: tuple[str, ...]) -> Shape:
    """Return the shape of a law that declares names of substances."""
    shape: Shape = knowing(LAW, declared)
    return shape


@functools.cache
def holdings_shape(declared: tuple[str, ...]) -> Shape:
    """Return the shape of what was found, under a law that declares names of substances."""
    shape: Shape = knowing(HOLDINGS, declared)
    return shape
