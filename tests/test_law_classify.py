"""What a law says about one case, and what the compiled arrays hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decrimsim.errors import InputError, QuantityError
from decrimsim.law import EFFECT, compile_laws, load_law
from decrimsim.law.evaluate import Lot, classify
from decrimsim.law.model import build_law
from decrimsim.testing.laws import holdings, two_tiers

LAWFUL = settings(deadline=None, derandomize=True, max_examples=60)
NSW = load_law("nsw-deemed-supply")
PORTUGAL = load_law("portugal")
PURE = PORTUGAL.reading("weight_basis", "active_principle")


def test_homogeneous_purity_gives_the_same_answer_as_a_limit_divided_by_it() -> None:
    """Invariant 39: a pure limit of 1 g at purity one quarter is a gross limit of 4 g."""
    pure = load_law("portugal").reading("weight_basis", "active_principle")
    gross = load_law("portugal").patch({"tables.ten_days.heroin": "4 g"})
    for ug in (3_999_996, 4_000_000, 4_000_004, 8_000_000):
        found = {"heroin": {"g": f"{ug} ug", "purity": 0.25}}
        assert pure.classify(found).tier == gross.classify(found).tier
    assert pure.classify({"heroin": {"g": "1 g", "purity": 1}}).tier == load_law("portugal").classify({"heroin": "1 g"}).tier


@LAWFUL
@given(holdings(st.integers(0, 3_000_000)))
def test_a_pure_rule_is_never_harsher_than_a_gross_one(found: tuple[Lot, ...]) -> None:
    assert classify(PURE, found, {}).position <= classify(PORTUGAL, found, {}).position


@LAWFUL
@given(holdings(st.integers(0, 3_000_000)), st.integers(0, 2_000_000), st.integers(0, 2_000_000))
def test_a_higher_limit_never_puts_anyone_over_who_was_not(found: tuple[Lot, ...], ug: int, more: int) -> None:
    strict = PORTUGAL.patch({"tables.ten_days.heroin": f"{ug} ug"})
    lax = PORTUGAL.patch({"tables.ten_days.heroin": f"{ug + more} ug"})
    assert classify(lax, found, {}).position <= classify(strict, found, {}).position


def test_a_limit_of_nothing_and_an_unlimited_one() -> None:
    """Invariant 43: at zero everybody who holds anything is over; unlimited puts nobody over."""
    zero, unlimited = (build_law(two_tiers(limit)) for limit in ("0 g", "unlimited"))
    assert [zero.classify({"heroin": g}).tier for g in ("0 g", "1 ug", "1 g")] == ["low", "high", "high"]
    assert [unlimited.classify({"heroin": g}).tier for g in ("0 g", "1 ug", "1000 kg")] == ["low", "low", "low"]


def test_severity_rises_with_the_effect_for_the_same_facts() -> None:
    """Invariants 55 and 91: conclusive >= presumption >= indicative, in where the case starts."""
    starts = [NSW.patch({"effects.traffickable.type": kind}).classify({"heroin": "3 g"}) for kind in ("indicative", "presumption", "conclusive")]
    assert [found.offence for found in starts] == ["possession", "supply", "supply"]
    assert sorted(EFFECT[found.effect] for found in starts) == [EFFECT[found.effect] for found in starts]


def test_a_classification_reads_as_sentences_with_sources() -> None:
    text = str(NSW.classify({"heroin": {"form": "powder", "g": "3 g"}}, date="2024-06-01"))
    assert "New South Wales" in text and "as it stood on 2024-06-01" in text
    assert "3 g of heroin (powder) reaches traffickable >= 3 g  [dmta]" in text
    assert "effect of the amount: presumption; the case starts as: supply" in text


def test_what_is_not_known_is_reported() -> None:
    assert "no number was found" in " ".join(NSW.classify({"psilocybin": "1 g"}).unknowns)
    assert "an expert says" in " ".join(PORTUGAL.classify({"methamphetamine": "1 g"}).unknowns)
    assert "purity of heroin is not known" in " ".join(PURE.classify({"heroin": "2 g"}).unknowns)
    assert "number of units of mdma" in " ".join(load_law("mexico").classify({"mdma": {"form": "tablet", "g": "0.1 g"}}).unknowns)
    assert "reports of the person not given" in load_law("mexico").classify({"heroin": "1 g"}).unknowns
    assert "notices of the person not given" in NSW.classify({"heroin": "1 g"}).unknowns


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({"heroine": "1 g"}, "Did you mean 'heroin'"),
        ({"heroin": "1"}, "has no unit"),
        ({"heroin": "unlimited"}, "has an end"),
        ({"heroin": {"gram": "1 g"}}, "Wanted one of form, units, g, purity"),
        ({"heroin": {"g": "1 g", "purity": 1.5}}, "a number from 0 to 1"),
        ({"heroin": {"g": "1 g", "form": "tablett"}}, "Did you mean 'tablet'"),
        ({"heroin": {"units": -1}}, "a whole number from 0"),
        ("3 g", "this is not a holding"),
    ],
)
def test_a_holding_that_does_not_fit_says_why(found: object, says: str) -> None:
    with pytest.raises((InputError, QuantityError)) as caught:
        NSW.classify(found)  # type: ignore[arg-type]
    assert says in str(caught.value)


def test_nothing_found_is_the_lowest_tier_of_a_law_that_regulates_nothing_of_it() -> None:
    found = NSW.classify({"heroin": "0 g"})
    assert (found.tier, found.offence, found.is_regulated) == ("small", "none", False)


def test_any_trace_of_an_unlisted_substance_can_be_an_offence() -> None:
    raw = two_tiers(unlisted_substance={"rule": "any_trace_is_offence"})
    law = build_law(raw)
    assert law.classify({"mdma": "1 ug"}).tier == "high"
    compiled = compile_laws([law], ["mdma"])
    assert compiled.min_gross_ug[0, 1, 0, 0] == 1


def test_compiling_nothing_or_something_unknown_says_why() -> None:
    for laws_, substances, forms in (
        ([], ["heroin"], ["powder"]),
        ([NSW], [], ["powder"]),
        ([NSW], ["mdma", "ecstasy"], ["powder"]),
        ([NSW], ["mdma"], ["pill"]),
        ([NSW], ["mdna"], ["powder"]),
    ):
        with pytest.raises(InputError):
            compile_laws(laws_, substances, forms)  # type: ignore[arg-type]


def test_the_routes_of_new_south_wales_are_compiled() -> None:
    c = compile_laws([NSW, PORTUGAL], ["cannabis_herb", "mdma"])
    capsule, powder = c.forms.index("capsule"), c.forms.index("powder")
    assert c.caution_max_ug.tolist() == [[15_000_000, 0], [0, 0]]
    assert c.notice_max_ug[0, 1, [capsule, powder]].tolist() == [250_000, 750_000]
    assert (c.caution_max_prior.tolist(), c.notice_max_prior.tolist()) == ([1, -1], [1, -1])
    assert (c.panel.tolist(), c.notice_fine_minor.tolist(), c.max_prison_supply_days[0, -1]) == ([False, True], [40_000, 0], 36_500)
    assert c.whole_holding[0].tolist() == [False, False, True, True, True, True]
    assert c.burden_on_accused[1].tolist() == [False] * 6


def test_a_case_that_reaches_a_higher_tier_because_of_units_alone() -> None:
    c = compile_laws([NSW], ["lsd"])
    f = c.forms.index("blotter")
    assert c.min_units[0, 1:4, 0, f].tolist() == [5, 15, 25]
    assert c.min_gross_ug[0, 1:4, 0, f].tolist() == [801, 3000, 5000]


def test_two_names_and_two_lots_of_one_substance_are_one_find() -> None:
    assert NSW.classify({"heroin": ["3 g", "2 g"]}).tier == NSW.classify({"heroin": "5 g"}).tier == "indictable"
    assert NSW.classify({"mdma": "0.6 g", "ecstasy": "0.6 g"}).tier == NSW.classify({"mdma": "1.2 g"}).tier


def test_units_without_a_weight_are_told_as_unknown_where_the_limit_is_a_weight() -> None:
    done = NSW.classify({"mdma": "1000 pills"})
    assert done.tier == "unknown"
    assert any("weight of 1000 units of mdma is not known" in text for text in done.unknowns)
