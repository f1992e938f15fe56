"""The shapes of the rarer mechanics of laws: one entry for each key; docs/laws.md explains them as M1 to M39.

Level 2. NOT_SIMULATED says which of them a simulation does not act on, or not on all, and PRACTISED on which it acts in some worlds only.
"""

from __future__ import annotations

from decrimsim.law import words as w
from decrimsim.law.shape import Anything, Either, Flag, Keys, ListOf, MapOf, Number, OrUnknown, Parsed, Shape, Slug, Substance, Text, Word, parse_prison_days
from decrimsim.units import parse_date, parse_quantity, parse_ug

_text, _slug, _flag, _quantity = Text(), Slug(), Flag(), Parsed(parse_quantity)
_remark = {"source": _slug, "note": _text}
_age, _slugs = Number(most=120), ListOf(Slug())
_substance = Substance()
_prison = Parsed(parse_prison_days)
_factor = Number(least=0, most=10**6, whole=False)

RANKS = ("statute", "decree", "table", "directive", "guideline", "precedent", "proposal")
ALSO = ("eligibility", "sentencing_band", "bail_bar", "forum", "jurisdiction")
FLAGS = (
    "dependent", "resident", "organised_group", "in_treatment", "prescription", "sought_help", "consents_to_treatment", "minors_present", "remote", "emergency",
)  # fmt: skip

DERIVE = Keys(
    {
        "from": _slug, "multiply": Either(plain=_factor, mapping=Keys({"parameter": _slug}, required=("parameter",))),
        "by_substance": MapOf(_factor, substances=True),
        "round": Keys({"to": Parsed(parse_ug), "direction": Word(("down", "up", "nearest"))}, required=("to", "direction")),
    },
    required=("from",),
)  # fmt: skip

ELIGIBILITY = Keys({"opens": _slug, "all_of": ListOf(_slug, at_least=1)}, required=("opens", "all_of"))

AGGREGATE = Keys(
    {
        "method": _text, "substances": ListOf(_substance, at_least=2), "groups": ListOf(_slug, at_least=1), "to": _substance,
        "factors": MapOf(Number(least=0.001, most=100_000, whole=False), substances=True, at_least=1), "table": _slug, "op": Word(tuple(w.LOWER_OPS)),
        "limit": Number(least=0, most=1000, whole=False), "kinds": Number(least=1, most=50), "each_within": _flag, "at_least": Number(least=2, most=50),
        "tier": _slug, **_remark,
    },
    required=("method",),
)  # fmt: skip

_previous = {"kind": Word(tuple(w.COUNTER))}
WHEN = Keys(
    {
        "min_age": _age, "max_age": _age, **dict.fromkeys(FLAGS, _flag), "place": ListOf(_slug, at_least=1), "act": ListOf(_slug, at_least=1),
        "conditions": MapOf(_flag, at_least=1), "within_metres": MapOf(Number(), at_least=1), "hours": ListOf(Number(most=24), at_least=2, at_most=2),
        "previous": Keys({**_previous, "at_least": Number(least=1), "within_days": Number(least=1)}, required=("kind", "at_least")),
    }
)  # fmt: skip
CASE_FACTS: dict[str, Shape] = {
    **dict.fromkeys(FLAGS, _flag), "place": _slug, "act": _slug, "metres_to": MapOf(Number()), "hour": Number(most=23), "purpose": Word(("own_use", "supply")),
    "previous": ListOf(Keys({**_previous, "days_ago": Number()}, required=("kind", "days_ago"))), "indicators": ListOf(Word(w.INDICATORS)),
    "conditions": MapOf(OrUnknown(_flag)),
    "sharing": Keys({"people": Number(), "profit": _flag, "minors": _flag, "joint_use": _flag}),
}  # fmt: skip

_exception = Keys(
    {"id": _slug, "when": WHEN, "covered": _flag, "liability": Word(("none",)), "tier": _slug, "tables": MapOf(_slug, at_least=1), "says": _text, **_remark},
    required=("id", "when"),
)

REPEAT = Keys(
    {
        "counter": Word(tuple(w.COUNTER)), "at": Number(least=1), "effect": Word(tuple(w.REPEAT_EFFECT)), "within_days": Number(least=1), "present_counts": _flag,
        "measured": Word(("conduct_to_conduct", "decision_to_conduct")), "spent": _text, "resets": _text, **_remark,
    },
    required=("counter",),
)  # fmt: skip

_kept_or_taken = Word(("always", "never", "if_linked", "discretionary", "unknown"))
SEIZURE = Keys(
    {
        "drugs": Word(("always", "never", "never_for_own_use", "discretionary")), "from_tier": _slug, "money": _kept_or_taken, "equipment": _kept_or_taken,
        "returned": _text, **_remark,
    },
    required=("drugs",),
)  # fmt: skip
SHARING_CONDITIONS = Keys(
    {
        **dict.fromkeys(("free", "adults_only", "joint_use", "own_use_funding", "group_purchase", "gift"), _flag), "max_people": Number(least=1),
        "max_amount": MapOf(_quantity, substances=True),
    }
)  # fmt: skip

_rule_of_act = Word(("covered", "lawful", "administrative", "offence", "other_law", "unknown"))
ACT_RULES = MapOf(Keys({"rule": _rule_of_act, "table": _slug, **_remark}, required=("rule",)))

_range = Either(plain=Number(whole=False), listed=ListOf(Number(whole=False), at_least=2, at_most=2))
_sanction = Keys(
    {
        "type": Word(w.SANCTIONS), "amount": _range, "unit": _slug, "from": _prison, "to": _prison, "nature": Word(("voluntary", "conditional", "mandatory")),
        "strokes": _range, "hours": _range, "waived_by": _slug, "mandatory_minimum": _flag, "unknown": _text, **_remark,
    },
    required=("type",),
)  # fmt: skip
RESPONSES = ListOf(
    Keys(
        {
            "when": Keys({**WHEN.keys, "tier": _slugs, "purpose": Word(("own_use", "supply"))}), "combine": Word(("and", "or", "and_or")),
            "options": ListOf(_sanction, at_least=1), "decider": Word(w.ACTORS), **_remark,
        },
        required=("options",),
    )
)  # fmt: skip
INDEX_UNITS = MapOf(Keys({"value_minor": Number(least=1), "currency": _text, "unknown": _text, **_remark}))

_decider = Keys(
    {
        "stage": _slug, "actor": Word(w.ACTORS), "may": _slugs, "duty": Word(("must", "may")), "applies_to": _slugs,
        "discretion": Word(("full", "down_only", "none", "unknown")), "by": _slug, "members": _slugs, "deadline_days": Number(least=1), "assess": _slugs,
        "must_state": _text, "final": _flag, **_remark,
    },
    required=("stage", "actor", "may"),
)  # fmt: skip
_move = Keys({"allowed": _flag, "by": ListOf(Word(w.ACTORS)), "final": _flag, **_remark}, required=("allowed",))
_measure = Word(("allowed", "forbidden", "required", "barred_in_highest_tier", "unknown"))
_consequence = Word(("nothing", "debt", "court", "charge", "prison", "sanction", "unknown"))
_limits = MapOf(_quantity, substances=True)
_operative = Keys(
    {
        "centre": _quantity, "spread": Number(least=1, most=1000, whole=False), "within_office": Number(most=1, whole=False), "cap": _quantity,
        "unknown": _text, **_remark,
    }
)  # fmt: skip

MORE: dict[str, Shape] = {
    "substances": MapOf(Keys({"means": _text, **_remark}, required=("means",)), at_least=1),
    "parameters": MapOf(Keys({"value": _factor, "unit": _slug, "least": _factor, "most": _factor, **_remark}, required=("value",))),
    "groups": MapOf(ListOf(_substance, at_least=1)),
    "analogues": MapOf(ListOf(_substance, at_least=1), substances=True),
    "exceptions": ListOf(_exception),
    "standard": Keys(
        {"kind": Word(("functional", "need_based", "expert_set", "vague")), "words": _text, "doses": Number(least=1), "operative": MapOf(_operative, substances=True), **_remark},
        required=("kind", "words"),
    ),
    "mixtures": Keys({"rule": Word(("whole_to_strictest", "by_content", "own_row", "unknown")), **_remark}, required=("rule",)),
    "flows": ListOf(Keys({"act": _slug, "per": Word(("day", "month", "year")), "limits": _limits, **_remark}, required=("act", "per", "limits"))),
    "premises": ListOf(
        Keys(
            {
                "per": Word(("person", "adult", "dwelling", "vehicle")), "attribution": Word(("full_to_each", "shared", "occupier", "unknown")), "limits": _limits,
                "most_adults": Number(least=1), **_remark,
            },
            required=("per", "attribution"),
        )
    ),
    "governing_date": Keys(
        {"rule": Word(("conduct", "decision")), "milder_later_law": _flag, "also_final_cases": _flag, "transitional": _text, **_remark}, required=("rule",)
    ),
    "concurrent": ListOf(
        Keys(
            {"law": _text, "jurisdiction": _text, "choice": Word(("strictest", "mildest", "prosecutor", "preempts", "unknown")), **_remark},
            required=("law", "choice"),
        )
    ),
    "indicators": Keys(
        {
            "supply": ListOf(Word(w.INDICATORS)), "use": ListOf(Word(w.INDICATORS)), "excluded": ListOf(Word(w.INDICATORS)),
            "mode": Word(("free_evaluation", "listed", "conjunctive")), "min_independent": Number(least=1, most=len(w.INDICATORS)),
            "weights": MapOf(Number(whole=False)), "invoked_by": ListOf(Word(w.ACTORS)), **_remark,
        }
    ),
    "overrides": Keys({"up": _move, "down": _move, **_remark}),
    "deciders": ListOf(_decider),
    "coercive_measures": Keys(
        {**dict.fromkeys(("stop", "search", "arrest", "detention", "urine_test", "bail", "pretrial_detention"), _measure), "detention_hours": Number(), **_remark}
    ),
    "deadlines": Keys(
        {
            "payment_days": Number(least=1), "early_payment": Keys({"days": Number(least=1), "discount": Number(most=1, whole=False)}, required=("days", "discount")),
            "appeal_days": Number(least=1), "limitation": _text, **_remark,
        }
    ),
    "index_units": INDEX_UNITS,
    "responses": RESPONSES,
    "record": Keys(
        {
            "criminal_record": _flag, "register": _text, "retention_months": Number(), **_remark,
            "expunge": Either(
                plain=_text,
                mapping=Keys(
                    {
                        "how": Word(("automatic", "on_request", "never", "unknown")), "after_months": Number(), "covers": _slugs, "retroactive": _flag,
                        "reparation": _flag, **_remark,
                    },
                    required=("how",),
                ),
            ),
        }
    ),
    "measurement": Keys(
        {
            "error_margin": Number(most=0.9, whole=False), "in_favour_of": Word(("person", "state")),
            "round": Keys({"to": Parsed(parse_ug), "direction": Word(("down", "up", "nearest"))}, required=("to", "direction")),
            "if_unanalysed": MapOf(Number(most=1, whole=False), substances=True), "exclude": _slugs, "carrier": Word(("counted", "not_counted", "unknown")),
            "solutions": Word(("whole", "active_content", "dry_residue", "unknown")), **_remark,
        }
    ),
    "precedents": ListOf(
        Keys(
            {
                "id": _slug, "from": Parsed(parse_date), "title": _text, "binds": Word(("everyone", "parties", "persuasive")),
                "changes": ListOf(Keys({"path": _text, "to": Anything()}, required=("path", "to")), at_least=1), **_remark,
            },
            required=("title",),
        )
    ),
    "duties": ListOf(_text),
    "noncompliance": Keys(
        {**dict.fromkeys(("unpaid_fine", "missed_session", "breach_of_order", "relapse"), _consequence), "max_prison": _prison, **_remark}
    ),
    "cultivation": Keys(
        {
            "rule": _text, "plants": Number(), "per": Word(("person", "adult", "dwelling", "household")), "mature_only": _flag, "area_m2": Number(whole=False),
            "yield": _quantity, "counts_to": _slug, "acts": _slugs, **_remark,
        }
    ),
    "manufacture": Keys({"rule": _text, **_remark}, required=("rule",)),
    "paraphernalia": Keys({"rule": _text, **_remark}),
    "transparency": Keys({"publish": _text, "fields": _slugs, **_remark}),
    "review": Keys(
        {
            "clause": _text, "months": Number(least=1), "body": _text, "sunset": Parsed(parse_date), "indexed_to": _text, "raise_by": Number(least=1, most=100, whole=False),
            "triggers": ListOf(
                Keys(
                    {"metric": _slug, "op": Word((">", ">=", "<", "<=")), "value": Number(least=-(10**9), whole=False), "action": _slug},
                    required=("metric", "op", "value", "action"),
                )
            ),
            **_remark,
        }
    ),
    "unknowns": ListOf(Keys({"about": _text, "reason": _text, "at": ListOf(_quantity, at_least=1)}, required=("about", "reason"))),
}  # fmt: skip

WHERE_THE_WORLD_HAS = "where the world has "
"""ends a text on what is simulated in some worlds only; the section follows"""
NOT_SIMULATED: dict[str, tuple[str, ...]] = {
    "scope": ("acts of the scope are kept; the simulator applies the law to every find of drugs",),
    "exceptions": ("rules for single persons, places and times are answered by classify when the fact is given; the simulator applies the ordinary rule",),
    "governing_date": ("which date governs is kept; the simulator applies the law of the chosen day to every case",),
    "concurrent": ("laws that apply beside this one are kept; the simulator applies this one alone",),
    "standard": ("a standard without a number is kept; how deciders read it is practice",),
    "mixtures": ("the rule on mixtures is kept; the simulator's drugs are not mixed with one another",),
    "flows": ("limits on what is acquired in a period are kept; the simulator looks at what is held",),
    "premises": ("limits of dwellings and vehicles are kept; a find is one person's",),
    "indicators": ("indicators are answered by classify; in a simulation the weight of evidence comes from the scenario's practice",),
    "overrides": ("moving a case up or down on evidence is answered by classify; the simulator follows powers and practice",),
    "deciders": (
        "who may rely on a medical assessment is simulated where the world has practice.assessment",
        "duties of deciders are kept, and uptake comes from practice",
    ),
    "coercive_measures": (
        "urine tests are simulated where the world has practice.sanctions",
        "arrest and bail are kept: stops follow powers, custody comes from practice",
    ),
    "deadlines": (
        "the discount for paying early is simulated where the world has practice.payment",
        "days and terms are kept: appeals come from practice.appeal",
    ),
    "responses": (
        "sanctions of the first response that fits an adult are simulated where the world has practice.sanctions",
        "terms of prison are simulated where the world has practice.sentencing_range",
        "forfeiture, courses and service are kept",
    ),
    "record": (
        "registers are simulated where the world has practice.sanctions",
        "clearing a record is simulated where the world has practice.expungement",
        "reparation and retention are kept",
    ),
    "precedents": (
        "a ruling that binds its parties only changes nothing for everybody; courts grant the same to others where the world has practice.precedent",
    ),
    "duties": ("duties and deadlines of officials are kept; compliance comes from the scenario's practice",),
    "noncompliance": (
        "a missed session or a breach after treatment that was compelled is simulated where the world has practice.drop_out",
        "the rest of noncompliance is kept: see routes and repeat",
    ),
    "cultivation": ("cultivation is an act of its own and is not simulated",),
    "manufacture": ("manufacture is an act of its own and is not simulated",),
    "paraphernalia": ("possession of equipment is an act of its own and is not simulated",),
    "transparency": ("duties to publish are kept and not simulated",),
}


def section_of(text: str) -> str:
    """Return the section of a scenario with which a simulation acts on what a text of not_simulated says; '' where none does."""
    _, found, section = text.rpartition(WHERE_THE_WORLD_HAS)
    return section if found and " " not in section else ""


REPEATS_IN, REVIEWS_IN = "practice.repeat_rules", "practice.review"
"""where the rules of the keys 'repeat' and 'review' are simulated, of which the texts depend on what the law says"""
PRACTISED: dict[str, tuple[str, ...]] = {
    **{key: sections for key, texts in NOT_SIMULATED.items() if (sections := tuple(filter(None, map(section_of, texts))))},
    "repeat": (REPEATS_IN,),
    "review": (REVIEWS_IN,),
}
"""keys of which a simulation acts on a part where the world describes a section; the texts of ``not_simulated`` say on which"""
