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
    "contributions": "decrimsim.trials",
    "responses": "decrimsim.alternatives",
    "sensitivity": "decrimsim.trials",
    "strategies": "decrimsim.alternatives",
    "Stages": "decrimsim.progress",
    "Precision": "decrimsim.measures.stopping",
    "Uncertainty": "decrimsim.parameter_draws",
    "uncertainty": "decrimsim.parameter_draws",
    "Swap": "decrimsim.swap_rates",
    "swap": "decrimsim.swap_rates",
    "Exposure": "decrimsim.line_exposure",
    "exposure": "decrimsim.extras",
    "refuse_other_run": "decrimsim.api",
    "with_report_extras": "decrimsim.extras",
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
    "law_diff": "decrimsim.law.diff",
    "explain_law": "decrimsim.law.explain",
    "law_schema": "decrimsim.law.json_schema",
    "law_lint": "decrimsim.draft_lint",
    "case_file": "decrimsim.casefile",
    "list_cases": "decrimsim.casefile",
    "replay": "decrimsim.casefile",
    "shipped_laws": "decrimsim.law",
    "describe_shipped_laws": "decrimsim.law",
    "describe_shipped_scenarios": "decrimsim.scenario",
    "Scenario": "decrimsim.scenario",
    "dump_scenario": "decrimsim.scenario",
    "new_scenario": "decrimsim.scenario",
    "shipped_scenarios": "decrimsim.scenario",
    "switch_states": "decrimsim.scenario",
    "vary": "decrimsim.scenario",
    "with_response": "decrimsim.scenario",
    "with_strategy": "decrimsim.scenario",
    "with_switches": "decrimsim.scenario",
    "RESPONSES": "decrimsim.scenario",
    "make_setup": "decrimsim.engine",
    "one_block": "decrimsim.engine",
    "people_table": "decrimsim.engine",
    "run_block": "decrimsim.engine",
    "step_day": "decrimsim.engine",
}

__all__ = [
    "RESPONSES",
    "Comparison",
    "Curve",
    "DecrimsimError",
    "Exposure",
    "FileError",
    "InputError",
    "Law",
    "LawError",
    "Precision",
    "QuantityError",
    "Scenario",
    "ScenarioError",
    "Stages",
    "Swap",
    "Uncertainty",
    "__version__",
    "case_file",
    "check_file",
    "compare",
    "contributions",
    "curve",
    "describe_shipped_laws",
    "describe_shipped_scenarios",
    "dump_scenario",
    "explain_law",
    "exposure",
    "law_diff",
    "law_lint",
    "law_schema",
    "list_cases",
    "load",
    "load_law",
    "make_setup",
    "new_scenario",
    "one_block",
    "people_table",
    "refuse_other_run",
    "replay",
    "responses",
    "run_block",
    "schema",
    "sensitivity",
    "shipped_laws",
    "shipped_scenarios",
    "step_day",
    "strategies",
    "swap",
    "switch_states",
    "uncertainty",
    "vary",
    "with_report_extras",
    "with_response",
    "with_strategy",
    "with_switches",
]

if TYPE_CHECKING:
    from decrimsim import schema
    from decrimsim.alternatives import responses, strategies
    from decrimsim.api import compare, curve, load, refuse_other_run
    from decrimsim.casefile import case_file, list_cases, replay
    from decrimsim.check import check_file
    from decrimsim.comparison import Comparison, Curve
    from decrimsim.draft_lint import law_lint
    from decrimsim.engine import make_setup, one_block, people_table, run_block, step_day
    from decrimsim.errors import DecrimsimError, FileError, InputError, LawError, QuantityError, ScenarioError
    from decrimsim.extras import exposure, with_report_extras
    from decrimsim.law import Law, describe_shipped_laws, load_law, shipped_laws
    from decrimsim.law.diff import law_diff
    from decrimsim.law.explain import explain_law
    from decrimsim.law.json_schema import law_schema
    from decrimsim.line_exposure import Exposure
    from decrimsim.measures.stopping import Precision
    from decrimsim.parameter_draws import Uncertainty, uncertainty
    from decrimsim.progress import Stages
    from decrimsim.scenario import (
        RESPONSES,
        Scenario,
        describe_shipped_scenarios,
        dump_scenario,
        new_scenario,
        shipped_scenarios,
        switch_states,
        vary,
        with_response,
        with_strategy,
        with_switches,
    )
    from decrimsim.swap_rates import Swap, swap
    from decrimsim.trials import contributions, sensitivity


def __getattr__(name: str) -> Any:
    """Import public names when they are first used, so that ``import decrimsim`` is quick."""
    if name == "schema":
        return import_module("decrimsim.schema")
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'decrimsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
