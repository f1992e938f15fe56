"""What several replicates say together: every law against the baseline, as means with Monte Carlo error.

Level 5. Counts are in simulated people or events, money in major units; nothing is scaled here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from decrimsim.errors import InputError, nearest, printable
from decrimsim.law.mechanics import section_of
from decrimsim.measures.indicators import INDICATORS, SHARES
from decrimsim.measures.pairing import Pairing, pairing_of
from decrimsim.measures.places import FLOWS, PLACES
from decrimsim.measures.readings import details_json
from decrimsim.measures.replicate import ReplicateMeasures
from decrimsim.scenario.model import Mode, Scenario
from decrimsim.scenario.switched import simulated_of
from decrimsim.schema import BEHAVIOUR, CUTS, OUTCOMES, RUNGS, SERVICE_KINDS
from decrimsim.statistics import Estimate, count_of, difference_of, frechet, mean_of, ratio_of, share_gap_of, share_of
from decrimsim.units import MINOR_PER_MAJOR


class LawLike(Protocol):
    """As much of a law as results need."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def date(self) -> object: ...
    @property
    def hash(self) -> str: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def raw(self) -> dict[str, Any]: ...
    @property
    def not_simulated(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Settings:
    """How much was simulated. ``replicates`` is what was asked for; a run that was cut short has fewer measures."""

    people: int
    days: int
    replicates: int
    seed: int
    mode: Mode


@dataclass(frozen=True)
class NetWidening:
    """People at one cut under one law against the baseline. ``*_bounds`` hold for any coupling of the two worlds."""

    cut: str
    gross_widening: Estimate
    gross_narrowing: Estimate
    net: Estimate
    ratio: Estimate | None
    denser: Estimate
    widening_bounds: tuple[float, float]
    narrowing_bounds: tuple[float, float]

    def to_json(self) -> dict[str, object]:
        """Return plain data; an undefined ratio is None."""
        return {
            "gross_widening": self.gross_widening.to_json() | {"frechet": list(self.widening_bounds)},
            "gross_narrowing": self.gross_narrowing.to_json() | {"frechet": list(self.narrowing_bounds)},
            "net": self.net.to_json(),
            "ratio": None if self.ratio is None else self.ratio.to_json(),
            "denser": self.denser.to_json(),
        }


Pick = Callable[[ReplicateMeasures], object]


@dataclass(frozen=True, eq=False)
class Summary:
    """Scenario, laws and measures of all replicates; the first law is the baseline."""

    scenario: Scenario
    laws: tuple[LawLike, ...]
    measures: tuple[ReplicateMeasures, ...]
    settings: Settings
    keys: tuple[str, ...] = field(init=False)
    """one text for each law, for files and programs: its id, with the date of a chosen version"""
    labels: tuple[str, ...] = field(init=False)
    """one text for each law, for people: the name it was given, else its key"""

    def __post_init__(self) -> None:
        if not self.measures or len(self.laws) != self.measures[0].n_laws:
            raise InputError(
                f"{len(self.laws)} laws do not go with the measures.",
                where="Comparison",
                wanted="at least one replicate, and one law for each law that was run",
            )
        object.__setattr__(self, "keys", law_keys(self.laws))
        names = [law.name if law.name != law.id else key for law, key in zip(self.laws, self.keys, strict=True)]
        object.__setattr__(self, "labels", tuple(name if names.count(name) == 1 else key for name, key in zip(names, self.keys, strict=True)))

    @property
    def baseline(self) -> int:
        """The number of the law that the others are compared with."""
        return self.measures[0].baseline

    @property
    def n_people(self) -> int:
        """Simulated people in each replicate."""
        return self.measures[0].n_people

    def law(self, law: str | int) -> int:
        """Return the number of a law given by id, name or number. Raises InputError for an unknown one."""
        if isinstance(law, int) and not isinstance(law, bool) and -len(self.laws) <= law < len(self.laws):
            return law % len(self.laws)
        for names in (self.keys, self.labels):
            if law in names:
                return names.index(str(law))
        raise InputError(f"there is no law {printable(law)!r} in this comparison.", where="law", got=law, hint=nearest(str(law), self.keys))

    def mean(self, pick: Pick) -> Estimate:
        """Return the mean over replicates of the count that pick takes from the measures; its interval is never below zero."""
        return count_of(self.values(pick))

    def values(self, pick: Pick) -> list[float]:
        """Return the number that pick takes from the measures of each replicate; whole numbers stay whole."""
        return [float(np.asarray(pick(one))) for one in self.measures]

    def outcome(self, law: int, outcome: str) -> Estimate:
        """Return the mean of an outcome under a law; money in major units."""
        return self.mean(self._pick(law, outcome)).times(scale(outcome))

    def outcome_difference(self, law: int, outcome: str) -> Estimate:
        """Return the mean of the paired difference from the baseline; money in major units."""
        return self.difference(self._pick(law, outcome), self._pick(self.baseline, outcome)).times(scale(outcome))

    def outcome_ratio(self, law: int, outcome: str) -> Estimate | None:
        """Return the ratio of means to the baseline, or None where the baseline has none."""
        return ratio_of(self.values(self._pick(law, outcome)), self.values(self._pick(self.baseline, outcome)))

    def is_never(self, outcome: str) -> bool:
        """Tell whether an outcome happened under no law in no replicate."""
        at = known(outcome, OUTCOMES, "outcome")
        return not any(one.outcomes[:, at].any() for one in self.measures)

    def behaviour(self, law: int, what: str) -> Estimate:
        """Return the mean of what everybody's days come to under a law: one of schema.BEHAVIOUR."""
        at = known(what, BEHAVIOUR, "behaviour")
        return self.mean(lambda m: m.behaviour[law, at])

    def behaviour_difference(self, law: int, what: str) -> Estimate:
        """Return the mean of the paired difference of what people do from the baseline."""
        at = known(what, BEHAVIOUR, "behaviour")
        return self.difference(lambda m: m.behaviour[law, at], lambda m: m.behaviour[m.baseline, at])

    def place_kinds(self) -> list[str]:
        """Return the kinds of services whose places were counted; none where services are not simulated or no period was whole."""
        return [kind for i, kind in enumerate(SERVICE_KINDS) if any(one.places[:, i, -1].any() for one in self.measures)]

    def places(self, law: int, what: str, kind: str | None = None) -> Estimate:
        """Return the mean over replicates of one of places.PLACES for a kind of service (None: all kinds): over the periods, or in all for who asked."""
        i = known(what, PLACES, "count of places")
        at = slice(None) if kind is None else slice((k := known(kind, SERVICE_KINDS, "kind of service")), k + 1)

        def count(m: ReplicateMeasures) -> float:
            n_periods = np.ones(1) if what in FLOWS else np.maximum(m.places[law, at, -1], 1)
            return float((m.places[law, at, i] / n_periods).sum())

        return self.mean(count)

    def not_simulated(self, law: int) -> list[str]:
        """Return what the law says and the simulation of this world does not act on: without what the world describes and has switched on."""
        section = {text: section_of(text) for text in self.laws[law].not_simulated}
        has = simulated_of(self.scenario, section.values())
        return [text for text, where in section.items() if where not in has]

    def pairing(self, law: int, outcome: str) -> Pairing:
        """Return how the law and the baseline move together over replicates: what the same people and luck are worth."""
        return pairing_of(self.values(self._pick(law, outcome)), self.values(self._pick(self.baseline, outcome)))

    def has_indicator(self, indicator: str) -> bool:
        """Tell whether an indicator is simulated in this world."""
        return self.measures[0].indicators[INDICATORS[known(indicator, INDICATORS, "indicator")]] is not None

    def indicator(self, law: int, indicator: str) -> Estimate | None:
        """Return the mean of an indicator of the guide under a law, or None where it is not simulated, or is a share of nothing."""
        if not self.has_indicator(indicator):
            return None
        return share_of(*self._parts(law, indicator)) if indicator in SHARES else self.mean(lambda m: self._told(m, indicator)[law])

    def indicator_difference(self, law: int, indicator: str) -> Estimate | None:
        """Return the mean of the paired difference from the baseline, or None where it is not simulated, or is a share of nothing."""
        if not self.has_indicator(indicator):
            return None
        if indicator in SHARES:
            return share_gap_of(*self._parts(law, indicator), *self._parts(self.baseline, indicator))
        return self.difference(lambda m: self._told(m, indicator)[law], lambda m: self._told(m, indicator)[m.baseline])

    def _parts(self, law: int, indicator: str) -> tuple[list[float], list[float]]:
        """Return part and whole of a share by replicate."""
        return self.values(lambda m: self._told(m, indicator)[law, 0]), self.values(lambda m: self._told(m, indicator)[law, 1])

    @staticmethod
    def _told(measures: ReplicateMeasures, indicator: str) -> npt.NDArray[np.float64]:
        told = measures.indicators[indicator]
        assert told is not None
        return told

    def _indicator_json(self, law: int, indicator: str) -> dict[str, object] | None:
        mean, change = self.indicator(law, indicator), self.indicator_difference(law, indicator)
        return None if mean is None else mean.to_json() | {"difference": None if change is None else change.to_json()}

    def revisions(self, law: int) -> list[dict[str, object]]:
        """Return the revisions of a law by its own review clause, replicate by replicate."""
        return [
            {"replicate": one.replicate, "day": day, "factor": factor, "metric": metric} for one in self.measures for day, factor, metric in one.revisions[law]
        ]

    def net_widening(self, law: int, cut: str) -> NetWidening:
        """Return gross flows, net widening and their ratio at a cut."""
        at = known(cut, CUTS, "cut")
        n_new, n_old = self.values(lambda m: m.widening.n_flag[law, at]), self.values(lambda m: m.widening.n_flag[m.baseline, at])
        mean_new, mean_old = mean_of(n_new).mean, mean_of(n_old).mean
        return NetWidening(
            cut=cut,
            gross_widening=self.mean(lambda m: m.widening.gross_widening[law, at]),
            gross_narrowing=self.mean(lambda m: m.widening.gross_narrowing[law, at]),
            net=difference_of(n_new, n_old),
            ratio=ratio_of(n_new, n_old),
            denser=self.mean(lambda m: m.widening.denser[law, at]),
            widening_bounds=frechet(mean_old, mean_new, self.n_people),
            narrowing_bounds=frechet(mean_new, mean_old, self.n_people),
        )

    def with_cut(self, law: int, cut: str) -> Estimate:
        """Return the mean number of people with a cut under a law."""
        at = known(cut, CUTS, "cut")
        return self.mean(lambda m: m.widening.n_flag[law, at])

    def ledger(self, law: int) -> npt.NDArray[np.float64]:
        """Return the mean ledger (rungs under the baseline, rungs under the law), in people."""
        total = np.sum([m.widening.ledger[law] for m in self.measures], axis=0)
        return np.asarray(total / len(self.measures), np.float64)

    def group_people(self, group: int) -> float:
        """Return the mean number of simulated people in a group; replicates have new people, so it differs between them."""
        return self.mean(lambda m: m.group_people[group]).mean

    def purposes(self, law: int) -> npt.NDArray[np.float64]:
        """Return mean cases (purposes, stages of supply)."""
        total = np.sum([m.purposes[law] for m in self.measures], axis=0)
        return np.asarray(total / len(self.measures), np.float64)

    def supplement_index(self, law: int) -> float | None:
        """Return 1 - (court entries under the baseline - under the law) / (diversions under the law - under the baseline), from means.

        0 is true diversion, 1 pure supplement; None unless the law diverts more than the baseline.
        """
        court, diverted = (sum(int(m.entries[law, i]) - int(m.entries[m.baseline, i]) for m in self.measures) for i in (0, 1))
        return 1 + court / diverted if diverted > 0 else None

    def to_json(self) -> dict[str, object]:
        """Return all results as plain data without NaN, the same for the same run."""
        laws: dict[str, object] = {}
        for law, key in enumerate(self.keys):
            outcomes = {
                name: self.outcome(law, name).to_json() | {"difference": self.outcome_difference(law, name).to_json() | self.pairing(law, name).to_json()}
                for name in OUTCOMES
            }
            widening = {cut: self.net_widening(law, cut).to_json() for cut in CUTS}
            laws[key] = {
                "name": self.laws[law].name,
                "hash": self.laws[law].hash,
                "changes": dict(getattr(self.laws[law], "changed", ())),
                "notes": list(self.laws[law].notes),
                "not_simulated": self.not_simulated(law),
                "outcomes": outcomes,
                "revisions": self.revisions(law),
                "behaviour": {name: self.behaviour(law, name).to_json() | {"difference": self.behaviour_difference(law, name).to_json()} for name in BEHAVIOUR},
                "places": {kind: {what: self.places(law, what, kind).to_json() for what in PLACES} for kind in self.place_kinds()} or None,
                "indicators": {name: self._indicator_json(law, name) for name in INDICATORS},
                "net_widening": widening,
                "ledger": self.ledger(law).tolist(),
                **details_json(self, law),
            }
        return {
            "scenario": self.scenario.id,
            "baseline": self.keys[self.baseline],
            "people": self.settings.people,
            "days": self.settings.days,
            "replicates": len(self.measures),
            "seed": self.settings.seed,
            "mode": self.settings.mode,
            "currency": self.scenario.currency,
            "rungs": list(RUNGS),
            "laws": laws,
        }

    def _pick(self, law: int, outcome: str) -> Pick:
        at = known(outcome, OUTCOMES, "outcome")
        return lambda m: m.outcomes[law, at]

    def difference(self, new: Pick, old: Pick) -> Estimate:
        """Return the mean over replicates of the difference of two counts in the same replicate."""
        return difference_of(self.values(new), self.values(old))


def scale(outcome: str) -> float:
    """Return what one counted unit of the outcome is worth: money is counted in minor units and told in major ones."""
    return 1 / MINOR_PER_MAJOR if outcome == "cost" else 1.0


def known(name: str, names: Sequence[str], what: str) -> int:
    """Return the place of name among names. Raises InputError with the nearest one."""
    if name not in names:
        raise InputError(f"there is no {what} {printable(name)!r}.", where=what, got=name, hint=nearest(name, names))
    return list(names).index(name)


def law_keys(laws: Sequence[LawLike]) -> tuple[str, ...]:
    """Return one text for each law: its id, with the date where a version was chosen; with its number where that is not its own."""
    keys = [law.id if law.date is None else f"{law.id}@{law.date}" for law in laws]
    return tuple(key if keys.count(key) == 1 else f"{key} ({i})" for i, key in enumerate(keys))
