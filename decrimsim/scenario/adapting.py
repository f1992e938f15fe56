"""How people answer to the line of the law in force: alternatives, of which one is in force in a run.

Level 3.
"""

from __future__ import annotations

from typing import Literal

from decrimsim.parameters import LogSd, Model, Probability

RESPONSES = ("fixed", "carry_less", "buy_smaller", "split_among_friends", "unaware")
"""fixed: people know the line and change nothing, suppliers may pack below it · unaware: nobody knows it, suppliers neither"""
ResponseKind = Literal["fixed", "carry_less", "buy_smaller", "split_among_friends", "unaware"]


class Response(Model):
    """What people who know the line do about it. It is one of several things they might do, and nobody knows which."""

    kind: ResponseKind
    aware: Probability
    """people who know that there is a line, and answer to it"""
    mistaken: Probability
    """of those who know the line, and of suppliers who pack below it, those who are wrong about where it is"""
    mistake_sd: LogSd
    """how wrong they are"""
