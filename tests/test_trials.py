"""Small runs of one change: what mechanisms contribute, which inputs are moved, alternatives side by side, and noise that is told as noise."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from command_line import run as run_command
from fake_comparison import fake_comparison
from worlds import busy, coupled, laws, run, setup_of

import decrimsim as ds
from decrimsim import trials
from decrimsim.measures import measure
from decrimsim.measures.contribution import Contribution, ContributionRow
from decrimsim.measures.parts import CUT_MEASURES, MEASURES, estimate_of, part_values
from decrimsim.measures.responses import ResponseRow, Responses
from decrimsim.measures.variance import split_variance
from decrimsim.report.background import contribution_rows, response_rows
from decrimsim.report.words import TRIAL_WORDS
from decrimsim.scenario import load_scenario, vary, widest
from decrimsim.scenario.switched import read_parameters, working
from decrimsim.scenario.switches import SWITCHES
from decrimsim.schema import BEHAVIOUR, OUTCOMES, PARTS
from decrimsim.statistics import NOT_SEEN, Estimate

PEOPLE, DAYS = 400, 45
KEPT = ("violence", "gifts", "bail_refusal", "calendar", "payday")


@cache
def compared() -> ds.Comparison:
    """Return a small comparison of the busy world with few mechanisms on, so that few are tried."""
    off = {name: name in KEPT for name in working(busy())} | {"calendar": False, "payday": True}
    world = busy().model_copy(update={"switches": busy().switches | off})
    return ds.compare(world, laws("divert-and-convict", "portugal"), people=PEOPLE, days=DAYS, replicates=1, keep_tables=False)


@cache
def contributed() -> Contribution:
    return ds.contributions(compared())


class TestParts:
    def test_the_mean_of_the_parts_is_the_replicate(self) -> None:
        some = laws("nsw-deemed-supply", "portugal")
        setup = setup_of(coupled(), some, days=DAYS)
        tables = run(coupled(), some, people=PEOPLE, days=DAYS)
        whole = measure(tables, setup.scenario, len(some), days=DAYS, laws=setup.laws)
        mean = part_values(tables, setup.scenario, DAYS).mean(axis=0)
        for i, name in enumerate(OUTCOMES):
            counted = whole.outcomes[:, i] * (1000 / PEOPLE) / (100 if name == "cost" else 1)
            assert mean[:, MEASURES.index(name)] == pytest.approx(counted)
        for i, name in enumerate(CUT_MEASURES):
            assert mean[:, MEASURES.index(name)] == pytest.approx(whole.widening.n_flag[:, i] * (1000 / PEOPLE))
        for i, name in enumerate(BEHAVIOUR):
            assert mean[:, MEASURES.index(name)] == pytest.approx(whole.behaviour[:, i] / PEOPLE * 365 / DAYS)
        assert mean[:, MEASURES.index("overdose_deaths")] == pytest.approx(whole.indicators["overdose_deaths"] * (1000 / PEOPLE))

    def test_blocks_of_people_have_the_same_parts(self) -> None:
        some = laws("nsw-deemed-supply")
        one, two = (part_values(run(busy(), some, people=PEOPLE, days=20, block_people=n), busy(), 20) for n in (20_000, 100))
        assert np.array_equal(one, two)

    def test_every_measure_has_words_and_every_switch_a_measure(self) -> None:
        assert set(MEASURES) == set(TRIAL_WORDS)
        assert len(set(MEASURES)) == len(MEASURES)
        assert all(switch.measures and set(switch.measures) <= set(MEASURES) for switch in SWITCHES.values())


class TestContributions:
    def test_every_mechanism_that_works_has_its_own_measure_and_the_cuts(self) -> None:
        rows = contributed().rows
        assert {row.name for row in rows} == {"violence", "gifts", "bail_refusal"}
        assert {row.measure for row in rows if row.name == "violence"} == {
            "violent_encounters", "violent_arrests", "people_supply", "people_criminal", "people_custodial"
        }  # fmt: skip

    def test_mechanisms_that_are_off_or_idle_are_listed(self) -> None:
        assert "calendar" in contributed().off
        assert set(contributed().idle) == {"payday", "self_entry", "service_avoidance"}  # without the calendar, and without services

    def test_a_contribution_is_the_run_with_it_less_the_run_without_it(self) -> None:
        row = next(row for row in contributed().rows if row.measure == "violent_encounters")
        without = ds.compare(
            ds.with_switches(compared().scenario, {"violence": False}), laws("divert-and-convict", "portugal"), people=PEOPLE, days=DAYS, replicates=1
        )
        on, off = (one.measures[0].outcomes[:, OUTCOMES.index(row.measure)] * (1000 / PEOPLE) for one in (compared(), without))
        added = (on - off).tolist()
        assert row.base.mean == pytest.approx(added[0])
        assert row.under.mean == pytest.approx(max(added[1:], key=abs))
        assert row.law == compared().summary.labels[1 + int(np.argmax(np.abs(added[1:])))]
        assert row.is_seen and row.base.ci is not None

    def test_what_changes_nothing_is_not_seen(self) -> None:
        """Violence moves nobody's case, so people charged with supply are exactly the same."""
        row = next(row for row in contributed().rows if (row.name, row.measure) == ("violence", "people_supply"))
        assert row.base.mean == row.under.mean == 0
        assert not row.is_seen
        shown = contribution_rows(contributed(), "AUD")
        assert not [one for one in shown if (one["switch"], one["measure"]) == ("violence", TRIAL_WORDS["people_supply"])]

    def test_noise_is_told_as_noise_and_folded(self) -> None:
        noise, clear = Estimate(0.3, 0.2, (-0.15, 0.75)), Estimate(0.3, 0.05, (0.2, 0.4))
        rows = (
            ContributionRow("gifts", "gifts", "unmet_days", noise, "new", noise, noise),
            ContributionRow("violence", "violence", "violent_encounters", clear, "new", noise, noise),
        )
        one = Contribution("old", "per 1,000 (10 people, 1 replicate)", rows, ("raids",), ("payday",))
        assert one.unseen() == ("gifts",)
        assert [(row["name"], row["to_base"], row["to_law"]) for row in contribution_rows(one, "AUD")] == [("violence", "+0.300 (0.200 to 0.400)", "not seen")]
        page = fake_comparison(contributions=one).to_html()
        for text in ("nothing seen at this size: <code>gifts</code>.", "Off: <code>raids</code>.", "<code>payday</code>.", "Stops with violence"):
            assert text in page
        assert json.loads(json.dumps(one.to_json()))["not_seen"] == ["gifts"]

    def test_the_error_is_that_of_replicates(self) -> None:
        """For a mechanism that couples nobody, the error told from parts is about the spread between replicates."""
        trial = replace(trials.trial_of(compared(), PEOPLE, 12), laws=compared().laws[:1])
        added = trial.parts(compared().scenario) - trial.parts(ds.with_switches(compared().scenario, {"violence": False}))
        each = added[:, 0, MEASURES.index("violent_encounters")].reshape(12, PARTS)
        told = [estimate_of(one).mcse or 0.0 for one in each]
        assert np.mean(told) == pytest.approx(each.mean(axis=1).std(ddof=1), rel=0.6)


class TestInputs:
    def test_only_inputs_that_the_world_reads_are_moved(self) -> None:
        nsw = load_scenario("nsw")
        read = {path for path, _ in read_parameters(nsw)}
        assert not {path for path in read if path.startswith(("police.strategies.known.", "health.", "practice.appeal."))} - {
            f"police.strategies.known.{nsw.police.strategies.chosen}.{name}"  # type: ignore[union-attr]
            for name in ("warrant", "street", "dog", "trip", "purchase", "no_safe_home", "discretion")
        }
        off = ds.with_switches(nsw, {"lockdown": False, "raids": False})
        gone = read - {path for path, _ in read_parameters(off)}
        assert {"people.lockdown_stocker", "market.raid_factor", "police.raid_factor", "market.lockdown.access"} <= gone
        answering = nsw.people.response
        assert answering is not None
        for kind, is_read in (("fixed", False), ("carry_less", True)):
            assert ("people.response.aware" in {path for path, _ in read_parameters(ds.with_response(nsw, kind))}) is is_read
        assert {path for path, _ in widest(nsw, 1000)} <= read

    def test_all_tables_are_about_one_law_and_inputs_that_act_come_first(self) -> None:
        world = vary(busy(), {"practice.queue.opening": 1.0})
        result = ds.compare(world, laws("divert-and-convict", "portugal"), people=200, days=30, replicates=1, keep_tables=False)
        tables = ds.sensitivity(result, n=4, people=200)
        assert len({(table.law, table.baseline) for table in tables}) == 1
        assert not [row for row in tables[0].rows if row.path.startswith(("practice.queue.", "practice.prosecutor_queue."))]  # couplings are off
        moved = [any(row.swing or row.at_low != table.base for table in tables for row in table.rows if row.path == path) for path in
                 [row.path for row in tables[0].rows]]  # fmt: skip
        assert sum(moved) >= 3
        assert {row.path for row in tables[0].rows if not row.is_seen} == set(tables[0].unseen())
        page = replace(result, sensitivity=tables).to_html()
        assert f"The law is the same in all tables: {tables[0].law}, against {tables[0].baseline}" in page

    def test_a_law_is_named_with_its_date(self) -> None:
        result = ds.compare("nsw", ["portugal@2023-09-30"], people=60, days=5, replicates=1, keep_tables=False)
        assert "2023-09-30" in ds.sensitivity(result, n=1)[0].law


class TestAlternatives:
    def test_the_same_number_under_every_alternative_is_not_seen(self) -> None:
        done = ((1.0, 2.0, 3.0),) * 2
        rows = tuple(ResponseRow(kind, (4.67, other), done) for kind, other in (("fixed", 1.0), ("carry_less", 2.0)))
        table = Responses(("old", "new"), "supply", "People", rows)
        assert [row["spread"] for row in response_rows(table)] == [NOT_SEEN, "1.00 to 2.00"]
        assert NOT_SEEN in str(table).splitlines()[3] and NOT_SEEN not in str(table).splitlines()[4]

    def test_draws_that_luck_explains_say_nothing_of_assumptions(self) -> None:
        assert not split_variance(np.full((4, 2), 1.5)).is_seen
        assert split_variance(np.array([[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]])).is_seen

    def test_every_strategy_stands_beside_the_others(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        tiny = ("--law", "gold-standard", "--people", "60", "--days", "10", "--replicates", "1", "--workers", "1")
        outs = []
        for more in ((), ("--json",)):
            status, out, _ = run_command(capsys, monkeypatch, "strategies", "nsw", *tiny, *more)
            assert status == 0
            outs.append(out)
        known = load_scenario("nsw").police.strategies.known  # type: ignore[union-attr]
        assert all(name.replace("_", " ") in outs[0] for name in known)
        assert set(json.loads(outs[1])["strategies"][0]["laws"]["gold-standard"]["people"]) == set(known)

    def test_a_strategy_is_the_run_in_which_police_work_by_it(self) -> None:
        options = {"people": 150, "days": 30, "replicates": 1}
        table = ds.strategies("nsw", ["gold-standard"], cuts=["contact"], **options)[0]
        alone = ds.compare(ds.with_strategy(load_scenario("nsw"), "hot_spot"), ["gold-standard"], keep_tables=False, **options)
        row = next(row for row in table.rows if row.kind == "hot_spot")
        assert row.people[0] == pytest.approx(alone.summary.with_cut(0, "contact").mean / 150 * 1000)

    def test_a_world_without_strategies_is_refused(self) -> None:
        nsw = load_scenario("nsw")
        bare = nsw.model_copy(update={"police": nsw.police.model_copy(update={"strategies": None})})
        with pytest.raises(ds.InputError, match=r"police\.strategies"):
            ds.strategies(bare, people=20, days=5, replicates=1)

    @pytest.mark.parametrize(("option", "names"), [("--strategy", ("hot_spot", "random_patrol")), ("--response", ("fixed", "unaware"))])
    def test_two_of_them_in_one_run_are_refused(
        self, option: str, names: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        twice = [word for name in names for word in (option, name)]
        status, _, err = run_command(capsys, monkeypatch, "compare", "nsw", *twice, "--people", "10", "--days", "2", "--replicates", "1")
        assert status == 2
        assert f"{option} at most once" in err


def test_a_full_report_says_each_stage_with_its_count_as_it_begins() -> None:
    said: list[tuple[str, int]] = []
    result = replace(compared(), people=60, days=10)
    full = ds.with_report_extras(result, progress=ds.Stages(lambda what, count: said.append((what, count)), False))
    names = [what for what, _ in said]
    assert [name.split(" of ")[0] for name in names[:5]] == ["curve", "inputs that act", "widest inputs", "mechanisms", "living without police"]
    assert ("widest inputs", 20) in said and ("mechanisms", 4) in said
    assert full.contributions is not None and "payday" in full.contributions.idle
