"""Measures: group-bys of the event tables. No number is counted in two places.

Level 5.
"""

from decrimsim.measures.cost import AGENCIES, EVENTS
from decrimsim.measures.replicate import ReplicateMeasures, measure
from decrimsim.measures.rows import STAGES_OF_SUPPLY
from decrimsim.measures.widening import Widening

__all__ = ["AGENCIES", "EVENTS", "STAGES_OF_SUPPLY", "ReplicateMeasures", "Widening", "measure"]
