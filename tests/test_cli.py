"""The command line: exit statuses, streams, and the JSON that other programs read."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import decrimsim as ds
from decrimsim import cli, files

TINY = ("--people", "60", "--days", "10", "--replicates", "2", "--workers", "1")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command line in this process; return status, standard output, standard error."""
    status = 0
    sys.argv = ["decrimsim", *arguments]
    try:
        cli.main()
    except SystemExit as leave:
        status = leave.code if isinstance(leave.code, int) else 0
    out = capsys.readouterr()
    return status, out.out, out.err


@pytest.fixture(autouse=True)
def _argv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["decrimsim"])


def test_compare_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "compare", "nsw", *TINY)
    assert status == 0
    assert "Monte Carlo only" in out
    assert "gold-standard" in out


def test_compare_json_is_one_object_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "compare", "nsw", "--law", "gold-standard", "--change", "tables.traffickable.mdma=1g", "--json", *TINY)
    data = json.loads(out)
    assert status == 0
    assert data["baseline"] == "nsw-deemed-supply"
    assert list(data["laws"])[:2] == ["nsw-deemed-supply", "gold-standard"]
    assert list(data["laws"])[2].startswith("nsw-deemed-supply-")


def test_changes_join_the_scenarios_candidates(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "compare", "nsw", "--change", "tables.traffickable.mdma=1g", "--change", "tables.traffickable.heroin=5g", "--json", *TINY)
    assert status == 0
    assert len(json.loads(out)["laws"]) == len(ds.load("nsw").candidates) + 2


def test_a_pushed_bound_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "compare", "nsw", "--law", "gold-standard", "--change", "tables.traffickable.mdma=3g", *TINY)
    assert status == 0
    assert "indictable" in out + err


def test_out_writes_a_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, _, err = run(capsys, "compare", "nsw", "--law", "gold-standard", *TINY, "--out", str(tmp_path / "x"))
    assert status == 0
    assert "report.html" in err
    written = {path.name for path in (tmp_path / "x").iterdir()}
    assert {"report.html", "manifest.json", "cases.parquet", "encounters.parquet", "net_widening.png", "curve.png"} <= written
    page = (tmp_path / "x" / "report.html").read_text()
    assert "http-equiv" in page
    assert str(tmp_path) not in page


def test_curve_prints_points_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "curve", "nsw", "tables.traffickable.mdma", "0.25g", "10g", "--points", "4", *TINY)
    assert status == 0
    assert "10 g" in out
    status, out, _ = run(capsys, "curve", "nsw", "tables.ten_days.heroin", "1g", "4g", "--points", "3", "--law", "portugal", "--json", *TINY)
    assert status == 0
    assert json.loads(out)["baseline"] == "nsw-deemed-supply"


def test_classify_prints_the_promised_object(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "classify", "nsw-deemed-supply", "heroin=3g", "cocaine=0.4g", "--json")
    data = json.loads(out)
    assert status == 0
    assert set(data) == {"tier", "effect", "offence", "rules", "unknowns"}
    assert (data["tier"], data["effect"]) == ("traffickable", "presumption")
    before = json.loads(run(capsys, "classify", "portugal", "heroin=1.1g", "--date", "2023-09-30", "--json")[1])
    after = json.loads(run(capsys, "classify", "portugal", "heroin=1.1g", "--date", "2023-10-01", "--json")[1])
    assert before["offence"] != after["offence"]


def test_a_list_of_everything_shipped_reads_heads_and_no_whole_law(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    characters: list[int] = []
    parse = files._parsed
    monkeypatch.setattr(files, "_parsed", lambda text, name: characters.append(len(text)) or parse(text, name))
    lines = run(capsys, "list")[1].splitlines()
    assert len(lines) == 2 + len(ds.shipped_scenarios()) + len(ds.shipped_laws()) == 2 + len(characters)
    assert max(characters) < 1_000


def test_list_new_check_and_version(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    listed = run(capsys, "list")[1]
    for name in ("nsw-burden-on-state", "portugal"):
        law = ds.load_law(name)
        assert f"  {name:24} {law.title} ({law.kind})" in listed.splitlines()
    assert f"  {'nsw':24} {ds.load('nsw').title}" in listed.splitlines()
    assert run(capsys, "--version")[1].strip() == f"decrimsim {ds.__version__}"
    assert run(capsys, "new", "mine", "--from", "nsw")[0] == 0
    assert run(capsys, "check", "mine.yaml")[0] == 0
    assert ds.load("mine.yaml").id == "mine"
    status, _, err = run(capsys, "new", "mine")
    assert status == 2
    assert "mine.yaml" in err


def test_every_shipped_file_checks(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "check", *ds.shipped_scenarios(), *ds.shipped_laws())
    assert status == 0
    assert "failing" not in out


def test_a_failing_case_is_status_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    law = next(Path(__file__).parent.parent.joinpath("scenarios", "laws").rglob("nsw-deemed-supply.yaml")).read_text()
    broken = tmp_path / "wrong.yaml"
    assert "expect: {tier: traffickable" in law
    broken.write_text(law.replace("expect: {tier: traffickable", "expect: {tier: small", 1))
    status, out, _ = run(capsys, "check", str(broken))
    assert status == 1
    assert "1 case failing" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["compare", "nws"], "Did you mean 'nsw'"),
        (["compare", "nsw", "--law", "portugul"], "portugal"),
        (["compare", "nsw", "--change", "tables.traffickable.mdma"], "PATH=VALUE"),
        (["compare", "nsw", "--change", "tables.traffickable.mdma=1"], "1 g"),
        (["compare", "nsw", "--change", "tables.trafickable.mdma=1g"], "traffickable"),
        (["compare", "nsw", "--change", "tables.traffickable.mdma=²"], "cannot be read"),
        (["compare", "nsw", "--change", "tables.traffickable.mdma=1g", "--change", "tables.traffickable.mdma=2g"], "decrimsim curve"),
        (["check", "x" * 5000], "no such file"),
        (["check", "a\x1b[31mred"], "a?[31mred"),
        (["compare", "nsw", "--mode", "ajar"], "closed"),
        (["compare", "nsw", "--people", "many"], "people"),
        (["classify", "nsw-deemed-supply", "heroin"], "heroin=3g"),
        (["classify", "nsw-deemed-supply", "heroine=3g"], "heroin"),
        (["classify", "portugal", "heroin=1g", "--date", "1999-01-01"], "2001"),
        (["check", "missing.yaml"], "no such file"),
        (["curve", "nsw", "tables.traffickable.mdma", "10g", "1g"], "larger"),
        (["comapre", "nsw"], "compare"),
    ],
)
def test_bad_input_is_status_2_with_what_to_type(capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    status, out, err = run(capsys, *arguments)
    assert status == 2
    assert says in err
    assert out == ""


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_simulated(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "inside"):
        status, out, err = run(capsys, "compare", "nsw", *TINY, "--out", str(folder))
        assert (status, out) == (2, "")
        assert "Simulating" not in err


def test_classify_adds_up_what_is_named_twice(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(run(capsys, "classify", "nsw-deemed-supply", "heroin=3g", "heroin=2g", "--json")[1])["tier"] == "indictable"


def test_a_law_whose_cases_fail_is_told_when_it_is_compared(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    law = next(Path(__file__).parent.parent.joinpath("scenarios", "laws").rglob("nsw-deemed-supply.yaml")).read_text()
    mine = tmp_path / "mine.yaml"
    mine.write_text(law.replace("id: nsw-deemed-supply", "id: mine", 1).replace("expect: {tier: traffickable", "expect: {tier: small", 1))
    status, _, err = run(capsys, "compare", "nsw", "--law", str(mine), *TINY)
    assert status == 0
    assert "1 of the cases" in err


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupted_run_is_status_130(workers: str) -> None:
    command = [sys.executable, "-m", "decrimsim", "compare", "nsw", "--people", "40000", "--workers", workers]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        time.sleep(5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert "interrupted" in err
    assert "Traceback" not in err
    assert out == ""
