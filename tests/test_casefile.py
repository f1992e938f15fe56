"""Case files: every case of a small run is told as the run has it, and is decided again from its file alone."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from command_line import run

import decrimsim as ds
from decrimsim.casefile import CaseFile, case_file, list_cases, replay
from decrimsim.casefile.file import read_case_name
from decrimsim.casefile.text import QUESTIONS
from decrimsim.errors import InputError
from decrimsim.schema import PURPOSES, SANCTIONS, STAGES
from decrimsim.units import format_ug

WORLD = ds.load("nsw")
LAWS = {name: ds.load_law(name) for name in ("nsw-deemed-supply", "portugal", "mexico", "portugal@2023-09-30")}
NSW, MEXICO = LAWS["nsw-deemed-supply"], LAWS["mexico"]
LINE = {"tables.traffickable.mdma": "0.5 g"}
BUSY = {"police.street": 40.0, "police.purchase": 60.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved run of the shipped world under five laws, with police who stop people often."""
    laws = [*list(LAWS.values())[1:], NSW.patch(LINE)]
    run = ds.compare(WORLD, laws, people=700, days=150, replicates=2, seed=11, mode="closed")
    return run.save(tmp_path_factory.mktemp("run") / "small")


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> tuple[ds.Scenario, Path]:
    """A saved run of another world in which the same people are found again and again, so that records count."""
    world = ds.with_switches(ds.vary(WORLD, BUSY), {"police_hours": False})  # so much work would leave officers no time to stop people
    run = ds.compare(world, ["mexico"], people=60, days=200, replicates=1, seed=2, mode="closed")
    return world, run.save(tmp_path_factory.mktemp("run") / "busy")


def cases_of(folder: Path, key: str) -> list[str]:
    rows = pq.read_table(folder / "cases.parquet", columns=["replicate", "person", "day", "laws"]).to_pylist()
    return [f"{row['replicate']}-{row['person']}-{row['day']}" for row in rows if key in row["laws"]]


def through_json(case: CaseFile) -> dict[str, object]:
    data: dict[str, object] = json.loads(json.dumps(case.to_json(), allow_nan=False))
    return data


@pytest.mark.parametrize("key", list(LAWS))
def test_cases_come_out_of_their_files_alone_as_in_the_run(folder: Path, key: str) -> None:
    names = cases_of(folder, key)
    assert len(names) > 10
    for name in names[:: max(len(names) // 6, 1)]:
        again = replay(through_json(case_file(folder, name, LAWS[key], WORLD)))
        assert again.is_same, again.differences
        assert again.decisions


def test_a_person_found_again_has_their_record(busy: tuple[ds.Scenario, Path]) -> None:
    world, saved = busy
    names = cases_of(saved, "nsw-deemed-supply")
    told = [case_file(saved, name, NSW, world).data for name in names[:: max(len(names) // 12, 1)]]
    assert all(replay(data).is_same for data in told)
    records = [data["input"]["records"] for data in told]
    assert any(r["convictions"] for r in records) and any(r["reports"] > 1 for r in records)
    names = cases_of(saved, "mexico")
    mexico = [case_file(saved, name, MEXICO, world).data for name in names]
    assert all(replay(data).is_same for data in mexico)
    assert any(data["outcome"]["route"] == "mandatory" for data in mexico)


def test_a_changed_draw_in_the_file_is_noticed(folder: Path) -> None:
    data = through_json(case_file(folder, cases_of(folder, "nsw-deemed-supply")[0], NSW, WORLD))
    stage = data["decisions"][0]["stage"]  # type: ignore[index]
    other = copy.deepcopy(data)
    other["input"]["draws"][stage] = 0.0 if other["input"]["draws"][stage] > 0.01 else 0.999  # type: ignore[index]
    assert not replay(other).is_same
    lighter = copy.deepcopy(data)
    for decision in lighter["decisions"]:  # type: ignore[attr-defined]
        decision["p"] = 0.5
    assert any("chance" in text for text in replay(lighter).differences)


def test_what_would_have_flipped_it_does(folder: Path) -> None:
    flipped = 0
    for name in cases_of(folder, "nsw-deemed-supply")[:4]:
        data = through_json(case_file(folder, name, NSW, WORLD))
        for flip in data["flips"]:  # type: ignore[attr-defined]
            stage = flip["change"].split(" had been ")[0]
            if stage not in STAGES:
                continue
            changed = copy.deepcopy(data)
            changed["input"]["draws"][stage] = 0.0 if flip["change"].endswith("yes") else 1.0  # type: ignore[index]
            outcome = replay(changed).outcome
            assert {key: outcome[key] for key in flip["then"]} == flip["then"]
            flipped += 1
    assert flipped > 20


def test_an_amount_that_would_have_been_under_the_line_is_told(folder: Path) -> None:
    rows = pq.read_table(folder / "cases.parquet", columns=["replicate", "person", "day", "tier", "laws"]).to_pylist()
    names = [f"{row['replicate']}-{row['person']}-{row['day']}" for row in rows if row["tier"] >= 2 and "nsw-deemed-supply" in row["laws"]]
    told = [case_file(folder, name, NSW, WORLD).data for name in names[:12]]
    over = [data for data in told if len(data["findings"]) == 1]
    assert over
    for data in over:
        assert any(" less of " in flip["change"] and flip["then"].get("tier", 9) < data["outcome"]["tier"] for flip in data["flips"])


def test_the_text_says_what_the_law_says_and_where(folder: Path) -> None:
    name = list_cases(folder)[0].split(":")[0]
    text = str(case_file(folder, name))
    for part in ("What was found", "What the law says", "Schedule 1", "What was decided", "chance", "draw", "What would have made it otherwise"):
        assert part in text
    assert set(QUESTIONS) == set(STAGES)


def test_a_case_has_two_names(folder: Path) -> None:
    assert read_case_name("0-12-34") == read_case_name("person:12 day:34 replicate:0") == read_case_name("day=34, person=12") == (0, 12, 34)
    name = cases_of(folder, "portugal")[0]
    replicate, person, day = name.split("-")
    assert case_file(folder, f"person:{person} day:{day} replicate:{replicate}", "portugal").data == case_file(folder, name, "portugal").data


@pytest.mark.parametrize("name", ["", "12", "0-12", "0-12-x", "person:12", "person:12 day:34 hour:3", "-1-2-3"])
def test_a_name_that_cannot_be_read_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="is not the name of a case"):
        read_case_name(name)


def test_a_case_that_did_not_happen_is_refused_with_the_days_that_did(folder: Path) -> None:
    replicate, person, day = cases_of(folder, "nsw-deemed-supply")[0].split("-")
    with pytest.raises(InputError, match=f"cases on day .*{day}"):
        case_file(folder, f"{replicate}-{person}-149000")
    with pytest.raises(InputError, match="no person 9999999"):
        case_file(folder, "0-9999999-1")


def test_a_law_of_a_file_is_found_by_its_rules(folder: Path) -> None:
    law = NSW.patch(LINE)
    name = cases_of(folder, law.id)[0]
    assert replay(case_file(folder, name, law)).is_same
    assert case_file(folder, name, law.id).data == case_file(folder, name, law).data
    with pytest.raises(InputError, match="no law with the rules of 'gold-standard'"):
        case_file(folder, name, "gold-standard")
    with pytest.raises(InputError, match="Did you mean 'portugal'"):
        case_file(folder, name, "portugl")


def test_a_scenario_that_is_not_the_runs_is_refused(busy: tuple[ds.Scenario, Path]) -> None:
    _, saved = busy
    with pytest.raises(InputError, match="is not the one that was run"):
        case_file(saved, cases_of(saved, "mexico")[0], scenario=WORLD)


def copied(folder: Path, target: Path) -> Path:
    """Return a copy of a saved run."""
    target.mkdir()
    for path in folder.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


def rewrite(folder: Path, name: str, content: bytes, **manifest: object) -> None:
    """Put other content into a file of a run and vouch for it in the manifest, as someone would who hides the change."""
    held = json.loads((folder / "manifest.json").read_bytes()) | manifest
    (folder / name).write_bytes(content)
    held["files"][name] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(held), encoding="utf-8")


def as_older_version(folder: Path) -> None:
    """Take away what versions before this one did not save."""
    held = json.loads((folder / "manifest.json").read_bytes())
    for name in [*(one["file"] for one in held.pop("law_files")), "scenario.yaml"]:
        (folder / name).unlink()
        del held["files"][name]
    (folder / "manifest.json").write_text(json.dumps(held), encoding="utf-8")


def test_a_case_of_a_changed_world_and_law_is_told_from_the_folder_alone(busy: tuple[ds.Scenario, Path]) -> None:
    world, saved = busy
    name = cases_of(saved, "mexico")[0]
    assert case_file(saved, name, "mexico").data == case_file(saved, name, MEXICO, world).data


def test_every_saved_law_is_a_law_file_with_the_rules_of_the_run(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    saved = {one["key"]: ds.load_law(str(folder / one["file"]) + (f"@{one['date']}" if one["date"] else "")) for one in manifest["law_files"]}
    assert {key: law.hash for key, law in saved.items()} == {law["key"]: law["sha256"] for law in manifest["laws"]}
    assert all(law.raw["cases"] and law.run_cases() == [] for key, law in saved.items() if key in LAWS)


def test_a_law_that_was_altered_in_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    run, name = copied(folder, tmp_path / "run"), cases_of(folder, "portugal")[0]
    file = next(run.glob("law_*_portugal.json"))
    text = file.read_text(encoding="utf-8")
    assert '"heroin": "0.1 g"' in text
    other = text.replace('"heroin": "0.1 g"', '"heroin": "0.2 g"').encode()
    file.write_bytes(other)
    with pytest.raises(InputError, match=rf"{file.name} was changed after it was written"):
        case_file(run, name, "portugal")
    rewrite(run, file.name, other)
    with pytest.raises(InputError, match="the rules are not those of the run"):
        case_file(run, name, "portugal")


@pytest.mark.parametrize("content", [b"[]", b"{", b"not json", b"[" * 100_000, b'{"schema": NaN}'])
def test_a_file_in_place_of_a_law_that_holds_no_law_is_refused(folder: Path, tmp_path: Path, content: bytes) -> None:
    run = copied(folder, tmp_path / "run")
    rewrite(run, next(run.glob("law_*_portugal.json")).name, content)
    with pytest.raises(ds.DecrimsimError):
        case_file(run, cases_of(folder, "portugal")[0], "portugal")


def test_a_scenario_that_was_altered_in_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    run = copied(folder, tmp_path / "run")
    text = (run / "scenario.yaml").read_text(encoding="utf-8")
    rewrite(run, "scenario.yaml", text.replace("replicates: ", "replicates: 1", 1).encode())
    with pytest.raises(InputError, match="is not the one that was run"):
        case_file(run, cases_of(folder, "portugal")[0], "portugal")


def test_a_file_outside_the_folder_is_never_read_as_a_law(folder: Path, tmp_path: Path) -> None:
    run = copied(folder, tmp_path / "run")
    secret = tmp_path / "secret.json"
    secret.write_bytes(next(run.glob("law_*_portugal.json")).read_bytes())
    files = json.loads((run / "manifest.json").read_bytes())["law_files"]
    there = [one | {"file": "../secret.json"} if one["key"] == "portugal" else one for one in files]
    rewrite(run, "report.html", b"x", law_files=there)
    with pytest.raises(InputError, match="does not vouch"):
        case_file(run, cases_of(folder, "portugal")[0], "portugal")


def test_a_folder_of_an_older_version_takes_shipped_laws_and_says_what_it_lacks(folder: Path, busy: tuple[ds.Scenario, Path], tmp_path: Path) -> None:
    run = copied(folder, tmp_path / "run")
    as_older_version(run)
    name = cases_of(folder, "portugal")[0]
    assert case_file(run, name, "portugal").data == case_file(folder, name, "portugal").data
    changed = NSW.patch(LINE)
    name = cases_of(folder, changed.id)[0]
    with pytest.raises(InputError, match=r"without its laws, and .* is not a shipped law"):
        case_file(run, name, changed.id)
    assert replay(case_file(run, name, changed)).is_same
    rewrite(run, "report.html", b"x", laws=[{"key": "portugal", "id": "portugal", "sha256": "0" * 64}])
    with pytest.raises(InputError, match="without its laws, and 'portugal' has changed since"):
        case_file(run, name, "portugal")
    rewrite(run, "report.html", b"x", scenario={"id": "elsewhere", "sha256": "0" * 64})
    with pytest.raises(InputError, match="without its scenario, and 'elsewhere' is not a shipped one"):
        case_file(run, name, changed)


def test_a_folder_that_holds_no_whole_run_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run"):
        case_file(tmp_path, "0-1-1")
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "cases.parquet").write_bytes(b"not a table")
    with pytest.raises(InputError, match=r"cases\.parquet was changed"):
        case_file(tmp_path, "0-1-1")


@pytest.mark.parametrize("data", [{}, {"format": "decrimsim.case/1"}, {"format": "decrimsim.case/1", "input": {"law": 3}}, {"format": "decrimsim.case/9"}])
def test_what_is_no_case_file_is_refused(data: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(InputError):
        replay(data)
    path = tmp_path / "case.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="not a case file"):
        replay(path)


def test_explain_tells_a_case_and_its_json_is_replayed(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, _ = run(capsys, monkeypatch, "explain", str(folder))
    assert status == 0
    name = out.splitlines()[0].split(":")[0]
    status, out, _ = run(capsys, monkeypatch, "explain", str(folder), name)
    assert status == 0
    assert "What was decided" in out
    replicate, person, day = name.split("-")
    status, out, _ = run(capsys, monkeypatch, "explain", str(folder), f"person:{person}", f"day:{day}", f"replicate:{replicate}", "--json")
    path = tmp_path / "case.json"
    path.write_text(out, encoding="utf-8")
    assert replay(path).is_same
    changed = ("--law", "nsw-deemed-supply", "--change", "tables.traffickable.mdma=0.5 g")
    key = NSW.patch(LINE).id
    status, out, _ = run(capsys, monkeypatch, "explain", str(folder), cases_of(folder, key)[0], *changed)
    assert status == 0
    assert key in out
    assert run(capsys, monkeypatch, "explain", str(folder), cases_of(folder, key)[0], "--law", key)[:2] == (0, out)
    for wrong in (("0-1-999999",), ("x",), (name, "--change", "a=b"), (name, "--law", "nothing")):
        assert run(capsys, monkeypatch, "explain", str(folder), *wrong)[0] == 2


def test_sanctions_and_every_purpose_are_told_in_words(folder: Path) -> None:
    case = case_file(folder, cases_of(folder, "portugal")[0], LAWS["portugal"], WORLD)
    data = through_json(case)
    two = sum(1 << SANCTIONS.index(name) for name in ("licence_loss", "urine_tests"))
    data["outcome"]["sanctions"], data["flips"] = two, [{"change": "a change", "then": {"sanctions": two}}, {"change": "another", "then": {"sanctions": 0}}]  # type: ignore[index]
    data["findings"][0] |= {f"{purpose}_ug": 1 for purpose in PURPOSES}  # type: ignore[index]
    text = str(CaseFile(data))
    assert text.count("sanctions licence loss and urine tests") == 2
    assert "another: sanctions none" in text
    assert (
        "meant: "
        + ", ".join(f"{format_ug(1)} for {words}" for words in ("own use", "friends", "sale to fund own use", "sale for profit", "somebody outside the circle"))
        in text
    )


def test_the_law_is_told_as_its_own_review_had_left_it(tmp_path: Path) -> None:
    trigger = {"metric": "share_of_user_finds_above_threshold", "op": ">=", "value": 0.0, "action": "lower_thresholds"}
    law = NSW.patch({"review": {"months": 1, "triggers": [trigger], "raise_by": 20.0}})
    world = ds.with_switches(ds.vary(WORLD, BUSY | {"practice.review.least_cases": 1}), {"police_hours": False})
    folder = ds.compare(world, [law], people=60, days=90, replicates=1, seed=2, mode="closed").save(tmp_path / "run")
    told = [case_file(folder, name, law, world).data for name in cases_of(folder, law.id)]
    revised = [data for data in told if law.classify(*found_in(data)).position != data["outcome"]["tier"]]
    assert revised
    for data in told:
        assert data["law"]["tiers"].index(data["rules"]["tier"]) == data["outcome"]["tier"]
        assert data["law"]["sha256"] == law.hash


def found_in(data: dict[str, Any]) -> tuple[dict[str, Any], None]:
    """Return what was found in a case as ``law.classify`` takes it."""
    lots = {
        row["substance"]: {"form": row["form"], "g": f"{row['measured_ug']} ug", "purity": 1} | ({"units": row["units"]} if row["units"] else {})
        for row in data["findings"]
    }
    return lots, None


def test_the_weight_that_would_have_flipped_a_case_is_told_not_only_the_next_tier(tmp_path: Path) -> None:
    """One capsule of MDMA, treated as possession: 250.001 mg more is another tier and changes nothing; the traffickable quantity does."""
    folder = ds.compare("nsw", ["gold-standard"], people=1_500, days=120, replicates=1).save(tmp_path / "run")
    told = [flip for name in ds.list_cases(folder) for flip in ds.case_file(folder, name.split(":")[0]).data["flips"] if " of " in flip["change"]]
    assert told
    assert all(set(flip["then"]) - {"tier", "effect"} for flip in told)
    assert any("more of" in flip["change"] and flip["then"].get("line") == "supply" for flip in told)
