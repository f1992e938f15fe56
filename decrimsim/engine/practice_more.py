"""The optional sections of a scenario's practice as numbers for the decision kernels.

Level 4.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.chance import q16
from decrimsim.kernels.decisions import numbers as k
from decrimsim.parameters import ByOffence
from decrimsim.scenario import courts
from decrimsim.scenario import sanctions as besides
from decrimsim.scenario.practice import Practice
from decrimsim.schema import SANCTIONS

F64 = npt.NDArray[np.float64]


def more_numbers(practice: Practice) -> dict[str, Any]:
    """Return the entries of PracticeNumbers that a world may leave out; None for what it does not describe."""
    p = practice
    return {
        "repeat_known": p.repeat_rules.known.value if p.repeat_rules else None,
        "assessment": _assessment(p.assessment) if p.assessment else None,
        "conditions": _conditions(p.diversion_conditions) if p.diversion_conditions else None,
        "lawyers": _lawyers(p.representation) if p.representation else None,
        "reports_only": p.police_reports.share.value if p.police_reports else None,
        "granted": p.precedent.granted.value if p.precedent else None,
        "sentencing_range": p.sentencing_range.kept.value if p.sentencing_range else None,
        "appeal": k.AppealNumbers(pair(p.appeal.file), pair(p.appeal.succeed), round(p.appeal.delay.value)) if p.appeal else None,
        "sanctions": _sanctions(p.sanctions) if p.sanctions else None,
        "records": k.RecordNumbers(pair(p.records.job_loss), pair(p.records.home_loss)) if p.records else None,
        "appointments": k.AppointmentNumbers(p.appointments.again.value, p.appointments.attend.value) if p.appointments else None,
        "payment": k.PaymentNumbers(p.payment.plan.value, p.payment.kept.value, p.payment.hardship_factor.value) if p.payment else None,
    }


def pair(by_offence: ByOffence) -> F64:
    """Return a chance for possession and for supply (2,)."""
    return np.array([by_offence.possession.value, by_offence.supply.value])


def _assessment(a: courts.Assessment) -> k.AssessmentNumbers:
    return k.AssessmentNumbers(
        carried_out=np.array([a.police.value, a.prosecutor.value, a.court.value]),
        finds_dependent=a.finds_dependent.value,
        finds_other=a.finds_other.value,
        belief_factor=a.belief_factor.value,
        divert_factor=a.divert_factor.value,
    )


def _conditions(c: courts.DiversionConditions) -> k.ConditionNumbers:
    return k.ConditionNumbers(
        plea=c.plea.value,
        abstinence=c.abstinence.value,
        breach=c.breach.value,
        breach_abstinence=c.breach_abstinence.value,
        convict=c.convict.value,
        delay=round(c.delay.value),
    )


def _lawyers(r: courts.Representation) -> k.LawyerNumbers:
    return k.LawyerNumbers(duty=r.duty_lawyer.value, rebut_factor=r.rebut_factor.value, plead_factor=r.plead_factor.value)


def _sanctions(s: besides.Sanctions) -> k.SanctionNumbers:
    compulsory = chance.days_table(s.compulsory_days.value, s.compulsory_days_sd.value)
    arrest = chance.days_table(s.arrest_days.value, s.arrest_days_sd.value)
    lasts = {"licence_loss": s.licence_days, "registration": s.registration_days, "urine_tests": s.test_days}
    return k.SanctionNumbers(
        impose=np.array([getattr(s, name).value if name != "capital" else 0.0 for name in SANCTIONS]),
        custody_days=np.stack([compulsory, arrest]),
        order_days=np.array([round(lasts[name].value) if name in lasts else 0 for name in SANCTIONS], np.int64),
        fine_place_q16=q16(s.fine_place.value),
    )
