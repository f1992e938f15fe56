"""Shapes of plain data: what a node may look like, and every complaint about one that does not.

Level 2. A shape's ``check`` adds complaints to a list instead of stopping at the first one. Any node may be
dated: ``{dated: {"2001-07-01": X, "2023-10-01": Y}}`` is checked as X and as Y.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from decrimsim.errors import DecrimsimError, LawError, QuantityError, nearest, printable
from decrimsim.files import Path_
from decrimsim.law.words import ALIASES, LIFE_DAYS, SUBSTANCES, UNKNOWN
from decrimsim.units import parse_date, parse_quantity


@dataclass(frozen=True)
class Complaint:
    """What is wrong at a path, in the parts of a DecrimsimError."""

    path: Path_
    message: str
    got: object = None
    wanted: str = ""
    hint: str = ""
    kind: type[DecrimsimError] = LawError


Complaints = list[Complaint]


class Shape(ABC):
    """What a node may look like."""

    wanted = "a value"

    @abstractmethod
    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        """Add complaints about an undated value."""

    def check(self, value: Any, path: Path_, out: Complaints) -> None:
        """Add complaints about a value that may be dated."""
        if not is_dated(value):
            return self.inner(value, path, out)
        versions = value["dated"]
        if not isinstance(versions, dict) or not versions:
            return complain(out, (*path, "dated"), versions, 'versions by date, for example {"2001-07-01": ..., "2023-10-01": ...}')
        for day, version in versions.items():
            try:
                parse_date(day)
            except QuantityError as error:
                out.append(Complaint((*path, "dated", day), f"{printable(day)!r} is not a date.", day, error.wanted))
            if version is not None:
                self.check(version, (*path, "dated", day), out)
        if list(versions) != sorted(versions):
            complain(out, (*path, "dated"), ", ".join(map(str, versions)), "the earliest date first")
        return None


def is_dated(value: Any) -> bool:
    """Tell whether a node is a dated one."""
    return isinstance(value, dict) and set(value) == {"dated"}


def complain(out: Complaints, path: Path_, got: Any, wanted: str, hint: str = "") -> None:
    """Add the usual complaint: this was found, that was wanted."""
    shown = "nothing" if got is None else "a list" if isinstance(got, list) else "a mapping" if isinstance(got, dict) else repr(printable(got))
    out.append(Complaint(path, f"{shown} does not fit here.", got, wanted, hint))


@dataclass(frozen=True)
class Text(Shape):
    wanted: str = "a text"

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        if not isinstance(value, str) or not value.strip():
            complain(out, path, value, self.wanted)


@dataclass(frozen=True)
class Word(Shape):
    """One of a closed list of words."""

    words: Sequence[str] = ()

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        if not isinstance(value, str) or value not in self.words:
            complain(out, path, value, f"one of {', '.join(self.words)}", nearest(value, self.words) if isinstance(value, str) else "")


@dataclass(frozen=True)
class Slug(Shape):
    """A short name in lower case."""

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", value):
            complain(out, path, value, "a short name of lower-case letters, digits, '-' and '_'")


@dataclass(frozen=True)
class Substance(Shape):
    """A name of a substance: one of the list, or one of those that a law declares (also)."""

    also: tuple[str, ...] = ()

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        if not isinstance(value, str) or (ALIASES.get(value, value) not in SUBSTANCES and value not in self.also):
            hint = nearest(value, [*SUBSTANCES, *ALIASES, *self.also]) if isinstance(value, str) else ""
            out.append(Complaint(path, f"the substance {printable(value)!r} is not known.", value, "a substance name", hint))


@dataclass(frozen=True)
class Flag(Shape):
    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        if not isinstance(value, bool):
            complain(out, path, value, "true or false")


@dataclass(frozen=True)
class Number(Shape):
    least: float = 0
    most: float = 10**9
    whole: bool = True

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        kinds = int if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not self.least <= value <= self.most:
            complain(out, path, value, f"a {'whole ' if self.whole else ''}number from {self.least:g} to {self.most:g}")


@dataclass(frozen=True)
class Parsed(Shape):
    """A text that one of the parsers of decrimsim.units (or parse_prison_days) understands."""

    parse: Callable[[Any], Any] = parse_quantity

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        try:
            self.parse(value)
        except QuantityError as error:
            message = str(error).split(" Wanted ")[0]
            out.append(Complaint(path, message, error.got, error.wanted, error.hint))


@dataclass(frozen=True)
class OrUnknown(Shape):
    """A value of another shape, or the word 'unknown'."""

    known: Shape = field(default_factory=Text)

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        if value != UNKNOWN:
            self.known.inner(value, path, out)


@dataclass(frozen=True)
class ListOf(Shape):
    item: Shape = field(default_factory=Text)
    at_least: int = 0
    at_most: int = 100_000

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        if not isinstance(value, list) or len(value) < self.at_least:
            return complain(out, path, value, f"a list of at least {self.at_least}" if self.at_least else "a list")
        if len(value) > self.at_most:
            return complain(out, path, value, f"a list of at most {self.at_most}")
        for i, item in enumerate(value):
            self.item.check(item, (*path, i), out)
        return None


@dataclass(frozen=True)
class MapOf(Shape):
    """A mapping with free keys, all values of one shape."""

    value: Shape = field(default_factory=Text)
    substances: bool = False
    at_least: int = 0
    also: tuple[str, ...] = ()

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        if not isinstance(value, dict) or len(value) < self.at_least:
            return complain(out, path, value, f"a mapping with at least {self.at_least} entries" if self.at_least else "a mapping of names to values")
        for key, item in value.items():
            (Substance(self.also) if self.substances else Slug()).inner(key, (*path, key), out)
            self.value.check(item, (*path, key), out)
        return None


@dataclass(frozen=True)
class Keys(Shape):
    """A mapping with a closed list of keys."""

    keys: dict[str, Shape] = field(default_factory=dict)
    required: Sequence[str] = ()
    if_missing: dict[str, str] = field(default_factory=dict)
    """what to type for a required key that is missing"""

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        if not isinstance(value, dict):
            return complain(out, path, value, f"a mapping with the keys {', '.join(self.keys)}")
        for key, item in value.items():
            if key in self.keys:
                if item is None:
                    complain(out, (*path, key), None, self.keys[key].wanted, f"Leave the key {key!r} out if there is nothing to say")
                else:
                    self.keys[key].check(item, (*path, key), out)
            else:
                out.append(
                    Complaint((*path, key), f"the key {printable(key)!r} is not known here.", key, f"one of {', '.join(self.keys)}", nearest(key, self.keys))
                )
        for key in self.required:
            if key not in value:
                out.append(Complaint(path, f"the key {key!r} is missing.", None, f"the keys {', '.join(self.required)}", self.if_missing.get(key, "")))
        return None


@dataclass(frozen=True)
class Either(Shape):
    """A plain value of one shape, a list of another or a mapping of a third."""

    plain: Shape | None = None
    mapping: Shape | None = None
    listed: Shape | None = None

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        shape = self.mapping if isinstance(value, dict) else self.listed if isinstance(value, list) else self.plain
        if shape is None:
            return complain(
                out, path, value, " or ".join(n for n, s in (("a plain value", self.plain), ("a list", self.listed), ("a mapping", self.mapping)) if s)
            )
        return shape.inner(value, path, out)


@dataclass(frozen=True)
class Anything(Shape):
    """Plain data that is kept and not read (the value of a patch is checked after it is applied)."""

    def inner(self, value: Any, path: Path_, out: Complaints) -> None:
        return None


def knowing(shape: Any, names: tuple[str, ...]) -> Any:
    """Return a shape (or a mapping or list of shapes) that takes further names of substances wherever it takes one."""
    if isinstance(shape, dict):
        return {key: knowing(one, names) for key, one in shape.items()}
    if not names or not isinstance(shape, Shape):
        return shape
    parts = {one.name: knowing(getattr(shape, one.name), names) for one in fields(shape)}  # type: ignore[arg-type]
    if isinstance(shape, Substance) or (isinstance(shape, MapOf) and shape.substances):
        parts["also"] = (*shape.also, *names)
    return type(shape)(**parts)


def parse_prison_days(text: Any) -> int:
    """Return the days in '2 years', '10 months', '30 days', 'none' or 'life'. Raises QuantityError."""
    if text == "none":
        return 0
    if text == "life":
        return LIFE_DAYS
    found = re.fullmatch(r"(\d{1,3}) (day|month|year)s?", text) if isinstance(text, str) else None
    if not found:
        raise QuantityError(f"{printable(text)!r} is not a term of prison.", got=text, wanted="for example '2 years', '10 months', '30 days', 'none' or 'life'")
    number = int(found[1])
    return {"day": number, "month": round(number * 365 / 12), "year": number * 365}[found[2]]
