"""The guide's seven indicators: null where a module is off, counts of rows where it is on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from worlds import coupled, laws, run

import decrimsim as ds
from decrimsim import schema
from decrimsim.measures import measure
from decrimsim.measures.indicators import INDICATORS
from decrimsim.measures.places import PLACES, place_sums
from decrimsim.measures.summary import Summary
from decrimsim.report.text import indicator_texts, never_text
from decrimsim.report.words import ASSUMED_FEAR, INDICATOR_WORDS, OUTCOME_WORDS
from decrimsim.scenario.switched import effective, with_switches
from decrimsim.schema import ENTRY_ENDS, POLICE, REFERRAL, SENTENCE
from decrimsim.tables import Columns, grouped

NAMES = ("nsw-deemed-supply", "gold-standard")


@cache
def indicators(*off: str) -> dict[str, Any]:
    """Return the indicators of a busy run with some switches off."""
    scenario = effective(with_switches(coupled(), dict.fromkeys(off, False)))
    return measure(run(scenario, laws(*NAMES)), scenario, len(NAMES), days=60).indicators


@cache
def events(law: int) -> dict[str, Columns]:
    """Return the tables of a law."""
    tables = run(coupled(), laws(*NAMES))
    return {name: getattr(tables, name).for_law(law) for name in ("encounters", "cases", "entries", "periods", "health")}


def test_there_is_one_number_for_each_name_and_words_for_it() -> None:
    assert tuple(indicators()) == INDICATORS == tuple(INDICATOR_WORDS)
    assert len({group for group, _ in INDICATOR_WORDS.values()}) == 7


def test_an_indicator_is_null_where_its_module_is_off() -> None:
    assert {name for name, value in indicators().items() if value is None} == set()
    health = {"hiv_incidence", "tb_incidence", "hepatitis_c_incidence", "overdose_deaths"}
    assert {name for name, value in indicators("health").items() if value is None} == health
    assert indicators("violence")["police_violence"] is None
    assert indicators("services")["services_budget"] is None
    assert indicators("self_entry")["service_avoidance"] is None


def test_indicators_are_counts_of_rows() -> None:
    told = indicators()
    for law in range(len(NAMES)):
        cases, entries = events(law)["cases"], events(law)["entries"]
        arrested = set(cases["person"][cases["police"] == POLICE.index("arrest")].tolist())
        began = set(cases["person"][(cases["referral"] >= REFERRAL.index("started")) & ~cases["is_compelled"]].tolist())
        began |= set(entries["person"][entries["end"] >= ENTRY_ENDS.index("dropped_out")].tolist())
        met = events(law)["encounters"]
        violent = {(p, d) for p, d, is_row in zip(met["person"].tolist(), met["day"].tolist(), met["is_violent"].tolist(), strict=True) if is_row}
        violent |= {(p, d) for p, d, is_row in zip(cases["person"].tolist(), cases["day"].tolist(), cases["is_arrest_violent"].tolist(), strict=True) if is_row}
        assert told["police_violence"][law] == len(violent) > met["is_violent"].sum()
        held = (cases["detention_days"] > 0) | (cases["compulsory_days"] > 0) | (cases["sentence"] == SENTENCE.index("prison"))
        assert told["imprisonment"][law] == len(set(cases["person"][held].tolist())) > 0
        assert told["arrests"][law] == len(arrested) > 0
        assert told["voluntary_access"][law] == len(began) > 0
        assert told["services_budget"][law] * 100 == events(law)["periods"]["spent_minor"].sum() > 0
        assert told["overdose_deaths"][law] == (events(law)["health"]["kind"] == 0).sum()
        itself = entries["way"] == 0
        afraid = itself & (entries["end"] == ENTRY_ENDS.index("avoided"))
        assert told["service_avoidance"][law].tolist() == [afraid.sum(), itself.sum()]


def test_fear_is_smaller_where_own_use_is_no_offence() -> None:
    afraid, all_who_seek = indicators()["service_avoidance"].T
    punished, free = afraid / all_who_seek
    assert free < punished


def test_the_share_who_avoid_services_is_pooled_and_undefined_where_nobody_seeks_one() -> None:
    """Of two replicates with other counts, so that the mean of ratios would be another number; then of replicates without anybody."""
    done = ds.compare("nsw", ["gold-standard"], people=300, days=30, replicates=2, progress=False)

    def with_counts(*counts: tuple[tuple[int, int], tuple[int, int]]) -> Summary:
        told = [replace(m, indicators=m.indicators | {"service_avoidance": np.array(c, float)}) for m, c in zip(done.measures, counts, strict=True)]
        return replace(done, measures=tuple(told)).summary

    summary = with_counts(((3, 10), (1, 10)), ((0, 2), (2, 20)))
    share, gap = summary.indicator(0, "service_avoidance"), summary.indicator_difference(1, "service_avoidance")
    assert share is not None and gap is not None
    assert (share.mean, share.ci) == (3 / 12, (0.0, 1.0))
    assert gap.mean == pytest.approx(3 / 30 - 3 / 12)
    left_out = [2 / 20 - 0 / 2, 1 / 10 - 3 / 10]
    assert gap.mcse == pytest.approx(abs(left_out[0] - left_out[1]) / 2)
    nobody = with_counts(((0, 0), (0, 0)), ((0, 0), (0, 0)))
    assert nobody.indicator(0, "service_avoidance") is None
    assert indicator_texts(nobody, 0, "service_avoidance") == ("nobody seeks one", "")
    assert nobody.to_json()["laws"]["gold-standard"]["indicators"]["service_avoidance"] is None  # type: ignore[index]


def test_the_report_says_that_the_shares_who_avoid_services_are_assumed() -> None:
    done = ds.compare("nsw", ["gold-standard"], people=300, days=30, replicates=2, progress=False)
    assert ASSUMED_FEAR in " ".join(repr(done).split())
    assert ASSUMED_FEAR in done.to_html()


def test_a_run_without_a_whole_period_has_no_budget_for_services() -> None:
    short, whole = (ds.compare("nsw", ["gold-standard"], people=50, days=days, replicates=1, progress=False).summary for days in (27, 28))
    assert short.indicator(0, "services_budget") is None
    assert whole.indicator(0, "services_budget") is not None


def test_places_are_added_up_over_the_periods_by_kind_and_law() -> None:
    """Of two periods under two laws; the last number is how many periods there were."""
    columns = {column.name: np.zeros(4, np.int64) for column in schema.PERIODS}
    columns |= {"day": np.array([27, 27, 55, 55]), "kind": np.array([0, 2, 0, 2])}
    columns |= {"places": np.array([4, 10, 6, 10]), "bought": np.array([0, 0, 2, 0]), "asked": np.array([1, 5, 2, 7])}
    found = place_sums(grouped("periods", columns, np.array([[True, True], [True, True], [True, False], [True, True]])))
    assert found.shape == (2, len(schema.SERVICE_KINDS), len(PLACES) + 1)
    assert found[0, 0].tolist() == [10, 2, 0, 0, 3, 2]
    assert found[1, 0].tolist() == [4, 0, 0, 0, 1, 1]
    assert found[0, 2].tolist() == [20, 0, 0, 0, 12, 2]
    assert not found[:, [1, 3]].any()


def test_a_summary_tells_places_as_means_over_periods_and_who_asked_in_all() -> None:
    done = ds.compare("nsw", ["gold-standard"], people=500, days=60, replicates=2, progress=False)
    assert done.tables is not None
    asked = 0.0
    for law in (0, 1):
        told = [tables.periods.for_law(law) for tables in done.tables]
        for what in PLACES:
            by_kind = []
            for kind in done.summary.place_kinds():
                at = schema.SERVICE_KINDS.index(kind)
                each = [one[what][one["kind"] == at] for one in told]
                assert all(len(some) == 2 for some in each), "sixty days hold two whole periods"
                by_kind.append(np.mean([some.sum() if what == "asked" else some.mean() for some in each]))
                assert done.summary.places(law, what, kind).mean == pytest.approx(by_kind[-1])
            assert done.summary.places(law, what).mean == pytest.approx(sum(by_kind))
            asked += sum(by_kind) if what == "asked" else 0
    assert asked > 0


def test_outcomes_that_happen_under_no_law_are_named_once_and_have_no_row() -> None:
    done = ds.compare("nsw", ["gold-standard"], people=200, days=30, replicates=2, progress=False)
    never = [name for name in schema.OUTCOMES if done.summary.is_never(name)]
    assert {"bribes_paid", "capital_exposure"} <= set(never)
    assert "stops" not in never
    rows = [line.split("  ")[0] for line in repr(done).split("\n\n")[1].splitlines()]
    assert "Stops by police" in rows
    assert [name for name in never if OUTCOME_WORDS[name] in rows] == []
    assert never_text(done.summary) == f"Under no law: {'; '.join(OUTCOME_WORDS[name] for name in never)}."
