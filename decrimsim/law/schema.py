"""The shape of a law file, ``decrimsim.law/1``: one line for each key.

Level 2. docs/laws.md explains the keys for lawyers; this page is what the reader enforces.
"""

from __future__ import annotations

from decrimsim.law import words as w
from decrimsim.law.shape import Anything, Either, Flag, Keys, ListOf, MapOf, Number, Parsed, Slug, Text, Word, parse_prison_days
from decrimsim.units import parse_date, parse_quantity, parse_ug

SCHEMA = "decrimsim.law/1"

_text, _slug, _flag, _quantity = Text(), Slug(), Flag(), Parsed(parse_quantity)
_confidence = Word(w.CONFIDENCE)
_basis = Word(("gross", "pure"))
_forms = ListOf(Word(w.FORMS), at_least=1)
_remark = {"source": _slug, "note": _text}

_alternative = Either(plain=_quantity, mapping=Keys({"limit": _quantity, "basis": _basis, "unit_at_most": Parsed(parse_ug)}, required=("limit",)))
_by_form = Keys({"forms": _forms, "limit": _quantity, "basis": _basis, "unit_at_most": Parsed(parse_ug), **_remark}, required=("forms", "limit"))
CELL = Either(
    plain=_quantity,
    mapping=Keys(
        {
            "limit": _quantity, "basis": _basis, "any_exceeds": ListOf(_alternative, at_least=2), "all_must_exceed": Anything(),
            "by_form": ListOf(_by_form, at_least=1),
            "unknown": _text, "source": _slug, "confidence": _confidence, "quote": _text, "note": _text,
        }
    ),
)  # fmt: skip

_table_note = Keys(
    {
        "basis": _basis, "source": _slug, "confidence": _confidence, "title": _text, "note": _text,
        "derive": Keys({"from": _slug, "multiply": Number(least=0, most=10**6, whole=False)}, required=("from", "multiply")),
    }
)  # fmt: skip

_upper = Keys({"table": _slug, "op": Word(tuple(w.UPPER_OPS))}, required=("table", "op"))
_lower = Keys({"table": _slug, "op": Word(tuple(w.LOWER_OPS))}, required=("table", "op"))
_tier = Keys({"id": _slug, "title": _text, "upper": _upper, "lower": _lower, **_remark}, required=("id",))

_effect = Keys(
    {
        "type": Word(tuple(w.EFFECT)), "of": Word(("supply", "trafficking")), "burden_on": Word(("accused", "state")), "burden": Word(("legal", "evidential")),
        "standard": Word(tuple(w.STANDARD)), "scope": Word(("whole", "part")), "own_use": Word(tuple(w.OWN_USE)), "supply": Word(tuple(w.SUPPLY)),
        "max_prison_possession": Parsed(parse_prison_days), "max_prison_supply": Parsed(parse_prison_days), **_remark,
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
            {"limit": _upper, "at_most": Number(), "excluded_by": ListOf(Word(("any_conviction",))), "min_age": _age, **_remark}, required=("limit", "at_most"),
        ),
        "notice": Keys(
            {
                "limit": _upper, "at_most": Number(), "excluded_by": ListOf(Word(("supply_conviction",))), "min_age": _age, "fine_minor": Number(),
                "currency": _text, "waived_by_referral": _flag, "unpaid": Word(tuple(w.UNPAID)), **_remark,
            },
            required=("limit", "at_most", "fine_minor", "currency", "unpaid"),
        ),
        "panel": Keys({"may_sanction": _flag, "no_show": Word(tuple(w.NO_SHOW)), **_remark}, required=("may_sanction", "no_show")),
        "diversion": Keys({"conditional": _flag, **_remark}, required=("conditional",)),
    }
)  # fmt: skip

_lot = Either(
    plain=_quantity,
    mapping=Keys({"form": Word(w.FORMS), "units": Number(), "g": Parsed(parse_ug), "purity": Number(least=0, most=1, whole=False)}),
)
HOLDINGS = MapOf(Either(plain=_quantity, mapping=_lot.mapping, listed=ListOf(_lot, at_least=1)), substances=True)
FACTS = Keys({"age": _age, "cautions": Number(), "notices": Number(), "reports": Number(), "conviction": _flag, "supply_conviction": _flag})
_expect = Keys(
    {
        "tier": _slug, "effect": Word(tuple(w.EFFECT)), "offence": Word(("none", "administrative", "possession", "supply")), "routes": ListOf(_slug),
        "unknown": _flag, "regulated": _flag, "treatment": Word(("voluntary", "mandatory", "none")), "error": Word(("not_in_force",)),
    }
)  # fmt: skip
CASES = ListOf(
    Keys({"name": _text, "date": Parsed(parse_date), "holdings": HOLDINGS, "person": FACTS, "expect": _expect}, required=("name", "holdings", "expect"))
)

_force = ListOf(Keys({"from": Parsed(parse_date), "to": Parsed(parse_date), "state": Word(w.STATES), **_remark}, required=("from", "state")), at_least=1)
_sources = MapOf(Keys({"title": _text, "href": _text, "confidence": _confidence, "quote": _text, "note": _text}, required=("title", "href", "confidence")))
_aggregate = Keys(
    {"method": _text, "substances": ListOf(Word((*w.SUBSTANCES, *w.ALIASES)), at_least=2), **_remark},
    required=("method",),
)
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
        "scope": Keys({"acts": ListOf(_slug), "min_age": _age, "not_if": ListOf(_slug), **_remark}),
        "tables": MapOf(MapOf(CELL, substances=True)),
        "table_notes": MapOf(_table_note),
        "unlisted_substance": Either(plain=_text, mapping=Keys({"rule": _text, **_remark}, required=("rule",))),
        "tiers": ListOf(_tier, at_least=1),
        "gap_tier": _slug,
        "overlap": Word(("lowest", "highest")),
        "aggregate": _aggregate,
        "effects": MapOf(_effect, at_least=1),
        "powers": _powers,
        "routes": _routes,
        "repeat": Keys({"counter": Word(tuple(w.COUNTER)), "at": Number(least=1), "effect": Word(tuple(w.REPEAT_EFFECT)), **_remark}, required=("counter",)),
        "referral": Keys({"offer": _flag, "nature": Word(("voluntary", "conditional", "mandatory")), **_remark}, required=("offer", "nature")),
        "seizure": Keys({"drugs": Word(("always", "never", "never_for_own_use")), "from_tier": _slug, **_remark}, required=("drugs",)),
        "social_supply": Keys({"rule": Word(("supply", "not_supply")), **_remark}, required=("rule",)),
        "indicators": Keys(
            {
                "supply": ListOf(Word(w.INDICATORS)),
                "use": ListOf(Word(w.INDICATORS)),
                "excluded": ListOf(Word(w.INDICATORS)),
                "mode": Word(("free_evaluation", "listed")),
                **_remark,
            }
        ),
        "record": Keys({"criminal_record": _flag, "expunge": _text, **_remark}),
        "measurement": Keys({"error_margin": Number(most=1, whole=False), "in_favour_of": Word(("person", "state")), **_remark}),
        "precedents": ListOf(Keys({"from": Parsed(parse_date), "title": _text, "binds": Word(("everyone", "parties")), **_remark}, required=("title",))),
        "duties": ListOf(_text),
        "noncompliance": Keys({"note": _text}),
        "cultivation": Keys({"rule": _text, **_remark}),
        "paraphernalia": Keys({"rule": _text, **_remark}),
        "transparency": Keys({"publish": _text, **_remark}),
        "review": Keys({"clause": _text, "months": Number(least=1), **_remark}),
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
    },
    required=("schema", "id", "kind", "title", "summary", "based_on", "changes", "cases"),
)  # fmt: skip

NOT_SIMULATED: dict[str, str] = {
    "scope": "acts, ages and exceptions of the scope are kept; the simulator applies the law to every find of drugs",
    "indicators": "the list of indicators is kept; the weight of evidence comes from the scenario's practice",
    "record": "rules on records and expungement are kept; consequences of a record come from the scenario",
    "measurement": "the margin of measurement is kept; the scenario's own weighing error is simulated",
    "precedents": "rulings that bind the parties only are kept and change nothing for everybody",
    "duties": "duties and deadlines of officials are kept; compliance comes from the scenario's practice",
    "noncompliance": "rules on non-compliance are kept; what is simulated is under routes and repeat",
    "cultivation": "cultivation is an act of its own and is not simulated",
    "paraphernalia": "possession of equipment is an act of its own and is not simulated",
    "transparency": "duties to publish are kept and not simulated",
    "review": "review clauses are kept; the law does not change within a run",
}
