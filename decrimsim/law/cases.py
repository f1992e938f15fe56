"""Legal test cases: what a lawyer says a law does, checked.

Level 2. A patched law has the cases of the law it is based on too; each of those knows whose it is (``from_law``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from decrimsim.errors import NotInForce

if TYPE_CHECKING:
    from decrimsim.law.evaluate import Classification
    from decrimsim.law.model import Law


@dataclass(frozen=True)
class Failure:
    """Cases that do not come out as expected, in words.

    n         how many: one of a law's own, or all inherited ones that changed in the same way
    from_law  the law whose cases they are where they were inherited, else empty
    """

    text: str
    n: int = 1
    from_law: str = ""


def run_cases(law: Law) -> list[str]:
    """Return one text for each case of a law that does not come out as expected; inherited cases that changed in the same way share one."""
    return [one.text for one in failures(law)]


def failures(law: Law) -> list[Failure]:
    """Return the cases of a law that do not come out as expected, its own first.

    A case is judged on its own date; a case without a date on the law's date.
    """
    versions: dict[str, Law] = {}
    own: list[Failure] = []
    moved: dict[str, list[_Moved]] = {}
    for case in law.raw["cases"]:
        for one in _failures(law, case, versions):
            if isinstance(one, str):
                own.append(Failure(one))
            else:
                moved.setdefault(one.words, []).append(one)
    return own + [_changed_without_saying(law, group, is_first=not i) for i, group in enumerate(moved.values())]


@dataclass(frozen=True)
class _Moved:
    """An inherited case whose answer a patch changes without listing it."""

    name: str
    from_law: str
    new: dict[str, Any]
    words: str


def _failures(law: Law, case: dict[str, Any], versions: dict[str, Law]) -> list[str | _Moved]:
    """Return what differs from the expectation; versions of a day are kept for the next case."""
    expected = case["expect"]
    name = f"{law.id}, case {case['name']!r}"
    try:
        day = case.get("date", "")
        versions[day] = versions[day] if day in versions else law.at(day) if day else law
        found = classify_case(versions[day], case)
    except NotInForce as error:
        return [] if expected.get("error") == "not_in_force" else [f"{name}: {error}"]
    if "error" in expected:
        return [f"{name}: expected {expected['error']}, got the tier {found.tier!r}"]
    seen = said(found)
    different = [key for key, wanted in expected.items() if seen[key] != wanted]
    if different and "from_law" in case:
        new = {key: seen[key] for key in different}
        words = ", ".join(f"{key} {expected[key]!r} is now {seen[key]!r}" for key in different)
        return [_Moved(case["name"], case["from_law"], new, f"{case['from_law']!r} now {{}}: {words}")]
    return [f"{name}: expected {key} {expected[key]!r}, got {seen[key]!r}\n{found}" for key in different]


def classify_case(version: Law, case: dict[str, Any]) -> Classification:
    """Return what one version of a law says of a case, whatever the date of the case."""
    return version.classify(case["holdings"], facts=case.get("person", {}))


def holds(version: Law, case: dict[str, Any]) -> bool:
    """Tell whether a case comes out as expected under one version of a law; a case that expects an error says nothing of amounts."""
    seen = said(classify_case(version, case))
    return all(seen.get(key) == wanted for key, wanted in case["expect"].items())


def said(found: Classification) -> dict[str, Any]:
    """Return a classification as the words that a case may expect."""
    return {
        "tier": found.tier, "effect": found.effect, "offence": found.offence, "routes": list(found.routes), "unknown": bool(found.unknowns),
        "regulated": found.is_regulated, "treatment": found.treatment,
        "covered": found.is_covered, "in_gap": found.is_in_gap, "could_be": found.could_be or "none", "evidence": found.evidence, "offence_on_evidence": found.offence_on_evidence,
        "record": found.record, "sharing": found.sharing, "repeat": list(found.repeat), "sanctions": list(found.sanctions), "exception": found.exception or "none",
        "opens": list(found.opens),
    }  # fmt: skip


def flow(value: Any) -> str:
    """Return plain data as YAML on one line, ready to be pasted into a law file."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    is_word = isinstance(value, str) and value.isidentifier() and value.lower() not in ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
    return value if is_word else json.dumps(value, ensure_ascii=False)


def _changed_without_saying(law: Law, group: list[_Moved], is_first: bool) -> Failure:
    """Return what to say of cases of the base whose answer a patch changes in one way without listing them: the first of such texts has the key."""
    n, first = len(group), group[0]
    which = f"the case {first.name!r}" if n == 1 else f"{n} cases"
    how = first.words.format("answers differently" if n == 1 else "answer differently, all in the same way")
    lines = ["  - {names: ["]
    for name in [flow(one.name) for one in group]:
        if len(lines[-1]) + len(name) > 130:
            lines.append("      ")
        lines[-1] += name + ", "
    lines[-1] = f"{lines[-1].removesuffix(', ')}], expect: {flow(first.new)}}}"
    where = "" if is_first else ", under the same changed_cases"
    key = ["changed_cases:"] if is_first else []
    return Failure(
        "\n".join([f"{law.id}: {which} of {how}. Mend the patch, or say that it is meant{where}:", *key, *(line.rstrip() for line in lines)]), n, first.from_law
    )
