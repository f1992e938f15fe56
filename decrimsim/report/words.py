"""Plain, person-first words for outcomes, cuts, groups and grades.

Level 6.
"""

from __future__ import annotations

import re

OUTCOME_WORDS = {
    "stops": "Stops by police",
    "searches": "Searches",
    "found": "Finds of drugs",
    "cautions": "Cautions",
    "notices": "Penalty notices",
    "panels": "Cases before a panel",
    "panel_sanctions": "Sanctions by a panel, absence included",
    "arrests": "Arrests",
    "proceeded": "Proceedings (summons or arrest)",
    "diversions": "Diversions by prosecutors",
    "charges_possession": "Charges of possession",
    "charges_supply": "Charges of supply",
    "convictions_possession": "Convictions for possession, on any charge",
    "convictions_supply": "Convictions for supply",
    "detention_days": "Days held before trial",
    "prison_days": "Days of prison",
    "referrals_offered": "Referrals offered in a case",
    "referrals_accepted": "Referrals accepted in a case",
    "referrals_started": "Services started after a referral",
    "referrals_finished": "Services finished after a referral",
    "users_charged_supply": "People who do not sell, charged with supply",
    "users_convicted_supply": "People who do not sell, convicted of supply",
    "suppliers_not_charged_supply": "People who sell, found and not charged with supply",
    "cost": "Public cost",
    "violent_encounters": "Stops with violence or abuse by officers",
    "violent_arrests": "Arrests with violence or abuse by officers",
    "bribes_paid": "Payments to officers instead of a case",
    "assessments": "Medical assessments for a case",
    "diversion_conditions": "Diversions on conditions",
    "diversion_breaches": "Conditions of diversion breached",
    "drop_outs": "People who left a compelled service early",
    "drop_out_sanctions": "Of these, sanctioned, charged or imprisoned for it",
    "back_door_convictions": "Convictions by the back door (unpaid notice, breached diversion, leaving a compelled service)",
    "unpaid_notices": "Penalty notices not paid",
    "precedents_granted": "Rulings for one person granted to another",
    "appeals": "Appeals",
    "appeals_allowed": "Appeals allowed",
    "resolution_days": "Days from encounter to the end of charged cases",
    "order_days": "Days without a licence, on a register or under tests",
    "compulsory_days": "Days of compulsory detention and administrative arrest",
    "licence_losses": "Licences lost",
    "registrations": "People put on a register",
    "urine_tests": "Orders of urine tests",
    "corporal": "Corporal punishments",
    "deportations": "Deportations",
    "capital_exposure": "Charges that may end in a death sentence",
    "job_losses": "Jobs lost to a conviction",
    "home_losses": "Homes lost to a conviction",
    "custody_days": "Days in custody in all",
}
BEHAVIOUR_WORDS = {
    "purchases": "Purchases for own use",
    "trip_days": "Days with a trip to buy",
    "unmet_days": "Days of use with unmet need",
}
PLACE_WORDS = {
    "places": "Places, mean",
    "bought": "Of these, bought with money moved from justice",
    "in_use": "Places taken, mean",
    "waiting": "People waiting, mean",
    "asked": "People who asked, in all",
}
OUTCOME_GROUPS = {
    "Meeting the police": ("stops", "searches", "found"),
    "What police do": ("cautions", "notices", "panels", "panel_sanctions", "arrests", "proceeded"),
    "Charges and convictions": ("diversions", "charges_possession", "charges_supply", "convictions_possession", "convictions_supply"),
    "Courts and the back door": (
        *("assessments", "diversion_conditions", "diversion_breaches", "drop_outs", "drop_out_sanctions", "back_door_convictions", "unpaid_notices"),
        *("precedents_granted", "appeals", "appeals_allowed", "resolution_days"),
    ),
    "Time in custody": ("detention_days", "prison_days", "compulsory_days", "custody_days"),
    "Other sanctions and what a record costs": (
        *("licence_losses", "registrations", "urine_tests", "order_days", "corporal", "deportations", "capital_exposure", "job_losses", "home_losses"),
    ),
    "Services": ("referrals_offered", "referrals_accepted", "referrals_started", "referrals_finished"),
    "Mistaken lines": ("users_charged_supply", "users_convicted_supply", "suppliers_not_charged_supply"),
    "Violence and bribes": ("violent_encounters", "violent_arrests", "bribes_paid"),
    "Money": ("cost",),
}
INDICATOR_WORDS = {
    "services_budget": ("1 Budget for services", "Money for places in services, with money moved from justice"),
    "arrests": ("2 Arrests and imprisonment", "People arrested"),
    "imprisonment": ("2 Arrests and imprisonment", "People held before trial, in compulsory detention, or sentenced to prison"),
    "voluntary_access": ("3 Voluntary access", "People who began a service that nobody compelled them to"),
    "hiv_incidence": ("4 HIV, tuberculosis and viral hepatitis", "New HIV infections"),
    "tb_incidence": ("4 HIV, tuberculosis and viral hepatitis", "New cases of tuberculosis"),
    "hepatitis_c_incidence": ("4 HIV, tuberculosis and viral hepatitis", "New hepatitis C infections"),
    "overdose_deaths": ("5 Deaths from overdose", "People who died from an overdose"),
    "police_violence": ("6 Police violence and abuse", "Stops or arrests with violence by police"),
    "service_avoidance": ("7 Stigma", "Share who avoid services out of fear of police (what that share is under each kind of law is assumed)"),
}
"""Number and short name in the guide's section on monitoring and evaluation, and what is counted."""
ASSUMED_FEAR = (
    "The shares who avoid services are assumptions of the world (services.self_entry.avoidance, by what the law makes of own use): "
    "the indicator says to whom they apply under each law, not how much fear there is."
)
COUNTED_IN_CASES = (
    "Referrals and services in this table follow a case; the indicator of voluntary access counts everybody who began a service. "
    "Convictions for possession include those on a charge of supply, so they may exceed charges of possession."
)
CUT_WORDS = {
    "contact": "Stopped or searched",
    "recorded": "On record (warning, notice or case)",
    "coercive": "Drugs taken, sanctioned, compelled or held",
    "criminal": "Charged or convicted",
    "supply": "Charged with supply",
    "custodial": "Arrested, held or imprisoned",
}
TRIAL_WORDS = {
    **{f"people_{cut}": f"People: {words[0].lower()}{words[1:]}" for cut, words in CUT_WORDS.items()},
    **OUTCOME_WORDS,
    **{name: f"{words}, per person and year" for name, words in BEHAVIOUR_WORDS.items()},
    "voluntary_access": "Services begun of one's own accord",
    "avoided_services": "People who stay away from a service out of fear of police",
    **{name: INDICATOR_WORDS[name][1] for name in ("hiv_incidence", "tb_incidence", "hepatitis_c_incidence", "overdose_deaths")},
}
"""What small runs of one change tell, by names of measures.parts.MEASURES; per 1,000 people unless it says otherwise."""
PURPOSE_WORDS = {
    "own": "Own use",
    "circle": "Sharing with friends",
    "fund_own_use": "Sale to pay for own use",
    "profit": "Sale for profit",
    "other": "Held for somebody else",
}
REASON_WORDS = {
    "bulk": "Bulk purchase for the discount",
    "social_supply": "Buying for friends",
    "remote": "Living in a remote place",
    "lockdown": "Stocking up for a lockdown",
    "raid": "Buying around raids",
    "online": "Buying online",
    "payday": "Buying on payday or before the weekend",
    "shortage": "Stocking up in a shortage",
    "copping": "Buying for somebody outside the circle",
}
ROLE_WORDS = {"consumer": "uses only", "social_supplier": "buys for friends", "user_dealer": "sells to pay for own use", "commercial": "sells for profit"}
NAMES = {"aboriginal": "Aboriginal", "mdma": "MDMA", "lsd": "LSD", "ghb": "GHB"}
GRADE_WORDS = {"A": "measured directly in this place", "B": "measured directly elsewhere", "C": "indirect or old", "D": "assumed"}
AGENCY_WORDS = {"police": "Police", "prosecution": "Prosecution", "courts": "Courts", "custody": "Prisons and corrections", "services": "Panels and services"}


def plain(name: str) -> str:
    """Return a category name for people to read: 'user_dealer' -> 'sells to pay for own use', 'non_aboriginal' -> 'non-Aboriginal'."""
    words = ROLE_WORDS.get(name, re.sub(r"^non_", "non-", name).replace("_", " "))
    return re.sub(r"\b[a-z]+\b", lambda word: NAMES.get(word[0], word[0]), words)


def unit_of(outcome: str, currency: str) -> str:
    """Return the unit that a count of the outcome has, in a few letters."""
    if outcome == "cost":
        return currency
    if outcome.endswith("_days"):
        return "days"
    return "people" if outcome.startswith(("users_", "suppliers_")) else ""
