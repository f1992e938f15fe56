"""Cases as a queue: opened, closed and pending by day, time to resolution, and time held before trial.

Level 5. A case is in process when police summon or arrest somebody or send them to a panel, until its last decision. Cases
still open on the last day are censored, not dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from decrimsim.measures import rows
from decrimsim.measures.people import sums
from decrimsim.schema import POLICE, SENTENCE
from decrimsim.tables import Table

Int = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]

HELD = ("detained", "detained_without_custody", "days_of_detained_without_custody", "fines_minor", "days_of_detained")


@dataclass(frozen=True, eq=False)
class Process:
    """Whole numbers of one replicate, by law.

    opened     (laws, days)      cases that began on the day
    closed     (laws, days)      cases whose last decision fell on the day; later ones are pending
    times      (laws, 2, days + 1)  cases by days in process: resolved; and still pending on the last day
    held       (laws, HELD)      cases of people refused bail, those that ended without prison, their days; fines and notices to pay; days of the
                                 first. Days in cells of people who were not refused bail are none of these.
    """

    opened: Int32
    closed: Int32
    times: Int32
    held: Int


def process(cases: Table, days: int) -> Process:
    """Return the process measures of the cases of a run of so many days."""
    n_laws, columns = cases.n_laws, cases.columns
    in_process = rows.is_one_of(columns["police"], POLICE, "panel", "summons", "arrest")
    row, law = np.nonzero(cases.flags() & in_process[:, None])
    begins, ends = columns["day"].astype(np.int64)[row], columns["closed_day"].astype(np.int64)[row]
    is_done = ends < days
    time = np.where(is_done, ends, days) - begins
    opened = np.bincount(law * days + begins, minlength=n_laws * days)
    closed = np.bincount((law * days + ends)[is_done], minlength=n_laws * days)
    times = np.bincount((law * 2 + ~is_done) * (days + 1) + time, minlength=n_laws * 2 * (days + 1))
    detained = columns["is_detained"].astype(bool)
    free_end = detained & ~rows.is_one_of(columns["sentence"], SENTENCE, "prison")
    days_held = columns["detention_days"].astype(np.int64)
    held = np.stack([detained, free_end, free_end * days_held, columns["fine_minor"].astype(np.int64), detained * days_held], axis=1)
    return Process(
        opened.reshape(n_laws, days).astype(np.int32),
        closed.reshape(n_laws, days).astype(np.int32),
        times.reshape(n_laws, 2, days + 1).astype(np.int32),
        sums(held, cases.flags()),
    )


def backlog(opened: npt.NDArray[np.integer], closed: npt.NDArray[np.integer]) -> Int:
    """Return cases pending at the end of each day (..., days).

    Little's law holds exactly: its sum over days is the sum of the days in process, resolved and pending cases together.
    """
    pending: Int = np.cumsum(opened.astype(np.int64) - closed.astype(np.int64), axis=-1)
    return pending


def survival(times: npt.NDArray[np.integer]) -> list[Fraction]:
    """Return the Kaplan–Meier share of cases still open after 0, 1, 2 ... days, exactly; times (2, days + 1): resolved, censored."""
    at_risk, left, out = int(times.sum()), Fraction(1), []
    for resolved, censored in times.T.tolist():
        if at_risk and resolved:
            left *= Fraction(at_risk - resolved, at_risk)
        out.append(left)
        at_risk -= resolved + censored
    return out


def median_time(times: npt.NDArray[np.integer]) -> int | None:
    """Return the first day after which half of the cases or fewer are still open (Kaplan–Meier); None if it never comes."""
    return next((day for day, left in enumerate(survival(times)) if left <= Fraction(1, 2)), None)


def mean_time_in_run(opened: npt.NDArray[np.integer], closed: npt.NDArray[np.integer]) -> Fraction | None:
    """Return the mean days in process inside the run: by Little's law, total backlog over cases opened."""
    n = int(opened.sum())
    return Fraction(int(backlog(opened, closed).sum()), n) if n else None
