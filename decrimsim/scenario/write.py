"""Writing scenarios: as a file, as a hash, as a copy to edit.

Level 3.
"""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from decrimsim.errors import InputError, printable
from decrimsim.parameters import Amount
from decrimsim.scenario.find import is_bare_name, scenario_path
from decrimsim.scenario.model import Scenario
from decrimsim.units import format_ug, parse_ug

_BASED_ON = re.compile(r"""^based_on: *["']?([^"'#\n]*[^"'#\s])""", re.MULTILINE)
_PLAIN_KEY = re.compile(r"[a-z][a-z0-9_-]*\Z")
_NOT_PLAIN = {"yes", "no", "on", "off", "y", "n", "true", "false", "null"}
_UNORDERED = (
    *("sources", "stop_factor", "caution_factor", "notice_factor", "group_factor", "known", "limits", "switches"),
    *("weekend_use", "shares", "purity_by_form", "kinds", "harms"),
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\Z")


def dump_scenario(scenario: Scenario) -> str:
    """Return the scenario as the text of a file that reads back as an equal scenario; comments are not kept."""
    data = scenario.model_dump(mode="json", by_alias=True)
    return "".join(_block(key, value, 0) for key, value in data.items())


def scenario_hash(scenario: Scenario) -> str:
    """Return 64 hexadecimal digits that change if and only if the content does.

    The same amount in other units is the same content. So is another order of keys, except where the order means something:
    substances, their forms and types, equity axes and their categories, circle sizes, and buying days.
    """
    data = _canonical(scenario.model_dump(mode="json", by_alias=True))
    return hashlib.sha256(json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()).hexdigest()


def new_scenario(name: str, source: str | Path = "nsw", folder: str | Path = ".") -> Path:
    """Write NAME.yaml, a copy of a scenario with its comments and with the new name as its id, and return its path.

    name    small letters, digits and hyphens
    source  shipped name or path of the scenario to copy; the copy of one that is based on another is based on the same one
    folder  an existing folder; that of the source where it is based on a file beside it
    Raises InputError for a bad name, a missing folder, and rather than overwriting a file; FileError for a missing source.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", name) or _RESERVED.match(name):
        raise InputError(
            "this cannot be the name of a scenario.", where="name", got=printable(name), wanted="small letters, digits and hyphens, for example my-state"
        )
    original = scenario_path(source)
    text = original.read_text(encoding="utf-8-sig")
    based_on = _BASED_ON.search(text)
    if based_on and not is_bare_name(based_on[1]) and original.parent.resolve() != Path(folder).resolve():
        raise InputError(
            f"{original.name} is based on the file {printable(based_on[1])!r} beside it, which a copy elsewhere would not find.",
            where="source",
            got=str(source),
            wanted="a copy in the same folder",
            hint=f"Go there first: cd {printable(original.parent)}",
        )
    text, n = re.subn(r"^id:.*$", f"id: {name}", text, count=1, flags=re.MULTILINE)
    if n == 0:
        raise InputError("this is not a scenario file: no line begins with 'id:'.", where=str(source))
    target = Path(folder) / f"{name}.yaml"
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{target.name} exists already and is left as it is.", where="name", got=name, hint="Choose another name") from None
    except OSError as error:
        raise InputError(
            f"{target.name} cannot be written there ({error.strerror}).", where="folder", got=str(folder), hint="Name a folder that exists"
        ) from None
    return target


def _canonical(data: Any) -> Any:
    if isinstance(data, list):
        return [_canonical(child) for child in data]
    if not isinstance(data, dict):
        return data
    if data.keys() == Amount.model_fields.keys():
        amounts = {"value": format_ug(parse_ug(data["value"])), "range": [format_ug(parse_ug(end)) for end in data["range"]]}
        return {**data, **amounts}
    out = {key: _canonical(child) for key, child in data.items()}
    for key in _UNORDERED:
        if isinstance(out.get(key), dict):
            out[key] = _sorted(out[key])
    return out


def _sorted(data: Any) -> Any:
    return {key: _sorted(data[key]) for key in sorted(data)} if isinstance(data, dict) else data


def _block(key: str, value: Any, depth: int) -> str:
    indent = "  " * depth
    if isinstance(value, dict) and value and not _is_small(value):
        return f"{indent}{_key(key)}:\n" + "".join(_block(name, child, depth + 1) for name, child in value.items())
    if isinstance(value, list) and value and not all(isinstance(child, str) and len(child) < 40 for child in value):
        return f"{indent}{_key(key)}:\n" + "".join(f"{indent}  - {_flow(child)}\n" for child in value)
    return f"{indent}{_key(key)}: {_flow(value)}\n"


def _is_small(value: dict[str, Any]) -> bool:
    return not any(isinstance(child, dict) for child in value.values())


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(child)}" for key, child in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return _quoted(value)
    return json.dumps(value)


def _number(value: float) -> str:
    """Return a float as plain digits, which every reader takes for the same number: never 1e-05."""
    text = f"{Decimal(repr(value)):f}"
    return text if "." in text else f"{text}.0"


def _key(key: str) -> str:
    return key if _PLAIN_KEY.match(key) and key not in _NOT_PLAIN else _quoted(key)


def _quoted(text: str) -> str:
    """Return a text in double quotes, on one line, with everything that is not printable escaped as YAML does."""
    return '"' + "".join("\\" + c if c in '"\\' else c if c.isprintable() else f"\\U{ord(c):08x}" for c in text) + '"'
