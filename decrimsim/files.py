"""Files come from strangers: read plain YAML or JSON data, with the place of every value, and nothing else.

Level 1. Refused with a hint: tags, aliases, merge keys, duplicate keys, numbers such as 1e3, 017, 1_000,
.nan and .inf, words that other YAML readers take for booleans, more than 1 MiB, 20,000 nodes or 32 levels.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from decrimsim.errors import FileError, printable

MAX_BYTES, MAX_NODES, MAX_DEPTH, MAX_SCALAR = 2**20, 20_000, 32, 4_096
_INT = re.compile(r"-?(0|[1-9]\d{0,17})\Z", re.ASCII)
_FLOAT = re.compile(r"-?(0|[1-9]\d{0,17})\.\d{1,400}\Z", re.ASCII)  # the smallest float64 has some 340 decimals when written out
_JSON_SMALL = re.compile(r"-?[1-9](\.\d{1,20})?e-\d{1,3}\Z", re.ASCII)  # how programs write 0.00002 in JSON, where it can be read in one way only
_LOOKS_NUMERIC = re.compile(r"[-+]?[.\d][\d_.,:]*([eE][-+]?\d+)?\Z|[-+]?0[xob][\da-fA-F]+\Z|[-+]?\.(inf|nan)\Z", re.IGNORECASE)
_PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "null", "bool", "int", "float", "timestamp", "merge", "value")}
_OUTERMOST = re.compile(r"^([a-z_]+):(?=\s)", re.MULTILINE)
_OLD_BOOLEANS = {"yes", "no", "on", "off", "y", "n"}

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """Plain data and where each part of it stands: (line, column) by path, both from 1."""

    data: Any
    name: str
    places: dict[Path_, tuple[int, int]] = field(repr=False, default_factory=dict)

    def where(self, path: Path_) -> str:
        """Return 'file:line:column: dotted.path' for a path, or for its nearest known parent."""
        known = path
        while known not in self.places and known:
            known = known[:-1]
        line, column = self.places.get(known, (1, 1))
        dotted = ".".join(map(str, path))
        return f"{self.name}:{line}:{column}" + (f": {dotted}" if dotted else "")


def read_document(path: str | Path) -> Document:
    """Read a YAML (or JSON) file of plain data. Raises FileError."""
    return read_text(_text_of(path), Path(path).name)


def read_head(path: str | Path, keys: tuple[str, ...]) -> dict[str, Any]:
    """Return some of a file's outermost keys, for lists of many files; what stands under the others is not looked at. Raises FileError.

    A key of the outermost mapping begins its line and what belongs to it is indented, so the others can be cut away before parsing.
    A file of another form (JSON), or without all the keys, is read as a whole.
    """
    text, name = _text_of(path), Path(path).name
    blocks = _OUTERMOST.split(text)[1:]
    head = "".join(f"{key}:{rest}" for key, rest in zip(blocks[::2], blocks[1::2], strict=True) if key in keys)
    data = read_text(head, name).data if head else None
    if not isinstance(data, dict) or data.keys() != set(keys):
        data = read_text(text, name).data
    return {key: data.get(key) for key in keys} if isinstance(data, dict) else dict.fromkeys(keys)


def _text_of(path: str | Path) -> str:
    path = Path(path)
    name = path.name
    if is_folder(path):
        raise FileError("this is a folder.", where=printable(path, 200), wanted="a file in it, for example 'my-law.yaml'")
    if not is_file(path):
        raise FileError("there is no such file.", where=printable(path, 200), hint="'decrimsim list' shows the shipped scenarios and laws")
    if path.stat().st_size > MAX_BYTES:
        raise FileError(f"the file has {path.stat().st_size:,} bytes.", where=name, wanted=f"at most {MAX_BYTES:,} bytes")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileError(f"the file cannot be read ({error.strerror}).", where=name) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileError("the file is not UTF-8 text.", where=f"{name}:{line}", wanted="a text file saved as UTF-8") from None
    return text


def is_file(path: Path) -> bool:
    """Return whether there is such a file; False for a name that no file can have."""
    return _is(path.is_file)


def is_folder(path: Path) -> bool:
    """Return whether there is such a folder; False for a name that no folder can have."""
    return _is(path.is_dir)


def _is(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except (OSError, ValueError):
        return False


def read_text(text: str, name: str = "<text>") -> Document:
    """Read YAML (or JSON) text of plain data. Raises FileError."""
    document = _parsed(text, name)
    return replace(document, data=copy.deepcopy(document.data))


@lru_cache(maxsize=64)
def _parsed(text: str, name: str) -> Document:
    """Return what a text says; a law that another is based on, and a file that is read again, are parsed once."""
    if len(text) > MAX_BYTES:
        raise FileError(f"the text has {len(text):,} characters.", where=name, wanted=f"at most {MAX_BYTES:,}")
    if text.count("\n") > 2 * MAX_NODES:
        raise FileError(f"the text has {text.count(chr(10)):,} lines.", where=name, wanted=f"at most {2 * MAX_NODES:,}")
    _refuse_depth(text, name)
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise FileError(
            f"this is not valid YAML: {printable(error.problem or error.context or 'unreadable', 200)}.", where=where, hint=_yaml_hint(error)
        ) from None
    except RecursionError:
        raise FileError("the file is nested too deeply.", where=name, wanted=f"at most {MAX_DEPTH} levels") from None
    except (YAMLError, ValueError) as error:
        raise FileError(f"this is not valid YAML: {printable(error, 200)}.", where=name) from None
    if node is None:
        raise FileError("the file is empty.", where=name, wanted="keys and values")
    reader = _Reader(name, _is_json(text))
    data = reader.build(node, (), 0)
    return Document(data, name, reader.places)


def _refuse_depth(text: str, name: str) -> None:
    """Refuse nesting that would exhaust a recursive parser before it can be counted.

    A quick look at brackets and indents comes first; only a suspicious text is counted exactly, without recursion.
    """
    if not _looks_deep(text):
        return
    depth = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise FileError("the file is nested too deeply.", where=f"{name}:{event.start_mark.line + 1}", wanted=f"at most {MAX_DEPTH} levels")
    except YAMLError:
        return  # the composer reports it with its place


def _looks_deep(text: str) -> bool:
    depth = 0
    for found in re.finditer(r"[\[{\]}]", text):
        depth = depth + 1 if found[0] in "[{" else max(0, depth - 1)
        if depth > MAX_DEPTH:
            return True
    return re.search(rf"^ {{{20 * MAX_DEPTH},}}|^ *(?:- +){{{MAX_DEPTH},}}", text, re.MULTILINE) is not None


def _yaml_hint(error: MarkedYAMLError) -> str:
    problem = str(error.problem or "")
    if "undefined alias" in problem:
        return "Anchors and aliases (& and *) are not used here: write the value out"
    if "tab" in problem or "\\t" in problem:
        return "Use spaces, not tabs"
    if "mapping values are not allowed" in problem:
        return "A text that contains ': ' needs quotation marks"
    return ""


def _is_json(text: str) -> bool:
    """Tell whether a text is JSON, in which an exponent is read in one way by every program."""
    if not text.lstrip().startswith("{"):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


class _Reader:
    def __init__(self, name: str, is_json: bool) -> None:
        self.name, self.is_json, self.places, self.count = name, is_json, {}, 0

    places: dict[Path_, tuple[int, int]]

    def fail(self, node: Node, message: str, **parts: Any) -> FileError:
        return FileError(message, where=f"{self.name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}", **parts)

    def build(self, node: Node, path: Path_, depth: int) -> Any:
        self.count += 1
        if self.count > MAX_NODES:
            raise self.fail(node, "the file has too many values.", wanted=f"at most {MAX_NODES:,}")
        if depth > MAX_DEPTH:
            raise self.fail(node, "the file is nested too deeply.", wanted=f"at most {MAX_DEPTH} levels")
        if getattr(node, "anchor", None):
            raise self.fail(node, "anchors and aliases (& and *) are not used here.", hint="Write the value out")
        self.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, MappingNode):
            return self.mapping(node, path, depth)
        if isinstance(node, SequenceNode):
            self.refuse_tag(node, "tag:yaml.org,2002:seq")
            return [self.build(child, (*path, i), depth + 1) for i, child in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return self.scalar(node)

    def mapping(self, node: MappingNode, path: Path_, depth: int) -> dict[str, Any]:
        self.refuse_tag(node, "tag:yaml.org,2002:map")
        out: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise self.fail(key_node, "a key must be a word.")
            key = key_node.value
            if key == "<<" and key_node.style is None:
                raise self.fail(key_node, "merge keys (<<) are not used here.", hint="Write the values out")
            if getattr(key_node, "anchor", None):
                raise self.fail(key_node, "anchors and aliases (& and *) are not used here.", hint="Write the value out")
            self.check_text(key_node)
            line = key_node.start_mark.line + 1
            if key in out:
                raise self.fail(key_node, f"the key {printable(key)!r} stands twice, first on line {lines[key]}.", got=key, wanted="each key once")
            lines[key] = line
            out[key] = self.build(value_node, (*path, key), depth + 1)
        return out

    def refuse_tag(self, node: Node, plain: str) -> None:
        if str(node.tag) not in ("None", plain):
            raise self.fail(node, f"the tag {printable(node.tag)!r} is not allowed: files hold plain data only.")

    def check_text(self, node: ScalarNode) -> None:
        if len(node.value) > MAX_SCALAR:
            raise self.fail(node, f"a value has {len(node.value):,} characters.", wanted=f"at most {MAX_SCALAR:,}")
        if "\x00" in node.value:
            raise self.fail(node, "a value contains a NUL character.")

    def scalar(self, node: ScalarNode) -> Any:
        self.check_text(node)
        text, tag = node.value, str(node.tag).rsplit(":", 1)[-1]
        if node.style in ("'", '"', "|", ">"):
            if tag != "str":
                self.refuse_tag(node, "tag:yaml.org,2002:str")
            return text
        looks_other = text in ("", "null", "~", "true", "false") or _INT.match(text) or _FLOAT.match(text)
        if str(node.tag) not in _PLAIN_TAGS or (tag == "str" and looks_other):
            raise self.fail(node, f"the tag {printable(node.tag)!r} is not allowed: files hold plain data only.")
        if text in ("", "null", "~"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if _INT.match(text):
            return int(text)
        if _FLOAT.match(text) or (self.is_json and _JSON_SMALL.match(text)):
            return float(text)
        if text.lower() in _OLD_BOOLEANS or text in ("True", "False", "TRUE", "FALSE", "Null", "NULL"):
            hint = "Write true or false, or put quotation marks round a text"
            raise self.fail(node, f"{printable(text)!r} is read differently by different programs.", got=text, wanted="true, false or a quoted text", hint=hint)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return text
        if _LOOKS_NUMERIC.match(text):
            raise self.fail(
                node,
                f"the number {printable(text)!r} is read differently by different programs.",
                got=text,
                wanted="plain digits such as 1000 or 0.05",
                hint=f"If it is a text, write '{printable(text)}' in quotation marks",
            )
        return text
