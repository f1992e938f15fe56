"""Invariants of cases: time pending, purposes, and what evidence does (28, 35, 90)."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import LAWS, busy, busy_run

import decrimsim as ds
from decrimsim.engine.justice import DELAYS
from decrimsim.engine.practice import practice_numbers
from decrimsim.kernels.decisions import Facts, decide
from decrimsim.measures import measure
from decrimsim.schema import LINE, SANCTIONS, SERVICES, STAGES
from decrimsim.testing.scenarios import with_more_mechanisms

N_PAIRS = 40
PRACTICE = practice_numbers(with_more_mechanisms(ds.load("nsw")).practice)


def test_days_pending_summed_over_days_are_days_pending_summed_over_cases() -> None:
    """Little's law as a sum: cases open at the end of each day, counted from arrivals and closings, against the time of each case."""
    tables = busy_run()
    for law in range(len(LAWS)):
        cases = tables.cases.for_law(law)
        last = int(cases["closed_day"].max(initial=0)) + 1
        arrived = np.bincount(cases["day"], minlength=last).cumsum()
        closed = np.bincount(cases["closed_day"], minlength=last).cumsum()
        assert (arrived >= closed).all()
        assert (arrived - closed).sum() == (cases["closed_day"].astype(np.int64) - cases["day"]).sum()
    assert any((tables.cases.for_law(law)["closed_day"] > tables.cases.for_law(law)["day"]).any() for law in range(len(LAWS)))


def test_every_find_has_one_purpose_and_no_stage_exceeds_the_one_before() -> None:
    tables = busy_run()
    found = measure(tables, busy(), len(LAWS))
    by_stage = found.purposes.sum(axis=1)
    assert (by_stage[:, 0] == found.outcomes[:, ds.schema.OUTCOMES.index("found")]).all()
    assert (found.purposes <= found.purposes[:, :, :1]).all()
    assert (found.purposes[:, :, 2] >= found.purposes[:, :, 3]).all()
    assert (found.purposes[:, :, 3] >= found.purposes[:, :, 4]).all()
    assert (by_stage[:, 4] > 0).any()


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Return facts of N_PAIRS pairs, each entry anything it can be."""
    rng = np.random.Generator(np.random.PCG64(draw(st.integers(0, 2**32))))
    flag = {f.name: rng.random(N_PAIRS) < 0.5 for f in fields(Facts)}
    return Facts(
        **flag
        | {
            "effect": rng.integers(0, 5, N_PAIRS),
            "own_use_offence": rng.integers(0, 3, N_PAIRS),
            "n_supply": rng.integers(0, 3, N_PAIRS),
            "caution_factor": rng.random(N_PAIRS),
            "notice_factor": rng.random(N_PAIRS),
            "violence_factor": rng.random(N_PAIRS),
            "notice_fine_minor": rng.integers(0, 1000, N_PAIRS),
            "max_possession_days": rng.integers(0, 1000, N_PAIRS),
            "service": rng.integers(0, len(SERVICES), N_PAIRS),
            "drop_out": rng.integers(-1, 4, N_PAIRS),
            "drop_out_max_days": rng.integers(0, 100, N_PAIRS),
            "place": rng.random(N_PAIRS),
            "max_supply_days": rng.integers(1, 5000, N_PAIRS),
            "may_assess": rng.random((N_PAIRS, 3)) < 0.5,
            "repeat_prison_days": rng.integers(0, 1000, N_PAIRS),
            "largest_fine_minor": rng.integers(500, 1000, N_PAIRS),
            "least_fine_minor": rng.integers(0, 500, N_PAIRS),
            "least_prison_days": rng.integers(0, 50, (N_PAIRS, 2)),
            "most_prison_days": rng.integers(0, 500, (N_PAIRS, 2)),
            "must_imprison": rng.random((N_PAIRS, 2)) < 0.5,
            "sanctions": rng.integers(0, 1 << len(SANCTIONS), (N_PAIRS, 2)),
            "custody_least_days": rng.integers(0, 20, (N_PAIRS, 2, 2)),
            "custody_most_days": rng.integers(20, 500, (N_PAIRS, 2, 2)),
            "early_discount_q16": rng.integers(0, 65536, N_PAIRS),
            "prosecutor_queue_days": rng.integers(0, 50, N_PAIRS),
            "queue_days": rng.integers(0, 100, N_PAIRS),
        }
    )


@settings(max_examples=40, deadline=None)
@given(facts(), st.integers(0, 2**32))
def test_more_evidence_of_supply_is_never_milder_and_of_use_never_harsher(given_facts: Facts, seed: int) -> None:
    """For the same draws: one more kind of supply evidence keeps every belief of supply, evidence of own use adds none (stage: police);
    and where a case is contested under both, the court convicts of supply at least as often with more evidence."""
    rng = np.random.Generator(np.random.PCG64(seed))
    u = rng.random((len(STAGES), N_PAIRS))
    quantile = {name: rng.integers(0, 65536, N_PAIRS) for name in DELAYS}
    supply = LINE.index("supply")
    plain = decide(given_facts, PRACTICE, u, quantile)
    more = decide(replace(given_facts, n_supply=given_facts.n_supply + 1), PRACTICE, u, quantile)
    used = decide(replace(given_facts, has_use_evidence=np.ones(N_PAIRS, bool)), PRACTICE, u, quantile)
    assert ((plain.columns["line"] == supply) <= (more.columns["line"] == supply)).all()
    assert ((used.columns["line"] == supply) <= (plain.columns["line"] == supply)).all()
    court = STAGES.index("court.supply")
    both = plain.asked[court] & more.asked[court]
    assert (plain.p[court][both] <= more.p[court][both]).all()
