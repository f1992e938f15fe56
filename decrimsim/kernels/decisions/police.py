"""What police believe and do, what earlier cases add, and medical assessment.

Level 2. Kernel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decrimsim.kernels.decisions.facts import Facts
from decrimsim.kernels.decisions.numbers import PracticeNumbers
from decrimsim.kernels.decisions.path import ADMINISTRATIVE, CONCLUSIVE, F64, POSSESSION, SUPPLY, Bool, Codes, Path
from decrimsim.kernels.street import PAID, bribes, group_factor, officer
from decrimsim.schema import POLICE, SANCTIONS

ASSESSORS = ("police", "prosecutor", "court")
ARREST_BIT = 1 << SANCTIONS.index("administrative_arrest")


@dataclass(frozen=True)
class Assessed:
    """Who was seen by a trained medical professional (pairs,), and of whom own use was found."""

    is_done: Bool
    finds_use: Bool

    def factor(self, f: Facts, factor: float) -> F64:
        """Return by how much the finding changes a chance (pairs,); a conclusive amount decides alone."""
        return np.where(self.finds_use & (f.effect != CONCLUSIVE), factor, 1.0)


def with_repeats(f: Facts, n: PracticeNumbers, path: Path) -> Facts:
    """Return the facts as earlier cases change them, where officials know of those cases."""
    if n.repeat_known is None:
        return f
    matters = f.is_repeat_crime | f.is_repeat_fine | f.is_repeat_undiverted | f.is_repeat_arrest | f.is_repeat_mandatory
    known = path.ask("repeat.known", n.repeat_known, matters)
    crime = known & f.is_repeat_crime & (f.own_use_offence == ADMINISTRATIVE)
    undiverted = known & f.is_repeat_undiverted
    raised = known & f.is_repeat_fine
    arrests = np.where((known & f.is_repeat_arrest)[:, None], np.array([ARREST_BIT, 0]), 0)
    return replace(
        f,
        own_use_offence=np.where(crime, POSSESSION, f.own_use_offence),
        max_possession_days=np.where(crime, f.repeat_prison_days, f.max_possession_days),
        can_caution=f.can_caution & ~undiverted,
        may_divert=f.may_divert & ~undiverted,
        notice_fine_minor=np.where(raised, np.maximum(f.notice_fine_minor, f.largest_fine_minor), f.notice_fine_minor),
        least_fine_minor=np.where(raised, f.largest_fine_minor, f.least_fine_minor),
        sanctions=f.sanctions | arrests,
        is_mandatory=f.is_mandatory | (known & f.is_repeat_mandatory),
    )


def assess(f: Facts, n: PracticeNumbers, path: Path, who: str, before: Assessed | None, reached: Bool) -> Assessed:
    """Return who has been assessed once a decider (of ASSESSORS) may have asked for it; nobody is assessed twice."""
    if before is None:
        before = Assessed(np.zeros(len(f.effect), bool), np.zeros(len(f.effect), bool))
    if n.assessment is None:
        return before
    a, stage = n.assessment, ASSESSORS.index(who)
    now = path.ask(f"assessment.{who}", a.carried_out[stage], reached & f.is_regulated & f.may_assess[:, stage] & ~before.is_done)
    found = path.ask("assessment.finding", np.where(f.is_dependent, a.finds_dependent, a.finds_other), now)
    return Assessed(before.is_done | now, before.finds_use | found)


@dataclass(frozen=True)
class Policed:
    """What police believe a find is and do (pairs,), who is arrested, whether a payment came instead, and who then kept the drugs."""

    line: Codes
    police: Codes
    arrest: Bool
    bribe: Codes
    kept: Bool

    @property
    def is_paid_off(self) -> Bool:
        """A payment ended the case."""
        paid: Bool = self.bribe == PAID
        return paid


def decide_police(f: Facts, n: PracticeNumbers, path: Path, assessed: Assessed) -> Policed:
    """Return what police believe and do."""
    who = officer(n.street, path.ask, effect=f.effect, n_supply=f.n_supply, is_within_guideline=f.is_within_guideline)
    everyone = np.ones(len(f.effect), bool)
    p_supply = n.police_belief[f.effect, f.n_supply] * who.belief_factor
    p_supply = p_supply * np.where(f.has_use_evidence & (f.effect != CONCLUSIVE), n.use_evidence_factor, 1.0)
    if n.assessment is not None:
        p_supply = p_supply * assessed.factor(f, n.assessment.belief_factor)
    supply = path.ask("police.supply", p_supply, everyone & f.is_supply_offence)
    line = np.where(supply, SUPPLY, f.own_use_offence)
    bribe, kept = bribes(n.street, path.ask, line=line)
    official = bribe != PAID
    is_possession, is_administrative = (line == POSSESSION) & official, (line == ADMINISTRATIVE) & official
    ignore = path.ask("police.ignore", n.ignore, is_possession & f.may_ignore)
    warn = path.ask("police.warn", n.warn, is_possession & f.may_warn & ~ignore)
    left = is_possession & ~ignore & ~warn
    caution = path.ask("police.caution", n.caution * group_factor(f.caution_factor, who), left & f.can_caution)
    left &= ~caution
    notice = path.ask("police.notice", n.notice * group_factor(f.notice_factor, who), f.can_notice & (left | (is_administrative & ~f.has_panel)))
    panel = path.ask("police.panel", n.panel, is_administrative & f.has_panel)
    proceed = (supply & official) | (left & ~notice)
    arrest = path.ask("police.arrest", n.arrest[(line == SUPPLY) * 1], proceed)
    police = np.zeros(len(line), np.int64)
    for name, chosen in (("warning", warn), ("caution", caution), ("notice", notice), ("panel", panel), ("summons", proceed), ("arrest", arrest)):
        police[chosen] = POLICE.index(name)
    return Policed(line, police, arrest, bribe, kept)
