"""The page on law files shows laws that work, and every key that the reader knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from decrimsim.files import read_text
from decrimsim.law import load_law
from decrimsim.law.schema import LAW, NOT_SIMULATED, PATCH

PAGE = (Path(__file__).parents[1] / "docs" / "laws.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
WHOLE = [block for block in BLOCKS if block.startswith("schema:")]


@pytest.mark.parametrize("number", range(2))
def test_the_laws_on_the_page_load_and_their_cases_pass(number: int, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(WHOLE[number], encoding="utf-8")
    law = load_law(path)
    assert law.raw["cases"] and law.run_cases() == []


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_piece_of_a_law_on_the_page_has_the_right_shape(number: int) -> None:
    if BLOCKS[number].startswith("schema:"):
        assert BLOCKS[number] in WHOLE
        return
    for key, value in read_text(BLOCKS[number]).data.items():
        LAW.keys[key].check(value, (key,), out := [])
        assert out == []


def test_every_key_stands_on_the_page() -> None:
    for key in {*LAW.keys, *PATCH.keys, *NOT_SIMULATED}:
        assert re.search(rf"`{key}`|^ *{key}:", PAGE, re.MULTILINE), key
