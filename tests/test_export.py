"""Results on disk: whole or not at all, checked, and readable by others."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pyarrow.parquet as pq
import pytest
from fake_comparison import LAWS, SENSITIVITY, fake_comparison, fake_curve
from fake_tables import FakeLaw

from decrimsim import export
from decrimsim.errors import InputError
from decrimsim.report.spreadsheet import csv_bytes, guarded
from decrimsim.scenario import load_scenario, scenario_hash
from decrimsim.schema import POLICE, TABLES


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results") / "run"
    return fake_comparison(sensitivity=(SENSITIVITY,)).save(folder)


def test_a_saved_run_has_report_plots_tables_and_a_manifest_that_fits(saved):
    names = {path.name for path in saved.iterdir()}
    assert {
        "report.html",
        "results.json",
        "outcomes.csv",
        "net_widening.csv",
        "net_widening.png",
        "ledger_1_new.png",
        "ledger_2_other.png",
        "scenario.yaml",
        "law_0_old.json",
        "law_1_new.json",
        "law_2_other.json",
        "manifest.json",
    } <= names
    assert {f"{name}.parquet" for name in TABLES} <= names
    manifest = json.loads((saved / "manifest.json").read_text())
    assert set(manifest["files"]) == names - {"manifest.json"}
    assert manifest["settings"] == {"people": 300, "days": 365, "replicates": 3, "seed": 1, "mode": "closed"}
    assert [law["sha256"] for law in manifest["laws"]] == [law.hash for law in LAWS]
    assert len(manifest["scenario"]["sha256"]) == 64
    assert manifest["status"] == "complete"
    assert export.verify(saved) == []


def test_the_scenario_and_the_rules_of_every_law_are_in_the_folder(tmp_path):
    laws = [FakeLaw("../e vil", "a", "A law", raw={"tables": {"x": {"heroin": "1 g", "note": "año"}}}), FakeLaw("b", "b", "B", date="2020-01-01")]
    folder = fake_comparison(laws, tables=None).save(tmp_path / "run")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["law_files"] == [
        {"key": "../e vil", "file": "law_0_e-vil.json", "date": None},
        {"key": "b@2020-01-01", "file": "law_1_b-2020-01-01.json", "date": "2020-01-01"},
    ]
    assert json.loads((folder / "law_0_e-vil.json").read_text(encoding="utf-8")) == laws[0].raw
    assert scenario_hash(load_scenario(folder / "scenario.yaml")) == manifest["scenario"]["sha256"]


def test_a_curve_alone_keeps_the_law_that_moves_not_one_for_each_point(tmp_path):
    folder = fake_curve().save(tmp_path / "curve")
    assert sorted(path.name for path in folder.glob("law_*")) == ["law_0_old.json", "law_1_old-1.json"]


def test_the_same_run_is_saved_with_the_same_bytes(saved, tmp_path):
    again = fake_comparison(sensitivity=(SENSITIVITY,)).save(tmp_path / "again")
    assert (again / "manifest.json").read_bytes() == (saved / "manifest.json").read_bytes()


def test_parquet_holds_the_rows_with_codes_as_words_and_laws_as_lists(saved):
    tables = fake_comparison().tables
    cases = pq.read_table(saved / "cases.parquet").to_pylist()
    assert len(cases) == sum(len(one.cases) for one in tables)
    first = tables[0].cases
    for i in (0, len(first) - 1):
        assert cases[i]["police"] == POLICE[first["police"][i]]
        assert cases[i]["laws"] == [law.id for law, is_true in zip(LAWS, first.flags()[i], strict=True) if is_true]
        assert cases[i]["prison_days"] == first["prison_days"][i]
    assert {row["replicate"] for row in cases} == {0, 1, 2}
    people = pq.read_table(saved / "people.parquet")
    assert people.num_rows == 900
    gender = next(iter(fake_comparison().scenario.people.axes))
    assert set(people[f"axis:{gender}"].to_pylist()) == set(fake_comparison().scenario.people.axes[gender])


def test_parquet_columns_are_those_of_the_schema(saved):
    for name, columns in TABLES.items():
        names = pq.read_schema(saved / f"{name}.parquet").names
        assert names[0] == "replicate"
        assert {column.name for column in columns} <= set(names)
        assert ("laws" in names) == (name != "people")


def test_a_run_without_tables_and_a_curve_are_saved(tmp_path):
    folder = fake_curve().save(tmp_path / "curve")
    names = {path.name for path in folder.iterdir()}
    assert {"curve.csv", "curve.png", "report.html", "manifest.json"} <= names
    assert not [name for name in names if name.endswith(".parquet")]
    assert json.loads((folder / "results.json").read_text())["points"][0]["limit"] == "1 g"
    assert export.verify(folder) == []


def test_a_comparison_with_a_curve_saves_both(tmp_path):
    folder = fake_comparison(curve=fake_curve(), tables=None).save(tmp_path / "both")
    assert {"curve.png", "net_widening.png"} <= {path.name for path in folder.iterdir()}
    data = json.loads((folder / "results.json").read_text())
    assert len(data["curve"]["points"]) == 3
    assert list(data["laws"]) == [law.id for law in LAWS]


def test_a_changed_byte_and_a_missing_file_are_found(tmp_path):
    folder = fake_comparison(tables=None).save(tmp_path / "run")
    report = folder / "report.html"
    content = bytearray(report.read_bytes())
    content[len(content) // 2] ^= 1
    report.write_bytes(content)
    (folder / "outcomes.csv").unlink()
    assert sorted(export.verify(folder)) == ["outcomes.csv is missing", "report.html was changed after it was written"]
    (folder / "manifest.json").unlink()
    assert export.verify(folder) == ["manifest.json is missing or cannot be read: the run was not finished"]


def test_another_run_is_never_written_over_and_the_same_one_may_be(tmp_path):
    fake_comparison(tables=None).save(tmp_path)
    fake_comparison(tables=None).save(tmp_path)
    with pytest.raises(InputError, match="holds another run"):
        fake_comparison(tables=None, seed=2).save(tmp_path)
    assert export.verify(tmp_path) == []


def test_a_run_cut_short_says_so_in_its_manifest(tmp_path):
    folder = fake_comparison(tables=None, replicates=9).save(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["status"], manifest["replicates_done"]) == ("partial", 3)


def test_a_full_disk_leaves_no_manifest_and_no_half_file(tmp_path, monkeypatch):
    calls = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 6:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export.os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        fake_comparison(tables=None).save(tmp_path)
    assert calls
    assert not (tmp_path / "manifest.json").exists()
    assert not list(tmp_path.glob(f"{export.TEMPORARY}*"))


def test_writing_a_run_again_takes_its_manifest_away_first(tmp_path, monkeypatch):
    fake_comparison(tables=None).save(tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export.os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        fake_comparison(tables=None).save(tmp_path)
    assert export.verify(tmp_path) == ["manifest.json is missing or cannot be read: the run was not finished"]


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(InputError, match="cannot be written"):
        fake_comparison(tables=None).save(tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_failed_write_keeps_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "x"
    export.write_atomically(path, b"old")

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(export.os, "replace", broken)
    with pytest.raises(OSError, match="Input/output"):
        export.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("wait", [0.0, 0.003, 0.011, 0.027])
def test_a_killed_writer_leaves_a_whole_file(tmp_path, wait):
    path = tmp_path / "file"
    a, b = b"a" * 2_000_000, b"b" * 2_000_000
    path.write_bytes(a)
    script = "import sys, pathlib\nfrom decrimsim.export import write_atomically\nprint('go', flush=True)\nwhile True:\n for c in (b'b', b'a'): write_atomically(pathlib.Path(sys.argv[1]), c * 2000000)"
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"go\n"
        time.sleep(wait)
        writer.send_signal(signal.SIGKILL)
    assert path.read_bytes() in (a, b)


def test_temporary_files_of_killed_runs_are_swept_after_an_hour(tmp_path):
    old, young, foreign = tmp_path / f"{export.TEMPORARY}old", tmp_path / f"{export.TEMPORARY}young", tmp_path / ".other-tmp"
    for path in (old, young, foreign):
        path.write_text("x")
    for path in (old, foreign):
        os.utime(path, (time.time() - 7_200,) * 2)
    fake_comparison(tables=None).save(tmp_path)
    assert not old.exists()
    assert young.exists()
    assert foreign.exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "  =cmd()", "\r=1", "\n=1"])
def test_texts_that_a_spreadsheet_would_run_get_an_apostrophe(text):
    assert guarded(text) == f"'{text}"


def test_numbers_and_harmless_texts_are_left_alone():
    assert [guarded(cell) for cell in (-1.5, 3, "a-b", "", None)] == [-1.5, 3, "a-b", "", ""]


def test_csv_is_quoted_by_the_book_and_reads_back():
    rows = [{"law": 'a "quoted", name', "mean": -0.5}, {"law": "=evil", "mean": 2}]
    content = csv_bytes(rows)
    assert content == b'law,mean\r\n"a ""quoted"", name",-0.5\r\n\'=evil,2\r\n'
    assert list(csv.reader(io.StringIO(content.decode(), newline="")))[1] == ['a "quoted", name', "-0.5"]


def test_the_csv_of_a_run_holds_the_numbers_of_the_frame(saved):
    rows = list(csv.DictReader(io.StringIO((saved / "outcomes.csv").read_text())))
    frame = fake_comparison().to_pandas()
    assert [float(row["mean"]) for row in rows] == frame["mean"].tolist()
    assert np.allclose([float(row["difference_mcse"]) for row in rows], frame["difference_mcse"])


@pytest.mark.parametrize(("text", "name"), [("NSW Law 1", "nsw-law-1"), ("../../etc", "etc"), ("портал", "law"), ("a" * 90, "a" * 40), ("con", "con")])
def test_file_names_are_made_of_harmless_letters(text, name):
    assert export.slug(text) == name


def test_a_manifest_that_lists_files_elsewhere_does_not_lead_out_of_the_folder(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {"../secret": "0" * 64}}))
    assert export.verify(tmp_path) == ["../secret is missing"]


def test_nothing_in_a_manifest_names_a_computer_a_person_or_a_time(saved):
    text = (saved / "manifest.json").read_text()
    assert str(saved) not in text
    assert not {"time", "date", "user", "host", "path"} & set(json.loads(text))
