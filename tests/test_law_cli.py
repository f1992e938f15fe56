"""What a person who does not program meets at the command line with laws: refusals that say what to type, tables, names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import run

import decrimsim as ds
from decrimsim import cli

NSW = ds.load_law("nsw-deemed-supply")


@pytest.mark.parametrize("command", [("classify",), ("law", "explain")])
def test_pills_without_a_weight_are_refused_where_the_limit_is_a_weight(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, err = run(capsys, monkeypatch, *command, "nsw-deemed-supply", "mdma=100pills")
    assert (status, out) == (2, "")
    assert "no weight is known" in err
    assert "mdma=100pills,1g" in err
    status, out, _ = run(capsys, monkeypatch, *command, "nsw-deemed-supply", "mdma=100pills,25g")
    assert status == 0
    assert "tier: indictable" in out


def test_classify_gives_no_tier_to_units_without_a_weight_under_limits_by_weight() -> None:
    done = NSW.classify({"mdma": "100 pills"})
    assert (done.tier, done.effect, done.offence, done.routes, done.position) == ("unknown", "unknown", "unknown", (), -1)
    assert "no tier can be told" in str(done)
    assert "within" not in str(done)
    assert NSW.classify({"lsd": "4 units"}).tier == "small"  # the next limit counts units
    with pytest.raises(ds.InputError, match="no weight is known"):
        ds.explain_law(NSW, {"mdma": "100 pills"})


@pytest.mark.parametrize("typed", ["mdma=1g,2g", "mdma=3pills,4pills", "mdma=1g,2pills,3g"])
def test_a_lot_is_a_weight_or_a_number_with_its_weight(typed: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, _, err = run(capsys, monkeypatch, "classify", "nsw-deemed-supply", typed)
    assert status == 2
    assert "mdma=4pills,1g" in err


@pytest.mark.parametrize("name", ["nsw-deemed-supply", "portugal@2023-09-30", "gold-standard", "mexico"])
def test_show_names_every_path_that_can_be_changed(name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, _ = run(capsys, monkeypatch, "law", "show", name)
    law = ds.load_law(name)
    assert status == 0
    assert law.title in out
    for tier in law.tiers:
        assert f"  {tier}: " in out
    for table in law.data["tables"]:
        assert f"  tables.{table}: " in out
    told = json.loads(run(capsys, monkeypatch, "law", "show", name, "--json")[1])
    for paths in (told["parameters"], *told["tables"].values()):
        for path in list(paths)[:1]:
            law.patch({path: law.data["parameters"]["days"]["value"] if path.startswith("parameters") else "5 g"})
    for path, question in told["open_questions"].items():
        law.patch({path: next(one for one in question["readings"] if one != question["now"])})


def test_show_tells_the_dates_of_a_version_and_its_numbers(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    out = run(capsys, monkeypatch, "law", "show", "portugal@2023-09-30")[1]
    for part in ("holds from 2001-07-01 until the day before 2023-10-01", "parameters.days.value: 10 day (1 to 365)", "weight_basis: gross (now)"):
        assert part in out


CHANGES = {
    "tables.small=5": ("is a table", "tables.small.amphetamine", "law show"),
    "tables.ten_days=5": ("'ten_days' is not there", "traffickable"),
    "services.redirection.share=1": ("is a number of a world", "decrimsim new", "services: redirection: share"),
    "tables.caution_limit.cannabis=30g": ("stands for several substances", "Did you mean cannabis_herb", "cannabis_resin"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_cannot_be_made_says_what_to_type(change: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = run(capsys, monkeypatch, "compare", "nsw", "--change", change)
    assert (status, out) == (2, "")
    for part in CHANGES[change]:
        assert part in err


def test_a_table_made_from_one_number_names_that_number() -> None:
    with pytest.raises(ds.InputError, match=r"parameters\.days\.value=5 changes all of it"):
        ds.load_law("portugal").patch({"tables.ten_days": 5})
    assert NSW.patch({"tables.small.ecstasy": "0.2 g"}).data["tables"]["small"]["mdma"]["limit"] == "0.2 g"  # one meaning: understood


def test_a_changed_law_is_called_by_its_change() -> None:
    one = NSW.patch({"tables.traffickable.mdma": "1g"})
    assert (one.name, one.id[:18]) == ("nsw-deemed-supply, traffickable.mdma=1 g", "nsw-deemed-supply-")
    assert one.summary.startswith("Changed: tables.traffickable.mdma is 1 g. Before the change: Possession of any amount")
    assert one.patch({"tables.small.mdma": "0.2 g"}).name == "nsw-deemed-supply, mdma=1 g and 1 more"
    assert NSW.patch({"tables.caution_limit.cannabis_herb": "30 g"}).name == "nsw-deemed-supply, cannabis_herb=30 g"
    assert ds.load_law("portugal@2023-09-30").patch({"parameters.days.value": 5}).name == "portugal@2023-09-30, days=5"
    made = ds.compare("nsw", [one], people=50, days=5, replicates=1)
    assert one.name in repr(made)
    assert f"called {one.id} in files" in repr(made)
    assert one.id in made.to_json()["laws"]  # type: ignore[operator]


def test_two_versions_of_a_law_say_from_when_they_hold() -> None:
    text = repr(ds.compare("nsw", ["portugal", "portugal@2023-09-30"], people=50, days=5, replicates=1))
    assert "portugal: the version that holds from 2023-10-01 on" in text
    assert "portugal@2023-09-30: the version that holds from 2001-07-01 until the day before 2023-10-01" in text


PATCH = """schema: decrimsim.law/1
id: draft
kind: proposal
based_on: portugal
title: Five days
summary: Five days instead of ten.
changes:
  - {path: parameters.days.value, to: 5, reason: "five"}
cases: []
"""


def test_cases_that_change_alike_are_told_once_and_the_lines_can_be_pasted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("draft.yaml").write_text(PATCH, encoding="utf-8")
    status, out, _ = run(capsys, monkeypatch, "check", "draft.yaml")
    assert status == 1
    assert out.startswith("draft.yaml: 29 cases failing\ndraft: 28 cases of 'portugal' now answer differently, all in the same way")
    assert out.count("\nchanged_cases:\n") == 1
    small = ("--people", "50", "--days", "5", "--replicates", "1", "--workers", "1")
    assert "29 cases of the law portugal, on which draft.yaml is based" in run(capsys, monkeypatch, "compare", "nsw", "--law", "draft.yaml", *small)[2]
    pasted = "\n".join(line for line in out.splitlines() if line.startswith((" ", "changed_cases:")))
    Path("draft.yaml").write_text(PATCH + pasted, encoding="utf-8")
    assert run(capsys, monkeypatch, "check", "draft.yaml")[:2] == (0, "draft.yaml: fine\n")


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("based_on: portugal", "based_on: portugal@2023-09-30", ("draft.yaml:4", "has a date", "'based_on: portugal'")),
        ("based_on: portugal", "based_on: portugl", ("draft.yaml:4", "Did you mean 'portugal'?")),
        ("cases: []\n", "", ("'cases' is missing", "'cases: []' will do")),
    ],
)
def test_a_patch_file_that_does_not_fit_says_what_to_write(
    old: str, new: str, parts: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("draft.yaml").write_text(PATCH.replace(old, new), encoding="utf-8")
    status, _, err = run(capsys, monkeypatch, "check", "draft.yaml")
    assert status == 2
    for part in parts:
        assert part in err


def test_check_names_a_folder_and_the_line_of_a_law_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "this is a folder" in run(capsys, monkeypatch, "check", ".")[2]
    run(capsys, monkeypatch, "new", "mine")
    text = Path("mine.yaml").read_text(encoding="utf-8").replace("baseline: nsw-deemed-supply", "baseline: nowhere")
    Path("mine.yaml").write_text(text, encoding="utf-8")
    line = next(i for i, row in enumerate(text.splitlines(), 1) if row.startswith("baseline:"))
    status, _, err = run(capsys, monkeypatch, "check", "mine.yaml")
    assert status == 2
    assert f"mine.yaml:{line}:" in err


def test_a_run_that_does_not_end_leaves_no_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)

    def stopped(*_: object, **__: object) -> None:
        raise cli._Interrupted(2)

    monkeypatch.setattr(ds, "compare", stopped)
    assert run(capsys, monkeypatch, "compare", "nsw", "--out", "out/nsw")[0] == 130
    assert list(tmp_path.iterdir()) == []
