"""Wrong scenario files: every mistake is named with its place and what to write instead, and nothing else ever happens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decrimsim.errors import FileError, ScenarioError
from decrimsim.files import read_document
from decrimsim.parameters import Amount, Param
from decrimsim.scenario import load_scenario
from decrimsim.scenario.read import MAX_LINES, validated
from decrimsim.scenario.shape import field_names
from decrimsim.shipped import shipped_folder

HERE = Path(__file__).parent
BAD = sorted((HERE / "scenarios" / "bad").glob("*.yaml"))
NSW = (shipped_folder() / "nsw.yaml").read_text(encoding="utf-8")
QUIET = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def _error(folder: Path, text: str | bytes) -> FileError | ScenarioError:
    path = folder / "mine.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises((FileError, ScenarioError)) as caught:
        load_scenario(path)
    return caught.value


def _changed(old: str, new: str) -> str:
    assert old in NSW, f"nsw.yaml no longer contains {old!r}"
    return NSW.replace(old, new, 1)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_is_refused_with_the_message_in_its_first_line(path: Path) -> None:
    expected = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# expect: ")
    with pytest.raises((FileError, ScenarioError)) as caught:
        load_scenario(path)
    assert expected in str(caught.value)


def test_every_mistake_is_listed_on_its_own_line(tmp_path: Path) -> None:
    text = _changed("unit: people,", "unit: person,").replace("no_safe_home: {", "no_safe_hom: {", 1).replace("purse: {value: 150", 'purse: {value: "150"', 1)
    lines = str(_error(tmp_path, text)).splitlines()
    assert len(lines) == 4
    assert all(line.startswith("mine.yaml:") for line in lines)
    assert any("the key 'no_safe_home' is missing" in line for line in lines)


def test_a_very_wrong_file_does_not_flood_the_screen(tmp_path: Path) -> None:
    text = str(_error(tmp_path, NSW.replace("unit: probability", "unit: chance")))
    assert len(text.splitlines()) == MAX_LINES + 1
    assert text.endswith(" more.")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("source: gds-uk-2020, grade: B", "source: gds-uk-202, grade: B", "people.lockdown_stocker: names the source 'gds-uk-202', which is not among the sources. Did you mean 'gds-uk-2020'?"),
        ("men: {value: 0.6,", "men: {value: 0.61,", "people: the shares of the axis 'gender' add up to 1.01, not to 1."),
        ("      aboriginal: {value: 4.5", "      aborigina: {value: 4.5", "police.stop_factor.indigenous: names ['aborigina']; the categories are ['aboriginal', 'non_aboriginal']. Did you mean 'aboriginal'?"),
        ("    indigenous:\n      aboriginal: {value: 4.5", "    indigenou:\n      aboriginal: {value: 4.5", "Did you mean 'indigenous'?"),
        ('unit: {value: "0.05 g", range: ["0.02 g", "0.1 g"]', 'unit: {value: "0.03 g", range: ["0.02 g", "0.1 g"]', "substances.cocaine: the deal of 0.5 g is not a whole number of units of 0.03 g."),
        ("  mdma:\n", "  mdmaa:\n", "substances.mdmaa: is not a substance that laws know. Did you mean 'mdma'?"),
        ("tablet: {", "tablett: {", "substances.mdma: counted_forms names ['tablet'], which is not among the forms."),
        ("      herb: {", "      herbs: {", "substances.cannabis_herb.forms.herbs: is not a form that laws know. Did you mean 'herb'?"),
        ("concentration: {value: 20, range: [8, 50]", "concentration: {value: 0, range: [0, 50]", "concentration must be more than 0."),
        ("consumer: {value: 0.42", "consumers: {value: 0.42", "Did you mean 'consumer'?"),
        ("user_dealer: {value: 0.05, range: [0.02, 0.15]", "user_dealer: {value: 0.9, range: [0.02, 0.95]", "the roles add up to more than 1."),
        ("start_day: 183", "start_day: 100", "market.lockdown: announced_day, start_day and end_day must follow each other."),
        ("start_day: 60,", "start_day: 90,", "market.raids.0: start_day must not come after end_day."),
        ("stop: {value: 0.17, range", "stop: {value: 0.95, range", "lies outside its range"),
        ("n3: {value: 0.5, range: [0.3, 0.8]", "n3: {value: 0.2, range: [0.2, 0.8]", "practice.police.belief: more evidence of supply must not lower the chance of supply."),
        ("candidates: [nsw-burden-on-state,", "candidates: [gold-standard,", "a candidate law stands twice."),
        ('"6": {', '"six": {', "circle_size 'six' is not a whole number of people from 1 to 50."),
        ("people: 20000", "people: true", "run.people: this cannot be used (got True). Wanted a whole number."),
        ("people: 20000", "people: 200000000", "run.people: this cannot be used (got 200000000)."),
        ("max_years: 15", "max_years: 1", "the bands for supply must be in rising order of max_years"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_whole_file_says_what_is_wrong_and_where(tmp_path: Path, old: str, new: str, expected: str) -> None:
    error = _error(tmp_path, _changed(old, new))
    assert expected in str(error)
    assert str(error).startswith("mine.yaml:")
    assert error.where
    assert error.where in str(error)


def _known_keys(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the paths of all keys that the schema names; free names such as those of groups are not among them."""
    if isinstance(data, list):
        return [found for i, child in enumerate(data) for found in _known_keys(child, (*path, i))]
    if not isinstance(data, dict):
        return []
    own = [(*path, key) for key in data if key in field_names(path)]
    return own + [found for key, child in data.items() for found in _known_keys(child, (*path, key))]


def test_every_key_changed_by_one_letter_is_refused_with_the_right_name() -> None:
    document = read_document(shipped_folder() / "nsw.yaml")
    keys = _known_keys(document.data)
    assert len(keys) > 2000
    for path in keys[::23]:
        data = json.loads(json.dumps(document.data))
        parent = data
        for part in path[:-1]:
            parent = parent[part]
        key = str(path[-1])
        wrong = f"{key[:-1]}~" if len(key) > 1 else f"{key}~"
        parent[wrong] = parent.pop(key)
        with pytest.raises(ScenarioError) as caught:
            validated(data, document.where, document.places)
        hint = f"Did you mean '{key}'?" if len(key) > 3 else ""  # very short names get the list of known ones
        assert f"'{wrong}' is not known. {hint}" in str(caught.value), path


@pytest.mark.parametrize("name", ["nswe", "NSW", "new_south_wales"])
def test_an_unknown_shipped_name_is_answered_with_the_nearest(name: str) -> None:
    with pytest.raises(FileError, match=r"there is no shipped scenario .*nsw"):
        load_scenario(name)


def test_a_name_without_ending_that_is_a_file_gets_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mystate").write_text(NSW, encoding="utf-8")
    with pytest.raises(FileError, match=r"'\./mystate'"):
        load_scenario("mystate")
    assert load_scenario("./mystate").id == "nsw"


@pytest.mark.parametrize("path", ["missing.yaml", "./missing", "a/b/c.yaml", "x" * 5000 + ".yaml", "nul\0byte.yaml", "", "..", "."])
def test_a_path_that_is_no_file_is_a_file_error(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError):
        load_scenario(path)


def test_a_folder_is_named_as_one(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"this is a folder\. Wanted a scenario file"):
        load_scenario(tmp_path)


HOSTILE: dict[str, str | bytes] = {
    "laughs": "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n",
    "recursive alias": "&a [*a]",
    "merge key": "people: {<<: {a: 1}}",
    "deep flow": "people: " + "[" * 5000,
    "deep block": "\n".join(" " * i + "a:" for i in range(600)),
    "long number": "run: {seed: " + "9" * 5000 + "}",
    "huge number": "run: {seed: 999999999999999999}\n" + "period: x",
    "octal": "run: {seed: 017}",
    "base 60": "run: {seed: 12:30:45}",
    "underscore": "run: {people: 1_000}",
    "infinity": "run: {people: .inf}",
    "python tag": "title: !!python/object/apply:os.system [echo]",
    "binary tag": "title: !!binary aGVsbG8=",
    "set tag": "title: !!set {a, b}",
    "NUL": "title: \"a\\0b\"",
    "lone surrogate": 'title: "\\ud800"',
    "not UTF-8": b"title: \xff\xfe\x00",
    "UTF-16": "title: x".encode("utf-16"),
    "key is a list": "[a, b]: c",
    "two documents": "a: 1\n---\nb: 2\n",
    "tab": "people:\n\tremote: 1",
    "unclosed": "people: {a: [1, 2",
    "control": "title: \x07\x1b[31m",
    "only a text": "hello",
    "null": "null",
    "long line": "title: " + "x" * 100_000,
    "many values": "title: [" + "1, " * 30_000 + "1]",
    "big file": b"#" * (2**20 + 1),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_its_message_is_harmless(tmp_path: Path, name: str) -> None:
    message = str(_error(tmp_path, HOSTILE[name]))
    assert "mine.yaml" in message
    assert all(line.isprintable() for line in message.splitlines())
    assert len(message) < 20_000


@QUIET
@given(text=st.text(max_size=400) | st.text(alphabet="{}[]:,-#&*!|>'\"%@ \nab01.~", max_size=400))
def test_no_text_gets_past_the_two_errors(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    _error(tmp_path_factory.getbasetemp(), text.encode("utf-8", "surrogatepass"))


@settings(QUIET, max_examples=20)
@given(at=st.integers(0, len(NSW) - 1), length=st.integers(0, 30), new=st.text(alphabet="{}[]:,-#&*!|>'\" \nab01.~", max_size=8))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(tmp_path_factory: pytest.TempPathFactory, at: int, length: int, new: str) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.yaml"
    path.write_text(NSW[:at] + new + NSW[at + length :], encoding="utf-8")
    try:
        scenario = load_scenario(path)
    except (FileError, ScenarioError) as error:
        assert "damaged.yaml" in str(error)
    else:
        assert all(isinstance(parameter, Param | Amount) for _, parameter in scenario.parameters())


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
    | st.sampled_from(["0 g", "1 kg", "-1 g", "unlimited"]),
    lambda child: st.lists(child, max_size=3) | st.dictionaries(st.text(max_size=4) | st.sampled_from(["value", "range", "unit", "share"]), child, max_size=3),
    max_leaves=8,
)
PATHS = sorted(read_document(shipped_folder() / "nsw.yaml").places, key=str)


@settings(QUIET, max_examples=400)
@given(path=st.sampled_from(PATHS), new=JSON)
def test_any_value_anywhere_is_accepted_or_a_scenario_error(path: tuple[str | int, ...], new: Any) -> None:
    data = read_nsw()
    if path:
        parent = data
        for part in path[:-1]:
            parent = parent[part]
        parent[path[-1]] = new
    else:
        data = new
    try:
        validated(data, lambda where: ".".join(map(str, where)), {})
    except ScenarioError as error:
        assert str(error)


NSW_JSON = json.dumps(read_document(shipped_folder() / "nsw.yaml").data)


def read_nsw() -> Any:
    return json.loads(NSW_JSON)
