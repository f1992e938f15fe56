"""Splitting histories: a circle is copied for each distinct joint answer of its laws; laws that answer alike stay together.

Level 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from decrimsim.engine.rows import equal_rows, ranges

if TYPE_CHECKING:
    from decrimsim.engine.block import Block

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Copies:
    """Copies of circles to be made: of which circle, and for which laws."""

    source: I64
    laws: Bool


def split(block: Block, ring: I64, answers: I64) -> tuple[I64, I64]:
    """Split the circles whose laws answered differently. Return each question with each circle row it now stands in.

    ring     (questions,)       circle of each question: a find, a habit
    answers  (questions, laws)  joint answer by number; only entries of the circle's own laws matter
    """
    own_laws = block.circles["laws"]
    everywhere = np.arange(len(ring))
    split_rings = np.unique(ring[~_all_alike(answers, own_laws[ring])])
    if not len(split_rings):
        return everywhere, ring
    order = np.argsort(ring, kind="stable")
    start, stop = (np.searchsorted(ring[order], split_rings, side=side) for side in ("left", "right"))
    asked, of_circle = ranges(start, stop - start)
    circle, laws = _leaving(answers[order[asked]], of_circle, asked - start[of_circle], own_laws[split_rings])
    question, copy = ranges(start[circle], (stop - start)[circle])
    instance = block.circles.n + copy
    _copy(block, _Copies(split_rings[circle], laws))
    return np.concatenate([everywhere, order[question]]), np.concatenate([ring, instance])


def _all_alike(answers: I64, laws: Bool) -> Bool:
    """Return for which questions all their circle's laws gave the same answer."""
    first = np.take_along_axis(answers, laws.argmax(axis=1)[:, None], axis=1)
    alike: Bool = ((answers == first) | ~laws).all(axis=1)
    return alike


def _leaving(answers: I64, of_circle: I64, place: I64, own_laws: Bool) -> tuple[I64, Bool]:
    """Return the copies that circles need: the circle (copies,) of each, and its laws (copies, laws); the first own law of a circle stays.

    answers    (questions, laws)
    of_circle  (questions,)  number of the circle of each question; place: (questions,) the question's place among those of its circle
    own_laws   (circles, laws)
    """
    n_circles, n_laws = own_laws.shape
    joint = np.zeros((n_circles, n_laws, 1 + place.max()), np.int64)
    joint[of_circle, :, place] = answers
    circle, law = np.nonzero(own_laws)
    first, which = equal_rows(np.column_stack([circle, joint[circle, law]]))
    speaker = first[which]  # the first pair of a circle and a law that gives the same answers
    leaves = speaker != np.searchsorted(circle, circle)
    copies, copy = np.unique(speaker[leaves], return_inverse=True)
    laws = np.zeros((len(copies), n_laws), bool)
    laws[copy, law[leaves]] = True
    return circle[copies], laws


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
