"""A case file as sentences that a person can check line by line.

Level 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from decrimsim.casefile.outcome import outcome_words, told_as
from decrimsim.law.evaluate import rule_text
from decrimsim.units import format_ug

QUESTIONS = {
    "police.trained": "the officer is trained to tell use from supply",
    "police.guideline": "the officer follows the guideline that such amounts are for own use",
    "police.bribe": "a payment is demanded instead of a case",
    "police.pay": "the payment is made",
    "police.keep_drugs": "the person keeps the drugs after paying",
    "police.hold": "the person is held before charge",
    "police.arrest_violence": "officers are violent or abusive at the arrest",
    "police.supply": "police believe that it is for supply",
    "police.ignore": "police do nothing",
    "police.warn": "police warn",
    "police.caution": "police caution",
    "police.notice": "police give a notice",
    "police.panel": "police send the person to the panel",
    "police.arrest": "police arrest",
    "bail.refuse": "bail is refused",
    "prosecutor.keep_supply": "the prosecutor keeps the charge of supply",
    "prosecutor.drop": "the prosecutor drops the case",
    "prosecutor.divert": "the prosecutor diverts the case",
    "negotiation.withdraw": "the charge is withdrawn",
    "negotiation.plead": "the person pleads guilty as charged",
    "negotiation.plead_down": "the person pleads guilty to possession",
    "negotiation.custody": "the person, held, pleads guilty after all",
    "court.supply": "the court convicts of supply",
    "court.possession": "the court convicts of possession",
    "sentence.prison": "the sentence is prison",
    "sentence.community": "the sentence is a community order",
    "sentence.fine": "the sentence is a fine",
    "notice.paid": "the notice is paid",
    "notice.convict": "the unpaid notice ends in a conviction",
    "panel.attend": "the person comes before the panel",
    "panel.sanction": "the panel sanctions",
    "referral.offer": "a referral is offered",
    "referral.accept": "the referral is accepted",
    "dropout.return": "leaving the service early has consequences",
    "referral.place": "a place in the service is free",
    "referral.start": "the service is started",
    "referral.finish": "the service is finished",
    "repeat.known": "officials know of earlier cases and apply the rule on repeats",
    "assessment.police": "police have the person assessed",
    "assessment.prosecutor": "the prosecutor has the person assessed",
    "assessment.court": "the court has the person assessed",
    "assessment.finding": "the assessment finds dependence or own use",
    "diversion.plea": "a plea of guilty is the condition of the diversion",
    "diversion.abstinence": "abstinence is the condition of the diversion",
    "diversion.breach": "a condition is breached",
    "diversion.convict": "the breach ends in a conviction",
    "court.duty_lawyer": "a lawyer on duty stands by the person",
    "court.reports_only": "the court sees police reports only",
    "court.precedent": "the court grants what a ruling granted to others",
    "sentence.range": "the court keeps to the law's own terms",
    "appeal.file": "the person appeals",
    "appeal.succeed": "the appeal is allowed",
    "panel.again": "the panel gives a second appointment",
    "panel.attend_again": "the person comes the second time",
    "notice.plan": "the notice may be paid in parts",
    "notice.plan_kept": "the parts are paid",
    "sanction.fine": "an administrative fine is imposed",
    "sanction.licence_loss": "a licence is lost",
    "sanction.registration": "the person is put on a register",
    "sanction.urine_tests": "urine tests are ordered",
    "sanction.compulsory_detention": "compulsory detention is imposed",
    "sanction.administrative_arrest": "administrative arrest is imposed",
    "sanction.corporal": "corporal punishment is imposed",
    "sanction.deportation": "the person is deported",
    "record.job_loss": "a job is lost to the conviction",
    "record.home_loss": "a home is lost to the conviction",
}


def case_text(data: Mapping[str, Any]) -> str:
    """Return a case file as text."""
    case, person, rules = data["case"], data["person"], data["rules"]
    groups = [f"{name.removeprefix('axis:')} {value}" for name, value in person.items() if name.startswith("axis:")]
    lines = [
        f"Case {case['name']}: person {case['person']} on day {case['day']} of replicate {case['replicate']}, under {data['law']['key']} ({data['law']['title']})",
        f"  person: {', '.join([person['role'].replace('_', ' '), person['region'], *groups])}",
        f"  on record under this law: {_record(data['input']['records'])}",
        f"  met by: {data['encounter']['channel']}{', something pointed at drugs' if data['encounter']['has_cue'] else ''}",
        "What was found",
        *(f"  {_found(row)}" for row in data["findings"]),
        f"  evidence seen: {_signs(data['outcome'])}",
        "What the law says",
        *(f"  {rule_text(rule)}{_where(rule)}" for rule in rules["rules"]),
        f"  tier {rules['tier']}, effect {rules['effect']}; the case starts as {rules['offence']}",
        *(f"  [{key}] {one['title']} ({one['href']}; confidence {one['confidence']})" for key, one in rules["sources"].items()),
        *(f"  not known: {text}" for text in rules["unknowns"]),
        *(f"  not simulated: {text}" for text in data["law"]["not_simulated"]),
        "What was decided: each answer is yes if its draw, a number from 0 to 100 that is the person's luck, is below its chance in 100",
        *(f"  {_decision(row)}" for row in data["decisions"]),
        f"  outcome: {outcome_words(data['outcome'], data.get('currency', ''))}",
        "What would have made it otherwise, all else and the luck the same",
    ]
    flips = [f"  {_change(flip['change'])}: {_then(flip['then'], data['law']['tiers'], data.get('currency', ''))}" for flip in data.get("flips", ())]
    return "\n".join([*lines, *(flips or ["  no single change that was tried"])])


def _then(then: Mapping[str, Any], tiers: list[str], currency: str) -> str:
    named = {name: tiers[value] if name == "tier" else value for name, value in then.items()}
    return "; ".join(dict.fromkeys(told_as(name, value, currency) for name, value in named.items()))


def _change(words: str) -> str:
    """Return a change to a case in words; a decision by its question, not by its name."""
    stage, _, answer = words.partition(" had been ")
    return f"'{QUESTIONS[stage]}' answered {answer}" if stage in QUESTIONS else words


def _signs(outcome: Mapping[str, Any]) -> str:
    n = outcome["n_supply_evidence"]
    return f"{n or 'no'} sign{'s' * (n != 1)} of supply, {'some' if outcome['has_use_evidence'] else 'no'} sign of own use"


def _record(records: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in records.items() if n) or "nothing"


def _found(row: Mapping[str, Any]) -> str:
    meant = [f"{format_ug(row[f'{name}_ug'])} for {words}" for name, words in _MEANT.items() if row[f"{name}_ug"]]
    units = f" in {row['units']} unit{'s' if row['units'] > 1 else ''}" if row["units"] else ""
    errs = " (scales err a little)" if row["measured_ug"] != sum(row[f"{name}_ug"] for name in _MEANT) else ""
    scales = f"{about(row['measured_ug'])}{units} on the scales{errs}"
    return f"{row['substance']} ({row['form']}): {scales}, {about(row['pure_ug'])} pure; meant: {', '.join(meant)}"


def about(ug: int) -> str:
    """Return a weight to four figures: what people would read from a scale."""
    step = 10 ** max(0, len(str(ug)) - 4)
    return format_ug((ug + step // 2) // step * step)


_MEANT = {"own": "own use", "circle": "friends", "fund_own_use": "sale to fund own use", "profit": "sale for profit", "other": "somebody outside the circle"}


def _where(rule: Mapping[str, Any]) -> str:
    return f"  [{rule['source']}]" if rule.get("source") else ""


def _decision(row: Mapping[str, Any]) -> str:
    return f"{QUESTIONS[row['stage']]}: {'yes' if row['is_yes'] else 'no'} (chance {100 * row['p']:.4g}, draw {100 * row['u']:.4g})"
