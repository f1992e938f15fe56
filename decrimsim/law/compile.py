"""The fast twin: laws as arrays, and one predicate for many cases under many laws.

Level 2. Axes: L laws, T tiers (the most any law has), S substances of the world, F forms, n cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.errors import InputError
from decrimsim.law.consequences import consequence_arrays
from decrimsim.law.ladder import NEVER, starts
from decrimsim.law.measured import Measurement
from decrimsim.law.model import Law
from decrimsim.law.responses import response_arrays
from decrimsim.law.rules import Rules
from decrimsim.law.sums import Cases, TierRule, contents, count_kinds, kind_matrix, rounded, tier_rules
from decrimsim.law.tables import GROSS, MEASURES, PURE, UNITS
from decrimsim.law.words import FORMS, INDICATORS, canonical

__all__ = ["FORMS", "CompiledLaws", "compile_laws"]

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]
Int16 = npt.NDArray[np.int16]
Int8 = npt.NDArray[np.int8]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CompiledLaws:
    """Laws as arrays. Amounts are int64 micrograms or whole units; NEVER (2**62) stands where nothing is reached.

    ids, names            tuples of L texts
    tier_names            for each law its tiers, lowest first
    substances, forms     the axes S and F
    n_tiers               (L,)
    min_gross_ug          (L, T, S, F)  smallest gross weight that reaches the tier; likewise min_pure_ug, min_units.
                          A tier is reached if any of the three is. Tier 0 is reached by any positive amount.
    regulated             (L, S)  False: the law does not cover the substance at all (classify still says tier 0; see any_regulated)
    effect                (L, T)  EFFECT: 0 none, 1 personal, 2 indicative, 3 presumption, 4 conclusive
    own_use_offence       (L, T)  OWN_USE: 0 none, 1 administrative, 2 possession
    supply_offence        (L, T)  SUPPLY: 0 none, 1 supply
    burden_on_accused     (L, T)  the person must rebut the presumption
    whole_holding         (L, T)  the rebuttal must cover the whole quantity
    standard              (L, T)  STANDARD: 0 unspecified, 1 balance of probabilities, 2 beyond reasonable doubt
    seize                 (L, T)  drugs found that are not treated as supply are taken
    max_prison_possession_days, max_prison_supply_days   (L, T)  0 none, 36500 life
    stops_for_possession, police_may_warn, police_may_ignore, prosecutor_may_drop, prosecutor_may_divert,
    prosecutor_may_downgrade, court_may_downgrade        (L,)
    caution_max_ug        (L, S)  largest gross weight that may be cautioned; 0: none
    caution_max_prior     (L,)    a person with at most so many earlier cautions may get one (-1: nobody)
    caution_excluded_by_conviction, caution_min_age      (L,)
    notice_max_ug         (L, S, F)  likewise for notices; notice_max_prior, notice_min_age (L,)
    notice_excluded_by_supply_conviction, notice_fine_minor, notice_waived_by_referral   (L,)
    notice_unpaid         (L,)    UNPAID: 0 nothing, 1 debt, 2 court
    panel, panel_may_sanction, panel_no_show             (L,)  NO_SHOW: 0 nothing, 1 sanction
    diversion_conditional (L,)    the prosecutor's diversion has conditions
    repeat_at             (L,)    from so many reports on (the present one counted) treatment is mandatory; 0: no such rule
    referral_offer, referral_conditional, sharing_is_supply  (L,)
    drop_out, drop_out_max_days   (L,)  DROP_OUT: 0 nothing, 1 sanction, 2 charge, 3 prison; -1 the law has no rule; longest prison
    max_fine_minor        (L, T)  largest fine among the typed sanctions for own use by an adult; 0 none
    record                (L, T)  RECORD that the own-use offence of the tier leaves: 0 none, 1 administrative, 2 criminal
    must_offer            (L,)    a duty of police to offer another way; its uptake is practice
    evidence_needed       (L,)    so many indicators of supply together are evidence
    indicators            (L, I)  whether each of INDICATORS counts as one of supply
    sanctions             (L, T, 2)     bits of schema.SANCTIONS that may be imposed for own use, for supply (P = 2 purposes)
    custody_least_days, custody_most_days   (L, T, P, 2)  terms of compulsory detention, of administrative arrest
    least_prison_days, most_prison_days     (L, T, P)     terms of prison among the typed sanctions; 0 none written
    must_imprison         (L, T, P)     the shortest term is a mandatory minimum
    least_fine_minor      (L, T)        smallest fine among the typed sanctions for own use; 0 none
    strike_counter, strike_earlier, strike_window_days, strike_effect   (L, R)  rules on repeats whose use is practice: COUNTER, how many earlier ones
                          it takes, within how many days (0 for ever), REPEAT_EFFECT (0: no rule)
    repeat_prison_days    (L, T)        longest prison for possession where a repeat makes it a crime
    granted_own_use       (L, T)        a ruling that binds its parties only would leave no offence of own use
    may_assess            (L, 3)        police, prosecutor, court may rely on a medical assessment
    early_discount        (L,)          share of a notice waived for paying early
    expunge_how           (L,)          0 none, 1 automatic, 2 on request; expunge_before: also what was before the law; expunge_supply: also supply
    expunge_after_days    (L,)          days after which a conviction is cleared; 0 never
    may_go_up             (L, T)  evidence may make the case one of supply although the amount alone does not
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    hashes: tuple[str, ...]
    tier_names: tuple[tuple[str, ...], ...]
    substances: tuple[str, ...]
    forms: tuple[str, ...]
    n_tiers: Int16
    min_gross_ug: Int64
    min_pure_ug: Int64
    min_units: Int64
    regulated: Bool
    effect: Int8
    own_use_offence: Int8
    supply_offence: Int8
    burden_on_accused: Bool
    whole_holding: Bool
    standard: Int8
    seize: Bool
    max_prison_possession_days: Int32
    max_prison_supply_days: Int32
    stops_for_possession: Bool
    police_may_warn: Bool
    police_may_ignore: Bool
    prosecutor_may_drop: Bool
    prosecutor_may_divert: Bool
    prosecutor_may_downgrade: Bool
    court_may_downgrade: Bool
    caution_max_ug: Int64
    caution_max_prior: Int32
    caution_min_age: Int32
    caution_excluded_by_conviction: Bool
    notice_max_ug: Int64
    notice_max_prior: Int32
    notice_min_age: Int32
    notice_excluded_by_supply_conviction: Bool
    notice_fine_minor: Int64
    notice_waived_by_referral: Bool
    notice_unpaid: Int8
    panel: Bool
    panel_may_sanction: Bool
    panel_no_show: Int8
    diversion_conditional: Bool
    repeat_at: Int32
    referral_offer: Bool
    referral_conditional: Bool
    drop_out: Int8
    drop_out_max_days: Int32
    sharing_is_supply: Bool
    max_fine_minor: Int64
    record: Int8
    must_offer: Bool
    evidence_needed: Int32
    indicators: Bool
    may_go_up: Bool
    sanctions: Int32
    custody_least_days: Int32
    custody_most_days: Int32
    least_prison_days: Int32
    most_prison_days: Int32
    must_imprison: Bool
    least_fine_minor: Int64
    strike_counter: Int32
    strike_earlier: Int32
    strike_window_days: Int32
    strike_effect: Int32
    repeat_prison_days: Int32
    granted_own_use: Bool
    may_assess: Bool
    early_discount: npt.NDArray[np.float64]
    expunge_how: Int8
    expunge_before: Bool
    expunge_supply: Bool
    expunge_after_days: Int32
    together: tuple[tuple[int, Measurement, tuple[TierRule, ...]], ...] = field(default=(), repr=False)
    varied: tuple[tuple[int, Bool, int], ...] = field(default=(), repr=False)
    steps: dict[tuple[str, int, int], tuple[Int64, Int16]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    def classify(self, gross_ug: Int64, pure_ug: Int64, units: Int64, form: Int8) -> Int16:
        """Return the tier of every case under every law, int16 (n, L), 0 the lowest.

        gross_ug, pure_ug, units  (n, S) int64  what was measured; 0 where nothing of a substance was found
        form                      (n, S) int8   index into forms
        """
        amounts = {GROSS: gross_ug, PURE: pure_ug, UNITS: units}
        tiers = np.zeros((gross_ug.shape[0], len(self.ids)), np.int16)
        row, substance = np.nonzero((gross_ug > 0) | (pure_ug > 0) | (units > 0))
        drug = substance * len(self.forms) + form[row, substance]
        for s, f in {divmod(one, len(self.forms)) for one in drug.tolist()}:
            rows = row[drug == s * len(self.forms) + f]
            for measure in MEASURES:
                if (measure, s, f) in self.steps:
                    points, reached = self.steps[measure, s, f]
                    amount = amounts[measure][rows, s]
                    more = np.where(amount[:, None] > 0, reached[np.searchsorted(points, amount, side="right")], 0)
                    tiers[rows] = np.maximum(tiers[rows], more)
        found = np.stack([gross_ug, pure_ug, units]) if self.together else gross_ug[None]
        for law, measured, rules in self.together:
            weights = found if measured.step_ug == 1 else np.stack([rounded(measured, gross_ug), rounded(measured, pure_ug), units])
            for rule in rules:
                tiers[:, law] = np.maximum(tiers[:, law], rule.tiers(Cases(found, weights, form)))
        return tiers

    def any_regulated(self, gross_ug: Int64, units: Int64) -> Bool:
        """Tell for every case and law whether anything found is covered by the law, bool (n, L)."""
        held = (gross_ug > 0) | (units > 0)
        answer: Bool = (held.astype(np.int32) @ self.regulated.T.astype(np.int32)) > 0
        return answer

    def evidence(self, gross_ug: Int64, units: Int64, indicators: Bool) -> Int64:
        """Return how many indicators of supply count in each case under each law, int64 (n, L).

        indicators  (n, I) bool  what was found beside the drugs, in the order of INDICATORS
        """
        counts = np.empty((indicators.shape[0], len(self.ids)), np.int64)
        variety = INDICATORS.index("variety")
        varied = {law: count_kinds(kinds, (gross_ug > 0) | (units > 0)) >= at_least for law, kinds, at_least in self.varied}
        for law in range(len(self.ids)):
            seen = indicators.copy()
            if law in varied:
                seen[:, variety] |= varied[law]
            counts[:, law] = (seen & self.indicators[law]).sum(axis=1)
        return counts

    def goes_up(self, tiers: Int16, evidence: Int64) -> Bool:
        """Tell whether evidence (n, L) makes a case in a tier (n, L) one of supply although the amount alone does not, bool (n, L)."""
        answer: Bool = self.may_go_up[np.arange(len(self.ids)), tiers] & (evidence >= self.evidence_needed)
        return answer

    def equal_rules(self, i: int, j: int) -> bool:
        """Tell whether two laws answer every question alike, whatever they are called."""
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, np.ndarray) and not np.array_equal(value[i], value[j]):
                return False
        return self._beside_arrays(i) == self._beside_arrays(j)

    def _beside_arrays(self, i: int) -> list[Any]:
        """Return the rules of a law that are not in the arrays, as plain values."""
        together = [(repr(measured), [contents(rule) for rule in rules]) for law, measured, rules in self.together if law == i]
        return [together, [(kinds.tobytes(), at_least) for law, kinds, at_least in self.varied if law == i]]


def compile_laws(laws: Sequence[Law], substances: Sequence[str], world_forms: Sequence[str] = FORMS) -> CompiledLaws:
    """Return laws as arrays over the substances and forms of a world.

    A name that one of the laws declares is known to all: the others treat it as a substance without a row.
    Raises InputError for no laws, no substances, a substance twice or an unknown name.
    """
    names = tuple(canonical(s, {name for law in laws for name in law.declared}) for s in substances)
    if not laws or not names or len(set(names)) != len(names):
        raise InputError(
            "there is nothing to compile." if not (laws and names) else "a substance stands twice.",
            where="compile_laws",
            got=list(substances),
            wanted="at least one law, and each substance once",
        )
    if unknown := [f for f in world_forms if f not in FORMS]:
        raise InputError(f"the form {unknown[0]!r} is not known.", where="compile_laws", got=unknown[0], wanted=f"one of {', '.join(FORMS)}")
    all_rules = [_rules(law.knowing(names)) for law in laws]
    n_tiers = np.array([len(r.tiers) for r in all_rules], np.int16)
    shape = (len(laws), int(n_tiers.max()), len(names), len(world_forms))
    least = {measure: np.full(shape, NEVER, np.int64) for measure in MEASURES}
    for i, rules in enumerate(all_rules):
        for s, substance in enumerate(names):
            _fill(least, i, s, rules, substance, tuple(world_forms))
    arrays: dict[str, Any] = response_arrays([law.data for law in laws], all_rules, names, tuple(world_forms), shape[1])
    arrays |= consequence_arrays([law.data for law in laws], shape[1])
    return CompiledLaws(
        ids=tuple(law.id for law in laws), names=tuple(law.name for law in laws), hashes=tuple(law.hash for law in laws),
        tier_names=tuple(law.tiers for law in laws),
        substances=names, forms=tuple(world_forms), n_tiers=n_tiers,
        min_gross_ug=least[GROSS], min_pure_ug=least[PURE], min_units=least[UNITS],
        regulated=np.array([[s in r.listed or r.floor_of_unlisted(s) is not None for s in names] for r in all_rules]),
        together=tuple((i, r.measured, made) for i, r in enumerate(all_rules) if (made := tier_rules(r, names, tuple(world_forms)))),
        varied=tuple((i, kind_matrix(r, rule, names), rule.at_least) for i, r in enumerate(all_rules) for rule in r.several if rule.method == "kinds_indicator"),
        steps=_steps(least), **arrays,
    )  # fmt: skip


def _rules(law: Law) -> Rules:
    assert law.rules is not None
    return law.rules


def _fill(least: dict[str, Int64], i: int, s: int, rules: Rules, substance: str, forms: tuple[str, ...]) -> None:
    """Fill in the smallest amounts of one law and substance."""
    for measure in MEASURES:
        least[measure][i, 0, s, :] = 1
    if substance not in rules.listed:
        floor = rules.floor_of_unlisted(substance)
        for measure in MEASURES:
            least[measure][i, 0 : (floor or 0) + 1, s, :] = 1
        return
    for f, form in enumerate(forms):
        for measure, line in starts(rules, substance, form).items():
            for t, start in enumerate(line):
                if start is not None:
                    least[measure][i, t, s, f] = start


def _steps(least: dict[str, Int64]) -> dict[tuple[str, int, int], tuple[Int64, Int16]]:
    """Return, for each measure, substance and form: the amounts at which some law's tier changes, and all laws' tiers between them.

    One sorted search answers all laws at once: tiers (points + 1, L).
    """
    steps: dict[tuple[str, int, int], tuple[Int64, Int16]] = {}
    for measure, starts_at in least.items():
        for s in range(starts_at.shape[2]):
            for f in range(starts_at.shape[3]):
                ladder = starts_at[:, :, s, f]
                points = np.unique(ladder[:, 1:][ladder[:, 1:] < NEVER])
                if points.size:
                    tiers = np.stack([_highest_of_each(ladder, amount) for amount in (0, *points.tolist())])
                    steps[measure, s, f] = (points, tiers)
    return steps


def _highest_of_each(ladder: Int64, amount: int) -> Int16:
    """Return for each law (L, T) the highest tier that an amount reaches."""
    n_tiers = ladder.shape[1]
    reached = np.where(ladder <= amount, np.arange(n_tiers), 0)
    highest: Int16 = reached.max(axis=1).astype(np.int16)
    return highest
