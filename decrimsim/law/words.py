"""The words of law files: substances, forms, effects, offences, and the code of each in compiled arrays.

Level 1. A code never changes its meaning: results store codes.
"""

from __future__ import annotations

from decrimsim.errors import InputError, nearest, printable

SUBSTANCES: tuple[str, ...] = (
    "cannabis_herb", "cannabis_resin", "cannabis_oil", "cannabis_plant", "thc", "synthetic_cannabinoids",
    "heroin", "opium", "morphine", "methadone", "fentanyl", "codeine", "oxycodone", "buprenorphine", "tramadol", "nitazenes",
    "cocaine", "cocaine_methylester", "crack_cocaine", "coca_paste", "coca_leaf",
    "methamphetamine", "amphetamine", "mdma", "mda", "mephedrone", "khat",
    "ketamine", "ghb", "gbl", "pcp", "lsd", "psilocybin", "dob", "dmt", "2cb", "mescaline", "kratom",
    "alprazolam", "diazepam",
)  # fmt: skip

ALIASES: dict[str, str] = {
    "cannabis": "cannabis_herb", "cannabis_leaf": "cannabis_herb", "marijuana": "cannabis_herb", "hashish": "cannabis_resin", "hash": "cannabis_resin",
    "ecstasy": "mdma", "meth": "methamphetamine", "ice": "methamphetamine", "speed": "amphetamine", "diamorphine": "heroin",
    "cocaine_hcl": "cocaine", "crack": "crack_cocaine", "2c-b": "2cb", "mushrooms": "psilocybin", "psilocin": "psilocybin",
}  # fmt: skip

FORMS: tuple[str, ...] = ("unspecified", "powder", "crystal", "tablet", "capsule", "herb", "resin", "oil", "blotter", "liquid", "plant")

KINDS = ("enacted", "de_facto", "not_commenced", "proposal", "hypothetical")
CONFIDENCE = ("high", "medium", "low")
STATES = ("in_force", "repealed", "expired", "annulled", "not_commenced", "suspended", "proposal", "hypothetical")

EFFECT = {"none": 0, "personal": 1, "indicative": 2, "presumption": 3, "conclusive": 4}
OWN_USE = {"none": 0, "administrative": 1, "possession": 2}
SUPPLY = {"none": 0, "supply": 1}
STANDARD = {"unspecified": 0, "balance_of_probabilities": 1, "beyond_reasonable_doubt": 2}
UNPAID = {"nothing": 0, "debt": 1, "court": 2}
NO_SHOW = {"nothing": 0, "sanction": 1}
COUNTER = {"none": 0, "reports": 1}
REPEAT_EFFECT = {"none": 0, "mandatory_treatment": 1}

UPPER_OPS = {"<=": "not more than", "<": "less than"}
LOWER_OPS = {">=": "not less than", ">": "more than"}

INDICATORS = (
    "scales", "packets", "cash", "phones", "firearms", "customer_list", "seen_selling", "variety",
    "dependence", "history", "paraphernalia", "referral_history", "quantity_against_habit", "quantity_alone", "context",
)  # fmt: skip

LIFE_DAYS = 36_500


def canonical(substance: str) -> str:
    """Return the canonical name of a substance: 'ecstasy' -> 'mdma'. Raises InputError for an unknown name."""
    name = str(substance).strip().lower()
    name = ALIASES.get(name, name)
    if name not in SUBSTANCES:
        raise InputError(
            f"the substance {printable(substance)!r} is not known.", got=substance, wanted="a substance name", hint=nearest(name, [*SUBSTANCES, *ALIASES])
        )
    return name
