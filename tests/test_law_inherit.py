"""A patch keeps the cases of the law it is based on; one whose answer it changes is listed, or fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from decrimsim.law import Law, load_law

PATCH = """schema: decrimsim.law/1
id: draft
kind: {kind}
title: Portugal, changed
summary: For tests.
based_on: {base}
changes:
  - {{path: {path}, to: {to}, reason: to test}}
{changed}cases:
{cases}"""
OWN = '  - {name: fifteen days of heroin, date: "2015-01-01", holdings: {heroin: "1.5 g"}, expect: {tier: excess}}\n'
BASE = load_law("portugal")


def patched(
    tmp_path: Path,
    path: str = "effects.excess.own_use",
    to: str = "none",
    changed: str = "",
    kind: str = "proposal",
    base: str = "portugal",
    name: str = "draft",
) -> Law:
    text = PATCH.format(kind=kind, base=base, path=path, to=to, changed=changed, cases=OWN).replace("id: draft", f"id: {name}")
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_law(tmp_path / f"{name}.yaml")


def inherited(law: Law) -> list[dict[str, object]]:
    return [case for case in law.raw["cases"] if "from_law" in case]


def test_a_patch_has_its_own_cases_and_those_of_its_base(tmp_path: Path) -> None:
    law = patched(tmp_path, "summary", "Only the words differ.")
    assert law.raw["cases"][0]["name"] == "fifteen days of heroin"
    assert {case["name"] for case in inherited(law)} == {case["name"] for case in BASE.raw["cases"] if "error" not in case["expect"]}
    assert {case["from_law"] for case in inherited(law)} == {"portugal"}
    assert law.run_cases() == []


def test_a_case_that_a_patch_changes_without_listing_it_fails_and_says_what_to_write(tmp_path: Path) -> None:
    text = next(text for text in patched(tmp_path).run_cases() if "heroin, just above ten days" in text)
    assert "cases of 'portugal' now answer differently, all in the same way: offence 'possession' is now 'none'" in text
    assert 'changed_cases:\n  - {names: ["heroin, just above ten days", ' in text
    assert text.endswith("], expect: {offence: none}}")


@pytest.mark.parametrize("kept", ["possession", "administrative"])
def test_all_cases_of_one_expectation_are_listed_in_one_line(tmp_path: Path, kept: str) -> None:
    lines = [f"  - {{where: {{offence: {old}, tier: excess}}, expect: {{offence: none}}}}\n" for old in ("possession", "administrative")]
    head = 'changed_cases:\n  - {names: ["from 1 October 2023 it is administrative"], expect: {routes: []}}\n'
    law = patched(tmp_path, changed=head + "".join(lines))
    assert law.run_cases() == []
    half = patched(tmp_path, changed=head + next(line for line in lines if kept not in line))
    assert half.run_cases()
    assert all(f"'{kept}' is now 'none'" in text for text in half.run_cases())


def test_a_case_that_is_listed_by_name_expects_what_is_written_and_keeps_the_rest(tmp_path: Path) -> None:
    line = '  - {names: ["heroin, just above ten days"], expect: {offence: none}}\n'
    law = patched(tmp_path, changed=f"changed_cases:\n{line}")
    (case,) = [case for case in inherited(law) if case["name"] == "heroin, just above ten days"]
    assert case["expect"] == {"tier": "excess", "effect": "indicative", "offence": "none"}
    assert not any("'heroin, just above ten days'" in text for text in law.run_cases())


def test_a_listed_case_whose_answer_the_patch_does_not_change_fails(tmp_path: Path) -> None:
    line = '  - {names: ["heroin, exactly ten days"], expect: {offence: none}}\n'
    law = patched(tmp_path, "summary", "Only the words differ.", f"changed_cases:\n{line}")
    (text,) = law.run_cases()
    assert "'heroin, exactly ten days'" in text and "offence 'none' is now 'administrative'" in text


def test_a_proposal_leaves_out_the_cases_on_when_its_base_is_in_force_and_an_enacted_patch_keeps_them(tmp_path: Path) -> None:
    def errors(law: Law) -> int:
        return sum("error" in case["expect"] for case in law.raw["cases"])

    assert errors(BASE) > 0
    assert errors(patched(tmp_path, "summary", "x")) == 0
    assert errors(patched(tmp_path, "summary", "x", kind="enacted")) == errors(BASE)


def test_a_patch_of_a_patch_has_the_cases_of_both_and_knows_whose_they_are(tmp_path: Path) -> None:
    patched(tmp_path, "summary", "x", name="first")
    law = patched(tmp_path, "summary", "z", base="first", name="second")
    assert {case["from_law"] for case in inherited(law)} == {"first", "portugal"}
    assert law.run_cases() == []


def test_the_base_is_left_as_it_was(tmp_path: Path) -> None:
    patched(tmp_path)
    assert all("from_law" not in case for case in load_law("portugal").raw["cases"])


def test_a_change_of_a_loaded_law_keeps_its_cases_and_does_not_change_its_rules(tmp_path: Path) -> None:
    law = patched(tmp_path, "summary", "Only the words differ.")
    assert law.patch({"tables.daily.heroin": "0.2 g"}).raw["cases"] == law.raw["cases"]
