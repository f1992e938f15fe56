"""Comparison: the same people and the same chances under two or more laws. Curve: one limit moved along a line.

Level 7: a façade over measures, statistics, tables, plots and reports. It computes nothing itself.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from decrimsim.errors import InputError
from decrimsim.measures import ReplicateMeasures
from decrimsim.measures.contribution import Contribution
from decrimsim.measures.responses import Responses
from decrimsim.measures.sensitivity import Sensitivity
from decrimsim.measures.summary import LawLike, Settings, Summary
from decrimsim.scenario.model import Mode, Scenario
from decrimsim.tables import ReplicateTables

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from decrimsim.line_exposure import Exposure
    from decrimsim.report.curve import CurveData
    from decrimsim.report.extras import Extras


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """The results of a run: print it, plot it, save it. The first law is the baseline.

    measures    whole numbers of each replicate
    tables      what happened, row by row, where it was kept
    sensitivity how each answer moves with the widest inputs, where it was computed
    contributions  what each mechanism contributes, where it was computed
    responses   the same laws under every answer that people might give to them, where it was computed
    strategies  the same laws under every strategy by which police might work, where it was computed
    curve       one limit moved, where it was computed: shown in the report
    exposed     exposure without police, where it was computed: shown in the report
    swaps       sentences on swapped stop rates, where they were computed: shown in the report
    elapsed     seconds that the run took
    """

    scenario: Scenario
    laws: tuple[LawLike, ...]
    measures: tuple[ReplicateMeasures, ...]
    people: int
    days: int
    replicates: int
    seed: int
    mode: Mode
    tables: tuple[ReplicateTables, ...] | None = None
    sensitivity: tuple[Sensitivity, ...] = ()
    contributions: Contribution | None = None
    responses: tuple[Responses, ...] = ()
    strategies: tuple[Responses, ...] = ()
    curve: Curve | None = None
    exposed: Exposure | None = None
    swaps: tuple[str, ...] = ()
    elapsed: float | None = None

    @cached_property
    def summary(self) -> Summary:
        """Means, paired differences and ratios of every law against the baseline."""
        settings = Settings(self.people, self.days, self.replicates, self.seed, self.mode)
        return Summary(self.scenario, tuple(self.laws), tuple(self.measures), settings)

    @property
    def extras(self) -> Extras:
        """What a full report shows besides, as far as it was computed."""
        from decrimsim.report.extras import Extras

        curve, exposed = self.curve, self.exposed
        return Extras(
            sensitivity=self.sensitivity,
            contributions=self.contributions,
            responses=self.responses,
            strategies=self.strategies,
            curve=curve.data if curve else None,
            exposure=exposed.data if exposed else None,
            swaps=self.swaps,
        )

    @property
    def settings(self) -> Settings:
        """How much was simulated."""
        return self.summary.settings

    @property
    def baseline(self) -> LawLike:
        """The law that the others are compared with."""
        return self.laws[self.summary.baseline]

    def __repr__(self) -> str:
        from decrimsim.report.text import text_report

        return text_report(self.summary)

    def _repr_html_(self) -> str:
        from decrimsim.report.html import html_tables

        return html_tables(self.summary)

    def to_json(self) -> dict[str, object]:
        """Return all results as plain data, in simulated people; money in major units."""
        return self.summary.to_json()

    def to_pandas(self) -> pd.DataFrame:
        """Return one row for each law and outcome: mean, error, interval, and the paired difference from the baseline."""
        from decrimsim.report.frames import outcomes_frame

        return outcomes_frame(self.summary)

    def net_widening(self) -> pd.DataFrame:
        """Return one row for each law and cut: people, gross flows, net widening, ratio, with intervals and bounds."""
        from decrimsim.report.frames import widening_frame

        return widening_frame(self.summary)

    def ledger(self, law: str | int) -> pd.DataFrame:
        """Return mean people by highest rung under the baseline (rows) and under the law (columns)."""
        from decrimsim.report.frames import ledger_frame

        return ledger_frame(self.summary, self.summary.law(law))

    def by(self, kind: str) -> pd.DataFrame:
        """Return outcomes and cuts per 1,000 people of each group: an equity axis, 'region', 'role', 'main substance' or 'reason'."""
        from decrimsim.report.frames import groups_frame

        return groups_frame(self.summary, kind)

    def relative_rates(self, kind: str) -> pd.DataFrame:
        """Return where a disparity starts: each group's rate at each stage against the first group of its kind; the stages multiply to end_to_end."""
        from decrimsim.report.frames import relative_frame

        return relative_frame(self.summary, kind)

    def misclassified(self) -> pd.DataFrame:
        """Return finds by what the drugs were for and how far the case went as supply, under each law."""
        from decrimsim.report.frames import purposes_frame

        return purposes_frame(self.summary)

    def causes(self) -> pd.DataFrame:
        """Return net widening by law, cut and first cause: the threshold, cumulative rules, police effort, the administrative route, repeat rules, others."""
        from decrimsim.report.detail_frames import causes_frame

        return causes_frame(self.summary)

    def mesh(self) -> pd.DataFrame:
        """Return the quantity at which a contact has an even chance to end with each cut, by law and substance."""
        from decrimsim.report.detail_frames import mesh_frame

        return mesh_frame(self.summary)

    def classifier(self) -> pd.DataFrame:
        """Return right and wrong calls of supply, by law, truth and stage, with rates, predictive value and area under the curve."""
        from decrimsim.report.detail_frames import classifier_frame

        return classifier_frame(self.summary)

    def process(self) -> pd.DataFrame:
        """Return time to resolution, clearance, disposition time, backlog and time held before trial, by law."""
        from decrimsim.report.detail_frames import process_frame

        return process_frame(self.summary)

    def gaps(self, kind: str) -> pd.DataFrame:
        """Return gaps in false positives, days in custody and net widening by group: an equity axis, 'region', 'role' or 'main substance'."""
        from decrimsim.report.detail_frames import gaps_frame

        return gaps_frame(self.summary, kind)

    def exposure(self, *, people: int | None = None, replicates: int | None = None, workers: int = 1) -> Exposure:
        """Return how often what people hold or buy is above each law's line when nobody is stopped: what was computed, else a new run of this size."""
        from decrimsim.line_exposure import live_without_police

        if self.exposed is not None and people is None and replicates is None:
            return self.exposed
        n_people, n = self.people if people is None else people, self.replicates if replicates is None else replicates
        return live_without_police(self.scenario, self.laws, people=n_people, days=self.days, replicates=n, seed=self.seed, workers=workers)

    def plot_roc(self, truth: str = "law", ax: Axes | None = None) -> Axes:
        """Draw true against false positives as the line moves, with the four stages; truth is 'law' or 'guide'; return the axes."""
        from decrimsim.report.pictures import plot_roc

        return plot_roc(self.summary, truth=truth, ax=ax)

    def plot_decision_curve(self, truth: str = "law", stage: str = "amount", ax: Axes | None = None) -> Axes:
        """Draw what the line is worth over the weight of a wrong call; return the axes."""
        from decrimsim.report.pictures import plot_decision_curve

        return plot_decision_curve(self.summary, truth=truth, stage=stage, ax=ax)

    def plot_backlog(self, ax: Axes | None = None) -> Axes:
        """Draw cases pending by day under each law; return the axes."""
        from decrimsim.report.pictures import plot_backlog

        return plot_backlog(self.summary, ax=ax)

    def plot_net_widening(self, ax: Axes | None = None) -> Axes:
        """Draw people newly reached and no longer reached, by cut and law; return the axes."""
        from decrimsim.plots import plot_net_widening

        return plot_net_widening(self.summary, ax=ax)

    def plot_ledger(self, law: str | int, ax: Axes | None = None) -> Axes:
        """Draw the ledger of a law as a heat table; return the axes."""
        from decrimsim.plots import plot_ledger

        return plot_ledger(self.summary, self.summary.law(law), ax=ax)

    def to_html(self) -> str:
        """Return the report: one page that opens anywhere, without a network."""
        from decrimsim.report.html import html_report

        return html_report(self.summary, self.extras)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write report, plots, results and tables into a folder and return it. The manifest is written last.

        Raises InputError when the folder cannot be written, or holds a complete run of something else.
        """
        from decrimsim.export import save_results

        return save_results(self.summary, folder, tables=self.tables, extras=self.extras)


@dataclass(frozen=True, eq=False, repr=False)
class Curve:
    """What happens as one limit moves: one law for each point, after the baseline.

    comparison  the baseline, then one law for each point, in the order of points
    path        dotted path of the limit that moves
    points      (text as the user wrote it, amount in micrograms or dose units), rising
    """

    comparison: Comparison
    path: str
    points: Sequence[tuple[str, int]]

    def __post_init__(self) -> None:
        if len(self.points) != len(self.comparison.laws) - 1:
            raise InputError(
                f"{len(self.points)} points do not go with {len(self.comparison.laws)} laws.",
                where="Curve",
                wanted="one law for each point, after the baseline",
            )

    @cached_property
    def data(self) -> CurveData:
        """The results along the curve, as reports and plots read them."""
        from decrimsim.report.curve import CurveData

        return CurveData(self.comparison.summary, self.path, tuple(self.points))

    def __repr__(self) -> str:
        from decrimsim.report.curve import curve_text

        return curve_text(self.data)

    def _repr_html_(self) -> str:
        from decrimsim.report.html import html_curve

        return html_curve(self.data)

    def to_pandas(self) -> pd.DataFrame:
        """Return one row for each point and outcome or cut, with the paired difference from the baseline."""
        from decrimsim.report.curve import curve_frame

        return curve_frame(self.data)

    def to_json(self) -> dict[str, object]:
        """Return all points as plain data, beside the results of the comparison."""
        from decrimsim.report.curve import curve_json

        return curve_json(self.data)

    def simultaneous(self, measure: str = "users_charged_supply") -> pd.DataFrame:
        """Return a row for each point, per 1,000 people, with an interval for the point alone and one that holds for all points at once."""
        import pandas as pd

        from decrimsim.report.curve import simultaneous_rows

        return pd.DataFrame(simultaneous_rows(self.data, measure))

    def best(self, measure: str = "users_charged_supply", *, lowest: bool = True) -> dict[str, object]:
        """Return the limit at which an outcome or a cut ('people_supply') is lowest or highest, and how sure that is over replicates."""
        from decrimsim.report.curve import best_limit

        return best_limit(self.data, measure, lowest=lowest)

    def plot(self, ax: Axes | None = None, outcome: str = "users_charged_supply", cut: str = "supply") -> Axes:
        """Draw an outcome and the people with a cut over the limit, per 1,000 people, as steps; return the axes."""
        from decrimsim.plots import plot_curve

        return plot_curve(self.data, ax=ax, outcome=outcome, cut=cut)

    def to_html(self) -> str:
        """Return the report of the curve: one page that opens anywhere, without a network."""
        from decrimsim.report.html import html_report

        return html_report(self.comparison.summary, replace(self.comparison.extras, curve=self.data))

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write report, plots, results and tables into a folder and return it. The manifest is written last."""
        from decrimsim.export import save_results

        return save_results(self.comparison.summary, folder, tables=self.comparison.tables, extras=replace(self.comparison.extras, curve=self.data))


__all__ = ["Comparison", "Curve"]
