"""Every shipped world loads, is checked, runs, knows its laws, and says honestly where its numbers come from."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import decrimsim as ds
from decrimsim.check import check_file
from decrimsim.files import read_document, read_text
from decrimsim.law import load_law
from decrimsim.parameters import ASSUMPTION, Money
from decrimsim.scenario import Scenario, dump_scenario, free_parameters, load_scenario, switch_states, vary, with_switches
from decrimsim.scenario.base import borrowed_from
from decrimsim.scenario.read import scenario_of
from decrimsim.shipped import shipped_folder

WORLDS = ds.shipped_scenarios()
DERIVED = [name for name in WORLDS if name not in ("nsw", "town")]


@cache
def world(name: str) -> Scenario:
    return load_scenario(name)


def laws_of(scenario: Scenario) -> tuple[str, ...]:
    return (scenario.baseline, *scenario.candidates)


def test_the_worlds_that_the_documents_promise_are_shipped() -> None:
    assert set(WORLDS) >= {
        "act-2023", "british-columbia-2023", "mexico", "nsw", "oregon-2021", "portugal", "south-australia-1987", "thailand-2024", "town",
    }  # fmt: skip


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_has_its_name_and_passes_its_check(name: str) -> None:
    assert world(name).id == name
    assert check_file(name) == []


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_runs_under_all_its_laws(name: str) -> None:
    c = ds.compare(world(name), people=500, days=60, replicates=2, workers=1, progress=False)
    assert len(c.laws) == len(laws_of(world(name)))
    assert all(measures.n_people == 500 for measures in c.measures)
    assert sum(len(tables.encounters.for_law(0)["person"]) for tables in c.tables or ()) > 0


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_runs_with_everything_that_it_describes_turned_on(name: str) -> None:
    off = [switch for switch, is_on in switch_states(world(name)).items() if is_on is False]
    c = ds.compare(with_switches(world(name), dict.fromkeys(off, True)), people=300, days=60, replicates=1, workers=1, progress=False)
    assert "health" in off or name == "south-australia-1987"
    assert all(measures.n_people == 300 for measures in c.measures)


@pytest.mark.parametrize("name", WORLDS)
def test_every_world_describes_how_people_may_answer_to_a_line_and_seek_a_service(name: str) -> None:
    states = switch_states(world(name))
    described = {"response", "packing", "strategy", "police_hours", "training", "violence", "services", "self_entry", "service_avoidance", "drop_out"}
    assert all(states[switch] is not None for switch in described)
    response = world(name).people.response
    assert response is not None and response.kind == "fixed"


def test_the_town_describes_every_mechanism_that_one_form_a_substance_allows() -> None:
    assert [switch for switch, is_on in switch_states(world("town")).items() if is_on is None] == ["purity_by_form"]


def test_the_laws_of_a_world_have_numbers_for_its_substances() -> None:
    """The one exception is told by every report of New South Wales: Portugal's table has no methamphetamine."""
    without = set()
    for name in WORLDS:
        scenario = world(name)
        for law in map(load_law, laws_of(scenario)):
            for substance, form in [(substance, form) for substance, habit in scenario.substances.items() for form in habit.forms]:
                unknowns = law.classify({substance: {"form": form, "g": "0.01 g"}}).unknowns
                without |= {(name, law.id, substance) for text in unknowns if "has no number for" in text}
    assert without == {("nsw", "portugal", "methamphetamine")}


@pytest.mark.parametrize("name", WORLDS)
def test_a_guess_says_that_it_is_one_and_everything_else_says_why(name: str) -> None:
    for path, parameter in world(name).parameters():
        assert parameter.note, path
        if parameter.grade == "D":
            assert parameter.source == ASSUMPTION, path
            assert parameter.note.startswith("Assumed"), path
            assert parameter.number("low") < parameter.number("high"), path


@pytest.mark.parametrize("name", DERIVED)
def test_only_what_stands_in_the_file_of_a_world_can_be_grade_a(name: str) -> None:
    parameters = world(name).parameters()
    own = [path for path, parameter in parameters if not borrowed_from(parameter.note)]
    assert 10 < len(own) < len(parameters)
    assert all(path in own for path, parameter in parameters if parameter.grade == "A")


@pytest.mark.parametrize("name", DERIVED)
def test_every_source_of_a_world_is_used_and_says_how_it_was_read(name: str) -> None:
    scenario = world(name)
    used = {parameter.source for _, parameter in scenario.parameters()}
    written = read_document(shipped_folder() / f"{name}.yaml").data["sources"]
    for key, source in written.items():
        assert (key in used) != bool(re.search("no number rests on it|no parameter names it", source["note"])), key
        assert re.search(r"verbatim|secondary|derived|not recorded|(excerpt|abstract) read", source["note"]), key


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_is_written_and_read_back_equal(name: str) -> None:
    assert scenario_of(read_text(dump_scenario(world(name)))) == world(name)


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("name", [name for name in WORLDS if name != "nsw"])
def test_all_parameters_of_a_world_can_go_to_an_end_together(name: str, end: str) -> None:
    changed = vary(world(name), {path: end for path, _ in free_parameters(world(name))})
    assert len(changed.parameters()) == len(world(name).parameters())


@pytest.mark.parametrize("name", DERIVED)
def test_prices_are_in_the_money_of_the_place(name: str) -> None:
    scenario = world(name)
    borrowed = [path for path, parameter in scenario.parameters() if isinstance(parameter, Money) and borrowed_from(parameter.note)]
    assert (scenario.currency == world("nsw").currency) == bool(borrowed)


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_tells_what_it_leaves_out(name: str) -> None:
    limits = world(name).limits
    assert len(limits) >= 8
    assert all(limit.endswith(".") for limit in limits)


def test_the_town_rests_on_nothing_but_round_numbers() -> None:
    town = world("town")
    assert town.sources == {}
    assert {parameter.grade for _, parameter in town.parameters()} == {"D"}
    assert "does not exist" in town.title
    assert all(len(f"{parameter.number():.10g}".replace("0.", "").strip("0.")) <= 2 for _, parameter in town.parameters())


def test_the_file_on_the_page_about_worlds_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "worlds.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "my-state.yaml"
    path.write_text(text, encoding="utf-8")
    mine = load_scenario(path)
    assert (mine.id, mine.people.remote.value, mine.market.lockdown) == ("my-state", 0.2, None)
    assert all(f"| `{name}` |" in page for name in WORLDS)
