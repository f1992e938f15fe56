"""The page on law files shows laws that work, every key that the reader knows, and for every mechanic a shipped law that needs it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from command_line import run

from decrimsim.files import read_text
from decrimsim.law import load_law, shipped_laws
from decrimsim.law.schema import LAW, NOT_SIMULATED, PATCH, PRACTISED
from decrimsim.scenario.practice import Practice

PAGE = (Path(__file__).parents[1] / "docs" / "laws.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
WHOLE = [block for block in BLOCKS if block.startswith("schema:")]
MECHANICS = PAGE.split("## The mechanics of laws\n")[1].split("\n## ")[0]
SECTIONS = {f"M{number}": body for number, body in re.findall(r"^### M(\d+) [^\n]+\n(.*?)(?=^### |\Z)", MECHANICS, re.DOTALL | re.MULTILINE)}
STATUS = re.compile(r"^In a simulation: (.+?)(?=\n\n|\Z)", re.DOTALL | re.MULTILINE)


def needs(body: str) -> list[tuple[str, str]]:
    """Return (law, dotted path of a key) for everything that a section says is needed by a shipped law."""
    sentences = re.sub(r"```yaml\n.*?```", "", body, flags=re.DOTALL)
    told = sentences[sentences.index("Needed by") :]
    pairs = re.findall(r"`([a-z0-9-]+)`\s\(((?:`[a-z0-9_.*]+`(?:, )?)+)", told)
    return [(law, path) for law, paths in pairs for path in re.findall(r"`([^`]+)`", paths)]


def is_written(node: Any, parts: list[str]) -> bool:
    """Tell whether plain data have a key at a path; any item of a list, any version of a date and, for '*', any key will do."""
    if not parts:
        return node is not None
    if isinstance(node, list):
        return any(is_written(item, parts) for item in node)
    if not isinstance(node, dict):
        return False
    if set(node) == {"dated"}:
        return any(is_written(version, parts) for version in node["dated"].values())
    if parts[0] == "*":
        return any(is_written(child, parts[1:]) for child in node.values())
    return parts[0] in node and is_written(node[parts[0]], parts[1:])


@cache
def written_in(law: str) -> dict[str, Any]:
    """Return what the file of a shipped law itself says: a patch file has only its changes."""
    (path,) = (Path(__file__).parents[1] / "scenarios" / "laws").rglob(f"{law}.yaml")
    data: dict[str, Any] = read_text(path.read_text(encoding="utf-8"), path.name).data
    return data


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


def test_there_are_thirty_nine_mechanics_each_with_a_section_of_its_own() -> None:
    assert list(SECTIONS) == [f"M{number}" for number in range(1, 40)]
    assert MECHANICS.count("\n### ") == 39


@pytest.mark.parametrize("name", [f"M{number}" for number in range(1, 40)])
def test_a_mechanic_has_its_words_its_status_and_one_piece_of_yaml(name: str) -> None:
    body = SECTIONS[name]
    assert re.match(r"\n[^\n`]{20,}", body), "what the law says, in words"
    assert len(STATUS.findall(body)) == 1
    assert body.count("```yaml\n") == 1


@pytest.mark.parametrize("name", [f"M{number}" for number in range(1, 40)])
def test_a_mechanic_names_a_shipped_law_whose_file_uses_a_key_that_is_shown(name: str) -> None:
    named = needs(SECTIONS[name])
    (block,) = re.findall(r"```yaml\n(.*?)```", SECTIONS[name], re.DOTALL)
    shown = read_text(block).data
    assert named
    for law, path in named:
        assert law in shipped_laws(), law
        assert is_written(written_in(law), path.split(".")), f"{law} has no {path}"
    assert any(path.split(".")[0] in shown for _, path in named)


@pytest.mark.parametrize("name", [f"M{number}" for number in range(1, 40)])
def test_the_status_of_a_mechanic_is_what_the_library_reports(name: str) -> None:
    """A section that shows a key on which a simulation does not act says so, with the part of a world that makes it act; one that shows none is acted on."""
    (block,) = re.findall(r"```yaml\n(.*?)```", SECTIONS[name], re.DOTALL)
    (status,) = STATUS.findall(SECTIONS[name])
    shown = set(read_text(block).data)
    practised = {section for key in shown & set(PRACTISED) for section in PRACTISED[key]}
    claimed = set(
        re.findall(
            r"`(practice\.\w+)`", " ".join(re.findall(r"where\s+(?:the\s+world|it)\s+describes\s+(`practice\.\w+`(?:\s+or\s+`practice\.\w+`)?)", status))
        )
    )
    assert claimed == practised
    assert not (shown & set(NOT_SIMULATED) - set(PRACTISED)) or "not simulated" in re.sub(r"\s+", " ", status)
    assert shown & {*NOT_SIMULATED, *PRACTISED} or "acted on" in status


@pytest.mark.parametrize("key", sorted(PRACTISED))
def test_a_law_with_a_key_that_is_practised_says_where(key: str) -> None:
    """The sections are those of a scenario, and a shipped law with the key names them."""
    assert all(section.removeprefix("practice.") in Practice.model_fields for section in PRACTISED[key])
    texts = [text for name in shipped_laws() if key in written_in(name) for text in load_law(name).not_simulated if text.startswith(f"{key}: ")]
    assert all(any(section in text for text in texts) for section in PRACTISED[key])


@pytest.mark.parametrize("key", sorted(NOT_SIMULATED))
def test_every_key_that_is_not_simulated_is_reported_by_a_shipped_law_that_has_it(key: str) -> None:
    laws = [name for name in shipped_laws() if key in written_in(name) and "dated" not in (written_in(name)[key] or {})]
    assert any(text.startswith(f"{key}: ") for text in load_law(laws[0]).not_simulated)


@pytest.mark.parametrize("key", sorted(LAW.keys))
def test_every_key_of_law_files_is_used_by_a_shipped_law(key: str) -> None:
    assert any(key in written_in(name) for name in shipped_laws()), f"no shipped law needs {key}"


TOOLS = (Path(__file__).parents[1] / "docs" / "law-tools.md").read_text(encoding="utf-8")
EXAMPLE = TOOLS.split("## Five days or twenty?")[1].split("\n## ")[0]
SMALL = ["--people", "60", "--days", "10", "--replicates", "2", "--workers", "1"]


def test_the_worked_example_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in zip(re.findall(r"^`([a-z-]+\.yaml)`:", EXAMPLE, re.MULTILINE), re.findall(r"```yaml\n(.*?)```", EXAMPLE, re.DOTALL), strict=False):
        Path(name).write_text(text, encoding="utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", EXAMPLE, re.DOTALL) for line in block.splitlines()]
    assert len(commands) == 6
    for line in commands:
        words = line.split()
        status, out, err = run(capsys, monkeypatch, *words[1:], *(SMALL if words[1] in ("compare", "curve") else []))
        assert (status, bool(out)) == (0, True), f"{line}: {err}"
        assert "Note:" not in err
