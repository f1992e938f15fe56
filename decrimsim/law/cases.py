"""Legal test cases: what a lawyer says a law does, checked.

Level 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from decrimsim.errors import NotInForce

if TYPE_CHECKING:
    from decrimsim.law.model import Law


def run_cases(law: Law) -> list[str]:
    """Return one text for each case of a law that does not come out as expected.

    A case is judged on its own date; a case without a date on the law's date.
    """
    versions: dict[str, Law] = {}
    return [text for case in law.raw["cases"] for text in _failures(law, case, versions)]


def _failures(law: Law, case: dict[str, Any], versions: dict[str, Law]) -> list[str]:
    """Return what differs from the expectation; versions of a day are kept for the next case."""
    expected = case["expect"]
    name = f"{law.id}, case {case['name']!r}"
    try:
        day = case.get("date", "")
        versions[day] = versions[day] if day in versions else law.at(day) if day else law
        found = versions[day].classify(case["holdings"], facts=case.get("person", {}))
    except NotInForce as error:
        return [] if expected.get("error") == "not_in_force" else [f"{name}: {error}"]
    if "error" in expected:
        return [f"{name}: expected {expected['error']}, got the tier {found.tier!r}"]
    seen = {
        "tier": found.tier, "effect": found.effect, "offence": found.offence, "routes": list(found.routes), "unknown": bool(found.unknowns),
        "regulated": found.is_regulated, "treatment": found.treatment,
        "covered": found.is_covered, "in_gap": found.is_in_gap, "could_be": found.could_be, "evidence": found.evidence, "offence_on_evidence": found.offence_on_evidence,
        "record": found.record, "sharing": found.sharing, "repeat": list(found.repeat), "sanctions": list(found.sanctions), "exception": found.exception,
        "opens": list(found.opens),
    }  # fmt: skip
    return [f"{name}: expected {key} {wanted!r}, got {seen[key]!r}\n{found}" for key, wanted in expected.items() if seen[key] != wanted]
