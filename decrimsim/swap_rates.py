"""Swap: the same people, with a group stopped, cautioned and given notices as the reference group is.

Level 7. What is left of a disparity under swapped rates does not come from those three decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from decrimsim import api
from decrimsim.comparison import Comparison
from decrimsim.errors import InputError, nearest, printable
from decrimsim.law import Law
from decrimsim.report.frames import SMALLEST_CELL, flat
from decrimsim.report.text import NO_PEOPLE, aligned
from decrimsim.report.words import CUT_WORDS, plain
from decrimsim.scenario import Scenario, load_scenario, vary
from decrimsim.schema import CUTS
from decrimsim.statistics import MONTE_CARLO_ONLY, Estimate, count_of, difference_of, with_interval

if TYPE_CHECKING:
    import pandas as pd

FACTORS = ("police.stop_factor", "practice.police.caution_factor", "practice.police.notice_factor")
SHOWN = ("contact", "recorded", "criminal", "supply", "custodial")


@dataclass(frozen=True, eq=False, repr=False)
class Swap:
    """A comparison as it is and with swapped rates, on the same people and luck.

    axis       the equity axis
    reference  the category whose rates everybody of the axis gets
    changes    what was changed in the scenario, by path
    """

    axis: str
    reference: str
    changes: dict[str, float]
    as_is: Comparison
    swapped: Comparison

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each category, law and cut: people per 1,000 of the group as it is, with swapped rates, and the difference.

        Groups of fewer than 10 simulated people have no numbers.
        """
        rows: list[dict[str, object]] = []
        for category, group in self._groups():
            people = self.as_is.summary.group_people(group)
            for law, key in enumerate(self.as_is.summary.keys):
                for c, cut in enumerate(CUTS):
                    place: dict[str, object] = {self.axis: category, "law": key, "cut": cut, "against": self.reference}
                    if people < SMALLEST_CELL:
                        rows.append({**place, **flat(None, "as_is_"), **flat(None, "swapped_"), **flat(None, "difference_")})
                        continue
                    old, new, change = self._estimates(group, law, c, people)
                    rows.append({**place, **flat(old, "as_is_"), **flat(new, "swapped_"), **flat(change, "difference_")})
        return rows

    def _groups(self) -> list[tuple[str, int]]:
        kind = f"{self.axis} (axis)" if self.axis in ("region", "role", "main substance") else self.axis
        return [(category, i) for i, (one, category) in enumerate(self.as_is.measures[0].groups) if one == kind]

    def _estimates(self, group: int, law: int, cut: int, people: float) -> tuple[Estimate, Estimate, Estimate]:
        """Return people with a cut per 1,000 of the group: as it is, swapped, and the paired difference."""
        old, new = ([float(m.group_flags[law, group, cut]) for m in one.measures] for one in (self.as_is, self.swapped))
        per_1000 = 1000 / people
        return count_of(old).times(per_1000), count_of(new).times(per_1000), difference_of(new, old).times(per_1000)

    def to_pandas(self) -> pd.DataFrame:
        """Return rows() as a frame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"axis": self.axis, "reference": self.reference, "changes": self.changes, "per_1000_of_the_group": self.rows()}

    def lines(self) -> list[str]:
        """Return a sentence for each category whose rates were changed, under the baseline."""
        moved = {path.rpartition(".")[2] for path in self.changes}
        texts = []
        for category, group in self._groups():
            people = self.as_is.summary.group_people(group)
            if category not in moved or people < SMALLEST_CELL:
                continue
            parts = [f"{CUT_WORDS[cut].lower()} {with_interval(self._estimates(group, 0, CUTS.index(cut), people)[2], signed=True)}" for cut in SHOWN]
            texts.append(f"{plain(category)}, with the rates of {plain(self.reference)}: {'; '.join(parts)} per 1,000 of the group.")
        return texts

    def __repr__(self) -> str:
        what = ", ".join(f"{path} = {value:g}" for path, value in self.changes.items())
        rates = f"Everybody gets the rates of {plain(self.reference)}: {what}."
        if not self.as_is.people:
            return f"{rates}\n{NO_PEOPLE}"
        header = ["Difference with swapped rates, per 1,000 of the group", *(printable(key, 40) for key in self.as_is.summary.labels)]
        rows = []
        for category, group in self._groups():
            people = self.as_is.summary.group_people(group)
            for cut in SHOWN:
                laws = range(len(self.as_is.laws))
                cells = [
                    "hidden" if people < SMALLEST_CELL else with_interval(self._estimates(group, law, CUTS.index(cut), people)[2], signed=True) for law in laws
                ]
                rows.append([f"{plain(category)}: {CUT_WORDS[cut]}", *cells])
        return f"{rates} {MONTE_CARLO_ONLY}\n\n{aligned(header, rows)}"


def swap(scenario: Scenario | str | Path, laws: Sequence[Law | str] | None = None, *, axis: str, reference: str | None = None, **options: Any) -> Swap:
    """Compare laws as they are and with the stop, caution and notice rates of one group given to all groups of an axis.

    axis       an equity axis of the scenario, such as 'indigenous'
    reference  the category whose factors count for all; the first when None
    options    as in compare
    Raises InputError for an axis without factors, or where a factor would have to be written first.

    >>> swap("nsw", axis="indigenous", people=200, days=20, replicates=2, progress=False).reference
    'non_aboriginal'
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    axes = scenario.people.axes
    if axis not in axes:
        raise InputError(
            f"there is no axis {printable(axis)!r}.", where="axis", got=axis, wanted="an equity axis of the scenario", hint=nearest(axis, list(axes))
        )
    categories = list(axes[axis])
    chosen = categories[0] if reference is None else reference
    if chosen not in categories:
        raise InputError(f"{axis} has no category {printable(chosen)!r}.", where="reference", got=chosen, hint=nearest(chosen, categories))
    changes = rate_changes(scenario, axis, chosen)
    as_is = api.compare(scenario, laws, keep_tables=False, **options)
    swapped = api.compare(vary(scenario, changes), list(as_is.laws)[1:], keep_tables=False, **options)  # type: ignore[arg-type]
    return Swap(axis, chosen, changes, as_is, swapped)


def rate_changes(scenario: Scenario, axis: str, reference: str) -> dict[str, float]:
    """Return the factors to change, by path: every written factor of the axis becomes the reference's, which is 1 where none is written.

    Raises InputError where no factor differs, or one would have to be written first.
    """
    categories = list(scenario.people.axes[axis])
    known = dict(scenario.parameters())
    changes: dict[str, float] = {}
    for factor in FACTORS:
        written = {category: known[path] for category in categories if (path := f"{factor}.{axis}.{category}") in known}
        target = written[reference].number() if reference in written else 1.0
        missing = [category for category in categories if category not in written]
        if target != 1.0 and missing:
            raise InputError(
                f"{factor} has no number for {missing[0]}, and that of {reference} is {target:g}.",
                where=f"{factor}.{axis}",
                got=missing[0],
                hint=f"Write {factor}.{axis}.{missing[0]} with the value 1 into the scenario, or choose another reference",
            )
        changes |= {f"{factor}.{axis}.{category}": target for category, one in written.items() if one.number() != target}
    if not changes:
        raise InputError(f"no rate differs between the groups of {axis}.", where="axis", got=axis, wanted="an axis with stop, caution or notice factors")
    return changes
