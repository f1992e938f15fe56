"""Runs beside a comparison: exposure without police, and what a full report shows besides.

Level 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from decrimsim.alternatives import responses, strategies
from decrimsim.api import curve
from decrimsim.comparison import Comparison
from decrimsim.errors import InputError
from decrimsim.law import Law
from decrimsim.line_exposure import Exposure, live_without_police
from decrimsim.options import chosen_laws, process_count, settings_of
from decrimsim.parameter_draws import DRAW_PEOPLE, DRAW_REPLICATES
from decrimsim.progress import ProgressOption, begun, shown
from decrimsim.scenario import Scenario, load_scenario
from decrimsim.scenario.switched import working
from decrimsim.swap_rates import rate_changes, swap
from decrimsim.trials import SMALL_PEOPLE, SMALL_REPLICATES, contributions, sensitivity

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
    progress: ProgressOption = None,
) -> Exposure:
    """Let people live without police and say how often what they hold or buy is above each law's line, by reason. Options as in compare.

    >>> exposure("nsw", [], people=100, days=5, replicates=1, progress=False).data.laws
    ('nsw-deemed-supply',)
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    s = settings_of(scenario, people=people, days=days, replicates=replicates, seed=seed)
    chosen, workers = chosen_laws(scenario, laws), process_count(workers)
    with shown(progress, "living without police") as show:
        return live_without_police(scenario, chosen, people=s.people, days=s.days, replicates=s.replicates, seed=s.seed, workers=workers, progress=show)


def with_report_extras(comparison: Comparison, *, workers: int = 1, progress: ProgressOption = None) -> Comparison:
    """Return the comparison with what a full report shows besides.

    That is: the scenario's curve, the widest inputs, what each mechanism contributes, the answers that people might give to
    the law, the strategies by which police might work, exposure without police, swapped rates.
    """
    c, scenario, settings = comparison, comparison.scenario, comparison.scenario.curve
    extras: dict[str, Any] = {}
    small: dict[str, Any] = {"replicates": SMALL_REPLICATES, "workers": workers, "progress": progress}
    if settings is not None:
        run: dict[str, Any] = {"people": c.people, "days": c.days, "replicates": c.replicates, "seed": c.seed, "mode": c.mode}
        stage = begun(progress, f"curve of {settings.points} limits", c.replicates)
        extras["curve"] = curve(scenario, settings.path, settings.low, settings.high, settings.points, workers=workers, progress=stage, **run)
    if c.people and c.days:
        people = min(c.people, SMALL_PEOPLE)
        if len(c.laws) > 1:
            extras["sensitivity"], extras["contributions"] = sensitivity(c, **small), contributions(c, **small)
        run = {"people": people, "days": c.days, "seed": c.seed, "mode": c.mode, **small}
        candidates, works = cast(list[Law], list(c.laws[1:])), working(scenario)
        if "response" in works:
            extras["responses"] = responses(scenario, candidates, **run)
        if "strategy" in works:
            extras["strategies"] = strategies(scenario, candidates, **run)
        replicates = min(c.replicates, REPORT_REPLICATES)
        with shown(progress, "living without police", replicates) as show:
            lived = {"people": people, "days": c.days, "replicates": replicates, "seed": c.seed, "workers": workers, "progress": show}
            extras["exposed"] = live_without_police(scenario, c.laws, **lived)  # type: ignore[arg-type]
        extras["swaps"] = _swaps(c, min(c.people, DRAW_PEOPLE), workers, progress)
    return replace(c, **extras)


def _swaps(done: Comparison, people: int, workers: int, progress: ProgressOption) -> tuple[str, ...]:
    """Return a sentence for each group whose stop, caution or notice rates differ from those of the first of its axis."""
    replicates = min(done.replicates, DRAW_REPLICATES)
    options = {"people": people, "days": done.days, "replicates": replicates, "seed": done.seed, "mode": done.mode, "workers": workers}
    lines: list[str] = []
    for axis, shares in done.scenario.people.axes.items():
        try:
            rate_changes(done.scenario, axis, next(iter(shares)))
        except InputError:  # no rate differs along this axis, or a factor is not written
            continue
        stage = begun(progress, f"swapped rates of {axis.replace('_', ' ')}", replicates)
        lines += swap(done.scenario, [], axis=axis, progress=stage, **options).lines()  # type: ignore[arg-type]
    return tuple(lines)
