"""The decision path: police → bail → prosecutor → negotiation → court → sentence, notices, panels, referral.

Level 2. Kernel: arrays over pairs of a find and a law. Each stage is ``eligible, p, u → yes``; every case leaves by one door.
Milder choices are asked for after harsher beliefs with draws of their own, so that the same luck under a milder
law never ends harsher at the stage itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.schema import DROP_OUT, EFFECTS, LINE, NEGOTIATION, NOTICE, PANEL, POLICE, PROSECUTOR, REFERRAL, ROUTES, SENTENCE, STAGES, VERDICT

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]

CONCLUSIVE, PRESUMPTION = EFFECTS.index("conclusive"), EFFECTS.index("presumption")
NONE, ADMINISTRATIVE, POSSESSION, SUPPLY = range(len(LINE))


@dataclass(frozen=True)
class Facts:
    """What officials can know and what the law says, one entry a pair (pairs,)."""

    effect: Codes
    own_use_offence: Codes
    is_supply_offence: Bool
    burden_on_accused: Bool
    whole_holding: Bool
    balance_is_enough: Bool
    n_supply: I64
    """kinds of supply evidence, at most 3"""
    has_use_evidence: Bool
    is_represented: Bool
    only_own_use: Bool
    """no part of the holding is meant for anybody else; sharing counts as own use where the law says that it is not supply"""
    can_caution: Bool
    can_notice: Bool
    caution_factor: F64
    notice_factor: F64
    has_panel: Bool
    may_ignore: Bool
    may_warn: Bool
    may_drop: Bool
    may_divert: Bool
    may_downgrade: Bool
    court_may_downgrade: Bool
    panel_may_sanction: Bool
    panel_punishes_absence: Bool
    notice_to_court: Bool
    notice_waived_by_referral: Bool
    notice_fine_minor: I64
    offers_referral: Bool
    is_conditional: Bool
    is_diversion_conditional: Bool
    is_mandatory: Bool
    """a repeat rule makes treatment mandatory this time"""
    is_convicted: Bool
    """has a conviction on record"""
    max_possession_days: I64
    max_supply_days: I64
    is_regulated: Bool
    """the law covers something of what was found"""
    service: Codes
    """the kind of service that suits the person; 0 where no service does, or none is described"""
    place: F64
    """chance that it has a free place"""
    drop_out: Codes
    """what follows on leaving a compelled service early, as CompiledLaws.drop_out; -1 where the law has no rule"""
    drop_out_max_days: I64
    is_seizable: Bool
    """drugs for own use are taken; those treated as supply always are"""


@dataclass(frozen=True)
class PracticeNumbers:
    """What officials do, as numbers; see decrimsim.scenario.practice. Beliefs are (effects, 4)."""

    police_belief: F64
    use_evidence_factor: float
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
    duration: I64
    """(services,)"""
    returned: float | None
    """officials act on a drop-out; None: drop-outs have no consequences"""


class _Path:
    """Asks for decisions and keeps who was asked, with what chance."""

    def __init__(self, u: F64) -> None:
        self.u = u
        self.p = np.zeros(u.shape)
        self.asked = np.zeros(u.shape, bool)

    def ask(self, stage: str, p: F64 | float, eligible: Bool) -> Bool:
        i = STAGES.index(stage)
        self.p[i] = np.minimum(p, 1.0)
        self.asked[i] = eligible
        yes: Bool = eligible & (self.u[i] < self.p[i])
        return yes


@dataclass(frozen=True)
class Decided:
    """The columns of schema.CASES that are decided (pairs,), days relative to the encounter, and the log (stages, pairs)."""

    columns: dict[str, npt.NDArray[Any]]
    closed_after: I64
    p: F64
    asked: Bool


def decide(f: Facts, n: PracticeNumbers, u: F64, quantile16: dict[str, I64]) -> Decided:
    """Return what becomes of each find under each law.

    f           facts (pairs,)
    n           practice
    u           (stages, pairs) 0..1, draws of the processes named in schema.STAGES
    quantile16  (pairs,) 0..65535, draws of 'prosecutor.delay', 'court.delay', 'sentence.days' and 'service.stay'
    """
    path = _Path(u)
    line, police, arrest = _police(f, n, path)
    detained = path.ask("bail.refuse", n.bail[(line == SUPPLY) * 1] * np.where(f.is_convicted, n.prior_factor, 1.0), arrest)
    prosecutor = _prosecutor(f, n, path, line, police)
    negotiation = _negotiation(f, n, path, prosecutor, detained)
    verdict = _court(f, n, path, prosecutor, negotiation)
    sentence, prison_days, fine_minor = _sentence(f, n, path, verdict, quantile16["sentence.days"])
    panel = _panel(f, n, path, police, prosecutor)
    route, referral, is_waiting = _referral(f, n, path, police, prosecutor, verdict, panel)
    notice = _notice(f, n, path, police, referral)
    unpaid_convicted = notice == NOTICE.index("unpaid_convicted")
    verdict = np.where(unpaid_convicted, VERDICT.index("possession"), verdict)
    sentence = np.where(unpaid_convicted, SENTENCE.index("no_penalty"), sentence)
    fine_minor = np.where((notice > 0) & (notice != NOTICE.index("waived")), f.notice_fine_minor, fine_minor)

    is_offered = referral >= REFERRAL.index("offered")
    is_compelled = route == ROUTES.index("mandatory")
    is_compelled |= is_offered & np.where(route == ROUTES.index("diversion"), f.is_diversion_conditional, f.is_conditional)
    service_days = _service_days(f, n, referral, quantile16["service.stay"])
    drop_out = _drop_out(f, n, path, route, referral, is_compelled, verdict)
    is_returned = drop_out >= DROP_OUT.index("convicted")
    verdict = np.where(is_returned & (verdict < VERDICT.index("possession")), VERDICT.index("possession"), verdict)
    sentence = np.where(is_returned & (sentence == 0), SENTENCE.index("no_penalty"), sentence)
    is_jailed = drop_out == DROP_OUT.index("imprisoned")
    sentence = np.where(is_jailed, SENTENCE.index("prison"), sentence)
    jail_days = np.minimum(np.maximum(n.band_days[0, quantile16["sentence.days"]], 1), _most_jail(f))
    prison_days = np.where(is_jailed, np.maximum(prison_days, jail_days), prison_days)
    fine_back = (drop_out == DROP_OUT.index("sanctioned")) & (notice == NOTICE.index("waived"))
    fine_minor = np.where(fine_back, f.notice_fine_minor, fine_minor)

    proceeded = police >= POLICE.index("summons")
    charged = prosecutor >= PROSECUTOR.index("charge_possession")
    prosecutor_days = n.prosecutor_days[quantile16["prosecutor.delay"]]
    court_days = n.court_days[quantile16["court.delay"]]
    court_days = np.where(detained, court_days * n.custody_delay_q16 >> 16, court_days)
    closed = np.where(charged, np.maximum(prosecutor_days, court_days), np.where(proceeded, prosecutor_days, 0))
    detention_days = np.where(detained, closed, 0)
    closed = np.where(unpaid_convicted, n.notice_delay, closed)
    closed = np.where(panel > 0, closed + n.panel_delay, closed)
    closed = np.where(is_returned, np.maximum(closed, max(n.wait, 1) + service_days), closed)
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
        "is_seized": f.is_seizable | (line == SUPPLY),
        "is_compelled": is_compelled,
        "detention_days": detention_days,
        "prison_days": prison_days,
        "fine_minor": fine_minor,
        "service": np.where(is_offered, f.service, 0),
        "is_waiting": is_waiting,
        "service_days": service_days,
        "drop_out": drop_out,
    }
    return Decided(columns, closed, path.p, path.asked)


def _police(f: Facts, n: PracticeNumbers, path: _Path) -> tuple[Codes, Codes, Bool]:
    """Return what police believe it is, what they do, and who is arrested."""
    everyone = np.ones(len(f.effect), bool)
    factor = np.where(f.has_use_evidence & (f.effect != CONCLUSIVE), n.use_evidence_factor, 1.0)
    supply = path.ask("police.supply", n.police_belief[f.effect, f.n_supply] * factor, everyone & f.is_supply_offence)
    line = np.where(supply, SUPPLY, f.own_use_offence)
    is_possession, is_administrative = line == POSSESSION, line == ADMINISTRATIVE
    ignore = path.ask("police.ignore", n.ignore, is_possession & f.may_ignore)
    warn = path.ask("police.warn", n.warn, is_possession & f.may_warn & ~ignore)
    left = is_possession & ~ignore & ~warn
    caution = path.ask("police.caution", n.caution * f.caution_factor, left & f.can_caution)
    left &= ~caution
    notice = path.ask("police.notice", n.notice * f.notice_factor, f.can_notice & (left | (is_administrative & ~f.has_panel)))
    panel = path.ask("police.panel", n.panel, is_administrative & f.has_panel)
    proceed = supply | (left & ~notice)
    arrest = path.ask("police.arrest", n.arrest[(line == SUPPLY) * 1], proceed)
    police = np.zeros(len(line), np.int64)
    for name, chosen in (("warning", warn), ("caution", caution), ("notice", notice), ("panel", panel), ("summons", proceed), ("arrest", arrest)):
        police[chosen] = POLICE.index(name)
    return line, police, arrest


def _prosecutor(f: Facts, n: PracticeNumbers, path: _Path, line: Codes, police: Codes) -> Codes:
    """Return what the prosecutor does with those proceeded against."""
    proceeded = police >= POLICE.index("summons")
    supply = proceeded & (line == SUPPLY)
    p_keep = np.where(f.may_downgrade, n.keep[f.effect, f.n_supply], 1.0)
    keep = path.ask("prosecutor.keep_supply", p_keep, supply)
    charge = np.where(supply & ~keep, f.own_use_offence, line)
    is_crime = proceeded & (charge >= POSSESSION)
    drop = path.ask("prosecutor.drop", n.drop[(charge == SUPPLY) * 1], is_crime & f.may_drop)
    divert = path.ask("prosecutor.divert", n.divert, is_crime & (charge == POSSESSION) & ~drop & f.may_divert)
    out = np.zeros(len(line), np.int64)
    out[proceeded & (charge == NONE)] = PROSECUTOR.index("dropped")
    out[proceeded & (charge == ADMINISTRATIVE)] = PROSECUTOR.index("dropped")
    out[proceeded & (charge == ADMINISTRATIVE) & f.has_panel] = PROSECUTOR.index("panel")
    out[is_crime & (charge == POSSESSION)] = PROSECUTOR.index("charge_possession")
    out[is_crime & (charge == SUPPLY)] = PROSECUTOR.index("charge_supply")
    out[divert] = PROSECUTOR.index("diverted")
    out[drop] = PROSECUTOR.index("dropped")
    return out


def _negotiation(f: Facts, n: PracticeNumbers, path: _Path, prosecutor: Codes, detained: Bool) -> Codes:
    """Return plea or contest of those charged."""
    supply = prosecutor == PROSECUTOR.index("charge_supply")
    charged = supply | (prosecutor == PROSECUTOR.index("charge_possession"))
    withdrawn = path.ask("negotiation.withdraw", n.withdraw[supply * 1], charged)
    p_plead = np.where(supply, n.plead_supply[f.effect], n.plead_possession)
    plead = path.ask("negotiation.plead", p_plead, charged & ~withdrawn)
    down = path.ask("negotiation.plead_down", n.plead_down[f.effect], supply & ~withdrawn & ~plead & (f.own_use_offence == POSSESSION))
    worn = path.ask("negotiation.custody", n.custody_uplift, detained & charged & ~withdrawn & ~plead & ~down)
    out = np.where(charged, NEGOTIATION.index("contested"), 0)
    out[withdrawn] = NEGOTIATION.index("withdrawn")
    out[(plead | worn) & supply] = NEGOTIATION.index("plead_supply")
    out[((plead | worn) & ~supply) | down] = NEGOTIATION.index("plead_possession")
    return out


def _court(f: Facts, n: PracticeNumbers, path: _Path, prosecutor: Codes, negotiation: Codes) -> Codes:
    """Return the verdict of those charged: pleas, and hearings for the rest."""
    contested = negotiation == NEGOTIATION.index("contested")
    supply = contested & (prosecutor == PROSECUTOR.index("charge_supply"))
    p_rebut = np.minimum(n.rebut * np.where(f.has_use_evidence, n.rebut_evidence_factor, 1.0), 1.0)
    p_rebut = np.where(f.whole_holding & ~f.only_own_use, 0.0, p_rebut)
    p_prove = np.minimum(n.prove[f.effect, f.n_supply] * np.where(f.balance_is_enough, n.balance_factor, 1.0), 1.0)
    represented = np.where(f.is_represented, n.represented_factor, 1.0)
    p_supply = np.where(f.burden_on_accused & (f.effect == PRESUMPTION), 1.0 - p_rebut, p_prove) * represented
    p_supply = np.where(f.effect == CONCLUSIVE, 1.0, p_supply)
    is_supply = path.ask("court.supply", p_supply, supply)
    lesser = supply & ~is_supply & (f.own_use_offence == POSSESSION) & f.court_may_downgrade
    possession = path.ask("court.possession", n.convict_possession * represented, lesser | (contested & ~supply))
    out = np.where(negotiation > 0, VERDICT.index("not_convicted"), 0)
    out[possession | (negotiation == NEGOTIATION.index("plead_possession"))] = VERDICT.index("possession")
    out[is_supply | (negotiation == NEGOTIATION.index("plead_supply"))] = VERDICT.index("supply")
    return out


def _sentence(f: Facts, n: PracticeNumbers, path: _Path, verdict: Codes, quantile: I64) -> tuple[Codes, I64, I64]:
    """Return the heaviest part of the sentence, prison days and the fine."""
    supply = verdict == VERDICT.index("supply")
    convicted = supply | (verdict == VERDICT.index("possession"))
    max_days = np.where(supply, f.max_supply_days, f.max_possession_days)
    last = len(n.band_years) - 1
    band = np.where(supply, 1 + np.minimum(np.searchsorted(n.band_years * 365, f.max_supply_days), last), 0)
    prison = path.ask("sentence.prison", n.band_prison[band] * np.where(f.is_convicted, n.prior_factor, 1.0), convicted & (max_days > 0))
    community = path.ask("sentence.community", n.band_community[band], convicted & ~prison)
    fine = path.ask("sentence.fine", n.band_fine[band], convicted & ~prison & ~community)
    days = np.minimum(np.maximum(n.band_days[band, quantile], 1), max_days)
    out = np.where(convicted, SENTENCE.index("no_penalty"), 0)
    for name, chosen in (("fine", fine), ("community_order", community), ("prison", prison)):
        out[chosen] = SENTENCE.index(name)
    return out, np.where(prison, days, 0), np.where(fine, n.band_fine_minor[band], 0)


def _panel(f: Facts, n: PracticeNumbers, path: _Path, police: Codes, prosecutor: Codes) -> Codes:
    """Return what an administrative panel does with those sent to it."""
    sent = (police == POLICE.index("panel")) | (prosecutor == PROSECUTOR.index("panel"))
    attends = path.ask("panel.attend", n.panel_attend, sent)
    sanction = path.ask("panel.sanction", n.panel_sanction, attends & f.panel_may_sanction)
    out = np.where(sent, PANEL.index("missed"), 0)
    out[attends] = PANEL.index("suspended")
    out[sanction | (sent & ~attends & f.panel_punishes_absence)] = PANEL.index("sanctioned")
    return out


def _referral(f: Facts, n: PracticeNumbers, path: _Path, police: Codes, prosecutor: Codes, verdict: Codes, panel: Codes) -> tuple[Codes, Codes, Bool]:
    """Return by which route a referral came, how far it went, and whether it waits for a place."""
    route = np.zeros(len(police), np.int64)
    route[(police <= POLICE.index("warning")) & f.offers_referral] = ROUTES.index("police")
    route[police == POLICE.index("caution")] = ROUTES.index("caution")
    route[police == POLICE.index("notice")] = ROUTES.index("notice")
    route[(panel == PANEL.index("suspended")) | (panel == PANEL.index("sanctioned"))] = ROUTES.index("panel")
    route[prosecutor == PROSECUTOR.index("diverted")] = ROUTES.index("diversion")
    route[verdict >= VERDICT.index("possession")] = ROUTES.index("court")
    suits = (f.service > 0) | (not n.has_places)
    mandatory = f.is_mandatory & (police < POLICE.index("summons")) & suits
    offer = path.ask("referral.offer", n.offer[route], (route > 0) & ~mandatory & suits)
    accept = path.ask("referral.accept", n.accept[route], offer)
    wants = accept | mandatory
    is_waiting = wants & ~path.ask("referral.place", f.place, wants) if n.has_places else np.zeros(len(wants), bool)
    start = path.ask("referral.start", n.start, wants & ~is_waiting)
    finish = path.ask("referral.finish", n.finish[f.service], start)
    route = np.where(mandatory, ROUTES.index("mandatory"), np.where(offer, route, 0))
    reached = (offer | mandatory) * 1 + (accept | mandatory) * 1 + start * 1 + finish * 1
    return route, reached, is_waiting


def _service_days(f: Facts, n: PracticeNumbers, referral: Codes, quantile: I64) -> I64:
    """Return the days in a service that starts: all of them, or, where services have places, until the person drops out."""
    days = n.duration[f.service]
    if n.has_places:
        days = stay_days(days, referral == REFERRAL.index("finished"), quantile)
    return np.where(referral >= REFERRAL.index("started"), days, 0)


def stay_days(whole: I64, is_finished: Bool, quantile16: I64) -> I64:
    """Return how long people stay (n,): the whole of it, or until they drop out, at any time with equal chance; at least a day."""
    days: I64 = np.maximum(np.where(is_finished, whole, whole * quantile16 >> 16), 1)
    return days


def _drop_out(f: Facts, n: PracticeNumbers, path: _Path, route: Codes, referral: Codes, is_compelled: Bool, verdict: Codes) -> Codes:
    """Return what follows where someone leaves a compelled service early.

    By the law's rule on it; where it has none, what the service had kept away comes back: the offence on the way of police and
    under a repeat rule, the charge after a diversion, the sanction else. Nobody is convicted twice.
    """
    out = np.zeros(len(route), np.int64)
    if n.returned is None:
        return out
    left = is_compelled & (referral == REFERRAL.index("started"))
    of_offence = np.where(f.own_use_offence == POSSESSION, 2, np.where(f.own_use_offence == ADMINISTRATIVE, 1, 0))
    is_open = (route == ROUTES.index("police")) | (route == ROUTES.index("mandatory"))
    comes_back = np.where(route == ROUTES.index("diversion"), 2, np.where(is_open, of_offence, 1))
    rule = np.where(f.drop_out >= 0, f.drop_out, comes_back)
    rule = np.where((rule == 3) & (_most_jail(f) == 0), 2, rule)
    rule = np.where((rule == 2) & (verdict >= VERDICT.index("possession")), 1, rule)
    acts = path.ask("dropout.return", n.returned, left & (rule > 0))
    out[left] = DROP_OUT.index("left")
    out[acts] = (DROP_OUT.index("left") + rule)[acts]
    return out


def _most_jail(f: Facts) -> I64:
    """Return the longest prison for a drop-out: the law's own, else that for possession."""
    return np.where(f.drop_out_max_days > 0, f.drop_out_max_days, f.max_possession_days)


def _notice(f: Facts, n: PracticeNumbers, path: _Path, police: Codes, referral: Codes) -> Codes:
    """Return what becomes of a penalty notice: waived by a service, paid, unpaid, or unpaid and convicted."""
    given = police == POLICE.index("notice")
    waived = given & f.notice_waived_by_referral & (referral >= REFERRAL.index("started"))
    paid = path.ask("notice.paid", n.notice_paid, given & ~waived)
    convicted = path.ask("notice.convict", n.notice_convict, given & ~waived & ~paid & f.notice_to_court)
    out = np.where(given, NOTICE.index("unpaid"), 0)
    for name, chosen in (("waived", waived), ("paid", paid), ("unpaid_convicted", convicted)):
        out[chosen] = NOTICE.index(name)
    return out
