"""Runs beside a comparison: exposure without police, and what a full report shows besides.

Level 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from decrimsim import api
from decrimsim.comparison import Comparison
from decrimsim.errors import InputError
from decrimsim.law import Law
from decrimsim.line_exposure import Exposure, live_without_police
from decrimsim.scenario import Scenario, load_scenario
from decrimsim.swap_rates import rate_changes, swap

REPORT_REPLICATES = 2


def exposure(
    scenario: Scenario | str | Path,
    laws: Sequence[Law | str] | None = None,
    *,
    people: int | None = None,
    days: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    progress: api.ProgressOption = None,
) -> Exposure:
    """Let people live without police and say how often what they hold or buy is above each law's line, by reason. Options as in compare.

    >>> exposure("nsw", [], people=100, days=5, replicates=1, progress=False).data.laws
    ('nsw-deemed-supply',)
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    run = scenario.run
    chosen = api._laws(scenario, laws)
    options = {
        "people": api._whole("people", run.people if people is None else people, 0, 100_000_000),
        "days": api._whole("days", run.days if days is None else days, 0, 1_000_000),
        "replicates": api._whole("replicates", run.replicates if replicates is None else replicates, 1, 100_000),
        "seed": api._whole("seed", run.seed if seed is None else seed, 0, 2**63 - 1),
        "workers": api._whole("workers", workers, 1, 1_024),
    }
    with api._shown(progress, "living without police") as show:
        return live_without_police(scenario, chosen, progress=show, **options)


def with_report_extras(comparison: Comparison, *, workers: int = 1, progress: api.ProgressOption = None) -> Comparison:
    """Return the comparison with what a full report shows besides: the curve, the widest inputs, exposure without police, swapped rates."""
    done = api.with_report_extras(comparison, workers=workers, progress=progress)
    if not (done.people and done.days):
        return done
    people, replicates = min(done.people, api.SMALL_PEOPLE), min(done.replicates, REPORT_REPLICATES)
    exposed = live_without_police(done.scenario, done.laws, people=people, days=done.days, replicates=replicates, seed=done.seed, workers=workers)
    return replace(done, exposed=exposed, swaps=_swaps(done, people, workers, progress))


def _swaps(done: Comparison, people: int, workers: int, progress: api.ProgressOption) -> tuple[str, ...]:
    """Return a sentence for each group whose stop, caution or notice rates differ from those of the first of its axis."""
    replicates = min(done.replicates, api.SMALL_REPLICATES)
    options = {"people": people, "days": done.days, "replicates": replicates, "seed": done.seed, "mode": done.mode, "workers": workers, "progress": progress}
    lines: list[str] = []
    for axis, shares in done.scenario.people.axes.items():
        try:
            rate_changes(done.scenario, axis, next(iter(shares)))
        except InputError:  # no rate differs along this axis, or a factor is not written
            continue
        lines += swap(done.scenario, [], axis=axis, **options).lines()  # type: ignore[arg-type]
    return tuple(lines)
