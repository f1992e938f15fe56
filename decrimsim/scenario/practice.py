"""Police work, evidence and what officials do with a case, keyed by route and never by law.

Level 3.
"""

from __future__ import annotations

import itertools

from pydantic import model_validator

from decrimsim.parameters import ByOffence, Count, Days, LogSd, Model, Money, PerPersonYear, PerThousandHours, PerThousandPurchases, Probability, Ratio
from decrimsim.scenario.courts import Appeal, Assessment, CourtQueue, DiversionConditions, PoliceReports, Precedent, Queue, Representation, SentencingRange
from decrimsim.scenario.patrol import Bribery, Guidelines, HoldingCell, OfficerHours, Strategies, Training, Venue, Violence
from decrimsim.scenario.sanctions import Appointments, Expungement, Payment, RecordEffects, RepeatRules, SanctionCosts, Sanctions
from decrimsim.schema import EFFECTS, SUPPLY_EVIDENCE

ByGroup = dict[str, dict[str, Ratio]]


class ByRole(Model):
    """One chance for each habitual role."""

    consumer: Probability
    social_supplier: Probability
    user_dealer: Probability
    commercial: Probability


class WarrantRate(Model):
    """Warrant searches of the home, by habitual role."""

    consumer: PerPersonYear
    social_supplier: PerPersonYear
    user_dealer: PerPersonYear
    commercial: PerPersonYear


class ByChannel(Model):
    """One chance for each way of meeting police."""

    warrant: Probability
    street: Probability
    dog: Probability
    trip: Probability
    purchase: Probability


class DogRate(Model):
    """Being screened by a drug detection dog and stopped, by region."""

    urban: PerPersonYear
    remote: PerPersonYear


class Police(Model):
    """Who is stopped, searched and found."""

    street: PerThousandHours
    """stops per 1,000 hours in public"""
    trip_factor: Ratio
    """stops on the way home from a purchase, against other time in public"""
    dog: DogRate
    purchase: PerThousandPurchases
    """purchases observed by police"""
    warrant: WarrantRate
    raid_factor: Ratio
    """stops and observed purchases in a region while a raid lasts"""
    stop_factor: ByGroup
    """stops of a group against the reference, by axis and category; groups not named: 1"""
    no_safe_home_factor: Ratio
    prior_factor: Ratio
    """stops of people with a conviction"""
    supply_suspicion: ByChannel
    """share of encounters that rest on suspicion of supply, and so remain where possession is no ground"""
    search: ByChannel
    """searched when nothing points at drugs"""
    search_cue: ByChannel
    """searched when an odour, a dog or an observed purchase points at drugs"""
    dog_alert: Probability
    """a dog indicates someone who has drugs on them"""
    find: ByChannel
    """a search finds a substance that is there"""
    weighing_sd: Ratio
    """relative standard error of the scales"""
    strategies: Strategies | None = None
    events: Venue | None = None
    transport: Venue | None = None
    hours: OfficerHours | None = None


class Evidence(Model):
    """What is found with the drugs. Chances by habitual role: someone who only uses may have two phones."""

    scales: ByRole
    packets: ByRole
    phones: ByRole
    cash: ByRole
    seen_selling: ByRole
    paraphernalia: ByRole
    dependence: Probability
    """dependence is known to the officer, among people who are dependent"""
    history: Probability
    """a history of use is known to the officer"""


class ByCount(Model):
    """Chance by the kinds of supply evidence that were seen."""

    n0: Probability
    n1: Probability
    n2: Probability
    n3: Probability
    """three or more"""


class Belief(Model):
    """Chance of treating a find as supply, by what the law lets the amount say and by the evidence seen.

    A conclusive amount decides alone.
    """

    none: ByCount
    personal: ByCount
    indicative: ByCount
    presumption: ByCount

    @model_validator(mode="after")
    def _check(self) -> Belief:
        rows = [[getattr(getattr(self, effect), f"n{n}").value for n in range(4)] for effect in ("personal", "none", "indicative", "presumption")]
        for row in rows:
            if row != sorted(row):
                raise ValueError("more evidence of supply must not lower the chance of supply")
        for milder, stricter in itertools.pairwise(rows):
            if any(a > b for a, b in zip(milder, stricter, strict=True)):
                raise ValueError("the chance of supply must not fall from personal to none to indicative to presumption")
        return self


class PolicePractice(Model):
    """What police do with a find."""

    belief: Belief
    use_evidence_factor: Ratio
    """chance of supply when evidence of own use was seen, against none seen; at most 1"""
    ignore: Probability
    warn: Probability
    caution: Probability
    """an eligible person is cautioned"""
    caution_factor: ByGroup
    notice: Probability
    """an eligible person gets a notice"""
    notice_factor: ByGroup
    panel: Probability
    """an administrative offence is reported to the panel"""
    arrest: ByOffence
    """proceeded against by arrest rather than by summons"""
    training: Training | None = None
    guidelines: Guidelines | None = None
    bribery: Bribery | None = None
    holding: HoldingCell | None = None
    violence: Violence | None = None

    @model_validator(mode="after")
    def _check(self) -> PolicePractice:
        if self.use_evidence_factor.value > 1:
            raise ValueError("use_evidence_factor must be at most 1: evidence of own use never points at supply")
        return self


class ProsecutorPractice(Model):
    """What prosecutors do with a charge."""

    belief: Belief
    """chance of keeping a supply charge"""
    drop: ByOffence
    divert: Probability
    """a possession case is diverted on conditions"""
    delay: Days
    """to the decision, median"""
    delay_sd: LogSd


class ByEffect(Model):
    """One chance for each thing that the amount may say."""

    none: Probability
    personal: Probability
    indicative: Probability
    presumption: Probability
    conclusive: Probability

    def numbers(self) -> list[float]:
        """Return the chances in the order of schema.EFFECTS."""
        return [float(getattr(self, effect).value) for effect in EFFECTS]


class CourtPractice(Model):
    """Bail, negotiation, hearing and sentence."""

    bail_refused: ByOffence
    prior_factor: Ratio
    """bail refusal and prison for people with a conviction, against none"""
    withdraw: ByOffence
    plead_possession: Probability
    """a person charged with possession pleads guilty"""
    plead_supply: ByEffect
    """a person charged with supply pleads guilty to it"""
    plead_down: ByEffect
    """a person charged with supply who does not plead guilty to it pleads guilty to possession instead"""
    custody_uplift: Probability
    """share of contested cases that turn into guilty pleas because the person is held"""
    prove_supply: Belief
    """the state proves supply in a contested hearing"""
    balance_factor: Ratio
    """the same where a balance of probabilities is enough"""
    represented_factor: Ratio
    """chance of conviction for people with their own lawyer"""
    rebut: Probability
    """a person charged under a presumption rebuts it, when the whole holding was for own use"""
    rebut_evidence_factor: Ratio
    """the same when evidence of own use was seen"""
    convict_possession: Probability
    delay: Days
    """from the encounter to the disposition, median, summons or bail"""
    delay_sd: LogSd
    plea_delay: Ratio | None = None
    """time to disposition of cases that are not contested, against others; the same where it is left out"""
    custody_delay: Ratio
    """time to disposition of people held, against others"""


class Band(Model):
    """Sentences for convictions whose maximum is at most so many years."""

    max_years: int
    prison: Probability
    days: Days
    """prison days imposed, median"""
    days_sd: LogSd
    community: Probability
    """community order, of those not imprisoned"""
    fine: Probability
    """fine, of those neither imprisoned nor under an order"""
    fine_amount: Money


class Sentencing(Model):
    """Sentences by offence; supply by the maximum that the law allows."""

    possession: Band
    supply: tuple[Band, ...]

    @model_validator(mode="after")
    def _check(self) -> Sentencing:
        years = [band.max_years for band in self.supply]
        if not years or years != sorted(set(years)):
            raise ValueError("the bands for supply must be in rising order of max_years, at least one")
        return self


class NoticePractice(Model):
    """What becomes of a penalty notice."""

    paid: Probability
    convicted_if_unpaid: Probability
    """an unpaid notice ends in conviction, where the law sends it to court"""
    delay: Days
    """to the conviction"""


class PanelPractice(Model):
    """What an administrative panel does."""

    attend: Probability
    sanction: Probability
    """a person who attends is sanctioned rather than suspended"""
    delay: Days


class Route(Model):
    """Referral on one route."""

    offer: Probability
    accept: Probability


class Referrals(Model):
    """From an offer to the end of a service."""

    police: Route
    caution: Route
    notice: Route
    panel: Route
    diversion: Route
    court: Route
    start: Probability
    """a place is free and the person starts, of those who accepted"""
    finish: Probability
    wait: Days
    duration: Days
    use_reduction: Probability
    """use days avoided while in a service"""


class DropOut(Model):
    """What officials do when someone leaves a service early that was compelled or a condition of avoiding punishment."""

    returned: Probability
    """they act on it, where the law lets something follow"""


class ReviewPractice(Model):
    """What comes of a law's review clause."""

    raise_by: Ratio
    """by how much a review changes amounts where the law itself does not say"""
    least_cases: Count
    """simulated cases without which a review changes nothing: a share of a handful says nothing"""

    @model_validator(mode="after")
    def _check(self) -> ReviewPractice:
        if self.raise_by.range[0] < 1 or self.raise_by.range[1] > 100:
            raise ValueError("raise_by must lie between 1 and 100: the law's action says whether amounts rise or fall")
        return self


class Practice(Model):
    """Everything that officials do, by route."""

    police: PolicePractice
    prosecutor: ProsecutorPractice
    court: CourtPractice
    sentencing: Sentencing
    notice: NoticePractice
    panel: PanelPractice
    referral: Referrals
    assessment: Assessment | None = None
    diversion_conditions: DiversionConditions | None = None
    representation: Representation | None = None
    police_reports: PoliceReports | None = None
    precedent: Precedent | None = None
    sentencing_range: SentencingRange | None = None
    appeal: Appeal | None = None
    prosecutor_queue: Queue | None = None
    """cases that police proceeded against, before prosecutors"""
    queue: CourtQueue | None = None
    sanctions: Sanctions | None = None
    repeat_rules: RepeatRules | None = None
    appointments: Appointments | None = None
    payment: Payment | None = None
    records: RecordEffects | None = None
    expungement: Expungement | None = None
    drop_out: DropOut | None = None
    review: ReviewPractice | None = None


class Costs(Model):
    """Unit costs to the public purse. A fine is income to the state and a cost to the person; it is not netted here."""

    stop: Money
    search: Money
    find: Money
    """seizure, weighing, paperwork"""
    arrest: Money
    caution: Money
    notice: Money
    panel: Money
    prosecution: Money
    """police brief and prosecution of a charge"""
    court: Money
    """a case that ends in a plea or withdrawal"""
    hearing: Money
    """a contested hearing, on top"""
    detention_day: Money
    prison_day: Money
    community_order: Money
    referral: Money
    """an offer that is taken up"""
    service: Money
    """a service started"""
    sanctions: SanctionCosts | None = None

    def unit(self, event: str) -> float:
        """Return the unit cost of an event, in major units; 0 where it stands in a section that is not described."""
        section = self if event in type(self).model_fields else self.sanctions
        return 0.0 if section is None else float(getattr(section, event).value)


assert len(SUPPLY_EVIDENCE) == 5
