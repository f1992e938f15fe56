"""The front door in Python: the contract that other programs call."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import decrimsim as ds
from decrimsim.schema import OUTCOMES

SMALL = {"people": 400, "days": 60, "replicates": 2, "seed": 3}


@pytest.fixture(scope="module")
def comparison() -> ds.Comparison:
    law = ds.load_law("nsw-deemed-supply").patch({"tables.traffickable.mdma": "1 g"})
    return ds.compare(ds.load("nsw"), laws=[law, "gold-standard"], **SMALL)


def test_the_contract_of_the_issue_runs(comparison: ds.Comparison, tmp_path: Path) -> None:
    assert [law.id for law in comparison.laws][::2] == ["nsw-deemed-supply", "gold-standard"]
    assert "Monte Carlo only" in repr(comparison)
    assert "<table" in comparison._repr_html_()
    assert set(comparison.to_pandas()["law"]) == {law.id for law in comparison.laws}
    assert comparison.ledger("gold-standard").to_numpy().sum() == pytest.approx(400)
    assert comparison.plot_net_widening().has_data()
    assert (comparison.save(tmp_path / "out") / "report.html").is_file()


def test_the_baseline_differs_from_itself_by_exactly_nothing(comparison: ds.Comparison) -> None:
    baseline = comparison.to_json()["laws"]["nsw-deemed-supply"]  # type: ignore[index]
    for outcome in baseline["outcomes"].values():
        assert {name: outcome["difference"][name] for name in ("mean", "mcse", "ci")} == {"mean": 0.0, "mcse": 0.0, "ci": [0.0, 0.0]}
    ledger = baseline["ledger"]
    assert all(ledger[i][j] == 0 for i in range(9) for j in range(9) if i != j)


def test_json_has_exactly_the_promised_keys(comparison: ds.Comparison) -> None:
    data = json.loads(json.dumps(comparison.to_json(), allow_nan=False))
    assert set(data) == {"scenario", "baseline", "people", "days", "replicates", "seed", "mode", "currency", "rungs", "laws"}
    assert data["rungs"] == list(ds.schema.RUNGS)
    for law in data["laws"].values():
        details = {"causes", "mesh", "contacts", "classifier", "process", "costs"}
        assert (
            set(law)
            == {"name", "hash", "changes", "notes", "not_simulated", "outcomes", "net_widening", "ledger", "indicators", "revisions", "behaviour", "places"}
            | details
        )
        assert tuple(law["outcomes"]) == ds.schema.OUTCOMES
        assert tuple(law["net_widening"]) == ds.schema.CUTS
        for cut in law["net_widening"].values():
            assert set(cut) == {"gross_widening", "gross_narrowing", "net", "ratio", "denser"}
            assert set(cut["gross_widening"]) == set(cut["gross_narrowing"]) == {"mean", "mcse", "ci", "frechet"}
            assert set(cut["net"]) == {"mean", "mcse", "ci"}


def test_workers_give_the_same_bytes_for_any_number(tmp_path: Path) -> None:
    saved = []
    for workers in (1, 7):
        folder = ds.compare("nsw", ["gold-standard"], workers=workers, people=200, days=40, replicates=3, seed=5).save(tmp_path / str(workers))
        saved.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
    assert saved[0].keys() == saved[1].keys()
    for name in saved[0]:
        assert saved[0][name] == saved[1][name], name


def test_blocks_on_several_workers_give_the_measures_of_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    from decrimsim import experiment
    from decrimsim.engine import make_setup
    from decrimsim.scenario.switches import SWITCHES

    couplings = {name: False for name, switch in SWITCHES.items() if switch.couples}
    setup = make_setup(
        ds.with_switches(ds.load("nsw"), couplings), [ds.load_law("nsw-deemed-supply"), ds.load_law("gold-standard")], days=40, seed=2, mode="closed"
    )
    whole = experiment.run_experiment(experiment.Job(setup, 900, True), [0])
    units = experiment._units(experiment.Job(setup, 900, True, block_people=200), [0], workers=2)
    assert len(units) > 2
    parts = experiment.run_experiment(experiment.Job(setup, 900, True, block_people=200), [0], workers=2)
    assert (whole[0][0].outcomes == parts[0][0].outcomes).all()
    assert (whole[0][0].widening.ledger == parts[0][0].widening.ledger).all()
    for law in (0, 1):
        one, other = whole[1][0].cases.for_law(law), parts[1][0].cases.for_law(law)
        assert all((one[name] == other[name]).all() for name in one)


def test_a_script_without_a_guard_may_use_workers(tmp_path: Path) -> None:
    script = tmp_path / "plain.py"
    script.write_text("import decrimsim as ds\nprint(len(ds.compare('nsw', ['gold-standard'], people=50, days=5, replicates=2, workers=2).measures))\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout.strip(), done.returncode) == ("2", 0), done.stderr


def test_a_replicate_alone_is_the_replicate_among_others() -> None:
    from decrimsim.engine import make_setup
    from decrimsim.experiment import Job, run_experiment

    job = Job(make_setup(ds.load("nsw"), [ds.load_law("nsw-deemed-supply")], days=50, seed=4, mode="closed"), 300, keep_tables=False)
    together, _ = run_experiment(job, range(3))
    alone, _ = run_experiment(job, [2])
    assert (together[2].outcomes == alone[0].outcomes).all()
    assert not all((together[0].group_outcomes == m.group_outcomes).all() for m in together[1:])


def test_a_curve_goes_through_its_points_in_one_pass() -> None:
    curve = ds.curve("nsw", "tables.traffickable.mdma", "0.25 g", "10 g", points=5, **SMALL)
    assert [text for text, _ in curve.points] == ["250 mg", "629 mg", "1.58 g", "3.98 g", "10 g"]
    frame = curve.to_pandas()
    assert len(frame)
    assert curve.plot().get_xlabel()


def test_a_curve_in_open_mode_never_rises() -> None:
    """Invariants 51 and 52: with nothing written back, a higher line treats nobody more as over the line."""
    curve = ds.curve("nsw", "tables.traffickable.cannabis_herb", "1 g", "300 g", points=8, people=3_000, days=200, replicates=1, seed=1, mode="open")
    over = [m.purposes[1:, :, 1].sum(axis=1) for m in curve.comparison.measures]
    assert all((a[:-1] >= a[1:]).all() for a in over)
    assert over[0][0] > over[0][-1]


def test_progress_is_reported_and_can_be_switched_off(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[tuple[int, int]] = []
    ds.compare("nsw", ["gold-standard"], people=20, days=3, replicates=3, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    ds.compare("nsw", ["gold-standard"], people=20, days=3, replicates=2, progress=False)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"people": -1}, "people is -1"),
        ({"people": 2.5}, "wanted a whole number"),
        ({"people": True}, "wanted a whole number"),
        ({"replicates": 0}, "replicates is 0"),
        ({"seed": 2**63}, "seed is"),
        ({"workers": 0}, "workers is 0"),
        ({"mode": "ajar"}, "wanted 'closed' or 'open'"),
        ({"laws": ["gold-standard", "gold-standard"]}, "two laws have the id 'gold-standard'"),
        ({"laws": ["nsw-deemed-supply"]}, "two laws have the id"),
        ({"laws": "gold-standard"}, "wanted a list"),
        ({"laws": ["gold-standrad"]}, "did you mean 'gold-standard'"),
    ],
)
def test_bad_arguments_say_what_to_type(options: dict[str, object], says: str) -> None:
    with pytest.raises(ds.DecrimsimError) as caught:
        ds.compare("nsw", **{"people": 10, "days": 1, "replicates": 1, **options})  # type: ignore[arg-type]
    assert says.lower() in str(caught.value).lower()


@pytest.mark.parametrize(
    ("path", "low", "high", "says"),
    [
        ("tables.traffickable.mdam", "1g", "2g", "mdma"),
        ("tables.traffickable.mdma", "2g", "1g", "the second larger"),
        ("tables.traffickable.mdma", "2", "3", "no unit"),
        ("tables.traffickable.mdma", "1 unit", "3 units", "same kind"),
        ("effects.small", "1g", "2g", "not an amount"),
    ],
)
def test_bad_curves_say_what_to_type(path: str, low: str, high: str, says: str) -> None:
    with pytest.raises(ds.DecrimsimError) as caught:
        ds.curve("nsw", path, low, high, 3, people=10, days=1, replicates=1)
    assert says in str(caught.value)


def test_a_curve_moves_a_number_that_a_law_makes_its_limits_from() -> None:
    """Ten days' amount at the point of ten days: every figure is the baseline's; more days never make anyone a case of a higher tier."""
    curve = ds.curve("portugal", "parameters.days.value", "5 days", "20 days", 3, law="portugal@2023-09-30", people=1_500, days=120, replicates=1, seed=1)
    assert list(curve.points) == [("5 days", 5), ("10 days", 10), ("20 days", 20)]
    ten = ds.compare("portugal", ["portugal@2023-09-30"], people=1_500, days=120, replicates=1, seed=1).summary
    assert [curve.comparison.summary.outcome(2, name) for name in OUTCOMES] == [ten.outcome(1, name) for name in OUTCOMES]
    found = [curve.comparison.summary.outcome(law, "panels").mean for law in (1, 2, 3)]
    assert found == sorted(found) and found[0] < found[-1]
    assert "passes a neighbouring one" not in str(curve)


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        ("1 g", "5 g", "is in days, and '1 g' is not"),
        ("0", "5", "from 1 to 365"),
        ("1", "400", "from 1 to 365"),
        ("5 days", "5 days", "the second larger"),
        ("2.5", "5", "is in days, and '2.5' is not"),
    ],
)
def test_a_curve_over_a_number_says_what_it_wants(low: str, high: str, says: str) -> None:
    with pytest.raises(ds.InputError, match=says):
        ds.curve("portugal", "parameters.days.value", low, high, 3, people=10, days=1, replicates=1)


def test_nobody_and_no_time_are_possible() -> None:
    for options in ({"people": 0, "days": 30}, {"people": 30, "days": 0}, {"people": 1, "days": 2}):
        result = ds.compare("nsw", ["gold-standard"], replicates=1, **options)
        assert result.to_json()["people"] == options["people"]
        assert repr(result)


def test_versions_of_one_law_can_be_compared() -> None:
    result = ds.compare("nsw", ["portugal", "portugal@2023-09-30"], people=200, days=30, replicates=1)
    assert len({law.hash for law in result.laws}) == 3
    assert set(result.to_json()["laws"]) == {"nsw-deemed-supply", "portugal", "portugal@2023-09-30"}


def test_sensitivity_moves_one_input_at_a_time() -> None:
    world = ds.vary(ds.load("nsw"), {"police.supply_suspicion.street": 0.5, "police.street": 2.0})
    result = ds.compare(world, ["gold-standard"], people=400, days=30, replicates=1)
    options = {"people": 400, "replicates": 1, "cuts": ["contact", "supply"]}
    contact, supply = ds.sensitivity(result, n=15, **options)
    assert len(contact.rows) == len(supply.rows) == 15
    assert contact.base < 0
    moved = {row.path: row for row in contact.rows}["police.supply_suspicion.street"]
    assert moved.at_low < moved.at_high  # the more stops rest on suspicion of supply, the fewer a law without stops for possession ends
    assert contact.law == supply.law == "gold-standard"
    assert ds.sensitivity(result, n=2, workers=2, **options) == ds.sensitivity(result, n=2, **options)
    with pytest.raises(ds.InputError, match="supply"):
        ds.sensitivity(result, cuts=["suply"])


def test_every_public_name_exists_and_is_listed() -> None:
    for name in ds.__all__:
        assert getattr(ds, name) is not None
    assert set(ds.__all__) <= set(dir(ds))
    with pytest.raises(AttributeError):
        ds.comparee  # noqa: B018
