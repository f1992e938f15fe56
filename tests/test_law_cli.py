"""What a person who does not program meets at the command line with laws: refusals that say what to type, tables, names."""

from __future__ import annotations

import pytest
from command_line import run

import decrimsim as ds

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
