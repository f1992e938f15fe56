"""Finding scenario files: a shipped name or a path.

Level 3.
"""

from __future__ import annotations

import re
from pathlib import Path

from decrimsim.errors import FileError, nearest, printable
from decrimsim.files import read_head

_NAME = re.compile(r"[\w-]+\Z")


def scenario_path(name_or_path: str | Path) -> Path:
    """Return the file that a shipped name or a path stands for. Raises FileError."""
    text = str(name_or_path)
    if isinstance(name_or_path, str) and is_bare_name(text):
        return _shipped_path(text)
    path = Path(name_or_path)
    try:
        if path.is_dir():
            raise FileError("this is a folder.", where=text, wanted="a scenario file, for example 'my-state.yaml'")
        if not path.is_file():
            raise FileError("there is no such file.", where=printable(text), hint=f"Shipped scenarios need no path: {', '.join(shipped_scenarios())}")
    except (OSError, ValueError) as error:
        raise FileError(f"the path cannot be used ({printable(error)}).", where=printable(text)) from error
    return path


def shipped_scenarios() -> list[str]:
    """Return the names of the scenarios that come with decrimsim, in alphabetical order."""
    return sorted(path.stem for path in _folder().glob("*.yaml"))


def describe_shipped_scenarios() -> dict[str, str]:
    """Return the title of every shipped scenario by its name: the head of each file only, which ``load_scenario`` would check as a whole."""
    return {name: str(read_head(_shipped_path(name), ("title",))["title"]) for name in shipped_scenarios()}


def is_bare_name(text: str) -> bool:
    """Tell whether a text is read as a shipped name rather than as a path."""
    return _NAME.match(text) is not None


def _folder() -> Path:
    from decrimsim.shipped import shipped_folder

    return shipped_folder()


def _shipped_path(name: str) -> Path:
    path = _folder() / f"{name}.yaml"
    if path.is_file():
        return path
    known = shipped_scenarios()
    extra = f" A file needs its ending or its folder: './{name}'" if Path(name).exists() else ""
    raise FileError(
        f"there is no shipped scenario {name!r}.", where="scenario", got=name, wanted="a shipped name or the path of a file", hint=nearest(name, known) + extra
    )
