"""Scenarios: reading, checking, varying, describing and writing them.

Level 3.
"""

from decrimsim.scenario.adapting import RESPONSES
from decrimsim.scenario.find import describe_shipped_scenarios, shipped_scenarios
from decrimsim.scenario.model import Scenario
from decrimsim.scenario.read import load_scenario
from decrimsim.scenario.switched import effective, switch_states, with_response, with_strategy, with_switches
from decrimsim.scenario.vary import free_parameters, vary, widest
from decrimsim.scenario.write import dump_scenario, new_scenario, scenario_hash

__all__ = [
    "RESPONSES",
    "Scenario",
    "describe_shipped_scenarios",
    "dump_scenario",
    "effective",
    "free_parameters",
    "load_scenario",
    "new_scenario",
    "scenario_hash",
    "shipped_scenarios",
    "switch_states",
    "vary",
    "widest",
    "with_response",
    "with_strategy",
    "with_switches",
]
