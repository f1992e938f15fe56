"""Sanctions besides sentences: what the law's typed responses allow, imposed as practice has it.

Level 2. Kernel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decrimsim.kernels.decisions.facts import Facts
from decrimsim.kernels.decisions.numbers import PracticeNumbers
from decrimsim.kernels.decisions.path import ADMINISTRATIVE, I64, Bool, Codes, Path
from decrimsim.schema import DROP_OUT, PANEL, POLICE, PROSECUTOR, SANCTIONS, VERDICT

CUSTODIAL = (SANCTIONS.index("compulsory_detention"), SANCTIONS.index("administrative_arrest"))
FINE, CAPITAL = SANCTIONS.index("fine"), SANCTIONS.index("capital")


@dataclass(frozen=True)
class Sanctioned:
    """What was imposed (pairs,): bits of schema.SANCTIONS, days of compulsory detention and administrative arrest, days under other orders, a fine."""

    bits: I64
    days: I64
    order_days: I64
    fine_minor: I64


def sanction(
    f: Facts, n: PracticeNumbers, path: Path, *, line: Codes, police: Codes, prosecutor: Codes, verdict: Codes, panel: Codes, drop_out: Codes, quantile: I64
) -> Sanctioned:
    """Return what is imposed besides fines on notices and sentences.

    An administrative offence is sanctioned by its panel or with its notice, or at once where the law has neither for it; a crime on conviction;
    and leaving a compelled service where the law sanctions that.
    Exposure to a capital charge comes with the charge.
    """
    none = np.zeros(len(line), np.int64)
    if n.sanctions is None:
        return Sanctioned(none, none, none, none)
    s, rows = n.sanctions, np.arange(len(line))
    has_notice = police == POLICE.index("notice")
    at_once = (line == ADMINISTRATIVE) & ~f.has_panel & ~f.can_notice
    administered = (panel == PANEL.index("sanctioned")) | ((line == ADMINISTRATIVE) & has_notice) | at_once
    administered |= drop_out == DROP_OUT.index("sanctioned")
    supply = verdict == VERDICT.index("supply")
    able = administered | supply | (verdict == VERDICT.index("possession"))
    allowed = f.sanctions[rows, supply * 1]
    bits, days, order_days = none.copy(), none.copy(), none.copy()
    for i, name in enumerate(SANCTIONS):
        if i == CAPITAL:
            continue
        fits: Bool = able & ((allowed >> i & 1) == 1)
        if i == FINE:
            fits &= administered & ~has_notice
        yes = path.ask(f"sanction.{name}", float(s.impose[i]), fits)
        bits += yes * (1 << i)
        order_days += yes * s.order_days[i]
        if i in CUSTODIAL:
            at = CUSTODIAL.index(i)
            least, most = f.custody_least_days[rows, supply * 1, at], f.custody_most_days[rows, supply * 1, at]
            days += np.where(yes, np.minimum(np.maximum(np.maximum(s.custody_days[at][quantile], least), 1), most), 0)
    charged_supply = prosecutor == PROSECUTOR.index("charge_supply")
    charged = charged_supply | (prosecutor == PROSECUTOR.index("charge_possession"))
    bits += (charged & ((f.sanctions[rows, charged_supply * 1] >> CAPITAL & 1) == 1)) * (1 << CAPITAL)
    fined = (bits >> FINE & 1) == 1
    fine = f.least_fine_minor + ((f.largest_fine_minor - f.least_fine_minor) * s.fine_place_q16 >> 16)
    return Sanctioned(bits, days, order_days, np.where(fined, fine, 0))
