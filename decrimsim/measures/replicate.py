"""All measures of one replicate: whole numbers, by law, and small (they do not grow with people).

Level 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim.chance import Q16
from decrimsim.law import CompiledLaws
from decrimsim.measures import cost, groups, holdings, rows
from decrimsim.measures.details import Details, details
from decrimsim.measures.indicators import Indicators, indicators
from decrimsim.measures.people import Met, positions, sums
from decrimsim.measures.places import place_sums
from decrimsim.measures.widening import Widening, widening
from decrimsim.scenario.model import Scenario
from decrimsim.schema import CUTS, OUTCOMES, PURPOSES, REASONS, REVIEW_METRICS, ROLES
from decrimsim.tables import ReplicateTables, Table, pack_laws

Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
PERSON_OUTCOMES = ("users_charged_supply", "users_convicted_supply", "suppliers_not_charged_supply")
ENTRIES = ("court", "diverted")
Revision = tuple[int, float, str]


@dataclass(frozen=True, eq=False)
class ReplicateMeasures:
    """Whole numbers of one replicate. Axes: laws in the order of the run, then as named; money in minor units.

    outcomes         (laws, outcomes)         schema.OUTCOMES
    cost_events      (laws, events)           how often each of cost.EVENTS happened
    cost_by_agency   (laws, agencies)         adds up to the outcome 'cost'
    entries          (laws, 2)                cases that entered a court; cases diverted from it
    widening                                  cuts and ledger against the baseline
    purposes         (laws, purposes, 5)      cases by main purpose and by rows.STAGES_OF_SUPPLY
    groups           ((kind, category), ...)  the first is everybody
    group_people     (groups,)
    group_outcomes   (laws, groups, outcomes)
    group_flags      (laws, groups, cuts)     people with the cut
    reason_outcomes  (laws, reasons, outcomes) cases whose drugs were held for the reason; overlapping
    reason_flags     (laws, reasons, cuts)
    details                                   causes, mesh, right and wrong calls, stages by group, the queue of cases
    behaviour        (laws, behaviour)        schema.BEHAVIOUR, over everybody
    places           (laws, services, places) sums over the periods, see places.place_sums
    revisions        for each law its revisions: last day before it holds, factor, what was measured
    indicators       (laws,) of each of INDICATORS, in major units or people, of a share (laws, 2): part and whole; None where not simulated
    """

    replicate: int
    n_people: int
    days: int
    baseline: int
    outcomes: Int
    cost_events: Int
    cost_by_agency: Int
    entries: Int
    widening: Widening
    purposes: Int
    groups: tuple[tuple[str, str], ...]
    group_people: Int
    group_outcomes: Int
    group_flags: Int
    reason_outcomes: Int
    reason_flags: Int
    details: Details
    behaviour: Int
    places: Int
    indicators: Indicators
    revisions: tuple[tuple[Revision, ...], ...]

    @property
    def n_laws(self) -> int:
        """How many laws were run."""
        return len(self.outcomes)


def measure(
    tables: ReplicateTables, scenario: Scenario, n_laws: int, baseline: int = 0, *, days: int | None = None, laws: CompiledLaws | None = None
) -> ReplicateMeasures:
    """Return the measures of one replicate under each of n_laws laws, compared with the law numbered baseline.

    tables    what happened, each row with the laws under which it is true
    scenario  for the categories of people and the unit costs
    days      length of the run; the scenario's own when None
    laws      the laws themselves, for what cannot be told from tables alone: causes of net widening, the line as a classifier
    """
    days = scenario.run.days if days is None else days
    met, cased = Met.of(tables.encounters), Met.of(tables.cases)
    member = groups.membership(tables.people, scenario)
    at_met, at_cased = positions(tables.people["person"], met.person), positions(tables.people["person"], cased.person)
    flags, case_flags = tables.encounters.flags(), tables.cases.flags()
    by_group = count_by_group(tables, scenario, member, met, cased)
    contact, cut_flags = by_group.contact, by_group.cut_flags
    purpose = holdings.main_purpose(tables.findings, tables.cases)
    group_outcomes, agencies, n_events = by_group.outcomes, by_group.agencies, by_group.events
    entries = rows.entries(tables.cases.columns)
    by_reason = _by_reason(tables, scenario, flags, case_flags, cased, at_cased)
    return ReplicateMeasures(
        replicate=tables.replicate,
        n_people=len(member),
        days=days,
        baseline=baseline,
        outcomes=group_outcomes[:, 0],
        cost_events=n_events[:, 0],
        cost_by_agency=agencies[:, 0],
        entries=sums(np.stack([entries[name] for name in ENTRIES], axis=1), case_flags),
        widening=widening(tables, met, cased, contact, cut_flags, purpose, len(member), baseline),
        purposes=_purposes(purpose, case_flags, rows.supply_stages(tables.cases.columns)),
        groups=groups.labels(scenario),
        group_people=member.sum(axis=0).astype(np.int64),
        group_outcomes=group_outcomes,
        group_flags=by_group.flags,
        reason_outcomes=by_reason[0],
        reason_flags=by_reason[1],
        details=details(
            tables,
            laws,
            (met, member[at_met]),
            (cased, member[at_cased]),
            cut_flags | {"contact": contact},
            purpose,
            n_substances=len(scenario.substances),
            days=days,
            baseline=baseline,
        ),
        behaviour=tables.behaviour_of_parts.sum(axis=0),
        places=place_sums(tables.periods),
        indicators=indicators(tables, scenario, cased),
        revisions=tuple(_revisions(tables, law) for law in range(n_laws)),
    )


@dataclass(frozen=True, eq=False)
class ByGroup:
    """Counts by law and by some groups of people.

    outcomes   (laws, groups, outcomes)
    agencies   (laws, groups, agencies) costs
    events     (laws, groups, events) cost events
    flags      (laws, groups, cuts) people with the cut
    contact    (people met, laws) who was met
    cut_flags  by cut, (people with a case, laws)
    """

    outcomes: Int
    agencies: Int
    events: Int
    flags: Int
    contact: Bool
    cut_flags: dict[str, Bool]


def count_by_group(tables: ReplicateTables, scenario: Scenario, member: Bool, met: Met, cased: Met) -> ByGroup:
    """Return counts by groups of people.

    member  (people, groups) in the order of tables.people
    met     who was met, of the encounters; cased: who has a case
    """
    at_met, at_cased = positions(tables.people["person"], met.person), positions(tables.people["person"], cased.person)
    flags, case_flags = tables.encounters.flags(), tables.cases.flags()
    counts = _by_group(rows.encounter_outcomes(tables.encounters.columns), flags, member[at_met[met.row]])
    counts |= _by_group(rows.case_outcomes(tables.cases.columns), case_flags, member[at_cased[cased.row]])
    events = counts | _by_group(rows.case_events(tables.cases.columns), case_flags, member[at_cased[cased.row]])
    counts |= {name: _per_group(flag, member[at_cased]) for name, flag in _person_flags(cased, tables, at_cased).items()}
    cut_flags = {cut: cased.laws_where(is_row) for cut, is_row in rows.case_cuts(tables.cases.columns).items()}
    contact = met.laws_where(np.ones(len(tables.encounters), bool))
    group_flags = np.stack([_per_group(contact, member[at_met])] + [_per_group(cut_flags[cut], member[at_cased]) for cut in CUTS[1:]], axis=-1)
    return ByGroup(*_with_cost(counts, events, scenario), group_flags, contact, cut_flags)


def _revisions(tables: ReplicateTables, law: int) -> tuple[Revision, ...]:
    """Return the revisions of a law by its review clause, in order."""
    told = tables.revisions.for_law(law)
    rows = zip(told["day"].tolist(), told["factor_q16"].tolist(), told["metric"].tolist(), strict=True)
    return tuple((day, factor / Q16, REVIEW_METRICS[metric]) for day, factor, metric in rows)


def _by_group(counts: dict[str, Int], flags: Bool, member: Bool) -> dict[str, Int]:
    """Return each count's sums (laws, groups) over rows true under the law whose person belongs to the group."""
    n_groups = member.shape[1]
    weights = np.concatenate([member * count[:, None] for count in counts.values()], axis=1)
    total = sums(weights, flags).reshape(flags.shape[1], len(counts), n_groups)
    return {name: total[:, i] for i, name in enumerate(counts)}


def _per_group(flags: Bool, member: Bool) -> Int:
    """Return how many people (laws, groups) have the flag (people, laws) and belong to the group (people, groups)."""
    return sums(member, flags)


def _person_flags(cased: Met, tables: ReplicateTables, at_cased: Int) -> dict[str, Bool]:
    """Return the person outcomes (people with a case, laws), over all cases."""
    outcomes = rows.case_outcomes(tables.cases.columns)
    is_supplier = _is_supplier(tables, at_cased)
    return _score(
        cased.laws_where(np.ones(len(tables.cases), bool)),
        cased.laws_where(outcomes["charges_supply"] > 0),
        cased.laws_where(outcomes["convictions_supply"] > 0),
        is_supplier,
    )


def _is_supplier(tables: ReplicateTables, at: Int) -> Bool:
    """Return flags (people,): the habitual role is to sell, to fund own use or for profit."""
    role = tables.people["role"].astype(np.int64)[at]
    return role >= ROLES.index("user_dealer")


def _score(found: Bool, charged: Bool, convicted: Bool, is_supplier: Bool) -> dict[str, Bool]:
    """Return who was taken for what they are not: flags (people, laws) of PERSON_OUTCOMES."""
    supplier = is_supplier[:, None]
    return {
        "users_charged_supply": charged & ~supplier,
        "users_convicted_supply": convicted & ~supplier,
        "suppliers_not_charged_supply": found & ~charged & supplier,
    }


def _with_cost(n_by_group: dict[str, Int], events: dict[str, Int], scenario: Scenario) -> tuple[Int, Int, Int]:
    """Return outcomes with cost (laws, groups, outcomes), costs (laws, groups, agencies) and cost events (laws, groups, events)."""
    same = {"stop": "stops", "search": "searches", "find": "found"}
    n_events = np.stack([events[same.get(name, name)] for name in cost.EVENTS], axis=-1)
    agencies = cost.costs_by_agency_minor(n_events, cost.unit_costs_minor(scenario))
    complete = n_by_group | {"cost": agencies.sum(axis=-1)}
    return np.stack([complete[name] for name in OUTCOMES], axis=-1), agencies, n_events


def _purposes(purpose: Int, case_flags: Bool, stages: npt.NDArray[np.float64]) -> Int:
    """Return cases (laws, purposes, stages) by main purpose and by the stage of being taken for supply."""
    return np.stack([sums(stages, case_flags & (purpose == code)) for code in range(len(PURPOSES))], axis=1)


def _by_reason(tables: ReplicateTables, scenario: Scenario, flags: Bool, case_flags: Bool, cased: Met, at_cased: Int) -> tuple[Int, Int]:
    """Return outcomes (laws, reasons, outcomes) and people with each cut (laws, reasons, cuts) over cases with the reason."""
    is_found = np.asarray(tables.encounters["is_found"]).astype(bool)
    finds = Table({name: column[is_found] for name, column in tables.encounters.columns.items()}, tables.encounters.laws[is_found], tables.encounters.n_laws)
    of_finds, of_cases = holdings.reasons(tables.findings, finds), holdings.reasons(tables.findings, tables.cases)
    find_counts, case_counts = rows.encounter_outcomes(finds.columns), rows.case_outcomes(tables.cases.columns)
    case_events, cuts = rows.case_events(tables.cases.columns), rows.case_cuts(tables.cases.columns)
    is_supplier = _is_supplier(tables, at_cased)
    every_find, every_case = np.ones((len(finds), 1), bool), np.ones((len(tables.cases), 1), bool)
    outcomes, people = [], []
    for reason in range(len(REASONS)):
        with_reason = case_flags & of_cases[reason]
        laws = pack_laws(with_reason)
        counts = _by_group(find_counts, flags[is_found] & of_finds[reason], every_find) | _by_group(case_counts, with_reason, every_case)
        events = counts | _by_group(case_events, with_reason, every_case)
        found = cased.laws_where(every_case[:, 0], laws)
        charged, convicted = cased.laws_where(case_counts["charges_supply"] > 0, laws), cased.laws_where(case_counts["convictions_supply"] > 0, laws)
        counts |= {name: flag.sum(axis=0)[:, None].astype(np.int64) for name, flag in _score(found, charged, convicted, is_supplier).items()}
        outcomes.append(_with_cost(counts, events, scenario)[0][:, 0])
        people.append(np.stack([found.sum(axis=0)] + [cased.laws_where(cuts[cut], laws).sum(axis=0) for cut in CUTS[1:]], axis=-1))
    return np.stack(outcomes, axis=1), np.stack(people, axis=1).astype(np.int64)
