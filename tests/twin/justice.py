"""The decision path: police, bail, prosecutor, negotiation, court, sentence, panel, referral, notice, in this order.

Every choice asks `case.ask(stage, p)`: it draws, notes the chance and the draw, and says yes or no. A stage that is not
reached asks nothing, so nothing is noted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from decrimsim import chance
from decrimsim.law import Law
from decrimsim.law.shape import parse_prison_days
from decrimsim.scenario import Scenario
from decrimsim.scenario.practice import Band, Belief
from decrimsim.schema import (
    APPEAL,
    BRIBE,
    DIVERSION,
    DROP_OUT,
    EFFECTS,
    LINE,
    NEGOTIATION,
    NOTICE,
    PANEL,
    POLICE,
    PROSECUTOR,
    REFERRAL,
    ROUTES,
    SANCTIONS,
    SENTENCE,
    SERVICES,
    STAGES,
    VERDICT,
)
from twin import deciders
from twin.lawbook import Reading, read_law
from twin.luck import Luck, factor, lognormal, times
from twin.police import Find, of_groups

MINOR_UNITS = 100
"""cents in a dollar"""


@dataclass
class Case:
    """One find on its way; every field below `decisions` is what became of it."""

    scenario: Scenario
    law: Law
    find: Find
    says: Reading
    day: int
    luck: Luck
    decisions: list[tuple[object, ...]] = field(default_factory=list)
    line: str = "none"
    police: str = "no_action"
    prosecutor: str = "not_reached"
    negotiation: str = "not_reached"
    verdict: str = "not_reached"
    sentence: str = "not_reached"
    notice: str = "not_reached"
    panel: str = "not_reached"
    route: str = "none"
    referral: str = "not_offered"
    is_detained: bool = False
    is_seized: bool = False
    is_compelled: bool = False
    detention_days: int = 0
    prison_days: int = 0
    fine_minor: int = 0
    closed_after: int = 0
    bribe: str = "not_asked"
    bribe_minor: int = 0
    keeps_drugs: bool = False
    is_arrest_violent: bool = False
    held_days: int = 0
    repeats: set[str] = field(default_factory=set)
    """what earlier cases add, where officials know of them"""
    is_assessed: bool = False
    is_own_use_found: bool = False
    diversion: str = "not_reached"
    is_plea_condition: bool = False
    is_abstinence_condition: bool = False
    has_lawyer: bool = False
    prosecutor_queue_days: int = 0
    queue_days: int = 0
    appeal: str = "not_reached"
    appeal_after: int | None = None
    had_second_appointment: bool = False
    sanctions: list[str] = field(default_factory=list)
    compulsory_days: int = 0
    order_days: int = 0
    is_job_lost: bool = False
    is_home_lost: bool = False
    suits: str | None = None
    """the kind of service that suits the person; None where none does or none is described"""
    place_q16: int = 65_536
    """chance that it has a free place"""
    service: str | None = None
    """the kind of service referred to"""
    is_waiting: bool = False
    service_days: int = 0
    drop_out: str = "none"

    def ask(self, stage: str, p: float) -> bool:
        """Decide one question with chance p (cut at 1), and note it."""
        p = min(p, 1.0)
        u = self.luck.uniform(stage, self.find.person.id, self.day)
        self.decisions.append((self.find.person.id, self.day, STAGES.index(stage), u < p, p, u))
        return u < p

    def belief(self, table: Belief) -> float:
        """Return the chance of treating the find as supply; a conclusive amount decides alone."""
        if self.says.effect == "conclusive":
            return 1.0
        return float(getattr(getattr(table, self.says.effect), f"n{min(self.find.n_supply_evidence, 3)}").value)

    @property
    def is_convicted_before(self) -> bool:
        return self.find.person.convictions > 0

    @property
    def is_charged(self) -> bool:
        return self.prosecutor in ("charge_possession", "charge_supply")

    def row(self) -> tuple[object, ...]:
        """Return the row of the table of cases."""
        seen = (self.says.tier, EFFECTS.index(self.says.effect), self.find.n_supply_evidence, self.find.has_use_evidence)
        codes = (
            LINE.index(self.line),
            POLICE.index(self.police),
            PROSECUTOR.index(self.prosecutor),
            NEGOTIATION.index(self.negotiation),
            VERDICT.index(self.verdict),
        )
        more = (SENTENCE.index(self.sentence), NOTICE.index(self.notice), PANEL.index(self.panel), ROUTES.index(self.route), REFERRAL.index(self.referral))
        flags = (self.is_detained, self.is_seized, self.is_compelled)
        return (
            self.find.person.id,
            self.day,
            *seen,
            *codes,
            *more,
            *flags,
            self.detention_days,
            self.prison_days,
            self.fine_minor,
            self.day + self.closed_after,
            BRIBE.index(self.bribe),
            self.bribe_minor,
            self.is_arrest_violent,
            self.held_days,
            self.is_assessed,
            self.is_own_use_found,
            DIVERSION.index(self.diversion),
            self.is_plea_condition,
            self.is_abstinence_condition,
            self.prosecutor_queue_days,
            self.queue_days,
            APPEAL.index(self.appeal),
            -1 if self.appeal_after is None else self.day + self.appeal_after,
            sum(1 << SANCTIONS.index(name) for name in self.sanctions),
            self.compulsory_days,
            self.order_days,
            self.is_job_lost,
            self.is_home_lost,
            SERVICES.index(self.service or "none"),
            self.is_waiting,
            self.service_days,
            DROP_OUT.index(self.drop_out),
        )


def judge(
    scenario: Scenario, law: Law, find: Find, day: int, luck: Luck, waits: tuple[int, int] = (0, 0), suits: str | None = None, place_q16: int = 65_536
) -> Case:
    """Return what becomes of a find.

    waits  days in the queues of prosecutors and courts
    """
    says = read_law(law, scenario, find)
    case = Case(scenario, law, find, says, day, luck, prosecutor_queue_days=waits[0], queue_days=waits[1], suits=suits, place_q16=place_q16)
    deciders.apply_repeats(case)
    deciders.assess(case, "police")
    police(case)
    if case.police == "arrest":
        arrested(case)
        bail(case)
    if case.police in ("summons", "arrest"):
        deciders.assess(case, "prosecutor")
        prosecutor(case)
    if case.prosecutor == "diverted":
        deciders.follow_diversion(case)
    if case.is_charged:
        deciders.find_lawyer(case)
        negotiation(case)
    if case.negotiation == "contested":
        deciders.assess(case, "court")
        court(case)
    if case.verdict in ("possession", "supply"):
        sentence(case)
        deciders.appeal(case)
    if case.police == "panel" or case.prosecutor == "panel":
        panel(case)
    referral(case)
    if case.police == "notice":
        notice(case)
    if case.scenario.practice.drop_out is not None and case.is_compelled and case.referral == "started":
        leave_early(case, case.scenario.practice.drop_out.returned.value)
    deciders.sanction(case)
    deciders.lose(case)
    time_and_custody(case)
    if case.drop_out in ("convicted", "imprisoned"):
        come_back(case)
    if case.appeal == "allowed":
        go_free(case)
    case.is_seized = (case.says.takes_drugs or case.line == "supply") and not case.keeps_drugs
    return case


def police(case: Case) -> None:
    """Police decide what they believe it is, then how they deal with it, mildest first."""
    practice, says, person = case.scenario.practice.police, case.says, case.find.person
    powers = case.law.data["powers"]["police"]
    is_trained, follows = officer(case)
    p_supply = case.belief(practice.belief)
    if says.effect != "conclusive":
        if is_trained and practice.training is not None and min(case.find.n_supply_evidence, 3) <= 1:
            p_supply = p_supply * practice.training.belief_factor.value
        if follows:
            p_supply = 0.0
    if case.find.has_use_evidence and says.effect != "conclusive":
        p_supply = p_supply * practice.use_evidence_factor.value
    p_supply = p_supply * deciders.found_factor(case)
    case.line = "supply" if says.is_supply and case.ask("police.supply", p_supply) else says.own_use
    if bribe(case):
        return
    if case.line == "supply":
        proceed(case)
        return
    left = practice.training.disparity.value if is_trained and practice.training is not None else 1.0
    strategies = case.scenario.police.strategies
    discretion = strategies.known[strategies.chosen].discretion.value if strategies else 1.0
    p_caution = practice.caution.value * discretion * (1.0 + (of_groups(practice.caution_factor, person) - 1.0) * left)
    p_notice = practice.notice.value * (1.0 + (of_groups(practice.notice_factor, person) - 1.0) * left)
    if case.line == "possession":
        if powers["no_action"] and case.ask("police.ignore", practice.ignore.value * discretion):
            case.police = "no_action"
        elif powers["warn"] and case.ask("police.warn", practice.warn.value * discretion):
            case.police = "warning"
        elif "caution" in says.routes and case.ask("police.caution", p_caution):
            case.police = "caution"
        elif "notice" in says.routes and case.ask("police.notice", p_notice):
            case.police = "notice"
        else:
            proceed(case)
    elif case.line == "administrative" and "panel" in says.routes:
        case.police = "panel" if case.ask("police.panel", practice.panel.value) else "no_action"
    elif case.line == "administrative" and "notice" in says.routes:
        case.police = "notice" if case.ask("police.notice", p_notice) else "no_action"


def officer(case: Case) -> tuple[bool, bool]:
    """Return whether the officer is trained, and whether guidelines make them take the find for own use."""
    practice = case.scenario.practice.police
    is_trained = practice.training is not None and case.ask("police.trained", practice.training.trained.value)
    if practice.guidelines is None:
        return is_trained, False
    names = list(case.scenario.substances)
    limits = practice.guidelines.limits
    fits = all(names[lot.holding.habit.substance] in limits and lot.measured_ug <= limits[names[lot.holding.habit.substance]].ug for lot in case.find.lots)
    is_clear = min(case.find.n_supply_evidence, 3) < practice.guidelines.evidence.value
    return is_trained, fits and is_clear and case.ask("police.guideline", practice.guidelines.followed.value)


def bribe(case: Case) -> bool:
    """Ask for a payment instead of a case, where there would be one. Tell whether it was paid."""
    bribery = case.scenario.practice.police.bribery
    if bribery is None or case.line == "none":
        return False
    demanded = bribery.demanded.supply if case.line == "supply" else bribery.demanded.possession
    if not case.ask("police.bribe", demanded.value):
        return False
    if not case.ask("police.pay", bribery.paid.value):
        case.bribe = "refused"
        return False
    case.bribe, case.bribe_minor = "paid", round(bribery.amount.value * MINOR_UNITS)
    case.keeps_drugs = case.ask("police.keep_drugs", bribery.drugs_kept.value)
    return True


def arrested(case: Case) -> None:
    """What an arrest brings with it: time in a cell, and violence."""
    practice = case.scenario.practice.police
    if practice.holding is not None:
        p = practice.holding.held.supply.value if case.line == "supply" else practice.holding.held.possession.value
        if case.ask("police.hold", p):
            case.held_days = max(round(practice.holding.days.value), 1)
    if practice.violence is not None:
        case.is_arrest_violent = case.ask(
            "police.arrest_violence", practice.violence.arrest.value * of_groups(practice.violence.group_factor, case.find.person)
        )


def proceed(case: Case) -> None:
    """Police proceed: by arrest or by summons."""
    arrest = case.scenario.practice.police.arrest
    p = arrest.supply.value if case.line == "supply" else arrest.possession.value
    case.police = "arrest" if case.ask("police.arrest", p) else "summons"


def bail(case: Case) -> None:
    """Decide whether a person arrested is held until the case is over."""
    court = case.scenario.practice.court
    p = court.bail_refused.supply.value if case.line == "supply" else court.bail_refused.possession.value
    case.is_detained = case.ask("bail.refuse", p * court.prior_factor.value if case.is_convicted_before else p)


def prosecutor(case: Case) -> None:
    """The prosecutor keeps or lowers a supply charge, then drops, diverts or charges."""
    practice, powers, charge = case.scenario.practice.prosecutor, case.law.data["powers"]["prosecutor"], case.line
    if charge == "supply":
        p_keep = case.belief(practice.belief) * deciders.found_factor(case) if powers["downgrade"] else 1.0
        if not case.ask("prosecutor.keep_supply", p_keep):
            charge = case.says.own_use
    if charge == "none":
        case.prosecutor = "dropped"
    elif charge == "administrative":
        case.prosecutor = "panel" if "panel" in case.says.routes else "dropped"
    elif powers["drop"] and case.ask("prosecutor.drop", practice.drop.supply.value if charge == "supply" else practice.drop.possession.value):
        case.prosecutor = "dropped"
    elif charge == "possession" and may_divert(case) and case.ask("prosecutor.divert", p_divert(case)):
        case.prosecutor = "diverted"
    else:
        case.prosecutor = f"charge_{charge}"


def may_divert(case: Case) -> bool:
    """Tell whether the prosecutor may divert: earlier cases may have ended it."""
    return bool(case.law.data["powers"]["prosecutor"]["divert"]) and "ends_diversion" not in case.repeats


def p_divert(case: Case) -> float:
    """Return the chance of diversion: a finding of own use raises it."""
    practice = case.scenario.practice
    if practice.assessment is not None and case.is_own_use_found:
        return practice.prosecutor.divert.value * practice.assessment.divert_factor.value
    return float(practice.prosecutor.divert.value)


def negotiation(case: Case) -> None:
    """The charge is withdrawn, or the person pleads guilty to it or to less, or contests; custody wears some down."""
    practice, effect = case.scenario.practice.court, case.says.effect
    supply = case.prosecutor == "charge_supply"
    plead = "plead_supply" if supply else "plead_possession"
    p_plead = getattr(practice.plead_supply, effect).value if supply else practice.plead_possession.value
    representation, precedent = case.scenario.practice.representation, case.scenario.practice.precedent
    if representation is not None and case.has_lawyer:
        p_plead = p_plead * representation.plead_factor.value
    if case.ask("negotiation.withdraw", practice.withdraw.supply.value if supply else practice.withdraw.possession.value):
        case.negotiation, case.verdict = "withdrawn", "not_convicted"
    elif (
        precedent is not None
        and not supply
        and case.says.is_regulated
        and deciders.can_be_granted(case)
        and case.ask("court.precedent", precedent.granted.value)
    ):
        case.negotiation, case.verdict = "granted", "not_convicted"
    elif case.ask("negotiation.plead", p_plead):
        case.negotiation = plead
    elif supply and case.says.own_use == "possession" and case.ask("negotiation.plead_down", getattr(practice.plead_down, effect).value):
        case.negotiation = "plead_possession"
    elif case.is_detained and case.ask("negotiation.custody", practice.custody_uplift.value):
        case.negotiation = plead
    else:
        case.negotiation = "contested"
    if case.negotiation.startswith("plead_"):
        case.verdict = case.negotiation.removeprefix("plead_")


def court(case: Case) -> None:
    """A contested hearing: supply, possession instead of supply, or no conviction."""
    practice = case.scenario.practice.court
    case.verdict = "not_convicted"
    own_lawyer = practice.represented_factor.value if case.find.person.is_represented else 1.0
    reports = case.scenario.practice.police_reports
    sees_more = reports is None or not case.ask("court.reports_only", reports.share.value)
    if case.prosecutor == "charge_supply":
        if case.ask("court.supply", p_proved_supply(case, own_lawyer, sees_more)):
            case.verdict = "supply"
            return
        if case.says.own_use != "possession" or not case.law.data["powers"]["court"]["downgrade"]:
            return
    if case.ask("court.possession", practice.convict_possession.value * own_lawyer):
        case.verdict = "possession"


def p_proved_supply(case: Case, own_lawyer: float, sees_more: bool) -> float:
    """Return the chance that a court finds supply: by the amount alone, by a presumption not rebutted, or by proof."""
    practice, says = case.scenario.practice.court, case.says
    if says.effect == "conclusive":
        return 1.0
    if says.effect == "presumption" and says.burden_on_accused:
        has_evidence = sees_more and (case.find.has_use_evidence or case.is_own_use_found)
        p_rebut = practice.rebut.value * (practice.rebut_evidence_factor.value if has_evidence else 1.0)
        representation = case.scenario.practice.representation
        p_rebut = min(p_rebut * representation.rebut_factor.value if representation is not None and case.has_lawyer else p_rebut, 1.0)
        sharing_is_supply = case.law.data["social_supply"]["rule"] == "supply"
        own = [lot.holding.own_ug + (0 if sharing_is_supply else lot.holding.circle_ug + lot.holding.other_ug) for lot in case.find.lots]
        if says.whole_holding and any(lot.holding.total_ug > own_ug for lot, own_ug in zip(case.find.lots, own, strict=True)):
            p_rebut = 0.0
        return (1.0 - p_rebut) * own_lawyer
    p_prove = case.belief(practice.prove_supply) * (practice.balance_factor.value if says.balance_is_enough else 1.0)
    return min(p_prove * deciders.found_factor(case) if sees_more else p_prove, 1.0) * own_lawyer


def band_of(case: Case) -> Band:
    """Return the band of sentences: possession, or supply by the maximum that the law allows."""
    sentencing = case.scenario.practice.sentencing
    if case.verdict == "possession":
        return sentencing.possession
    wide_enough = [band for band in sentencing.supply if band.max_years * 365 >= case.says.max_supply_days]
    return wide_enough[0] if wide_enough else sentencing.supply[-1]


def sentence(case: Case) -> None:
    """Prison, else a community order, else a fine, else no penalty."""
    band = band_of(case)
    max_days = case.says.max_supply_days if case.verdict == "supply" else case.says.max_possession_days
    p_prison = band.prison.value * case.scenario.practice.court.prior_factor.value if case.is_convicted_before else band.prison.value
    max_days, least_days, must = deciders.terms(case, max_days)
    if max_days > 0 and case.ask("sentence.prison", 1.0 if must else p_prison):
        case.sentence = "prison"
        quantile = case.luck.quantile("sentence.days", case.find.person.id, case.day)
        days = min(lognormal(band.days_sd.value, quantile) * factor(band.days.value) >> 32, chance.LONGEST)
        case.prison_days = min(max(days, least_days), max_days)
    elif case.ask("sentence.community", band.community.value):
        case.sentence = "community_order"
    elif case.ask("sentence.fine", band.fine.value):
        case.sentence = "fine"
        case.fine_minor = round(band.fine_amount.value * MINOR_UNITS)
    else:
        case.sentence = "no_penalty"


def panel(case: Case) -> None:
    """An administrative panel suspends or sanctions; absence is punished where the law says so."""
    practice, rule = case.scenario.practice.panel, case.law.data["routes"]["panel"]
    again = case.scenario.practice.appointments
    attends = case.ask("panel.attend", practice.attend.value)
    if not attends and again is not None and case.ask("panel.again", again.again.value):
        case.had_second_appointment = True
        attends = case.ask("panel.attend_again", again.attend.value)
    if not attends:
        case.panel = "sanctioned" if rule["no_show"] == "sanction" else "missed"
    elif rule["may_sanction"] and case.ask("panel.sanction", practice.sanction.value):
        case.panel = "sanctioned"
    else:
        case.panel = "suspended"


def referral_route(case: Case) -> str:
    """Return the route by which help may be offered."""
    if case.prosecutor == "diverted":
        return "diversion"
    if case.verdict in ("possession", "supply"):
        return "court"
    if case.panel in ("suspended", "sanctioned"):
        return "panel"
    if case.police in ("notice", "caution"):
        return case.police
    if case.bribe == "paid":
        return "none"
    if case.police in ("no_action", "warning") and case.law.data["referral"]["offer"]:
        return "police"
    return "none"


def referral(case: Case) -> None:
    """Offer help, or order it where a repeat rule makes it mandatory: offered, accepted, started, finished."""
    practice, route, services = case.scenario.practice.referral, referral_route(case), case.scenario.services
    if services is not None and case.suits is None:
        return
    if case.says.is_mandatory and case.police not in ("summons", "arrest") and case.bribe != "paid":
        case.route, case.referral, case.is_compelled, case.service = "mandatory", "accepted", True, case.suits
    elif route == "none" or not case.ask("referral.offer", getattr(practice, route).offer.value):
        return
    else:
        case.route, case.referral, case.service = route, "offered", case.suits
        case.is_compelled = case.says.is_diversion_conditional if route == "diversion" else case.law.data["referral"]["nature"] != "voluntary"
        if not case.ask("referral.accept", getattr(practice, route).accept.value):
            return
        case.referral = "accepted"
    if services is not None and not case.ask("referral.place", case.place_q16 / 65_536):
        case.is_waiting = True
        return
    section = services.kinds[case.suits] if services is not None and case.suits is not None else practice
    if case.ask("referral.start", services.start.value if services is not None else practice.start.value):
        case.referral = "finished" if case.ask("referral.finish", section.finish.value) else "started"
        whole = round(section.duration.value)
        drops_out = services is not None and case.referral == "started"
        case.service_days = times(whole, case.luck.quantile("service.stay", case.find.person.id, case.day)) if drops_out else whole
        if services is not None:
            case.service_days = max(case.service_days, 1)


def notice(case: Case) -> None:
    """A penalty notice is waived by a service that started, or paid, or not; unpaid it may come back as a conviction."""
    practice, rule = case.scenario.practice.notice, case.law.data["routes"]["notice"]
    if rule.get("waived_by_referral", False) and case.referral in ("started", "finished"):
        case.notice = "waived"
        return
    case.fine_minor = rule["fine_minor"]
    if "raises_fine" in case.repeats:
        case.fine_minor = max(case.fine_minor, deciders.fines(case)[1])
    if pays(case):
        case.notice = "paid"
    elif rule["unpaid"] == "court" and case.ask("notice.convict", practice.convicted_if_unpaid.value):
        case.notice, case.verdict, case.sentence = "unpaid_convicted", "possession", "no_penalty"
    else:
        case.notice = "unpaid"


def pays(case: Case) -> bool:
    """Tell whether a notice is paid: at once, at a discount where the law has one, or in parts."""
    payment, person, p_paid = case.scenario.practice.payment, case.find.person, case.scenario.practice.notice.paid.value
    if payment is None:
        return case.ask("notice.paid", p_paid)
    if person.has_no_safe_home or person.home_losses or person.job_losses:
        p_paid = p_paid * payment.hardship_factor.value
    if case.ask("notice.paid", p_paid):
        case.fine_minor -= times(case.fine_minor, factor(case.law.data.get("deadlines", {}).get("early_payment", {}).get("discount", 0.0)))
        return True
    return case.ask("notice.plan", payment.plan.value) and case.ask("notice.plan_kept", payment.kept.value)


def leave_early(case: Case, p_acts: float) -> None:
    """Say what follows where someone leaves a compelled service early: the back door."""
    case.drop_out = "left"
    rules, says = case.law.data.get("noncompliance", {}), case.says
    longest = parse_prison_days(rules.get("max_prison", "none")) or says.max_possession_days
    written = [rules[key] for key in ("missed_session", "breach_of_order") if key in rules]
    ends_in = next((one for one in written if one != "unknown"), written[0] if written else None)
    if ends_in is None:
        ends_in = what_comes_back(case)
    if ends_in in ("debt", "sanction"):
        follows = "sanctioned"
    elif ends_in in ("court", "charge", "prison"):
        follows = "imprisoned" if ends_in == "prison" and longest > 0 else "convicted"
    else:
        return
    if follows == "convicted" and case.verdict in ("possession", "supply"):
        follows = "sanctioned"
    if not case.ask("dropout.return", p_acts):
        return
    case.drop_out = follows
    if follows == "sanctioned":
        if case.notice == "waived":
            case.fine_minor = case.law.data["routes"]["notice"]["fine_minor"]
        return
    if case.verdict not in ("possession", "supply"):
        case.verdict = "possession"
    if case.sentence == "not_reached":
        case.sentence = "no_penalty"
    if follows == "imprisoned":
        case.sentence = "prison"


def come_back(case: Case) -> None:
    """Say when the conviction of who left a service early falls, and how long prison for it is."""
    case.closed_after = max(case.closed_after, max(round(case.scenario.practice.referral.wait.value), 1) + case.service_days)
    if case.drop_out == "imprisoned":
        rules, says = case.law.data.get("noncompliance", {}), case.says
        longest = parse_prison_days(rules.get("max_prison", "none")) or says.max_possession_days
        band = case.scenario.practice.sentencing.possession
        days = lognormal(band.days_sd.value, case.luck.quantile("sentence.days", case.find.person.id, case.day)) * factor(band.days.value) >> 32
        case.prison_days = max(case.prison_days, min(max(min(days, chance.LONGEST), 1), longest))


def go_free(case: Case) -> None:
    """End prison, then compulsory detention, on the day an appeal is allowed."""
    assert case.scenario.practice.appeal is not None
    days = round(case.scenario.practice.appeal.delay.value)
    rest = min(max(case.prison_days - case.detention_days, 0), days)
    case.prison_days = min(case.prison_days, case.detention_days + rest)
    case.compulsory_days = min(case.compulsory_days, days - rest)


def what_comes_back(case: Case) -> str:
    """Return what a service had kept away, under a law without a rule on leaving it."""
    if case.route == "diversion":
        return "charge"
    if case.route in ("police", "mandatory"):
        return {"possession": "charge", "administrative": "sanction", "none": "nothing"}[case.says.own_use]
    return "sanction"


def time_and_custody(case: Case) -> None:
    """Say when the case is over; who was refused bail is held until then."""
    practice, who = case.scenario.practice, case.find.person.id
    days = delay(case, practice.prosecutor.delay.value, practice.prosecutor.delay_sd.value, "prosecutor.delay", who) + case.prosecutor_queue_days
    if case.is_charged:
        in_court = delay(case, practice.court.delay.value, practice.court.delay_sd.value, "court.delay", who)
        if case.negotiation != "contested" and practice.court.plea_delay is not None:
            in_court = times(in_court, factor(practice.court.plea_delay.value))
        in_court += case.prosecutor_queue_days + case.queue_days
        if case.is_detained:
            in_court = times(in_court, factor(practice.court.custody_delay.value))
        days = max(days, in_court)
    case.closed_after = days if case.police in ("summons", "arrest") else 0
    case.detention_days = max(case.closed_after if case.is_detained else 0, case.held_days)
    if case.notice == "unpaid_convicted":
        case.closed_after = round(practice.notice.delay.value)
    if case.panel != "not_reached":
        case.closed_after += round(practice.panel.delay.value) * (2 if case.had_second_appointment else 1)
    if case.diversion in ("breached", "convicted") and practice.diversion_conditions is not None:
        case.closed_after += round(practice.diversion_conditions.delay.value)
    if case.appeal in ("dismissed", "allowed") and practice.appeal is not None:
        case.appeal_after = max(case.closed_after, 1) + round(practice.appeal.delay.value)


def delay(case: Case, median: float, log_sd: float, process: str, who: int) -> int:
    """Return a number of whole days around a median."""
    in_65536ths = times(factor(median), lognormal(log_sd, case.luck.quantile(process, who, case.day)))
    return min(in_65536ths >> 16, chance.LONGEST)
