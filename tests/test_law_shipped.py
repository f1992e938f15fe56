"""Shipped files are found in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

from decrimsim import shipped
from decrimsim.errors import FileError


def test_the_folder_is_inside_an_installed_package_and_beside_it_in_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "decrimsim"
    package.mkdir()
    monkeypatch.setattr(shipped, "__file__", str(package / "shipped.py"))
    with pytest.raises(FileError, match="Install the package again"):
        shipped.shipped_folder()
    (tmp_path / "scenarios").mkdir()
    assert shipped.shipped_folder() == tmp_path / "scenarios"
    (package / "_scenarios").mkdir()
    assert shipped.shipped_folder() == package / "_scenarios"
