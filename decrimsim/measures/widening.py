"""Net-widening: who is reached by one law and not by another, and how far each person is taken under both.

Level 5. Everything is counted in people, exactly; the baseline against itself gives zeros and a diagonal ledger.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim.measures import rows
from decrimsim.measures.people import Met
from decrimsim.schema import CUTS, PURPOSES, REFERRAL, RUNGS, SERIOUSNESS
from decrimsim.tables import ReplicateTables

Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Widening:
    """People, by law, against the baseline law.

    n_flag           (laws, cuts)        with the cut
    gross_widening   (laws, cuts)        with it under the law and not under the baseline
    gross_narrowing  (laws, cuts)        the reverse; net = widening - narrowing = difference of n_flag, exactly
    denser           (laws, cuts)        with it under both, and a higher rung, or the same rung and more days in custody
    different        (laws,)             reached by a panel or a service under the law, on record with nobody under the baseline
    ledger           (laws, rungs, rungs)  highest rung under the baseline × under the law
    back_door        (laws,)             convicted unheard over an unpaid notice, nothing criminal under the baseline
    up_tariffing     (laws, 4)           charged or convicted of supply under the law only, by main purpose: own use, circle, to fund own use, for another
    """

    n_flag: Int
    gross_widening: Int
    gross_narrowing: Int
    denser: Int
    different: Int
    ledger: Int
    back_door: Int
    up_tariffing: Int


def widening(tables: ReplicateTables, met: Met, cased: Met, contact: Bool, cut_flags: dict[str, Bool], purpose: Int, n_people: int, baseline: int) -> Widening:
    """Return who is reached under each law, against the baseline.

    contact    (people met, laws)    stopped
    cut_flags  (people cased, laws)  each cut but contact
    purpose    (cases, laws)         main purpose of the drugs found
    """
    case_rung = highest_rung(tables, cased)
    everyone = _everyone_met(met, contact, cased, case_rung)
    at = np.searchsorted(met.person, cased.person)
    rung, both = everyone[at], contact[at] & contact[at][:, [baseline]]
    days = rows.custody_days(tables.cases.columns)[:, None]
    control_days = cased.total(np.where(tables.cases.flags(), days, 0))
    is_denser = (rung > rung[:, [baseline]]) | ((rung == rung[:, [baseline]]) & (control_days > control_days[:, [baseline]]))
    flags = {"contact": contact} | cut_flags
    denser = [(is_denser & both).sum(axis=0)] + [(is_denser & cut_flags[cut] & cut_flags[cut][:, [baseline]]).sum(axis=0) for cut in CUTS[1:]]
    return Widening(
        n_flag=_columns([flags[cut].sum(axis=0) for cut in CUTS]),
        gross_widening=_columns([(flags[cut] & ~flags[cut][:, [baseline]]).sum(axis=0) for cut in CUTS]),
        gross_narrowing=_columns([(~flags[cut] & flags[cut][:, [baseline]]).sum(axis=0) for cut in CUTS]),
        denser=_columns(denser),
        different=_different_net(tables, cased, cut_flags["recorded"], baseline),
        ledger=ledger(everyone, n_people, baseline),
        back_door=_back_door(tables, cased, cut_flags["criminal"], baseline),
        up_tariffing=_up_tariffing(tables, cased, purpose, baseline),
    )


def highest_rung(tables: ReplicateTables, cased: Met) -> Int:
    """Return the highest rung (people with a case, laws) that a person's cases reached; 1 with a case that led to nothing, 0 without one."""
    rung = cased.laws_where(np.ones(len(tables.cases), bool)).astype(np.int64)
    for height, is_row in rows.case_rungs(tables.cases.columns).items():
        rung[cased.laws_where(is_row)] = height
    return rung


def ledger(rung: Int, n_people: int, baseline: int) -> Int:
    """Return counts of people (laws, rungs, rungs) by rung under the baseline and under each law; people not in rung (people, laws) met nobody."""
    n = len(RUNGS)
    counts = [np.bincount(column, minlength=n * n).reshape(n, n) for column in (rung[:, [baseline]] * n + rung).T]
    out = np.stack(counts).astype(np.int64)
    out[:, 0, 0] += n_people - len(rung)
    return out


def _columns(counts: list[Int]) -> Int:
    return np.stack(counts, axis=1).astype(np.int64)


def _everyone_met(met: Met, contact: Bool, cased: Met, case_rung: Int) -> Int:
    """Return the highest rung (people met, laws), from contacts and cases."""
    rung = contact.astype(np.int64)
    at = np.searchsorted(met.person, cased.person)
    rung[at] = np.maximum(rung[at], case_rung)
    return rung


def _different_net(tables: ReplicateTables, cased: Met, recorded: Bool, baseline: int) -> Int:
    """Return how many people (laws,) are reached by a panel or a service under the law and are on record with nobody under the baseline."""
    cases = tables.cases.columns
    is_new = (rows.case_events(cases)["panel"] > 0) | rows.is_at_least(cases["referral"], REFERRAL, "accepted")
    new = cased.laws_where(is_new)
    by_anybody = recorded | new
    counts: Int = (new & ~by_anybody[:, [baseline]]).sum(axis=0)
    return counts


def _back_door(tables: ReplicateTables, cased: Met, criminal: Bool, baseline: int) -> Int:
    """Return how many people (laws,) are convicted over an unpaid notice, a breached diversion or a drop-out, with nothing criminal under the baseline."""
    unheard = cased.laws_where(rows.is_back_door(tables.cases.columns))
    counts: Int = (unheard & ~criminal[:, [baseline]]).sum(axis=0)
    return counts


def _up_tariffing(tables: ReplicateTables, cased: Met, purpose: Int, baseline: int) -> Int:
    """Return how many people (laws, 4) rise to a supply rung, by the most serious main purpose of the drugs they are charged over."""
    rungs = rows.case_rungs(tables.cases.columns)
    is_supply = rungs[6] | rungs[8]
    rank = np.array([SERIOUSNESS.index(name) for name in PURPOSES])
    worst = cased.most(np.where(tables.cases.flags() & is_supply[:, None], rank[purpose], -1))
    is_new = (worst >= 0) & (worst[:, [baseline]] < 0)
    return _columns([(is_new & (worst == SERIOUSNESS.index(name))).sum(axis=0) for name in ("own", "circle", "fund_own_use", "other")])
