"""Columns of every table, with type, unit and meaning: the one home of names and codes.

Level 1. ``docs/data-model.md`` is generated from here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: name, NumPy type, unit, meaning, and the names its codes stand for (empty: a plain number)."""

    name: str
    dtype: str
    unit: str
    meaning: str
    codes: tuple[str, ...] = ()


REGIONS = ("urban", "remote")
ROLES = ("consumer", "social_supplier", "user_dealer", "commercial")
CHANNELS = ("warrant", "street", "dog", "events", "transport", "trip", "purchase")
"""Ways of meeting police, in the order of their rooms in a draw: those that need a trip come last, so that no room before another stands empty."""
VENUES = ("events", "transport")
"""Channels with a section of their own, which a scenario may leave out."""
PERIOD = 28
"""Days between two moments at which everybody's counts are added up, and at which people seek services."""
FIXED_EFFORT = ("warrant", *VENUES)
"""Channels that do not follow the hours that officers have left."""
SUPPLY_EVIDENCE = ("scales", "packets", "phones", "cash", "seen_selling")
USE_EVIDENCE = ("paraphernalia", "dependence", "history")
REASONS = ("bulk", "social_supply", "remote", "lockdown", "raid", "online", "payday", "shortage", "copping")
PURPOSES = ("own", "circle", "fund_own_use", "profit", "other")
SERIOUSNESS = ("own", "circle", "other", "fund_own_use", "profit")
"""Purposes, the least serious first."""
SHARED, SOLD = ("circle", "other"), ("fund_own_use", "profit")
"""Purposes without gain, for which the law's rule on sharing decides, and sale."""

EFFECTS = ("none", "personal", "indicative", "presumption", "conclusive")
LINE = ("none", "administrative", "possession", "supply")
POLICE = ("no_action", "warning", "caution", "notice", "panel", "summons", "arrest")
PROSECUTOR = ("not_reached", "dropped", "diverted", "panel", "charge_possession", "charge_supply")
BRIBE = ("not_asked", "refused", "paid")
NEGOTIATION = ("not_reached", "withdrawn", "plead_possession", "plead_supply", "contested", "granted")
VERDICT = ("not_reached", "not_convicted", "possession", "supply")
SENTENCE = ("not_reached", "no_penalty", "fine", "community_order", "prison")
NOTICE = ("not_reached", "paid", "waived", "unpaid", "unpaid_convicted")
PANEL = ("not_reached", "suspended", "sanctioned", "missed")
DIVERSION = ("not_reached", "unconditional", "kept", "breached", "convicted")
APPEAL = ("not_reached", "not_filed", "dismissed", "allowed")
SANCTIONS = (
    "fine",
    "licence_loss",
    "registration",
    "urine_tests",
    "compulsory_detention",
    "administrative_arrest",
    "corporal",
    "deportation",
    "capital",
)
"""Sanctions besides sentences, as bits of the column of that name; capital is exposure to a capital charge."""
REFERRAL = ("not_offered", "offered", "accepted", "started", "finished")
DROP_OUT = ("none", "left", "sanctioned", "convicted", "imprisoned")
"""What follows when someone leaves a compelled service early: nobody left · nothing · the sanction avoided · a conviction · prison."""
ROUTES = ("none", "police", "caution", "notice", "panel", "diversion", "court", "mandatory")
SERVICE_KINDS = ("information", "needle_syringe", "opioid_agonist", "counselling", "peer_outreach", "housing", "work", "legal_help")
SERVICES = ("none", *SERVICE_KINDS)
QUEUES = ("prosecutor", "court")
"""Offices that may have a capacity."""
REVIEW_METRICS = ("share_of_users_charged_supply", "share_of_user_finds_above_threshold", "share_of_user_arrests_above_threshold")
"""What a law's review may measure: people who do not sell among those charged with supply; finds (arrests) of people who do not sell
in which the amount points at supply."""
HEALTH_EVENTS = ("overdose_death", "hiv", "hepatitis_c", "tuberculosis")
ENTRY_WAYS = ("self", "waiting_list")
ENTRY_ENDS = ("avoided", "waiting", "no_show", "dropped_out", "finished")
"""What became of someone who sought a place: stayed away out of fear, waits, did not turn up, began and left early, began and finished."""

PEOPLE = (
    Column("person", "int64", "", "identity of the person within the replicate"),
    Column("circle", "int64", "", "the circle of friends who share"),
    Column("region", "int8", "", "where the person lives", REGIONS),
    Column("role", "int8", "", "habitual role", ROLES),
    Column("is_dependent", "bool", "", "dependent on a substance"),
    Column("has_no_safe_home", "bool", "", "no safe home to leave drugs in"),
    Column("is_represented", "bool", "", "would have their own lawyer"),
    Column("had_conviction", "bool", "", "a conviction before the first day"),
    Column("n_habits", "int8", "substances", "substances used or sold"),
    Column("main_substance", "int8", "", "the substance used most; index into the scenario's substances"),
    Column("knows_line", "bool", "", "answers to the line of the law in force as they know it, or packs below it"),
)
ENCOUNTERS = (
    Column("person", "int64", "", "who was stopped"),
    Column("day", "int32", "day", "day of the encounter, from 0"),
    Column("channel", "int8", "", "how police met the person", CHANNELS),
    Column("has_cue", "bool", "", "an odour, a dog or an observed purchase pointed at drugs"),
    Column("is_searched", "bool", "", "searched"),
    Column("is_found", "bool", "", "found with drugs"),
    Column("is_violent", "bool", "", "the person met violence or abuse by officers, an arrest apart"),
)
FINDINGS = (
    Column("person", "int64", "", "who was found"),
    Column("day", "int32", "day", "day of the encounter"),
    Column("substance", "int8", "", "index into the scenario's substances"),
    Column("form", "int8", "", "index into the forms of decrimsim.law"),
    Column("true_ug", "int64", "ug", "what was there and was found"),
    Column("measured_ug", "int64", "ug", "what the scales said"),
    Column("pure_ug", "int64", "ug", "active substance in the measured weight, known after a laboratory test"),
    Column("units", "int64", "dose units", "pills, blotters or capsules; 0 where the form is not counted"),
    Column("own_ug", "int64", "ug", "share meant for own use"),
    Column("circle_ug", "int64", "ug", "share meant for the circle"),
    Column("fund_own_use_ug", "int64", "ug", "share meant for sale to fund own use"),
    Column("profit_ug", "int64", "ug", "share meant for sale for profit"),
    Column("other_ug", "int64", "ug", "share held for somebody outside the circle, without gain"),
    Column("reasons", "int16", "bits", "why so much was held; overlapping flags, bit i is REASONS[i]"),
)
CASES = (
    Column("person", "int64", "", "who was found"),
    Column("day", "int32", "day", "day of the encounter"),
    Column("tier", "int8", "", "tier of the law in force, from 0; its name depends on the law"),
    Column("effect", "int8", "", "what the law lets the amount say", EFFECTS),
    Column("n_supply_evidence", "int8", "items", "kinds of evidence of supply that were seen"),
    Column("has_use_evidence", "bool", "", "some evidence of own use was seen"),
    Column("line", "int8", "", "what police believed it to be", LINE),
    Column("police", "int8", "", "what police did", POLICE),
    Column("prosecutor", "int8", "", "what the prosecutor did", PROSECUTOR),
    Column("negotiation", "int8", "", "plea or contest", NEGOTIATION),
    Column("verdict", "int8", "", "conviction; includes pleas and the back door of an unpaid notice", VERDICT),
    Column("sentence", "int8", "", "heaviest part of the sentence", SENTENCE),
    Column("notice", "int8", "", "what became of a penalty notice", NOTICE),
    Column("panel", "int8", "", "what an administrative panel did", PANEL),
    Column("route", "int8", "", "the route by which a referral came", ROUTES),
    Column("referral", "int8", "", "how far a referral went", REFERRAL),
    Column("is_detained", "bool", "", "held before trial"),
    Column("is_seized", "bool", "", "the drugs found were taken"),
    Column("is_compelled", "bool", "", "treatment or referral was compelled, or a condition of avoiding punishment"),
    Column("detention_days", "int32", "days", "days held before trial, as imposed"),
    Column("prison_days", "int32", "days", "days of prison, as imposed"),
    Column("fine_minor", "int64", "minor currency units", "fines and notices to pay"),
    Column("closed_day", "int32", "day", "day of the last decision, appeals apart; may lie beyond the horizon"),
    Column("bribe", "int8", "", "a payment instead of a case: demanded and refused, or paid", BRIBE),
    Column("bribe_minor", "int64", "minor currency units", "what was paid to officers"),
    Column("is_arrest_violent", "bool", "", "the person met violence or abuse by officers at the arrest"),
    Column("held_days", "int32", "days", "days held before charge; part of detention_days"),
    Column("is_assessed", "bool", "", "seen by a trained medical professional for the case"),
    Column("is_own_use_found", "bool", "", "the assessment found dependence or own use"),
    Column("diversion", "int8", "", "what became of a diversion and its conditions", DIVERSION),
    Column("is_plea_condition", "bool", "", "a plea of guilty was the condition of a diversion"),
    Column("is_abstinence_condition", "bool", "", "abstinence was the condition of a diversion"),
    Column("prosecutor_queue_days", "int32", "days", "wait in the prosecutors' queue in force on the day of the encounter"),
    Column("queue_days", "int32", "days", "wait in the court's queue in force on the day of the encounter"),
    Column("appeal", "int8", "", "what became of an appeal", APPEAL),
    Column("appeal_day", "int32", "day", "day on which an appeal was decided; -1 without one"),
    Column("sanctions", "int16", "bits", "sanctions besides sentences: bit i is decrimsim.schema.SANCTIONS[i]"),
    Column("compulsory_days", "int32", "days", "days of compulsory detention and administrative arrest, as imposed; less what an appeal ended"),
    Column("order_days", "int32", "days", "days without a licence, on a register and under an order to be tested, added up"),
    Column("is_job_lost", "bool", "", "a job is lost to the conviction"),
    Column("is_home_lost", "bool", "", "a home is lost to the conviction"),
    Column("service", "int8", "", "the kind of service referred to", SERVICES),
    Column("is_waiting", "bool", "", "no place was free, so the person is on the waiting list"),
    Column("service_days", "int32", "days", "days in the service, as planned"),
    Column("drop_out", "int8", "", "what followed on leaving a compelled service early: the back door", DROP_OUT),
)
DECISIONS = (
    Column("person", "int64", "", "who was found"),
    Column("day", "int32", "day", "day of the encounter; with the person it is the case"),
    Column("stage", "int8", "", "index into decrimsim.schema.STAGES"),
    Column("is_yes", "bool", "", "the draw was below the probability"),
    Column("p", "float64", "probability", "chance of yes at this stage, given all that was known"),
    Column("u", "float64", "", "the draw; the same under every law"),
)
ENTRIES = (
    Column("person", "int64", "", "who sought a place of their own accord, or waits for one"),
    Column("day", "int32", "day", "first day of the period of 28 days in which they asked"),
    Column("kind", "int8", "", "the kind of service", SERVICE_KINDS),
    Column("way", "int8", "", "sought just now, or from the waiting list", ENTRY_WAYS),
    Column("end", "int8", "", "what became of it", ENTRY_ENDS),
    Column("until_day", "int32", "day", "first day out of the service, as planned; 0 where none began"),
)
HEALTH = (
    Column("person", "int64", "", "to whom it happened"),
    Column("day", "int32", "day", "first day of the period of 28 days in which it happened"),
    Column("kind", "int8", "", "what happened", HEALTH_EVENTS),
)
REVISIONS = (
    Column("day", "int32", "day", "last day before the revised amounts hold"),
    Column("metric", "int8", "", "what the review measured", REVIEW_METRICS),
    Column("n", "int64", "cases", "cases that met it since the review before"),
    Column("of", "int64", "cases", "of so many"),
    Column("factor_q16", "int64", "1/65536", "by how much amounts were multiplied"),
)
PERIODS = (
    Column("day", "int32", "day", "last day of the period"),
    Column("kind", "int8", "", "the kind of service", SERVICE_KINDS),
    Column("places", "int64", "places", "places in the period that ended, bought ones counted"),
    Column("bought", "int64", "places", "of those, places bought with money moved from justice"),
    Column("in_use", "int64", "places", "places taken at the period's end"),
    Column("waiting", "int64", "people", "people on the waiting list at the period's end: the need that was not met"),
    Column("asked", "int64", "people", "people who newly asked for a place in the period"),
    Column("spent_minor", "int64", "minor currency units", "what these places cost in the period"),
    Column("next_free_q16", "int64", "1/65536", "chance that who asks for a place in the next period gets one"),
)
STAGES = (
    "police.supply",
    "police.ignore",
    "police.warn",
    "police.caution",
    "police.notice",
    "police.panel",
    "police.arrest",
    "bail.refuse",
    "prosecutor.keep_supply",
    "prosecutor.drop",
    "prosecutor.divert",
    "negotiation.withdraw",
    "negotiation.plead",
    "negotiation.plead_down",
    "negotiation.custody",
    "court.supply",
    "court.possession",
    "sentence.prison",
    "sentence.community",
    "sentence.fine",
    "notice.paid",
    "notice.convict",
    "panel.attend",
    "panel.sanction",
    "referral.offer",
    "referral.accept",
    "referral.start",
    "referral.finish",
    "police.trained",
    "police.guideline",
    "police.bribe",
    "police.pay",
    "police.keep_drugs",
    "police.hold",
    "police.arrest_violence",
    "repeat.known",
    "assessment.police",
    "assessment.prosecutor",
    "assessment.court",
    "assessment.finding",
    "diversion.plea",
    "diversion.abstinence",
    "diversion.breach",
    "diversion.convict",
    "court.duty_lawyer",
    "court.reports_only",
    "court.precedent",
    "sentence.range",
    "appeal.file",
    "appeal.succeed",
    "panel.again",
    "panel.attend_again",
    "notice.plan",
    "notice.plan_kept",
    "sanction.fine",
    "sanction.licence_loss",
    "sanction.registration",
    "sanction.urine_tests",
    "sanction.compulsory_detention",
    "sanction.administrative_arrest",
    "sanction.corporal",
    "sanction.deportation",
    "record.job_loss",
    "record.home_loss",
    "referral.place",
    "dropout.return",
)
TABLES = {
    "people": PEOPLE,
    "encounters": ENCOUNTERS,
    "findings": FINDINGS,
    "cases": CASES,
    "decisions": DECISIONS,
    "entries": ENTRIES,
    "periods": PERIODS,
    "health": HEALTH,
    "revisions": REVISIONS,
}
EVENT_TABLES = tuple(name for name in TABLES if name != "people")
"""Tables whose rows carry the laws under which they are true."""

RUNGS = (
    "no contact",
    "stopped or searched",
    "referral offered",
    "warned or drugs taken",
    "administrative sanction or compelled referral",
    "charged, possession",
    "charged, supply",
    "convicted, possession",
    "convicted, supply",
)
BEHAVIOUR = ("purchases", "trip_days", "unmet_days")
"""What everybody's days come to under a law: purchases for own use, days of people with a trip to buy, days of use with unmet need."""
PARTS = 10
"""Circles of friends fall into so many parts, by the number of the circle: how the parts differ tells the luck within one replicate."""
CUTS = ("contact", "recorded", "coercive", "criminal", "supply", "custodial")
OUTCOMES = (
    "stops",
    "searches",
    "found",
    "cautions",
    "notices",
    "panels",
    "panel_sanctions",
    "arrests",
    "proceeded",
    "diversions",
    "charges_possession",
    "charges_supply",
    "convictions_possession",
    "convictions_supply",
    "detention_days",
    "prison_days",
    "referrals_offered",
    "referrals_accepted",
    "referrals_started",
    "referrals_finished",
    "users_charged_supply",
    "users_convicted_supply",
    "suppliers_not_charged_supply",
    "cost",
    "violent_encounters",
    "violent_arrests",
    "bribes_paid",
    "assessments",
    "diversion_conditions",
    "diversion_breaches",
    "drop_outs",
    "drop_out_sanctions",
    "back_door_convictions",
    "unpaid_notices",
    "precedents_granted",
    "appeals",
    "appeals_allowed",
    "resolution_days",
    "compulsory_days",
    "order_days",
    "licence_losses",
    "registrations",
    "urine_tests",
    "corporal",
    "deportations",
    "capital_exposure",
    "job_losses",
    "home_losses",
    "custody_days",
)
