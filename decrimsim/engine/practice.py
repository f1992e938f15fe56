"""The scenario's practice as numbers for the decision kernels.

Level 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from decrimsim import chance
from decrimsim.chance import Q16, q16
from decrimsim.engine.places import ServiceNumbers
from decrimsim.engine.practice_more import more_numbers, pair
from decrimsim.kernels.decisions import PracticeNumbers
from decrimsim.kernels.street import StreetNumbers
from decrimsim.parameters import Probability
from decrimsim.scenario.model import Scenario
from decrimsim.scenario.practice import Belief, PolicePractice, Practice
from decrimsim.schema import EFFECTS, ROUTES, SERVICES
from decrimsim.units import minor


def discretion_of(scenario: Scenario) -> float:
    """Return the factor on ignoring, warning and cautioning that the policing strategy in force leaves."""
    strategies = scenario.police.strategies
    return strategies.in_force.discretion.value if strategies else 1.0


def guideline_limits(practice: Practice, substances: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the weight (substances,) up to which officers' guidelines speak of own use, in ug; 0 where they say nothing."""
    guidelines = practice.police.guidelines
    limits = guidelines.limits if guidelines else {}
    return np.array([limits[name].ug if name in limits else 0 for name in substances], np.int64)


def practice_numbers(practice: Practice, *, discretion: float = 1.0, services: ServiceNumbers | None = None) -> PracticeNumbers:
    """Return what officials do, as numbers.

    discretion  factor on ignoring, warning and cautioning
    services    places, where the scenario describes them; else referrals start and last as practice.referral says
    """
    police, prosecutor, court, referral = practice.police, practice.prosecutor, practice.court, practice.referral
    bands = (practice.sentencing.possession, *practice.sentencing.supply)
    routes = [getattr(referral, route, None) for route in ROUTES]
    return PracticeNumbers(
        police_belief=_belief(police.belief),
        use_evidence_factor=police.use_evidence_factor.value,
        street=_street(police),
        ignore=police.ignore.value * discretion,
        warn=police.warn.value * discretion,
        caution=police.caution.value * discretion,
        notice=police.notice.value,
        panel=police.panel.value,
        arrest=pair(police.arrest),
        bail=pair(court.bail_refused),
        prior_factor=court.prior_factor.value,
        keep=_belief(prosecutor.belief),
        drop=pair(prosecutor.drop),
        divert=prosecutor.divert.value,
        withdraw=pair(court.withdraw),
        plead_possession=court.plead_possession.value,
        plead_supply=np.array(court.plead_supply.numbers()),
        plead_down=np.array(court.plead_down.numbers()),
        custody_uplift=court.custody_uplift.value,
        prove=_belief(court.prove_supply),
        balance_factor=court.balance_factor.value,
        represented_factor=court.represented_factor.value,
        rebut=court.rebut.value,
        rebut_evidence_factor=court.rebut_evidence_factor.value,
        convict_possession=court.convict_possession.value,
        band_years=np.array([band.max_years for band in practice.sentencing.supply], np.int64),
        band_prison=_values(band.prison for band in bands),
        band_days=np.stack([chance.days_table(band.days.value, band.days_sd.value) for band in bands]),
        band_community=_values(band.community for band in bands),
        band_fine=_values(band.fine for band in bands),
        band_fine_minor=np.array([minor(band.fine_amount.value) for band in bands], np.int64),
        prosecutor_days=chance.days_table(prosecutor.delay.value, prosecutor.delay_sd.value),
        court_days=chance.days_table(court.delay.value, court.delay_sd.value),
        plea_delay_q16=q16(court.plea_delay.value) if court.plea_delay else Q16,
        custody_delay_q16=q16(court.custody_delay.value),
        notice_paid=practice.notice.paid.value,
        notice_convict=practice.notice.convicted_if_unpaid.value,
        notice_delay=round(practice.notice.delay.value),
        panel_attend=practice.panel.attend.value,
        panel_sanction=practice.panel.sanction.value,
        panel_delay=round(practice.panel.delay.value),
        offer=_values(route.offer if route else None for route in routes),
        accept=_values(route.accept if route else None for route in routes),
        returned=practice.drop_out.returned.value if practice.drop_out else None,
        has_places=services is not None,
        start=services.start if services else referral.start.value,
        finish=services.finish if services else np.full(len(SERVICES), referral.finish.value),
        wait=max(round(referral.wait.value), 1),
        duration=services.duration if services else np.full(len(SERVICES), round(referral.duration.value), np.int64),
        **more_numbers(practice),
    )


def _street(police: PolicePractice) -> StreetNumbers:
    """Return what officers bring to a find, as numbers."""
    training, guidelines, bribery, holding = police.training, police.guidelines, police.bribery, police.holding
    return StreetNumbers(
        trained=training.trained.value if training else None,
        trained_belief=training.belief_factor.value if training else 1.0,
        disparity=training.disparity.value if training else 1.0,
        guideline=guidelines.followed.value if guidelines else None,
        guideline_evidence=guidelines.evidence.value if guidelines else 0.0,
        bribe=pair(bribery.demanded) if bribery else None,
        pays=bribery.paid.value if bribery else 0.0,
        bribe_minor=minor(bribery.amount.value) if bribery else 0,
        keeps_drugs=bribery.drugs_kept.value if bribery else 0.0,
        held=pair(holding.held) if holding else None,
        held_days=max(round(holding.days.value), 1) if holding else 0,
        arrest_violence=police.violence.arrest.value if police.violence else None,
    )


def _values(parameters: Iterable[Probability | None]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([parameter.value if parameter else 0.0 for parameter in parameters])


def _belief(belief: Belief) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return chances (effects, 4); a conclusive amount decides alone."""
    rows = [[1.0] * 4 if effect == "conclusive" else [getattr(getattr(belief, effect), f"n{n}").value for n in range(4)] for effect in EFFECTS]
    return np.array(rows)
