"""What people make of the line of the law in force: before the first day and after each review that changed it, person by person."""

from __future__ import annotations

from decrimsim.law import FORMS, Law
from decrimsim.law.evaluate import Lot, classify
from decrimsim.law.words import canonical
from decrimsim.scenario import Scenario
from twin.luck import Luck, factor, lognormal, times, whole_steps
from twin.people import EVERYTHING, Circle, Habit, Person
from twin.police import purity

NO_LINE = 2**62
TONNES = 10**14
"""100 tonnes: nobody holds as much"""
ANSWERS = ("carry_ug", "carry_sale_ug", "afford_ug", "restock_ug", "together_ug")
STEPS = {"none": 0, "administrative": 1, "possession": 2}


def adapt(scenario: Scenario, law: Law, circles: list[Circle], luck: Luck) -> None:
    """Let people who know the line answer to it, and suppliers who pack below it; an earlier answer is forgotten."""
    for habit in [habit for circle in circles for habit in circle.habits]:
        for name in ANSWERS:
            setattr(habit, name, habit.usual.setdefault(name, getattr(habit, name)))
    response, packing = scenario.people.response, scenario.market.packing
    kind = response.kind if response is not None else "fixed"
    if kind == "unaware":
        return
    lines: dict[tuple[int, int], int] = {}
    for person in [person for circle in circles for person in circle.people]:
        answers = response is not None and kind != "fixed" and luck.happens(response.aware.value, "people.awareness", person.id, k=0)
        packs = packing is not None and luck.happens(packing.share.value, "people.awareness", person.id, k=3)
        packs = packs and person.role in ("user_dealer", "commercial")
        person.knows_line = person.knows_line or answers or packs
        for habit in person.habits if answers or packs else []:
            of_law = known_line(lines, scenario, law, habit)
            line = as_known(scenario, person, of_law, luck)
            if line != NO_LINE:
                change(scenario, habit, line, kind if answers and habit.p_use32 > 0 else "", packs and habit.restock_ug > 0)


def known_line(lines: dict[tuple[int, int], int], scenario: Scenario, law: Law, habit: Habit) -> int:
    """Return the line of a habit's drug, looked for once."""
    drug = (habit.substance, habit.form)
    if drug not in lines:
        lines[drug] = line_of(scenario, law, habit)
    return lines[drug]


def change(scenario: Scenario, habit: Habit, line: int, kind: str, packs: bool) -> None:
    """Change what a person carries or buys, to stay just below the line: in whole units carried, in whole deals bought, at least one."""
    substance = list(scenario.substances.values())[habit.substance]
    below = (line - 1) // substance.unit.ug * substance.unit.ug
    in_deals = max((line - 1) // substance.deal.ug, 1) * substance.deal.ug
    carries_all = habit.carry_ug == EVERYTHING
    if kind == "carry_less" and not habit.person.is_homeless and (not carries_all or below < 2 * most_wanted(scenario, habit)):
        habit.carry_ug = min(habit.carry_ug, below)
    if kind == "buy_smaller":
        habit.afford_ug = min(habit.afford_ug, in_deals)
    others = [h for h in habit.person.circle.habits if h is not habit and h.substance == habit.substance]
    if kind == "split_among_friends" and below < most_wanted(scenario, habit) + sum(h.size_ug for h in others):
        habit.together_ug = below
    if packs:
        habit.restock_ug = min(habit.restock_ug, in_deals)
        if not habit.person.is_homeless:
            habit.carry_sale_ug = min(habit.carry_sale_ug, below)
            if habit.p_use32 > 0:
                habit.carry_ug = min(habit.carry_ug, below - habit.carry_sale_ug)


def most_wanted(scenario: Scenario, habit: Habit) -> int:
    """Return the most that a person could want to buy at once: with every reason that may ever hold for them, and for another as well."""
    market, person, deal_ug = scenario.market, habit.person, list(scenario.substances.values())[habit.substance].deal.ug
    reasons = []
    if person.region == "remote":
        reasons.append(market.remote_factor)
    if person.is_bulk_buyer:
        reasons.append(market.bulk_factor)
    if market.lockdown is not None and person.is_stocker:
        reasons.append(market.lockdown.stock_factor)
    if person.raid_response == "buy_more":
        reasons.append(market.raid_factor)
    if market.calendar is not None:
        reasons += [rule.factor for name, rule in market.calendar.buying_days.items() if name in person.buying_days]
    reasons += [shortage.stock_factor for k, shortage in enumerate(market.shortages) if k in person.stocks_up_in]
    if market.online is not None and habit.is_online:
        reasons.append(market.online.factor)
    size = habit.size_ug
    for reason in reasons:
        size = times(size, factor(max(reason.value, 1.0)))
    for_another = whole_steps(times(habit.size_ug, factor(market.copping.factor.value)), deal_ug) if market.copping is not None else 0
    return whole_steps(size, deal_ug) + deal_ug + for_another


def as_known(scenario: Scenario, person: Person, line: int, luck: Luck) -> int:
    """Return the line as a person knows it."""
    response = scenario.people.response
    if response is None or line == NO_LINE or not luck.happens(response.mistaken.value, "people.awareness", person.id, k=1):
        return line
    wrong_by = lognormal(response.mistake_sd.value, luck.quantile("people.awareness", person.id, k=2))
    return max(times(line, min(wrong_by, EVERYTHING // line)), 1)


def line_of(scenario: Scenario, law: Law, habit: Habit) -> int:
    """Return the smallest weight of a habit's drug, alone, that reaches the first tier at which the law says more than for next to nothing."""
    least = rule_of(law, law.tiers[0])
    first = next((i for i, tier in enumerate(law.tiers) if is_more(least, rule_of(law, tier))), None)
    if first is None:
        return NO_LINE
    low, high = 0, TONNES + 1
    while high - low > 1:
        middle = (low + high) // 2
        if tier_of(scenario, law, habit, middle) >= first:
            high = middle
        else:
            low = middle
    return high if high <= TONNES else NO_LINE


def is_more(least: tuple[bool, int], now: tuple[bool, int]) -> bool:
    """Tell whether a law presumes supply where it did not, or has a more serious offence of own use."""
    return (now[0] and not least[0]) or now[1] > least[1]


def rule_of(law: Law, tier: str) -> tuple[bool, int]:
    """Return whether a law presumes or concludes supply in a tier, and how serious own use is."""
    rule = law.data["effects"][tier]
    return rule["type"] in ("presumption", "conclusive") and rule["supply"] == "supply", STEPS[rule["own_use"]]


def tier_of(scenario: Scenario, law: Law, habit: Habit, ug: int) -> int:
    """Return the place of the tier that a weight of a habit's drug reaches alone, -1 where the law does not cover it."""
    name, substance = list(scenario.substances.items())[habit.substance]
    units = ug // substance.unit.ug if FORMS[habit.form] in substance.counted_forms else 0
    found = classify(law, (Lot(canonical(name), FORMS[habit.form], ug, times(ug, factor(purity(scenario, habit))), units),), {})
    return law.tiers.index(found.tier) if found.is_regulated else -1
