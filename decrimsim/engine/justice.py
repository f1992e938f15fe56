"""From a find to the end of the case, under every law at once.

Level 4. A step of the day: it logs cases and decisions and returns what they change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decrimsim import chance
from decrimsim.engine.block import Block
from decrimsim.engine.course import by_law
from decrimsim.engine.demand import count_cases
from decrimsim.engine.in_force import count_for_review
from decrimsim.engine.places import KIND_BITS, suitable
from decrimsim.engine.policing import Finds
from decrimsim.engine.queue import asked_q16
from decrimsim.engine.records import RECORDS, falls_on
from decrimsim.engine.rows import equal_rows
from decrimsim.engine.standing import Standing, standing_facts, standing_of
from decrimsim.engine.strikes import counted_as
from decrimsim.kernels.decisions import Decided, Facts, decide
from decrimsim.kernels.street import PAID
from decrimsim.schema import APPEAL, POLICE, PURPOSES, QUEUES, REFERRAL, SANCTIONS, SHARED, SOLD, STAGES, VERDICT

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
IS_SHARED, IS_SOLD = ([PURPOSES.index(name) for name in names] for names in (SHARED, SOLD))
DELAYS = ("prosecutor.delay", "court.delay", "sentence.days", "sanction.days", "service.stay")
DEPORTED = 1 << SANCTIONS.index("deportation")
GONE_DAYS = 36_500
"""How long people who are deported are away: a hundred years."""


@dataclass(frozen=True)
class Consequences:
    """What today's cases change (cases,); a case is a find and the laws that see it alike."""

    find: I64
    laws: Bool
    """(cases, laws)"""
    custody_until: I64
    """first free day; 0 where nobody is held before trial"""
    prison_from: I64
    prison_until: I64
    service_from: I64
    stay: I64
    """first day out of a service * 16 + its kind; 0 where none is started"""
    waits_for: I64
    """the kind of service whose waiting list the person joins; 0 for none"""
    is_seized: Bool
    record_day: I64
    """day on which a conviction goes on record; -1 for none"""
    record_supply: Bool
    unrecord_day: I64
    """day on which an appeal removes it; -1 for none"""
    job_day: I64
    """day on which a job is lost; 0 for none"""
    home_day: I64
    counted: dict[str, Bool]
    """by counter of laws' rules on repeats (cases,)"""
    is_caution: Bool
    is_notice: Bool
    is_report: Bool
    """the law covers something of what was found"""

    def feedback(self) -> I64:
        """Return what changes behaviour, stock or exposure (cases, 8)."""
        held = [self.custody_until, self.prison_from, self.prison_until]
        return np.stack([*held, self.service_from, self.stay, self.is_seized.astype(np.int64), self.job_day, self.home_day], axis=1)


def judge(block: Block, finds: Finds) -> Consequences:
    """Classify the finds under each of their laws, decide the cases, log them."""
    tiers = block.course.laws.classify(finds.measured_ug, finds.pure_ug, finds.units, finds.form.astype(np.int8))
    service = suitable(block, finds.people)
    find, law, laws, standing = _alike(block, finds, tiers, service)
    tier = tiers[find, law].astype(np.int64)
    facts = facts_of(block, finds, find, law, tier, standing, service)
    draws, bits = block.uniforms([(process, 0) for process in (*STAGES, *DELAYS)], block.people["scramble"][finds.people])
    quantile16 = {name: chance.index16(bits[len(STAGES) + i])[find] for i, name in enumerate(DELAYS)}
    decided = decide(facts, block.setup.practice, draws[: len(STAGES), find], quantile16)
    _log(block, finds, find, laws, tier, facts, decided, draws)
    if block.setup.officer_time is not None:
        block.counts.officer_minutes += by_law(laws, block.setup.officer_time.case[decided.columns["police"].astype(np.int64)])
    for name, office in block.setup.offices.items():
        block.counts.work_q16[:, QUEUES.index(name)] += by_law(laws, asked_q16(name, office, decided.columns))
    if block.setup.reviews.has_any:
        role = block.people["role"][finds.people[find]].astype(np.int64)
        block.counts.review += count_for_review(decided.columns, facts.effect, role, laws)
    if block.setup.services is not None:
        count_cases(block, laws, decided.columns)
    return _consequences(block, find, laws, facts, decided)


def _alike(block: Block, finds: Finds, tiers: npt.NDArray[np.int16], service: I64) -> tuple[I64, I64, Bool, Standing]:
    """Return the cases: laws that say the same of a find, of a person with the same records, are one case.

    Returns the find of each case (cases,), one law that stands for all (cases,), the laws (cases, laws), and what stands beside the record
    (cases,).
    """
    find, law = np.nonzero(finds.laws)
    records = block.people["records"][finds.people[find], law]
    standing = standing_of(block, finds.people[find], law)
    lines = block.course.in_force.rules[law], block.course.place_q16[law, service[find]]
    first, case = equal_rows(np.column_stack([find, tiers[find, law], *lines, records, standing.key()]).astype(np.int64))
    laws = np.zeros((len(first), block.setup.n_laws), bool)
    laws[case, law] = True
    return find[first], law[first], laws, standing.at(first)


def facts_of(block: Block, finds: Finds, find: I64, law: I64, tier: I64, standing: Standing, service: I64) -> Facts:
    """Return what officials can know and what the law says of each pair.

    standing  (pairs,)  what earlier cases mean
    service   (finds,)  the kind of service that suits each person
    """
    laws, people = block.course.laws, block.people
    rows = finds.people[find]
    records = people["records"][rows, law]
    counted = ("cautions", "notices", "reports", "convictions", "supply_convictions")
    cautions, notices, reports, convictions, supply_convictions = (records[:, RECORDS.index(name)] for name in counted)
    held = finds.measured_ug > 0
    regulated: Bool = np.asarray((held[find] & laws.regulated[law]).any(axis=1))
    own_use = np.where(regulated, laws.own_use_offence[law, tier], 0).astype(np.int64)
    repeats = regulated & (laws.repeat_at[law] > 0) & (reports + 1 >= laws.repeat_at[law])
    shared, sold = finds.holding.ug[:, :, IS_SHARED].sum(axis=(1, 2)) > 0, finds.holding.ug[:, :, IS_SOLD].sum(axis=(1, 2)) > 0
    return Facts(
        effect=np.where(regulated, laws.effect[law, tier], 0).astype(np.int64),
        own_use_offence=own_use,
        is_supply_offence=regulated & (laws.supply_offence[law, tier] == 1),
        burden_on_accused=laws.burden_on_accused[law, tier],
        whole_holding=laws.whole_holding[law, tier],
        balance_is_enough=laws.standard[law, tier] == 1,
        n_supply=np.minimum(finds.n_supply, 3)[find],
        has_use_evidence=finds.has_use_evidence[find],
        is_represented=people["is_represented"][rows].astype(bool),
        only_own_use=~(sold[find] | (shared[find] & laws.sharing_is_supply[law])),
        can_caution=_can_caution(block, finds, find, law)
        & (cautions <= laws.caution_max_prior[law])
        & ~(laws.caution_excluded_by_conviction[law] & (convictions > 0)),
        can_notice=_can_notice(block, finds, find, law)
        & (notices <= laws.notice_max_prior[law])
        & ~(laws.notice_excluded_by_supply_conviction[law] & (supply_convictions > 0)),
        caution_factor=people["caution_factor"][rows],
        notice_factor=people["notice_factor"][rows],
        has_panel=laws.panel[law],
        may_ignore=laws.police_may_ignore[law],
        may_warn=laws.police_may_warn[law],
        may_drop=laws.prosecutor_may_drop[law],
        may_divert=laws.prosecutor_may_divert[law],
        may_downgrade=laws.prosecutor_may_downgrade[law],
        court_may_downgrade=laws.court_may_downgrade[law],
        panel_may_sanction=laws.panel_may_sanction[law],
        panel_punishes_absence=laws.panel_no_show[law] == 1,
        notice_to_court=laws.notice_unpaid[law] == 2,
        notice_waived_by_referral=laws.notice_waived_by_referral[law],
        notice_fine_minor=laws.notice_fine_minor[law],
        offers_referral=laws.referral_offer[law],
        is_conditional=laws.referral_conditional[law],
        is_diversion_conditional=laws.diversion_conditional[law],
        is_mandatory=repeats,
        is_convicted=convictions > 0,
        max_possession_days=laws.max_prison_possession_days[law, tier].astype(np.int64),
        max_supply_days=laws.max_prison_supply_days[law, tier].astype(np.int64),
        service=service[find],
        place=block.course.place_q16[law, service[find]] / chance.Q16,
        drop_out=laws.drop_out[law].astype(np.int64),
        drop_out_max_days=laws.drop_out_max_days[law].astype(np.int64),
        is_seizable=regulated & laws.seize[law, tier],
        is_regulated=regulated,
        is_within_guideline=_within_guideline(block, finds)[find],
        violence_factor=people["violence_factor"][rows],
        **standing_facts(laws, standing, law, tier, regulated),
    )


def _within_guideline(block: Block, finds: Finds) -> Bool:
    """Return for which finds (finds,) everything found weighs no more than officers' guidelines say of own use."""
    within: Bool = ((finds.measured_ug == 0) | (finds.measured_ug <= block.setup.guideline_ug)).all(axis=1)
    return within


def _can_caution(block: Block, finds: Finds, find: I64, law: I64) -> Bool:
    """Return where everything found may be cautioned."""
    limit = block.course.laws.caution_max_ug[law]
    measured = finds.measured_ug[find]
    fits: Bool = ((measured == 0) | (measured <= limit) & (limit > 0)).all(axis=1)
    return fits


def _can_notice(block: Block, finds: Finds, find: I64, law: I64) -> Bool:
    """Return where everything found may be dealt with by a penalty notice."""
    limits = block.course.laws.notice_max_ug
    substances = np.arange(limits.shape[1])
    limit = limits[law[:, None], substances[None, :], finds.form[find]]
    measured = finds.measured_ug[find]
    fits: Bool = ((measured == 0) | (measured <= limit) & (limit > 0)).all(axis=1)
    return fits


def _log(block: Block, finds: Finds, find: I64, laws: Bool, tier: I64, facts: Facts, decided: Decided, draws: npt.NDArray[np.float64]) -> None:
    """Log the cases, and each decision with its chance and its draw."""
    person = block.people["person"][finds.people]
    columns = {
        "person": person[find],
        "day": np.full(len(find), block.day),
        "tier": tier,
        "effect": facts.effect,
        "n_supply_evidence": finds.n_supply[find],
        "has_use_evidence": facts.has_use_evidence,
        **decided.columns,
        "closed_day": block.day + decided.closed_after,
        "appeal_day": appeal_day(block.day, decided),
    }
    block.log["cases"].append({**columns, "laws": laws})
    stage, pair = np.nonzero(decided.asked)
    u = draws[stage, find[pair]]
    p = decided.p[stage, pair]
    decisions = {"person": person[find[pair]], "day": np.full(len(pair), block.day), "stage": stage, "is_yes": u < p, "p": p, "u": u}
    block.log["decisions"].append({**decisions, "laws": laws[pair]})


def appeal_day(day: int, decided: Decided) -> I64:
    """Return the day on which each case's appeal is decided; -1 without one."""
    return np.where(decided.appeal_after >= 0, day + decided.appeal_after, -1)


def _consequences(block: Block, find: I64, laws: Bool, facts: Facts, decided: Decided) -> Consequences:
    """Return what the cases change for the people, and when."""
    columns, practice, day = decided.columns, block.setup.practice, block.day
    closed = day + decided.closed_after
    detention = columns["detention_days"].astype(np.int64)
    served = np.maximum(columns["prison_days"].astype(np.int64) - detention, 0) + columns["compulsory_days"].astype(np.int64)
    served = np.where((columns["sanctions"] & DEPORTED) > 0, GONE_DAYS, served)
    falls = falls_on(day, closed)
    is_removed = columns["appeal"] == APPEAL.index("allowed")
    served = np.where(is_removed, np.minimum(served, day + decided.appeal_after - falls), served)  # people come back who were deported; decide() ends the rest
    goes_in = served > 0
    prison_from = np.where(goes_in, falls, 0)
    starts = columns["referral"] >= REFERRAL.index("started")
    service_from = np.where(starts, day + practice.wait, 0)
    service = columns["service"].astype(np.int64)
    convicted = columns["verdict"] >= VERDICT.index("possession")
    return Consequences(
        find=find,
        laws=laws,
        custody_until=np.where(detention > 0, day + detention, 0),
        prison_from=prison_from,
        prison_until=np.where(goes_in, prison_from + served, 0),
        service_from=service_from,
        stay=np.where(starts, service_from + columns["service_days"] << KIND_BITS | service, 0),
        waits_for=np.where(columns["is_waiting"], service, 0),
        is_seized=columns["is_seized"].astype(bool),
        record_day=np.where(convicted, falls, -1),
        record_supply=columns["verdict"] == VERDICT.index("supply"),
        unrecord_day=np.where(is_removed, day + decided.appeal_after, -1),
        job_day=np.where(columns["is_job_lost"], falls, 0),
        home_day=np.where(columns["is_home_lost"], falls, 0),
        counted=counted_as(columns, facts.is_regulated & (columns["bribe"] != PAID), facts.has_panel),
        is_caution=columns["police"] == POLICE.index("caution"),
        is_notice=columns["police"] == POLICE.index("notice"),
        is_report=facts.is_regulated & (columns["bribe"] != PAID),
    )
