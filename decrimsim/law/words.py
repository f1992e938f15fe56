"""The words of law files: substances, forms, effects, offences, and the code of each in compiled arrays.

Level 1. A code never changes its meaning: results store codes.
"""

from __future__ import annotations

from collections.abc import Collection

from decrimsim.errors import InputError, nearest, printable

SUBSTANCES: tuple[str, ...] = (
    "cannabis_herb", "cannabis_resin", "cannabis_oil", "cannabis_plant", "thc", "thca", "synthetic_cannabinoids",
    "heroin", "opium", "morphine", "methadone", "fentanyl", "codeine", "oxycodone", "buprenorphine", "tramadol", "nitazenes",
    "pethidine", "levomethadone", "alpha_methylfentanyl", "opium_poppy", "poppy_concentrate",
    "cocaine", "cocaine_methylester", "crack_cocaine", "coca_paste", "coca_leaf", "coca_plant",
    "methamphetamine", "amphetamine", "mdma", "mda", "mdea", "mephedrone", "khat", "amfepramone",
    "ketamine", "ghb", "gbl", "bdo", "pcp", "lsd", "lysergic_acid", "psilocybin", "psilocin", "dob", "dmt", "2cb", "mescaline", "mescaline_cactus", "kratom",
    "alprazolam", "diazepam", "amobarbital", "barbital", "methaqualone", "nitrous_oxide",
)  # fmt: skip

ALIASES: dict[str, str] = {
    "cannabis": "cannabis_herb", "cannabis_leaf": "cannabis_herb", "marijuana": "cannabis_herb", "hashish": "cannabis_resin", "hash": "cannabis_resin",
    "ecstasy": "mdma", "meth": "methamphetamine", "ice": "methamphetamine", "speed": "amphetamine", "diamorphine": "heroin",
    "cocaine_hcl": "cocaine", "crack": "crack_cocaine", "2c-b": "2cb", "mushrooms": "psilocybin",
    "1,4-butanediol": "bdo", "1_4_butanediol": "bdo", "butanediol": "bdo", "mde": "mdea", "meperidine": "pethidine", "diethylpropion": "amfepramone",
    "poppy": "opium_poppy", "poppy_straw": "opium_poppy", "peyote": "mescaline_cactus", "laughing_gas": "nitrous_oxide",
}  # fmt: skip

FORMS: tuple[str, ...] = ("unspecified", "powder", "crystal", "tablet", "capsule", "herb", "resin", "oil", "blotter", "liquid", "plant")

COUNTED_AS: dict[str, tuple[str, ...]] = {"tablet": ("pill", "tablet"), "capsule": ("capsule",), "blotter": ("blotter",), "plant": ("plant",)}
"""The words with which people count units of a form, the usual one first."""

KINDS = ("enacted", "de_facto", "not_commenced", "proposal", "hypothetical")
CONFIDENCE = ("high", "medium", "low")
STATES = ("in_force", "repealed", "expired", "annulled", "not_commenced", "suspended", "proposal", "hypothetical")

EFFECT = {"none": 0, "personal": 1, "indicative": 2, "presumption": 3, "conclusive": 4}
OWN_USE = {"none": 0, "administrative": 1, "possession": 2}
SUPPLY = {"none": 0, "supply": 1}
STANDARD = {"unspecified": 0, "balance_of_probabilities": 1, "beyond_reasonable_doubt": 2, "free_evaluation": 3, "reasonable_doubt": 4}
UNPAID = {"nothing": 0, "debt": 1, "court": 2}
DROP_OUT = {"nothing": 0, "unknown": 0, "debt": 1, "sanction": 1, "court": 2, "charge": 2, "prison": 3}
"""What follows on leaving a compelled service early; -1 in arrays where a law has no key for it."""
NO_SHOW = {"nothing": 0, "sanction": 1}
COUNTER = {"none": 0, "reports": 1, "notices": 2, "cautions": 3, "convictions": 4, "sanctions": 5, "incidents": 6, "diversions": 7}
REPEAT_EFFECT = {"none": 0, "mandatory_treatment": 1, "becomes_crime": 2, "raises_fine": 3, "ends_diversion": 4, "short_prison": 5}
RECORD = {"none": 0, "administrative": 1, "criminal": 2}
EXPUNGE = {"none": 0, "automatic": 1, "on_request": 2}

# Bases of weight as a law writes them, and the measure with which they are compared.
BASES = {
    "gross": "gross", "net": "gross", "dry": "dry", "fresh": "gross", "pure": "pure", "pure_base": "pure", "pure_salt": "pure", "active": "pure",
}  # fmt: skip
DEFAULT_ROW = "other"
UNKNOWN = "unknown"

ACTORS = ("police", "prosecutor", "panel", "doctor", "administration", "court")
SANCTIONS = (
    "none", "warning", "seizure", "notice", "ticket", "fine", "day_fine", "course", "order", "probation", "service", "treatment", "compulsory_detention",
    "administrative_arrest", "corporal", "registration", "prison", "life", "death", "deportation", "forfeiture", "confiscation",
    "licence_loss", "urine_tests",
)  # fmt: skip

UPPER_OPS = {"<=": "not more than", "<": "less than"}
LOWER_OPS = {">=": "not less than", ">": "more than"}

INDICATORS = (
    "scales", "packets", "cash", "phones", "firearms", "customer_list", "seen_selling", "variety",
    "dependence", "history", "paraphernalia", "referral_history", "quantity_against_habit", "quantity_alone", "context",
    "purity", "cutting_agents", "place", "time", "behaviour", "prior_record", "tolerance", "income", "purpose_of_stock",
    "cash_alone", "phone_alone", "place_alone", "neighbourhood", "ethnicity",
)  # fmt: skip

USE_INDICATORS = ("dependence", "history", "paraphernalia", "referral_history", "tolerance", "purpose_of_stock")

LIFE_DAYS = 36_500
ANY_NUMBER = 10**6
"""how many cautions or notices a person may be given where the law names no number"""


def canonical(substance: str, declared: Collection[str] = ()) -> str:
    """Return the canonical name of a substance: 'ecstasy' -> 'mdma'. Raises InputError for an unknown name.

    declared  names that a law declares beside those of the list
    """
    name = str(substance).strip().lower()
    name = ALIASES.get(name, name)
    if name not in SUBSTANCES and name not in declared:
        raise InputError(
            f"the substance {printable(substance)!r} is not known.",
            got=substance,
            wanted="a substance name",
            hint=nearest(name, [*SUBSTANCES, *ALIASES, *declared]),
        )
    return name
