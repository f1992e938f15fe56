"""Administrative panels, referral and penalty notices.

Level 2. Kernel.
"""

from __future__ import annotations

import numpy as np

from decrimsim.kernels.decisions.facts import Facts
from decrimsim.kernels.decisions.numbers import PracticeNumbers
from decrimsim.kernels.decisions.path import I64, Bool, Codes, Path
from decrimsim.schema import NOTICE, PANEL, POLICE, PROSECUTOR, REFERRAL, ROUTES


def sit_on_panel(f: Facts, n: PracticeNumbers, path: Path, police: Codes, prosecutor: Codes) -> tuple[Codes, Bool]:
    """Return what an administrative panel does with those sent to it, and who got a second appointment."""
    sent = (police == POLICE.index("panel")) | (prosecutor == PROSECUTOR.index("panel"))
    attends = path.ask("panel.attend", n.panel_attend, sent)
    again = np.zeros(len(sent), bool)
    if n.appointments is not None:
        again = path.ask("panel.again", n.appointments.again, sent & ~attends)
        attends = attends | path.ask("panel.attend_again", n.appointments.attend, again)
    sanction = path.ask("panel.sanction", n.panel_sanction, attends & f.panel_may_sanction)
    out = np.where(sent, PANEL.index("missed"), 0)
    out[attends] = PANEL.index("suspended")
    out[sanction | (sent & ~attends & f.panel_punishes_absence)] = PANEL.index("sanctioned")
    return out, again


def refer(
    f: Facts, n: PracticeNumbers, path: Path, police: Codes, prosecutor: Codes, is_convicted_in_court: Bool, panel: Codes, is_paid_off: Bool
) -> tuple[Codes, Codes, Bool]:
    """Return by which route a referral came, how far it went, and whether it waits for a place; a case that a payment ended has none."""
    route = np.zeros(len(police), np.int64)
    route[(police <= POLICE.index("warning")) & f.offers_referral & ~is_paid_off] = ROUTES.index("police")
    route[police == POLICE.index("caution")] = ROUTES.index("caution")
    route[police == POLICE.index("notice")] = ROUTES.index("notice")
    route[(panel == PANEL.index("suspended")) | (panel == PANEL.index("sanctioned"))] = ROUTES.index("panel")
    route[prosecutor == PROSECUTOR.index("diverted")] = ROUTES.index("diversion")
    route[is_convicted_in_court] = ROUTES.index("court")
    suits = (f.service > 0) | (not n.has_places)
    mandatory = f.is_mandatory & (police < POLICE.index("summons")) & ~is_paid_off & suits
    offer = path.ask("referral.offer", n.offer[route], (route > 0) & ~mandatory & suits)
    accept = path.ask("referral.accept", n.accept[route], offer)
    wants = accept | mandatory
    is_waiting = wants & ~path.ask("referral.place", f.place, wants) if n.has_places else np.zeros(len(wants), bool)
    start = path.ask("referral.start", n.start, wants & ~is_waiting)
    finish = path.ask("referral.finish", n.finish[f.service], start)
    route = np.where(mandatory, ROUTES.index("mandatory"), np.where(offer, route, 0))
    reached = (offer | mandatory) * 1 + (accept | mandatory) * 1 + start * 1 + finish * 1
    return route, reached, is_waiting


def give_notice(f: Facts, n: PracticeNumbers, path: Path, police: Codes, referral: Codes) -> tuple[Codes, I64]:
    """Return what becomes of a penalty notice (waived by a service, paid, unpaid, or unpaid and convicted), and the fine (0 without one)."""
    given = police == POLICE.index("notice")
    waived = given & f.notice_waived_by_referral & (referral >= REFERRAL.index("started"))
    fine = np.where(given & ~waived, f.notice_fine_minor, 0)
    if n.payment is None:
        paid = path.ask("notice.paid", n.notice_paid, given & ~waived)
    else:
        is_hard = ~f.keeps_job | ~f.keeps_home
        paid = path.ask("notice.paid", n.notice_paid * np.where(is_hard, n.payment.hardship_factor, 1.0), given & ~waived)
        fine = np.where(paid, fine - (fine * f.early_discount_q16 >> 16), fine)
        plan = path.ask("notice.plan", n.payment.plan, given & ~waived & ~paid)
        paid = paid | path.ask("notice.plan_kept", n.payment.kept, plan)
    convicted = path.ask("notice.convict", n.notice_convict, given & ~waived & ~paid & f.notice_to_court)
    out = np.where(given, NOTICE.index("unpaid"), 0)
    for name, chosen in (("waived", waived), ("paid", paid), ("unpaid_convicted", convicted)):
        out[chosen] = NOTICE.index(name)
    return out, fine
