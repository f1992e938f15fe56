"""The cases of a law that a patch inherits, and those whose answer it changes on purpose.

Level 2.
"""

from __future__ import annotations

from typing import Any

from decrimsim.errors import nearest
from decrimsim.law.shape import Complaint, Complaints, complain

Case = dict[str, Any]


def inherited_cases(base: str, cases: list[Case], changed: list[dict[str, Any]], keeps_force: bool, out: Complaints) -> list[Case]:
    """Return the cases of a base as a patch has them, each marked with whose it is.

    base         id of the law whose cases they are (a case that it has inherited itself keeps its own mark)
    changed      entries of ``changed_cases``: which cases (by ``names``, or all that expect what ``where`` says) and what they expect now
    keeps_force  False for a proposal, which has no periods: cases that say when the base is in force are left out
    """
    expected: list[Case] = [dict(case["expect"]) for case in cases]
    for i, entry in enumerate(changed):
        for n in _chosen(cases, entry, ("changed_cases", i), out):
            expected[n] |= entry["expect"]
    return [
        {**case, "expect": new, "from_law": case.get("from_law", base)}
        for case, new in zip(cases, expected, strict=True)
        if keeps_force or "error" not in case["expect"]
    ]


def _chosen(cases: list[Case], entry: dict[str, Any], path: tuple[str | int, ...], out: Complaints) -> list[int]:
    """Return the numbers of the cases that one entry changes; complain about a name of no case and about an entry that changes nothing."""
    if ("names" in entry) == ("where" in entry):
        complain(out, path, None, "either 'names' of cases, or 'where' with what they expect in the law this one is based on")
        return []
    if "where" in entry:
        chosen = [n for n, case in enumerate(cases) if all(case["expect"].get(key) == value for key, value in entry["where"].items())]
    else:
        known = [case["name"] for case in cases]
        for k, name in enumerate(entry["names"]):
            if name not in known:
                complain(out, (*path, "names", k), name, "the name of a case of the law that this one is based on", nearest(name, known))
        chosen = [n for n, case in enumerate(cases) if case["name"] in entry["names"]]
    moved = [n for n in chosen if any(cases[n]["expect"].get(key) != value for key, value in entry["expect"].items())]
    if not moved and not out:
        out.append(Complaint((*path, "expect"), "no case expects anything else than before.", entry["expect"], "a case whose answer the patch changes"))
    return moved
