"""Encounters: who is stopped today, searched, and found with what.

Level 4. A step of the day: it writes the log of encounters and findings and returns the finds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.block import Block
from decrimsim.engine.course import by_law
from decrimsim.engine.demand import count_encounters
from decrimsim.engine.records import has_conviction, stop_chances
from decrimsim.engine.rows import ranges
from decrimsim.kernels import encounters
from decrimsim.schema import CHANNELS, FIXED_EFFORT, PURPOSES, ROLES, SUPPLY_EVIDENCE, USE_EVIDENCE

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
WARRANT, DOG, PURCHASE = (CHANNELS.index(c) for c in ("warrant", "dog", "purchase"))
ON_TRIP = np.array([channel in ("trip", "purchase") for channel in CHANNELS])
FOLLOWS_HOURS = np.array([channel not in FIXED_EFFORT for channel in CHANNELS])
USER_DEALER, COMMERCIAL = ROLES.index("user_dealer"), ROLES.index("commercial")


@dataclass(frozen=True)
class Holding:
    """What is on some people, or in their homes, by substance (n, substances) and purpose."""

    ug: I64
    """(n, substances, purposes)"""
    habit: I64
    """(n, substances) position of the habit, -1 where there is none"""

    def at(self, rows: I64) -> Holding:
        """Return the holdings of some of the people."""
        return Holding(self.ug[rows], self.habit[rows])


@dataclass(frozen=True)
class Finds:
    """People found with drugs today (n,), under which laws, and what officials know."""

    people: I64
    laws: Bool
    holding: Holding
    measured_ug: I64
    """(n, substances)"""
    pure_ug: I64
    units: I64
    form: I64
    n_supply: I64
    has_use_evidence: Bool


def patrol(block: Block) -> Finds | None:
    """Stop, search and find; log the encounters; return the finds, or nothing."""
    people, world = block.people, block.setup.world
    u32 = chance.low32(block.bits("day.encounter", people["scramble"]))
    rows = np.flatnonzero(u32 < people["last_end"])
    if not len(rows):
        return None
    rows, channel, laws = _stops(block, rows, u32[rows].astype(np.int64))
    if not len(rows):
        return None
    holding = _carried(block, rows, channel)
    has_cue = _cues(block, rows, channel, holding)
    p_search = np.where(has_cue, world.search_cue[channel], world.search[channel])
    searched = chance.uniform(block.bits("police.search", people["scramble"][rows])) < p_search
    draws, _ = block.uniforms([("police.find", s) for s in range(world.n_substances)], people["scramble"][rows])
    detected = (world.find[channel][:, None] > draws.T) & searched[:, None] & (holding.ug.sum(axis=2) > 0)
    found = detected.any(axis=1)
    columns = {
        "person": people["person"][rows],
        "day": np.full(len(rows), block.day),
        "channel": channel,
        "has_cue": has_cue,
        "is_searched": searched,
        "is_found": found,
        "is_violent": _violence(block, rows, searched),
    }
    block.log["encounters"].append({**columns, "laws": laws})
    time = block.setup.officer_time
    if time is not None:
        block.counts.officer_minutes += by_law(laws, time.stop + time.search * searched)
    count_encounters(block, laws, searched, found)
    at = np.flatnonzero(found)
    if not len(at):
        return None
    seen = Holding(holding.ug[at] * detected[at][:, :, None], holding.habit[at])
    return _weighed(block, rows[at], laws[at], seen)


def _violence(block: Block, rows: I64, searched: Bool) -> Bool:
    """Return who meets violence or abuse by officers (rows,), an arrest apart."""
    p = block.setup.world.violence
    if p is None:
        return np.zeros(len(rows), bool)
    people = block.people
    met: Bool = chance.uniform(block.bits("police.violence", people["scramble"][rows])) < p[searched * 1] * people["violence_factor"][rows]
    return met


def _stops(block: Block, rows: I64, u32: I64) -> tuple[I64, I64, Bool]:
    """Return the rows that are stopped under at least one of their laws, the channel, and the laws (rows, laws).

    Two laws stand for all at first, one that stops most and one that stops least; law by law only the draws between them are looked at.
    """
    people, setup, hours_q16 = block.people, block.setup, block.course.effort_q16
    grounds = setup.laws.stops_for_possession & (not setup.world.stands_down)
    channel, offset = encounters.channel_of(u32, people["ends"][rows])
    is_out = (~ON_TRIP[channel] | (people["trip_day"][rows] == block.day)) & block.is_free(rows)
    rows, channel, offset = rows[is_out], channel[is_out], offset[is_out]
    today_q16 = setup.world.effort_q16[block.day, people["region"][rows], channel]
    clean, convicted = (p32 * today_q16 >> 16 for p32 in stop_chances(block, rows, channel))

    def stopped(at: I64, p32: I64, hours_q16: I64, grounds: Bool) -> Bool:
        by_hours = np.where(FOLLOWS_HOURS[channel[at]][:, None], p32 * hours_q16 >> 16, p32)
        return encounters.is_stop(offset[at], by_hours, setup.world.suspicion_q16[channel[at]], grounds)

    most, least = np.maximum(clean, convicted)[:, None], np.minimum(clean, convicted)[:, None]
    at = np.flatnonzero(stopped(np.arange(len(rows)), most, hours_q16.max(keepdims=True), np.array([grounds.any()])))
    is_open = ~stopped(at, least[at], hours_q16.min(keepdims=True), np.array([grounds.all()]))[:, 0]
    laws = block.circles["laws"][people["circle"][rows[at]]]
    between = at[is_open]
    p32 = np.where(has_conviction(block, rows[between]), convicted[between][:, None], clean[between][:, None])
    laws[is_open] &= stopped(between, p32, hours_q16, grounds)
    some = np.flatnonzero(laws.any(axis=1))
    return rows[at[some]], channel[at[some]], laws[some]


def _carried(block: Block, rows: I64, channel: I64) -> Holding:
    """Return what a search of each person could find, by substance and purpose."""
    people, habits = block.people, block.habits
    at, which = ranges(people["first_habit"][rows], people["n_habits"][rows])
    mode = channel[which]
    own, sale = habits["own_ug"][at], habits["sale_ug"][at]
    today = habits["buy_day"][at] == block.day
    carries = chance.uniform(block.bits("police.carry", people["scramble"][rows]))[which] < block.setup.world.p_carry[mode]
    on_trip = ON_TRIP[mode]
    in_public = ~on_trip & (mode != WARRANT)
    own = np.where(
        on_trip,
        np.where(today, np.minimum(own, habits["bought_own_ug"][at]), 0),
        np.where(in_public, np.where(carries, np.minimum(own, habits["carry_ug"][at]), 0), own),
    )
    sale = np.where(
        on_trip,
        np.where(today, np.minimum(sale, habits["bought_sale_ug"][at]), 0),
        np.where(in_public, np.where(carries, np.minimum(sale, habits["carry_sale_ug"][at]), 0), sale),
    )
    circle, other = np.where(in_public, 0, habits["circle_ug"][at]), np.where(in_public, 0, habits["other_ug"][at])
    substance = habits["substance"][at].astype(np.int64)
    role = people["role"][rows][which]
    n, n_substances = len(rows), block.setup.world.n_substances
    ug = np.zeros((n, n_substances, len(PURPOSES)), np.int64)
    ug[which, substance, 0] = own
    ug[which, substance, 1] = circle
    ug[which, substance, 2] = np.where(role == COMMERCIAL, 0, sale)
    ug[which, substance, 3] = np.where(role == COMMERCIAL, sale, 0)
    ug[which, substance, 4] = other
    habit = np.full((n, n_substances), -1, np.int64)
    habit[which, substance] = at
    return Holding(ug, habit)


def _cues(block: Block, rows: I64, channel: I64, holding: Holding) -> Bool:
    """Return where an odour, a dog or an observed purchase points at drugs: the only way in which hidden drugs matter."""
    world, scenario = block.setup.world, block.setup.scenario
    draws, _ = block.uniforms([("police.cue", k) for k in range(1 + world.n_substances)], block.people["scramble"][rows])
    has = holding.ug.sum(axis=2) > 0
    alert = (channel == DOG) & has.any(axis=1) & (draws[0] < scenario.police.dog_alert.value)
    odour = ((world.odour > draws[1:].T) & has).any(axis=1) & (channel != WARRANT)
    cue: Bool = alert | odour | (channel == PURCHASE)
    return cue


def _weighed(block: Block, rows: I64, laws: Bool, seen: Holding) -> Finds:
    """Weigh what was found, look at the evidence with it, and log the findings."""
    setup, habits = block.setup, block.habits
    world = setup.world
    true_ug = seen.ug.sum(axis=2)
    _, bits = block.uniforms([("police.weigh", s) for s in range(world.n_substances)], block.people["scramble"][rows])
    measured = np.where(true_ug > 0, np.maximum(true_ug * world.weigh[chance.index16(bits.T)] >> 16, 1), 0)
    form = np.where(seen.habit >= 0, habits["form"][np.maximum(seen.habit, 0)], 0).astype(np.int64)
    substances = np.arange(world.n_substances)
    units = np.where(world.counted[substances[None, :], form], true_ug // setup.by_substance["unit_ug"], 0)
    pure = measured * world.purity_q16[substances[None, :], form] >> 16
    n_supply, has_use = _evidence(block, rows)
    finds = Finds(rows, laws, seen, measured, pure, units, form, n_supply, has_use)
    f, s = np.nonzero(true_ug > 0)
    columns = {
        "person": block.people["person"][rows][f],
        "day": np.full(len(f), block.day),
        "substance": s,
        "form": form[f, s],
        "true_ug": true_ug[f, s],
        "measured_ug": measured[f, s],
        "pure_ug": pure[f, s],
        "units": units[f, s],
        **{f"{purpose}_ug": seen.ug[f, s, i] for i, purpose in enumerate(PURPOSES)},
        "reasons": habits["reasons"][seen.habit[f, s]],
    }
    block.log["findings"].append({**columns, "laws": laws[f]})
    return finds


def _evidence(block: Block, rows: I64) -> tuple[I64, Bool]:
    """Return the kinds of supply evidence seen with each find, and whether some evidence of own use was."""
    people, world, evidence = block.people, block.setup.world, block.setup.scenario.evidence
    role = people["role"][rows].astype(np.int64)
    n_supply_kinds = len(SUPPLY_EVIDENCE)
    draws, _ = block.uniforms([("evidence", k) for k in range(n_supply_kinds + len(USE_EVIDENCE))], people["scramble"][rows])
    n_supply = (draws[:n_supply_kinds] < world.supply_evidence[:, role]).sum(axis=0)
    use = draws[n_supply_kinds] < world.paraphernalia[role]
    use |= (draws[n_supply_kinds + 1] < evidence.dependence.value) & people["is_dependent"][rows].astype(bool)
    use |= draws[n_supply_kinds + 2] < evidence.history.value
    return n_supply, use
