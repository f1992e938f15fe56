"""A block: some thousands of whole circles and everything that is true of them today, under every law.

Level 4. A row of ``circles``, ``people`` and ``habits`` belongs to one history: the laws in ``circles['laws']``. A circle's
people and habits stand together. Rows are appended when a history splits and never move.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.bounds import prove_bounds
from decrimsim.engine.course import Counts, Course, OfficerTime, officer_time
from decrimsim.engine.hazards import Hazards, hazards
from decrimsim.engine.lines import Reviews, reviews
from decrimsim.engine.places import ServiceNumbers, service_numbers, use_left_q16
from decrimsim.engine.practice import practice_numbers
from decrimsim.engine.rows import Rows
from decrimsim.engine.schedule import Schedule
from decrimsim.kernels.decisions import PracticeNumbers
from decrimsim.law import CompiledLaws, Law, compile_laws
from decrimsim.population import make_people
from decrimsim.scenario.model import Scenario
from decrimsim.scenario.switched import effective
from decrimsim.schema import CHANNELS
from decrimsim.tables import Columns
from decrimsim.world import World, compile_world

I64 = npt.NDArray[np.int64]

RECORDS = ("cautions", "notices", "reports", "convictions", "supply_convictions")
NEVER_DAY = np.int32(-1)
NEVER_FREE = np.int32(2**31 - 1)
"""First free day of people who have died: they stay in the rows and do nothing more."""


@dataclass(frozen=True)
class Setup:
    """What is the same for all blocks and replicates of a run."""

    scenario: Scenario
    """as it is simulated: what is switched off is not in it"""
    world: World
    practice: PracticeNumbers
    laws: CompiledLaws
    days: int
    seed: int
    mode: Literal["closed", "open"]
    dose_tables: I64 = field(repr=False)
    """(substances x 65536,) factors of the day, flat"""
    by_substance: dict[str, I64] = field(repr=False)
    """(substances,) unit_ug, deal_ug, binge32, binge_q16, purity_q16"""
    law_files: tuple[Law, ...] = field(repr=False)
    reviews: Reviews
    use_left_q16: I64
    """(services, substances) use in a service against usual"""
    officer_time: OfficerTime | None
    services: ServiceNumbers | None
    health: Hazards | None

    @property
    def is_coupled(self) -> bool:
        """Something is shared by everybody under a law, so that blocks must go through the periods together."""
        return self.mode == "closed" and (self.officer_time is not None or self.services is not None or self.reviews.has_any)

    @property
    def n_laws(self) -> int:
        return len(self.laws.ids)


def make_setup(scenario: Scenario, laws: list[Law], *, days: int, seed: int, mode: Literal["closed", "open"]) -> Setup:
    """Compile a scenario and laws for runs of so many days; what is switched off is left out here."""
    scenario = effective(scenario)
    world = compile_world(scenario, days)
    prove_bounds(scenario, world)
    laws_as_arrays = compile_laws(laws, list(scenario.substances))
    names = ("unit_ug", "deal_ug", "binge32", "binge_q16", "purity_q16")
    return Setup(
        scenario=scenario,
        world=world,
        practice=practice_numbers(scenario),
        laws=laws_as_arrays,
        days=days,
        seed=seed,
        mode=mode,
        dose_tables=np.concatenate([s.dose_days for s in world.substances]),
        by_substance={name: np.array([getattr(s, name) for s in world.substances], np.int64) for name in names},
        law_files=tuple(laws),
        reviews=reviews(laws, scenario.practice.review.raise_by.value if scenario.practice.review else None),
        use_left_q16=use_left_q16(scenario),
        officer_time=officer_time(scenario),
        services=service_numbers(scenario),
        health=hazards(scenario, service_numbers(scenario)),
    )


@dataclass
class Today:
    """What one step of a day leaves for the next; made anew every morning."""

    needs: I64
    """positions of habits that want a dose"""
    orders: I64
    """positions of habits for which a friend has bought"""


class Block:
    """The state of whole circles under all laws, and the log of what happened.

    course  what is in force under each law, shared by all blocks of a replicate; its own when None, for a block that is all of it
    """

    def __init__(self, setup: Setup, starts: I64, circles: slice, replicate: int, course: Course | None = None) -> None:
        people = make_people(setup.world, setup.scenario, starts, circles, setup.seed, replicate)
        n, n_habits, n_laws = len(people.person), len(people.habits["owner"]), setup.n_laws
        self.setup, self.replicate, self.day = setup, replicate, 0
        self.course = course or Course(setup, int(starts[-1]))
        self.counts = Counts.zero(n_laws)
        first = people.circle[0] if n else 0
        sizes = np.bincount(people.circle - first, minlength=circles.stop - circles.start)
        habit_circle = (people.circle - first)[people.habits["owner"].astype(np.int64)]
        habit_counts = np.bincount(habit_circle, minlength=len(sizes))
        self.circles = Rows(
            {
                "first_person": (np.cumsum(sizes) - sizes).astype(np.int64),
                "n_people": sizes.astype(np.int64),
                "first_habit": (np.cumsum(habit_counts) - habit_counts).astype(np.int64),
                "n_habits": habit_counts.astype(np.int64),
                "laws": np.ones((len(sizes), n_laws), bool),
            }
        )
        self.people = Rows(self._person_columns(people.person, people.circle - first, people.columns, people.habits, n_laws))
        self.habits = Rows(_habit_columns(people.habits, n_habits))
        self.table: Columns = {"person": people.person, "circle": people.circle, **people.columns}
        self.schedule = Schedule()
        self.log: dict[str, list[dict[str, Any]]] = {"encounters": [], "findings": [], "cases": [], "decisions": [], "entries": [], "health": []}
        self.today = Today(np.zeros(0, np.int64), np.zeros(0, np.int64))
        self.n_first_people, self.n_first_habits = n, n_habits
        self._dealers: I64 | None = None

    def _person_columns(self, person: I64, circle: I64, columns: Columns, habits: Columns, n_laws: int) -> dict[str, npt.NDArray[Any]]:
        n = len(person)
        counts = np.bincount(habits["owner"].astype(np.int64), minlength=n)
        records = np.zeros((n, n_laws, len(RECORDS)), np.int16)
        records[:, :, RECORDS.index("convictions")] = columns["had_conviction"][:, None]
        records[:, :, RECORDS.index("supply_convictions")] = columns["had_supply_conviction"][:, None]
        world = self.setup.world
        caution, notice = np.ones(n), np.ones(n)
        for (axis, _, _), cautions, notices in zip(world.axes, world.caution_factors, world.notice_factors, strict=True):
            at = columns[f"axis:{axis}"].astype(np.int64)
            caution, notice = caution * cautions[at], notice * notices[at]
        kept = ("region", "role", "is_represented", "is_dependent", "is_bulk_buyer", "is_stocker", "raid_response", "stock_day")
        return {
            "person": person,
            "scramble": chance.scrambled(person),
            "circle": circle.astype(np.int64),
            "first_habit": (np.cumsum(counts) - counts).astype(np.int64),
            "n_habits": counts.astype(np.int64),
            "last_end": columns[f"end:{CHANNELS[-1]}"].astype(np.uint64),
            "ends": np.stack([columns[f"end:{channel}"] for channel in CHANNELS], axis=1).astype(np.int64),
            "p32": np.stack([columns[f"p:{channel}"] for channel in CHANNELS], axis=1).astype(np.int64),
            "caution_factor": caution,
            "notice_factor": notice,
            **{name: columns[name] for name in kept},
            "trip_day": np.full(n, NEVER_DAY),
            "free_from": np.zeros(n, np.int32),
            "service_until": np.zeros(n, np.int32),
            "service_kind": np.zeros(n, np.int8),
            "waiting": np.zeros((n, n_laws), np.int8),
            "is_active": np.ones(n, bool),
            "infections": np.zeros(n, np.int8),
            "records": records,
        }

    def bits(self, process: str, scrambles: chance.U64, k: int = 0) -> chance.U64:
        """Return today's 64 random bits (n,) of a process for scrambled identities (n,)."""
        return chance.raw(chance.key(self.setup.seed, self.replicate, process, self.day, k), scrambles)

    def uniforms(self, draws: list[tuple[str, int]], scrambles: chance.U64) -> tuple[npt.NDArray[np.float64], chance.U64]:
        """Return today's uniforms and bits (draws, n) of several processes and k at once."""
        keys = [chance.key(self.setup.seed, self.replicate, process, self.day, k) for process, k in draws]
        words = np.array(keys, np.uint64)
        bits = chance.raw((words[:, :1], words[:, 1:]), scrambles[None, :])
        return chance.uniform(bits), bits

    def is_free(self, people: I64) -> npt.NDArray[np.bool_]:
        """Return who of some rows of people is not in custody today."""
        return self.people["free_from"][people] <= self.day

    def dealers(self) -> I64:
        """Return the positions of habits that are sold from."""
        if self._dealers is None or self._dealers_of != self.habits.n:
            self._dealers, self._dealers_of = np.flatnonzero(self.habits["restock_ug"] > 0), self.habits.n
        return self._dealers

    _dealers_of = -1


def _habit_columns(habits: Columns, n: int) -> dict[str, npt.NDArray[Any]]:
    kept = ("substance", "form", "scramble", "by_friend", "dose_ug", "size_ug", "afford_ug", "low_ug", "carry_ug", "restock_ug", "sold_ug", "own_ug", "sale_ug")
    zero = (
        "circle_ug",
        "dose_today_ug",
        "bought_own_ug",
        "bought_sale_ug",
        "order_ug",
        "used_ug",
        "bought_ug",
        "given_ug",
        "received_ug",
        "sold_total_ug",
        "seized_ug",
        "unmet_ug",
    )
    return {
        "owner": habits["owner"].astype(np.int64),
        "p_now": habits["p_use32"].astype(np.uint64),
        "p_use32": habits["p_use32"].astype(np.int64),
        **{name: habits[name] for name in kept},
        **{name: np.zeros(n, np.int64) for name in zero},
        "buy_day": np.full(n, NEVER_DAY),
        "order_from": np.full(n, -1, np.int32),
        "reasons": np.zeros(n, np.int16),
    }
