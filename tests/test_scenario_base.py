"""A world based on another holds what its file says, takes over the rest, and never passes a borrowed number off as measured."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from decrimsim.check import check_file
from decrimsim.errors import FileError, InputError, ScenarioError
from decrimsim.files import read_text
from decrimsim.parameters import Amount
from decrimsim.scenario import Scenario, dump_scenario, load_scenario, new_scenario, scenario_hash, vary
from decrimsim.scenario.base import MAX_DEPTH, borrowed_from
from decrimsim.scenario.read import scenario_of
from decrimsim.scenario.shape import is_optional_section

NSW = load_scenario("nsw")
HEAD = "schema: decrimsim.scenario/1\nbased_on: {base}\nid: {id}\ntitle: Mine\nquestion: Q?\nsummary: S\nperiod: P\n"
REMOTE = 'people:\n  remote: {value: 0.3, range: [0.1, 0.5], unit: probability, source: assumption, grade: D, note: "Assumed: far away"}\n'


def text_of(rest: str = "", base: str = "nsw", id: str = "mine") -> str:
    return HEAD.format(base=base, id=id) + rest


def read(rest: str = "") -> Scenario:
    return scenario_of(read_text(text_of(rest), "mine.yaml"))


def write(folder: Path, name: str, rest: str = "", base: str = "nsw") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text_of(rest, base, path.stem), encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises((ScenarioError, FileError)) as caught:
        load_scenario(path)
    return str(caught.value)


def test_what_the_file_says_holds_and_the_rest_is_taken_over() -> None:
    mine = read(REMOTE)
    assert (mine.id, mine.title, mine.people.remote.value) == ("mine", "Mine", 0.3)
    before, after = dict(NSW.parameters()), dict(mine.parameters())
    assert list(after) == list(before)
    assert {path for path in before if after[path].number() != before[path].number()} == {"people.remote"}


def test_every_number_that_is_taken_over_names_its_world_and_none_is_grade_a() -> None:
    mine = read(REMOTE)
    for path, parameter in mine.parameters():
        assert borrowed_from(parameter.note) == ("" if path == "people.remote" else "nsw"), path
        before = dict(NSW.parameters())[path]
        assert parameter.grade == {"A": "B"}.get(before.grade, before.grade), path
        if isinstance(parameter, Amount) and isinstance(before, Amount):
            assert parameter.value == before.value


def test_a_number_borrowed_twice_names_the_world_that_it_comes_from(tmp_path: Path) -> None:
    write(tmp_path, "middle.yaml", REMOTE)
    last = load_scenario(write(tmp_path, "last.yaml", base="./middle.yaml"))
    assert borrowed_from(last.people.remote.note) == "middle"
    assert borrowed_from(last.people.represented.note) == "nsw"


def test_nothing_says_what_the_world_is_but_its_own_file() -> None:
    mine = read()
    assert (mine.question, mine.summary, mine.period) == ("Q?", "S", "P")
    assert mine.limits == NSW.limits


def test_null_leaves_an_entry_of_the_base_out() -> None:
    no_lockdown = read("market:\n  lockdown: null\n  raids: null\ncurve: null\n")
    assert (no_lockdown.market.lockdown, no_lockdown.market.raids, no_lockdown.curve) == (None, (), None)
    groups = "people: {axes: {indigenous: null}}\npolice: {stop_factor: {indigenous: null}}\n"
    groups += "practice: {police: {caution_factor: {indigenous: null}, notice_factor: {indigenous: null}, violence: null}}\n"
    assert list(read(groups).people.axes) == ["gender", "age"]
    main = "{value: 1.0, range: [0.9, 1.0], unit: probability, source: assumption, grade: D}"
    names = ["mdma", "cocaine", "methamphetamine", "heroin"]
    only = read("mechanisms: own\nsubstances:\n" + "".join(f"  {name}: null\n" for name in names) + f"  cannabis_herb: {{main: {main}}}\n")
    assert list(only.substances) == ["cannabis_herb"]


def test_a_world_can_take_over_no_mechanism_but_those_that_it_names() -> None:
    own = read("mechanisms: own\n")
    assert (own.market.lockdown, own.market.raids, own.curve, own.switches) == (None, (), None, {})
    assert own.people == read().people.model_copy(update={"response": None})
    named = read("mechanisms: own\nmarket:\n  lockdown: {start_day: 190}\n").market
    assert named.lockdown is not None
    assert (named.lockdown.announced_day, named.lockdown.start_day, named.raids) == (180, 190, ())


@pytest.mark.parametrize("path", ["market.lockdown", "market.raids", "police.hours", "curve"])
def test_what_a_scenario_can_do_without_is_known(path: str) -> None:
    assert is_optional_section(tuple(path.split(".")))


@pytest.mark.parametrize(
    "path", ["run", "limits", "people.roles", "practice.sentencing.supply", "substances.mdma", "substances.mdma.counted_forms", "police.street"]
)
def test_what_every_scenario_has_is_no_mechanism(path: str) -> None:
    assert not is_optional_section(tuple(path.split(".")))


def test_a_group_of_shares_is_replaced_whole() -> None:
    share = "{{value: {0}, range: [0.1, 0.9], unit: probability, source: assumption, grade: D}}"
    mine = read(f"people:\n  axes:\n    age:\n      young: {share.format(0.5)}\n      old: {share.format(0.5)}\npolice:\n  stop_factor: {{age: null}}\n")
    assert list(mine.people.axes["age"]) == ["young", "old"]
    assert list(mine.people.axes) == list(NSW.people.axes)


def test_a_list_is_replaced_whole() -> None:
    assert read("candidates: [mexico]\n").candidates == ("mexico",)
    assert len(read("market:\n  raids:\n    - {region: remote, start_day: 1, end_day: 2}\n").market.raids) == 1


def test_a_source_is_replaced_whole_and_one_that_nobody_uses_is_forgotten() -> None:
    mine = read("sources:\n  gossop-1988: {title: Another}\n  own: {title: Own}\n")
    assert mine.sources["gossop-1988"].href == ""
    assert "own" in mine.sources
    assert "canada-top-tenth" in NSW.sources
    assert "canada-top-tenth" not in mine.sources


def test_a_derived_world_is_written_and_read_back_equal() -> None:
    mine = read(REMOTE)
    text = dump_scenario(mine)
    assert scenario_of(read_text(text)) == mine
    assert "based_on" not in text


def test_the_hash_is_that_of_the_content_after_merging(tmp_path: Path) -> None:
    mine = read(REMOTE)
    whole = tmp_path / "whole.yaml"
    whole.write_text(dump_scenario(mine), encoding="utf-8")
    assert scenario_hash(load_scenario(whole)) == scenario_hash(mine)
    base = tmp_path / "base.yaml"
    base.write_text(dump_scenario(NSW.model_copy(update={"id": "base"})), encoding="utf-8")
    first = scenario_hash(load_scenario(write(tmp_path, "derived.yaml", base="base.yaml")))
    base.write_text(dump_scenario(vary(NSW, {"police.street": 0.7}).model_copy(update={"id": "base"})), encoding="utf-8")
    assert scenario_hash(load_scenario(tmp_path / "derived.yaml")) != first


def test_a_mistake_in_the_base_is_told_with_its_place_there(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(text_of(REMOTE.replace("0.3,", "0.9,")), encoding="utf-8")
    message = refused(write(tmp_path, "derived.yaml", base="base.yaml"))
    assert message.startswith("base.yaml:9:11: people.remote (taken over by derived.yaml): the value 0.9 lies outside its range")


def test_two_mistakes_in_two_files_are_told_with_two_places(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(text_of(REMOTE.replace("0.3,", "0.9,")), encoding="utf-8")
    lines = refused(write(tmp_path, "derived.yaml", "run: {people: many}\n", base="base.yaml")).splitlines()
    assert [line.split(":")[0] for line in lines] == ["derived.yaml", "base.yaml"]


def test_a_circle_of_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", base="./b.yaml")
    write(tmp_path, "b.yaml", base="./a.yaml")
    assert refused(tmp_path / "a.yaml").startswith("b.yaml:2:11: based_on: the scenario is based on itself.")


def test_files_based_on_each_other_too_deeply_are_refused(tmp_path: Path) -> None:
    for i in range(MAX_DEPTH + 1):
        write(tmp_path, f"w{i}.yaml", base="nsw" if i == 0 else f"./w{i - 1}.yaml")
    assert load_scenario(tmp_path / f"w{MAX_DEPTH - 1}.yaml").id == f"w{MAX_DEPTH - 1}"
    assert "based on each other too deeply. Wanted at most 8 steps from a file to its base." in refused(tmp_path / f"w{MAX_DEPTH}.yaml")


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "outside.yaml")
    inside = tmp_path / "inside"
    inside.mkdir()
    os.symlink(tmp_path / "outside.yaml", inside / "link.yaml")
    assert "the path './link.yaml' leaves the folder of this file" in refused(write(inside, "mine.yaml", base="./link.yaml"))


def test_a_base_below_may_not_climb_back(tmp_path: Path) -> None:
    write(tmp_path, "top.yaml", base="below/middle.yaml")
    write(tmp_path, "below/middle.yaml", base="../other.yaml")
    assert refused(tmp_path / "top.yaml").startswith("middle.yaml:2:11: based_on: the path '../other.yaml' leaves the folder")


def test_a_base_below_is_found_from_where_its_own_file_is(tmp_path: Path) -> None:
    write(tmp_path, "below/last.yaml", REMOTE)
    write(tmp_path, "below/middle.yaml", base="last.yaml")
    assert load_scenario(write(tmp_path, "top.yaml", base="below/middle.yaml")).people.remote.value == 0.3


def test_a_text_can_only_be_based_on_a_shipped_scenario() -> None:
    with pytest.raises(ScenarioError, match="a text without a file can only be based on a shipped scenario"):
        scenario_of(read_text(text_of(base="./nsw.yaml")))


def test_a_forgotten_ending_is_told(tmp_path: Path) -> None:
    write(tmp_path, "other.yaml")
    assert "A file needs its ending: 'other.yaml'" in refused(write(tmp_path, "mine.yaml", base="other"))


def test_a_new_scenario_from_a_derived_one_is_the_small_file(tmp_path: Path) -> None:
    source = write(tmp_path, "source.yaml", REMOTE)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = new_scenario("copy", source, elsewhere)
    assert path.read_text(encoding="utf-8") == source.read_text(encoding="utf-8").replace("id: source", "id: copy")
    assert load_scenario(path) == load_scenario(source).model_copy(update={"id": "copy"})


def test_a_copy_never_loses_the_file_that_it_is_based_on(tmp_path: Path) -> None:
    write(tmp_path, "base.yaml")
    source = write(tmp_path, "source.yaml", base="base.yaml")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with pytest.raises(InputError, match=r"source.yaml is based on the file 'base.yaml' beside it"):
        new_scenario("copy", source, elsewhere)
    assert list(elsewhere.iterdir()) == []
    assert load_scenario(new_scenario("copy", source, tmp_path)).id == "copy"


def test_a_derived_file_is_checked_like_any_other(tmp_path: Path) -> None:
    assert check_file(str(write(tmp_path, "mine.yaml"))) == []
