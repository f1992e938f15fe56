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
from decrimsim.scenario.practice import Band, Belief, ByGroup
from decrimsim.schema import DROP_OUT, EFFECTS, LINE, NEGOTIATION, NOTICE, PANEL, POLICE, PROSECUTOR, REFERRAL, ROUTES, SENTENCE, SERVICES, STAGES, VERDICT
from twin.lawbook import Reading, read_law
from twin.luck import Luck, factor, lognormal, times
from twin.police import Find

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
            SERVICES.index(self.service or "none"),
            self.is_waiting,
            self.service_days,
            DROP_OUT.index(self.drop_out),
        )


def judge(scenario: Scenario, law: Law, find: Find, day: int, luck: Luck, suits: str | None = None, place_q16: int = 65_536) -> Case:
    """Return what becomes of a find."""
    case = Case(scenario, law, find, read_law(law, scenario, find), day, luck, suits=suits, place_q16=place_q16)
    police(case)
    if case.police == "arrest":
        bail(case)
    if case.police in ("summons", "arrest"):
        prosecutor(case)
    if case.is_charged:
        negotiation(case)
    if case.negotiation == "contested":
        court(case)
    if case.verdict in ("possession", "supply"):
        sentence(case)
    if case.police == "panel" or case.prosecutor == "panel":
        panel(case)
    referral(case)
    if case.police == "notice":
        notice(case)
    time_and_custody(case)
    if case.scenario.practice.drop_out is not None and case.is_compelled and case.referral == "started":
        leave_early(case, case.scenario.practice.drop_out.returned.value)
    case.is_seized = case.says.takes_drugs or case.line == "supply"
    return case


def police(case: Case) -> None:
    """Police decide what they believe it is, then how they deal with it, mildest first."""
    practice, says, person = case.scenario.practice.police, case.says, case.find.person
    powers = case.law.data["powers"]["police"]
    p_supply = case.belief(practice.belief)
    if case.find.has_use_evidence and says.effect != "conclusive":
        p_supply = p_supply * practice.use_evidence_factor.value
    if says.is_supply and case.ask("police.supply", p_supply):
        case.line = "supply"
        proceed(case)
        return
    case.line = says.own_use
    p_caution = practice.caution.value * group_factor(practice.caution_factor, person.categories)
    p_notice = practice.notice.value * group_factor(practice.notice_factor, person.categories)
    if case.line == "possession":
        if powers["no_action"] and case.ask("police.ignore", practice.ignore.value):
            case.police = "no_action"
        elif powers["warn"] and case.ask("police.warn", practice.warn.value):
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


def group_factor(factors: ByGroup, categories: dict[str, str]) -> float:
    """Return the product of the factors of a person's groups; groups not named count 1."""
    product = 1.0
    for axis, category in categories.items():
        if category in factors.get(axis, {}):
            product = product * factors[axis][category].value
    return product


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
        p_keep = case.belief(practice.belief) if powers["downgrade"] else 1.0
        if not case.ask("prosecutor.keep_supply", p_keep):
            charge = case.says.own_use
    if charge == "none":
        case.prosecutor = "dropped"
    elif charge == "administrative":
        case.prosecutor = "panel" if "panel" in case.says.routes else "dropped"
    elif powers["drop"] and case.ask("prosecutor.drop", practice.drop.supply.value if charge == "supply" else practice.drop.possession.value):
        case.prosecutor = "dropped"
    elif charge == "possession" and powers["divert"] and case.ask("prosecutor.divert", practice.divert.value):
        case.prosecutor = "diverted"
    else:
        case.prosecutor = f"charge_{charge}"


def negotiation(case: Case) -> None:
    """The charge is withdrawn, or the person pleads guilty to it or to less, or contests; custody wears some down."""
    practice, effect = case.scenario.practice.court, case.says.effect
    supply = case.prosecutor == "charge_supply"
    plead = "plead_supply" if supply else "plead_possession"
    p_plead = getattr(practice.plead_supply, effect).value if supply else practice.plead_possession.value
    if case.ask("negotiation.withdraw", practice.withdraw.supply.value if supply else practice.withdraw.possession.value):
        case.negotiation, case.verdict = "withdrawn", "not_convicted"
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
    if case.prosecutor == "charge_supply":
        if case.ask("court.supply", p_proved_supply(case, own_lawyer)):
            case.verdict = "supply"
            return
        if case.says.own_use != "possession" or not case.law.data["powers"]["court"]["downgrade"]:
            return
    if case.ask("court.possession", practice.convict_possession.value * own_lawyer):
        case.verdict = "possession"


def p_proved_supply(case: Case, own_lawyer: float) -> float:
    """Return the chance that a court finds supply: by the amount alone, by a presumption not rebutted, or by proof."""
    practice, says = case.scenario.practice.court, case.says
    if says.effect == "conclusive":
        return 1.0
    if says.effect == "presumption" and says.burden_on_accused:
        p_rebut = min(practice.rebut.value * (practice.rebut_evidence_factor.value if case.find.has_use_evidence else 1.0), 1.0)
        sharing_is_supply = case.law.data["social_supply"]["rule"] == "supply"
        own = [lot.holding.own_ug + (0 if sharing_is_supply else lot.holding.circle_ug) for lot in case.find.lots]
        if says.whole_holding and any(lot.holding.total_ug > own_ug for lot, own_ug in zip(case.find.lots, own, strict=True)):
            p_rebut = 0.0
        return (1.0 - p_rebut) * own_lawyer
    return min(case.belief(practice.prove_supply) * (practice.balance_factor.value if says.balance_is_enough else 1.0), 1.0) * own_lawyer


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
    if max_days > 0 and case.ask("sentence.prison", p_prison):
        case.sentence = "prison"
        quantile = case.luck.quantile("sentence.days", case.find.person.id, case.day)
        days = min(lognormal(band.days_sd.value, quantile) * factor(band.days.value) >> 32, chance.LONGEST)
        case.prison_days = min(max(days, 1), max_days)
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
    if not case.ask("panel.attend", practice.attend.value):
        case.panel = "sanctioned" if rule["no_show"] == "sanction" else "missed"
    elif rule["may_sanction"] and case.ask("panel.sanction", practice.sanction.value):
        case.panel = "sanctioned"
    else:
        case.panel = "suspended"


def referral_route(case: Case) -> str:
    """Return the route by which help may be offered."""
    if case.verdict in ("possession", "supply"):
        return "court"
    if case.prosecutor == "diverted":
        return "diversion"
    if case.panel in ("suspended", "sanctioned"):
        return "panel"
    if case.police in ("notice", "caution"):
        return case.police
    if case.police in ("no_action", "warning") and case.law.data["referral"]["offer"]:
        return "police"
    return "none"


def referral(case: Case) -> None:
    """Offer help, or order it where a repeat rule makes it mandatory: offered, accepted, started, finished."""
    practice, route, services = case.scenario.practice.referral, referral_route(case), case.scenario.services
    if services is not None and case.suits is None:
        return
    if case.says.is_mandatory and case.police not in ("summons", "arrest"):
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
    if case.ask("notice.paid", practice.paid.value):
        case.notice = "paid"
    elif rule["unpaid"] == "court" and case.ask("notice.convict", practice.convicted_if_unpaid.value):
        case.notice, case.verdict, case.sentence = "unpaid_convicted", "possession", "no_penalty"
    else:
        case.notice = "unpaid"


def leave_early(case: Case, p_acts: float) -> None:
    """Say what follows where someone leaves a compelled service early: the back door."""
    case.drop_out = "left"
    rules, says = case.law.data.get("noncompliance", {}), case.says
    longest = parse_prison_days(rules.get("max_prison", "none")) or says.max_possession_days
    ends_in = rules.get("missed_session", rules.get("breach_of_order"))
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
    case.closed_after = max(case.closed_after, max(round(case.scenario.practice.referral.wait.value), 1) + case.service_days)
    if follows == "imprisoned":
        band = case.scenario.practice.sentencing.possession
        days = lognormal(band.days_sd.value, case.luck.quantile("sentence.days", case.find.person.id, case.day)) * factor(band.days.value) >> 32
        case.sentence = "prison"
        case.prison_days = max(case.prison_days, min(max(min(days, chance.LONGEST), 1), longest))


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
    days = delay(case, practice.prosecutor.delay.value, practice.prosecutor.delay_sd.value, "prosecutor.delay", who)
    if case.is_charged:
        in_court = delay(case, practice.court.delay.value, practice.court.delay_sd.value, "court.delay", who)
        if case.is_detained:
            in_court = times(in_court, factor(practice.court.custody_delay.value))
        days = max(days, in_court)
    case.closed_after = days if case.police in ("summons", "arrest") else 0
    case.detention_days = case.closed_after if case.is_detained else 0
    if case.notice == "unpaid_convicted":
        case.closed_after = round(practice.notice.delay.value)
    if case.panel != "not_reached":
        case.closed_after += round(practice.panel.delay.value)


def delay(case: Case, median: float, log_sd: float, process: str, who: int) -> int:
    """Return a number of whole days around a median."""
    in_65536ths = times(factor(median), lognormal(log_sd, case.luck.quantile(process, who, case.day)))
    return min(in_65536ths >> 16, chance.LONGEST)
