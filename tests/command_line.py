"""Run the command line inside a test. Not a test file."""

from __future__ import annotations

import pytest

from decrimsim import cli


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    """Run the command line in this process; return status, standard output, standard error."""
    monkeypatch.setattr("sys.argv", ["decrimsim", *arguments])
    status = 0
    try:
        cli.main()
    except SystemExit as leave:
        status = leave.code if isinstance(leave.code, int) else 0
    out = capsys.readouterr()
    return status, out.out, out.err
