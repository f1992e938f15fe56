"""How long people stay in a service, and what follows where someone leaves a compelled one early: the back door of treatment.

Level 2. Kernel.
"""

from __future__ import annotations

import numpy as np

from decrimsim.kernels.decisions.facts import Facts
from decrimsim.kernels.decisions.numbers import PracticeNumbers
from decrimsim.kernels.decisions.path import ADMINISTRATIVE, I64, POSSESSION, Bool, Codes, Path
from decrimsim.schema import DROP_OUT, REFERRAL, ROUTES, VERDICT

NOTHING, SANCTION, CONVICTION, PRISON = range(4)


def service_days(f: Facts, n: PracticeNumbers, referral: Codes, quantile: I64) -> I64:
    """Return the days in a service that starts: all of them, or, where services have places, until the person drops out."""
    days = n.duration[f.service]
    if n.has_places:
        days = stay_days(days, referral == REFERRAL.index("finished"), quantile)
    return np.where(referral >= REFERRAL.index("started"), days, 0)


def stay_days(whole: I64, is_finished: Bool, quantile16: I64) -> I64:
    """Return how long people stay (n,): the whole of it, or until they drop out, at any time with equal chance; at least a day."""
    days: I64 = np.maximum(np.where(is_finished, whole, whole * quantile16 >> 16), 1)
    return days


def drop_out(f: Facts, n: PracticeNumbers, path: Path, *, route: Codes, referral: Codes, is_compelled: Bool, verdict: Codes) -> Codes:
    """Return what follows where someone leaves a compelled service early, by schema.DROP_OUT.

    By the law's rule on it; where it has none, what the service had kept away comes back: the offence on the way of police and
    under a repeat rule, the charge after a diversion, the sanction else. Nobody is convicted twice.
    """
    out = np.zeros(len(route), np.int64)
    if n.returned is None:
        return out
    left = is_compelled & (referral == REFERRAL.index("started"))
    of_offence = np.where(f.own_use_offence == POSSESSION, CONVICTION, np.where(f.own_use_offence == ADMINISTRATIVE, SANCTION, NOTHING))
    is_open = (route == ROUTES.index("police")) | (route == ROUTES.index("mandatory"))
    comes_back = np.where(route == ROUTES.index("diversion"), CONVICTION, np.where(is_open, of_offence, SANCTION))
    rule = np.where(f.drop_out >= 0, f.drop_out, comes_back)
    rule = np.where((rule == PRISON) & (most_jail(f) == 0), CONVICTION, rule)
    rule = np.where((rule == CONVICTION) & (verdict >= VERDICT.index("possession")), SANCTION, rule)
    acts = path.ask("dropout.return", n.returned, left & (rule > NOTHING))
    out[left] = DROP_OUT.index("left")
    out[acts] = (DROP_OUT.index("left") + rule)[acts]
    return out


def most_jail(f: Facts) -> I64:
    """Return the longest prison for a drop-out: the law's own, else that for possession."""
    return np.where(f.drop_out_max_days > 0, f.drop_out_max_days, f.max_possession_days)
