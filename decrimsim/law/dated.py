"""Resolve dated nodes: the one version of a law that holds on a day.

Level 2. Dates come from files and arguments, never from the clock.
"""

from __future__ import annotations

import datetime
from typing import Any

from decrimsim.errors import NotInForce
from decrimsim.law.shape import is_dated


def resolve(node: Any, date: datetime.date | None, path: tuple[str | int, ...] = (), where: str = "") -> Any:
    """Return the plain data that holds on a day (None: the newest version of every node).

    Raises NotInForce for a node whose first version is later than the day.
    """
    if is_dated(node):
        versions = node["dated"]
        starts = [day for day in versions if date is None or day <= date.isoformat()]
        if not starts:
            first = min(versions)
            dotted = ".".join(map(str, path))
            raise NotInForce(
                f"this rule begins on {first}; on {date} there was none.",
                where=f"{where}: {dotted}" if where else dotted,
                got=str(date),
                wanted=f"{first} or a later day",
            )
        return resolve(versions[max(starts)], date, path, where)
    if isinstance(node, dict):
        found = {key: resolve(value, date, (*path, key), where) for key, value in node.items()}
        return {key: value for key, value in found.items() if value is not None}
    if isinstance(node, list):
        return [item for item in (resolve(value, date, (*path, i), where) for i, value in enumerate(node)) if item is not None]
    return node


def change_days(node: Any) -> set[str]:
    """Return every day, as text, on which some node of a law changes."""
    if is_dated(node):
        return set(node["dated"]) | {day for version in node["dated"].values() for day in change_days(version)}
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return {day for child in children for day in change_days(child)}


def check_force(data: dict[str, Any], date: datetime.date) -> None:
    """Raise NotInForce unless the law as a whole was in force on a day. A proposal has no periods and no such day."""
    periods = data.get("force", [])
    day = date.isoformat()
    if any(p["state"] == "annulled" and p.get("annulled") == "ex_tunc" for p in periods):
        raise NotInForce("this law was annulled as if it had never been valid.", where=data["id"], got=day, wanted="no day: it was in force on none")
    covering = [p for p in periods if p["from"] <= day and day <= p.get("to", "9999-12-31")]
    if not periods or any(p["state"] in ("in_force", "proposal", "hypothetical") for p in covering):
        return
    spans = ", ".join(f"{p['from']} to {p.get('to', 'now')} ({p['state']})" for p in periods)
    raise NotInForce(
        f"this law was not in force on {day}.",
        where=data["id"],
        got=day,
        wanted=f"a day in its periods: {spans}",
        hint=f"Write for example '{data['id']}@{periods[0]['from']}'",
    )
