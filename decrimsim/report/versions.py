"""What made the numbers: versions of libraries and the hash of the scenario.

Level 6.
"""

from __future__ import annotations

from decrimsim.scenario.model import Scenario


def versions() -> dict[str, str]:
    """Return the versions of decrimsim and of the libraries that make its numbers."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in ("decrimsim", "numpy", "scipy"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def scenario_digest(scenario: Scenario) -> str:
    """Return the SHA-256 of a scenario's content."""
    from decrimsim.scenario import scenario_hash

    return str(scenario_hash(scenario))
