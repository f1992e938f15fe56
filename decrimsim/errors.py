"""Errors that say where, what we got, what we wanted and what to type next.

Level 0.

    DecrimsimError
    ├── FileError        a file that cannot be read, or is not safe plain data
    ├── ScenarioError    a scenario whose content is wrong
    ├── LawError         a law whose content is wrong
    │   ├── NotInForce           the law did not exist on that day
    │   ├── NoApplicableRule     no tier fits an amount and the law declares no gap tier
    │   └── ConflictingRules     two tiers fit and the law declares no resolution
    ├── QuantityError    an amount, a date or a number that cannot be understood
    └── InputError       an argument of a call or of the command line
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class DecrimsimError(Exception):
    """Base of every error meant for a user.

    where   file:line:path or name of the argument
    got     what was found there
    wanted  what would have been accepted
    hint    what to type next
    """

    def __init__(self, message: str, *, where: str = "", got: object = None, wanted: str = "", hint: str = "") -> None:
        self.where, self.got, self.wanted, self.hint = where, got, wanted, hint
        parts = [f"{where}: {message}" if where else message]
        if wanted:
            parts.append(f"Wanted {wanted}.")
        if hint:
            parts.append(hint if hint.endswith((".", "?", "!", "'")) else f"{hint}.")
        super().__init__("".join(c if c.isprintable() or c == "\n" else "?" for c in " ".join(parts)))


class FileError(DecrimsimError):
    """A file that cannot be read, or is not safe plain data."""


class ScenarioError(DecrimsimError):
    """A scenario whose content is wrong."""


class LawError(DecrimsimError):
    """A law whose content is wrong."""


class NotInForce(LawError):
    """The law did not exist on that day."""


class NoApplicableRule(LawError):
    """No tier of the law fits an amount, and the law declares no gap tier."""


class ConflictingRules(LawError):
    """Two tiers of the law fit an amount, and the law declares no resolution."""


class QuantityError(DecrimsimError):
    """An amount, a date or a number that cannot be understood."""


class InputError(DecrimsimError):
    """An argument of a call or of the command line that cannot be used."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return "Did you mean 'x'?" for the known name nearest to word, else the nearest ones or the list of known names."""
    known = sorted(map(str, known))
    close = difflib.get_close_matches(str(word), known, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    if len(known) > 12:  # an alphabet cut short does not help: those that share a part, or look a little alike
        alike = [one for one in known if str(word).lower() in one.lower()] or difflib.get_close_matches(str(word), known, n=5, cutoff=0.4)
        if alike:
            return f"Nearest: {', '.join(alike[:5])}."
    return f"Known: {', '.join(known[:12])}{' …' if len(known) > 12 else ''}." if known else ""


def printable(text: object, limit: int = 80) -> str:
    """Return text on one line, without control characters, cut to limit characters."""
    clean = "".join(c if c.isprintable() else "?" for c in str(text))
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
