"""Health: deaths and infections as hazards, optional and off unless a world turns it on. It is not a model of a disease.

Level 3.
"""

from __future__ import annotations

from decrimsim.parameters import Days, Model, PerPersonYear, Probability, Ratio


class Harm(Model):
    """What using one substance does."""

    overdose: PerPersonYear
    """deaths from overdose among people who use it and are free"""
    injects: Probability
    """people who use it and inject"""


class Infection(Model):
    """An infection that is passed on by injecting."""

    prevalence: Probability
    """had it before the first day, among people who inject"""
    incidence: PerPersonYear
    """new infections among people who inject and do not have it"""


class Tuberculosis(Model):
    """Tuberculosis among all people who use drugs."""

    incidence: PerPersonYear
    custody_factor: Ratio
    """in custody against free"""


class Health(Model):
    """Hazards, drawn once in every 28 days. People who die stay in the tables and do nothing more."""

    harms: dict[str, Harm]
    """by substance; substances that are not named do no such harm"""
    release_days: Days
    """after release from custody"""
    release_factor: Ratio
    """deaths from overdose in the days after release against other times"""
    hiv: Infection
    hepatitis_c: Infection
    tuberculosis: Tuberculosis
