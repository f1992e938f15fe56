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
from decrimsim.chance import Q16, q16
from decrimsim.engine.adapting import USUAL, adapt
from decrimsim.engine.course import Counts, Course, OfficerTime, officer_time
from decrimsim.engine.hazards import Hazards, hazards
from decrimsim.engine.in_force import Reviews, reviews
from decrimsim.engine.places import ServiceNumbers, service_numbers, use_left_q16
from decrimsim.engine.practice import discretion_of, guideline_limits, practice_numbers
from decrimsim.engine.queue import Office, offices
from decrimsim.engine.records import first_records
from decrimsim.engine.rows import Rows
from decrimsim.engine.schedule import Schedule
from decrimsim.engine.strikes import no_strikes
from decrimsim.kernels.costs import PAYS
from decrimsim.kernels.decisions import PracticeNumbers
from decrimsim.law import CompiledLaws, Law, compile_laws
from decrimsim.population import make_people
from decrimsim.scenario.model import Scenario
from decrimsim.scenario.switched import effective
from decrimsim.schema import CHANNELS
from decrimsim.tables import Columns
from decrimsim.units import minor
from decrimsim.world import ALL, World, compile_world

I64 = npt.NDArray[np.int64]

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
    """(substances,) unit_ug, deal_ug, binge32, binge_q16"""
    law_files: tuple[Law, ...] = field(repr=False)
    reviews: Reviews
    use_left_q16: I64
    """(services, substances) use in a service against usual"""
    income_left_q16: int
    """what the purse affords after the loss of a job, against before"""
    officer_time: OfficerTime | None
    guideline_ug: I64
    """(substances,) gross weight up to which officers' guidelines speak of own use; 0 where they say nothing"""
    offices: dict[str, Office]
    """capacity of prosecutors and courts, where it is described"""
    services: ServiceNumbers | None
    health: Hazards | None
    justice_minor: dict[str, int] = field(repr=False)
    """what each event costs police, prosecution, courts and prisons"""

    @property
    def is_coupled(self) -> bool:
        """Something is shared by everybody under a law, so that blocks must go through the periods together."""
        has_shared = bool(self.offices) or self.officer_time is not None or self.services is not None
        return self.mode == "closed" and (self.reviews.has_any or has_shared)

    @property
    def n_laws(self) -> int:
        return len(self.laws.ids)


def make_setup(scenario: Scenario, laws: list[Law], *, days: int, seed: int, mode: Literal["closed", "open"]) -> Setup:
    """Compile a scenario and laws for runs of so many days; what is switched off is left out here."""
    scenario = effective(scenario)
    world = compile_world(scenario, days)
    prove_bounds(scenario, world)
    services = service_numbers(scenario.services, list(scenario.substances))
    laws_as_arrays = compile_laws(laws, list(scenario.substances))
    names = ("unit_ug", "deal_ug", "binge32", "binge_q16")
    return Setup(
        scenario=scenario,
        world=world,
        practice=practice_numbers(scenario.practice, discretion=discretion_of(scenario), services=services),
        laws=laws_as_arrays,
        days=days,
        seed=seed,
        mode=mode,
        dose_tables=np.concatenate([s.dose_days for s in world.substances]),
        by_substance={name: np.array([getattr(s, name) for s in world.substances], np.int64) for name in names},
        law_files=tuple(laws),
        reviews=reviews(laws, scenario.practice.review),
        use_left_q16=use_left_q16(scenario, services),
        income_left_q16=min(q16(records.income.value), Q16) if (records := scenario.practice.records) is not None else Q16,
        officer_time=officer_time(scenario),
        guideline_ug=guideline_limits(scenario.practice, list(scenario.substances)),
        offices=offices(scenario),
        services=services,
        health=hazards(scenario, services),
        justice_minor={event: minor(scenario.costs.unit(event)) for event, agency in PAYS.items() if agency != "services"},
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
        self.people = Rows(self._person_columns(people.person, people.circle - first, people.columns, people.habits))
        self.habits = Rows(_habit_columns(people.habits, n_habits, keeps_usual=setup.reviews.has_any and setup.world.market.response is not None))
        self.table: Columns = {"person": people.person, "circle": people.circle, **people.columns}
        self.schedule = Schedule()
        self.log: dict[str, list[dict[str, Any]]] = {"encounters": [], "findings": [], "cases": [], "decisions": [], "entries": [], "health": []}
        self.today = Today(np.zeros(0, np.int64), np.zeros(0, np.int64))
        self.n_first_people, self.n_first_habits = n, n_habits
        self._kept: dict[str, tuple[int, I64]] = {}
        self.table["knows_line"] = np.zeros(n, bool)
        adapt(self)

    def _person_columns(self, person: I64, circle: I64, columns: Columns, habits: Columns) -> dict[str, npt.NDArray[Any]]:
        n = len(person)
        counts = np.bincount(habits["owner"].astype(np.int64), minlength=n)
        had_conviction, had_supply = columns["had_conviction"].astype(bool), columns["had_supply_conviction"].astype(bool)
        world = self.setup.world
        of_groups = {"caution_factor": world.caution_factors, "notice_factor": world.notice_factors, "violence_factor": world.violence_factors}
        factors = {name: np.ones(n) for name in of_groups}
        for name, by_axis in of_groups.items():
            for (axis, _, _), by_category in zip(world.axes, by_axis, strict=True):
                factors[name] = factors[name] * by_category[columns[f"axis:{axis}"].astype(np.int64)]
        usual = np.stack([columns[f"p:{channel}"] for channel in CHANNELS], axis=1).astype(np.int64)
        kept = (
            *("region", "role", "has_no_safe_home", "is_represented", "is_dependent", "is_bulk_buyer", "is_stocker", "raid_response", "stock_day"),
            *("buying_days", "stocks_in_shortage"),
        )
        return {
            "person": person,
            "scramble": chance.scrambled(person),
            "circle": circle.astype(np.int64),
            "first_habit": (np.cumsum(counts) - counts).astype(np.int64),
            "n_habits": counts.astype(np.int64),
            "last_end": columns[f"end:{CHANNELS[-1]}"].astype(np.uint64),
            "ends": np.stack([columns[f"end:{channel}"] for channel in CHANNELS], axis=1).astype(np.int64),
            "p32": columns.get("p32_by_state", usual[:, None, :]) if self.setup.mode == "closed" else usual[:, None, :],
            **factors,
            **{name: columns[name] for name in kept},
            "trip_day": np.full(n, NEVER_DAY),
            "n_trips": np.zeros(n, np.int64),
            "free_from": np.zeros(n, np.int32),
            "service_until": np.zeros(n, np.int32),
            "service_kind": np.zeros(n, np.int8),
            "waiting": np.zeros((n, self.setup.n_laws), np.int8),
            "is_active": np.ones(n, bool),
            "infections": np.zeros(n, np.int8),
            "records": first_records(self.setup, self.replicate, person, had_conviction, had_supply),
            "strikes": no_strikes(self.setup.laws, had_conviction, self.setup.practice.repeat_known is not None),
            "is_homeless": columns["has_no_safe_home"].astype(bool),
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
        return self._where("restock_ug")

    def online_habits(self) -> I64:
        """Return the positions of habits that are bought online."""
        return self._where("is_online")

    def _where(self, column: str) -> I64:
        """Return where a column of the habits that never changes from or to zero is not zero; new rows are looked through once."""
        seen, found = self._kept.get(column, (0, np.zeros(0, np.int64)))
        if seen < self.habits.n:
            found = np.append(found, seen + np.flatnonzero(self.habits[column][seen:]))
            self._kept[column] = self.habits.n, found
        return found


def _habit_columns(habits: Columns, n: int, keeps_usual: bool) -> dict[str, npt.NDArray[Any]]:
    kept = (
        "substance",
        "form",
        "scramble",
        "by_friend",
        "is_online",
        "dose_ug",
        "size_ug",
        "afford_ug",
        "low_ug",
        "carry_ug",
        "restock_ug",
        "sold_ug",
        "own_ug",
        "sale_ug",
    )
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
        "other_ug",
        "delivered_ug",
        "lost_ug",
        "parcel_ug",
        "n_purchases",
        "n_unmet",
    )
    columns: dict[str, npt.NDArray[Any]] = {
        "owner": habits["owner"].astype(np.int64),
        "p_now": habits["p_use32"].astype(np.uint64),
        "p_use32": habits["p_use32"].astype(np.int64),
        **{name: habits[name] for name in kept},
        **{name: np.zeros(n, np.int64) for name in zero},
        "buy_day": np.full(n, NEVER_DAY),
        "parcel_day": np.full(n, NEVER_DAY),
        "carry_sale_ug": habits["sold_ug"].copy(),
        "split_ug": np.full(n, ALL, np.int64),
        "order_from": np.full(n, -1, np.int32),
        "reasons": np.zeros(n, np.int16),
    }
    return columns | ({usual: columns[name].copy() for name, usual in USUAL.items()} if keeps_usual else {})
