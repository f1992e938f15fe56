"""The court: hearing, sentence, appeal; and what a conviction takes away.

Level 2. Kernel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decrimsim.kernels.decisions.facts import Facts
from decrimsim.kernels.decisions.numbers import PracticeNumbers
from decrimsim.kernels.decisions.path import CONCLUSIVE, I64, POSSESSION, PRESUMPTION, Bool, Codes, Path
from decrimsim.kernels.decisions.police import Assessed
from decrimsim.schema import APPEAL, NEGOTIATION, PROSECUTOR, SENTENCE, VERDICT


def find_lawyer(f: Facts, n: PracticeNumbers, path: Path, prosecutor: Codes) -> Bool:
    """Return who has a lawyer: their own, or one on duty."""
    if n.lawyers is None:
        return f.is_represented
    charged = prosecutor >= PROSECUTOR.index("charge_possession")
    return f.is_represented | path.ask("court.duty_lawyer", n.lawyers.duty, charged & ~f.is_represented)


def hear(f: Facts, n: PracticeNumbers, path: Path, prosecutor: Codes, negotiation: Codes, assessed: Assessed, has_lawyer: Bool) -> Codes:
    """Return the verdict of those charged: pleas, and hearings for the rest."""
    contested = negotiation == NEGOTIATION.index("contested")
    supply = contested & (prosecutor == PROSECUTOR.index("charge_supply"))
    sees_more = np.ones(len(contested), bool)
    if n.reports_only is not None:
        sees_more = ~path.ask("court.reports_only", n.reports_only, contested)
    use = (f.has_use_evidence | assessed.finds_use) & sees_more
    p_rebut = n.rebut * np.where(use, n.rebut_evidence_factor, 1.0)
    if n.lawyers is not None:
        p_rebut = p_rebut * np.where(has_lawyer, n.lawyers.rebut_factor, 1.0)
    p_rebut = np.where(f.whole_holding & ~f.only_own_use, 0.0, np.minimum(p_rebut, 1.0))
    p_prove = n.prove[f.effect, f.n_supply] * np.where(f.balance_is_enough, n.balance_factor, 1.0)
    if n.assessment is not None:
        p_prove = p_prove * np.where(sees_more, assessed.factor(f, n.assessment.belief_factor), 1.0)
    represented = np.where(f.is_represented, n.represented_factor, 1.0)
    p_supply = np.where(f.burden_on_accused & (f.effect == PRESUMPTION), 1.0 - p_rebut, np.minimum(p_prove, 1.0)) * represented
    p_supply = np.where(f.effect == CONCLUSIVE, 1.0, p_supply)
    is_supply = path.ask("court.supply", p_supply, supply)
    lesser = supply & ~is_supply & (f.own_use_offence == POSSESSION) & f.court_may_downgrade
    possession = path.ask("court.possession", n.convict_possession * represented, lesser | (contested & ~supply))
    out = np.where(negotiation > 0, VERDICT.index("not_convicted"), 0)
    out[possession | (negotiation == NEGOTIATION.index("plead_possession"))] = VERDICT.index("possession")
    out[is_supply | (negotiation == NEGOTIATION.index("plead_supply"))] = VERDICT.index("supply")
    return out


def pass_sentence(f: Facts, n: PracticeNumbers, path: Path, verdict: Codes, quantile: I64) -> tuple[Codes, I64, I64]:
    """Return the heaviest part of the sentence, prison days and the fine."""
    supply = verdict == VERDICT.index("supply")
    convicted = supply | (verdict == VERDICT.index("possession"))
    max_days = np.where(supply, f.max_supply_days, f.max_possession_days)
    last = len(n.band_years) - 1
    band = np.where(supply, 1 + np.minimum(np.searchsorted(n.band_years * 365, f.max_supply_days), last), 0)
    p_prison = n.band_prison[band] * np.where(f.is_convicted, n.prior_factor, 1.0)
    least_days = np.ones(len(band), np.int64)
    if n.sentencing_range is not None:
        max_days, least_days, must = _own_terms(f, n.sentencing_range, path, supply, convicted, max_days)
        p_prison = np.where(must, 1.0, p_prison)
    prison = path.ask("sentence.prison", p_prison, convicted & (max_days > 0))
    community = path.ask("sentence.community", n.band_community[band], convicted & ~prison)
    fine = path.ask("sentence.fine", n.band_fine[band], convicted & ~prison & ~community)
    days = np.minimum(np.maximum(n.band_days[band, quantile], least_days), max_days)
    out = np.where(convicted, SENTENCE.index("no_penalty"), 0)
    for name, chosen in (("fine", fine), ("community_order", community), ("prison", prison)):
        out[chosen] = SENTENCE.index(name)
    return out, np.where(prison, days, 0), np.where(fine, n.band_fine_minor[band], 0)


def _own_terms(f: Facts, p: float, path: Path, supply: Bool, convicted: Bool, max_days: I64) -> tuple[I64, I64, Bool]:
    """Return the longest and shortest term and where prison is a must, with the law's own terms where the court keeps to them."""
    rows, at = np.arange(len(supply)), supply * 1
    least, most = f.least_prison_days[rows, at], f.most_prison_days[rows, at]
    kept = path.ask("sentence.range", p, convicted & ((least > 0) | (most > 0)))
    longest = np.where(kept & (most > 0), np.where(max_days > 0, np.minimum(max_days, most), most), max_days)
    shortest = np.where(kept, np.maximum(np.minimum(least, longest), 1), 1)
    return longest, shortest, kept & f.must_imprison[rows, at]


def appeal(n: PracticeNumbers, path: Path, verdict: Codes, negotiation: Codes, is_breach: Bool) -> Codes:
    """Return what became of an appeal of those whom a court convicted."""
    convicted = (verdict >= VERDICT.index("possession")) & ((negotiation > 0) | is_breach)
    out = np.zeros(len(verdict), np.int64)
    if n.appeal is None:
        return out
    offence = (verdict == VERDICT.index("supply")) * 1
    filed = path.ask("appeal.file", n.appeal.file[offence], convicted)
    allowed = path.ask("appeal.succeed", n.appeal.succeed[offence], filed)
    for name, chosen in (("not_filed", convicted), ("dismissed", filed), ("allowed", allowed)):
        out[chosen] = APPEAL.index(name)
    return out


@dataclass(frozen=True)
class Losses:
    """What a conviction takes away (pairs,)."""

    job: Bool
    home: Bool


def lose(f: Facts, n: PracticeNumbers, path: Path, verdict: Codes) -> Losses:
    """Return who loses a job or a home because of a conviction."""
    convicted = verdict >= VERDICT.index("possession")
    if n.records is None:
        nobody = np.zeros(len(convicted), bool)
        return Losses(nobody, nobody)
    offence = (verdict == VERDICT.index("supply")) * 1
    job = path.ask("record.job_loss", n.records.job_loss[offence], convicted & f.keeps_job)
    home = path.ask("record.home_loss", n.records.home_loss[offence], convicted & f.keeps_home)
    return Losses(job, home)
