"""The slow twin: what a law says about one case, with every rule used and its source.

Level 2. Amounts are in ``amounts``, facts of the case in ``facts``, other ways than a charge in ``routes``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from decrimsim.errors import InputError
from decrimsim.law import facts as f
from decrimsim.law.amounts import count_kinds, reached
from decrimsim.law.lots import Lot, read_holdings
from decrimsim.law.rests import unknown_amounts, unknowns_of_the_law, unweighed
from decrimsim.law.routes import open_routes, treatment
from decrimsim.law.rules import Rules
from decrimsim.law.scope import outside_scope
from decrimsim.law.shape import Complaints
from decrimsim.law.words import UNKNOWN

if TYPE_CHECKING:
    from decrimsim.law.model import Law

__all__ = ["Classification", "Lot", "classify", "read_holdings"]


@dataclass(frozen=True)
class Classification:
    """What a law says about what was found.

    tier          id of the highest tier that is reached
    effect        none, personal, indicative, presumption or conclusive
    offence       where the case starts on the amount and the record: none, administrative, possession or supply
    routes        other ways that are open: caution, notice, panel
    treatment     none, voluntary or mandatory, as the law has it for this person
    is_regulated  False if the law covers nothing of what was found
    rules         every bound that was looked at: rule, amount, limit, passed, source
    unknowns      numbers and facts that are not known and might change the answer
    is_covered    False if the scope leaves the case out or an exception switches the law off (which is not to say that the act is lawful)
    exception     id of the exception that fits, or ""
    is_in_gap     True if the amount fits the words of no tier and is in the law's ``gap_tier``
    could_be      the other tier where tiers overlap and a decider chooses, or ""
    evidence      how many indicators of supply count
    offence_on_evidence  the offence if the indicators are evidence of supply
    repeat        what earlier incidents add: becomes_crime, mandatory_treatment, ...
    sanctions     the options of the response that fits, in words
    max_fine_minor  the largest fine among them, in minor units; 0 where the worth of its unit is not known, which unknowns names
    opens         what the amount makes the person eligible for
    record        none, administrative or criminal
    sharing       whether sharing without gain is supply: supply or not_supply
    unweighed     what was counted and not weighed where the limits are weights; ``told`` makes the answer "unknown" then
    """

    law: str
    tier: str
    position: int
    effect: str
    offence: str
    routes: tuple[str, ...] = ()
    treatment: str = "none"
    is_regulated: bool = True
    rules: tuple[dict[str, Any], ...] = ()
    unknowns: tuple[str, ...] = ()
    text: str = field(default="", repr=False)
    is_covered: bool = True
    exception: str = ""
    is_in_gap: bool = False
    could_be: str = ""
    evidence: int = 0
    offence_on_evidence: str = ""
    repeat: tuple[str, ...] = ()
    sanctions: tuple[str, ...] = ()
    max_fine_minor: int = 0
    opens: tuple[str, ...] = ()
    record: str = "none"
    sharing: str = "supply"
    unweighed: tuple[Lot, ...] = ()

    @property
    def told(self) -> Classification:
        """The answer to give to people: without tier, effect and offence where a weight is missing that every one of them turns on."""
        if not self.unweighed:
            return self
        words = f"  no tier can be told: {missing_weight(self.unweighed)}"
        lines = [line for i, line in enumerate(self.text.splitlines()) if i < 2 or line.startswith("  not known: ")]
        return dataclasses.replace(
            self, tier=UNKNOWN, position=-1, effect=UNKNOWN, offence=UNKNOWN, offence_on_evidence=UNKNOWN, record=UNKNOWN, routes=(), repeat=(), sanctions=(),
            max_fine_minor=0, opens=(), rules=(), could_be="", text="\n".join([*lines[:2], words, *lines[2:]]),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.text


def missing_weight(lots: tuple[Lot, ...]) -> str:
    """Return what was counted and not weighed, and that the law asks for its weight."""
    return f"the law has limits by weight here, and of {' and of '.join(map(str, lots))} no weight is known"


def classify(law: Law, holdings: Mapping[str, Any] | tuple[Lot, ...], facts: Mapping[str, Any]) -> Classification:
    """Return the classification of one case under one law. Raises InputError for a fact that does not fit."""
    lots = holdings if isinstance(holdings, tuple) else read_holdings(holdings, law.declared)
    _check_facts(facts)
    facts = f.given(facts)
    trace: list[dict[str, Any]] = []
    unknowns: list[str] = []
    exception, possible = f.exceptions_for(law.data, facts)
    done = _judged(law, lots, facts, exception, trace, unknowns)
    of_exceptions: list[str] = []
    for one in possible:
        if _is_another(done, _judged(law, lots, facts, one, [], []), one):
            of_exceptions += f.missing(one["when"], facts)
    done = dataclasses.replace(done, rules=tuple(trace), unknowns=tuple(dict.fromkeys([*of_exceptions, *unknowns])))
    return dataclasses.replace(done, text=_text(law, lots, done))


def _is_another(done: Classification, other: Classification, exception: dict[str, Any]) -> bool:
    """Tell whether an exception would make another answer; what it merely says matters where there is an offence."""
    if "says" in exception and done.is_regulated and done.offence != "none":
        return True
    return dataclasses.replace(other, exception=done.exception) != done


def _judged(
    law: Law, lots: tuple[Lot, ...], facts: Mapping[str, Any], exception: dict[str, Any], trace: list[dict[str, Any]], unknowns: list[str]
) -> Classification:
    """Return the answer under one exception (or none), without its rules, unknowns and text."""
    assert law.rules is not None
    rules = f.with_tables(law.rules, exception["tables"]) if "tables" in exception else law.rules
    found = reached(rules, lots, trace)
    regulated, position = found.is_regulated, found.position
    could_be, is_covered = "", True
    no_weight: tuple[Lot, ...] = ()
    if regulated:
        is_covered = not outside_scope(law.data, facts, trace, unknowns) and exception.get("covered", True)
    if regulated and is_covered and "tier" in exception:
        position = rules.position(exception["tier"])
    elif regulated and is_covered:
        unknowns += unknown_amounts(rules, lots, position)
        no_weight = unweighed(rules, lots, position)
        could_be = _other_tier(rules, lots, position, unknowns)
    regulated = regulated and is_covered
    done = _answer(law, lots, facts, position, regulated, liable=exception.get("liability") != "none", unknowns=unknowns)
    if "says" in exception:
        trace.append({"rule": exception["says"], "amount": exception["id"], "limit": "", "passed": True, "source": exception.get("source", "")})
    if regulated:
        unknowns += unknowns_of_the_law(law.data, rules, lots, done.tier, {done.offence, done.offence_on_evidence})
    is_in_gap = regulated and found.is_in_gap and "tier" not in exception
    return dataclasses.replace(done, is_in_gap=is_in_gap, is_covered=is_covered, exception=exception.get("id", ""), could_be=could_be, unweighed=no_weight)


def _check_facts(facts: Mapping[str, Any]) -> None:
    from decrimsim.law.schema import FACTS

    out: Complaints = []
    FACTS.check({key: value for key, value in dict(facts).items() if value is not None}, ("facts",), out)
    if out:
        one = out[0]
        raise InputError(one.message, where=".".join(map(str, one.path)), got=one.got, wanted=one.wanted, hint=one.hint)


def _other_tier(rules: Rules, lots: tuple[Lot, ...], position: int, unknowns: list[str]) -> str:
    """Return the tier that a decider might choose instead where tiers overlap, or an empty text."""
    if not rules.decider_chooses:
        return ""
    highest = reached(dataclasses.replace(rules, overlap="highest"), lots, []).position
    if highest == position:
        return ""
    unknowns.append(f"the amount fits the tiers {rules.tiers[position].id} and {rules.tiers[highest].id}: the decider chooses, and the lower one is assumed")
    return rules.tiers[highest].id


def _answer(law: Law, lots: tuple[Lot, ...], facts: Mapping[str, Any], position: int, regulated: bool, *, liable: bool, unknowns: list[str]) -> Classification:
    """Return what follows from a tier and from the facts of the case."""
    rules, data = law.rules, law.data
    assert rules is not None
    tier_id = rules.tiers[position].id
    effect = rules.effects[tier_id]
    starts_as_supply = effect["type"] in ("presumption", "conclusive")
    offence = "none" if not (regulated and liable) else effect["supply"] if starts_as_supply else effect["own_use"]
    repeat = f.effects_of_repeats(data, facts, offence, unknowns) if regulated and liable else ()
    if "becomes_crime" in repeat and offence in ("none", "administrative"):
        offence = "possession"
    routes = open_routes(data, rules, lots, offence, facts, unknowns) if regulated and "ends_diversion" not in repeat else ()
    is_varied = any(rule.method == "kinds_indicator" and count_kinds(rules, rule, lots) >= rule.at_least for rule in rules.several)
    evidence = f.evidence_of_supply(data, facts, is_varied)
    goes_up = regulated and liable and f.may_go_up(data, effect) and evidence >= f.evidence_needed(data)
    response = f.response_for(data, tier_id, facts, unknowns) if regulated and liable else {}
    unknowns += f.unknown_worths(data, response)
    return Classification(
        law=law.name, tier=tier_id, position=position, effect=effect["type"], offence=offence, is_regulated=regulated, routes=routes,
        treatment="mandatory" if "mandatory_treatment" in repeat else treatment(data), evidence=evidence,
        offence_on_evidence="supply" if goes_up else offence, repeat=repeat, sanctions=f.sanction_texts(data, response),
        max_fine_minor=f.largest_fine_minor(data, response), opens=f.opened(effect, facts, unknowns) if regulated else (), record=f.record_of(data, offence),
        sharing=f.sharing(data, facts),
    )  # fmt: skip


def _text(law: Law, lots: tuple[Lot, ...], done: Classification) -> str:
    """Return the classification as sentences a person can check line by line."""
    lines = [f"{law.title}" + (f", as it stood on {law.date}" if law.date else "")]
    lines += [f"  found: {', '.join(map(str, lots)) or 'nothing'}"]
    lines += [f"  {rule_text(r)}" + (f"  [{r['source']}]" if r["source"] else "") for r in done.rules]
    lines += [f"  exception: {done.exception}"] * bool(done.exception)
    lines += ["  the law does not cover this case, which is not to say that it is lawful"] * (not done.is_covered)
    lines += [f"  tier: {done.tier}; effect of the amount: {done.effect}; the case starts as: {done.offence}"]
    lines += [f"  or the tier {done.could_be}, if the decider chooses it"] if done.could_be else []
    lines += [f"  on the evidence: {done.offence_on_evidence} ({done.evidence} indicators of supply)"] if done.offence_on_evidence != done.offence else []
    lines += [f"  open routes: {', '.join(done.routes)}"] if done.routes else []
    lines += [f"  treatment: {done.treatment}"] if done.treatment != "none" else []
    lines += [f"  repeated: {effect.replace('_', ' ')}" for effect in done.repeat]
    lines += [f"  sanction: {text}" for text in done.sanctions]
    lines += [f"  opens: {name}" for name in done.opens]
    lines += [f"  not known: {unknown}" for unknown in done.unknowns]
    cited = dict.fromkeys(r["source"] for r in done.rules if r["source"])
    lines += [f"  [{key}] {law.sources[key]['title']}" for key in cited if key in law.sources]
    return "\n".join(lines)


def rule_text(rule: Mapping[str, Any]) -> str:
    """Return a rule that was looked at as a sentence: '3 g of heroin is above small <= 1 g'."""
    amount, text = rule["amount"], str(rule["rule"])
    if not rule["limit"]:
        return f"{amount}: {text}"
    if " <" in text:
        return f"{amount} is {'above' if rule['passed'] else 'within'} {text}"
    return f"{amount} {'reaches' if rule['passed'] else 'does not reach'} {text}"
