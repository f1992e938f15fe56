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
    new = {id(case): {} for case in cases}
    for i, entry in enumerate(changed):
        for case in _chosen(cases, entry, ("changed_cases", i), out):
            new[id(case)] |= entry["expect"]
    kept = [case for case in cases if keeps_force or "error" not in case["expect"]]
    return [{**case, "expect": {**case["expect"], **new[id(case)]}, "from_law": case.get("from_law", base)} for case in kept]


def _chosen(cases: list[Case], entry: dict[str, Any], path: tuple[str | int, ...], out: Complaints) -> list[Case]:
    """Return the cases that one entry changes; complain about a name of no case and about an entry that changes nothing."""
    if ("names" in entry) == ("where" in entry):
        complain(out, path, None, "either 'names' of cases, or 'where' with what they expect in the law this one is based on")
        return []
    if "where" in entry:
        chosen = [case for case in cases if all(case["expect"].get(key) == value for key, value in entry["where"].items())]
    else:
        known = [case["name"] for case in cases]
        for k, name in enumerate(entry["names"]):
            if name not in known:
                complain(out, (*path, "names", k), name, "the name of a case of the law that this one is based on", nearest(name, known))
        chosen = [case for case in cases if case["name"] in entry["names"]]
    moved = [case for case in chosen if any(case["expect"].get(key) != value for key, value in entry["expect"].items())]
    if not moved and not out:
        out.append(Complaint((*path, "expect"), "no case expects anything else than before.", entry["expect"], "a case whose answer the patch changes"))
    return moved
