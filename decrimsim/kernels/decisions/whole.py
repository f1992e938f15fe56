"""The whole path: police → bail → prosecutor → negotiation → court → sentence → appeal, panels, referral, notices, sanctions.

Level 2. Kernel: arrays over pairs of a find and a law. Each stage is ``eligible, p, u → yes``; every case leaves by one door.
Milder choices are asked for after harsher beliefs with draws of their own, so that the same luck under a milder
law never ends harsher at the stage itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.kernels.decisions.bodies import give_notice, refer, sit_on_panel
from decrimsim.kernels.decisions.court import appeal, find_lawyer, hear, lose, pass_sentence
from decrimsim.kernels.decisions.dropout import drop_out, most_jail, service_days
from decrimsim.kernels.decisions.facts import Facts
from decrimsim.kernels.decisions.numbers import PracticeNumbers
from decrimsim.kernels.decisions.path import F64, I64, NONE, SUPPLY, Bool, Path
from decrimsim.kernels.decisions.police import assess, decide_police, with_repeats
from decrimsim.kernels.decisions.prosecutor import decide_prosecutor, follow_diversion, negotiate
from decrimsim.kernels.decisions.sanctions import sanction
from decrimsim.kernels.street import cells, violence
from decrimsim.schema import APPEAL, DROP_OUT, NEGOTIATION, NOTICE, POLICE, PROSECUTOR, REFERRAL, ROUTES, SENTENCE, VERDICT

CONTESTED = NEGOTIATION.index("contested")


@dataclass(frozen=True)
class Decided:
    """The columns of schema.CASES that are decided (pairs,), days relative to the encounter, and the log (stages, pairs).

    ``appeal_after`` is -1 where nothing was appealed.
    """

    columns: dict[str, npt.NDArray[Any]]
    closed_after: I64
    appeal_after: I64
    p: F64
    asked: Bool


def decide(f: Facts, n: PracticeNumbers, u: F64, quantile16: dict[str, I64]) -> Decided:
    """Return what becomes of each find under each law.

    f           facts (pairs,)
    n           practice
    u           (stages, pairs) 0..1, draws of the processes named in schema.STAGES
    quantile16  (pairs,) 0..65535, draws of 'prosecutor.delay', 'court.delay', 'sentence.days', 'sanction.days' and 'service.stay'
    """
    path = Path(u)
    f = with_repeats(f, n, path)
    assessed = assess(f, n, path, "police", None, np.ones(len(f.effect), bool))
    policed = decide_police(f, n, path, assessed)
    line, police, arrest = policed.line, policed.police, policed.arrest
    held_days = cells(n.street, path.ask, line=line, arrest=arrest)
    is_arrest_violent = violence(n.street, path.ask, factor=f.violence_factor, arrest=arrest)
    proceeded = police >= POLICE.index("summons")
    detained = path.ask("bail.refuse", n.bail[(line == SUPPLY) * 1] * np.where(f.is_convicted, n.prior_factor, 1.0), arrest)
    assessed = assess(f, n, path, "prosecutor", assessed, proceeded)
    prosecutor = decide_prosecutor(f, n, path, line, police, assessed)
    charged = prosecutor >= PROSECUTOR.index("charge_possession")
    conditions = follow_diversion(f, n, path, prosecutor)
    has_lawyer = find_lawyer(f, n, path, prosecutor)
    negotiation = negotiate(f, n, path, prosecutor, detained, has_lawyer)
    assessed = assess(f, n, path, "court", assessed, negotiation == CONTESTED)
    verdict = hear(f, n, path, prosecutor, negotiation, assessed, has_lawyer)
    convicted_in_court = verdict >= VERDICT.index("possession")
    verdict = np.where(conditions.is_convicted, VERDICT.index("possession"), verdict)
    sentence, prison_days, fine_minor = pass_sentence(f, n, path, verdict, quantile16["sentence.days"])
    appealed = appeal(n, path, verdict, negotiation, conditions.is_convicted)
    panel, is_again = sit_on_panel(f, n, path, police, prosecutor)
    route, referral, is_waiting = refer(f, n, path, police, prosecutor, convicted_in_court, panel, policed.is_paid_off)
    notice, notice_minor = give_notice(f, n, path, police, referral)
    unpaid_convicted = notice == NOTICE.index("unpaid_convicted")
    verdict = np.where(unpaid_convicted, VERDICT.index("possession"), verdict)
    sentence = np.where(unpaid_convicted, SENTENCE.index("no_penalty"), sentence)
    fine_minor = np.where(notice_minor > 0, notice_minor, fine_minor)
    is_offered = referral >= REFERRAL.index("offered")
    is_compelled = route == ROUTES.index("mandatory")
    is_compelled |= is_offered & np.where(route == ROUTES.index("diversion"), f.is_diversion_conditional, f.is_conditional)
    days_in_service = service_days(f, n, referral, quantile16["service.stay"])
    left = drop_out(f, n, path, route=route, referral=referral, is_compelled=is_compelled, verdict=verdict)
    is_returned, is_jailed = left >= DROP_OUT.index("convicted"), left == DROP_OUT.index("imprisoned")
    verdict = np.where(is_returned & (verdict < VERDICT.index("possession")), VERDICT.index("possession"), verdict)
    sentence = np.where(is_returned & (sentence == 0), SENTENCE.index("no_penalty"), sentence)
    sentence = np.where(is_jailed, SENTENCE.index("prison"), sentence)
    sanctions = sanction(
        f,
        n,
        path,
        line=np.where(policed.is_paid_off, NONE, line),
        police=police,
        prosecutor=prosecutor,
        verdict=verdict,
        panel=panel,
        drop_out=left,
        quantile=quantile16["sanction.days"],
    )
    losses = lose(f, n, path, verdict)

    prosecutor_days = n.prosecutor_days[quantile16["prosecutor.delay"]] + f.prosecutor_queue_days
    court_days = n.court_days[quantile16["court.delay"]]
    court_days = np.where(negotiation == CONTESTED, court_days, court_days * n.plea_delay_q16 >> 16) + f.prosecutor_queue_days + f.queue_days
    court_days = np.where(detained, court_days * n.custody_delay_q16 >> 16, court_days)
    closed = np.where(charged, np.maximum(prosecutor_days, court_days), np.where(proceeded, prosecutor_days, 0))
    detention_days = np.maximum(np.where(detained, closed, 0), held_days)
    closed = np.where(unpaid_convicted, n.notice_delay, closed)
    closed = np.where(panel > 0, closed + n.panel_delay * np.where(is_again, 2, 1), closed)
    if n.conditions is not None:
        closed = np.where(conditions.is_breached, closed + n.conditions.delay, closed)
    filed = appealed >= APPEAL.index("dismissed")
    appeal_after = np.where(filed, np.maximum(closed, 1) + n.appeal.delay, -1) if n.appeal is not None else np.full(len(closed), -1)
    jail_days = np.minimum(np.maximum(n.band_days[0, quantile16["sentence.days"]], 1), most_jail(f))
    prison_days = np.where(is_jailed, np.maximum(prison_days, jail_days), prison_days)
    compulsory_days = sanctions.days
    if n.appeal is not None:  # an appeal that is allowed ends what is not yet served: prison first, then compulsory detention
        freed, time_left = appealed == APPEAL.index("allowed"), n.appeal.delay
        rest = np.minimum(np.maximum(prison_days - detention_days, 0), time_left)
        prison_days = np.where(freed, np.minimum(prison_days, detention_days + rest), prison_days)
        compulsory_days = np.where(freed, np.minimum(compulsory_days, time_left - rest), compulsory_days)
    fine_back = (left == DROP_OUT.index("sanctioned")) & (notice == NOTICE.index("waived"))
    fine_minor = np.where(fine_back, f.notice_fine_minor, fine_minor)
    closed = np.where(is_returned, np.maximum(closed, n.wait + days_in_service), closed)
    columns: dict[str, npt.NDArray[Any]] = {
        "line": line,
        "police": police,
        "prosecutor": prosecutor,
        "negotiation": negotiation,
        "verdict": verdict,
        "sentence": sentence,
        "notice": notice,
        "panel": panel,
        "route": route,
        "referral": referral,
        "is_detained": detained,
        "is_seized": (f.is_seizable | (line == SUPPLY)) & ~policed.kept,
        "is_compelled": is_compelled,
        "detention_days": detention_days,
        "prison_days": prison_days,
        "fine_minor": fine_minor + sanctions.fine_minor,
        "is_assessed": assessed.is_done,
        "is_own_use_found": assessed.finds_use,
        "diversion": conditions.diversion,
        "is_plea_condition": conditions.plea,
        "is_abstinence_condition": conditions.abstinence,
        "prosecutor_queue_days": f.prosecutor_queue_days,
        "queue_days": f.queue_days,
        "appeal": appealed,
        "sanctions": sanctions.bits,
        "compulsory_days": compulsory_days,
        "order_days": sanctions.order_days,
        "is_job_lost": losses.job,
        "is_home_lost": losses.home,
        "service": np.where(is_offered, f.service, 0),
        "is_waiting": is_waiting,
        "service_days": days_in_service,
        "drop_out": left,
        "bribe": policed.bribe,
        "bribe_minor": np.where(policed.is_paid_off, n.street.bribe_minor, 0),
        "is_arrest_violent": is_arrest_violent,
        "held_days": held_days,
    }
    return Decided(columns, closed, appeal_after, path.p, path.asked)
