"""The optional sections of the market as numbers, and what they add to people and habits.

Level 3. Compiled once with the world; what is not in the scenario is None or empty and asks for no draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.chance import q16
from decrimsim.scenario.adapting import Response
from decrimsim.scenario.buying import WEEKDAYS, Calendar, Online
from decrimsim.scenario.model import Scenario
from decrimsim.schema import ROLES

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
AWARE, MISTAKEN, MISTAKE, PACKS = range(4)
"""k of the draws 'people.awareness'"""


@dataclass(frozen=True)
class WeekendNumbers:
    """Use on weekdays."""

    is_weekend: tuple[bool, ...]
    """(7,) by day of the run, modulo 7"""
    factor_q16: I64
    """(substances,) chance on a day of the weekend against the mean of the week"""

    @property
    def n_days(self) -> int:
        return sum(self.is_weekend)


@dataclass(frozen=True)
class BuyingDayNumbers:
    """A day that comes back, on which some buy as a habit of its own."""

    first_day: int
    every: int
    share32: int
    factor_q16: int

    def is_on(self, day: int) -> bool:
        """Tell whether it is that day."""
        return day >= self.first_day and (day - self.first_day) % self.every == 0


@dataclass(frozen=True)
class ShortageNumbers:
    """A time in which one substance is hard to get."""

    substance: int
    start_day: int
    end_day: int
    access_q16: int
    stockers32: int
    factor_q16: int

    def is_on(self, day: int) -> bool:
        """Tell whether it lasts."""
        return self.start_day <= day <= self.end_day


@dataclass(frozen=True)
class OnlineNumbers:
    """Buying by parcel."""

    share32: I64
    """(substances,)"""
    factor_q16: int
    low_q16: int
    delay_days: I64
    """(65536,)"""
    lost32: int


@dataclass(frozen=True)
class ResponseNumbers:
    """What people make of the line."""

    kind: str
    aware32: int
    """0 where nobody answers to the line"""
    packs32: int
    mistaken32: int
    mistake: I64
    """(65536,) the line as they know it against the line, in 1/65536"""


@dataclass(frozen=True)
class MarketNumbers:
    """All of it."""

    weekend: WeekendNumbers | None
    buying_days: tuple[BuyingDayNumbers, ...]
    shortages: tuple[ShortageNumbers, ...]
    substitute32: int
    online: OnlineNumbers | None
    cop32: I64 | None
    """(roles,)"""
    cop_q16: int
    gift32: int
    gift_q16: int
    response: ResponseNumbers | None


def market_numbers(scenario: Scenario) -> MarketNumbers:
    """Return the optional sections of a scenario's market as numbers."""
    market, names = scenario.market, list(scenario.substances)
    calendar, cop, gifts = market.calendar, market.copping, market.gifts
    return MarketNumbers(
        weekend=_weekend(calendar, names) if calendar else None,
        buying_days=tuple(
            BuyingDayNumbers(b.first_day, b.every, chance.chance32(b.share.value), q16(b.factor.value))
            for b in (calendar.buying_days.values() if calendar else ())
        ),
        shortages=tuple(
            ShortageNumbers(names.index(s.substance), s.start_day, s.end_day, q16(s.access.value), chance.chance32(s.stockers.value), q16(s.stock_factor.value))
            for s in market.shortages
        ),
        substitute32=chance.chance32(market.substitution.p.value) if market.substitution else 0,
        online=_online(market.online, names) if market.online else None,
        cop32=np.array([chance.chance32(getattr(cop, role).value) for role in ROLES], np.int64) if cop else None,
        cop_q16=q16(cop.factor.value) if cop else 0,
        gift32=chance.chance32(gifts.p.value) if gifts else 0,
        gift_q16=q16(gifts.doses.value) if gifts else 0,
        response=_response(scenario.people.response, market.packing.share.value if market.packing else 0.0),
    )


def _weekend(calendar: Calendar, names: list[str]) -> WeekendNumbers:
    """Return the weekend; at a ratio r on n of 7 days the chance there is 7 r / (n r + 7 - n) of the mean."""
    first, n = WEEKDAYS.index(calendar.first_weekday), len(calendar.weekend)
    ratios = [calendar.weekend_use[name].value if name in calendar.weekend_use else 1.0 for name in names]
    return WeekendNumbers(
        is_weekend=tuple(WEEKDAYS[(first + day) % 7] in calendar.weekend for day in range(7)),
        factor_q16=np.array([q16(7 * ratio / (n * ratio + 7 - n)) for ratio in ratios], np.int64),
    )


def _online(online: Online, names: list[str]) -> OnlineNumbers:
    share = [chance.chance32(online.shares[name].value) if name in online.shares else 0 for name in names]
    return OnlineNumbers(
        share32=np.array(share, np.int64),
        factor_q16=q16(online.factor.value),
        low_q16=q16(online.running_low.value),
        delay_days=np.maximum(chance.days_table(online.delay.value, online.delay_sd.value), 1),
        lost32=chance.chance32(online.lost.value),
    )


def _response(response: Response | None, packs: float) -> ResponseNumbers | None:
    """Return what people make of the line, or None where nobody does anything."""
    kind = response.kind if response else "fixed"
    aware = response.aware.value if response and kind not in ("fixed", "unaware") else 0.0
    if kind == "unaware" or (aware == 0 and packs == 0):
        return None
    return ResponseNumbers(
        kind=kind,
        aware32=chance.chance32(aware),
        packs32=chance.chance32(packs),
        mistaken32=chance.chance32(response.mistaken.value) if response else 0,
        mistake=chance.lognormal_table(response.mistake_sd.value if response else 0.0),
    )


def people_columns(numbers: MarketNumbers, draws: chance.Draws, who: chance.U64) -> dict[str, npt.NDArray[Any]]:
    """Return what the market needs to know of people (n,): bits of the buying days they keep, and of the shortages for which they stock up."""
    days, shortages = np.zeros(len(who), np.int64), np.zeros(len(who), np.int64)
    for i, rule in enumerate(numbers.buying_days):
        days |= draws.under("people.calendar", who, rule.share32, i).astype(np.int64) << i
    for i, shortage in enumerate(numbers.shortages):
        shortages |= draws.under("people.shortage", who, shortage.stockers32, i).astype(np.int64) << i
    return {"buying_days": days, "stocks_in_shortage": shortages}


def is_online(numbers: MarketNumbers, draws: chance.Draws, mine: chance.U64, s: int, p_use32: I64) -> Bool:
    """Return which habits (n,) of substance s are bought online: of people who use it."""
    if numbers.online is None:
        return np.zeros(len(mine), bool)
    return draws.under("habit.online", mine, int(numbers.online.share32[s]), s) & (p_use32 > 0)
