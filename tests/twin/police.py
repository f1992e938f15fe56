"""Encounters: who is stopped and how, what they have along, who is searched and found, and what police see."""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim.law import FORMS
from decrimsim.scenario import Scenario
from decrimsim.scenario.practice import ByGroup
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
    is_violent: bool

    def row(self, day: int) -> tuple[object, ...]:
        """Return the row of the table of encounters."""
        return (self.person.id, day, CHANNELS.index(self.channel), self.has_cue, self.is_searched, self.find is not None, self.is_violent)


def effort(scenario: Scenario, region: str, channel: str, day: int) -> int:
    """Return how much more (in 1/65536) a channel is worked than usual: less in a lockdown, more in a raid."""
    times_usual = 1.0
    if in_lockdown(scenario, day) and scenario.market.lockdown is not None and channel in ("street", "dog"):
        times_usual = times_usual * scenario.market.lockdown.public_time.value
    if in_raid(scenario, region, day) and channel in ("street", "trip", "purchase"):
        times_usual = times_usual * scenario.police.raid_factor.value
    return factor(times_usual)


def usual_chances(scenario: Scenario, person: Person, *, has_feedback: bool) -> dict[str, int]:
    """Return the chance (in 2**-32) of each channel for a person on a usual day; where a record has effects, by what it is today."""
    if scenario.practice.records is None or not has_feedback:
        return chances_of(scenario, person, is_convicted=person.had_conviction, is_homeless=person.has_no_safe_home)
    return chances_of(scenario, person, is_convicted=person.convictions > 0, is_homeless=person.is_homeless)


def widest_chances(scenario: Scenario, person: Person) -> dict[str, int]:
    """Return the largest chance of each channel that a person may come to have."""
    if scenario.practice.records is None:
        return usual_chances(scenario, person, has_feedback=False)
    states = [
        chances_of(scenario, person, is_convicted=convicted, is_homeless=homeless or person.has_no_safe_home)
        for convicted in (False, True)
        for homeless in (False, True)
    ]
    return {channel: max(state[channel] for state in states) for channel in CHANNELS}


def chances_of(scenario: Scenario, person: Person, *, is_convicted: bool, is_homeless: bool) -> dict[str, int]:
    """Return the chance (in 2**-32) of each channel with or without a conviction and a safe home."""
    police, carrying, region = scenario.police, scenario.carrying, person.region
    group = 1.0
    for axis, category in person.categories.items():
        by_category = police.stop_factor.get(axis, {})
        group = group * (by_category[category].value if category in by_category else 1.0)
    if is_homeless:
        group = group * police.no_safe_home_factor.value
    if is_convicted:
        group = group * police.prior_factor.value
    minutes = carrying.no_safe_home_minutes.value if is_homeless else getattr(carrying.public_minutes, region).value
    a_minute = police.street.value / 60000.0
    chances = {
        "warrant": getattr(police.warrant, person.role).value / 365.0,
        "street": a_minute * minutes * group,
        "dog": getattr(police.dog, region).value / 365.0 * group,
        "trip": a_minute * police.trip_factor.value * getattr(carrying.trip_minutes, region).value * group,
        "purchase": police.purchase.value / 1000.0 * group,
    }
    if police.strategies is not None:
        way = police.strategies.known[police.strategies.chosen]
        for channel in chances:
            chances[channel] = chances[channel] * getattr(way, channel).value
            if is_homeless and channel != "warrant":
                chances[channel] = chances[channel] * way.no_safe_home.value
    for place in ("events", "transport"):
        venue = getattr(police, place)
        chances[place] = getattr(venue.checks, region).value / 365.0 * group if venue else 0.0
    return {channel: round(min(chances[channel], 1.0) * 2**32) for channel in CHANNELS}


def at(scenario: Scenario, what: str, channel: str) -> float:
    """Return a chance at a channel: events and transport have sections of their own."""
    police = scenario.police
    if channel in ("events", "transport"):
        return float(getattr(getattr(police, channel), what).value)
    return float(getattr(getattr(police, what), channel).value)


def channel_of(scenario: Scenario, person: Person, draw: int, most_effort: dict[tuple[str, str], int]) -> tuple[str, int] | None:
    """Return the channel into whose room a draw falls, and how far into it; None beyond the last room.

    Rooms stand side by side in the order of CHANNELS, each as wide as the channel's chance on the busiest day, so that a
    draw means the same channel on every day and under every law.
    """
    start = 0
    if not person.widest:
        person.widest = widest_chances(scenario, person)
    for channel, p32 in person.widest.items():
        end = min(start + times(p32, most_effort[person.region, channel]), 2**32)
        if draw < end:
            return channel, draw - start
        start = end
    return None


def stop(
    scenario: Scenario,
    stops_for_possession: bool,
    person: Person,
    day: int,
    luck: Luck,
    most_effort: dict[tuple[str, str], int],
    effort_of_law: int,
    *,
    has_feedback: bool,
) -> str | None:
    """Return the channel by which police meet a person today, if they do.

    effort_of_law  what the officers' hours left allow under this law, in 1/65536 of the usual effort; warrants and venues do not follow it
    """
    room = channel_of(scenario, person, luck.number32("day.encounter", person.id, day), most_effort)
    if room is None:
        return None
    channel, offset = room
    p32 = times(usual_chances(scenario, person, has_feedback=has_feedback)[channel], effort(scenario, person.region, channel, day))
    if channel not in ("warrant", "events", "transport"):
        p32 = times(p32, effort_of_law)
    strategies = scenario.police.strategies
    stands_down = strategies is not None and strategies.known[strategies.chosen].stands_down
    if stands_down or not stops_for_possession:
        p32 = times(p32, factor(at(scenario, "supply_suspicion", channel)))
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
    p_carry = at(scenario, "p_carry", channel) if channel in ("events", "transport") else scenario.carrying.p_carry.value
    if luck.uniform("police.carry", person.id, day) < p_carry:
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
    holdings = carried(scenario, person, channel, day, luck)
    cue = has_cue(scenario, person, channel, holdings, day, luck)
    p_search = at(scenario, "search_cue" if cue else "search", channel)
    is_searched = luck.uniform("police.search", person.id, day) < p_search
    seen = [
        holding
        for holding in holdings
        if is_searched and holding.total_ug > 0 and luck.uniform("police.find", person.id, day, k=holding.habit.substance) < at(scenario, "find", channel)
    ]
    find = Find(person, [weigh(scenario, holding, day, luck) for holding in seen], *evidence(scenario, person, day, luck)) if seen else None
    return Encounter(person, channel, cue, is_searched, find, meets_violence(scenario, person, is_searched, day, luck))


def meets_violence(scenario: Scenario, person: Person, is_searched: bool, day: int, luck: Luck) -> bool:
    """Tell whether officers are violent or abusive at a stop."""
    violence = scenario.practice.police.violence
    if violence is None:
        return False
    p = violence.search.value if is_searched else violence.stop.value
    return luck.uniform("police.violence", person.id, day) < p * of_groups(violence.group_factor, person)


def of_groups(factors: ByGroup, person: Person) -> float:
    """Return the product of the factors of a person's groups; groups not named count 1."""
    product = 1.0
    for axis, category in person.categories.items():
        if category in factors.get(axis, {}):
            product = product * factors[axis][category].value
    return product


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
