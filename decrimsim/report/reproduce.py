"""How to get the same numbers again: one command with every setting that matters.

Level 6.
"""

from __future__ import annotations

import shlex
from typing import Any

from decrimsim.law import load_law, shipped_laws
from decrimsim.measures.summary import LawLike, Summary
from decrimsim.report.curve import CurveData
from decrimsim.report.versions import scenario_digest
from decrimsim.scenario import load_scenario, shipped_scenarios


def reproduce(summary: Summary, curve: CurveData | None = None) -> str:
    """Return the command that repeats the run on any computer with the same versions and files.

    Laws that the command line cannot make (a changed law that is not one change of the baseline) are told in a line of
    their own.
    """
    s = summary.settings
    settings = f"--people {s.people} --days {s.days} --replicates {s.replicates} --seed {s.seed} --mode {s.mode}"
    scenario, remarks = _scenario(summary)
    if curve is not None and curve.summary is summary:
        first, last = (shlex.quote(curve.points[end][0].replace(" ", "")) for end in (0, -1))
        return "\n".join([f"decrimsim curve {scenario} {shlex.quote(curve.path)} {first} {last} --points {len(curve.points)} {settings}", *remarks])
    named: list[str] = []
    changed: list[str] = []
    baseline = summary.laws[summary.baseline]
    for key, law in zip(summary.keys, summary.laws, strict=True):
        changes = dict(getattr(law, "changed", ()))
        if law is baseline:
            continue
        if _is_shipped(key, law):
            named.append(f"--law {shlex.quote(key)}")
        elif changes and not changed and _is_changed(baseline, changes, law):
            changed = [f"--change {shlex.quote(f'{path}={value}')}" for path, value in changes.items()]
        elif changes:
            listed = ", ".join(f"{path} = {value}" for path, value in changes.items())
            remarks.append(f"# {key} is a changed law: in Python, load_law(...).patch(...) with {listed}")
        else:
            named.append(f"--law {shlex.quote(f'{law.id}.yaml')}")
            remarks.append(f"# {law.id}.yaml stands for your law file {law.id!r}; the hash of its rules is below")
    return "\n".join([" ".join(["decrimsim compare", scenario, *named, *changed, settings]), *remarks])


def _scenario(summary: Summary) -> tuple[str, list[str]]:
    """Return the scenario as it is named on the command line, and a remark where it is not a shipped one."""
    scenario = summary.scenario
    if scenario.id in shipped_scenarios() and scenario_digest(load_scenario(scenario.id)) == scenario_digest(scenario):
        return shlex.quote(scenario.id), []
    return shlex.quote(f"{scenario.id}.yaml"), [f"# {scenario.id}.yaml stands for your scenario file {scenario.id!r}; its hash is below"]


def _is_shipped(key: str, law: LawLike) -> bool:
    """Tell whether the law is the shipped one of that name (and date)."""
    return law.id in shipped_laws() and load_law(key).hash == law.hash


def _is_changed(base: LawLike, changes: dict[str, Any], law: LawLike) -> bool:
    """Tell whether the law is the base with these changes."""
    patch = getattr(base, "patch", None)
    return patch is not None and patch(changes).hash == law.hash
