"""Whom and what a law covers at all: the age of the person, and what must not be there.

Level 2. Part of the slow twin.
"""

from __future__ import annotations

from typing import Any

from decrimsim.law import facts as f

Data = dict[str, Any]
CONSEQUENCES = ("covered", "liability", "tier", "tables")
"""what an exception may change; what it merely says changes nothing"""


def outside_scope(data: Data, facts: f.Facts, trace: list[Data], unknowns: list[str]) -> bool:
    """Tell whether a case is outside the scope of a law, with a line for each thing that was asked.

    A fact that is not given is taken to be as the scope wants it: old enough, and nothing that excludes the case. Where an
    exception with a consequence that fits, or would fit if the fact were known, asks for the same fact, the exception says
    what follows and the scope is not asked.
    """
    outside = False
    source = data.get("scope", {}).get("source", "")
    for when, covers, fact in _conditions(data.get("scope", {})):
        if any(_decides_instead(one, when, facts) for one in data.get("exceptions", [])):
            continue
        answer = f.fits(when, facts)
        unknowns += f.missing(when, facts)
        how = "this is assumed, since it is not given" if answer is None else "which this case is" if answer else "which this case is not"
        trace.append({"rule": f"the law covers {covers}, {how}", "amount": fact, "limit": "", "passed": answer is False, "source": source})
        outside = outside or answer is False
    return outside


def _conditions(scope: Data) -> list[tuple[Data, str, str]]:
    """Return what a scope asks: a condition, in words what is covered, and the fact that is asked for."""
    found: list[tuple[Data, str, str]] = []
    if "min_age" in scope:
        found.append(({"min_age": scope["min_age"]}, f"persons of {scope['min_age']} years and over", "age"))
    for name in scope.get("not_if", []):
        found.append(({"conditions": {name: False}}, f"cases without {name.replace('_', ' ')}", name.replace("_", " ")))
    return found


def _decides_instead(exception: Data, condition: Data, facts: f.Facts) -> bool:
    """Tell whether an exception says what follows from the fact that a condition of the scope asks for."""
    when = exception["when"]
    asks = {"min_age", "max_age"} & set(when) if "min_age" in condition else set(condition["conditions"]) & set(when.get("conditions", {}))
    return bool(asks) and any(key in exception for key in CONSEQUENCES) and f.fits(when, facts) is not False
