"""A scenario: a world, a baseline law, candidate laws, run settings.

Level 3. Validation happens once, when a file is read; a scenario is frozen and is changed only by making another.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from decrimsim.errors import nearest
from decrimsim.parameters import ASSUMPTION, Amount, Model, Param
from decrimsim.scenario.buying import check_names
from decrimsim.scenario.health import Health
from decrimsim.scenario.people import Carrying, Market, PeopleSection, Substance, check_shares
from decrimsim.scenario.practice import Costs, Evidence, Police, Practice
from decrimsim.scenario.services import Services
from decrimsim.scenario.switches import SWITCHES

MODES = ("closed", "open")
Mode = Literal["closed", "open"]


class Source(Model):
    """Where a number comes from."""

    title: str
    href: str = ""
    year: str = ""
    note: str = ""


class RunSettings(Model):
    """How much is simulated when nothing else is asked for."""

    people: Annotated[int, Field(ge=0, le=100_000_000)] = 20_000
    days: Annotated[int, Field(ge=0, le=1_000_000)] = 365
    replicates: Annotated[int, Field(ge=1, le=100_000)] = 20
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    mode: Mode = "closed"


class CurveSettings(Model):
    """The limit that the report moves along a line, to draw the net-widening curve."""

    path: str
    """dotted path in the baseline law's file"""
    low: str
    high: str
    points: Annotated[int, Field(ge=2, le=1_000)] = 40


class Scenario(Model):
    """A world with its laws and settings."""

    schema_: Annotated[Literal["decrimsim.scenario/1"], Field(alias="schema")]
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    title: str
    question: str
    """the question that the scenario answers, as a parliament would ask it"""
    summary: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    period: str
    """which time and place the numbers describe"""
    baseline: str
    """law that the candidates are compared with"""
    candidates: tuple[str, ...]
    run: RunSettings = RunSettings()
    curve: CurveSettings | None = None
    switches: dict[str, bool] = Field(default_factory=dict)
    """mechanisms turned off, or named as on, by name; a mechanism whose sections are in the file is on unless it is false here"""
    sources: dict[str, Source]
    people: PeopleSection
    substances: dict[str, Substance]
    market: Market
    carrying: Carrying
    police: Police
    evidence: Evidence
    practice: Practice
    costs: Costs
    services: Services | None = None
    health: Health | None = None
    limits: tuple[str, ...]
    """what this world leaves out, in plain words, for the report"""

    @model_validator(mode="after")
    def _check(self) -> Scenario:
        if not self.substances:
            raise ValueError("a scenario needs at least one substance")
        if len(self.substances) > 60:
            raise ValueError(f"the scenario has {len(self.substances)} substances, and at most 60 are possible")
        _check_words(self.substances, (self.baseline, *self.candidates))
        market = self.market
        check_names(market.calendar, market.shortages, market.online, market.purity_by_form, {name: s.forms for name, s in self.substances.items()})
        check_shares({name: s.main for name, s in self.substances.items()}, "the main substances")
        axes = {axis: set(shares) for axis, shares in self.people.axes.items()}
        practice = self.practice.police
        violence = {"practice.police.violence.group_factor": practice.violence.group_factor} if practice.violence else {}
        for what, factors in (
            ("police.stop_factor", self.police.stop_factor),
            ("practice.police.caution_factor", practice.caution_factor),
            ("practice.police.notice_factor", practice.notice_factor),
            *violence.items(),
        ):
            for axis, by_category in factors.items():
                if axis not in axes:
                    raise ValueError(f"{what} names the axis {axis!r}; the axes of people are {sorted(axes)}. {nearest(axis, axes)}")
                unknown = set(by_category) - axes[axis]
                if unknown:
                    raise ValueError(f"{what}.{axis} names {sorted(unknown)}; the categories are {sorted(axes[axis])}. {nearest(min(unknown), axes[axis])}")
        for name in self.switches:
            if name not in SWITCHES:
                raise ValueError(f"switches.{name} is not a switch. {nearest(name, SWITCHES)}")
        unknown_limits = set(practice.guidelines.limits if practice.guidelines else ()) - set(self.substances)
        if unknown_limits:
            name = min(unknown_limits)
            raise ValueError(f"practice.police.guidelines.limits.{name} is not among the substances of this scenario. {nearest(name, self.substances)}")
        _check_services(self.services, self.substances)
        for name in self.health.harms if self.health else ():
            if name not in self.substances:
                raise ValueError(f"health.harms names {name!r}, which is not a substance of this world. {nearest(name, self.substances)}")
        if len(set(self.candidates)) < len(self.candidates):
            raise ValueError("a candidate law stands twice")
        for path, parameter in self.parameters():
            if parameter.source != ASSUMPTION and parameter.source not in self.sources:
                raise ValueError(f"{path} names the source {parameter.source!r}, which is not among the sources. {nearest(parameter.source, self.sources)}")
        return self

    def parameters(self) -> list[tuple[str, Param | Amount]]:
        """Return every parameter with its dotted path, in the order of the file's sections."""
        return list(_walk(self, ""))


def _check_services(services: Services | None, substances: dict[str, Substance]) -> None:
    """Raise ValueError for a service that is for a substance that nobody has."""
    for name, kind in services.kinds.items() if services else ():
        for substance in kind.substances:
            if substance not in substances:
                raise ValueError(
                    f"services.kinds.{name}.substances names {substance!r}, which is not a substance of this world. {nearest(substance, substances)}"
                )


def _check_words(substances: dict[str, Substance], laws: tuple[str, ...]) -> None:
    """Raise ValueError for a substance or a form that no law of the scenario could name: it would be outside every law without a word."""
    from decrimsim.law import load_law
    from decrimsim.law.words import FORMS, SUBSTANCES

    own = [name for name in substances if name not in SUBSTANCES]
    known = (*SUBSTANCES, *(name for law in laws for name in load_law(law).declared)) if own else SUBSTANCES
    for name, substance in substances.items():
        if name not in known:
            raise ValueError(f"substances.{name} is not a substance that laws know. {nearest(name, known)}")
        for form in substance.forms:
            if form not in FORMS:
                raise ValueError(f"substances.{name}.forms.{form} is not a form that laws know. {nearest(form, FORMS)}")


def _walk(node: object, path: str) -> list[tuple[str, Param | Amount]]:
    if isinstance(node, Param | Amount):
        return [(path, node)]
    found: list[tuple[str, Param | Amount]] = []
    if isinstance(node, Model):
        items = [(name, getattr(node, name)) for name in type(node).model_fields]
    elif isinstance(node, dict):
        items = list(node.items())
    elif isinstance(node, tuple):
        items = [(str(i), child) for i, child in enumerate(node)]
    else:
        return []
    for name, child in items:
        found += _walk(child, f"{path}.{name}" if path else str(name))
    return found
