"""Options of runs: whole numbers in their bounds, and the laws that are meant.

Level 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from decrimsim.errors import InputError, printable
from decrimsim.law import Law, load_law
from decrimsim.measures.summary import Settings
from decrimsim.scenario import Scenario
from decrimsim.scenario.model import MODES, Mode


def whole(name: str, number: Any, low: int, high: int) -> int:
    """Return a whole number between two bounds. Raises InputError."""
    if isinstance(number, bool) or not hasattr(number, "__index__"):
        raise InputError(f"{name} is {printable(number)!r}.", where=name, got=number, wanted="a whole number")
    whole: int = number.__index__()
    if not low <= whole <= high:
        raise InputError(f"{name} is {whole:,}.", where=name, got=whole, wanted=f"a whole number from {low:,} to {high:,}")
    return whole


def settings_of(
    scenario: Scenario,
    *,
    people: int | None = None,
    days: int | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    mode: Mode | None = None,
    least: int = 0,
) -> Settings:
    """Return how much is simulated: the options that are given, else the scenario's own. Raises InputError.

    least  fewest people and days
    """
    run = scenario.run
    mode = run.mode if mode is None else mode
    if mode not in MODES:
        raise InputError(f"the mode {printable(mode)!r} is not known.", where="mode", got=mode, wanted="'closed' or 'open'")
    return Settings(
        people=whole("people", run.people if people is None else people, least, 100_000_000),
        days=whole("days", run.days if days is None else days, least, 1_000_000),
        replicates=whole("replicates", run.replicates if replicates is None else replicates, 1, 100_000),
        seed=whole("seed", run.seed if seed is None else seed, 0, 2**63 - 1),
        mode=mode,
    )


def process_count(workers: int) -> int:
    """Return how many processes work. Raises InputError."""
    return whole("workers", workers, 1, 1_024)


def chosen_laws(scenario: Scenario, laws: Sequence[Law | str] | None) -> list[Law]:
    """Return the baseline and the candidates. Raises InputError for two laws with one id."""
    if isinstance(laws, str | Law):
        raise InputError("laws is a single law.", where="laws", wanted="a list", hint="Write laws=[...]")
    candidates = scenario.candidates if laws is None else laws
    chosen = [load_law(scenario.baseline), *(law if isinstance(law, Law) else load_law(law) for law in candidates)]
    seen: set[str] = set()
    for law in chosen:
        key = law.id if law.date is None else f"{law.id}@{law.date}"
        if key in seen:
            raise InputError(f"two laws have the id {key!r}.", where="laws", got=key, wanted="each law once, and not the baseline again")
        seen.add(key)
    names = [law.name for law in chosen]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"two laws have the name {printable(twice)!r}.", where="laws", got=twice, wanted="names that tell the laws apart")
    return [law.knowing(name for other in chosen for name in other.declared) for law in chosen]
