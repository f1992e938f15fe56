"""Documents that are written from the code say what the code says; the list of steps names the columns that steps really touch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from worlds import LAWS, coupled, end_day, fresh_block, law, laws, setup_of

from decrimsim.describe import data_model
from decrimsim.engine import STEPS, Block
from decrimsim.engine.rows import Rows
from decrimsim.law import Law
from decrimsim.schema import BEHAVIOUR, CUTS, OUTCOMES, STAGES, TABLES

ROOT = Path(__file__).parent.parent
DAYS = 57
"""The first review falls at the end of the second period."""


def test_the_data_model_is_up_to_date() -> None:
    """Write it again with: python -c "from decrimsim.describe import data_model; print(data_model(), end='')" > docs/data-model.md"""
    assert (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8") == data_model()


@pytest.mark.parametrize("table", TABLES)
def test_every_column_stands_in_the_data_model(table: str) -> None:
    section = data_model().split(f"## {table}\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [column.name for column in TABLES[table]]


def test_every_outcome_and_cut_stands_on_the_page_about_measures() -> None:
    page = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    assert [name for name in (*OUTCOMES, *CUTS, *BEHAVIOUR) if f"`{name}`" not in page] == []


def test_stages_are_processes_that_draw() -> None:
    from decrimsim.chance import PROCESSES

    assert set(STAGES) <= set(PROCESSES)


def some_laws() -> list[Law]:
    """Return the usual laws and one that revises its line every month."""
    triggers = [{"metric": "share_of_user_finds_above_threshold", "op": ">=", "value": 0.0, "action": "lower_thresholds"}]
    return [*laws(), law(LAWS[0]).patch({"review": {"months": 1, "raise_by": 3.0, "triggers": triggers}}).named("reviewed")]


def columns_of(block: Block) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """Yield the columns of a block's rows by kind of row and name."""
    for kind in ("circles", "people", "habits"):
        rows = getattr(block, kind)
        for name in rows.names():
            yield (kind, name), rows[name]


@pytest.mark.parametrize("mode", ["closed", "open"])
def test_steps_write_no_column_that_they_do_not_name(mode: str) -> None:
    """Rows that a split appends are left out: a copy is no change."""
    block = fresh_block(setup_of(coupled(), some_laws(), mode=mode))
    written: dict[str, set[str]] = {step.name: set() for step in STEPS}
    for _ in range(DAYS):
        for step in STEPS:
            before = {at: column.copy() for at, column in columns_of(block)}
            step.run(block)
            written[step.name] |= {at[1] for at, column in columns_of(block) if not np.array_equal(before[at], column[: len(before[at])])}
        end_day(block)
    for step in STEPS:
        assert written[step.name] <= set(step.writes), step.name
        if mode == "closed" and step.name != "learn":  # each answer changes some of what answers may change
            assert set(step.writes) <= written[step.name], step.name


STRUCTURE = {"circle", "owner", "first_habit", "n_habits", "first_person", "n_people", "scramble", "person", "laws", *("day", "row", "kind", "value", "law")}
"""Positions, identities and the schedule: not what anybody wants to read about."""


def test_steps_read_no_column_that_they_do_not_name(monkeypatch: pytest.MonkeyPatch) -> None:
    touched: set[str] = set()
    take = Rows.__getitem__

    def watched(rows: Rows, name: str) -> np.ndarray:
        touched.add(name)
        return take(rows, name)

    monkeypatch.setattr(Rows, "__getitem__", watched)
    block, by_step = fresh_block(setup_of(coupled(), some_laws())), {step.name: set[str]() for step in STEPS}
    for _ in range(DAYS):
        for step in STEPS:
            touched.clear()
            step.run(block)
            by_step[step.name] |= touched
        end_day(block)
    for step in STEPS:
        assert by_step[step.name] - STRUCTURE - set(step.writes) <= set(step.reads), f"{step.name} reads columns that it does not name"
        assert set(step.reads) <= by_step[step.name], f"{step.name} names columns that it does not read"


def test_the_table_of_invariants_names_tests_that_exist() -> None:
    text = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    there = set()
    for path in (ROOT / "tests").rglob("*.py"):
        there |= set(re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8")))
        there.add(path.stem)
    rows = {int(number) for number in re.findall(r"^\| (\d+) ", text, re.MULTILINE)}
    asked = {
        *range(1, 4),
        *range(6, 9),
        *range(10, 14),
        *range(15, 18),
        *range(19, 25),
        *range(26, 36),
        *range(40, 48),
        *range(51, 58),
        *range(71, 76),
        *range(85, 95),
    }
    assert asked <= rows, f"no row: {sorted(asked - rows)}"
    assert named <= there, f"no such test: {sorted(named - there)}"
