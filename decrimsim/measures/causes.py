"""Why somebody is reached under one law and not under the other: net widening split by its first cause.

Level 5. For each person with a cut under exactly one of the two laws, the first day on which the two histories differ
decides. Everybody counts once, so the parts add up to the net change, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim.law import CompiledLaws
from decrimsim.measures import rows
from decrimsim.measures.people import DAYS, Met, person_day, positions
from decrimsim.schema import CASES, CHANNELS, CUTS, EFFECTS, FIXED_EFFORT, LINE, PERIOD, POLICE, PROSECUTOR, ROUTES, STAGES, VERDICT
from decrimsim.tables import ReplicateTables, Table, unpack_laws

Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

CAUSES = (
    *("threshold", "cumulative rules", "answers to the law", "police effort", "administrative route", "repeat rules"),
    *("spill-over through others", "later decisions"),
)
THRESHOLD, CUMULATIVE, ANSWER, EFFORT, ROUTE, REPEAT, SPILL, LATER = range(len(CAUSES))
_KNOWN_BEFORE = ("person", "day", "tier", "effect", "n_supply_evidence", "has_use_evidence")
_OUTCOME = tuple(column.name for column in CASES if column.name not in _KNOWN_BEFORE)


def causes(tables: ReplicateTables, laws: CompiledLaws, flags: dict[str, tuple[Met, Bool]], baseline: int) -> Int:
    """Return people (laws, cuts, CAUSES, 2): newly reached, and no longer reached, by first cause.

    flags  for each cut: the people it may be true of, and whether it is (people, laws)
    """
    n_laws = tables.cases.n_laws
    out = np.zeros((n_laws, len(CUTS), len(CAUSES), 2), np.int64)
    days = _Days.of(tables, baseline)
    first = days.first_difference()
    person, law = np.nonzero(first >= 0)
    cause_of = np.full(first.shape, -1, np.int64)
    cause_of[person, law] = _Judge(tables, laws, days, baseline).causes(first[person, law], law)
    for c, cut in enumerate(CUTS):
        met, flag = flags[cut]
        differs = flag != flag[:, [baseline]]
        row, law = np.nonzero(differs)
        cause = cause_of[np.searchsorted(days.person, met.person[row]), law]
        assert (cause >= 0).all(), "a cut differs and no day does"
        np.add.at(out[:, c], (law, cause, np.where(flag[row, law], 0, 1)), 1)
    return out


@dataclass(frozen=True)
class _Days:
    """Every (person, day) with a row under some law, in order, and what differs from the baseline (days, laws).

    person    (people,)  rising
    person_of (days,)    index into person
    """

    key: Int
    person: Int
    person_of: Int
    meeting: Bool
    find: Bool
    outcome: Bool

    @classmethod
    def of(cls, tables: ReplicateTables, baseline: int) -> _Days:
        """Return the days of a replicate."""
        key = np.unique(np.concatenate([person_day(t) for t in (tables.encounters, tables.findings, tables.cases)]))
        person, person_of = np.unique(key // DAYS, return_inverse=True)
        outcome = np.stack([tables.cases[name].astype(np.int64) for name in _OUTCOME], axis=1)
        code = np.unique(outcome, axis=0, return_inverse=True)[1].reshape(-1) if len(outcome) else np.zeros(0, np.int64)
        plain = [(table, np.arange(len(table))) for table in (tables.encounters, tables.findings)]
        parts = [_differs(key, table, content, baseline) for table, content in (*plain, (tables.cases, code))]
        return cls(key, person, person_of.astype(np.int64), *parts)

    def first_difference(self) -> Int:
        """Return for each person and law the first day (an index) on which anything differs; -1 for none."""
        nothing = len(self.key)
        if not nothing:
            return np.zeros((0, self.meeting.shape[1]), np.int64)
        at = np.where(self.meeting | self.find | self.outcome, np.arange(nothing)[:, None], nothing)
        starts = np.flatnonzero(np.r_[True, np.diff(self.person_of) > 0])
        first = np.minimum.reduceat(at, starts, axis=0)
        return np.where(first < nothing, first, -1)


def _differs(days: Int, table: Table, content: Int, baseline: int) -> Bool:
    """Return where (days, laws) a law has other rows than the baseline; rows of one day with equal content say the same."""
    out = np.zeros((len(days), table.n_laws), bool)
    if not len(table):
        return out
    at = np.searchsorted(days, person_day(table))
    order = np.lexsort((content, at))
    is_new = np.r_[True, (np.diff(at[order]) != 0) | (np.diff(content[order]) != 0)]
    starts = np.flatnonzero(is_new)
    flags = unpack_laws(np.bitwise_or.reduceat(table.laws[order], starts, axis=0), table.n_laws)
    return _any_by_day(at[order][starts], flags != flags[:, [baseline]], out)


def _any_by_day(at: Int, flags: Bool, out: Bool) -> Bool:
    """Set in out (days, laws) where any of the rows (rows, laws) of a day is true, and return it; at (rows,) is the day of each row."""
    if not len(at):
        return out
    order = np.argsort(at, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(at[order]) > 0])
    out[at[order][starts]] = np.logical_or.reduceat(flags[order], starts, axis=0)
    return out


@dataclass(frozen=True)
class _Judge:
    """Says what came first on the day on which two histories part."""

    tables: ReplicateTables
    laws: CompiledLaws
    days: _Days
    baseline: int

    def causes(self, day: Int, law: Int) -> Int:
        """Return the cause (pairs,) for pairs of a day (index) and a law."""
        case_at = self._case_at()
        old, new = case_at[day, self.baseline], case_at[day, law]
        is_meeting, is_find = self.days.meeting[day, law], self.days.find[day, law]
        cause = np.full(len(day), LATER, np.int64)
        both = (old >= 0) & (new >= 0)
        at = np.flatnonzero(both)
        cause[at] = self._of_cases(old[at], new[at], law[at], day[at])
        knows = self._people("knows_line", self.days.person[self.days.person_of[day]])
        by_others = np.where(knows, ANSWER, SPILL)
        cause[is_find | ~both] = by_others[is_find | ~both]
        cause[is_meeting] = np.where(self._by_effort(day, law), EFFORT, by_others)[is_meeting]
        return cause

    def _people(self, column: str, person: Int) -> Bool:
        """Return a column of the people, by identity (pairs,)."""
        people = self.tables.people
        found: Bool = people[column][positions(people["person"], person)].astype(bool)
        return found

    def _case_at(self) -> Int:
        """Return the row of the case (days, laws), -1 where there is none."""
        out = np.full(self.days.meeting.shape, -1, np.int32)
        row, law = np.nonzero(self.tables.cases.flags())
        out[np.searchsorted(self.days.key, person_day(self.tables.cases))[row], law] = row
        return out.astype(np.int64)

    def _by_effort(self, day: Int, law: Int) -> Bool:
        """Return where (pairs,) police met the person under one law only, and that law lets or makes them stop more people.

        Either possession is a ground to stop people under that law only, or officers' hours leave more effort under it in this period
        for the way in which the person was met.
        """
        encounters = self.tables.encounters
        at, flags = np.searchsorted(self.days.key, person_day(encounters)), encounters.flags()
        follows_hours = ~rows.is_one_of(encounters["channel"], CHANNELS, *FIXED_EFFORT)
        met, met_by_hours = (_any_by_day(at, flags & some, np.zeros(self.days.meeting.shape, bool)) for some in (True, follows_hours[:, None]))
        may, old = self.laws.stops_for_possession[law], self.laws.stops_for_possession[self.baseline]
        under, before = met[day, law], met[day, self.baseline]
        gained, lost = under & ~before, before & ~under
        answer: Bool = (may & ~old & gained) | (old & ~may & lost)
        effort = self.tables.effort_q16
        if len(effort):
            period = self.days.key[day] % DAYS // PERIOD
            theirs, ours = effort[period, law], effort[period, self.baseline]
            answer |= (gained & met_by_hours[day, law] & (theirs > ours)) | (lost & met_by_hours[day, self.baseline] & (theirs < ours))
        return answer

    def _of_cases(self, old: Int, new: Int, law: Int, day: Int) -> Int:
        """Return the cause (pairs,) where the same drugs were found with the same people and the cases differ."""
        c = {name: (self.tables.cases[name][old], self.tables.cases[name][new]) for name in (*_OUTCOME, "tier", "effect")}
        changed = {name: a != b for name, (a, b) in c.items()}
        line = c["line"]
        is_over = np.maximum(*c["effect"]) >= EFFECTS.index("indicative")
        same_ladder = np.array([names == self.laws.tier_names[self.baseline] for names in self.laws.tier_names])[law]
        other_side = (changed["effect"] & is_over) | (changed["tier"] & same_ladder)
        admin = rows.is_one_of(line[0], LINE, "administrative") | rows.is_one_of(line[1], LINE, "administrative")
        for name, codes, words in (("police", POLICE, ("notice", "panel")), ("prosecutor", PROSECUTOR, ("panel",))):
            admin |= changed[name] & (rows.is_one_of(c[name][0], codes, *words) | rows.is_one_of(c[name][1], codes, *words))
        supply = LINE.index("supply")
        admin |= changed["line"] & (line[0] != supply) & (line[1] != supply)
        admin |= changed["notice"] | changed["panel"]
        cause = np.full(len(old), LATER, np.int64)
        cause[changed["line"] | changed["police"]] = EFFORT
        cause[admin] = ROUTE
        cause[self._by_record(old, new, law) & (changed["police"] | changed["route"])] = REPEAT
        cause[self._repeats_under_one(day, law)] = REPEAT
        cause[other_side] = THRESHOLD
        cause[other_side & self._by_several(day, old, new, law)] = CUMULATIVE
        return cause

    def _by_several(self, day: Int, old: Int, new: Int, law: Int) -> Bool:
        """Return where (pairs,) several drugs were found and under one of the two laws reach a higher tier together than any alone."""
        findings = self.tables.findings
        at = np.searchsorted(self.days.key, person_day(findings))
        n_lots = np.bincount(at, minlength=len(self.days.key))
        several = np.flatnonzero(n_lots[at] > 1)
        alone = np.zeros((len(self.days.key), findings.n_laws), np.int64)
        if not len(several):
            return np.zeros(len(day), bool)
        shape = (len(several), len(self.laws.substances))
        amounts = {name: np.zeros(shape, np.int64) for name in ("measured_ug", "pure_ug", "units", "form")}
        for name, matrix in amounts.items():
            matrix[np.arange(len(several)), findings["substance"][several].astype(np.int64)] = findings[name][several]
        tiers = self.laws.classify(amounts["measured_ug"], amounts["pure_ug"], amounts["units"], amounts["form"].astype(np.int8))
        flags = unpack_laws(findings.laws[several], findings.n_laws)
        np.maximum.at(alone, at[several], np.where(flags, tiers, 0).astype(np.int64))
        tier = self.tables.cases["tier"].astype(np.int64)
        above: Bool = (tier[old] > alone[day, self.baseline]) | (tier[new] > alone[day, law])
        many: Bool = above & (self._lots(day, law) > 1)
        return many

    def _repeats_under_one(self, day: Int, law: Int) -> Bool:
        """Return where (pairs,) officials applied a rule on repeats under one of the two laws only."""
        decisions = self.tables.decisions
        applied = np.flatnonzero((decisions["stage"] == STAGES.index("repeat.known")) & decisions["is_yes"].astype(bool))
        found = np.zeros(self.days.meeting.shape, bool)
        at = np.searchsorted(self.days.key, person_day(decisions)[applied])
        _any_by_day(at, unpack_laws(decisions.laws[applied], decisions.n_laws), found)
        answer: Bool = found[day, law] != found[day, self.baseline]
        return answer

    def _lots(self, day: Int, law: Int) -> Int:
        """Return how many drugs were found (pairs,) under the law."""
        count = np.zeros(self.days.meeting.shape, np.int64)
        np.add.at(count, np.searchsorted(self.days.key, person_day(self.tables.findings)), self.tables.findings.flags().astype(np.int64))
        lots: Int = count[day, law]
        return lots

    def _by_record(self, old: Int, new: Int, law: Int) -> Bool:
        """Return where (pairs,) the rules on earlier cautions, notices, convictions or reports answer differently under the two laws."""
        cases, base = self.tables.cases, self.baseline
        person, day = cases["person"].astype(np.int64)[old], cases["day"].astype(np.int64)[old]
        own = cases.is_true(base)

        def before(is_row: Bool, on: Int) -> Int:
            keys = np.sort((cases["person"].astype(np.int64) * DAYS + on)[is_row & own])
            found: Int = np.searchsorted(keys, person * DAYS + day, side="left") - np.searchsorted(keys, person * DAYS, side="left")
            return found

        on_day = cases["day"].astype(np.int64)
        on_record = np.maximum(cases["closed_day"].astype(np.int64), on_day + 1) - 1
        n_caution = before(rows.is_one_of(cases["police"], POLICE, "caution"), on_day)
        n_notice = before(rows.is_one_of(cases["police"], POLICE, "notice"), on_day)
        n_supply = before(rows.is_one_of(cases["verdict"], VERDICT, "supply"), on_record)
        convicted = self._people("had_conviction", person)
        convicted |= before(rows.is_one_of(cases["verdict"], VERDICT, "possession", "supply"), on_record) > 0
        laws = self.laws

        def may(which: Int) -> list[Bool]:
            caution = (n_caution <= laws.caution_max_prior[which]) & ~(laws.caution_excluded_by_conviction[which] & convicted)
            notice = (n_notice <= laws.notice_max_prior[which]) & ~(laws.notice_excluded_by_supply_conviction[which] & (n_supply > 0))
            return [caution | (laws.caution_max_prior[which] < 0), notice | (laws.notice_max_prior[which] < 0)]

        theirs, mine = may(law), may(np.full(len(law), base))
        has_rule = [np.stack([rule[law] >= 0, np.full(len(law), rule[base] >= 0)]).all(axis=0) for rule in (laws.caution_max_prior, laws.notice_max_prior)]
        differs = np.zeros(len(law), bool)
        for a, b, both in zip(theirs, mine, has_rule, strict=True):
            differs |= (a != b) & both
        mandatory = ROUTES.index("mandatory")
        answer: Bool = differs | ((cases["route"][old] == mandatory) != (cases["route"][new] == mandatory))
        return answer
