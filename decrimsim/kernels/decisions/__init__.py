"""The decision path: what officials know, what they do as numbers, and what becomes of a case.

Level 2.
"""

from decrimsim.kernels.decisions.dropout import stay_days
from decrimsim.kernels.decisions.facts import Facts
from decrimsim.kernels.decisions.numbers import PracticeNumbers
from decrimsim.kernels.decisions.whole import Decided, decide

__all__ = ["Decided", "Facts", "PracticeNumbers", "decide", "stay_days"]
