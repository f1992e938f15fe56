"""What the details of all replicates say: numbers with their error, and for what is undefined, null and the reason.

Level 5. Counts are added over replicates before anything is divided; no mean of ratios.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from decrimsim.measures import process as queue
from decrimsim.measures.causes import CAUSES
from decrimsim.measures.classifier import CALL_STAGES, TRUTHS
from decrimsim.measures.cost import AGENCIES
from decrimsim.measures.mesh import meshes
from decrimsim.schema import CUTS
from decrimsim.statistics import Estimate, count_of, difference_of, ratio_of, share_of
from decrimsim.units import MINOR_PER_MAJOR

if TYPE_CHECKING:
    from decrimsim.measures.replicate import ReplicateMeasures
    from decrimsim.measures.summary import Summary

Int = npt.NDArray[np.int64]
Row = dict[str, object]
Count = Callable[["ReplicateMeasures"], object]
BLACKSTONE = (1, 2, 5, 10)
"""How many people wrongly taken for suppliers weigh as much as one supplier who is missed."""
WITHOUT_LAWS = "the measures were taken without the laws themselves"
NO_FINDS, NO_SUPPLY, NO_OTHER, NO_CALL = (
    "no finds",
    "no find was supply by this truth",
    "every find was supply by this truth",
    "nobody is taken for supply here",
)
NO_LINE, NO_FALSE = "the law lets no amount point at supply", "nobody is wrongly taken for supply here"


@dataclass(frozen=True)
class Reading:
    """A number with its error, or none and why."""

    estimate: Estimate | None
    reason: str | None = None

    @property
    def value(self) -> float | None:
        """The number, or None."""
        return None if self.estimate is None else self.estimate.mean

    def to_json(self) -> dict[str, object]:
        """Return plain data: mean, mcse, ci and the reason why there is none."""
        plain = {"mean": None, "mcse": None, "ci": None} if self.estimate is None else self.estimate.to_json()
        return plain | {"reason": self.reason}


def share(above: list[float], below: list[float], reason: str) -> Reading:
    """Return what share of a whole a part is, from means over replicates, or the reason where there is nothing to divide by."""
    found = share_of(above, below)
    return Reading(found, None if found is not None else reason)


def rate(above: list[float], below: list[float], reason: str) -> Reading:
    """Return the ratio of means over replicates, which may be above one, or the reason where there is nothing to divide by."""
    found = ratio_of(above, below)
    return Reading(found, None if found is not None else reason)


def cause_rows(summary: Summary, law: int) -> list[dict[str, str | Estimate]]:
    """Return a row for each cut and cause: people newly reached under the law, no longer reached, and the net of the two; none without the laws."""
    known = [m.details.causes for m in summary.measures if m.details.causes is not None]
    if len(known) < len(summary.measures):
        return []
    rows: list[dict[str, str | Estimate]] = []
    for c, cut in enumerate(CUTS):
        for k, cause in enumerate(CAUSES):
            new, old = ([float(one[law, c, k, way]) for one in known] for way in (0, 1))
            flows = {"gross_widening": count_of(new), "gross_narrowing": count_of(old), "net": difference_of(new, old)}
            rows.append({"cut": cut, "cause": cause, **flows})
    return rows


def contacts(summary: Summary, law: int) -> dict[str, Estimate]:
    """Return court appearances, diversions and their sum under the law less those under the baseline, in cases."""

    def values(law: int) -> Int:
        return np.array([m.entries[law] for m in summary.measures], np.int64)

    new, old = values(law), values(summary.baseline)
    court, diverted = (difference_of(new[:, i].tolist(), old[:, i].tolist()) for i in (0, 1))
    return {"court": court, "diverted": diverted, "contacts": difference_of(new.sum(axis=1).tolist(), old.sum(axis=1).tolist())}


def counts_of_calls(summary: Summary, law: int, truth: str, stage: str, group: int = 0) -> list[list[float]]:
    """Return true positives, false positives, false negatives and true negatives, each by replicate."""
    t, s = TRUTHS.index(truth), CALL_STAGES.index(stage)
    return [[float(m.details.calls[law, group, t, s, i]) for m in summary.measures] for i in range(4)]


def call_readings(summary: Summary, law: int, truth: str, stage: str) -> dict[str, Reading]:
    """Return true and false positive rate, positive predictive value, likelihood ratio and area under the curve."""
    names = ("true_positive_rate", "false_positive_rate", "positive_predictive_value", "likelihood_ratio", "area_under_curve")
    if truth == "law" and any(m.details.wins is None for m in summary.measures):
        return {name: Reading(None, WITHOUT_LAWS) for name in names}
    tp, fp, fn, tn = counts_of_calls(summary, law, truth, stage)
    supply, other = [_sum(tp, fn), _sum(fp, tn)]
    has_any = "" if sum(supply) + sum(other) else NO_FINDS
    hit, false = share(tp, supply, has_any or NO_SUPPLY), share(fp, other, has_any or NO_OTHER)
    ratio = Reading(None, hit.reason or false.reason or NO_FALSE)
    if hit.value is not None and false.value:
        ratio = Reading(Estimate(hit.value / false.value))
    area = _area(summary, law, truth) if stage == "amount" else Reading(None, hit.reason or false.reason)
    if stage != "amount" and hit.value is not None and false.value is not None:
        area = Reading(Estimate((hit.value + 1 - false.value) / 2))
    return dict(zip(names, (hit, false, share(tp, _sum(tp, fp), has_any or NO_CALL), ratio, area), strict=True))


def _sum(a: list[float], b: list[float]) -> list[float]:
    return [x + y for x, y in zip(a, b, strict=True)]


def has_line(summary: Summary, law: int) -> bool:
    """Tell whether the law lets any amount point at supply; so it is taken where the measures were made without the laws."""
    known = [m.details.has_line for m in summary.measures]
    return any(one is None or one[law] for one in known)


def _area(summary: Summary, law: int, truth: str) -> Reading:
    """Return the area under the curve of the amount over the line: pairs of a supply and another find, compared within replicates."""
    measured = [m.details for m in summary.measures]
    if any(d.wins is None for d in measured):
        return Reading(None, WITHOUT_LAWS)
    if not has_line(summary, law):
        return Reading(None, NO_LINE)
    wins = np.array([d.wins[TRUTHS.index(truth), law] for d in measured if d.wins is not None], np.int64)
    if not wins[:, 1].sum():
        return Reading(None, NO_SUPPLY)
    pairs = (2 * wins[:, 1] * wins[:, 2]).tolist()
    return share(wins[:, 0].tolist(), pairs, NO_OTHER)


def decision_rows(summary: Summary, law: int, truth: str, stage: str) -> list[Row]:
    """Return a row for each Blackstone ratio k: (TP - k FP) / n, and whether a line can be defended, which needs PPV > k / (k + 1).

    Before police there is nothing to defend under a law without a line: the reason says so.
    """
    tp, fp, fn, tn = (sum(one) for one in counts_of_calls(summary, law, truth, stage))
    n = tp + fp + fn + tn
    reason = None if n else NO_FINDS
    if n and truth == "law" and any(m.details.wins is None for m in summary.measures):
        reason = WITHOUT_LAWS
    elif stage == "amount" and not has_line(summary, law):
        reason = NO_LINE
    known = reason is None
    return [
        {
            "k": k,
            "net_benefit": (tp - k * fp) / n if known else None,
            "can_defend": tp > k * fp if known else None,
            "least_ppv": k / (k + 1),
            "reason": reason,
        }
        for k in BLACKSTONE
    ]


def false_positives_by_group(summary: Summary, law: int, truth: str, stage: str, kind: str) -> dict[str, Reading]:
    """Return the false positive rate of each category of a kind of group: finds that were not supply and were taken for it."""
    if truth == "law" and any(m.details.wins is None for m in summary.measures):
        return {category: Reading(None, WITHOUT_LAWS) for one, category in summary.measures[0].groups if one == kind}
    out = {}
    for i, (one, category) in enumerate(summary.measures[0].groups):
        if one == kind:
            _, fp, _, tn = counts_of_calls(summary, law, truth, stage, i)
            out[category] = share(fp, _sum(fp, tn), "no find that was not supply by this truth")
    return out


def process_readings(summary: Summary, law: int) -> dict[str, Reading]:
    """Return time to resolution, clearance, disposition time, backlog and what becomes of people held before trial."""
    each = [m.details.process for m in summary.measures]
    days = summary.measures[0].days
    times = np.stack([p.times[law] for p in each]).sum(axis=0, dtype=np.int64)
    median = queue.median_time(times)
    opened, closed = ([float(getattr(p, name)[law].sum()) for p in each] for name in ("opened", "closed"))
    backlog = [queue.backlog(p.opened[law], p.closed[law]) for p in each]
    last = [float(b[-1]) if days else 0.0 for b in backlog]
    total = [float(b.sum()) for b in backlog]
    held = np.array([p.held[law] for p in each], np.int64).T.tolist()
    nothing = "no case is in process"
    waiting = rate([days * one for one in last], closed, "no case is resolved in the run")
    return {
        "median_days_to_resolution": Reading(Estimate(float(median)))
        if median is not None
        else Reading(None, "less than half of the cases are resolved in the run" if sum(opened) else nothing),
        "mean_days_in_run": rate(total, opened, nothing),
        "clearance_rate": rate(closed, opened, nothing),
        "disposition_days": waiting,
        "mean_backlog": Reading(count_of([one / days for one in total])) if days else Reading(None, "no day is simulated"),
        "pending_at_end": Reading(count_of(last)),
        "detained": Reading(count_of(held[0])),
        "pretrial_days_per_detained": rate(held[4], held[0], "nobody is held before trial"),
        "detained_without_custody": share(held[1], held[0], "nobody is held before trial"),
        "pretrial_days_without_custody": Reading(count_of(held[2])),
    }


def backlog_by_day(summary: Summary, law: int) -> list[float]:
    """Return the mean number of cases pending at the end of each day (days,)."""
    each = [m.details.process for m in summary.measures]
    mean: list[float] = np.mean([queue.backlog(p.opened[law], p.closed[law]) for p in each], axis=0).tolist()
    return mean


def costs(summary: Summary, law: int) -> dict[str, Estimate]:
    """Return public cost by agency, and fines and notices that people have to pay, in major units. Fines are not netted."""
    out = {agency: summary.mean(lambda m, i=i: m.cost_by_agency[law, i]).times(1 / MINOR_PER_MAJOR) for i, agency in enumerate(AGENCIES)}  # type: ignore[misc]
    return out | {"fines_to_the_person": summary.mean(lambda m: m.details.process.held[law, 3]).times(1 / MINOR_PER_MAJOR)}


def details_json(summary: Summary, law: int) -> dict[str, object]:
    """Return the details of one law as plain data; undefined numbers are null beside a reason."""
    causes: dict[str, dict[str, object]] = {cut: {} for cut in CUTS}
    for row in cause_rows(summary, law):
        causes[str(row["cut"])][str(row["cause"])] = {name: one.to_json() for name, one in row.items() if isinstance(one, Estimate)}
    mesh: dict[str, dict[str, object]] = {}
    for one in meshes(summary, law):
        mesh.setdefault(one.substance, {})[one.cut] = one.to_json()
    return {
        "causes": causes if any(causes.values()) else None,
        "mesh": mesh,
        "contacts": {name: one.to_json() for name, one in contacts(summary, law).items()},
        "classifier": {truth: {stage: _calls_json(summary, law, truth, stage) for stage in CALL_STAGES} for truth in TRUTHS},
        "process": {name: one.to_json() for name, one in process_readings(summary, law).items()} | {"backlog_by_day": backlog_by_day(summary, law)},
        "costs": {name: one.to_json() for name, one in costs(summary, law).items()},
    }


def _calls_json(summary: Summary, law: int, truth: str, stage: str) -> Row:
    names = ("true_positives", "false_positives", "false_negatives", "true_negatives")
    return {
        **{name: sum(one) for name, one in zip(names, counts_of_calls(summary, law, truth, stage), strict=True)},
        **{name: one.to_json() for name, one in call_readings(summary, law, truth, stage).items()},
        "false_positive_rate_by_role": {role: one.to_json() for role, one in false_positives_by_group(summary, law, truth, stage, "role").items()},
        "decision_curve": decision_rows(summary, law, truth, stage),
    }


def thinning(new: int | None, old: int | None) -> Fraction | None:
    """Return mesh under the law over mesh under the baseline: below 1 the net has thinned; None where either has none."""
    return Fraction(new, old) if new is not None and old else None
