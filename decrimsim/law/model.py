"""The Law: an immutable value with its rules, its sources and its versions.

Level 2. Every change returns another law.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from decrimsim.errors import FileError, InputError, LawError, NotInForce, QuantityError, nearest, printable
from decrimsim.files import Document
from decrimsim.law.dated import change_days, check_force, resolve
from decrimsim.law.declared import declared_names, lint_declared
from decrimsim.law.derive import LISTS
from decrimsim.law.lint import lint
from decrimsim.law.patch import PATCH_SOURCE, forms_dropped, pushed_cells, set_path, value_at
from decrimsim.law.paths import name_of_change, parts_of, summary_of_change
from decrimsim.law.rules import Rules, read_rules
from decrimsim.law.schema import law_shape
from decrimsim.law.shape import Complaint, Complaints
from decrimsim.law.simulated import not_simulated, simulate_as
from decrimsim.law.tables import canonical_tables, expand
from decrimsim.law.words import SUBSTANCES
from decrimsim.units import Quantity, parse_date, parse_quantity

if TYPE_CHECKING:
    from decrimsim.law.coverage import BoundCheck
    from decrimsim.law.evaluate import Classification


@dataclass(frozen=True)
class Law:
    """What a statute, a practice or a proposal says, on one day.

    id             name of the file; a changed law has eight letters and digits more
    name           what tables and plots call it; a changed law has its change
    date           the chosen day, or None for the newest version of every rule
    hash           SHA-256 of the rules; names and cases do not count
    notes          what was moved or dropped when the law was changed
    changed        the changes themselves: (dotted path, value), in order
    original       what it was called before it was changed
    not_simulated  what the file says and the simulator does not act on
    sources        {key: {title, href, confidence, quote?}}
    """

    id: str
    name: str
    title: str
    kind: str
    summary: str
    jurisdiction: str
    date: datetime.date | None
    hash: str
    notes: tuple[str, ...] = ()
    changed: tuple[tuple[str, Any], ...] = field(default=(), compare=False)
    original: str = field(default="", compare=False, repr=False)
    not_simulated: tuple[str, ...] = field(default=(), compare=False, repr=False)
    sources: dict[str, dict[str, str]] = field(default_factory=dict, compare=False, repr=False)
    raw: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    data: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    rules: Rules | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.name}: {self.title}" + (f" (on {self.date})" if self.date else "")

    @property
    def tiers(self) -> tuple[str, ...]:
        """The ids of the tiers, lowest first."""
        return tuple(tier["id"] for tier in self.data["tiers"])

    @property
    def has_threshold(self) -> bool:
        """Whether any amount makes a difference: False for a law with one tier."""
        return len(self.data["tiers"]) > 1

    @property
    def declared(self) -> tuple[str, ...]:
        """The names of substances that this law knows beside those of the common list."""
        return self.rules.declared if self.rules else ()

    def knowing(self, names: Iterable[str]) -> Law:
        """Return the law with names that other laws declare: its rule on substances without a row holds for them."""
        new = {name: {"means": "declared by another law"} for name in names if name not in SUBSTANCES and name not in self.declared}
        if not new:
            return self
        own = {name: {"means": "declared"} for name in self.declared}
        return dataclasses.replace(self, rules=read_rules({**self.data, "substances": {**own, **new}}, []))

    def adopted(self, date: str | datetime.date) -> Law:
        """Return the law as if it came into force on a day and stayed: for laws that never commenced, were repealed or are proposals."""
        raw = copy.deepcopy(self.raw)
        raw["force"] = [{"from": parse_date(date, "date").isoformat(), "state": "hypothetical"}]
        law = build_law(raw, date=self.date, notes=(*self.notes, f"adopted from {raw['force'][0]['from']} on"))
        return dataclasses.replace(law, name=self.name)

    def granted(self, ruling: str) -> Law:
        """Return the law as a person has it to whom a court granted what a ruling says. Raises InputError for a ruling without changes."""
        known = {one["id"]: one for one in self.data.get("precedents", []) if "id" in one and "changes" in one}
        if ruling not in known:
            raise InputError(f"the law {self.id!r} has no ruling {printable(ruling)!r} with changes.", where="granted", got=ruling, hint=nearest(ruling, known))
        law = self.patch({item["path"]: item["to"] for item in known[ruling]["changes"]})
        return dataclasses.replace(law, name=f"{self.name} ({ruling})", notes=(*law.notes, f"as granted: {known[ruling]['title']}"))

    def named(self, name: str) -> Law:
        """Return the same law under another name."""
        return dataclasses.replace(self, name=name)

    def at(self, date: str | datetime.date) -> Law:
        """Return the version of one day. Raises NotInForce before commencement or after repeal."""
        day = parse_date(date, "date")
        check_force(self.raw, day)
        law = _assemble(self.raw, day, self.notes)
        return dataclasses.replace(law, name=f"{self.id}@{day}" if self.name == self.id else self.name)

    def patch(self, changes: Mapping[str, Any]) -> Law:
        """Return the law with other values at dotted paths, for example {"tables.traffickable.mdma": "1 g"}; None removes a key.

        A limit that passes a neighbouring one pushes it to the same value, which ``notes`` tells. Another default of an open question
        ("interpretations.weight_basis.default") brings the changes of that reading along.
        Raises InputError for a path that leads nowhere, LawError for a value that does not fit.
        """
        if not changes:
            raise InputError("there is nothing to change.", where="patch", wanted="a mapping of dotted paths to values")
        raw, notes = change(self.raw, self.date, changes, "patch")
        raw["sources"]["patch"] = dict(PATCH_SOURCE)
        spelled = {path: _in_one_spelling(path, value) for path, value in changes.items()}
        digest = hashlib.sha256(canonical_json([self.id, spelled]).encode()).hexdigest()[:8]  # "1 g" and "1g" are one law
        raw["id"], raw["kind"] = f"{self.id[:54]}-{digest}", "hypothetical"
        raw["summary"] = summary_of_change(self.summary, spelled)
        law = build_law(raw, date=self.date, notes=(*self.notes, *notes))
        changed, original = (*self.changed, *changes.items()), self.original or self.name
        name = name_of_change(original, {path: _in_one_spelling(path, value) for path, value in changed})
        return dataclasses.replace(law, changed=changed, original=original, name=name)

    def reading(self, question: str, answer: str) -> Law:
        """Return the law under a named reading of an open question, for example reading('weight_basis', 'active_principle')."""
        if not reading_changes(self.data, self.id, question, answer):
            return self
        law = self.patch({f"interpretations.{question}.default": answer})
        return dataclasses.replace(law, name=f"{self.name} ({answer})", notes=(*law.notes, f"{question} is read as {answer}"))

    def limits(self, path: str) -> Quantity:
        """Return the amount at a dotted path such as 'tables.small.heroin'. Raises InputError if there is no single amount."""
        value = value_at(self.data, path)
        several = [
            f"{path}.{key}.{i}" + (".limit" if isinstance(one, dict) else "")
            for key in LISTS
            if isinstance(value, dict)
            for i, one in enumerate(value.get(key, ()))
        ]
        if isinstance(value, dict) and "limit" in value:
            value = value["limit"]
        if not isinstance(value, str) or not path.startswith("tables."):
            raise InputError(
                f"{printable(path)!r} is {'more than one amount' if several else 'not an amount'}.",
                where="limits",
                got=path,
                wanted="a path to one amount, such as 'tables.small.heroin'",
                hint=f"Name one of them: {', '.join(several)}" if several else "",
            )
        return parse_quantity(value, path)

    def classify(self, holdings: Mapping[str, Any], date: str | datetime.date | None = None, facts: Mapping[str, Any] | None = None) -> Classification:
        """Return what the law says about amounts found, with every rule used and every number that is not known.

        holdings  {"heroin": "3 g", "mdma": {"form": "tablet", "units": 3, "g": "0.75 g", "purity": 0.3}}; a list holds several lots
        facts     about the person: cautions, notices, reports, conviction, supply_conviction, age

        Units without a weight under a limit by weight have no tier: tier, effect and offence are "unknown", ``unweighed`` says of what.
        """
        from decrimsim.law.evaluate import classify

        return classify(self if date is None else self.at(date), holdings, facts or {}).told

    def run_cases(self) -> list[str]:
        """Return one text for each legal case in the file that does not come out as expected; none is good."""
        from decrimsim.law.cases import run_cases

        return run_cases(self)

    def check_bounds(self) -> BoundCheck:
        """Return which bounds, in each version of the law, could be moved by one step or turned round without a legal case of the file failing."""
        from decrimsim.law.coverage import check_bounds

        return check_bounds(self)


def _in_one_spelling(path: str, value: Any) -> Any:
    """Return a limit as it is written here, so that "1 g", "1g" and "1000 mg" make one law; other values as they are."""
    try:
        return str(parse_quantity(value)) if path.startswith("tables.") and isinstance(value, str) else value
    except QuantityError:
        return value  # build_law tells what is wrong with it, and where


def canonical_json(data: Any) -> str:
    """Return plain data as one JSON text that does not depend on the order of keys."""
    return json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False, default=str)


def build_law(raw: dict[str, Any], *, date: datetime.date | None = None, notes: tuple[str, ...] = (), document: Document | None = None) -> Law:
    """Return the law that raw data describe. Raises LawError with every complaint and its place."""
    out: Complaints = []
    shape = law_shape(declared_names(raw))
    shape.check(raw, (), out)
    raise_complaints(out, document, str(raw.get("id", "law")) if isinstance(raw, dict) else "law")
    raw = copy.deepcopy(raw)
    lint_declared(raw, out)
    versions = _tables_of_all_dates(raw, out)
    raise_complaints(out, document, raw["id"])
    for day in [*sorted(versions), None]:
        try:
            version = resolve(raw, day)
        except NotInForce:
            continue
        if versions:  # a date may have ended something that every law needs
            shape.check(version, (), out)
            raise_complaints(out, document, raw["id"])
        out += [c for c in lint(version) if c not in out]
    raise_complaints(out, document, raw["id"])
    return _assemble(raw, date, notes)


def _assemble(raw: dict[str, Any], date: datetime.date | None, notes: tuple[str, ...]) -> Law:
    """Return a law from raw data that have been checked."""
    data = resolve(raw, date, where=raw["id"])
    rules = read_rules(data, [])
    data["tables"] = expand(data, [])
    rest = {key: value for key, value in data.items() if key not in ("cases", "id", "title", "summary")}
    simulate_as(data)
    return Law(
        id=raw["id"], name=raw["id"] if date is None else f"{raw['id']}@{date}", title=data["title"],
        kind=data["kind"], summary=data["summary"].strip(),
        jurisdiction=data["jurisdiction"], date=date, hash=hashlib.sha256(canonical_json(rest).encode()).hexdigest(), notes=notes, not_simulated=not_simulated(data),
        sources=data["sources"], raw=raw, data=data, rules=rules,
    )  # fmt: skip


def _tables_of_all_dates(raw: dict[str, Any], out: Complaints) -> set[datetime.date]:
    """Give substances their canonical names in place, and return every day on which the law changes."""

    def rename(node: Any) -> Any:
        if isinstance(node, dict) and set(node) == {"dated"}:
            return {"dated": {day: version and rename(version) for day, version in node["dated"].items()}}
        plain = {name: rows for name, rows in node.items() if not (isinstance(rows, dict) and set(rows) == {"dated"})}
        dated = {
            name: {"dated": {day: v and canonical_tables({name: v}, out)[name] for day, v in rows["dated"].items()}}
            for name, rows in node.items()
            if name not in plain
        }
        return canonical_tables(plain, out) | dated

    raw["tables"] = rename(raw.get("tables", {}))
    return {parse_date(day) for day in change_days({key: value for key, value in raw.items() if key != "cases"})}


def raise_complaints(out: Complaints, document: Document | None, law_id: str) -> None:
    """Raise one LawError that holds every complaint; do nothing if there is none."""
    if not out:
        return
    errors = [_error(one, document, law_id) for one in out]
    if len(errors) == 1:
        raise errors[0]
    kinds = {type(error) for error in errors}
    kind = kinds.pop() if len(kinds) == 1 else LawError
    where = document.name if document else law_id
    raise kind(f"{len(errors)} things to mend.\n" + "\n".join(f"  {error}" for error in errors), where=where, got=errors)


def _error(one: Complaint, document: Document | None, law_id: str) -> LawError:
    where = document.where(one.path) if document else ".".join(map(str, (law_id, *one.path)))
    kind = one.kind if issubclass(one.kind, LawError) else LawError
    return kind(one.message, where=where, got=one.got, wanted=one.wanted, hint=one.hint)


def change(raw: dict[str, Any], date: datetime.date | None, changes: Mapping[str, Any], source: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a changed copy of raw data, and notes on what moved with it. Another default of an open question brings its reading's changes along."""
    raw = copy.deepcopy(raw)
    notes: list[str] = []
    asked = {path: str(path).split(".") for path, value in changes.items() if isinstance(value, str)}
    questions = {parts[1]: changes[path] for path, parts in asked.items() if parts[0] == "interpretations" and parts[2:] == ["default"]}
    of_readings = [reading_changes(raw, raw["id"], question, answer) for question, answer in questions.items()]
    changes = {path: value for one in of_readings for path, value in one.items()} | dict(changes)
    for path, value in changes.items():
        _check_text(path)
        data = _version(raw, date, path)
        before = value_at(data, path) if _leads_somewhere(data, path) else None
        if forms_dropped(before, value):
            notes.append(f"{path}: one limit replaces the alternatives or limits by form that stood there")
        set_path(raw, data, path, value, source)
    out: Complaints = []
    law_shape(declared_names(raw)).check({**raw, "sources": {}}, (), out)
    raise_complaints([c for c in out if c.path[:1] == ("tables",)], None, raw["id"])
    for path in changes:
        if parts_of(path)[0] != "tables":
            continue
        data = _version(raw, date, path)
        for moved, cell in pushed_cells(read_rules(data, []), data, path).items():
            set_path(raw, data, moved, {**cell, "source": source}, source)
            if "overlap" not in raw:
                raw["overlap"] = "highest"
                notes.append("where two tiers now fit one amount, the higher one counts")
            notes.append(f"{moved} was moved to {cell.get('limit', 'the same limits')}, since {path} passed it")
    return raw, tuple(notes)


def reading_changes(data: dict[str, Any], law_id: str, question: str, answer: str) -> dict[str, Any]:
    """Return what a reading of an open question changes, by dotted path. Raises InputError for one that is not there.

    And for a reading that would leave changes of the present one in place: then the law read is another one than asked for.
    """
    questions = data.get("interpretations", {})
    if question not in questions:
        raise InputError(f"the law {law_id!r} has no open question {printable(question)!r}.", where="reading", got=question, hint=nearest(question, questions))
    options, now = questions[question]["options"], questions[question]["default"]
    if answer not in options:
        raise InputError(
            f"{printable(answer)!r} is no reading of {question!r}.",
            where="reading",
            got=answer,
            wanted=f"one of {', '.join(options)}",
            hint=nearest(answer, options),
        )
    changes = {item["path"]: item["to"] for item in options[answer]}
    if answer != now and not {item["path"] for item in options[now]} <= set(changes):
        raise InputError(
            f"{law_id!r} is already read as {now!r}, and {answer!r} does not say how to undo that.",
            where="reading",
            got=answer,
            wanted="a reading of the law as it was written",
            hint="Load the law it is based on and read that one",
        )
    return {} if answer == now else changes


def _version(raw: dict[str, Any], date: datetime.date | None, path: str) -> dict[str, Any]:
    """Return raw data undated, with tables filled in; without the cases, which no other path leads to and which are most of a law."""
    data: dict[str, Any] = resolve(raw if path.startswith("cases") else {key: value for key, value in raw.items() if key != "cases"}, date)
    data["tables"] = expand(data, [])
    return data


def _check_text(path: object) -> None:
    if not isinstance(path, str) or not path:
        raise InputError(f"{printable(path)!r} is not a dotted path.", where="patch", got=path, wanted="a text such as 'tables.small.heroin'")


def _leads_somewhere(data: dict[str, Any], path: str) -> bool:
    try:
        value_at(data, path)
    except InputError:
        return False
    return True


def refuse_schema(data: Any, document: Document, wanted: str) -> None:
    """Raise FileError for a file of another schema."""
    found = data.get("schema") if isinstance(data, dict) else None
    if found != wanted:
        raise FileError(
            f"this is not a law file: its schema is {printable(found)!r}.", where=document.where(("schema",)), got=found, wanted=f"'schema: {wanted}'"
        )
