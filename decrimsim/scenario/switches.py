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
    inputs    dotted paths, as in neutral, of parameters elsewhere that nothing else reads: when it is off they change nothing
    needs     other switches without which it does nothing
    measures  what it works on first, by names of decrimsim.measures.parts.MEASURES: where its contribution shows
    couples   it works through everybody under a law at once: what one person goes through depends on what all others do
    """

    name: str
    title: str
    sections: tuple[str, ...] = ()
    neutral: tuple[tuple[str, float], ...] = ()
    inputs: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    couples: bool = False


MARKET = (
    Switch(
        "discount",
        "cheaper by the gram in larger purchases, so that the purse reaches further",
        neutral=(("substances.*.price.exponent", 1.0),),
        measures=("purchases", "trip_days"),
    ),
    Switch(
        "bulk_discount",
        "some people habitually buy big for the discount",
        neutral=(("people.bulk_buyer", 0.0),),
        inputs=("market.bulk_factor",),
        measures=("purchases", "trip_days"),
    ),
    Switch("bulk_remote", "larger purchases in remote places", neutral=(("market.remote_factor", 1.0),), measures=("purchases", "trip_days")),
    Switch(
        "lockdown",
        "a lockdown: less time in public, a market harder to reach, stocking up",
        sections=("market.lockdown",),
        inputs=("people.lockdown_stocker",),
        measures=("unmet_days", "trip_days"),
    ),
    Switch(
        "bulk_lockdown",
        "stocking up for a lockdown",
        neutral=(("market.lockdown.stock_factor", 1.0), ("people.lockdown_stocker", 0.0)),
        needs=("lockdown",),
        measures=("purchases", "trip_days"),
    ),
    Switch(
        "raids",
        "raids and crackdowns: more stops for a time, and people who buy more or nothing",
        sections=("market.raids",),
        inputs=("people.raid_response.*", "market.raid_factor", "police.raid_factor"),
        measures=("stops", "purchases"),
    ),
    Switch("bulk_raid", "larger purchases while a raid lasts", neutral=(("market.raid_factor", 1.0),), needs=("raids",), measures=("purchases", "trip_days")),
    Switch(
        "group_purchase",
        "someone buys for friends who run low and carries everybody's share",
        neutral=(("market.group_purchase.*", 0.0),),
        measures=("trip_days",),
    ),
    Switch("share_at_use", "friends who use together help out whoever runs out", neutral=(("market.share_at_use", 0.0),), measures=("unmet_days",)),
    Switch(
        "calendar",
        "weekends and paydays: more use on some weekdays, purchases that are a habit of their own",
        sections=("market.calendar",),
        measures=("purchases", "unmet_days"),
    ),
    Switch(
        "payday",
        "some people buy on payday or before the weekend whether they run short or not",
        neutral=(("market.calendar.buying_days.*.share", 0.0),),
        inputs=("market.calendar.buying_days.*.factor",),
        needs=("calendar",),
        measures=("purchases",),
    ),
    Switch("shortage", "times in which one substance is hard to get", sections=("market.shortages",), measures=("unmet_days",)),
    Switch(
        "shortage_stocking",
        "larger purchases while a substance is hard to get",
        neutral=(("market.shortages.*.stockers", 0.0),),
        inputs=("market.shortages.*.stock_factor",),
        needs=("shortage",),
        measures=("purchases",),
    ),
    Switch("substitution", "who cannot get a substance uses another that they have a habit of", sections=("market.substitution",), measures=("unmet_days",)),
    Switch("purity_by_form", "purity that differs between the forms of a substance", sections=("market.purity_by_form",), measures=("charges_supply",)),
    Switch(
        "online",
        "some buy online: larger amounts by parcel, no trip, parcels that are lost or intercepted",
        sections=("market.online",),
        measures=("trip_days",),
    ),
    Switch("copping", "buying for somebody outside the circle, without gain", sections=("market.copping",), measures=("found", "trip_days")),
    Switch(
        "user_dealers",
        "some people sell to pay for their own use",
        neutral=(("people.roles.user_dealer", 0.0),),
        inputs=("substances.*.user_dealer.*", "police.warrant.user_dealer", "evidence.*.user_dealer"),
        measures=("found", "suppliers_not_charged_supply"),
    ),
    Switch("gifts", "gifts inside the circle beyond sharing at use", sections=("market.gifts",), measures=("unmet_days",)),
)
RESPONSES = (
    Switch(
        "packing",
        "some suppliers buy in and carry just less than the line of the law in force",
        sections=("market.packing",),
        measures=("suppliers_not_charged_supply",),
    ),
    Switch("response", "some people know the line of the law in force and answer to it", sections=("people.response",), measures=("purchases", "trip_days")),
)
POLICE = (
    Switch("unequal_stops", "some groups are stopped more often than others", neutral=(("police.stop_factor.*.*", 1.0),), measures=("stops",)),
    Switch(
        "unequal_discretion",
        "some groups are offered a caution or a notice less often",
        neutral=(("practice.police.*_factor.*.*", 1.0),),
        measures=("cautions", "notices"),
    ),
    Switch(
        "officer_discretion",
        "officers overlook a find or only give a warning",
        neutral=(("practice.police.ignore", 0.0), ("practice.police.warn", 0.0)),
        measures=("proceeded",),
    ),
    Switch(
        "use_evidence",
        "evidence of own use makes officers think less of supply",
        neutral=(("practice.police.use_evidence_factor", 1.0),),
        measures=("users_charged_supply",),
    ),
    Switch("strategy", "a named strategy says how much each kind of police contact is worked", sections=("police.strategies",), measures=("stops",)),
    Switch("events", "checks at events", sections=("police.events",), measures=("stops",)),
    Switch("transport", "checks on trains, buses and roads", sections=("police.transport",), measures=("stops",)),
    Switch(
        "training", "officers trained to tell use from supply and to treat groups alike", sections=("practice.police.training",), measures=("charges_supply",)
    ),
    Switch(
        "guidelines",
        "guidelines beside the statute: amounts that officers are told to take for own use",
        sections=("practice.police.guidelines",),
        measures=("users_charged_supply", "detention_days"),
    ),
    Switch("bribery", "payments demanded instead of a case", sections=("practice.police.bribery",), measures=("bribes_paid",)),
    Switch("holding_cells", "detention before charge", sections=("practice.police.holding",), measures=("detention_days",)),
    Switch("violence", "violence and abuse by officers", sections=("practice.police.violence",), measures=("violent_encounters", "violent_arrests")),
    Switch(
        "police_hours",
        "officers have hours, and what a case costs in hours decides how many people they can stop",
        sections=("police.hours",),
        couples=True,
        measures=("stops",),
    ),
)
COURTS = (
    Switch(
        "diversion",
        "prosecutors divert possession cases",
        neutral=(("practice.prosecutor.divert", 0.0),),
        inputs=("practice.referral.diversion.*",),
        measures=("diversions",),
    ),
    Switch("bail_refusal", "courts hold some people before trial", neutral=(("practice.court.bail_refused.*", 0.0),), measures=("detention_days",)),
    Switch(
        "prior_convictions",
        "people with a conviction are held and imprisoned more often",
        neutral=(("practice.court.prior_factor", 1.0),),
        measures=("detention_days", "prison_days"),
    ),
    Switch(
        "negotiation",
        "charges are withdrawn, or bargained down from supply to possession",
        neutral=(("practice.court.withdraw.*", 0.0), ("practice.court.plead_down.*", 0.0)),
        measures=("convictions_possession", "convictions_supply"),
    ),
    Switch(
        "rebuttal",
        "people rebut a presumption of supply",
        neutral=(("practice.court.rebut", 0.0),),
        inputs=("practice.court.rebut_evidence_factor", "practice.representation.rebut_factor"),
        measures=("convictions_supply",),
    ),
    Switch(
        "custody_pleas",
        "people held before trial plead guilty more often",
        neutral=(("practice.court.custody_uplift", 0.0),),
        measures=("convictions_possession", "convictions_supply"),
    ),
    Switch(
        "assessment",
        "a trained medical professional sees people, and officials may rely on the finding",
        sections=("practice.assessment",),
        measures=("assessments",),
    ),
    Switch(
        "diversion_conditions",
        "diversion asks for a plea or abstinence, and a breach brings the charge back",
        sections=("practice.diversion_conditions",),
        needs=("diversion",),
        measures=("diversion_conditions", "diversion_breaches"),
    ),
    Switch(
        "representation",
        "lawyers change pleas and rebuttals, and some are on duty",
        sections=("practice.representation",),
        measures=("convictions_possession", "convictions_supply"),
    ),
    Switch(
        "police_reports_only",
        "some courts see police reports only, so that evidence of own use does not count",
        sections=("practice.police_reports",),
        measures=("convictions_supply",),
    ),
    Switch("precedent", "rulings that bind their parties only are granted to others too", sections=("practice.precedent",), measures=("precedents_granted",)),
    Switch("sentencing_ranges", "the law's own shortest and longest terms bound prison", sections=("practice.sentencing_range",), measures=("prison_days",)),
    Switch("appeal", "people convicted by a court may appeal", sections=("practice.appeal",), measures=("appeals_allowed",)),
    Switch(
        "prosecutor_queue",
        "prosecutors have a capacity, and cases they cannot deal with wait",
        sections=("practice.prosecutor_queue",),
        couples=True,
        measures=("resolution_days",),
    ),
    Switch("court_queue", "courts have a capacity, and what they cannot hear waits", sections=("practice.queue",), couples=True, measures=("resolution_days",)),
)
ADMINISTRATION = (
    Switch(
        "cautions",
        "officers caution people where the law lets them",
        neutral=(("practice.police.caution", 0.0),),
        inputs=("practice.police.caution_factor.*.*", "practice.referral.caution.*", "police.hours.caution"),
        measures=("cautions",),
    ),
    Switch(
        "notices",
        "officers give penalty notices where the law lets them",
        neutral=(("practice.police.notice", 0.0),),
        inputs=("practice.police.notice_factor.*.*", "practice.referral.notice.*", "practice.notice.*", "police.hours.notice"),
        measures=("notices",),
    ),
    Switch(
        "panels",
        "officers report administrative offences to a panel where the law has one",
        neutral=(("practice.police.panel", 0.0),),
        inputs=("police.hours.panel",),
        measures=("panels",),
    ),
    Switch(
        "unpaid_notices",
        "a notice that is not paid ends in a conviction where the law lets it",
        neutral=(("practice.notice.convicted_if_unpaid", 0.0),),
        needs=("notices",),
        measures=("back_door_convictions",),
    ),
    Switch(
        "sanctions",
        "sanctions besides sentences: licences, registers, tests, compulsory detention, corporal punishment",
        sections=("practice.sanctions",),
        measures=("compulsory_days", "licence_losses", "registrations", "urine_tests"),
    ),
    Switch(
        "repeat_rules",
        "earlier cases count as the law's rules on repeats say",
        sections=("practice.repeat_rules",),
        measures=("diversions", "convictions_possession"),
    ),
    Switch(
        "appointments",
        "people who missed the panel may get a second appointment",
        sections=("practice.appointments",),
        measures=("panel_sanctions",),
    ),
    Switch(
        "payment",
        "notices are paid by ability, early at a discount, or in parts",
        sections=("practice.payment",),
        needs=("notices",),
        measures=("unpaid_notices",),
    ),
)
SERVICES = (
    Switch(
        "referral",
        "officials offer people a service",
        neutral=(("practice.referral.*.offer", 0.0),),
        inputs=("practice.referral.*.accept",),
        measures=("referrals_offered",),
    ),
    Switch(
        "service_effect",
        "people use less while they are in a service",
        neutral=(("practice.referral.use_reduction", 0.0), ("services.kinds.*.use_reduction", 0.0)),
        measures=("purchases",),
    ),
    Switch(
        "services",
        "services of several kinds with places, waiting lists and drop-out, that fill up under each law",
        sections=("services",),
        couples=True,
        measures=("referrals_started",),
    ),
    Switch("self_entry", "people seek a service of their own accord", sections=("services.self_entry",), needs=("services",), measures=("voluntary_access",)),
    Switch(
        "service_avoidance",
        "people stay away from services out of fear of police where use is punished",
        sections=("services.self_entry.avoidance",),
        needs=("self_entry",),
        measures=("avoided_services", "voluntary_access"),
    ),
    Switch(
        "drop_out",
        "leaving a compelled service early brings people back before the law",
        sections=("practice.drop_out",),
        measures=("drop_outs", "back_door_convictions"),
    ),
    Switch(
        "redirection",
        "money that a law saves in justice buys places in services",
        sections=("services.redirection",),
        couples=True,
        needs=("services",),
        measures=("voluntary_access", "referrals_started"),
    ),
)
REVIEWS = (
    Switch(
        "review",
        "laws revise their amounts by their own review clauses",
        sections=("practice.review",),
        couples=True,
        measures=("users_charged_supply", "charges_supply"),
    ),
)
RECORDS = (
    Switch(
        "record_effects",
        "a conviction of the run brings more stops, and may cost the job and the home",
        sections=("practice.records",),
        measures=("job_losses", "home_losses"),
    ),
    Switch("expungement", "laws that clear records clear them", sections=("practice.expungement",), measures=("stops", "prison_days")),
)
HEALTH = (
    Switch(
        "health",
        "people die from overdose and are infected, by hazards",
        sections=("health",),
        inputs=("services.kinds.*.overdose_reduction", "services.kinds.*.infection_reduction"),
        measures=("overdose_deaths", "hiv_incidence", "hepatitis_c_incidence", "tb_incidence"),
    ),
)

SWITCHES: dict[str, Switch] = {
    switch.name: switch for group in (MARKET, RESPONSES, POLICE, COURTS, ADMINISTRATION, SERVICES, REVIEWS, RECORDS, HEALTH) for switch in group
}
