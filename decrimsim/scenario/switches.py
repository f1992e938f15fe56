"""Switches: every mechanism of a world that can be turned off, by name.

Level 3. A mechanism is on when its sections are in the scenario file and ``switches`` does not turn it off. Off means that the
engine never sees it: its sections are taken out, or its numbers are set to those that change nothing. So a mechanism
that is off changes not one bit, whatever its other numbers say.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Switch:
    """A mechanism.

    title     what it does, in plain words: "<title> changes the answer by ..."
    sections  dotted paths of optional sections that it needs; taken out when it is off
    neutral   dotted paths of parameters with the number that changes nothing, set when it is off; '*' stands for every key at its place
    """

    name: str
    title: str
    sections: tuple[str, ...] = ()
    neutral: tuple[tuple[str, float], ...] = ()


MARKET = (
    Switch("discount", "cheaper by the gram in larger purchases, so that the purse reaches further", neutral=(("substances.*.price.exponent", 1.0),)),
    Switch("bulk_discount", "some people habitually buy big for the discount", neutral=(("people.bulk_buyer", 0.0),)),
    Switch("bulk_remote", "larger purchases in remote places", neutral=(("market.remote_factor", 1.0),)),
    Switch("lockdown", "a lockdown: less time in public, a market harder to reach, stocking up", sections=("market.lockdown",)),
    Switch("bulk_lockdown", "stocking up for a lockdown", neutral=(("market.lockdown.stock_factor", 1.0),)),
    Switch("raids", "raids and crackdowns: more stops for a time, and people who buy more or nothing", sections=("market.raids",)),
    Switch("bulk_raid", "larger purchases while a raid lasts", neutral=(("market.raid_factor", 1.0),)),
    Switch("group_purchase", "someone buys for friends who run low and carries everybody's share", neutral=(("market.group_purchase.*", 0.0),)),
    Switch("share_at_use", "friends who use together help out whoever runs out", neutral=(("market.share_at_use", 0.0),)),
)
RESPONSES: tuple[Switch, ...] = ()
POLICE = (
    Switch("unequal_stops", "some groups are stopped more often than others", neutral=(("police.stop_factor.*.*", 1.0),)),
    Switch("unequal_discretion", "some groups are offered a caution or a notice less often", neutral=(("practice.police.*_factor.*.*", 1.0),)),
    Switch(
        "police_hours",
        "officers have hours, and what a case costs in hours decides how many people they can stop",
        sections=("police.hours",),
    ),
)
COURTS = (
    Switch("diversion", "prosecutors divert possession cases", neutral=(("practice.prosecutor.divert", 0.0),)),
    Switch("custody_pleas", "people held before trial plead guilty more often", neutral=(("practice.court.custody_uplift", 0.0),)),
)
ADMINISTRATION: tuple[Switch, ...] = ()
SERVICES = (
    Switch(
        "service_effect",
        "people use less while they are in a service",
        neutral=(("practice.referral.use_reduction", 0.0), ("services.kinds.*.use_reduction", 0.0)),
    ),
    Switch(
        "services",
        "services of several kinds with places, waiting lists and drop-out, that fill up under each law",
        sections=("services",),
    ),
    Switch("self_entry", "people seek a service of their own accord", sections=("services.self_entry",)),
    Switch("service_avoidance", "people stay away from services out of fear of police where use is punished", sections=("services.self_entry.avoidance",)),
    Switch("drop_out", "leaving a compelled service early brings people back before the law", sections=("practice.drop_out",)),
    Switch("redirection", "money that a law saves in justice buys places in services", sections=("services.redirection",)),
)
REVIEWS = (Switch("review", "laws revise their amounts by their own review clauses", sections=("practice.review",)),)
RECORDS: tuple[Switch, ...] = ()
HEALTH = (Switch("health", "people die from overdose and are infected, by hazards", sections=("health",)),)

SWITCHES: dict[str, Switch] = {
    switch.name: switch for group in (MARKET, RESPONSES, POLICE, COURTS, ADMINISTRATION, SERVICES, REVIEWS, RECORDS, HEALTH) for switch in group
}
