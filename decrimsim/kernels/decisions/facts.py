"""What officials can know of a find, and what the law says of it.

Level 2. Kernel data: one entry a pair of a find and a law.
"""

from __future__ import annotations

from dataclasses import dataclass

from decrimsim.kernels.decisions.path import F64, I64, Bool, Codes


@dataclass(frozen=True)
class Facts:
    """What officials can know and what the law says, one entry a pair (pairs,)."""

    effect: Codes
    own_use_offence: Codes
    is_supply_offence: Bool
    burden_on_accused: Bool
    whole_holding: Bool
    balance_is_enough: Bool
    n_supply: I64
    """kinds of supply evidence, at most 3"""
    has_use_evidence: Bool
    is_represented: Bool
    only_own_use: Bool
    """no part of the holding is meant for anybody else; sharing counts as own use where the law says that it is not supply"""
    can_caution: Bool
    can_notice: Bool
    caution_factor: F64
    notice_factor: F64
    has_panel: Bool
    may_ignore: Bool
    may_warn: Bool
    may_drop: Bool
    may_divert: Bool
    may_downgrade: Bool
    court_may_downgrade: Bool
    panel_may_sanction: Bool
    panel_punishes_absence: Bool
    notice_to_court: Bool
    notice_waived_by_referral: Bool
    notice_fine_minor: I64
    offers_referral: Bool
    is_conditional: Bool
    is_diversion_conditional: Bool
    is_mandatory: Bool
    """a repeat rule makes treatment mandatory this time"""
    is_convicted: Bool
    """has a conviction on record"""
    max_possession_days: I64
    max_supply_days: I64
    is_regulated: Bool
    """the law covers something of what was found"""
    is_seizable: Bool
    """drugs for own use are taken; those treated as supply always are"""

    is_dependent: Bool
    """dependent on a substance: only a medical assessment sees it for certain"""
    may_assess: Bool
    """(pairs, 3) police, prosecutor, court may rely on a medical assessment"""
    can_be_granted: Bool
    """a ruling that binds its parties only would leave no offence of own use here"""
    is_repeat_crime: Bool
    """earlier cases make an administrative offence a crime"""
    is_repeat_fine: Bool
    """earlier cases raise a fine to the largest one"""
    is_repeat_undiverted: Bool
    """earlier cases close cautions and diversion"""
    is_repeat_arrest: Bool
    """earlier cases allow a short administrative arrest"""
    is_repeat_mandatory: Bool
    """earlier cases make treatment mandatory, by a rule whose use is practice"""
    repeat_prison_days: I64
    """longest prison for possession where earlier cases make it a crime"""
    largest_fine_minor: I64
    least_fine_minor: I64
    least_prison_days: I64
    """(pairs, 2) for possession and supply: the law's own shortest term; 0 none"""
    most_prison_days: I64
    """(pairs, 2) the longest term of the law's typed sanctions; 0 none written"""
    must_imprison: Bool
    """(pairs, 2) the shortest term is a mandatory minimum"""
    sanctions: I64
    """(pairs, 2) for own use and supply: what the law may impose besides fines and prison; bit i is schema.SANCTIONS[i]"""
    custody_least_days: I64
    """(pairs, 2, 2) by purpose: shortest compulsory detention, administrative arrest"""
    custody_most_days: I64
    """(pairs, 2, 2) likewise the longest"""
    early_discount_q16: I64
    """share of a notice that is waived for paying at once"""
    prosecutor_queue_days: I64
    """what a case waits in the prosecutors' queue"""
    queue_days: I64
    """what a case waits in the court's queue"""
    keeps_job: Bool
    """no job was lost to an earlier case"""
    service: Codes
    """the kind of service that suits the person; 0 where no service does, or none is described"""
    place: F64
    """chance that it has a free place"""
    drop_out: Codes
    """what follows on leaving a compelled service early, as CompiledLaws.drop_out; -1 where the law has no rule"""
    drop_out_max_days: I64
    is_within_guideline: Bool
    """officers' guidelines speak of own use"""
    violence_factor: F64
    """how much more violence or abuse at arrests the person's groups meet"""
    keeps_home: Bool
    """has a safe home, and none was lost to an earlier case"""
