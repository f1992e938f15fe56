"""The slow twin of decrimsim: the same model, one person at a time, in plain Python, under one law.

It is written to be read, in the order of the day: `run` (the day), `people` (who), `market` (use, buying, sharing),
`police` (encounters, finds), `lawbook` (what the law says), `justice` (the decision path), `consequences`. docs/model.md says
the same in words. It shares with the engine only the draws, the names and the readers of scenario and law files, so that a
test can hold every row of every table of the engine against it.
"""

from twin.run import ACCOUNT, TwinResult, simulate

__all__ = ["ACCOUNT", "TwinResult", "simulate"]
