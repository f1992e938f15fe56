"""decrimsim: simulate threshold laws for drugs, one person at a time, with the same people and luck under every law.

>>> import decrimsim as ds
>>> scenario = ds.load("nsw")
>>> law = ds.load_law("nsw-deemed-supply").patch({"tables.traffickable.mdma": "1 g"})
>>> law.classify({"mdma": "0.9 g"}).tier
'possession'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "compare": "decrimsim.api",
    "curve": "decrimsim.api",
    "load": "decrimsim.api",
    "sensitivity": "decrimsim.api",
    "with_report_extras": "decrimsim.api",
    "check_file": "decrimsim.check",
    "Comparison": "decrimsim.comparison",
    "Curve": "decrimsim.comparison",
    "DecrimsimError": "decrimsim.errors",
    "FileError": "decrimsim.errors",
    "InputError": "decrimsim.errors",
    "LawError": "decrimsim.errors",
    "QuantityError": "decrimsim.errors",
    "ScenarioError": "decrimsim.errors",
    "Law": "decrimsim.law",
    "load_law": "decrimsim.law",
    "shipped_laws": "decrimsim.law",
    "Scenario": "decrimsim.scenario",
    "dump_scenario": "decrimsim.scenario",
    "new_scenario": "decrimsim.scenario",
    "shipped_scenarios": "decrimsim.scenario",
    "vary": "decrimsim.scenario",
    "make_setup": "decrimsim.engine",
    "run_block": "decrimsim.engine",
    "step_day": "decrimsim.engine",
}

__all__ = [*sorted(_HOMES), "__version__"]  # noqa: PLE0604

if TYPE_CHECKING:
    from decrimsim.api import compare, curve, load, sensitivity, with_report_extras
    from decrimsim.check import check_file
    from decrimsim.comparison import Comparison, Curve
    from decrimsim.engine import make_setup, run_block, step_day
    from decrimsim.errors import DecrimsimError, FileError, InputError, LawError, QuantityError, ScenarioError
    from decrimsim.law import Law, load_law, shipped_laws
    from decrimsim.scenario import Scenario, dump_scenario, new_scenario, shipped_scenarios, vary


def __getattr__(name: str) -> Any:
    """Import public names when they are first used, so that ``import decrimsim`` is quick."""
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'decrimsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
