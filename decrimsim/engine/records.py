"""What a record does to a person: convictions come and go, jobs and homes are lost, and who is stopped follows.

Level 4. Records are kept by law beside the row; a lost job or home changes the row, so histories split before (see consequences).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.adapting import USUAL
from decrimsim.engine.rows import ranges
from decrimsim.engine.strikes import remember
from decrimsim.law import CompiledLaws
from decrimsim.law.words import EXPUNGE
from decrimsim.scenario import Scenario
from decrimsim.world import ALL

if TYPE_CHECKING:
    from decrimsim.engine.block import Block, Setup

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

RECORDS = ("cautions", "notices", "reports", "convictions", "supply_convictions", "job_losses", "home_losses")
CONVICTED, HOMELESS = 1, 2
"""Which of the four chances of being stopped applies: bits of its place on axis 1 of people['p32']."""
_CONVICTIONS, _SUPPLY = RECORDS.index("convictions"), RECORDS.index("supply_convictions")


def first_records(setup: Setup, replicate: int, person: I64, had_conviction: Bool, had_supply: Bool) -> npt.NDArray[np.int16]:
    """Return the records (people, laws, records) on the first day: a law that clears what was before it has cleared it."""
    records = np.zeros((len(person), setup.n_laws, len(RECORDS)), np.int16)
    records[:, :, _CONVICTIONS] = had_conviction[:, None]
    records[:, :, _SUPPLY] = had_supply[:, None]
    every = np.arange(setup.n_laws)[None, :]
    asks = asks_to_clear(setup.scenario, setup.seed, replicate, chance.scrambled(person))
    records[setup.laws.expunge_before[every] & clears(setup.scenario, setup.laws, every, had_supply[:, None], asks[:, None])] = 0
    return records


def clears(scenario: Scenario, laws: CompiledLaws, law: I64, is_supply: Bool, asks: Bool) -> Bool:
    """Tell where the law clears a conviction of a person: of itself, or because the person asks; arrays that go together."""
    how = laws.expunge_how[law]
    does = (how == EXPUNGE["automatic"]) | ((how == EXPUNGE["on_request"]) & asks)
    answer: Bool = does & (~is_supply | laws.expunge_supply[law]) & (scenario.practice.expungement is not None)
    return answer


def cleared_on(scenario: Scenario, laws: CompiledLaws, law: I64, day: I64, is_supply: Bool, asks: Bool) -> I64:
    """Return the day (n,) on which the law clears a conviction that falls on a day (n,); -1 for never."""
    after = laws.expunge_after_days[law]
    return np.where(clears(scenario, laws, law, is_supply, asks) & (after > 0), day + after, -1)


def falls_on(day: I64 | int, closed_day: I64) -> I64:
    """Return the day (n,) on which the verdict of a case of a day takes hold: when the case is closed, tomorrow at the earliest."""
    return np.maximum(closed_day, day + 1)


def who_asks(block: Block, rows: I64) -> Bool:
    """Return who of some rows of people asks to have a record cleared: the same people all along."""
    return asks_to_clear(block.setup.scenario, block.setup.seed, block.replicate, block.people["scramble"][rows])


def asks_to_clear(scenario: Scenario, seed: int, replicate: int, who: chance.U64) -> Bool:
    """Return who of some people (n,), by their scrambled numbers, asks to have a record cleared."""
    section = scenario.practice.expungement
    return chance.Draws(seed, replicate).under("people.expunge", who, chance.chance32(section.on_request.value) if section else 0)


def put_on_record(block: Block, rows: I64, law: I64, is_supply: Bool) -> None:
    """Put convictions that fall today on record."""
    records = block.people["records"]
    np.add.at(records[:, :, _CONVICTIONS], (rows, law), 1)
    np.add.at(records[:, :, _SUPPLY], (rows[is_supply], law[is_supply]), 1)
    _, first = np.unique(rows * block.setup.n_laws + law, return_index=True)
    remember(block, rows[first], law[first], "convictions", block.day)
    is_another = np.ones(len(rows), bool)
    is_another[first] = False
    for i in np.flatnonzero(is_another):  # several convictions of one person on one day
        remember(block, rows[i : i + 1], law[i : i + 1], "convictions", block.day)


def take_off_record(block: Block, rows: I64, law: I64, is_supply: Bool) -> None:
    """Take convictions off the record that an appeal removed or the law clears today."""
    records = block.people["records"]
    np.subtract.at(records[:, :, _CONVICTIONS], (rows, law), 1)
    np.subtract.at(records[:, :, _SUPPLY], (rows[is_supply], law[is_supply]), 1)


def lose_job(block: Block, rows: I64) -> None:
    """Let the purse of people who lose their job today afford less: whole deals, at least one."""
    people, habits, left_q16 = block.people, block.habits, block.setup.income_left_q16
    at, _ = ranges(people["first_habit"][rows], people["n_habits"][rows])
    deal = block.setup.by_substance["deal_ug"][habits["substance"][at].astype(np.int64)]
    for name in ("afford_ug", USUAL["afford_ug"]):
        if name in habits:
            habits[name][at] = np.maximum((habits[name][at] * left_q16 >> 16) // deal, 1) * deal


def lose_home(block: Block, rows: I64) -> None:
    """Let people who lose their home today carry all they have, and be out in public as people without a safe home are."""
    people, habits = block.people, block.habits
    people["is_homeless"][rows] = True
    at, _ = ranges(people["first_habit"][rows], people["n_habits"][rows])
    for name in ("carry_ug", USUAL["carry_ug"]):
        if name in habits:
            habits[name][at] = ALL


def stop_chances(block: Block, rows: I64, channel: I64) -> tuple[I64, I64]:
    """Return the chances of the channel in a usual day with the home of today (rows,): without a conviction on record, and with one.

    Where a record has no effects, and in open mode, the two are equal.
    """
    p32 = block.people["p32"]
    if p32.shape[1] == 1:
        usual = p32[rows, 0, channel]
        return usual, usual
    home = block.people["is_homeless"][rows] * HOMELESS
    return p32[rows, home, channel], p32[rows, home + CONVICTED, channel]


def has_conviction(block: Block, rows: I64) -> Bool:
    """Return under which laws people have a conviction on record today (rows, laws)."""
    answer: Bool = block.people["records"][rows, :, _CONVICTIONS] > 0
    return answer
