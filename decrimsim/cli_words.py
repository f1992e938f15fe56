"""Words of the command line that stand for more: NAME=VALUE pairs, changes of a law, what was found.

Level 8.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import decrimsim as ds
from decrimsim.law.schema import LAW
from decrimsim.law.words import COUNTED_AS
from decrimsim.scenario import Scenario
from decrimsim.units import parse_quantity

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
        _refuse_world(path, value)
        if path in out:
            hint = "For several values of one limit: decrimsim curve SCENARIO PATH FROM TO --points 2"
            raise ds.InputError(f"{path} is changed twice.", where="--change", got=text, wanted="each path once", hint=hint)
        out[path] = value_of(value)
    return out


def _refuse_world(path: str, value: str) -> None:
    """Raise InputError for a path of a world: --change changes the law."""
    head = path.partition(".")[0]
    if head in Scenario.model_fields and head not in LAW.keys:
        raise ds.InputError(
            f"{path!r} is a number of a world, and --change changes the law.",
            where="--change",
            got=path,
            wanted="a path of the law, such as tables.traffickable.mdma ('decrimsim law show LAW' lists them)",
            hint=f"For another world: 'decrimsim new my-world --from nsw', write {value} at {': '.join(path.split('.'))}: in my-world.yaml, "
            "and compare my-world.yaml. Options of a run have their own words, such as --switch and --strategy",
        )


_FORM_OF = {word: form for form, words in COUNTED_AS.items() for word in words}


def holdings_of(texts: Iterable[str]) -> dict[str, list[Any]]:
    """Return what was found by substance; a substance named twice has both lots. 'mdma=4pills,1g' is a number of units with their weight."""
    found: dict[str, list[Any]] = {}
    for text in texts:
        name, amount = pair(text, "SUBSTANCE=AMOUNT", "heroin=3g or mdma=4pills,1g")
        found.setdefault(name, []).append(_lot_of(text, amount))
    return found


def _lot_of(text: str, amount: str) -> str | dict[str, Any]:
    """Return one lot: a weight as it is written; units with their form where the word names one ('pills'), and with their weight after a comma."""
    parts = [part.strip() for part in amount.split(",")]
    counted = [part for part in parts if parse_quantity(part).units is not None]
    weighed = [part for part in parts if part not in counted]
    if len(counted) > 1 or len(weighed) > 1 or (len(parts) > 1 and not weighed):
        wanted = "a weight (heroin=3g), or a number of units and what they weigh together (mdma=4pills,1g)"
        raise ds.InputError(f"{text!r} cannot be read.", where="SUBSTANCE=AMOUNT", got=text, wanted=wanted)
    if not counted:
        return weighed[0]
    form = _FORM_OF.get(re.sub(r"[^a-z]", "", counted[0].lower()).removesuffix("s"))
    lot = {"units": parse_quantity(counted[0]).units, **({"form": form} if form else {})}
    return lot | ({"g": weighed[0]} if weighed else {})


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
