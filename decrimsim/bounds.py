"""Proof, before anything is simulated, that no amount of a scenario can outgrow 64-bit whole numbers.

Level 3. NumPy wraps silently, so the largest products are worked out here in Python's own whole numbers.
"""

from __future__ import annotations

from decrimsim import chance
from decrimsim.errors import ScenarioError
from decrimsim.scenario.model import Scenario
from decrimsim.units import format_ug
from decrimsim.world import SubstanceNumbers, World

LARGEST = 2**62
LARGEST_HOLDING_UG = 10**14
"""100 tonnes: nobody holds more at once, so sums over people, days and substances stay countable."""


def prove_bounds(scenario: Scenario, world: World) -> None:
    """Raise ScenarioError, naming the parameters, if an amount or a chance could outgrow what can be counted."""
    effort = int(world.effort_max_q16.max(initial=0))
    if effort * chance.ONE_32 > LARGEST:
        raise _too_large(scenario, "police.raid_factor and market.lockdown.public_time", f"police effort of {effort / chance.Q16:,.0f} times the usual")
    for substance in world.substances:
        largest = max(_purchase(scenario, world, substance), _restock(scenario, substance))
        if largest > LARGEST_HOLDING_UG or largest * int(world.weigh[-1]) > LARGEST:
            raise _too_large(scenario, f"substances.{substance.name}", f"a holding of {format_ug(min(largest, 10**30))}")


def _purchase(scenario: Scenario, world: World, s: SubstanceNumbers) -> int:
    """Return the largest amount that one person could hold for own use, for friends, or want in a day, in ug."""
    where = f"substances.{s.name}: dose, dose_sd_people, dose_sd_days, binge, purchase, purchase_sd, and the factors of market"
    dose = _product(scenario, where, int(s.dose_people[-1]), s.dose_ug)
    day = _product(scenario, where, int(s.dose_days[-1]), dose)
    day = max(day, _product(scenario, where, day, s.binge_q16))
    size = _product(scenario, where, int(s.purchase_people[-1]), _product(scenario, where, dose, s.purchase_q16))
    market, online = world.market, world.market.online
    factors = [world.remote_q16, world.bulk_q16, world.lockdown_q16, world.raid_q16, *(rule.factor_q16 for rule in market.buying_days)]
    factors += [shortage.factor_q16 for shortage in market.shortages if world.substances[shortage.substance].name == s.name]
    usual = size
    for factor in factors:
        size = max(size, _product(scenario, where, size, factor))
    parcel = _product(scenario, where, max(usual, _product(scenario, where, usual, world.bulk_q16)), online.factor_q16 if online else 0)
    size = max(size, parcel, _product(scenario, where, usual, market.cop_q16))
    for factor in (world.some_q16, world.low_q16, market.gift_q16, online.low_q16 if online else 0):
        _product(scenario, where, dose, factor)
    size = min(size, _product(scenario, where, int(s.afford_people[-1]), s.afford_ug) + s.deal_ug)
    friends = int(world.circle_sizes.max(initial=1))
    return size * (friends + 1) + 2 * day + s.deal_ug


def _restock(scenario: Scenario, s: SubstanceNumbers) -> int:
    """Return the largest amount bought in for sale, in ug."""
    where = f"substances.{s.name}: restock and restock_sd"
    tables = zip(s.restock_ug, s.restock_people, strict=True)
    return max(_product(scenario, where, int(table[-1]), ug) if table is not None else 0 for ug, table in tables)


def _product(scenario: Scenario, where: str, a: int, b: int) -> int:
    """Return a times b in 1/65536, if the product can be counted."""
    if a * b > LARGEST:
        raise _too_large(scenario, where, "a product beyond what can be counted")
    return a * b >> 16


def _too_large(scenario: Scenario, where: str, got: str) -> ScenarioError:
    return ScenarioError(
        f"the numbers allow {got}.",
        where=f"{scenario.id}: {where}",
        got=got,
        wanted="amounts below 100 tonnes",
        hint="Lower the values or the standard deviations",
    )
