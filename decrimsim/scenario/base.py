"""Worlds based on other worlds: a file with only what differs becomes whole data, and what it takes over says so.

Level 3. Sections merge key by key. A parameter, a source, a list and a group of shares that must add up to 1 are
replaced whole; ``null`` leaves an entry of the base out, and ``mechanisms: own`` every optional section that the file
does not name. What a world is (id, title, question, summary, period) is never taken over. A number that is taken over
was not measured here: grade A becomes B, and its note names the world it comes from.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PureWindowsPath
from typing import Any

from decrimsim.errors import DecrimsimError, ScenarioError, nearest, printable
from decrimsim.files import Document, Path_, read_document
from decrimsim.scenario.find import is_bare_name, scenario_path, shipped_scenarios
from decrimsim.scenario.shape import is_optional_section

MAX_DEPTH = 8
ENDINGS = (".yaml", ".yml", ".json")
KEY, MECHANISMS = "based_on", "mechanisms"
_OWN = ("schema", KEY, MECHANISMS, "id", "title", "question", "summary", "period")
"""Keys that say what a world is."""
_WHOLE: tuple[tuple[str | None, ...], ...] = (
    ("people", "axes", None),
    ("people", "circle_size"),
    ("substances", None, "forms"),
    ("substances", None, "types"),
    ("sources", None),
)
"""Paths of what is replaced whole; None stands for any name."""
_MARK = re.compile(r" ?\[borrowed from ([a-z0-9-]+)\]\Z")


@dataclass(frozen=True)
class Merged:
    """Plain data of a world with all it takes over, and the file that each part of it stands in."""

    data: Any
    document: Document
    places: dict[Path_, Document] = field(repr=False)

    def where(self, path: Path_) -> str:
        """Return 'file:line:column: dotted.path' for a path or its nearest known parent; for what is taken over, in the file it comes from."""
        known = path
        while known not in self.places and known:
            known = known[:-1]
        home = self.places.get(known, self.document)
        return home.where(path) + ("" if home is self.document else f" (taken over by {self.document.name})")


def with_base(document: Document, path: Path | None = None) -> Merged:
    """Return a document together with all that it takes over from the world it is based on, and that from the next.

    path  the file that the document was read from; without it only shipped worlds can be a base
    Raises ScenarioError.
    """
    return _with_base(document, path, path.parent.resolve() if path else None, ())


def borrowed_from(note: str) -> str:
    """Return the world that a parameter with this note was taken over from, or nothing.

    >>> borrowed_from("Assumed: a guess [borrowed from nsw]")
    'nsw'
    """
    found = _MARK.search(note)
    return found[1] if found else ""


def _with_base(document: Document, path: Path | None, root: Path | None, above: tuple[Path, ...]) -> Merged:
    data = document.data
    if not isinstance(data, dict) or KEY not in data:
        return Merged(data, document, dict.fromkeys(document.places, document))
    place = document.where((KEY,))
    base_path, base_root = _base_path(data[KEY], place, path, root)
    chain = (*above, path.resolve()) if path else above
    if base_path in chain:
        raise ScenarioError("the scenario is based on itself.", where=place, got=data[KEY], wanted="another scenario")
    if len(chain) > MAX_DEPTH:
        raise ScenarioError("scenarios are based on each other too deeply.", where=place, wanted=f"at most {MAX_DEPTH} steps from a file to its base")
    stat = base_path.stat()
    base = _with_base(_read(base_path, stat.st_mtime_ns, stat.st_size), base_path, base_root, chain)
    if not isinstance(base.data, dict):
        raise ScenarioError("the base is not a scenario: it has no keys and values.", where=place, got=data[KEY])
    return _Merge(document, base).merged()


@lru_cache(maxsize=16)
def _read(path: Path, mtime_ns: int, size: int) -> Document:
    """Return a base; read again only when the file has changed. Nobody writes into its data."""
    return read_document(path)


def _base_path(name: Any, place: str, path: Path | None, root: Path | None) -> tuple[Path, Path]:
    """Return the resolved file of a base, and the folder that its own bases must stay in."""
    wanted = f"a shipped name, for example '{shipped_scenarios()[0]}', or a file in the same folder or below it, for example 'base.yaml'"
    if not isinstance(name, str):
        raise ScenarioError("this is not the name of a scenario.", where=place, got=name, wanted=wanted)
    if is_bare_name(name):
        try:
            found = scenario_path(name).resolve()
        except DecrimsimError:
            hint = f"A file needs its ending: '{name}.yaml'" if path and (path.parent / f"{name}.yaml").is_file() else nearest(name, shipped_scenarios())
            raise ScenarioError(f"there is no shipped scenario {name!r} to base this one on.", where=place, got=name, wanted=wanted, hint=hint) from None
        return found, found.parent
    shown = printable(repr(name))
    parts = PureWindowsPath(name)
    if Path(name).is_absolute() or parts.drive or parts.root or ".." in parts.parts or ":" in name:
        raise ScenarioError(f"the path {shown} leaves the folder of this file.", where=place, got=name, wanted=wanted)
    if parts.suffix not in ENDINGS:
        raise ScenarioError(f"{shown} does not end in {', '.join(ENDINGS)}.", where=place, got=name, wanted=wanted)
    if path is None or root is None:
        raise ScenarioError("a text without a file can only be based on a shipped scenario.", where=place, got=name, hint=nearest(name, shipped_scenarios()))
    try:
        found = (path.parent / name).resolve()
        is_there = found.is_file()
    except (OSError, ValueError, RuntimeError):
        raise ScenarioError(f"the path {shown} cannot be used.", where=place, got=name, wanted=wanted) from None
    if not found.is_relative_to(root):
        raise ScenarioError(f"the path {shown} leaves the folder of this file.", where=place, got=name, wanted=wanted)
    if not is_there:
        raise ScenarioError(f"there is no file {shown} beside this one.", where=place, got=name, wanted=wanted)
    return found, root


class _Merge:
    """One document laid over its base."""

    def __init__(self, document: Document, base: Merged) -> None:
        self.document, self.base = document, base
        self.replaced: set[Path_] = set()
        """paths of the base of which nothing is left"""
        self.base_name = _name(base)

    def merged(self) -> Merged:
        """Return the whole. Raises ScenarioError."""
        old = {key: value for key, value in self.base.data.items() if key not in _OWN}
        new = {key: value for key, value in self.document.data.items() if key not in (KEY, MECHANISMS)}
        if self._has_own_mechanisms():
            old = self._without_mechanisms(old, new, ())
        self._refuse_other_money(old, new)
        data = self._merge(old, new, ())
        self._forget_sources(data, new)
        kept = {path: home for path, home in self.base.places.items() if not self._is_gone(path)}
        return Merged(data, self.document, kept | dict.fromkeys(self.document.places, self.document))

    def _has_own_mechanisms(self) -> bool:
        chosen = self.document.data.get(MECHANISMS, "all")
        if chosen not in ("all", "own"):
            raise ScenarioError(
                "this is not possible.",
                where=self.document.where((MECHANISMS,)),
                got=chosen,
                wanted="'all' (optional sections of the base are taken over) or 'own' (only those that this file names)",
            )
        return bool(chosen == "own")

    def _without_mechanisms(self, old: dict[str, Any], new: Any, path: Path_) -> dict[str, Any]:
        """Return data of the base without the optional sections, and the switches, that the file does not name."""
        out: dict[str, Any] = {}
        for key, value in old.items():
            here, is_named = (*path, key), isinstance(new, dict) and key in new
            if not is_named and (is_optional_section(here) or here == ("switches",)):
                self.replaced.add(here)
            else:
                out[key] = self._without_mechanisms(value, new[key] if is_named else None, here) if _is_section(value) else value
        return out

    def _merge(self, old: dict[str, Any], new: dict[str, Any], path: Path_) -> dict[str, Any]:
        out = {key: _borrowed(value, self.base_name) for key, value in old.items() if key not in new}
        for key, value in new.items():
            here = (*path, key)
            if value is None and key not in old:
                raise ScenarioError(f"the base has no {printable(key)!r} to leave out.", where=self.document.where(here), got=None, hint=nearest(key, old))
            if _is_section(value) and _is_section(old.get(key)) and not _is_whole(here):
                out[key] = self._merge(old[key], value, here)
                continue
            self.replaced.add(here)
            if value is not None:
                out[key] = copy.deepcopy(value)
        return {key: out[key] for key in dict.fromkeys([*old, *new]) if key in out}

    def _is_gone(self, path: Path_) -> bool:
        return path[:1] in {(key,) for key in _OWN} or any(path[: i + 1] in self.replaced for i in range(len(path)))

    def _refuse_other_money(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Raise ScenarioError where prices would be taken over into another currency."""
        before, now = old.get("currency"), new.get("currency", old.get("currency"))
        if before == now:
            return
        left = [".".join(map(str, path)) for path, value in _parameters(old, ()) if value.get("unit") == "money" and not _is_given(new, path)]
        if left:
            raise ScenarioError(
                f"the prices and costs of {self.base_name} are in {before} and are not converted.",
                where=self.document.where(("currency",)),
                got=now,
                wanted=f"these {len(left)} parameters in {now}: {', '.join(left)}",
            )

    def _forget_sources(self, data: dict[str, Any], new: dict[str, Any]) -> None:
        """Leave out, in place, the sources that were taken over and that no parameter names any more."""
        used = {value.get("source") for _, value in _parameters(data, ())}
        own = new.get("sources")
        if isinstance(data.get("sources"), dict):
            data["sources"] = {key: value for key, value in data["sources"].items() if key in used or (isinstance(own, dict) and key in own)}


def _name(base: Merged) -> str:
    """Return what a world is called in the notes of those that take over from it."""
    name = base.data.get("id")
    return name if isinstance(name, str) and re.fullmatch(r"[a-z0-9-]+", name) else "another-file"


def _is_section(value: Any) -> bool:
    return isinstance(value, dict) and "value" not in value


def _is_whole(path: Path_) -> bool:
    return any(len(path) == len(whole) and all(want in (None, part) for part, want in zip(path, whole, strict=True)) for whole in _WHOLE)


def _is_given(new: Any, path: Path_) -> bool:
    """Tell whether a file writes the parameter at a path, or leaves out or replaces something that holds it."""
    for i, part in enumerate(path):
        if not isinstance(new, dict) or part not in new:
            return not isinstance(new, dict)
        new = new[part]
        if new is None or _is_whole(path[: i + 1]):
            return True
    return True


def _parameters(data: Any, path: Path_) -> Iterator[tuple[Path_, dict[str, Any]]]:
    """Yield every parameter of plain data with its path."""
    if isinstance(data, dict) and "value" in data:
        yield path, data
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _parameters(value, (*path, key))


def _borrowed(value: Any, world: str) -> Any:
    """Return a copy of plain data in which every parameter says where it was taken over from."""
    if isinstance(value, list):
        return [_borrowed(child, world) for child in value]
    if not isinstance(value, dict):
        return value
    if "value" not in value:
        return {key: _borrowed(child, world) for key, child in value.items()}
    out, note = copy.deepcopy(value), value.get("note", "")
    if isinstance(note, str) and not borrowed_from(note):
        out["note"] = f"{note} [borrowed from {world}]".lstrip()
    if value.get("grade") == "A":
        out["grade"] = "B"
    return out
