"""A law beside the results it gave: its rules as one JSON text, and the law again from that text.

Level 2. The text is a law file: ``load_law`` and every command that takes a law read it.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

from decrimsim.errors import FileError, InputError
from decrimsim.law.model import Law, build_law

MAX_CHARACTERS = 2**23


def dump_law(raw: dict[str, Any]) -> str:
    """Return the rules of a law (``Law.raw``: all dates, sources and cases) as JSON, in the order of its file."""
    return json.dumps(raw, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_saved_law(text: str, name: str, date: datetime.date | None, sha256: str) -> Law:
    """Return the law that was saved, on the day that was chosen.

    name    what errors call it
    sha256  ``Law.hash`` of the law that was saved

    Raises FileError for a text that is not a law, LawError for rules that do not fit, InputError where the rules are other ones.
    """
    try:
        raw = json.loads(text) if len(text) <= MAX_CHARACTERS else None
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        raise FileError("this is not a saved law.", where=name, wanted="the rules as JSON, as a run writes them", hint="Run it again into a new folder")
    law = build_law(raw, date=date)
    if law.hash != sha256:
        raise InputError(
            "the rules are not those of the run: their hash is another one.",
            where=name,
            got=law.hash[:12],
            wanted=sha256[:12],
            hint="Run it again into a new folder",
        )
    return law
