"""The scenario and the laws of a saved run: read from its folder, and held against the hashes in its manifest.

Level 7. Folders of older versions hold neither; then a shipped one, or one that the caller gives, is taken if its hash fits.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from decrimsim.errors import DecrimsimError, InputError, nearest, printable
from decrimsim.export import SCENARIO_FILE
from decrimsim.law import Law, load_law
from decrimsim.law.saved import read_saved_law
from decrimsim.report.versions import scenario_digest
from decrimsim.scenario import Scenario, load_scenario, shipped_scenarios
from decrimsim.units import parse_date

Manifest = dict[str, Any]


def scenario_of_run(folder: Path, manifest: Manifest, given: Scenario | str | Path | None) -> Scenario:
    """Return the scenario of a run: the one given, or that in the folder. Raises InputError if its hash is not the run's."""
    wanted = manifest["scenario"]
    if isinstance(given, Scenario):
        found = given
    elif given is not None:
        found = load_scenario(given)
    elif SCENARIO_FILE in manifest["files"]:
        found = load_scenario(folder / SCENARIO_FILE)
    elif wanted["id"] in shipped_scenarios():
        found = load_scenario(wanted["id"])
    else:
        raise InputError(
            f"an older version of decrimsim saved this run without its scenario, and {printable(wanted['id'])!r} is not a shipped one.",
            where="explain", wanted="its file", hint="Add --scenario FILE, or run it again into a new folder",
        )  # fmt: skip
    if scenario_digest(found) != wanted["sha256"]:
        raise InputError(
            f"the scenario {found.id!r} is not the one that was run.", where="explain", got=found.id, wanted="the file as it was", hint="Add --scenario FILE"
        )
    return found


def law_of_run(folder: Path, manifest: Manifest, given: Law | str | Path | None, needs_rules: bool) -> tuple[str, Law | None]:
    """Return the key of a law in the run, and the law (None where its rules are not needed). Raises InputError if the run has no such law."""
    keys = {law["key"]: law for law in manifest["laws"]}
    if isinstance(given, Law):
        return _key_of(keys, given), given
    name = manifest["baseline"] if given is None else str(given)
    if name in keys:
        return name, _rules(folder, manifest, keys[name]) if needs_rules else None
    try:
        law = load_law(name)
    except InputError:
        raise InputError(
            f"the run has no law {printable(name)!r}.",
            where="--law",
            got=name,
            wanted=f"one of {', '.join(keys)}, or the file of one",
            hint=nearest(name, keys),
        ) from None
    return _key_of(keys, law), law


def _rules(folder: Path, manifest: Manifest, wanted: dict[str, Any]) -> Law:
    """Return a law of the run from its folder; from the shipped laws where the folder is of an older version."""
    key = wanted["key"]
    for one in manifest.get("law_files", ()):
        if one["key"] == key:
            if one["file"] not in manifest["files"]:
                raise InputError(f"the manifest does not vouch for the file of the law {printable(key)!r}.", where="explain", got=printable(one["file"]))
            text = (folder / one["file"]).read_text(encoding="utf-8")
            return read_saved_law(text, one["file"], None if one["date"] is None else parse_date(one["date"], "date"), wanted["sha256"])
    try:
        law = load_law(re.sub(r" \(\d+\)$", "", key))
    except DecrimsimError:
        law = None
    if law is None or law.hash != wanted["sha256"]:
        why = "is not a shipped law" if law is None else "has changed since"
        raise InputError(
            f"an older version of decrimsim saved this run without its laws, and {printable(key)!r} {why}.",
            where="--law", got=key, wanted="its rules as they were", hint="Add --law FILE, or --law and --change as in the run, or run it again into a new folder",
        )  # fmt: skip
    return law


def _key_of(keys: dict[str, Any], law: Law) -> str:
    found = [key for key, one in keys.items() if one["sha256"] == law.hash]
    if not found:
        raise InputError(f"the run has no law with the rules of {law.id!r}.", where="--law", got=law.id, wanted=f"one of {', '.join(keys)}")
    return str(found[0])
