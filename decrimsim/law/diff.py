"""What differs between two laws: changed leaves by dotted path, and the days on which they differ.

Level 2. Amounts are compared as amounts: '1 g' and '1000 mg' are the same. Names, texts about the law and cases do not count.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from decrimsim.errors import LawError, NotInForce, QuantityError
from decrimsim.law.dated import change_days, check_force, resolve
from decrimsim.law.model import Law
from decrimsim.law.tables import expand
from decrimsim.units import parse_date, parse_quantity

TEXTS = ("id", "kind", "title", "summary", "cases", "schema")
ABSENT = "nothing"
REMARKS = ("note", "quote", "words", "not_read", "source", "title", "href", "confidence")
Leaves = dict[str, str]


@dataclass(frozen=True)
class Change:
    """One leaf that differs. ``since`` and ``until`` are days ("" where the difference has no beginning or no end)."""

    path: str
    before: str
    after: str
    since: str = ""
    until: str = ""

    @property
    def is_remark(self) -> bool:
        """Whether it is a note or a source and no rule: shown last."""
        return self.path.startswith("sources.") or self.path.rpartition(".")[2] in REMARKS

    def __str__(self) -> str:
        when = f"  (from {self.since}{f' to {self.until}' if self.until else ''})" if self.since else f"  (until {self.until})" if self.until else ""
        return f"{self.path}: {self.before} -> {self.after}{when}"


@dataclass(frozen=True)
class LawDiff:
    """All changed leaves between two laws, in the order of paths and days."""

    first: str
    second: str
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        head = f"{self.first} -> {self.second}: "
        if not self.changes:
            return head + "the rules are the same"
        rules, remarks = ([c for c in self.changes if c.is_remark is remark] for remark in (False, True))
        lines = [head + f"{len(rules)} rule{'s' if len(rules) != 1 else ''} changed", *(f"  {change}" for change in rules)]
        return "\n".join([*lines, *([" notes and sources"] if remarks else []), *(f"  {change}" for change in remarks)])

    def to_json(self) -> dict[str, object]:
        """Return the changes as plain data."""
        return {"first": self.first, "second": self.second, "changes": [vars(change) for change in self.changes]}


def law_diff(first: Law, second: Law, date: str | datetime.date | None = None) -> LawDiff:
    """Return the leaves in which two laws differ.

    date  compare the versions of one day; without it every day on which one of them changes is looked at, and a law
          whose version was chosen (portugal@2023-09-30) is that version on all of them

    Raises NotInForce if a law did not exist on the date.
    """
    if date is not None:
        day = parse_date(date, "date")
        for law in (first, second):
            check_force(law.raw, day)
        return LawDiff(f"{first.id} on {day}", f"{second.id} on {day}", tuple(_changed(_leaves_on(first, day), _leaves_on(second, day))))
    days = sorted({day for law in (first, second) if law.date is None for day in _days(law)})
    periods = [_period(first, second, start, days[i + 1] if i + 1 < len(days) else "") for i, start in enumerate(days)] if days else []
    found = _joined([change for period in periods for change in period]) if days else _changed(_leaves_of(first), _leaves_of(second))
    return LawDiff(_label(first), _label(second), tuple(found))


def _label(law: Law) -> str:
    return law.id if law.date is None else f"{law.id}@{law.date}"


def _days(law: Law) -> set[str]:
    """Return every day on which the rules of a law begin, change or end."""
    days = change_days({key: value for key, value in law.raw.items() if key not in TEXTS})
    if not days:
        return set()
    return days | {period["from"] for period in _periods(law)}


def _periods(law: Law) -> list[dict[str, Any]]:
    force = law.raw.get("force", [])
    return [period for period in force if isinstance(period, dict) and "from" in period] if isinstance(force, list) else []


def _period(first: Law, second: Law, start: str, end: str) -> list[Change]:
    """Return what differs from one day on, up to the day before another."""
    day = parse_date(start)
    a, b = (_leaves_of(law) if law.date is not None else _leaves_on(law, day) for law in (first, second))
    until = str(parse_date(end) - datetime.timedelta(days=1)) if end else ""
    if not a or not b:
        return [] if not a and not b else [Change("force", "not in force" if not a else "in force", "not in force" if not b else "in force", start, until)]
    return [Change(change.path, change.before, change.after, start, until) for change in _changed(a, b)]


def _joined(changes: list[Change]) -> list[Change]:
    """Return changes of which those that go on for several periods are one; a difference that is there from the first day on has no beginning."""
    done: list[Change] = []
    first_day = min((change.since for change in changes), default="")
    for change in sorted(changes, key=lambda c: (c.path, c.since)):
        last = done[-1] if done else None
        if last and (last.path, last.before, last.after) == (change.path, change.before, change.after) and _follows(last.until, change.since):
            done[-1] = Change(last.path, last.before, last.after, last.since, change.until)
        else:
            done.append(change)
    always = all(not change.until and change.since == first_day for change in done)
    return [Change(c.path, c.before, c.after) for c in done] if always else done


def _follows(until: str, since: str) -> bool:
    return bool(until) and parse_date(until) + datetime.timedelta(days=1) == parse_date(since)


def _leaves_on(law: Law, day: datetime.date) -> Leaves:
    """Return the leaves of the version of a day; none if the law did not exist."""
    try:
        check_force(law.raw, day)
        data = resolve(law.raw, day, where=law.id)
    except NotInForce:
        return {}
    data["tables"] = expand(data, [])
    return _flat(data)


def _leaves_of(law: Law) -> Leaves:
    """Return the leaves of a law as it stands."""
    return _flat(law.data)


def _changed(a: Leaves, b: Leaves) -> list[Change]:
    paths = [*a, *(path for path in b if path not in a)]
    return [Change(path, a.get(path, ABSENT), b.get(path, ABSENT)) for path in sorted(paths) if a.get(path, ABSENT) != b.get(path, ABSENT)]


def _flat(data: dict[str, Any]) -> Leaves:
    found: Leaves = {}
    for key, value in data.items():
        if key not in TEXTS:
            _flatten(value, key, found)
    return found


def _flatten(node: Any, path: str, found: Leaves) -> None:
    """Add the leaves below a node; a list of things with an id is addressed by it, a list of plain values is one leaf."""
    if isinstance(node, dict):
        for key, value in node.items():
            inside = path.startswith("tables.") and key == "limit"
            _flatten(value, path if inside else f"{path}.{key}", found)
    elif isinstance(node, list) and any(isinstance(item, dict | list) for item in node):
        for i, item in enumerate(node):
            name = item["id"] if isinstance(item, dict) and isinstance(item.get("id"), str) else str(i)
            _flatten({k: v for k, v in item.items() if k != "id"} if isinstance(item, dict) else item, f"{path}.{name}", found)
    elif isinstance(node, list):
        found[path] = ", ".join(_text(item, path) for item in node) or "an empty list"
    else:
        found[path] = _text(node, path)


def _text(value: Any, path: str) -> str:
    """Return a value as it is shown; amounts in one way of writing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and path.startswith("tables."):
        try:
            return str(parse_quantity(value))
        except (QuantityError, LawError):
            return value
    return str(value)
