"""Every bad law file in tests/laws/bad is refused with the text that its first line expects, and a place."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decrimsim.errors import ConflictingRules, DecrimsimError, LawError, NoApplicableRule
from decrimsim.law import load_law, shipped_laws
from decrimsim.law.model import build_law
from decrimsim.testing.laws import plain_law, two_tiers

BAD = sorted((Path(__file__).parent / "laws" / "bad").glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_law_file_is_refused_with_the_expected_text(path: Path) -> None:
    expected = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(DecrimsimError) as caught:
        load_law(path)
    assert expected in str(caught.value)
    assert str(caught.value).startswith(path.name)


def test_there_is_a_bad_file_for_every_kind_of_complaint() -> None:
    assert len(BAD) >= 80


def test_an_error_names_the_line_and_column_of_what_is_wrong() -> None:
    path = next(p for p in BAD if p.stem == "limit-without-unit")
    with pytest.raises(LawError, match=r"limit-without-unit\.yaml:10:18: tables\.line\.heroin"):
        load_law(path)


def test_all_errors_of_a_file_are_shown_together() -> None:
    path = next(p for p in BAD if p.stem == "two-errors")
    with pytest.raises(LawError) as caught:
        load_law(path)
    assert len(caught.value.got) == 2  # type: ignore[arg-type]
    assert "title" in str(caught.value) and "seizure.drugs" in str(caught.value)


@pytest.mark.parametrize(
    ("stem", "error"),
    [("gap", NoApplicableRule), ("gap-at-one-point", NoApplicableRule), ("overlap", ConflictingRules), ("overlap-at-one-point", ConflictingRules)],
)
def test_gaps_and_overlaps_have_errors_of_their_own(stem: str, error: type[LawError]) -> None:
    with pytest.raises(error):
        load_law(next(p for p in BAD if p.stem == stem))


def test_a_declared_gap_and_a_declared_overlap_are_accepted() -> None:
    tables = {"line": {"heroin": "5 g"}, "floor": {"heroin": "7 g"}}
    tiers = [{"id": "low", "upper": {"table": "line", "op": "<="}}, {"id": "high", "lower": {"table": "floor", "op": ">="}}]
    for gap_tier in ("low", "high"):
        assert build_law(two_tiers(tables=tables, tiers=tiers, gap_tier=gap_tier)).classify({"heroin": "6 g"}).tier == gap_tier
    tables["floor"]["heroin"] = "3 g"
    for overlap, tier in (("lowest", "low"), ("highest", "high")):
        law = build_law(two_tiers(tables=tables, tiers=tiers, overlap=overlap))
        assert [law.classify({"heroin": g}).tier for g in ("2.9 g", "4 g", "5 g", "5.1 g")] == ["low", tier, tier, "high"]


def test_a_gap_tier_must_be_beside_the_gap() -> None:
    effect = {"type": "none", "own_use": "none", "supply": "supply"}
    tiers = [{"id": "a", "upper": {"table": "x", "op": "<"}}, {"id": "b", "lower": {"table": "x", "op": ">"}}, {"id": "c", "lower": {"table": "y", "op": ">"}}]
    raw = plain_law(tables={"x": {"heroin": "1 g"}, "y": {"heroin": "9 g"}}, tiers=tiers, effects=dict.fromkeys("abc", effect), gap_tier="c")
    with pytest.raises(NoApplicableRule):
        build_law(raw)


def test_india_like_bounds_leave_exact_values_in_the_middle() -> None:
    effect = {"type": "none", "own_use": "possession", "supply": "supply"}
    tiers = [{"id": "small", "upper": {"table": "s", "op": "<"}}, {"id": "middle"}, {"id": "commercial", "lower": {"table": "c", "op": ">"}}]
    law = build_law(
        plain_law(tables={"s": {"heroin": "5 g"}, "c": {"heroin": "250 g"}}, tiers=tiers, effects=dict.fromkeys(("small", "middle", "commercial"), effect))
    )
    assert [law.classify({"heroin": g}).tier for g in ("4.999999 g", "5 g", "250 g", "250.000001 g")] == ["small", "middle", "middle", "commercial"]


@pytest.mark.parametrize("name", ["portugal", "gold-standard"])
def test_every_key_of_a_shipped_law_with_one_letter_changed_is_refused(name: str) -> None:
    raw = load_law(name).raw
    for key in raw:
        broken = copy.deepcopy(raw)
        broken[key + "x"] = broken.pop(key)
        with pytest.raises(LawError, match=f"Did you mean '{key}'|things to mend"):
            build_law(broken)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda s: st.lists(s, max_size=3) | st.dictionaries(st.sampled_from(["dated", "limit", "id", "op", "table", "heroin", "x"]), s, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.sampled_from(sorted(load_law("portugal").raw)), VALUES)
def test_any_value_under_any_key_gives_a_law_or_a_proper_error(key: str, value: object) -> None:
    raw = two_tiers(force=[{"from": "2001-01-01", "state": "in_force"}])
    raw[key] = value
    try:
        build_law(raw)
    except DecrimsimError as error:
        assert str(error)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.sampled_from(shipped_laws()), st.integers(0, 10**6), VALUES)
def test_any_value_at_any_place_of_a_shipped_law_gives_a_law_or_a_proper_error(name: str, pick: int, value: object) -> None:
    raw = copy.deepcopy({**RAW[name], "cases": []})
    node, key = PLACES[name][pick % len(PLACES[name])]
    target: object = raw
    for part in node:
        target = target[part]  # type: ignore[index]
    target[key] = value  # type: ignore[index]
    try:
        build_law(raw)
    except DecrimsimError as error:
        assert str(error)


def places(node: object, path: tuple[object, ...] = ()) -> list[tuple[tuple[object, ...], object]]:
    """Return (path of the parent, key) of every node of raw data."""
    pairs = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    return [(path, key) for key, _ in pairs] + [place for key, child in pairs for place in places(child, (*path, key))]


RAW = {name: load_law(name).raw for name in shipped_laws()}
PLACES = {name: places({key: value for key, value in raw.items() if key != "cases"}) for name, raw in RAW.items()}
