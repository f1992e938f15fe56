"""Hostile files: everything that surprises other YAML readers is refused, quickly and with a place."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decrimsim.errors import DecrimsimError, FileError
from decrimsim.files import MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_SCALAR, read_document, read_head, read_text
from decrimsim.law import load_law

BILLION_LAUGHS = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"
MERGE_BOMB = "a: &a {x: 1}\nb: {<<: *a}\n"

HOSTILE = {
    "a key twice": ("a: 1\na: 2\n", "stands twice, first on line 1"),
    "a key twice, quoted once": ("a: 1\n'a': 2\n", "stands twice"),
    "exponent": ("a: 1e3\n", "write '1e3' in quotation marks"),
    "exponent with a point": ("a: 5.0e-2\n", "read differently"),
    "octal": ("a: 017\n", "read differently"),
    "octal of YAML 1.2": ("a: 0o17\n", "read differently"),
    "hexadecimal": ("a: 0x1F\n", "read differently"),
    "base 60": ("a: 12:30:45\n", "read differently"),
    "underscore": ("a: 1_000\n", "read differently"),
    "comma": ("a: 1,5\n", "read differently"),
    "plus sign": ("a: +5\n", "read differently"),
    "point first": ("a: .5\n", "read differently"),
    "point last": ("a: 5.\n", "read differently"),
    "no": ("a: no\n", "true, false or a quoted text"),
    "Norway in a list": ("a: [NO, SE]\n", "true, false or a quoted text"),
    "on": ("a: on\n", "true, false or a quoted text"),
    "True": ("a: True\n", "true, false or a quoted text"),
    "not a number": ("a: .nan\n", "read differently"),
    "infinity": ("a: -.inf\n", "read differently"),
    "billion laughs": (BILLION_LAUGHS, "anchors and aliases"),
    "recursive alias": ("a: &a [*a]\n", "anchors and aliases"),
    "anchor of a key": ("&a k: 1\n", "anchors and aliases"),
    "alias of nothing": ("a: *b\n", "Anchors and aliases"),
    "merge key": (MERGE_BOMB, "&"),
    "merge key without an anchor": ("b: {<<: {x: 1}}\n", "merge keys (<<) are not used here"),
    "nesting": ("a: " + "[" * 900 + "]" * 900 + "\n", "nested too deeply"),
    "nesting of mappings": ("a: " + "{a: " * 40 + "1" + "}" * 40 + "\n", "nested too deeply"),
    "nesting by dashes": ("- " * 40 + "x\n", "nested too deeply"),
    "nesting by indent": ("".join("  " * i + "k:\n" for i in range(400)), "nested too deeply"),
    "a long number": ("a: " + "9" * 5000 + "\n", "characters"),
    "a number too large": ("a: 99999999999999999999\n", "read differently"),
    "python object": ("a: !!python/object/apply:os.system ['echo']\n", "plain data only"),
    "python tuple": ("a: !!python/tuple [1, 2]\n", "plain data only"),
    "python name": ("a: !!python/name:os.system\n", "plain data only"),
    "binary": ("a: !!binary aGVsbG8=\n", "plain data only"),
    "set": ("a: !!set {x}\n", "plain data only"),
    "own tag": ("a: !law x\n", "plain data only"),
    "own tag of a text": ("a: !law 'x'\n", "plain data only"),
    "a number called a text": ("a: !!str 5\n", "plain data only"),
    "two documents": ("a: 1\n---\nb: 2\n", "not valid YAML"),
    "a list as a key": ("? [1, 2]\n: x\n", "a key must be a word"),
    "tabs": ("a:\n\tb: 1\n", "not valid YAML"),
    "a colon in a text": ("a: b: c\n", "needs quotation marks"),
    "nothing": ("", "the file is empty"),
    "a comment only": ("# nothing\n", "the file is empty"),
    "NUL in quotes": ('a: "x\\0y"\n', "NUL"),
    "a long text": ("a: " + "x" * (MAX_SCALAR + 1) + "\n", "characters"),
    "a long key": ("x" * 5000 + ": 1\n", ""),
    "too many values": ("[" + "1, " * MAX_NODES + "1]\n", "too many values"),
    "unclosed": ("a: [1, 2\n", "not valid YAML"),
    "unclosed quote": ("a: 'x\n", "not valid YAML"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_a_second_and_with_its_place(name: str, tmp_path: Path) -> None:
    text, says = HOSTILE[name]
    path = tmp_path / "hostile.yaml"
    path.write_text(text, encoding="utf-8")
    started = time.perf_counter()
    with pytest.raises(FileError) as caught:
        read_document(path)
    assert time.perf_counter() - started < 5  # one second on a machine that does nothing else
    assert says in str(caught.value)
    assert str(caught.value).startswith("hostile.yaml")
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_no_law(name: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(HOSTILE[name][0], encoding="utf-8")
    with pytest.raises(FileError):
        load_law(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", 1), ("a: -3", -3), ("a: 0.05", 0.05), ("a: true", True), ("a: null", None), ("a:", None), ("a: ~", None), ("a: 2023-10-01", "2023-10-01"),
        ("a: '017'", "017"), ('a: "no"', "no"), ('a: "1e3"', "1e3"), ("a: 2.5 g", "2.5 g"), ("a: Nose", "Nose"), ("a: [1, x]", [1, "x"]), ('{"a": {"b": false}}', {"b": False}),
        ("a: |\n  two\n  lines\n", "two\nlines\n"), ("a: été", "été"),
    ],
)  # fmt: skip
def test_plain_data_are_read_as_they_look(text: str, value: object) -> None:
    assert read_text(text).data == {"a": value}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_and_a_byte_order_mark_change_nothing(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "law.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + ending.join(["a: 1", "b: 2 g", ""]).encode())
    assert read_document(path).data == {"a": 1, "b": "2 g"}


def test_a_file_that_is_not_utf8_says_the_line(tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    path.write_bytes("a: 1\nb: été\n".encode("latin-1"))
    with pytest.raises(FileError, match=r"old\.yaml:2: the file is not UTF-8 text"):
        read_document(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(FileError, match="bytes"):
        read_document(path)
    with pytest.raises(FileError, match="characters"):
        read_text("#" * (MAX_BYTES + 1))


def test_a_missing_file_and_a_folder_are_no_files(tmp_path: Path) -> None:
    for path, says in ((tmp_path / "none.yaml", "no such file"), (tmp_path, "this is a folder")):
        with pytest.raises(FileError, match=says):
            read_document(path)


def test_nesting_up_to_the_limit_is_read() -> None:
    deep = read_text("[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)).data
    for _ in range(MAX_DEPTH - 2):
        (deep,) = deep
    assert deep == []


def test_brackets_in_comments_and_texts_are_no_nesting() -> None:
    text = "".join(f"# [{{ {i}\n" for i in range(100)) + "a: '" + "[" * 100 + "'\n"
    assert read_text(text).data == {"a": "[" * 100}


def test_every_value_has_its_place() -> None:
    document = read_text("a:\n  b: [1, 2]\n", "law.yaml")
    assert document.where(("a", "b", 1)) == "law.yaml:2:10: a.b.1"
    assert document.where(("a", "missing")) == "law.yaml:2:3: a.missing"
    assert document.where(()) == "law.yaml:1:1"


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_properly(text: str) -> None:
    try:
        read_text(text)
    except DecrimsimError as error:
        assert str(error)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            ["a", ":", " ", "\n", "- ", "[", "]", "{", "}", "'", '"', "&", "*", "!", "|", ">", "#", "?", ",", "1", ".", "e", "\t", "<<", "---", "%", "@", "`"]
        ),
        max_size=40,
    ).map("".join)
)
def test_any_heap_of_yaml_signs_is_read_or_refused_properly(text: str) -> None:
    try:
        read_text(text)
    except DecrimsimError as error:
        assert str(error)


HEAD = ("id", "title")
HEADS = {
    "among others": "schema: x\nid: a\nforce:\n  - {title: not this}\ntitle: >-\n  Two\n  lines\nsummary: |\n  id: not this\ncases: []\n",
    "with windows line ends": "id: a\r\ntitle: Two lines\r\ntables:\r\n  title: other\r\n",
    "with a comment between": "id: a\n# title: other\nother:\n  - 1\ntitle: Two lines\n",
    "as JSON": '{"id": "a", "title": "Two lines", "tables": {"title": "no"}}',
    "as JSON over lines": '{\n"id": "a",\n"title": "Two lines"\n}',
    "with a quoted key": '"id": a\ntitle: Two lines\n',
}


@pytest.mark.parametrize("name", HEADS)
def test_the_head_of_a_file_is_what_the_whole_file_says(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(HEADS[name].encode())
    whole = read_document(path).data
    assert read_head(path, HEAD) == {key: whole[key] for key in HEAD} == {"id": "a", "title": "Two lines"}


def test_a_head_that_is_not_there_is_none_and_a_bad_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("id: a\n", encoding="utf-8")
    assert read_head(path, HEAD) == {"id": "a", "title": None}
    for bad in ("id: a\nid: b\ntitle: c\n", "id: *a\ntitle: b\n", "id: !!python/name:os.system x\ntitle: b\n"):
        path.write_text(bad, encoding="utf-8")
        with pytest.raises(FileError):
            read_head(path, HEAD)


def test_changing_what_was_read_does_not_change_what_is_read_next() -> None:
    first = read_text("a: {b: [1, 2]}\n")
    first.data["a"]["b"].append(3)
    assert read_text("a: {b: [1, 2]}\n").data == {"a": {"b": [1, 2]}}


@pytest.mark.parametrize("number", ["1e-7", "1.5e-07", "-2e-10", "5e-324"])
def test_a_small_number_is_read_from_json_as_programs_write_it_and_from_nothing_else(number: str) -> None:
    assert read_text(f'{{"a": {number}}}').data == {"a": float(number)}
    with pytest.raises(FileError, match="read differently"):
        read_text(f"a: {number}\n")
