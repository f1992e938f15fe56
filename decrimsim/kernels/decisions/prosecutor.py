"""The prosecutor: keep, drop, divert (with conditions or without), charge; then negotiation.

Level 2. Kernel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decrimsim.kernels.decisions.facts import Facts
from decrimsim.kernels.decisions.numbers import PracticeNumbers
from decrimsim.kernels.decisions.path import ADMINISTRATIVE, NONE, POSSESSION, SUPPLY, Bool, Codes, Path
from decrimsim.kernels.decisions.police import Assessed
from decrimsim.schema import DIVERSION, NEGOTIATION, POLICE, PROSECUTOR


@dataclass(frozen=True)
class Conditions:
    """What became of diversions (pairs,)."""

    diversion: Codes
    plea: Bool
    """a plea of guilty was the condition"""
    abstinence: Bool

    @property
    def is_convicted(self) -> Bool:
        """The back door: a condition was breached and the charge came back as a conviction."""
        convicted: Bool = self.diversion == DIVERSION.index("convicted")
        return convicted

    @property
    def is_breached(self) -> Bool:
        """A condition was breached, whatever followed."""
        breached: Bool = self.diversion >= DIVERSION.index("breached")
        return breached


def decide_prosecutor(f: Facts, n: PracticeNumbers, path: Path, line: Codes, police: Codes, assessed: Assessed) -> Codes:
    """Return what the prosecutor does with those proceeded against."""
    proceeded = police >= POLICE.index("summons")
    supply = proceeded & (line == SUPPLY)
    p_keep, p_divert = n.keep[f.effect, f.n_supply], np.full(len(line), n.divert)
    if n.assessment is not None:
        p_keep = p_keep * assessed.factor(f, n.assessment.belief_factor)
        p_divert = np.where(assessed.finds_use, p_divert * n.assessment.divert_factor, p_divert)
    p_keep = np.where(f.may_downgrade, p_keep, 1.0)
    keep = path.ask("prosecutor.keep_supply", p_keep, supply)
    charge = np.where(supply & ~keep, f.own_use_offence, line)
    is_crime = proceeded & (charge >= POSSESSION)
    drop = path.ask("prosecutor.drop", n.drop[(charge == SUPPLY) * 1], is_crime & f.may_drop)
    divert = path.ask("prosecutor.divert", p_divert, is_crime & (charge == POSSESSION) & ~drop & f.may_divert)
    out = np.zeros(len(line), np.int64)
    out[proceeded & (charge == NONE)] = PROSECUTOR.index("dropped")
    out[proceeded & (charge == ADMINISTRATIVE)] = PROSECUTOR.index("dropped")
    out[proceeded & (charge == ADMINISTRATIVE) & f.has_panel] = PROSECUTOR.index("panel")
    out[is_crime & (charge == POSSESSION)] = PROSECUTOR.index("charge_possession")
    out[is_crime & (charge == SUPPLY)] = PROSECUTOR.index("charge_supply")
    out[divert] = PROSECUTOR.index("diverted")
    out[drop] = PROSECUTOR.index("dropped")
    return out


def follow_diversion(f: Facts, n: PracticeNumbers, path: Path, prosecutor: Codes) -> Conditions:
    """Return the conditions of each diversion, and whether they were kept."""
    diverted = prosecutor == PROSECUTOR.index("diverted")
    nobody = np.zeros(len(diverted), bool)
    out = np.where(diverted, DIVERSION.index("unconditional"), 0)
    if n.conditions is None:
        return Conditions(np.zeros(len(out), np.int64), nobody, nobody)
    c, bound = n.conditions, diverted & f.is_diversion_conditional
    plea = path.ask("diversion.plea", c.plea, bound)
    abstinence = path.ask("diversion.abstinence", c.abstinence, bound)
    breached = path.ask("diversion.breach", np.where(abstinence, c.breach_abstinence, c.breach), bound)
    convicted = path.ask("diversion.convict", np.where(plea, 1.0, c.convict), breached)
    for name, chosen in (("kept", bound), ("breached", breached), ("convicted", convicted)):
        out[chosen] = DIVERSION.index(name)
    return Conditions(out, plea, abstinence)


def negotiate(f: Facts, n: PracticeNumbers, path: Path, prosecutor: Codes, detained: Bool, has_lawyer: Bool) -> Codes:
    """Return plea or contest of those charged, or that a court granted what a ruling granted to others."""
    supply = prosecutor == PROSECUTOR.index("charge_supply")
    charged = supply | (prosecutor == PROSECUTOR.index("charge_possession"))
    withdrawn = path.ask("negotiation.withdraw", n.withdraw[supply * 1], charged)
    left = charged & ~withdrawn
    granted = np.zeros(len(left), bool)
    if n.granted is not None:
        granted = path.ask("court.precedent", n.granted, left & ~supply & f.can_be_granted)
        left &= ~granted
    calm = np.where(has_lawyer, n.lawyers.plead_factor, 1.0) if n.lawyers is not None else 1.0
    p_plead = np.where(supply, n.plead_supply[f.effect], n.plead_possession) * calm
    plead = path.ask("negotiation.plead", p_plead, left)
    down = path.ask("negotiation.plead_down", n.plead_down[f.effect], supply & left & ~plead & (f.own_use_offence == POSSESSION))
    worn = path.ask("negotiation.custody", n.custody_uplift, detained & left & ~plead & ~down)
    out = np.where(charged, NEGOTIATION.index("contested"), 0)
    out[withdrawn] = NEGOTIATION.index("withdrawn")
    out[granted] = NEGOTIATION.index("granted")
    out[(plead | worn) & supply] = NEGOTIATION.index("plead_supply")
    out[((plead | worn) & ~supply) | down] = NEGOTIATION.index("plead_possession")
    return out
