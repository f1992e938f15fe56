"""The engine: the day as an ordered tuple of steps, and the only code that writes columns.

Level 4.
"""

from decrimsim.engine.block import Block, Setup, make_setup
from decrimsim.engine.day import STEPS, step_day
from decrimsim.engine.run import BLOCK_PEOPLE, block_slices, one_block, people_table, run_block, run_replicate

__all__ = ["BLOCK_PEOPLE", "STEPS", "Block", "Setup", "block_slices", "make_setup", "one_block", "people_table", "run_block", "run_replicate", "step_day"]
