"""Words of the command line that stand for more: NAME=VALUE pairs, changes of a law, what was found.

Level 8.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import decrimsim as ds

_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


def pair(text: str, form: str, example: str) -> tuple[str, str]:
    """Return name and value of a text NAME=VALUE. Raises InputError with an example."""
    name, found, value = text.partition("=")
    if not found or not name.strip() or not value.strip():
        raise ds.InputError(f"{text!r} cannot be read.", where=form, got=text, wanted=f"{form}, for example {example}")
    return name.strip(), value.strip()


def value_of(text: str) -> Any:
    """Return what a text stands for: true, false, null, a whole number, else the text."""
    return _WORDS.get(text, int(text) if re.fullmatch(r"[0-9]{1,9}", text) else text)


def changes_of(texts: Iterable[str] | None) -> dict[str, Any]:
    """Return path: value of texts PATH=VALUE. Raises InputError for a path given twice."""
    out: dict[str, Any] = {}
    for text in texts or ():
        path, value = pair(text, "PATH=VALUE", "tables.traffickable.mdma=1g")
        if path in out:
            hint = "For several values of one limit: decrimsim curve SCENARIO PATH FROM TO --points 2"
            raise ds.InputError(f"{path} is changed twice.", where="--change", got=text, wanted="each path once", hint=hint)
        out[path] = value_of(value)
    return out


def holdings_of(texts: Iterable[str]) -> dict[str, list[str]]:
    """Return what was found by substance; a substance named twice has both lots."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, amount = pair(text, "SUBSTANCE=AMOUNT", "heroin=3g")
        found.setdefault(name, []).append(amount)
    return found


def facts_of(texts: Iterable[str] | None) -> dict[str, Any]:
    """Return facts of a case by name; 'conditions.nuisance=true' is a condition with a name of its own."""
    facts: dict[str, Any] = {}
    named: dict[str, dict[str, Any]] = {}
    for text in texts or ():
        name, value = pair(text, "NAME=VALUE", "age=30")
        head, dot, tail = name.partition(".")
        if dot:
            named.setdefault(head, {})[tail] = value_of(value)
        else:
            facts[name] = value_of(value)
    return facts | named


def print_json(data: object) -> None:
    """Print one JSON object to standard output."""
    print(json.dumps(data, ensure_ascii=False, allow_nan=False, default=list))


def show(result: Any, as_json: bool) -> None:
    """Print a result as a table or sentences, or as one JSON object."""
    if as_json:
        print_json(result.to_json())
    else:
        print(result)


def switches_of(texts: Iterable[str] | None) -> dict[str, bool]:
    """Return name: is on, of texts NAME=on or NAME=off. Raises InputError for another word or a switch given twice."""
    out: dict[str, bool] = {}
    for text in texts or ():
        name, word = pair(text, "NAME=on|off", "lockdown=off")
        if word not in ("on", "off"):
            raise ds.InputError(f"{word!r} is neither on nor off.", where="--switch", got=text, wanted="NAME=on or NAME=off")
        if name in out:
            raise ds.InputError(f"the switch {name} is given twice.", where="--switch", got=text, wanted="each switch once")
        out[name] = word == "on"
    return out
