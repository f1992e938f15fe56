"""Encounters: who is stopped and how, what they have along, who is searched and found, and what police see."""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim.law import FORMS
from decrimsim.scenario import Scenario
from decrimsim.schema import CHANNELS, PURPOSES, REASONS, SUPPLY_EVIDENCE
from twin.luck import WHOLE, Luck, factor, times, weighing
from twin.market import in_lockdown, in_raid, substance_of
from twin.people import Habit, Person


@dataclass
class Holding:
    """What a search could find of one habit, by purpose, in micrograms."""

    habit: Habit
    own_ug: int = 0
    circle_ug: int = 0
    sale_ug: int = 0
    other_ug: int = 0

    @property
    def total_ug(self) -> int:
        return self.own_ug + self.circle_ug + self.sale_ug + self.other_ug

    def by_purpose(self) -> dict[str, int]:
        """Return the amounts by purpose: what is for sale is for profit, or to fund own use, by the habitual role."""
        for_profit = self.habit.person.role == "commercial"
        amounts = (self.own_ug, self.circle_ug, 0 if for_profit else self.sale_ug, self.sale_ug if for_profit else 0, self.other_ug)
        return dict(zip(PURPOSES, amounts, strict=True))


@dataclass
class Weighed:
    """One substance found, as officials know it."""

    holding: Holding
    measured_ug: int
    pure_ug: int
    units: int


@dataclass
class Find:
    """A person found with drugs, and the evidence found with them."""

    person: Person
    lots: list[Weighed]
    n_supply_evidence: int
    has_use_evidence: bool


@dataclass
class Encounter:
    """A person was stopped."""

    person: Person
    channel: str
    has_cue: bool
    is_searched: bool
    find: Find | None

    def row(self, day: int) -> tuple[object, ...]:
        """Return the row of the table of encounters."""
        return (self.person.id, day, CHANNELS.index(self.channel), self.has_cue, self.is_searched, self.find is not None)


def effort(scenario: Scenario, region: str, channel: str, day: int) -> int:
    """Return how much more (in 1/65536) a channel is worked than usual: less in a lockdown, more in a raid."""
    times_usual = 1.0
    if in_lockdown(scenario, day) and scenario.market.lockdown is not None and channel in ("street", "dog"):
        times_usual = times_usual * scenario.market.lockdown.public_time.value
    if in_raid(scenario, region, day) and channel in ("street", "trip", "purchase"):
        times_usual = times_usual * scenario.police.raid_factor.value
    return factor(times_usual)


def usual_chances(scenario: Scenario, person: Person) -> dict[str, int]:
    """Return the chance (in 2**-32) of each channel for a person on a usual day."""
    police, carrying, region = scenario.police, scenario.carrying, person.region
    group = 1.0
    for axis, category in person.categories.items():
        by_category = police.stop_factor.get(axis, {})
        group = group * (by_category[category].value if category in by_category else 1.0)
    if person.has_no_safe_home:
        group = group * police.no_safe_home_factor.value
    if person.had_conviction:
        group = group * police.prior_factor.value
    minutes = carrying.no_safe_home_minutes.value if person.has_no_safe_home else getattr(carrying.public_minutes, region).value
    a_minute = police.street.value / 60000.0
    chances = {
        "warrant": getattr(police.warrant, person.role).value / 365.0,
        "street": a_minute * minutes * group,
        "dog": getattr(police.dog, region).value / 365.0 * group,
        "trip": a_minute * police.trip_factor.value * getattr(carrying.trip_minutes, region).value * group,
        "purchase": police.purchase.value / 1000.0 * group,
    }
    return {channel: round(min(chances[channel], 1.0) * 2**32) for channel in CHANNELS}


def channel_of(scenario: Scenario, person: Person, draw: int, most_effort: dict[tuple[str, str], int]) -> tuple[str, int] | None:
    """Return the channel into whose room a draw falls, and how far into it; None beyond the last room.

    Rooms stand side by side in the order of CHANNELS, each as wide as the channel's chance on the busiest day, so that a
    draw means the same channel on every day and under every law.
    """
    start = 0
    for channel, p32 in usual_chances(scenario, person).items():
        end = min(start + times(p32, most_effort[person.region, channel]), 2**32)
        if draw < end:
            return channel, draw - start
        start = end
    return None


def stop(scenario: Scenario, stops_for_possession: bool, person: Person, day: int, luck: Luck, most_effort: dict[tuple[str, str], int]) -> str | None:
    """Return the channel by which police meet a person today, if they do."""
    room = channel_of(scenario, person, luck.number32("day.encounter", person.id, day), most_effort)
    if room is None:
        return None
    channel, offset = room
    p32 = times(usual_chances(scenario, person)[channel], effort(scenario, person.region, channel, day))
    if not stops_for_possession:
        p32 = times(p32, factor(getattr(scenario.police.supply_suspicion, channel).value))
    is_out = channel not in ("trip", "purchase") or person.trip_day == day
    return channel if offset < p32 and is_out and person.is_free(day) else None


def carried(scenario: Scenario, person: Person, channel: str, day: int, luck: Luck) -> list[Holding]:
    """Return what a search could find.

    A warrant finds everything at home. On the way home from a purchase there is what was bought today. At other moments in
    public a person may have something along: of their own stock as much as they usually carry, of stock for sale a day's sales.
    """
    if channel == "warrant":
        return [Holding(h, h.own_ug, h.circle_ug, h.sale_ug, h.other_ug) for h in person.habits]
    if channel in ("trip", "purchase"):
        bought = [h if h.buy_day == day else None for h in person.habits]
        return [
            Holding(h, min(h.own_ug, h.bought_own_ug) if b else 0, h.circle_ug, min(h.sale_ug, h.bought_sale_ug) if b else 0, h.other_ug)
            for h, b in zip(person.habits, bought, strict=True)
        ]
    if luck.uniform("police.carry", person.id, day) < scenario.carrying.p_carry.value:
        return [Holding(h, min(h.own_ug, h.carry_ug), 0, min(h.sale_ug, h.carry_sale_ug)) for h in person.habits]
    return [Holding(h) for h in person.habits]


def has_cue(scenario: Scenario, person: Person, channel: str, holdings: list[Holding], day: int, luck: Luck) -> bool:
    """Tell whether an odour, a dog or an observed purchase points at drugs: the only way in which hidden drugs matter."""
    held = [holding.habit for holding in holdings if holding.total_ug > 0]
    alert = channel == "dog" and held and luck.uniform("police.cue", person.id, day) < scenario.police.dog_alert.value
    smells = any(luck.uniform("police.cue", person.id, day, k=1 + h.substance) < substance_of(scenario, h).odour.value for h in held)
    return bool(alert) or (smells and channel != "warrant") or channel == "purchase"


def meet(scenario: Scenario, person: Person, channel: str, day: int, luck: Luck) -> Encounter:
    """Return an encounter: searched or not, found with something or not."""
    police = scenario.police
    holdings = carried(scenario, person, channel, day, luck)
    cue = has_cue(scenario, person, channel, holdings, day, luck)
    p_search = getattr(police.search_cue if cue else police.search, channel).value
    is_searched = luck.uniform("police.search", person.id, day) < p_search
    seen = [
        holding
        for holding in holdings
        if is_searched and holding.total_ug > 0 and luck.uniform("police.find", person.id, day, k=holding.habit.substance) < getattr(police.find, channel).value
    ]
    find = Find(person, [weigh(scenario, holding, day, luck) for holding in seen], *evidence(scenario, person, day, luck)) if seen else None
    return Encounter(person, channel, cue, is_searched, find)


def weigh(scenario: Scenario, holding: Holding, day: int, luck: Luck) -> Weighed:
    """Return what the scales and the laboratory say; forms sold in dose units are counted."""
    habit, substance = holding.habit, substance_of(scenario, holding.habit)
    wrong_by = weighing(scenario.police.weighing_sd.value, luck.quantile("police.weigh", habit.person.id, day, k=habit.substance))
    measured_ug = max(times(holding.total_ug, wrong_by), 1)
    is_counted = FORMS[habit.form] in substance.counted_forms
    return Weighed(holding, measured_ug, times(measured_ug, factor(purity(scenario, habit))), holding.total_ug // substance.unit.ug if is_counted else 0)


def purity(scenario: Scenario, habit: Habit) -> float:
    """Return the active share of what a person has: of its form where that has one of its own."""
    by_form = (scenario.market.purity_by_form or {}).get(list(scenario.substances)[habit.substance], {})
    return by_form[FORMS[habit.form]].value if FORMS[habit.form] in by_form else substance_of(scenario, habit).purity.value


def evidence(scenario: Scenario, person: Person, day: int, luck: Luck) -> tuple[int, bool]:
    """Return the kinds of evidence of supply that were seen, and whether any evidence of own use was."""
    chances = scenario.evidence
    u = [luck.uniform("evidence", person.id, day, k) for k in range(len(SUPPLY_EVIDENCE) + 3)]
    n_supply = sum(1 for k, item in enumerate(SUPPLY_EVIDENCE) if u[k] < getattr(getattr(chances, item), person.role).value)
    paraphernalia, dependence, history = u[len(SUPPLY_EVIDENCE) :]
    own_use = paraphernalia < getattr(chances.paraphernalia, person.role).value
    own_use = own_use or (person.is_dependent and dependence < chances.dependence.value)
    return n_supply, own_use or history < chances.history.value


def finding_rows(find: Find, day: int) -> list[tuple[object, ...]]:
    """Return the rows of the table of findings, one for each substance."""
    rows: list[tuple[object, ...]] = []
    for lot in find.lots:
        habit = lot.holding.habit
        flags = sum(1 << REASONS.index(reason) for reason in habit.reasons)
        what = (habit.substance, habit.form, lot.holding.total_ug, lot.measured_ug, lot.pure_ug, lot.units)
        rows.append((find.person.id, day, *what, *lot.holding.by_purpose().values(), flags))
    return rows


assert factor(1) == WHOLE
