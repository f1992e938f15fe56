"""Scenarios are read, written, hashed, copied and varied without losing or inventing anything."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decrimsim.describe import parameter_pages
from decrimsim.errors import FileError, InputError, ScenarioError
from decrimsim.files import read_document, read_text
from decrimsim.parameters import Amount, Money
from decrimsim.scenario import Scenario, dump_scenario, free_parameters, load_scenario, new_scenario, scenario_hash, shipped_scenarios, vary, widest
from decrimsim.scenario.describe import grade_counts, parameter_table
from decrimsim.scenario.order import ordered
from decrimsim.scenario.read import scenario_of
from decrimsim.shipped import shipped_folder

NSW = load_scenario("nsw")
FILE = shipped_folder() / "nsw.yaml"
FREE = free_parameters(NSW)
PATHS = [path for path, _ in FREE]


def _read(text: str) -> Scenario:
    return scenario_of(read_text(text, "text"))


def test_nsw_reads_in_well_under_two_seconds() -> None:
    began = time.perf_counter()
    load_scenario("nsw")
    assert time.perf_counter() - began < 1.5


def test_a_shipped_name_and_its_path_are_the_same_scenario() -> None:
    assert "nsw" in shipped_scenarios()
    assert load_scenario(FILE) == load_scenario(str(FILE)) == NSW


def test_what_is_written_reads_back_equal() -> None:
    text = dump_scenario(NSW)
    assert _read(text) == NSW
    assert scenario_hash(_read(text)) == scenario_hash(NSW)
    assert dump_scenario(_read(text)) == text


def test_lines_with_difficult_texts_read_back_equal() -> None:
    title = 'a "b" \\ c: {d} # e \x07 \x85 \u2028 \ufeff é 🙂 no'
    changed = NSW.model_copy(update={"title": title, "limits": (), "sources": {**NSW.sources, "no": NSW.sources["clements"], "0 x": NSW.sources["clements"]}})
    assert _read(dump_scenario(changed)) == changed


SHARES = st.integers(0, 2**32).map(lambda seed: np.random.Generator(np.random.PCG64(seed)).random(len(PATHS)).tolist())
"""A share for every parameter: from a seed, since a list of so many drawn floats is more than Hypothesis takes."""


def _drawn(shares: list[float]) -> Scenario:
    """Return a scenario with every free parameter at a share of the way from the low to the high end of its range."""
    changes: dict[str, float | str] = {}
    for share, (path, parameter) in zip(shares, FREE, strict=True):
        low, high = parameter.number("low"), parameter.number("high")
        number = min(low + share * (high - low), high)
        changes[path] = f"{round(number)} ug" if isinstance(parameter, Amount) else number
    return vary(NSW, changes)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(shares=SHARES)
def test_any_varied_scenario_reads_back_equal(shares: list[float]) -> None:
    changed = _drawn(shares)
    assert _read(dump_scenario(changed)) == changed


@pytest.mark.parametrize("number", [5e-324, 1e-17, 1 / 3e7, 0.1 + 0.2, 1.0])
def test_very_small_numbers_are_written_as_plain_digits(number: float) -> None:
    changed = vary(NSW, {"practice.prosecutor.divert": number})
    assert _read(dump_scenario(changed)).practice.prosecutor.divert.value == number


def _reversed_keys(data: Any, keep: bool = False) -> Any:
    """Return data with the keys of all sections in reverse, but for dictionaries of free names, where the order may mean something."""
    if isinstance(data, list):
        return [_reversed_keys(child) for child in data]
    if not isinstance(data, dict):
        return data
    free = {"axes", "circle_size", "substances", "forms", "types", "buying_days"}
    items = [
        (
            key,
            {name: _reversed_keys(inner, key == "axes") for name, inner in child.items()} if key in free and isinstance(child, dict) else _reversed_keys(child),
        )
        for key, child in data.items()
    ]
    return dict(items if keep else reversed(items))


def test_the_order_of_keys_does_not_matter() -> None:
    data = _reversed_keys(read_document(FILE).data)
    scenario = _read(json.dumps(data))
    assert next(iter(data)) == "limits"
    assert scenario == NSW
    assert scenario_hash(scenario) == scenario_hash(NSW)


def test_the_order_of_groups_does_matter_for_the_hash() -> None:
    data = read_document(FILE).data
    data["people"]["axes"]["gender"] = dict(reversed(data["people"]["axes"]["gender"].items()))
    assert scenario_hash(_read(json.dumps(data))) != scenario_hash(NSW)


def _in_unit(data: Any, unit: str, per_ug: int, digits: int) -> Any:
    if isinstance(data, list):
        return [_in_unit(child, unit, per_ug, digits) for child in data]
    if not isinstance(data, dict):
        return data
    if isinstance(data.get("value"), str):
        amount = Amount.model_validate_json(json.dumps(data))
        texts = [f"{amount.number(at) / per_ug:.{digits}f} {unit}" for at in ("value", "low", "high")]
        return {**data, "value": texts[0], "range": texts[1:]}
    return {key: _in_unit(child, unit, per_ug, digits) for key, child in data.items()}


@pytest.mark.parametrize(("unit", "per_ug", "digits"), [("ug", 1, 0), ("mg", 1000, 3), ("g", 10**6, 6), ("kg", 10**9, 9)])
def test_the_same_amounts_in_another_unit_are_the_same_scenario(unit: str, per_ug: int, digits: int) -> None:
    scenario = _read(json.dumps(_in_unit(read_document(FILE).data, unit, per_ug, digits)))
    amounts = [(path, parameter.number(at)) for path, parameter in scenario.parameters() for at in ("value", "low", "high")]
    assert amounts == [(path, parameter.number(at)) for path, parameter in NSW.parameters() for at in ("value", "low", "high")]
    assert scenario_hash(scenario) == scenario_hash(NSW)


def test_every_changed_number_note_or_setting_changes_the_hash() -> None:
    hashes = [scenario_hash(NSW)]
    hashes += [scenario_hash(vary(NSW, {path: "high"})) for path, parameter in FREE[::3] if parameter.number() != parameter.number("high")]
    hashes += [
        scenario_hash(NSW.model_copy(update=update))
        for update in ({"title": "x"}, {"candidates": ()}, {"limits": ("x",)}, {"run": NSW.run.model_copy(update={"seed": 2})})
    ]
    assert len(set(hashes)) == len(hashes)
    assert all(len(digest) == 64 for digest in hashes)


def test_reading_twice_gives_the_same_hash() -> None:
    assert scenario_hash(load_scenario("nsw")) == scenario_hash(NSW)


def test_vary_sets_numbers_amounts_and_ends_and_leaves_the_rest() -> None:
    changes = {
        "police.street": 0.5,
        "substances.mdma.dose": "0.3 g",
        "practice.police.notice": "low",
        "practice.sentencing.supply.0.prison": "high",
        "people.remote": "0.11",
    }
    changed = vary(NSW, changes)
    assert changed.police.street.value == 0.5
    assert changed.substances["mdma"].dose.ug == 300_000
    assert changed.practice.police.notice.value == NSW.practice.police.notice.range[0]
    assert changed.practice.sentencing.supply[0].prison.value == NSW.practice.sentencing.supply[0].prison.range[1]
    assert changed.people.remote.value == 0.11
    before, after = dict(NSW.parameters()), dict(changed.parameters())
    assert {path for path in before if before[path] != after[path]} == set(changes)
    assert load_scenario("nsw") == NSW


def test_a_value_outside_its_range_widens_the_range() -> None:
    assert vary(NSW, {"police.street": 9}).police.street.range == (NSW.police.street.range[0], 9.0)


def test_nothing_varied_is_the_same_scenario() -> None:
    assert vary(NSW, {}) == NSW
    assert scenario_hash(vary(NSW, {path: parameter.number() for path, parameter in FREE if not isinstance(parameter, Amount)})) == scenario_hash(NSW)


def test_a_lockdown_and_raids_can_be_left_out() -> None:
    quiet = vary(NSW, {"market.lockdown": None, "market.raids": ()})
    assert quiet.market.lockdown is None
    assert quiet.market.raids == ()
    assert vary(quiet, {"market.lockdown": None}) == quiet
    assert _read(dump_scenario(quiet)) == quiet


@pytest.mark.parametrize("end", ["low", "high"])
def test_every_parameter_can_go_to_either_end_alone(end: str) -> None:
    for path, parameter in FREE:
        assert dict(vary(NSW, {path: end}).parameters())[path].number() == parameter.number(end)  # type: ignore[arg-type]


@pytest.mark.parametrize("end", ["low", "high"])
def test_all_parameters_can_go_to_an_end_together(end: str) -> None:
    changed = dict(vary(NSW, dict.fromkeys(PATHS, end)).parameters())
    moved = [path for path, parameter in FREE if not path.endswith(".deal") and changed[path].number() != parameter.number(end)]  # type: ignore[arg-type]
    assert all(".belief." in path or ".prove_supply." in path for path in moved)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(shares=SHARES)
def test_any_draw_from_the_ranges_is_a_possible_scenario(shares: list[float]) -> None:
    ends = {path: (parameter.number("low"), parameter.number("high")) for path, parameter in FREE}
    changed = dict(_drawn(shares).parameters())
    assert all(low <= changed[path].number() <= high for path, (low, high) in ends.items() if not path.endswith(".deal"))


def test_a_belief_that_moves_takes_its_neighbours_only_as_far_as_needed() -> None:
    belief = vary(NSW, {"practice.police.belief.none.n1": 0.4}).practice.police.belief
    assert belief.none.n1.value == 0.4
    assert belief.none.n2.value == 0.4
    assert belief.indicative.n1.value == 0.4
    assert belief.none.n3 == NSW.practice.police.belief.none.n3
    assert belief.personal == NSW.practice.police.belief.personal
    low = vary(NSW, {"practice.police.belief.presumption.n3": 0.7}).practice.police.belief
    assert (low.presumption.n2.value, low.indicative.n3.value, low.none.n3.value) == (0.7, 0.7, NSW.practice.police.belief.none.n3.value)


CELLS = [(r, c) for r in range(4) for c in range(4)]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(start=st.lists(st.floats(0, 1), min_size=7, max_size=7), fixed=st.dictionaries(st.sampled_from(CELLS), st.floats(0, 1), min_size=1))
def test_an_ordered_table_never_falls_and_keeps_what_was_given(start: list[float], fixed: dict[tuple[int, int], float]) -> None:
    steps = sorted(start)
    table = ordered({cell: steps[sum(cell)] for cell in CELLS} | fixed, fixed.keys())
    for r, c in CELLS:
        assert r == 3 or table[r, c] <= table[r + 1, c]
        assert c == 3 or table[r, c] <= table[r, c + 1]
    alone = {cell for cell in fixed if not any(other[0] <= cell[0] and other[1] <= cell[1] and fixed[other] > fixed[cell] for other in fixed)}
    assert all(table[cell] == fixed[cell] for cell in alone)


def test_a_deal_stays_a_whole_number_of_units() -> None:
    lighter = vary(NSW, {"substances.mdma.unit": "0.3 g"}).substances["mdma"]
    assert (lighter.unit.ug, lighter.deal.ug) == (300_000, 300_000)
    powder = vary(NSW, {"substances.cocaine.unit": "0.02 g"}).substances["cocaine"]
    assert powder.deal.ug == 10 * 20_000
    assert vary(NSW, {"substances.cocaine.deal": "0.52 g"}).substances["cocaine"].deal.ug == 500_000


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"police.stret": 1}, "vary: police.stret: there is no such parameter. Wanted the dotted path of a parameter. Did you mean 'police.street'?"),
        ({"people.roles": 0.1}, "vary: people.roles: this is a section, not a parameter. Write for example 'people.roles.social_supplier'"),
        ({"police.street": True}, "True is not a finite number"),
        ({"police.street": math.nan}, "nan is not a finite number"),
        ({"police.street": math.inf}, "inf is not a finite number"),
        ({"police.street": None}, "None is not a finite number"),
        ({"police.street": "fast"}, "'fast' is not a finite number"),
        ({"police.street": -1}, "vary: police.street: the range -1 to 1 must stay within 0 to 10000."),
        ({"people.remote": 1.2}, "must stay within 0 to 1."),
        ({"substances.mdma.dose": 0.3}, "vary: substances.mdma.dose: this is an amount and needs a unit. Wanted a text such as '0.5 g'"),
        ({"substances.mdma.dose": "0.3"}, "has no unit"),
        ({"substances.mdma.dose": "0 g"}, "an amount must be more than nothing"),
        ({"substances.mdma.dose": "3 pills"}, "is not a weight"),
        ({"market.raids": 3}, "vary: market.raids: this section can only be left out. Wanted ()."),
        ({"market.lockdown": None, "market.lockdown.access": 0.5}, "vary: market.lockdown.access: there is no such parameter."),
        ({"people.axes.gender.men": 0.7}, "the shares of the axis 'gender' add up to 1.1, not to 1."),
        ({"people.roles.user_dealer": 0.9}, "vary: people: the roles add up to more than 1."),
        ({"title": "x"}, "there is no such parameter"),
    ],
)  # fmt: skip
def test_an_impossible_change_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        vary(NSW, changes)
    assert message in str(caught.value)


def test_shares_can_be_moved_together() -> None:
    assert vary(NSW, {"people.axes.gender.men": 0.7, "people.axes.gender.women": 0.3}).people.axes["gender"]["men"].value == 0.7


def test_shares_that_must_add_up_are_not_free() -> None:
    fixed = {path for path, _ in NSW.parameters()} - set(PATHS)
    assert {
        "people.axes.age.under_25",
        "people.circle_size.3",
        "substances.mdma.main",
        "substances.mdma.forms.tablet",
        "substances.mdma.types.weekly.share",
    } <= fixed
    assert len(fixed) == 6 + 6 + 5 + 9 + 15


def test_the_widest_ranges_come_first_without_costs() -> None:
    top = widest(NSW, 400)
    widths = [parameter.number("high") / max(parameter.number("low"), 1e-12) for _, parameter in widest(NSW, 10)]
    assert len(widest(NSW)) == 10
    assert min(widths) > 10
    assert not any(isinstance(parameter, Money) for _, parameter in top)
    assert [path for path, _ in top[:10]] == [path for path, _ in widest(NSW)]
    narrow = vary(NSW, {"police.street": 0.6})
    assert [path for path, _ in widest(narrow, 400)] == [path for path, _ in top]
    opened = vary(NSW, {"police.street": 1000})
    assert widest(opened, 1)[0][0] == "police.street"


def test_a_new_scenario_is_a_commented_copy_with_its_own_id(tmp_path: Path) -> None:
    path = new_scenario("my-state", folder=tmp_path)
    assert path == tmp_path / "my-state.yaml"
    assert load_scenario(path) == NSW.model_copy(update={"id": "my-state"})
    assert path.read_text(encoding="utf-8").count("#") == FILE.read_text(encoding="utf-8").count("#")
    again = new_scenario("next", source=path, folder=tmp_path)
    assert load_scenario(again).id == "next"


def test_a_new_scenario_never_overwrites_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("precious")
    with pytest.raises(InputError, match=r"mine\.yaml exists already and is left as it is"):
        new_scenario("mine", folder=tmp_path)
    assert (tmp_path / "mine.yaml").read_text() == "precious"


@pytest.mark.parametrize("name", ["", "My", "a/b", "../x", "a.yaml", "a" * 65, "-a", "con", "com1", "é"])
def test_a_new_scenario_needs_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of a scenario"):
        new_scenario(name, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_new_scenario_needs_a_folder_and_a_source(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Name a folder that exists"):
        new_scenario("mine", folder=tmp_path / "missing")
    with pytest.raises(FileError, match="no shipped scenario"):
        new_scenario("mine", source="nws", folder=tmp_path)
    (tmp_path / "law.yaml").write_text("a: 1\n")
    with pytest.raises(InputError, match="no line begins with 'id:'"):
        new_scenario("mine", source=tmp_path / "law.yaml", folder=tmp_path)


def test_the_tables_of_parameters_in_the_documents_are_up_to_date() -> None:
    docs = Path(__file__).parent.parent / "docs"
    pages = parameter_pages()
    assert {name: (docs / name).read_text(encoding="utf-8") for name in pages} == pages
    assert {path.name for path in (docs / "parameters").iterdir()} == {Path(name).name for name in pages} - {"parameters.md"}


def test_the_table_of_a_derived_world_lists_what_is_its_own_and_counts_the_rest() -> None:
    portugal = load_scenario("portugal")
    table = parameter_table(portugal)
    assert "| `practice.panel.sanction` |" in table
    assert "| `police.find.street` |" not in table
    assert f"Of the {len(portugal.parameters())} parameters" in table
    assert "| `edrs-qld-2013` |" not in table


def test_the_table_shows_every_parameter_and_counts_the_guesses() -> None:
    table = parameter_table(NSW)
    assert all(f"| `{path}` |" in table for path, _ in NSW.parameters())
    assert sum(grade_counts(NSW).values()) == len(NSW.parameters())
    assert f"| D | assumed | {grade_counts(NSW)['D']} |" in table
    assert all(limit in table for limit in NSW.limits)


def test_a_hostile_title_cannot_break_the_table() -> None:
    table = parameter_table(NSW.model_copy(update={"title": "a|b <script>\n# x"}))
    assert table.splitlines()[0].endswith("a\\|b &lt;script> # x")
