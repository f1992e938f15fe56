"""Earlier cases: which of them a law still counts, and what that adds to a find.

Level 4. ``people['strikes']`` (rows, laws, rules, kept) holds the days of the latest counted cases of each rule, latest first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from decrimsim.law import CompiledLaws
from decrimsim.law.words import COUNTER, REPEAT_EFFECT
from decrimsim.schema import LINE, NOTICE, PANEL, POLICE, PROSECUTOR, SANCTIONS

if TYPE_CHECKING:
    from decrimsim.engine.block import Block

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
LONG_AGO = np.int32(-(2**30))
"""The day of no case."""
EFFECTS = tuple(REPEAT_EFFECT)
BIT = {effect: 1 << i for i, effect in enumerate(EFFECTS)}


def no_strikes(laws: CompiledLaws, had_conviction: Bool, is_on: bool) -> npt.NDArray[np.int32]:
    """Return the days of counted cases (people, laws, rules, kept) on the first day: a conviction before it counts as of the day before.

    is_on  False: nobody counts, and nothing is kept
    """
    if not is_on:
        return np.zeros((len(had_conviction), 0), np.int32)
    kept = int(laws.strike_earlier.max(initial=1))  # one day at least: a rule met by the present case alone would else be lost
    days = np.full((len(had_conviction), *laws.strike_counter.shape, kept), LONG_AGO, np.int32)
    if days.size:
        convictions = laws.strike_counter == COUNTER["convictions"]
        days[:, :, :, 0] = np.where(had_conviction[:, None, None] & convictions[None], -1, LONG_AGO)
    return days


def effects_of(block: Block, rows: I64, law: I64) -> I64:
    """Return what earlier cases add (pairs,), as bits of BIT."""
    laws, strikes = block.setup.laws, block.people["strikes"]
    if block.setup.practice.repeat_known is None or not strikes.size:
        return np.zeros(len(rows), np.int64)
    days = strikes[rows, law].astype(np.int64)
    window = laws.strike_window_days[law][:, :, None]
    counts = (days > LONG_AGO) & ((window == 0) | (block.day - days <= window))
    reached = (counts.sum(axis=2) >= laws.strike_earlier[law]) & (laws.strike_effect[law] > 0)
    bits: I64 = (reached * (1 << laws.strike_effect[law].astype(np.int64)) * 1).astype(np.int64)
    return np.bitwise_or.reduce(bits, axis=1) if bits.shape[1] else np.zeros(len(rows), np.int64)


def counted_as(columns: Mapping[str, npt.NDArray[Any]], is_regulated: Bool, has_panel: Bool) -> dict[str, Bool]:
    """Return which cases (n,) count under each counter of laws on the day of the find; convictions count when they fall.

    An incident is a find that was put on paper: police dealt with it, or it was an administrative offence that no panel had to hear of.
    """
    police, line = columns["police"], columns["line"]
    unseen = (police == POLICE.index("no_action")) & ((line == LINE.index("possession")) | has_panel)
    caution, notice = police == POLICE.index("caution"), columns["notice"] > NOTICE.index("not_reached")
    besides = (columns["sanctions"] & ~(1 << SANCTIONS.index("capital"))) != 0
    return {
        "reports": is_regulated,
        "notices": notice,
        "cautions": caution,
        "sanctions": notice | (columns["panel"] == PANEL.index("sanctioned")) | besides,
        "incidents": is_regulated & (line > LINE.index("none")) & ~unseen,
        "diversions": caution | (columns["prosecutor"] == PROSECUTOR.index("diverted")),
    }


def remember(block: Block, rows: I64, law: I64, counter: str, day: I64 | int) -> None:
    """Put cases of one counter on the lists of their rules; each pair of a row and a law stands once.

    rows, law  (n,)
    day        day from which the case counts, one for all or one each
    """
    strikes = block.people["strikes"]
    if not strikes.size:
        return
    for rule in range(strikes.shape[2]):
        at = block.setup.laws.strike_counter[law, rule] == COUNTER[counter]
        r, w = rows[at], law[at]
        strikes[r, w, rule, 1:] = strikes[r, w, rule, :-1]
        strikes[r, w, rule, 0] = np.broadcast_to(day, len(rows))[at]
