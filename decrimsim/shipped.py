"""Where the scenarios and laws that come with decrimsim are.

Level 1.
"""

from __future__ import annotations

from pathlib import Path

from decrimsim.errors import FileError


def shipped_folder() -> Path:
    """Return the folder of shipped scenarios: ``_scenarios`` inside an installed package, ``scenarios`` beside it in a checkout."""
    package = Path(__file__).resolve().parent
    for folder in (package / "_scenarios", package.parent / "scenarios"):
        if folder.is_dir():
            return folder
    raise FileError("the shipped scenarios are missing.", where="decrimsim", hint="Install the package again")
