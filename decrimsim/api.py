"""The front door: load a scenario and laws, compare them, draw a curve.

Level 7.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from decrimsim.comparison import Comparison, Curve
from decrimsim.curve_points import check_curve, curve_points
from decrimsim.engine import make_setup
from decrimsim.experiment import Job, run_experiment, run_until
from decrimsim.law import Law, load_law
from decrimsim.measures.stopping import Precision
from decrimsim.options import chosen_laws, process_count, settings_of
from decrimsim.progress import ProgressOption, shown
from decrimsim.scenario import Scenario, load_scenario, with_switches
from decrimsim.scenario.model import Mode


def load(name_or_path: str | Path) -> Scenario:
    """Return a shipped scenario by name, or the scenario in a file."""
    return load_scenario(name_or_path)


def compare(
    scenario: Scenario | str | Path,
    laws: Sequence[Law | str] | None = None,
    *,
    people: int | None = None,
    days: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    mode: Mode | None = None,
    progress: ProgressOption = None,
    keep_tables: bool = True,
    switches: Mapping[str, bool] | None = None,
    until: Precision | None = None,
) -> Comparison:
    """Let the same people live with the same luck under the scenario's own law and under others, and compare.

    scenario     a scenario, a shipped name or a path
    laws         candidate laws, names or paths; the scenario's candidates when None
    people       simulated people in each replicate; this and the next four: the scenario's settings when None
    days         days in which encounters happen; cases are followed to their end
    replicates   how often the whole is repeated, with new people and new luck
    seed         0 .. 2**63 - 1; the same seed gives the same results
    mode         "closed": custody, seizure and services change what people do next; "open": no consequence changes what people do (records still count)
    workers      processes; the results are the same for any number
    progress     True, False, a function of (done, of), or None for a bar on a terminal
    keep_tables  keep every encounter, finding, case and decision, for saving; without, only measures are kept
    switches     mechanisms to turn on or off, by name ('decrimsim show' lists them); the others as in the scenario
    until        go on with more replicates until intervals are this narrow; replicates is then the least

    >>> compare("nsw", ["gold-standard"], people=200, days=30, replicates=2).laws[1].id
    'gold-standard'
    """
    scenario = with_switches(scenario if isinstance(scenario, Scenario) else load_scenario(scenario), switches or {})
    settings = settings_of(scenario, people=people, days=days, replicates=replicates, seed=seed, mode=mode)
    workers = process_count(workers)
    chosen = chosen_laws(scenario, laws)
    began = time.perf_counter()
    job = Job(make_setup(scenario, chosen, days=settings.days, seed=settings.seed, mode=settings.mode), settings.people, keep_tables)
    with shown(progress, "simulating", settings.replicates) as show:
        if until is None:
            measures, tables = run_experiment(job, range(settings.replicates), workers=workers, progress=show)
        else:
            measures, tables = run_until(job, settings.replicates, until, workers=workers, progress=show)
    return Comparison(
        scenario=scenario,
        laws=tuple(chosen),
        measures=tuple(measures),
        people=settings.people,
        days=settings.days,
        replicates=len(measures),
        seed=settings.seed,
        mode=settings.mode,
        tables=tuple(tables) if keep_tables else None,
        elapsed=time.perf_counter() - began,
    )


def curve(
    scenario: Scenario | str | Path,
    path: str,
    low: str,
    high: str,
    points: int = 40,
    *,
    people: int | None = None,
    days: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    mode: Mode | None = None,
    progress: ProgressOption = None,
    law: Law | str | None = None,
    switches: Mapping[str, bool] | None = None,
) -> Curve:
    """Move one limit of a law from low to high, all points in one pass on the same people and luck.

    path    dotted path of a limit in the law file, such as 'tables.traffickable.mdma', or of a whole number from which the law makes
            its limits, such as 'parameters.days.value' (how many days' amount)
    law     the law whose limit moves; the scenario's baseline, with which all points are compared, when None
    low     first and
    high    last amount, such as '0.25 g' and '10 g', or '1 day' and '60 days'; points lie at equal ratios between, whole micrograms or units
    points  2 to 1,000; points that fall on the same amount are one
    Other options as in compare.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    moved = law if isinstance(law, Law) else load_law(law or scenario.baseline)
    places = curve_points(moved, path, low, high, points)
    laws = [moved.patch({path: place.value}).named(f"{path} {place.text}") for place in places]
    comparison = compare(
        scenario,
        laws,
        people=people,
        days=days,
        replicates=replicates,
        seed=seed,
        workers=workers,
        mode=mode,
        progress=progress,
        keep_tables=False,
        switches=switches,
    )
    return Curve(comparison=comparison, path=path, points=[(place.text, place.amount) for place in places])


def refuse_other_run(
    folder: str | Path,
    scenario: Scenario,
    laws: Sequence[Law | str] | None = None,
    *,
    people: int | None,
    days: int | None,
    replicates: int | None,
    seed: int | None,
    mode: Mode | None,
) -> None:
    """Raise InputError, before anything is simulated, if the results of compare() with these options could not be saved in a folder.

    It holds the results of something else, it cannot be written, or the scenario's curve for the report cannot be drawn.
    """
    from decrimsim.export import identity
    from decrimsim.export import refuse_other_run as refuse

    settings = settings_of(scenario, people=people, days=days, replicates=replicates, seed=seed, mode=mode)
    refuse(folder, identity(scenario, chosen_laws(scenario, laws), settings))
    check_curve(scenario)
