"""Every bound of a shipped law has the words of the law, or says why they are not known; ``explain`` tells which."""

from __future__ import annotations

from functools import cache

import pytest

from decrimsim.law import Law, load_law, shipped_laws
from decrimsim.law.dated import change_days, resolve
from decrimsim.law.evidence_lint import compared_tables, text_findings
from decrimsim.law.explain import explain_law, words_of
from decrimsim.law.model import build_law
from decrimsim.law.schema import LAW
from decrimsim.testing.laws import two_tiers
from decrimsim.units import parse_date

MISSING = "the file does not say"
FITS = {"not more than": "<=", "no exceda": "<=", "até": "<=", "less than": "<", "not less than": ">=", "or more": ">=", "more than": ">", "свыше": ">"}
"""words of an upper bound may stand at the lower bound of the tier above it, whose operator is the other side"""
load = cache(load_law)


def tables_of_all_versions(law: Law) -> dict[str, str]:
    """Return {table: words, or why there are none} of every table that some version of a law compares with an amount."""
    days = sorted(change_days({key: value for key, value in law.raw.items() if key != "cases"}))
    starts = [period["from"] for period in law.raw.get("force", [])]
    versions = [resolve(law.raw, parse_date(day)) for day in days if not starts or day >= max(min(starts), days[0])] if days else []
    return {table: words_of(data, table) for data in (*versions, resolve(law.raw, None)) for table in compared_tables(data)}


@pytest.mark.parametrize("name", shipped_laws())
def test_every_table_of_a_shipped_law_has_the_words_of_its_bound_or_says_why_not(name: str) -> None:
    law = load(name)
    told = tables_of_all_versions(law)
    assert told or not law.has_threshold
    assert [table for table, words in told.items() if words.startswith(MISSING)] == []


def read_words(law: Law) -> list[tuple[str, str, str, str]]:
    """Return (table, side, operator, words) of every bound of a tier whose words were read and are in FITS."""
    bounds = [(tier[side], side) for tier in law.data["tiers"] for side in ("lower", "upper") if side in tier]
    found = [(bound["table"], side, bound["op"], law.data["table_notes"][bound["table"]].get("words")) for bound, side in bounds]
    return [one for one in found if isinstance(one[3], str) and one[3] in FITS]


@pytest.mark.parametrize("name", shipped_laws())
def test_words_that_were_read_fit_their_operator(name: str) -> None:
    for table, side, op, words in read_words(load(name)):
        turned = {"<": ">=", "<=": ">"}.get(FITS[words], FITS[words]) if side == "lower" else FITS[words]
        assert op == turned, table


def test_every_word_that_is_checked_stands_in_a_law() -> None:
    laws = map(load, ("brazil", "hungary-before-repeal", "mexico", "russia", "singapore", "us-federal", "victoria", "nsw-deemed-supply"))
    assert {words for law in laws for _, _, _, words in read_words(law)} == set(FITS)


def law_with(**note: object) -> Law:
    return build_law(two_tiers(table_notes={"line": note}))


def test_explain_prints_the_words_or_that_they_were_not_read_or_that_nothing_is_said() -> None:
    read = explain_law(law_with(words="not more than"), {"heroin": "3 ug"})
    assert '\n  the words of line: "not more than"' in str(read)
    assert read.to_json()["words"] == {"line": 'the words of line: "not more than"'}
    unread = explain_law(law_with(words={"not_read": "the list counts it as inside"}), {"heroin": "3 ug"})
    assert "the wording of line was not read; the operator follows this: the list counts it as inside" in str(unread)
    assert "the file does not say with which words the law draws line" in str(explain_law(law_with(), {"heroin": "3 ug"}))


def test_explain_tells_the_words_of_a_limit_that_opened_a_route() -> None:
    found = explain_law(load_law("nsw-deemed-supply"), {"cannabis_herb": "10 g"}, "2023-06-01", {"cautions": 0, "conviction": False, "age": 30})
    assert "caution_limit" in found.words


def test_the_lint_names_a_draft_whose_wording_is_missing_and_no_other() -> None:
    rules = [{one.path for one in text_findings(law) if one.rule == "wording_missing"} for law in (law_with(), law_with(words={"not_read": "a draft"}))]
    assert rules == [{"table_notes.line.words"}, set()]


def test_a_derived_table_does_not_borrow_the_words_of_its_base() -> None:
    tables = {"line": {"heroin": "5 ug"}}
    notes = {"line": {"words": "a day's use"}, "ten": {"derive": {"from": "line", "multiply": 10}}}
    tiers = [{"id": "low", "upper": {"table": "ten", "op": "<="}}, {"id": "high"}]
    assert words_of(build_law(two_tiers(tables=tables, table_notes=notes, tiers=tiers)).data, "ten").startswith(MISSING)


def test_words_are_a_text_or_say_why_not() -> None:
    for words, is_fine in (("not more than", True), ({"not_read": "why"}, True), ({}, False), ("", False), (["up to"], False)):
        LAW.keys["table_notes"].check({"line": {"words": words}}, ("table_notes",), out := [])
        assert (out == []) is is_fine
