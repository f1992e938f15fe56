"""People, circles and habits, made anew for every replicate from the scenario's distributions.

Level 3. Everything is drawn by the identity of the circle, the person or the habit, so any slice of the
population can be made alone and is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.kernels.behaviour import to_steps
from decrimsim.market_numbers import is_online, people_columns
from decrimsim.scenario.model import Scenario
from decrimsim.schema import CHANNELS, ROLES, VENUES
from decrimsim.world import ALL, World

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
HABITS_PER_PERSON = 64
"""Room for substances in the identity of a habit: person * 64 + substance."""


@dataclass(frozen=True)
class People:
    """A slice of the population: whole circles, people in the order of circles, habits in the order of people."""

    person: I64
    """(people,) identity"""
    circle: I64
    """(people,) identity of the circle"""
    columns: dict[str, npt.NDArray[Any]]
    """(people,) columns of schema.PEOPLE and the axes, and what the daily steps need of a person"""
    habits: dict[str, npt.NDArray[Any]]
    """(habits,) what the daily steps need of a habit; 'owner' is the position of the person in this slice"""


def circle_starts(world: World, n_people: int, seed: int, replicate: int) -> I64:
    """Return the first person of every circle, and n_people at the end (circles + 1,). The last circle may be cut."""
    starts = [np.zeros(1, np.int64)]
    total, n_circles = 0, 0
    mean = max(1, int(world.circle_sizes.min()))
    while total < n_people:
        ids = np.arange(n_circles, n_circles + (n_people - total) // mean + 1)
        bits = chance.Draws(seed, replicate).bits("people.circle_size", chance.scrambled(ids))
        ends = total + np.cumsum(world.circle_sizes[chance.choose32(bits, world.circle_bounds)])
        starts.append(ends)
        total, n_circles = int(ends[-1]), n_circles + len(ids)
    edges = np.concatenate(starts)
    return np.append(edges[edges < n_people], n_people)


def make_people(world: World, scenario: Scenario, starts: I64, circles: slice, seed: int, replicate: int) -> People:
    """Return the people of the circles in a slice.

    starts   (circles + 1,) from circle_starts
    circles  start and stop of the slice
    """
    draws = chance.Draws(seed, replicate)
    first, last = int(circles.start), int(circles.stop)
    sizes = np.diff(starts[first : last + 1])
    person = np.arange(starts[first], starts[last])
    circle = np.repeat(np.arange(first, last), sizes)
    who, ring = chance.scrambled(person), chance.scrambled(circle)
    columns: dict[str, npt.NDArray[Any]] = {
        "region": draws.under("people.circle", ring, world.remote32).astype(np.int8),
        "role": chance.choose32(draws.bits("people.role", who), world.role_bounds),
        "has_no_safe_home": draws.under("people.home", who, world.no_safe_home32),
        "is_represented": draws.under("people.lawyer", who, world.represented32),
        "had_conviction": draws.under("people.record", who, world.prior32),
        "is_bulk_buyer": draws.under("people.response", who, world.bulk32),
        "is_stocker": draws.under("people.response", who, world.stocker32, 1),
        "raid_response": chance.choose32(draws.bits("people.response", who, 2), world.raid_bounds),
        "style": chance.choose32(draws.bits("people.carrying", who), world.style_bounds),
    }
    columns["had_supply_conviction"] = columns["had_conviction"] & draws.under("people.record", who, world.prior_supply32, 1)
    for a, (axis, _, bounds) in enumerate(world.axes):
        columns[f"axis:{axis}"] = chance.choose32(draws.bits("people.axis", who, a), bounds)
    columns["stock_day"] = _stock_day(world, draws, who, columns["is_stocker"])
    columns |= people_columns(world.market, draws, who)
    own_main = chance.choose32(draws.bits("people.substance", who, 1), world.main_bounds)
    ring_main = chance.choose32(draws.bits("people.circle", ring, 1), world.main_bounds)
    columns["main_substance"] = np.where(draws.under("people.substance", who, world.same_main32), ring_main, own_main)
    habits, is_dependent = _make_habits(world, draws, person, columns)
    habits["by_friend"] = habits["by_friend"] & ~habits["is_online"] & _has_provider(circle, habits)
    columns["is_dependent"] = is_dependent
    columns["n_habits"] = np.bincount(habits["owner"].astype(np.int64), minlength=len(person)).astype(np.int8)
    columns |= _slots(world, scenario, columns)
    return People(person, circle, columns, habits)


def _stock_day(world: World, draws: chance.Draws, who: chance.U64, is_stocker: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    """Return the day (n,) on which a person stocks up between announcement and start; -1 for never."""
    if world.lockdown is None:
        return np.full(len(who), -1, np.int32)
    announced, start, _ = world.lockdown
    day = announced + (chance.index16(draws.bits("people.response", who, 3)) * (start - announced + 1) >> 16)
    return np.where(is_stocker, day, -1).astype(np.int32)


def _make_habits(world: World, draws: chance.Draws, person: I64, columns: dict[str, npt.NDArray[Any]]) -> tuple[dict[str, npt.NDArray[Any]], Bool]:
    """Return the habits of people, ordered by person and substance, and who is dependent (people,)."""
    who = chance.scrambled(person)
    role, main = columns["role"], columns["main_substance"]
    only_sells = role == ROLES.index("commercial")
    parts, is_dependent = [], np.zeros(len(person), bool)
    for s in range(world.n_substances):
        also = draws.under("people.substance", who, world.substances[s].also32, 2 + s) & ~only_sells
        owner = np.flatnonzero((main == s) | also)
        part, dependent = _habits_of(world, draws, s, owner, who, columns)
        parts.append(part)
        is_dependent[owner[dependent]] = True
    habits = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((habits["substance"], habits["owner"]))
    habits = {name: column[order] for name, column in habits.items()}
    identity = person[habits["owner"].astype(np.int64)] * HABITS_PER_PERSON + habits["substance"]
    habits["scramble"] = chance.scrambled(identity)
    return habits, is_dependent


def _has_provider(circle: I64, habits: dict[str, npt.NDArray[Any]]) -> Bool:
    """Return for which habits (habits,) someone in the circle buys the substance for own use, on a trip."""
    pool = circle[habits["owner"].astype(np.int64)] * HABITS_PER_PERSON + habits["substance"]
    provides = ~habits["by_friend"].astype(bool) & ~habits["is_online"].astype(bool) & (habits["p_use32"] > 0)
    return np.isin(pool, pool[provides])


def _habits_of(
    world: World, draws: chance.Draws, s: int, owner: I64, who: chance.U64, columns: dict[str, npt.NDArray[Any]]
) -> tuple[dict[str, npt.NDArray[Any]], Bool]:
    """Return the habits of one substance for its owners (positions), and which of the owners are dependent."""
    w = world.substances[s]
    mine = who[owner]
    role = columns["role"][owner]

    def at(process: str, table: I64, k: int = 0) -> I64:
        return table[chance.index16(draws.bits(process, mine, s + HABITS_PER_PERSON * k))]

    kind = chance.choose32(draws.bits("habit.type", mine, s), w.type_bounds)
    p_use32 = np.zeros(len(owner), np.int64)
    for t, table in enumerate(w.type_tables):
        p_use32 = np.where(kind == t, at("habit.use_days", table), p_use32)
    p_use32[role == ROLES.index("commercial")] = 0
    by_friend = draws.under("habit.source", mine, np.array(w.friends32, np.int64)[kind], s)
    dose_ug = np.maximum(at("habit.dose", w.dose_people) * w.dose_ug >> 16, 1)
    size_ug = to_steps(at("habit.purchase", w.purchase_people) * (dose_ug * w.purchase_q16 >> 16) >> 16, w.deal_ug)
    afford_ug = np.maximum((at("habit.purse", w.afford_people) * w.afford_ug >> 16) // w.deal_ug, 1) * w.deal_ug
    form_at = chance.choose32(draws.bits("habit.form", mine, s), w.form_bounds)
    restock_ug = np.zeros(len(owner), np.int64)
    sold_ug = np.zeros(len(owner), np.int64)
    for r in (ROLES.index("user_dealer"), ROLES.index("commercial")):
        sells = (role == r) & (columns["main_substance"][owner] == s)
        quantiles = w.restock_people[r]
        assert quantiles is not None
        restock = to_steps(at("habit.dealing", quantiles) * w.restock_ug[r] >> 16, w.deal_ug)
        restock_ug = np.where(sells, restock, restock_ug)
        sold_ug = np.where(sells, to_steps(restock * w.sold_q16[r] >> 16, w.unit_ug), sold_ug)
    usual_ug = np.minimum(size_ug, afford_ug)
    fraction = chance.index16(draws.bits("habit.stock", mine, s))
    own_ug = (fraction * usual_ug >> 16) // w.unit_ug * w.unit_ug
    own_ug[role == ROLES.index("commercial")] = 0
    sale_ug = (at("habit.stock", np.arange(chance.TABLE, dtype=np.int64), 1) * restock_ug >> 16) // w.unit_ug * w.unit_ug
    style = columns["style"][owner]
    one = to_steps(dose_ug, w.unit_ug)
    carry_ug = np.where(style == 0, one, np.where(style == 1, to_steps(dose_ug * world.some_q16 >> 16, w.unit_ug), ALL))
    carry_ug[columns["has_no_safe_home"][owner].astype(bool)] = ALL
    dependent = (kind == 0) & (p_use32 > 0) & draws.under("habit.dependence", mine, w.dependent32, s)
    habits: dict[str, npt.NDArray[Any]] = {
        "owner": owner.astype(np.int32),
        "substance": np.full(len(owner), s, np.int8),
        "form": np.array(w.forms, np.int8)[form_at],
        "p_use32": p_use32.astype(np.uint64),
        "by_friend": by_friend,
        "is_online": is_online(world.market, draws, mine, s, p_use32),
        "dose_ug": dose_ug,
        "size_ug": size_ug,
        "afford_ug": afford_ug,
        "low_ug": dose_ug * world.low_q16 >> 16,
        "carry_ug": carry_ug,
        "restock_ug": restock_ug,
        "sold_ug": sold_ug,
        "own_ug": own_ug,
        "sale_ug": sale_ug,
    }
    return habits, dependent


def _slots(world: World, scenario: Scenario, columns: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """Return the chance of each channel in a usual day, and the room it is given in a draw, in 2**-32.

    ``p:<channel>`` is the chance in a usual day; ``end:<channel>`` is where the channel's room ends. Rooms hold the
    largest police effort of the calendar and follow each other in the order of schema.CHANNELS, so that the
    channel of a draw is the same under every law and on every day; they are cut at certainty.
    Where a record has effects, ``p32_by_state`` (people, 4, channels) holds the chances with a conviction (1) and without a safe home (2)
    on the day, and rooms hold the largest of them.
    """
    region = columns["region"].astype(np.int64)
    had, homeless = columns["had_conviction"].astype(bool), columns["has_no_safe_home"].astype(bool)
    now = _chances(world, scenario, columns, had, homeless)
    slots: dict[str, npt.NDArray[Any]] = {f"p:{channel}": now[:, c] for c, channel in enumerate(CHANNELS)}
    largest = now
    if scenario.practice.records is not None:
        everyone = np.ones(len(region), bool)
        by_state = [_chances(world, scenario, columns, everyone & bool(state & 1), homeless | bool(state & 2)) for state in range(4)]
        slots["p32_by_state"] = np.stack(by_state, axis=1)
        largest = slots["p32_by_state"].max(axis=1)
    end = np.zeros(len(region), np.int64)
    for c, channel in enumerate(CHANNELS):
        end = np.minimum(end + (largest[:, c] * world.effort_max_q16[region, c] >> 16), chance.ONE_32)
        slots[f"end:{channel}"] = end
    return slots


def _chances(world: World, scenario: Scenario, columns: dict[str, npt.NDArray[Any]], is_convicted: Bool, is_homeless: Bool) -> I64:
    """Return the chance of each channel in a usual day (people, channels), in 2**-32, for people as they stand."""
    police, carrying = scenario.police, scenario.carrying
    region = columns["region"].astype(np.int64)
    role = columns["role"].astype(np.int64)
    factor = np.ones(len(region))
    for (axis, _, _), by_category in zip(world.axes, world.stop_factors, strict=True):
        factor = factor * by_category[columns[f"axis:{axis}"].astype(np.int64)]
    factor = np.where(is_homeless, factor * police.no_safe_home_factor.value, factor)
    factor = np.where(is_convicted, factor * police.prior_factor.value, factor)
    public = np.array([carrying.public_minutes.urban.value, carrying.public_minutes.remote.value])[region]
    public = np.where(is_homeless, carrying.no_safe_home_minutes.value, public)
    trip = np.array([carrying.trip_minutes.urban.value, carrying.trip_minutes.remote.value])[region]
    a_minute = police.street.value / 60000.0
    daily = {
        "warrant": np.array([getattr(police.warrant, name).value for name in ROLES])[role] / 365.0,
        "street": a_minute * public * factor,
        "dog": np.array([police.dog.urban.value, police.dog.remote.value])[region] / 365.0 * factor,
        "trip": a_minute * police.trip_factor.value * trip * factor,
        "purchase": police.purchase.value / 1000.0 * factor,
    }
    if police.strategies is not None:
        way = police.strategies.in_force
        exposed = np.where(is_homeless, way.no_safe_home.value, 1.0)
        daily = {channel: p * getattr(way, channel).value * (exposed if channel != "warrant" else 1.0) for channel, p in daily.items()}
    for name in VENUES:
        venue = getattr(police, name)
        daily[name] = np.array([venue.checks.urban.value, venue.checks.remote.value])[region] / 365.0 * factor if venue else np.zeros(len(region))
    chances: I64 = np.stack([np.rint(np.minimum(daily[channel], 1.0) * chance.ONE_32).astype(np.int64) for channel in CHANNELS], axis=1)
    return chances
