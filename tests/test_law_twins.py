"""The fast predicate and the slow twin say the same, on random laws and amounts and on the shipped laws."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decrimsim.law import FORMS, Law, compile_laws, load_law, shipped_laws
from decrimsim.law.evaluate import Lot, classify
from decrimsim.law.words import EFFECT, INDICATORS, OWN_USE
from decrimsim.testing.laws import SUBSTANCES, holdings, laws, quantities_at_ties

LAWFUL = settings(deadline=None, derandomize=True, max_examples=150)

NSW = load_law("nsw-deemed-supply")


@cache
def shipped(name: str) -> Law:
    """Return a shipped law, read once."""
    return load_law(name)


def arrays(found: list[tuple[Lot, ...]], substances: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the arrays (n, S) of holdings with at most one form of each substance."""
    shape = (len(found), len(substances))
    gross, pure, units, form = (np.zeros(shape, np.int64) for _ in range(4))
    for i, lots in enumerate(found):
        for lot in lots:
            s = substances.index(lot.substance)
            gross[i, s], pure[i, s], units[i, s], form[i, s] = lot.gross_ug, lot.pure_ug, lot.units, FORMS.index(lot.form)
    return gross, pure, units, form.astype(np.int8)


def assert_twins_agree(some: list[Law], found: list[tuple[Lot, ...]], substances: tuple[str, ...]) -> None:
    compiled = compile_laws(some, substances)
    gross, pure, units, form = arrays(found, substances)
    tiers = compiled.classify(gross, pure, units, form)
    covered = compiled.any_regulated(gross, units)
    assert tiers.dtype == np.int16 and tiers.shape == (len(found), len(some))
    for i, lots in enumerate(found):
        for j, law in enumerate(some):
            held = tuple(lot for lot in lots if lot.gross_ug or lot.units)
            slow = classify(law.knowing(substances), held, {})
            assert (tiers[i, j], covered[i, j]) == (slow.position, slow.is_regulated), f"{law.data['tables']} {law.data['tiers']}\n{slow}"
            assert compiled.effect[j, tiers[i, j]] == EFFECT[slow.effect]
            nothing = np.zeros((1, len(INDICATORS)), bool)
            assert compiled.evidence(gross[i : i + 1], units[i : i + 1], nothing)[0, j] == slow.evidence
            if slow.is_regulated and slow.effect not in ("presumption", "conclusive"):
                assert compiled.own_use_offence[j, tiers[i, j]] == OWN_USE[slow.offence]


@settings(LAWFUL, max_examples=400)
@given(st.data())
def test_the_compiled_law_agrees_with_the_slow_twin_on_random_laws(data: st.DataObject) -> None:
    some = data.draw(st.lists(laws(), min_size=1, max_size=2))
    names = tuple(dict.fromkeys([*SUBSTANCES, *(name for law in some for name in law.declared)]))
    found = data.draw(st.lists(holdings(quantities_at_ties(some[0]), names), min_size=4, max_size=10))
    assert_twins_agree(some, found, names)


@settings(LAWFUL, max_examples=250)
@given(st.data())
def test_the_compiled_law_agrees_with_the_slow_twin_on_shipped_laws(data: st.DataObject) -> None:
    law = shipped(data.draw(st.sampled_from([*shipped_laws(), "portugal@2023-09-30"])))
    names = (*SUBSTANCES, *law.declared)
    found = data.draw(st.lists(holdings(quantities_at_ties(law), names), min_size=1, max_size=4))
    assert_twins_agree([law], found, names)


@LAWFUL
@given(st.data())
def test_more_of_one_drug_never_lowers_the_tier(data: st.DataObject) -> None:
    law = data.draw(laws())
    found = data.draw(holdings(quantities_at_ties(law)))
    more = tuple(
        Lot(lot.substance, lot.form, lot.gross_ug + a + b, lot.pure_ug + a, lot.units + c)
        for lot in found
        for a, b, c in [data.draw(st.tuples(*[st.integers(0, 3)] * 3))]
    )
    assert classify(law, more, {}).position >= classify(law, found, {}).position


@LAWFUL
@given(laws(methods=("max_tier",), extras=False), holdings())
def test_adding_fractions_is_never_milder_than_each_alone(law: Law, found: tuple[Lot, ...]) -> None:
    one_bound_each = all(None in (law.rules.boundary(t)) for t in range(1, len(law.tiers)))  # type: ignore[union-attr]
    no_heaviest_unit = "unit_at_most" not in str(law.data["tables"])
    if one_bound_each and no_heaviest_unit:
        added = law.patch({"aggregate.method": "sum_fractions"})
        assert classify(added, found, {}).position >= classify(law, found, {}).position


@LAWFUL
@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_splitting_into_packets_changes_nothing_under_a_weight_rule(a: int, b: int, c: int) -> None:
    packets = [f"{x * 100} mg" for x in (a, b, c)]
    split, whole = NSW.classify({"heroin": packets}), NSW.classify({"heroin": f"{(a + b + c) * 100} mg"})
    assert (split.tier, split.offence, split.is_regulated) == (whole.tier, whole.offence, whole.is_regulated)


@pytest.mark.parametrize(("a", "b"), [("3 g", "3000 mg"), ("0.25 g", "250000 ug"), ("0.001 kg", "1 g")])
def test_the_unit_in_which_an_amount_is_written_changes_nothing(a: str, b: str) -> None:
    assert NSW.classify({"mdma": a}).tier == NSW.classify({"mdma": b}).tier


def test_fractions_that_add_up_to_exactly_one_are_compared_exactly() -> None:
    from decrimsim.law.model import build_law
    from decrimsim.testing.laws import two_tiers

    limits = {"heroin": "3 ug", "mdma": "7 ug", "lsd": "11 ug"}
    at_one = build_law(
        two_tiers(tables={"line": limits}, tiers=[{"id": "low"}, {"id": "high", "lower": {"table": "line", "op": ">="}}], aggregate={"method": "sum_fractions"})
    )
    above_one = build_law(two_tiers(tables={"line": limits}, aggregate={"method": "sum_fractions"}))
    big = 10**9
    scaled = build_law(two_tiers(tables={"line": {"heroin": f"{3 * big} ug", "mdma": f"{7 * big} ug"}}, aggregate={"method": "sum_fractions"}))
    third = (Lot("heroin", "powder", 1, 1, 0), Lot("mdma", "powder", 7 * 2, 0, 0), Lot("lsd", "powder", 0, 0, 0))
    exactly = (Lot("heroin", "powder", 3, 3, 0),)
    barely = (Lot("heroin", "powder", big, 0, 0), Lot("mdma", "powder", 14 * big // 3 + 1, 0, 0))
    just_under = (Lot("heroin", "powder", big, 0, 0), Lot("mdma", "powder", 14 * big // 3, 0, 0))
    assert [classify(law, exactly, {}).tier for law in (at_one, above_one)] == ["high", "low"]
    assert classify(above_one, third, {}).tier == "high"
    assert (classify(scaled, barely, {}).tier, classify(scaled, just_under, {}).tier) == ("high", "low")
    assert_twins_agree([at_one, above_one, scaled], [third, exactly, barely, just_under], SUBSTANCES)


def test_weights_of_a_group_are_added() -> None:
    from decrimsim.law.model import build_law
    from decrimsim.testing.laws import two_tiers

    rows = {"heroin": "2.5 g", "mdma": "2.5 g", "ketamine": "9 g"}
    law = build_law(two_tiers(tables={"line": rows}, aggregate={"method": "sum_mass", "substances": ["heroin", "mdma"]}))
    assert law.classify({"heroin": "1.25 g", "mdma": "1.25 g"}).tier == "low"
    assert law.classify({"heroin": "1.3 g", "mdma": "1.3 g"}).tier == "high"
    assert law.classify({"heroin": "1.3 g", "ketamine": "8 g"}).tier == "low"
    ug = 10**6
    found = [
        (Lot("heroin", "powder", a, a, 0), Lot("mdma", "tablet", b, b, 3), Lot("ketamine", "powder", c, c, 0))
        for a in (0, ug, 2 * ug)
        for b in (0, ug, 3 * ug)
        for c in (0, 9 * ug, 10 * ug)
    ]
    assert_twins_agree([law], found, SUBSTANCES)


def test_every_shipped_law_compiles_and_equal_rules_are_seen() -> None:
    some = [load_law(name) for name in shipped_laws()]
    some += [some[0].named("again"), load_law("portugal@2023-09-30")]
    compiled = compile_laws(some, ["heroin", "mdma", "cannabis_herb"])
    assert len(compiled) == len(shipped_laws()) + 2 and compiled.names[-2] == "again"
    assert compiled.equal_rules(0, len(some) - 2)
    assert not compiled.equal_rules(some.index(load_law("portugal")), len(some) - 1)


def test_one_hundred_laws_are_asked_without_a_loop_over_laws() -> None:
    base = load_law("portugal")
    some = [base.patch({"tables.ten_days.heroin": f"{i + 1} mg"}) for i in range(100)]
    compiled = compile_laws(some, ["heroin"])
    gross = np.array([[500], [50_000], [100_001]], np.int64)
    tiers = compiled.classify(gross, gross, np.zeros_like(gross), np.zeros((3, 1), np.int8))
    assert tiers.sum(axis=1).tolist() == [0, 49, 100]
    assert all(len(points) <= 100 for points, _ in compiled.steps.values())
