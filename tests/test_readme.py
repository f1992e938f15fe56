"""README, documents and benchmarks do what they say: their commands and code are run, their table is compared with a run."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from pathlib import Path

import pytest

import decrimsim as ds
from decrimsim import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SMALL = ["--people", "50", "--days", "10", "--replicates", "2", "--workers", "1"]
SMALLER = dict.fromkeys(("compare", "curve", "responses", "strategies", "exposure", "swap"), SMALL) | {"uncertainty": [*SMALL, "--draws", "4"]}
"""What is added to a command that simulates."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands() -> list[str]:
    lines = [line.split("  #")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("decrimsim ")]


def test_every_command_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(commands()) >= 7
    for line in commands():
        words = shlex.split(line)
        monkeypatch.setattr(sys, "argv", words + SMALLER.get(words[1], []))
        try:
            cli.main()
        except SystemExit as leave:
            assert not leave.code, f"{line}: {capsys.readouterr().err}"
        assert capsys.readouterr().out, line


def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = "\n".join(blocks("python")).replace("people=2_000, replicates=4", "people=100, replicates=2, days=20").replace("points=12", "points=3")
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert isinstance(names["c"], ds.Comparison)
    assert capsys.readouterr().out.startswith("traffickable presumption supply")


def test_the_table_of_the_readme_is_what_the_demo_prints() -> None:
    """The golden numbers: default size, seed 1. They change only with the model, and then the README changes too."""
    printed = repr(ds.compare("nsw", workers=2, keep_tables=False))
    table = blocks("text")[0].splitlines()
    assert len(table) > 10
    for line in table:
        assert line in printed, line


def test_links_of_the_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_benchmarks_run_at_a_small_size(capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("benchmark_run", ROOT / "benchmarks" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkey = pytest.MonkeyPatch()
    monkey.setattr(module, "DAYS", 20)
    monkey.setattr(module, "growth", lambda sizes: None)  # starts processes of its own; make bench runs it
    module.main(["--quick"])
    monkey.undo()
    out = capsys.readouterr().out
    assert "NumPy yardstick" in out
    assert "100, all lines" in out
