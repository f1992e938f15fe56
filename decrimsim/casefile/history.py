"""What stood on record on the day of a case, from the person's earlier cases under the same law.

Level 7.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from decrimsim import chance
from decrimsim.casefile.inputs import CaseInput, Judge
from decrimsim.engine.records import asks_to_clear, cleared_on, clears, falls_on
from decrimsim.engine.strikes import EFFECTS, counted_as
from decrimsim.law import CompiledLaws
from decrimsim.law.words import COUNTER
from decrimsim.scenario import Scenario
from decrimsim.schema import CASES

Row = dict[str, Any]
_ONLY_LAW = np.zeros(1, np.int64)
_CODES = {column.name: column.codes for column in CASES}


class History:
    """A person's earlier cases under one law, and what the law keeps of them."""

    def __init__(self, judge: Judge, scenario: Scenario, seed: int, replicate: int, person: Row, number: int) -> None:
        self.judge, self.scenario = judge, scenario
        who, draws = chance.scrambled(np.array([number])), chance.Draws(seed, replicate)
        prior_supply32 = chance.chance32(scenario.people.prior_supply_conviction.value)
        self.had = bool(person["had_conviction"])
        self.had_supply = self.had and bool(draws.under("people.record", who, prior_supply32, 1)[0])
        self.asks = asks_to_clear(scenario, seed, replicate, who)

    @property
    def laws(self) -> CompiledLaws:
        """The one law, as arrays."""
        return self.judge.laws

    def records(self, cases: list[Row], is_regulated: list[bool], day: int) -> dict[str, int]:
        """Return the record on a day: cautions, notices, reports and losses at once, convictions while they stand."""
        stands = [case for case in cases if self._stands(case, day)]
        has_cleared = self.laws.expunge_before[0] and clears(self.scenario, self.laws, _ONLY_LAW, np.array([self.had_supply]), self.asks)[0]
        before = self.had and not has_cleared
        return {
            "cautions": sum(case["police"] == "caution" for case in cases),
            "notices": sum(case["police"] == "notice" for case in cases),
            "reports": sum(is_regulated),
            "convictions": int(before) + len(stands),
            "supply_convictions": int(before and self.had_supply) + sum(case["verdict"] == "supply" for case in stands),
            "job_losses": sum(case["is_job_lost"] for case in cases),
            "home_losses": sum(case["is_home_lost"] for case in cases),
        }

    def repeats(self, cases: list[Row], is_regulated: list[bool], day: int) -> list[str]:
        """Return what earlier cases add on a day, by the law's rules on repeats and their windows."""
        days: dict[str, list[int]] = {name: [] for name in COUNTER}
        for case, regulated in zip(cases, is_regulated, strict=True):
            codes = {name: np.array([_CODES[name].index(case[name])]) for name in ("police", "line", "notice", "panel", "prosecutor")}
            counted = counted_as(codes | {"sanctions": np.array([case["sanctions"]])}, np.array([regulated]), self.laws.panel[:1])
            for name, flag in counted.items():
                days[name] += [case["day"]] * bool(flag[0])
        days["convictions"] = [-1] * self.had + [falls for case in cases if (falls := _falls(case)) is not None and falls <= day]
        found = []
        rules = zip(self.laws.strike_counter[0], self.laws.strike_earlier[0], self.laws.strike_window_days[0], self.laws.strike_effect[0], strict=True)
        for counter, earlier, window, effect in rules:
            counts = [at for at in days[list(COUNTER)[counter]] if window == 0 or day - at <= window]
            if effect and len(counts) >= earlier:
                found.append(EFFECTS[effect])
        return found

    def _stands(self, case: Row, day: int) -> bool:
        """Return whether a conviction of a case stands on a day."""
        falls = _falls(case)
        if falls is None or falls > day:
            return False
        cleared = cleared_on(self.scenario, self.laws, _ONLY_LAW, np.array([falls]), np.array([case["verdict"] == "supply"]), self.asks)[0]
        return not 0 <= cleared <= day and not (case["appeal"] == "allowed" and case["appeal_day"] <= day)


def _falls(case: Row) -> int | None:
    """Return the day on which a case's conviction goes on record, or None."""
    return int(falls_on(case["day"], np.array([case["closed_day"]]))[0]) if case["verdict"] in ("possession", "supply") else None


def with_history(given: CaseInput, history: History, cases: list[Row], is_regulated: list[bool]) -> CaseInput:
    """Return a case with the person's record and what earlier cases add on its day."""
    records = history.records(cases, is_regulated, given.day)
    return replace(
        given,
        records=records,
        repeats=history.repeats(cases, is_regulated, given.day),
        keeps_job=records["job_losses"] == 0,
        keeps_home=given.keeps_home and records["home_losses"] == 0,
    )
