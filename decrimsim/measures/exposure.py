"""Exposure free of enforcement: what people hold and buy when nobody is stopped, against the lines of laws.

Level 5. A pass of the engine without its police step: who is above a line, for how long, and why, before any stop. Stocks are
looked at where police would look: after the day's purchases, before drugs are handed on and used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim.engine import STEPS, Block, Setup, block_slices
from decrimsim.law import CompiledLaws
from decrimsim.population import circle_starts
from decrimsim.schema import EFFECTS, REASONS, ROLES

Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

WHY = ("all", *REASONS, "no reason")
"""Reasons overlap: a day or a purchase counts under each of its reasons, and under 'all'."""
WHO = ("do not sell", "sell")
WHAT = ("days", "purchases", "peaks")
_AMOUNT_BITS = 42
_N_BITS = len(REASONS)


@dataclass(frozen=True, eq=False)
class Steps:
    """Counts on distinct amounts, for exact step functions of a line.

    Each row: substance, form, reasons (bits), who (index into WHO), amount_ug, count
    """

    substance: Int
    form: Int
    reasons: Int
    who: Int
    amount_ug: Int
    count: Int

    def above(self, line_ug: int, substance: int, why: str = "all", who: str | None = None) -> int:
        """Return how often an amount of a substance is at least the line."""
        return int(self.count[self._are(substance, why, who) & (self.amount_ug >= line_ug)].sum())

    def falling(self, substance: int, why: str = "all", who: str | None = None) -> tuple[Int, Int]:
        """Return the distinct amounts (n,), rising, and how often an amount is at least each of them (n,)."""
        chosen = self._are(substance, why, who)
        amounts, at = np.unique(self.amount_ug[chosen], return_inverse=True)
        counts = np.bincount(at, self.count[chosen].astype(np.float64), len(amounts)).astype(np.int64)
        return amounts, np.cumsum(counts[::-1])[::-1]

    def _are(self, substance: int, why: str, who: str | None) -> Bool:
        chosen: Bool = self.substance == substance
        if why == "no reason":
            chosen &= self.reasons == 0
        elif why != "all":
            chosen &= (self.reasons >> REASONS.index(why)) & 1 == 1
        return chosen if who is None else chosen & (self.who == WHO.index(who))


@dataclass(frozen=True, eq=False)
class Exposure:
    """Whole numbers of one replicate.

    people            (who,)
    person_days       (who, why)        days of people, by why something was held; 'all' is every day of everybody
    days_above        (laws, who, why)  of them with a holding above the law's line, all drugs together
    ever_above        (laws, who)       people above it on some day
    purchases         (who, why)
    purchases_above   (laws, who, why)  of them above the line by themselves
    habit_days        (substances, who) days of people with the substance, held or not: what steps of days are shares of
    steps             counts on distinct amounts of days with a stock, purchases, and the most that was ever held
    """

    people: Int
    person_days: Int
    days_above: Int
    ever_above: Int
    purchases: Int
    purchases_above: Int
    habit_days: Int
    steps: dict[str, Steps]


def run_exposure(setup: Setup, laws: CompiledLaws, n_people: int, replicate: int) -> Exposure:
    """Return the exposure of one replicate to the lines of laws, which act on nothing here.

    setup  of one law; what people do may depend on it, and police never act
    """
    starts = circle_starts(setup.world, n_people, setup.seed, replicate)
    parts = [_record(Block(setup, starts, circles, replicate), laws) for circles in block_slices(starts)]
    return _joined(parts)


def _joined(parts: list[Exposure]) -> Exposure:
    """Return the exposure of several blocks as one."""
    names = ("people", "person_days", "days_above", "ever_above", "purchases", "purchases_above", "habit_days")
    total = {name: np.sum(np.stack([getattr(part, name) for part in parts]), axis=0) for name in names}
    steps = {}
    for what in WHAT:
        each = [part.steps[what] for part in parts]
        keys = np.concatenate([_pack(s) for s in each])
        steps[what] = _steps(keys, np.concatenate([s.count for s in each]))
    return Exposure(**total, steps=steps)


def _pack(steps: Steps) -> Int:
    return _key(steps.substance, steps.form, steps.reasons, steps.who, steps.amount_ug)


def _key(substance: Int, form: Int, reasons: Int, who: Int, amount_ug: Int) -> Int:
    """Return one whole number for each combination; amounts stay below 2**42 micrograms, four tonnes."""
    group = (((substance << 5) | form) << (_N_BITS + 1)) | (reasons << 1) | who
    key: Int = (group << _AMOUNT_BITS) | np.minimum(amount_ug, (1 << _AMOUNT_BITS) - 1)
    return key


def _steps(keys: Int, counts: Int) -> Steps:
    """Return counts on distinct keys as columns."""
    distinct, at = np.unique(keys, return_inverse=True)
    total = np.zeros(len(distinct), np.int64)
    np.add.at(total, at.reshape(-1), counts)
    group = distinct >> _AMOUNT_BITS
    kind = group >> (_N_BITS + 1)
    return Steps(kind >> 5, kind & 31, (group >> 1) & ((1 << _N_BITS) - 1), group & 1, distinct & ((1 << _AMOUNT_BITS) - 1), total)


class _Counts:
    """Keys of each day, put together now and then so that they stay few."""

    def __init__(self) -> None:
        self.keys: list[Int] = []
        self.counts: list[Int] = []
        self.held = 0

    def add(self, keys: Int) -> None:
        """Count each key once."""
        distinct, counts = np.unique(keys, return_counts=True)
        self.keys.append(distinct)
        self.counts.append(counts.astype(np.int64))
        self.held += len(distinct)
        if self.held > 2_000_000:
            steps = self.steps()
            self.keys, self.counts, self.held = [_pack(steps)], [steps.count], 0

    def steps(self) -> Steps:
        """Return all that was counted."""
        if not self.keys:
            return _steps(np.zeros(0, np.int64), np.zeros(0, np.int64))
        return _steps(np.concatenate(self.keys), np.concatenate(self.counts))


def _record(block: Block, laws: CompiledLaws) -> Exposure:
    """Take a block through its days without police, and count."""
    watch = _Watch(block, laws)
    for _ in range(block.setup.days):
        before = block.habits["bought_ug"].copy()
        for step in STEPS:
            if step.name == "police":
                watch.look(block.habits["bought_ug"] - before)
            else:
                step.run(block)
        block.day += 1
    return watch.result()


class _Watch:
    """Looks at a block where police would, and writes nothing into it."""

    def __init__(self, block: Block, laws: CompiledLaws) -> None:
        habits, people = block.habits, block.people
        self.block, self.laws = block, laws
        self.owner = habits["owner"].astype(np.int64)
        self.substance, self.form = habits["substance"].astype(np.int64), habits["form"].astype(np.int64)
        self.who = (people["role"].astype(np.int64) >= ROLES.index("user_dealer")).astype(np.int64)
        n_laws, n_who, n_why = len(laws), len(WHO), len(WHY)
        self.person_days, self.purchases = np.zeros((n_who, n_why), np.int64), np.zeros((n_who, n_why), np.int64)
        self.days_above, self.purchases_above = np.zeros((n_laws, n_who, n_why), np.int64), np.zeros((n_laws, n_who, n_why), np.int64)
        self.ever = np.zeros((people.n, n_laws), bool)
        self.peak = np.zeros(habits.n, np.int64)
        self.counts = {what: _Counts() for what in ("days", "purchases")}

    def look(self, bought_ug: Int) -> None:
        """Count today's stocks and purchases."""
        habits = self.block.habits
        stock = habits["own_ug"] + habits["circle_ug"] + habits["sale_ug"] + habits["other_ug"]
        reasons = habits["reasons"].astype(np.int64)
        np.maximum(self.peak, stock, out=self.peak)
        held = np.flatnonzero(stock > 0)
        self._count("days", held, reasons, stock)
        is_above = np.zeros_like(self.ever)
        person, at = np.unique(self.owner[held], return_inverse=True)
        is_above[person] = self._above(at.reshape(-1), held, stock, len(person))
        self.ever |= is_above
        bits = np.zeros(len(self.who), np.int64)
        np.bitwise_or.at(bits, self.owner[held], reasons[held])
        self._sort(bits, self.who, is_above, self.person_days, self.days_above)
        bought = np.flatnonzero(bought_ug > 0)
        self._count("purchases", bought, reasons, bought_ug)
        alone = self._above(np.arange(len(bought)), bought, bought_ug, len(bought))
        self._sort(reasons[bought], self.who[self.owner[bought]], alone, self.purchases, self.purchases_above)

    def _count(self, what: str, at: Int, reasons: Int, amount_ug: Int) -> None:
        self.counts[what].add(_key(self.substance[at], self.form[at], reasons[at], self.who[self.owner[at]], amount_ug[at]))

    def _above(self, row: Int, habit: Int, amount_ug: Int, n: int) -> Bool:
        """Return who is above the line (n, laws) when each habit's amount is put into a row."""
        shape, setup = (n, self.block.setup.world.n_substances), self.block.setup
        gross, form = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        gross[row, self.substance[habit]] = amount_ug[habit]
        form[row, self.substance[habit]] = self.form[habit]
        counted = setup.world.counted[np.arange(shape[1])[None, :], form]
        units = np.where(counted, gross // setup.by_substance["unit_ug"], 0)
        tiers = self.laws.classify(gross, gross * setup.world.purity_q16[np.arange(shape[1])[None, :], form] >> 16, units, form.astype(np.int8))
        above: Bool = self.laws.effect[np.arange(len(self.laws))[None, :], tiers] >= EFFECTS.index("indicative")
        return above & ((gross > 0).astype(np.int32) @ self.laws.regulated.T.astype(np.int32) > 0)

    def _sort(self, bits: Int, who: Int, above: Bool, all_of: Int, above_of: Int) -> None:
        """Add up rows and rows above the line by who and why."""
        for w in range(len(WHO)):
            mine = who == w
            for i, why in enumerate(WHY):
                some = mine if why == "all" else mine & (bits == 0) if why == "no reason" else mine & ((bits >> REASONS.index(why)) & 1 == 1)
                all_of[w, i] += int(some.sum())
                above_of[:, w, i] += above[some].sum(axis=0)

    def result(self) -> Exposure:
        """Return all that was counted."""
        n_substances, days = self.block.setup.world.n_substances, self.block.setup.days
        of_habit = self.who[self.owner]
        per = np.bincount(self.substance * len(WHO) + of_habit, minlength=n_substances * len(WHO)).reshape(n_substances, len(WHO))
        peaks = _Counts()
        peaks.add(_key(self.substance, self.form, np.zeros_like(self.peak), of_habit, self.peak))
        return Exposure(
            people=np.bincount(self.who, minlength=len(WHO)).astype(np.int64),
            person_days=self.person_days,
            days_above=self.days_above,
            ever_above=np.stack([self.ever[self.who == w].sum(axis=0) for w in range(len(WHO))], axis=1).astype(np.int64),
            purchases=self.purchases,
            purchases_above=self.purchases_above,
            habit_days=per.astype(np.int64) * days,
            steps={what: counts.steps() for what, counts in self.counts.items()} | {"peaks": peaks.steps()},
        )
