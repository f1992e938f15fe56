"""Laws for the tests of the twins: one under which everything can happen, and random ones with limits among usual holdings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from decrimsim.law import Law
from decrimsim.law.model import build_law
from decrimsim.testing.laws import plain_law

SUBSTANCES = ("cannabis_herb", "mdma", "cocaine", "methamphetamine", "heroin")
POSSESSION = {"own_use": "possession", "supply": "supply", "max_prison_possession": "2 years"}
ADMINISTRATIVE = {"own_use": "administrative", "supply": "supply"}
EFFECTS: dict[str, dict[str, Any]] = {
    "nothing": {"type": "none", "own_use": "none", "supply": "supply", "max_prison_supply": "20 years"},
    "no_supply": {"type": "none", "own_use": "possession", "supply": "none", "max_prison_possession": "30 days"},
    "fined": {"type": "personal", **ADMINISTRATIVE, "max_prison_supply": "2 years"},
    "indicated": {"type": "indicative", "burden_on": "state", "standard": "balance_of_probabilities", **POSSESSION, "max_prison_supply": "12 years"},
    "deemed": {"type": "presumption", "burden_on": "accused", "scope": "whole", **POSSESSION, "max_prison_supply": "15 years"},
    "deemed_part": {"type": "presumption", "burden_on": "accused", "scope": "part", **POSSESSION, "max_prison_supply": "3 days"},
    "deemed_state": {"type": "presumption", "burden_on": "state", **ADMINISTRATIVE, "max_prison_supply": "15 years"},
    "proved": {"type": "conclusive", **POSSESSION, "max_prison_supply": "life"},
    "proved_only": {"type": "conclusive", "own_use": "none", "supply": "supply", "max_prison_supply": "20 years"},
}


def ladder(limits: list[str]) -> dict[str, dict[str, str]]:
    """Return tables of lower limits, the same for all substances."""
    return {f"from_{t}": dict.fromkeys(SUBSTANCES, limit) for t, limit in enumerate(limits, 1)}


def law_of(name: str, limits: list[str], effects: list[str], op: str = ">=", **parts: Any) -> Law:
    """Return a law with one tier more than it has limits."""
    tiers = [{"id": "t0"}, *({"id": f"t{t}", "lower": {"table": f"from_{t}", "op": op}} for t in range(1, len(limits) + 1))]
    tables = ladder(limits) | parts.pop("tables", {})
    return build_law(plain_law(id=name, tables=tables, tiers=tiers, effects={f"t{t}": EFFECTS[effect] for t, effect in enumerate(effects)}, **parts))


def route_tables(caution: str, notice: str) -> dict[str, Any]:
    """Return the tables of the limits for a caution and for a notice; tablets have a notice limit of their own."""
    by_form = {"limit": notice, "by_form": [{"forms": ["tablet"], "limit": "0.3 g"}]}
    return {"caution_limit": dict.fromkeys(SUBSTANCES[:4], caution), "notice_limit": {**dict.fromkeys(SUBSTANCES[1:], notice), "mdma": by_form}}


def routes(*, panel: dict[str, Any] | None, unpaid: str = "court", waived: bool = True, at_most: int = 2, op: str = "<=") -> dict[str, Any]:
    """Return a caution, a notice and perhaps a panel."""
    found: dict[str, Any] = {
        "caution": {"limit": {"table": "caution_limit", "op": op}, "at_most": at_most, "excluded_by": ["any_conviction"]},
        "notice": {
            "limit": {"table": "notice_limit", "op": op}, "at_most": at_most, "excluded_by": ["supply_conviction"],
            "fine_minor": 40_000, "currency": "AUD", "unpaid": unpaid, "waived_by_referral": waived,
        },
    }  # fmt: skip
    return found | ({"panel": panel} if panel is not None else {})


def law_of_everything(op: str = ">=", limits: Sequence[str] = ("0.3 g", "1 g", "3 g", "10 g")) -> Law:
    """Return a law with every effect of an amount, every route and every power; a tier begins at its limit, or beyond it."""
    return law_of(
        "everything", list(limits), ["nothing", "fined", "indicated", "deemed", "proved"],
        op=op, referral={"offer": True, "nature": "conditional"}, tables=route_tables("8 g", "6 g"), precedents=GRANTED,
        routes={**routes(panel={"may_sanction": True, "no_show": "nothing"}, at_most=9), "diversion": {"conditional": True}},
    )  # fmt: skip


def law_of_reports() -> Law:
    """Return a law whose third report makes treatment mandatory, whose panel punishes absence, and that takes large amounts only."""
    return law_of(
        "reports", ["1 g", "5 g"], ["fined", "deemed_part", "proved_only"],
        tables=route_tables("2 g", "9 g"), routes=routes(panel={"may_sanction": False, "no_show": "sanction"}, unpaid="debt", waived=False),
        repeat={"counter": "reports", "at": 3, "effect": "mandatory_treatment"}, referral={"offer": True, "nature": "conditional"},
        seizure={"drugs": "always", "from_tier": "t1"}, noncompliance={"missed_session": "prison", "max_prison": "20 days"},
    )  # fmt: skip


GRANTED = [
    {"id": "one", "title": "one person was granted it", "binds": "parties", "changes": [{"path": f"effects.t{t}.own_use", "to": "none"} for t in (2, 3)]}
]
"""A ruling that binds its parties only."""
SANCTIONS = [
    {
        "when": {"tier": ["t0", "t1"], "purpose": "own_use"},
        "options": [
            {"type": "fine", "amount": [100, 900], "unit": "aud"}, {"type": "licence_loss"}, {"type": "urine_tests"}, {"type": "corporal"},
            {"type": "compulsory_detention", "from": "6 days", "to": "12 days"}, {"type": "deportation"}, {"type": "prison", "from": "5 days", "to": "9 days"},
        ],
    },
    {"when": {"purpose": "supply"}, "options": [{"type": "death"}, {"type": "prison", "from": "20 days", "to": "40 days", "mandatory_minimum": True}]},
]  # fmt: skip
REPEATS = [
    {"counter": "incidents", "at": 2, "within_days": 6, "effect": "becomes_crime"},
    {"counter": "sanctions", "at": 1, "present_counts": False, "within_days": 15, "effect": "short_prison"},
    {"counter": "sanctions", "at": 3, "effect": "raises_fine"},
    {"counter": "diversions", "at": 2, "effect": "ends_diversion"},
    {"counter": "convictions", "at": 2, "within_days": 30, "effect": "mandatory_treatment"},
]


def law_of_sanctions() -> Law:
    """Return a law with every sanction besides sentences, every rule on repeats, a register, and records that are cleared on request."""
    return law_of(
        "sanctions", ["0.6 g", "3 g"], ["fined", "indicated", "deemed"], routes={"diversion": {"conditional": True}}, responses=SANCTIONS, repeat=REPEATS,
        record={
            "criminal_record": True, "register": "a register",
            "expunge": {"how": "on_request", "after_months": 1, "covers": ["possession"], "retroactive": True},
        },
        deciders=[{"stage": "charge", "actor": "prosecutor", "may": ["drop"], "assess": ["dependence"]}],
    )  # fmt: skip


def law_of_notices() -> Law:
    """Return a law under which nearly every find ends in a notice, and unpaid notices go to court."""
    return law_of(
        "notices", [], ["no_supply"], unlisted_substance="tier:t0", referral={"offer": True, "nature": "conditional"},
        tables=route_tables("0 g", "900 g"), routes={"notice": routes(panel=None, at_most=99)["notice"]},
        deadlines={"early_payment": {"days": 15, "discount": 0.5}}, repeat={"counter": "notices", "at": 3, "within_days": 10, "effect": "raises_fine"},
        responses=[{"options": [{"type": "ticket", "amount": 700, "unit": "aud"}]}],
    )  # fmt: skip


def law_of_reviews() -> Law:
    """Return a law that is reviewed every month by all three metrics, so that its limits rise and fall."""
    metrics = (("share_of_users_charged_supply", "raise"), ("share_of_user_finds_above_threshold", "raise"), ("share_of_user_arrests_above_threshold", "lower"))
    triggers = [{"metric": metric, "op": ">=", "value": 0.0, "action": f"{way}_thresholds"} for metric, way in metrics]
    return law_of(
        "reviews", ["1 g", "5 g"], ["deemed", "deemed_part", "proved"], tables=route_tables("2 g", "9 g"),
        review={"clause": "for tests", "months": 1, "triggers": triggers}, referral={"offer": True, "nature": "mandatory"},
    )  # fmt: skip


@st.composite
def random_laws(draw: st.DrawFn) -> Law:
    """Return random laws with random tiers, powers, routes, repeat rules, referral and seizure; limits lie among usual holdings."""
    weights = draw(st.lists(st.integers(1, 400), max_size=3, unique=True).map(sorted))
    limits = [f"{weight * 50} mg" for weight in weights]
    effects = [draw(st.sampled_from(sorted(EFFECTS))) for _ in range(len(limits) + 1)]
    flag, at_most = st.booleans(), draw(st.integers(0, 3))
    panel = draw(st.none() | st.fixed_dictionaries({"may_sanction": flag, "no_show": st.sampled_from(("nothing", "sanction"))}))
    some_routes = routes(
        panel=panel, unpaid=draw(st.sampled_from(("nothing", "debt", "court"))), waived=draw(flag), at_most=at_most, op=draw(st.sampled_from(("<", "<=")))
    )
    kept = draw(st.sets(st.sampled_from(sorted(some_routes))))
    repeat = draw(
        st.just({"counter": "none"})
        | st.just(REPEATS)
        | st.builds(lambda at: {"counter": "reports", "at": at, "effect": "mandatory_treatment"}, st.integers(1, 3))
    )
    seizure = draw(
        st.sampled_from(({"drugs": "always"}, {"drugs": "never"}, {"drugs": "never_for_own_use"}, {"drugs": "always", "from_tier": f"t{len(limits)}"}))
    )
    names = {"police": ("stop_for_possession", "warn", "no_action"), "prosecutor": ("drop", "divert", "downgrade"), "court": ("downgrade",)}
    return law_of(
        "random", limits, effects, op=draw(st.sampled_from((">=", ">"))),
        tables=route_tables(f"{draw(st.integers(0, 40))} g", f"{draw(st.integers(0, 40))} g"), routes={name: some_routes[name] for name in some_routes if name in kept},
        noncompliance=draw(st.sampled_from(({}, {"missed_session": "nothing"}, {"breach_of_order": "charge"}, {"missed_session": "prison"}))),
        powers={who: {what: draw(flag) for what in powers} for who, powers in names.items()}, repeat=repeat, seizure=seizure,
        aggregate={"method": draw(st.sampled_from(("max_tier", "sum_mass", "sum_fractions")))},
        referral={"offer": draw(flag), "nature": draw(st.sampled_from(("voluntary", "conditional", "mandatory")))},
        responses=draw(st.sampled_from(([], SANCTIONS[1:], [{"options": SANCTIONS[0]["options"]}]))),
        record={"expunge": draw(st.sampled_from(({"how": "automatic", "covers": ["possession", "supply"], "retroactive": True}, {"how": "never"})))},
    )  # fmt: skip
