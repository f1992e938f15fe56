"""The world as numbers: a scenario compiled once into whole-number chances, factors and tables.

Level 3. Transcendental functions run here and nowhere later. Factors are in 1/65536 (``_q16``), chances of the
daily steps in 2**-32 (``32``); chances of the rare decisions stay float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.chance import Q16, q16
from decrimsim.market_numbers import MarketNumbers, market_numbers
from decrimsim.parameters import Amount, Param
from decrimsim.scenario.model import Scenario
from decrimsim.scenario.practice import ByGroup
from decrimsim.schema import CHANNELS, FIXED_EFFORT, REGIONS, ROLES, SUPPLY_EVIDENCE, VENUES

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
ALL = 2**62
"""More than anybody can hold: carries everything, affords everything."""


@dataclass(frozen=True)
class SubstanceNumbers:
    """One substance; the tables are quantiles, see decrimsim.chance."""

    name: str
    forms: tuple[int, ...]
    form_bounds: list[int]
    is_counted: tuple[bool, ...]
    also32: int
    type_bounds: list[int]
    type_tables: tuple[I64, ...]
    friends32: tuple[int, ...]
    """by use type"""
    dose_ug: int
    dose_people: I64
    dose_days: I64
    binge32: int
    binge_q16: int
    unit_ug: int
    deal_ug: int
    purchase_q16: int
    purchase_people: I64
    afford_ug: int
    afford_people: I64
    dependent32: int
    restock_ug: tuple[int, int, int, int]
    restock_people: tuple[I64 | None, I64 | None, I64 | None, I64 | None]
    sold_q16: tuple[int, int, int, int]


@dataclass(frozen=True)
class World:
    """Everything the population and the daily steps need, as numbers. Arrays are indexed by the order in schema."""

    substances: tuple[SubstanceNumbers, ...]
    main_bounds: list[int]
    axes: tuple[tuple[str, tuple[str, ...], list[int]], ...]
    remote32: int
    circle_sizes: npt.NDArray[np.int64]
    circle_bounds: list[int]
    same_main32: int
    role_bounds: list[int]
    no_safe_home32: int
    represented32: int
    prior32: int
    prior_supply32: int
    bulk32: int
    stocker32: int
    raid_bounds: list[int]
    style_bounds: list[int]
    some_q16: int
    low_q16: int
    group32: npt.NDArray[np.int64]
    share32: int
    remote_q16: int
    bulk_q16: int
    raid_q16: int
    lockdown: tuple[int, int, int] | None
    lockdown_q16: int
    access32: I64
    """(days, regions) chance of reaching the market"""
    is_raid: npt.NDArray[np.bool_]
    """(days, regions)"""
    effort_q16: I64
    """(days, regions, channels) police contact against usual"""
    effort_max_q16: I64
    """(regions, channels) the largest of the whole calendar, at least 1"""
    stop_factors: tuple[F64, ...]
    caution_factors: tuple[F64, ...]
    notice_factors: tuple[F64, ...]
    odour: F64
    find: F64
    search: F64
    search_cue: F64
    suspicion_q16: I64
    p_carry: F64
    """(channels,) someone met there has something along"""
    stands_down: bool
    """suspicion of use or possession is no ground to stop anyone, whatever the law allows"""
    violence: F64 | None
    """(2,) at a stop without and with a search"""
    violence_factors: tuple[F64, ...]
    weigh: I64
    supply_evidence: F64
    """(items, roles)"""
    paraphernalia: F64
    counted: npt.NDArray[np.bool_]
    """(substances, forms)"""
    purity_q16: I64
    """(substances, forms)"""
    market: MarketNumbers

    @property
    def n_substances(self) -> int:
        return len(self.substances)


def _value(parameter: Param | Amount) -> float:
    return parameter.number()


def compile_world(scenario: Scenario, days: int) -> World:
    """Return the scenario as numbers for a horizon of so many days."""
    from decrimsim.law import FORMS

    people, market, police, violence = scenario.people, scenario.market, scenario.police, scenario.practice.police.violence
    names = list(scenario.substances)
    substances = tuple(_substance(name, scenario, FORMS) for name in names)
    access32, is_raid, effort = _by_day(scenario, np.arange(days))
    counted = np.zeros((len(names), len(FORMS)), bool)
    for s, numbers in enumerate(substances):
        for form, is_counted in zip(numbers.forms, numbers.is_counted, strict=True):
            counted[s, form] = is_counted
    roles = people.roles
    role_shares = [roles.social_supplier.value, roles.user_dealer.value, roles.commercial.value]
    lockdown = market.lockdown
    return World(
        substances=substances,
        main_bounds=chance.cumulative32([s.main.value for s in scenario.substances.values()]),
        axes=tuple((axis, tuple(shares), chance.cumulative32([p.value for p in shares.values()])) for axis, shares in people.axes.items()),
        remote32=chance.chance32(people.remote.value),
        circle_sizes=np.array([int(size) for size in people.circle_size], np.int64),
        circle_bounds=chance.cumulative32([p.value for p in people.circle_size.values()]),
        same_main32=chance.chance32(people.same_main.value),
        role_bounds=chance.cumulative32([1 - sum(role_shares), *role_shares]),
        no_safe_home32=chance.chance32(people.no_safe_home.value),
        represented32=chance.chance32(people.represented.value),
        prior32=chance.chance32(people.prior_conviction.value),
        prior_supply32=chance.chance32(people.prior_supply_conviction.value),
        bulk32=chance.chance32(people.bulk_buyer.value),
        stocker32=chance.chance32(people.lockdown_stocker.value),
        raid_bounds=chance.cumulative32(
            [people.raid_response.buy_more.value, people.raid_response.stop.value, 1 - people.raid_response.buy_more.value - people.raid_response.stop.value]
        ),
        style_bounds=chance.cumulative32(
            [scenario.carrying.dose_only.value, scenario.carrying.some.value, 1 - scenario.carrying.dose_only.value - scenario.carrying.some.value]
        ),
        some_q16=q16(scenario.carrying.some_doses.value),
        low_q16=q16(market.group_purchase.running_low.value),
        group32=np.array([chance.chance32(getattr(market.group_purchase, role).value) for role in ROLES], np.int64),
        share32=chance.chance32(market.share_at_use.value),
        remote_q16=q16(market.remote_factor.value),
        bulk_q16=q16(market.bulk_factor.value),
        raid_q16=q16(market.raid_factor.value),
        lockdown=(lockdown.announced_day, lockdown.start_day, lockdown.end_day) if lockdown else None,
        lockdown_q16=q16(lockdown.stock_factor.value) if lockdown else Q16,
        access32=access32,
        is_raid=is_raid,
        effort_q16=effort,
        effort_max_q16=_largest_effort(scenario),
        stop_factors=_by_axis(scenario, police.stop_factor),
        caution_factors=_by_axis(scenario, scenario.practice.police.caution_factor),
        notice_factors=_by_axis(scenario, scenario.practice.police.notice_factor),
        odour=np.array([s.odour.value for s in scenario.substances.values()]),
        find=_by_channel(scenario, "find"),
        search=_by_channel(scenario, "search"),
        search_cue=_by_channel(scenario, "search_cue"),
        p_carry=_by_channel(scenario, "p_carry"),
        suspicion_q16=np.array([q16(share) for share in _by_channel(scenario, "supply_suspicion")], np.int64),
        stands_down=police.strategies is not None and police.strategies.in_force.stands_down,
        violence=None if violence is None else np.array([violence.stop.value, violence.search.value]),
        violence_factors=_by_axis(scenario, violence.group_factor if violence else {}),
        weigh=chance.error_table(police.weighing_sd.value),
        supply_evidence=np.array([[getattr(getattr(scenario.evidence, item), role).value for role in ROLES] for item in SUPPLY_EVIDENCE]),
        paraphernalia=np.array([getattr(scenario.evidence.paraphernalia, role).value for role in ROLES]),
        counted=counted,
        purity_q16=_purity(scenario, FORMS),
        market=market_numbers(scenario),
    )


def _by_channel(scenario: Scenario, what: Literal["find", "search", "search_cue", "supply_suspicion", "p_carry"]) -> F64:
    """Return a chance for every channel (channels,); 0 at venues that the scenario does not describe."""
    usual = scenario.carrying.p_carry if what == "p_carry" else getattr(scenario.police, what)
    venues = {venue: getattr(scenario.police, venue) for venue in VENUES}
    chances = {c: (usual if what == "p_carry" else getattr(usual, c)).value for c in CHANNELS if c not in VENUES}
    chances |= {name: getattr(venue, what).value if venue else 0.0 for name, venue in venues.items()}
    return np.array([chances[c] for c in CHANNELS])


def _purity(scenario: Scenario, forms: tuple[str, ...]) -> I64:
    """Return the active share (substances, forms): of the substance, unless its form has one of its own."""
    by_form = scenario.market.purity_by_form or {}
    return np.array([[q16(by_form.get(name, {}).get(form, s.purity).value) for form in forms] for name, s in scenario.substances.items()], np.int64)


def _by_axis(scenario: Scenario, factors: ByGroup) -> tuple[F64, ...]:
    """Return for every axis the factor of each category; 1 where none is given."""
    return tuple(np.array([_value(factors[axis][c]) if c in factors.get(axis, {}) else 1.0 for c in shares]) for axis, shares in scenario.people.axes.items())


def _substance(name: str, scenario: Scenario, forms: tuple[str, ...]) -> SubstanceNumbers:
    s = scenario.substances[name]
    exponent = s.price.exponent.value
    affordable_g = (s.price.purse.value / s.price.gram.value) ** (1 / exponent) if s.price.gram.value > 0 else float(ALL)
    dealing = (None, None, s.user_dealer, s.commercial)
    return SubstanceNumbers(
        name=name,
        forms=tuple(forms.index(form) for form in s.forms),
        form_bounds=chance.cumulative32([p.value for p in s.forms.values()]),
        is_counted=tuple(form in s.counted_forms for form in s.forms),
        also32=chance.chance32(s.also.value),
        type_bounds=chance.cumulative32([t.share.value for t in s.types.values()]),
        type_tables=tuple(chance.beta_table(t.days.value / 28, t.concentration.value) for t in s.types.values()),
        friends32=tuple(chance.chance32(t.from_friends.value) for t in s.types.values()),
        dose_ug=s.dose.ug,
        dose_people=chance.lognormal_table(s.dose_sd_people.value),
        dose_days=chance.lognormal_table(s.dose_sd_days.value),
        binge32=chance.chance32(s.binge.p.value),
        binge_q16=q16(s.binge.factor.value),
        unit_ug=s.unit.ug,
        deal_ug=s.deal.ug,
        purchase_q16=q16(s.purchase.value),
        purchase_people=chance.lognormal_table(s.purchase_sd.value),
        afford_ug=min(round(affordable_g * 1e6), 10**12),
        afford_people=np.minimum(chance.lognormal_table(s.price.purse_sd.value / exponent), ALL // max(min(round(affordable_g * 1e6), 10**12), 1)),
        dependent32=chance.chance32(s.dependent.value),
        restock_ug=tuple(d.restock.ug if d else 0 for d in dealing),  # type: ignore[arg-type]
        restock_people=tuple(chance.lognormal_table(d.restock_sd.value) if d else None for d in dealing),  # type: ignore[arg-type]
        sold_q16=tuple(q16(d.sold_a_day.value) if d else 0 for d in dealing),  # type: ignore[arg-type]
    )


def _largest_effort(scenario: Scenario) -> I64:
    """Return the largest police effort (regions, channels) of the whole calendar, at least the usual one.

    The calendar and not the horizon: a longer run must begin with the days of the shorter one.
    """
    market = scenario.market
    periods = [(raid.start_day, raid.end_day) for raid in market.raids]
    if market.lockdown:
        periods.append((market.lockdown.start_day, market.lockdown.end_day))
    changes = sorted({0, *(start for start, _ in periods), *(end + 1 for _, end in periods)})
    largest: I64 = np.maximum(_by_day(scenario, np.array(changes))[2].max(axis=0), Q16)
    if scenario.police.hours is not None:
        follows = [c for c, channel in enumerate(CHANNELS) if channel not in FIXED_EFFORT]
        largest[:, follows] = largest[:, follows] * q16(scenario.police.hours.most.value) >> 16
    return largest


def _by_day(scenario: Scenario, days: I64) -> tuple[I64, npt.NDArray[np.bool_], I64]:
    """Return access (days, regions), raids (days, regions) and police effort (days, regions, channels) of some days (days,)."""
    market, police = scenario.market, scenario.police
    n_regions, n_channels = len(REGIONS), len(CHANNELS)
    access = np.array([[market.access.urban.value, market.access.remote.value]]).repeat(len(days), axis=0)
    effort = np.ones((len(days), n_regions, n_channels))
    is_raid = np.zeros((len(days), n_regions), bool)
    street, dog, trip, purchase = (CHANNELS.index(c) for c in ("street", "dog", "trip", "purchase"))
    if market.lockdown:
        closed = (market.lockdown.start_day <= days) & (days <= market.lockdown.end_day)
        access[closed] *= market.lockdown.access.value
        effort[closed, :, street] *= market.lockdown.public_time.value
        effort[closed, :, dog] *= market.lockdown.public_time.value
    for raid in market.raids:
        is_raid[(raid.start_day <= days) & (days <= raid.end_day), REGIONS.index(raid.region)] = True
    for channel in (street, trip, purchase):
        effort[:, :, channel] = np.where(is_raid, effort[:, :, channel] * police.raid_factor.value, effort[:, :, channel])
    access32: I64 = np.rint(np.minimum(access, 1.0) * chance.ONE_32).astype(np.int64)
    effort_q16: I64 = np.rint(effort * Q16).astype(np.int64)
    return access32, is_raid, effort_q16
