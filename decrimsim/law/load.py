"""Find and read law files.

Level 2.
"""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path
from typing import Any

from decrimsim.errors import FileError, InputError, LawError, nearest, printable
from decrimsim.files import is_file, read_document, read_head
from decrimsim.law.declared import names_of_changes
from decrimsim.law.inherit import inherited_cases
from decrimsim.law.model import Law, build_law, change, raise_complaints, refuse_schema
from decrimsim.law.schema import PATCH, SCHEMA
from decrimsim.law.shape import Complaints, knowing
from decrimsim.shipped import shipped_folder


def shipped_laws() -> list[str]:
    """Return the ids of the laws that come with decrimsim."""
    return sorted(_shipped_files())


def describe_shipped_laws() -> dict[str, tuple[str, str]]:
    """Return title and kind of every shipped law by its id: the head of each file only, which ``load_law`` would check as a whole."""
    heads = {name: read_head(path, ("title", "kind")) for name, path in sorted(_shipped_files().items())}
    return {name: (str(head["title"]), str(head["kind"])) for name, head in heads.items()}


def _shipped_files() -> dict[str, Path]:
    return {path.stem: path for path in (shipped_folder() / "laws").rglob("*.yaml")}


def load_law(name: str | Path) -> Law:
    """Return a law from its shipped name or its file; 'portugal@2023-09-30' is the version of that day.

    Raises FileError, LawError, or InputError with the nearest name.
    """
    text = str(name)
    head, at, date = text.rpartition("@") if "@" in Path(text).name else (text, "", "")
    law = _read(_find(head), ())
    return law.at(date) if at else law


def _find(name: str) -> Path:
    shipped = _shipped_files()
    if name in shipped:
        return shipped[name]
    path = Path(name)
    if is_file(path):
        return path
    if path.suffix in (".yaml", ".yml", ".json") or len(path.parts) > 1:
        raise FileError("there is no such file.", where=printable(name, 200), hint="'decrimsim list' shows the shipped scenarios and laws")
    raise InputError(f"there is no shipped law {printable(name)!r}.", where="law", got=name, wanted="a shipped name or a file", hint=nearest(name, shipped))


def _read(path: Path, above: tuple[Path, ...]) -> Law:
    document = read_document(path)
    refuse_schema(document.data, document, SCHEMA)
    if isinstance(document.data, dict) and "based_on" in document.data:
        return _read_patch(document.data, path, document, above)
    return build_law(document.data, document=document)


def _read_patch(raw: dict[str, Any], path: Path, document: Any, above: tuple[Path, ...]) -> Law:
    """Return the law that a patch file makes from the law it is based on."""
    out: Complaints = []
    base = _base(raw["based_on"], path, document, above) if isinstance(raw["based_on"], str) else None
    names = (*(base.declared if base else ()), *names_of_changes(raw.get("changes")))
    knowing(PATCH, names).check(raw, (), out)
    raise_complaints(out, document, str(raw.get("id", "law")))
    assert base is not None
    merged = copy.deepcopy(base.raw)
    merged["sources"] = {**merged["sources"], **raw.get("sources", {})}
    notes: tuple[str, ...] = ()
    for i, item in enumerate(raw["changes"]):
        source = item.get("source", "reform")
        merged["sources"].setdefault("reform", {"title": f"{raw['title']} (a proposal, not a source)", "href": "none", "confidence": "low"})
        try:
            merged, more = change(merged, None, {item["path"]: item["to"]}, source)
        except InputError as error:
            raise LawError(str(error).removeprefix("patch: "), where=document.where(("changes", i, "path")), got=item["path"]) from None
        notes = (*notes, *more)
    keeps_force = raw["kind"] not in ("proposal", "hypothetical")
    inherited = inherited_cases(base.id, merged["cases"], raw.get("changed_cases", []), keeps_force, out)
    raise_complaints(out, document, raw["id"])
    for key in ("id", "kind", "title", "summary", "jurisdiction"):
        merged[key] = raw.get(key, merged[key])
    merged["cases"] = [*raw["cases"], *inherited]
    if not keeps_force:
        merged.pop("force", None)
    try:
        law = build_law(merged, notes=notes)
    except LawError as error:
        raise type(error)(str(error), where=document.name, got=error.got) from None
    return dataclasses.replace(law, notes=(f"based on {base.id}", *(f"{c['path']}: {c['reason']}" for c in raw["changes"]), *law.notes))


def _base(name: str, path: Path, document: Any, above: tuple[Path, ...]) -> Law:
    base_path = _find_base(name, path, document)
    if base_path.resolve() in (*above, path.resolve()):
        raise LawError("the law is based on itself.", where=document.where(("based_on",)), got=name, wanted="another law")
    return _read(base_path, (*above, path.resolve()))


def _find_base(name: str, path: Path, document: Any) -> Path:
    shipped = _shipped_files()
    beside = path.parent / f"{name}.yaml"
    if beside.is_file() and Path(name).name == name:
        return beside
    if name in shipped:
        return shipped[name]
    head, at, _ = name.rpartition("@")
    if at and (head in shipped or (path.parent / f"{head}.yaml").is_file()):
        raise LawError(
            f"{printable(name)!r} has a date, and a patch file is based on a law with all its dates.",
            where=document.where(("based_on",)),
            got=name,
            wanted=f"'based_on: {head}'",
            hint=f"To compare with the version of that day, name it where laws are compared: --law {printable(name)}",
        )
    raise LawError(
        f"there is no law {printable(name)!r} to base this one on.",
        where=document.where(("based_on",)),
        got=name,
        wanted="a shipped law or a file beside this one",
        hint=nearest(name, shipped),
    )
