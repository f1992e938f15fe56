"""The day's end: histories split where laws differ, then custody, seizure and services take hold.

Level 4. A circle splits once a day, one copy for each distinct joint answer of its laws; laws that answer alike stay
together. State that only later decisions read (records) is kept per law beside the row and never splits one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from decrimsim.engine.block import RECORDS, Block
from decrimsim.engine.justice import Consequences
from decrimsim.engine.market import refresh_use
from decrimsim.engine.policing import Finds
from decrimsim.engine.rows import ranges
from decrimsim.engine.schedule import CUSTODY, RECORD, SERVICE, WAKE

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


def settle(block: Block, finds: Finds, after: Consequences) -> None:
    """Write the consequences of today's cases back: records always, the rest in closed mode only."""
    _keep_records(block, finds, after)
    if block.setup.mode == "open":
        return
    feedback = after.feedback()
    unique, answer_of_case = np.unique(feedback, axis=0, return_inverse=True)
    nothing = len(unique)
    number = np.where(unique.any(axis=1), np.arange(nothing), nothing)  # a find without consequences is like no find
    answer_of_case = number[answer_of_case.reshape(-1)]
    answers = np.full((len(finds.people), block.setup.n_laws), nothing, np.int64)
    case, law = np.nonzero(after.laws)
    answers[after.find[case], law] = answer_of_case[case]
    find, instance = split(block, finds.people, answers)
    law = block.circles["laws"][instance].argmax(axis=1)
    answer = answers[find, law]
    keep = answer < nothing
    _take_hold(block, finds, find[keep], instance[keep], unique[answer[keep]])


def _keep_records(block: Block, finds: Finds, after: Consequences) -> None:
    """Count cautions, notices and reports now, and convictions on the day they fall."""
    records = block.people["records"]
    for flag, name in ((after.is_caution, "cautions"), (after.is_notice, "notices"), (after.is_report, "reports")):
        case, law = np.nonzero(after.laws & flag[:, None])
        records[finds.people[after.find[case]], law, RECORDS.index(name)] += 1
    case, law = np.nonzero(after.laws & (after.waits_for > 0)[:, None])
    block.people["waiting"][finds.people[after.find[case]], law] = after.waits_for[case]
    case, law = np.nonzero(after.laws & (after.record_day >= 0)[:, None])
    block.schedule.add(after.record_day[case], finds.people[after.find[case]], RECORD, after.record_supply[case].astype(np.int64), law)


@dataclass(frozen=True)
class _Copies:
    """Copies of circles to be made: of which circle, and for which laws."""

    source: I64
    laws: Bool


def split(block: Block, people: I64, answers: I64) -> tuple[I64, I64]:
    """Split the circles whose laws answered differently. Return each person (as found or asked) with each circle row they now stand in.

    people   (n,)       rows of people, a person once
    answers  (n, laws)  joint answer by number; only entries of the circle's own laws matter
    """
    ring = block.people["circle"][people]
    order = np.argsort(ring, kind="stable")
    edges = np.flatnonzero(np.diff(ring[order], prepend=-1, append=-1))
    source: list[int] = []
    laws: list[Bool] = []
    found: list[I64] = [np.arange(len(ring))]
    instance: list[I64] = [ring.copy()]
    own_laws = block.circles["laws"]
    alike = _all_alike(answers, own_laws[ring])
    first_new = block.circles.n
    for start, stop in pairwise(edges):
        mine = order[start:stop]
        if alike[mine].all():
            continue
        circle = int(ring[mine[0]])
        its_laws = np.flatnonzero(own_laws[circle])
        _, group = np.unique(answers[mine][:, its_laws], axis=1, return_inverse=True)
        group = group.reshape(-1)
        stays = group[0]
        for g in range(group.max() + 1):
            if g == stays:
                continue
            mask = np.zeros(answers.shape[1], bool)
            mask[its_laws[group == g]] = True
            found.append(mine)
            instance.append(np.full(len(mine), first_new + len(source)))
            source.append(circle)
            laws.append(mask)
    if source:
        _copy(block, _Copies(np.array(source), np.array(laws)))
    return np.concatenate(found), np.concatenate(instance)


def _all_alike(answers: I64, laws: Bool) -> Bool:
    """Return for which finds all their circle's laws gave the same answer."""
    first = np.take_along_axis(answers, laws.argmax(axis=1)[:, None], axis=1)
    alike: Bool = ((answers == first) | ~laws).all(axis=1)
    return alike


def _copy(block: Block, copies: _Copies) -> None:
    """Append copies of circles with their people and habits, and take the copies' laws from their sources."""
    circles, people, habits = block.circles, block.people, block.habits
    source = copies.source
    person_rows, of_person = ranges(circles["first_person"][source], circles["n_people"][source])
    habit_rows, of_habit = ranges(circles["first_habit"][source], circles["n_habits"][source])
    first_person, first_habit = people.n, habits.n
    person_counts, habit_counts = circles["n_people"][source], circles["n_habits"][source]
    new_first_person = first_person + np.cumsum(person_counts) - person_counts
    new_first_habit = first_habit + np.cumsum(habit_counts) - habit_counts
    person_shift = new_first_person - circles["first_person"][source]
    habit_shift = new_first_habit - circles["first_habit"][source]

    first_circle = circles.append(source)
    circles["first_person"][first_circle:] = new_first_person
    circles["first_habit"][first_circle:] = new_first_habit
    circles["laws"][first_circle:] = copies.laws
    np.logical_and.at(circles["laws"], source, ~copies.laws)
    people.append(person_rows)
    people["circle"][first_person:] = first_circle + of_person
    people["first_habit"][first_person:] += habit_shift[of_person]
    habits.append(habit_rows)
    habits["owner"][first_habit:] += person_shift[of_habit]
    block.schedule.copy_rows(person_rows, first_person, copies.laws[of_person], block.day)
    block.today.needs = np.append(block.today.needs, first_habit + np.flatnonzero(habits["dose_today_ug"][first_habit:] > 0))
    block.today.orders = np.append(block.today.orders, first_habit + np.flatnonzero(habits["order_ug"][first_habit:] > 0))


def _take_hold(block: Block, finds: Finds, find: I64, instance: I64, feedback: I64) -> None:
    """Apply custody, prison to come, services to come and seizure to each person found, in each history.

    find, instance  (n,)    the find, and the circle row in which the person stands
    feedback        (n, 6)  as Consequences.feedback
    """
    people, circles = block.people, block.circles
    old_circle = people["circle"][finds.people[find]]
    rows = rows_in(block, finds.people[find], instance)
    custody_until, prison_from, prison_until, service_from, service_until, is_seized = feedback.T
    held = custody_until > block.day
    people["free_from"][rows[held]] = np.maximum(people["free_from"][rows[held]], custody_until[held])
    block.schedule.add(custody_until[held], rows[held], WAKE, np.zeros(held.sum(), np.int64))
    refresh_use(block, rows[held])
    for begins, until, kind in ((prison_from, prison_until, CUSTODY), (service_from, service_until, SERVICE)):
        some = begins > 0
        block.schedule.add(begins[some], rows[some], kind, until[some])
    taken = is_seized > 0
    _seize(block, finds, find[taken], circles["first_habit"][instance[taken]] - circles["first_habit"][old_circle[taken]])


def rows_in(block: Block, people: I64, circles: I64) -> I64:
    """Return the rows of people (n,) in other copies of their circles (n,)."""
    first = block.circles["first_person"]
    rows: I64 = people - first[block.people["circle"][people]] + first[circles]
    return rows


def _seize(block: Block, finds: Finds, find: I64, shift: I64) -> None:
    """Take what was found from the stocks it was found in."""
    habits = block.habits
    i, s = np.nonzero(finds.holding.ug[find].sum(axis=2) > 0)
    ug = finds.holding.ug[find[i], s]
    at = finds.holding.habit[find[i], s] + shift[i]
    habits["own_ug"][at] -= ug[:, 0]
    habits["circle_ug"][at] -= ug[:, 1]
    habits["sale_ug"][at] -= ug[:, 2] + ug[:, 3]
    habits["seized_ug"][at] += ug.sum(axis=1)
