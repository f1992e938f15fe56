"""How to get the same numbers again: one command with every setting that matters.

Level 6.
"""

from __future__ import annotations

import shlex
from typing import Any

from decrimsim.measures.summary import LawLike, Summary
from decrimsim.report.curve import CurveData

NOT_CHANGED = ("id", "kind", "sources", "cases")


def reproduce(summary: Summary, curve: CurveData | None = None) -> str:
    """Return the command that repeats the run on any computer with the same versions and files.

    Laws that the command line cannot make (a changed law that is not one change of the baseline) are told in a line of
    their own.
    """
    s = summary.settings
    settings = f"--people {s.people} --days {s.days} --replicates {s.replicates} --seed {s.seed} --mode {s.mode}"
    scenario = shlex.quote(summary.scenario.id)
    if curve is not None and curve.summary is summary:
        first, last = (shlex.quote(curve.points[end][0].replace(" ", "")) for end in (0, -1))
        return f"decrimsim curve {scenario} {shlex.quote(curve.path)} {first} {last} --points {len(curve.points)} {settings}"
    named: list[str] = []
    changed: list[str] = []
    notes: list[str] = []
    for key, law in zip(summary.keys, summary.laws, strict=True):
        changes = changes_of(summary.laws[summary.baseline], law)
        if law is summary.laws[summary.baseline]:
            continue
        if getattr(law, "kind", "") != "hypothetical":
            named.append(f"--law {shlex.quote(key)}")
        elif changes and not changed:
            changed = [f"--change {shlex.quote(f'{path}={value}')}" for path, value in changes.items()]
        else:
            notes.append(f"# {key} is a changed law: make it in Python, with load_law(...).patch(...), as its notes above say")
    return "\n".join([" ".join(["decrimsim compare", scenario, *named, *changed, settings]), *notes])


def changes_of(base: LawLike, law: LawLike) -> dict[str, Any]:
    """Return the changes that make the law out of the base, by dotted path; none if they cannot be told from the two laws."""
    old, new = getattr(base, "raw", None), getattr(law, "raw", None)
    patch = getattr(base, "patch", None)
    if not isinstance(old, dict) or not isinstance(new, dict) or patch is None:
        return {}
    changes = _differences({k: v for k, v in old.items() if k not in NOT_CHANGED}, {k: v for k, v in new.items() if k not in NOT_CHANGED})
    if not changes or not all(isinstance(value, str | bool | int) for value in changes.values()):
        return {}
    return changes if patch(changes).hash == law.hash else {}


def _differences(old: dict[str, Any], new: dict[str, Any], path: str = "") -> dict[str, Any]:
    """Return new values by dotted path, where they differ; None where a key is gone."""
    found: dict[str, Any] = {}
    for key in [*old, *(key for key in new if key not in old)]:
        here, a, b = f"{path}{key}", old.get(key), new.get(key)
        if isinstance(b, dict) and set(b) == {"limit", "source"} and b["source"] == "patch" and a != b:
            found[here] = b["limit"]
        elif isinstance(a, dict) and isinstance(b, dict):
            found |= _differences(a, b, f"{here}.")
        elif a != b:
            found[here] = b
    return found
