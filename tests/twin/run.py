"""The run: day by day, circle by circle, person by person, under one law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from decrimsim.law import Law
from decrimsim.scenario import Scenario, effective
from decrimsim.schema import CHANNELS, REGIONS
from twin import market, review
from twin.adapting import adapt
from twin.consequences import clear_before, keep_record, take_hold
from twin.course import Course
from twin.health import live_on
from twin.justice import judge
from twin.luck import WHOLE, Luck, factor, times
from twin.people import Circle, make_circles, people_rows
from twin.police import effort, finding_rows, meet, stop
from twin.queue import CourtQueue, ProsecutorQueue
from twin.review import Reviewed
from twin.services import PERIOD, Places, close, count, seek, suitable

Rows = list[tuple[object, ...]]
Mode = Literal["closed", "open"]
ACCOUNT = (
    *("own_ug", "circle_ug", "sale_ug", "other_ug"),
    *("bought_ug", "received_ug", "used_ug", "given_ug", "sold_ug", "seized_ug", "delivered_ug", "lost_ug", "unmet_ug"),
)


@dataclass(frozen=True)
class TwinResult:
    """What happened.

    tables    rows of people, encounters, findings, cases and decisions, columns in the order of the schema, sorted
    accounts  person, substance, then the stocks at the end and the flows of ACCOUNT in ug, one row for each habit
    """

    tables: dict[str, Rows]
    accounts: Rows


def simulate(scenario: Scenario, law: Law, people: int, days: int, seed: int, replicate: int, mode: Mode) -> TwinResult:
    """Return what happens to so many people in so many days under one law.

    mode  'closed': custody, services and lost drugs change what people do; 'open': they change nothing
    """
    luck, scenario = Luck(seed, replicate), effective(scenario)
    circles = make_circles(scenario, people, luck)
    log: dict[str, Rows] = {"encounters": [], "findings": [], "cases": [], "decisions": [], "entries": [], "health": []}
    if mode == "closed":
        adapt(scenario, law, circles, luck)
    places, reviewed = Places(scenario, people), Reviewed(scenario, law)
    most_effort = busiest(scenario)
    course, queues = Course(scenario, people, is_felt=mode == "closed"), (ProsecutorQueue(scenario, people), CourtQueue(scenario, people))
    for circle in circles:
        for person in circle.people:
            clear_before(scenario, law, person, luck)
    for day in range(days):
        for circle in circles:
            for person in circle.people:
                market.wake(scenario, person, day)
            if reviewed.has_new_line:
                adapt(scenario, reviewed.law, [circle], luck)
            for person in circle.people:
                log["health"] += live_on(scenario, person, day, luck)
            log["entries"] += seek(scenario, reviewed.law, circle, day, luck, places, mode)
            morning(scenario, circle, day, luck)
            patrol(scenario, reviewed, circle, day, luck, most_effort, mode, log, course, queues, places)
            evening(scenario, circle, day, luck)
        reviewed.has_new_line = False
        if (day + 1) % PERIOD == 0:
            course.end_period()
            if mode == "closed":
                close(scenario, circles, day, places)
                review.close(reviewed, day)
        for queue in queues:
            queue.close(day, has_feedback=mode == "closed")
    log["periods"], log["revisions"] = places.rows, reviewed.rows
    habits = [habit for circle in circles for habit in circle.habits]
    accounts: Rows = [(h.person.id, h.substance, *(getattr(h, name) for name in ACCOUNT)) for h in habits]
    return TwinResult({"people": people_rows(scenario, circles), **{name: sorted(rows) for name, rows in log.items()}}, sorted(accounts))


def busiest(scenario: Scenario) -> dict[tuple[str, str], int]:
    """Return the largest effort of the whole calendar for every region and channel, at least the usual one.

    The calendar and not the horizon: a longer run must begin with the days of the shorter one.
    """
    changes = [day for raid in scenario.market.raids for day in (raid.start_day, raid.end_day + 1)]
    if scenario.market.lockdown is not None:
        changes += [scenario.market.lockdown.start_day, scenario.market.lockdown.end_day + 1]
    most = {(region, channel): max([WHOLE, *(effort(scenario, region, channel, day) for day in changes)]) for region in REGIONS for channel in CHANNELS}
    if scenario.police.hours is not None:
        for region, channel in most:
            if channel not in ("warrant", "events", "transport"):
                most[region, channel] = times(most[region, channel], factor(scenario.police.hours.most.value))
    return most


def morning(scenario: Scenario, circle: Circle, day: int, luck: Luck) -> None:
    """Parcels come home; need and buy."""
    for habit in circle.habits:
        market.deliver(scenario, habit, day, luck)
    for habit in circle.habits:
        market.need(scenario, habit, day, luck)
    market.buy(scenario, circle, day, luck)


def patrol(
    scenario: Scenario,
    reviewed: Reviewed,
    circle: Circle,
    day: int,
    luck: Luck,
    most_effort: dict[tuple[str, str], int],
    mode: Mode,
    log: dict[str, Rows],
    course: Course,
    queues: tuple[ProsecutorQueue, CourtQueue],
    places: Places,
) -> None:
    """Let police meet people, and follow each find to the end of its case."""
    law = reviewed.law
    stops_for_possession = law.data["powers"]["police"]["stop_for_possession"]
    for person in circle.people:
        channel = stop(scenario, stops_for_possession, person, day, luck, most_effort, course.effort, has_feedback=mode == "closed")
        if channel is None:
            continue
        encounter = meet(scenario, person, channel, day, luck)
        log["encounters"].append(encounter.row(day))
        suits = suitable(scenario, person, day, luck, 0) if encounter.find is not None else None
        case = None
        if encounter.find is not None:
            case = judge(scenario, law, encounter.find, day, luck, (queues[0].days, queues[1].days), suits, places.chance.get(suits or "", 65_536))
        course.count(encounter, case)
        count(scenario, places, encounter, case)
        if encounter.find is None or case is None:
            continue
        for queue in queues:
            queue.take(case)
        reviewed.cases.append(case)
        log["findings"] += finding_rows(encounter.find, day)
        log["cases"].append(case.row())
        log["decisions"] += case.decisions
        keep_record(case)
        if mode == "closed":
            take_hold(case)


def evening(scenario: Scenario, circle: Circle, day: int, luck: Luck) -> None:
    """Hand out, sell, share, use and give."""
    market.hand_out(circle, day)
    for habit in circle.habits:
        market.sell(habit, day)
    market.share(scenario, circle, day, luck)
    for habit in circle.habits:
        market.use(habit, day)
    market.give(scenario, circle, day, luck)
