"""What officials do, as numbers.

Level 2. Kernel data. A mechanism that a world does not describe is None.
"""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim.kernels.decisions.path import F64, I64
from decrimsim.kernels.street import StreetNumbers


@dataclass(frozen=True)
class AssessmentNumbers:
    """Medical assessment."""

    carried_out: F64
    """(3,) by police, prosecutor, court"""
    finds_dependent: float
    """own use is found, of people who are dependent"""
    finds_other: float
    belief_factor: float
    divert_factor: float


@dataclass(frozen=True)
class ConditionNumbers:
    """Diversion on conditions."""

    plea: float
    abstinence: float
    breach: float
    breach_abstinence: float
    convict: float
    delay: int


@dataclass(frozen=True)
class LawyerNumbers:
    """What a lawyer changes besides the verdict."""

    duty: float
    rebut_factor: float
    plead_factor: float


@dataclass(frozen=True)
class AppealNumbers:
    """Appeals by offence (possession, supply)."""

    file: F64
    succeed: F64
    delay: int


@dataclass(frozen=True)
class SanctionNumbers:
    """Sanctions besides sentences."""

    impose: F64
    """(sanctions,) in the order of schema.SANCTIONS; exposure to a capital charge is never drawn"""
    custody_days: I64
    """(2, 65536) days of compulsory detention, of administrative arrest"""
    order_days: I64
    """(sanctions,) days that an order lasts which takes no freedom: a licence lost, a register, tests; 0 for the others"""
    fine_place_q16: int
    """where in the law's range a fine lies"""


@dataclass(frozen=True)
class RecordNumbers:
    """What a conviction takes away, by offence (possession, supply)."""

    job_loss: F64
    home_loss: F64


@dataclass(frozen=True)
class AppointmentNumbers:
    """A second appointment at a panel."""

    again: float
    attend: float


@dataclass(frozen=True)
class PaymentNumbers:
    """Paying a notice in parts."""

    plan: float
    kept: float
    hardship_factor: float
    """chance of paying at once for people without a job or a safe home"""


@dataclass(frozen=True)
class PracticeNumbers:
    """What officials do, as numbers; see decrimsim.scenario.practice. Beliefs are (effects, 4)."""

    police_belief: F64
    use_evidence_factor: float
    street: StreetNumbers
    ignore: float
    warn: float
    caution: float
    notice: float
    panel: float
    arrest: F64
    bail: F64
    prior_factor: float
    keep: F64
    drop: F64
    divert: float
    withdraw: F64
    plead_possession: float
    plead_supply: F64
    plead_down: F64
    custody_uplift: float
    prove: F64
    balance_factor: float
    represented_factor: float
    rebut: float
    rebut_evidence_factor: float
    convict_possession: float
    band_years: I64
    """(bands,) of supply; band 0 of the arrays below is possession"""
    band_prison: F64
    band_days: I64
    """(bands, 65536)"""
    band_community: F64
    band_fine: F64
    band_fine_minor: I64
    prosecutor_days: I64
    """(65536,)"""
    court_days: I64
    plea_delay_q16: int
    """delay of a case that is not contested, against one that is"""
    custody_delay_q16: int
    notice_paid: float
    notice_convict: float
    notice_delay: int
    panel_attend: float
    panel_sanction: float
    panel_delay: int
    offer: F64
    """(routes,)"""
    accept: F64
    has_places: bool
    """services have places, which may be taken"""
    start: float
    finish: F64
    """(services,) by kind of service, in the order of schema.SERVICES"""
    wait: int
    """days from a find, or from asking, to the first day in a service; at least one"""
    duration: I64
    """(services,)"""
    returned: float | None
    """officials act on a drop-out; None: drop-outs have no consequences"""
    repeat_known: float | None = None
    assessment: AssessmentNumbers | None = None
    conditions: ConditionNumbers | None = None
    lawyers: LawyerNumbers | None = None
    reports_only: float | None = None
    granted: float | None = None
    sentencing_range: float | None = None
    appeal: AppealNumbers | None = None
    sanctions: SanctionNumbers | None = None
    records: RecordNumbers | None = None
    appointments: AppointmentNumbers | None = None
    payment: PaymentNumbers | None = None
