"""The day's end: histories split where laws differ, then custody, seizure and services take hold.

Level 4. A circle splits once a day, one copy for each distinct joint answer of its laws; laws that answer alike stay
together. State that only later decisions read (records) is kept per law beside the row and never splits one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from decrimsim.engine.block import Block
from decrimsim.engine.justice import Consequences
from decrimsim.engine.market import refresh_use
from decrimsim.engine.policing import Finds
from decrimsim.engine.records import RECORDS, cleared_on, who_asks
from decrimsim.engine.rows import equal_rows
from decrimsim.engine.schedule import CUSTODY, HOME, JOB, RECORD, SERVICE, UNRECORD, WAKE
from decrimsim.engine.splitting import split
from decrimsim.engine.strikes import remember

I64 = npt.NDArray[np.int64]


def settle(block: Block, finds: Finds, after: Consequences) -> None:
    """Write the consequences of today's cases back: records always, the rest in closed mode only."""
    _keep_records(block, finds, after)
    if block.setup.mode == "open":
        return
    feedback = after.feedback()
    first, answer_of_case = equal_rows(feedback)
    unique = feedback[first]
    nothing = len(unique)
    number = np.where(unique.any(axis=1), np.arange(nothing), nothing)  # a find without consequences is like no find
    answer_of_case = number[answer_of_case]
    answers = np.full((len(finds.people), block.setup.n_laws), nothing, np.int64)
    case, law = np.nonzero(after.laws)
    answers[after.find[case], law] = answer_of_case[case]
    find, instance = split(block, block.people["circle"][finds.people], answers)
    law = block.circles["laws"][instance].argmax(axis=1)
    answer = answers[find, law]
    keep = answer < nothing
    _take_hold(block, finds, find[keep], instance[keep], unique[answer[keep]])


def _keep_records(block: Block, finds: Finds, after: Consequences) -> None:
    """Count cautions, notices, reports and losses now, and convictions on the day they fall."""
    records = block.people["records"]
    case, law = np.nonzero(after.laws)
    rows = finds.people[after.find[case]]
    flags = {"cautions": after.is_caution, "notices": after.is_notice, "reports": after.is_report}
    flags |= {"job_losses": after.job_day > 0, "home_losses": after.home_day > 0}
    for name, flag in flags.items():
        at = flag[case]
        records[rows[at], law[at], RECORDS.index(name)] += 1
    for counter, flag in after.counted.items():
        at = flag[case]
        remember(block, rows[at], law[at], counter, block.day)
    at = (after.waits_for > 0)[case]
    block.people["waiting"][rows[at], law[at]] = after.waits_for[case[at]]
    _keep_convictions(block, finds, after)


def _keep_convictions(block: Block, finds: Finds, after: Consequences) -> None:
    """Put convictions down for the day they fall, and for the day an appeal or the law takes them off again."""
    case, law = np.nonzero(after.laws & (after.record_day >= 0)[:, None])
    rows, day, is_supply = finds.people[after.find[case]], after.record_day[case], after.record_supply[case]
    block.schedule.add(day, rows, RECORD, is_supply.astype(np.int64), law)
    setup, removed = block.setup, after.unrecord_day[case]
    cleared = cleared_on(setup.scenario, setup.laws, law, day, is_supply, who_asks(block, rows))
    off = np.where(removed >= 0, np.where(cleared >= 0, np.minimum(removed, cleared), removed), cleared)
    gone = off >= 0
    block.schedule.add(off[gone], rows[gone], UNRECORD, is_supply[gone].astype(np.int64), law[gone])


def _take_hold(block: Block, finds: Finds, find: I64, instance: I64, feedback: I64) -> None:
    """Apply custody, prison to come, services to come and seizure to each person found, in each history.

    find, instance  (n,)    the find, and the circle row in which the person stands
    feedback        (n, 8)  as Consequences.feedback
    """
    people, circles = block.people, block.circles
    old_circle = people["circle"][finds.people[find]]
    rows = rows_in(block, finds.people[find], instance)
    custody_until, prison_from, prison_until, service_from, service_until, is_seized, job_day, home_day = feedback.T
    held = custody_until > block.day
    people["free_from"][rows[held]] = np.maximum(people["free_from"][rows[held]], custody_until[held])
    block.schedule.add(custody_until[held], rows[held], WAKE, np.zeros(held.sum(), np.int64))
    refresh_use(block, rows[held])
    for begins, until, kind in ((prison_from, prison_until, CUSTODY), (service_from, service_until, SERVICE)):
        some = begins > 0
        block.schedule.add(begins[some], rows[some], kind, until[some])
    for day, kind in ((job_day, JOB), (home_day, HOME)):
        some = day > 0
        block.schedule.add(day[some], rows[some], kind, np.zeros(some.sum(), np.int64))
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
    habits["other_ug"][at] -= ug[:, 4]
    habits["seized_ug"][at] += ug.sum(axis=1)
