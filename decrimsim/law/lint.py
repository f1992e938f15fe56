"""What a law of the right shape can still get wrong.

Level 2. Every check adds complaints; none stops at the first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from decrimsim.errors import ConflictingRules, NoApplicableRule, nearest
from decrimsim.law.facts import with_tables
from decrimsim.law.ladder import gaps_and_overlaps
from decrimsim.law.lint_mechanics import lint_mechanics
from decrimsim.law.lint_sums import lint_sums
from decrimsim.law.rules import UNLISTED, Rules, distinct_forms, read_rules
from decrimsim.law.shape import Complaint, Complaints, complain
from decrimsim.law.tables import PURE, UNITS, effective_note

Path = tuple[str | int, ...]


def lint(data: dict[str, Any]) -> Complaints:
    """Return the complaints about an undated law of the right shape."""
    out: Complaints = []
    rules = read_rules(data, out)
    _tiers(data, rules, out)
    _sources(data, out)
    _others(data, rules, out)
    lint_mechanics(data, rules, out)
    if not out:
        _ladder(rules, out)
        _joint(rules, out)
        lint_sums(rules, out)
    if not out:
        for i, exception in enumerate(data.get("exceptions", [])):
            if "tables" in exception:
                found: Complaints = []
                _ladder(with_tables(rules, exception["tables"]), found)
                out += [dataclasses.replace(one, path=("exceptions", i, "tables")) for one in found]
    return out


def _tiers(data: dict[str, Any], rules: Rules, out: Complaints) -> None:
    ids = [tier.id for tier in rules.tiers]
    for i, tier in enumerate(rules.tiers):
        if ids.index(tier.id) != i:
            complain(out, ("tiers", i, "id"), tier.id, "each tier once")
        for side, bound in (("upper", tier.upper), ("lower", tier.lower)):
            if bound and bound.table not in rules.tables:
                complain(out, ("tiers", i, side, "table"), bound.table, "the name of a table", nearest(bound.table, rules.tables))
        if tier.id not in data["effects"]:
            complain(out, ("effects",), None, f"an effect for the tier {tier.id!r}", f"Add '{tier.id}:' under 'effects'")
        if i and rules.boundary(i) == (None, None):
            complain(
                out,
                ("tiers", i),
                None,
                f"a bound between the tiers {ids[i - 1]!r} and {tier.id!r}",
                "Give the first one an 'upper' or the second one a 'lower'",
            )
    if rules.tiers[0].lower:
        complain(out, ("tiers", 0, "lower"), "lower", "no lower bound for the lowest tier")
    if rules.tiers[-1].upper:
        complain(out, ("tiers", len(ids) - 1, "upper"), "upper", "no upper bound for the highest tier")
    for tier_id in data["effects"]:
        if tier_id not in ids:
            complain(out, ("effects", tier_id), tier_id, "the id of a tier", nearest(tier_id, ids))
    if rules.gap_tier and rules.gap_tier not in ids:
        complain(out, ("gap_tier",), rules.gap_tier, "the id of a tier", nearest(rules.gap_tier, ids))
    _unlisted(rules, ids, out)


def _unlisted(rules: Rules, ids: list[str], out: Complaints) -> None:
    _unlisted_rule(("unlisted_substance",), rules.unlisted, rules, ids, out)
    for substance, rule in rules.unlisted_for.items():
        _unlisted_rule(("unlisted_substance", "for", substance), rule, rules, ids, out)


def _unlisted_rule(path: Path, rule: str, rules: Rules, ids: list[str], out: Complaints) -> None:
    if rule.startswith("tier:"):
        if rule.removeprefix("tier:") not in ids:
            complain(out, path, rule, "'tier:' and the id of a tier", nearest(rule.removeprefix("tier:"), ids))
    elif rule not in UNLISTED:
        complain(out, path, rule, f"one of {', '.join(UNLISTED)} or 'tier:<id>'", nearest(rule, UNLISTED))
    elif rule == "any_trace_is_offence" and not any(e["own_use"] == "possession" for e in rules.effects.values()):
        complain(out, path, rule, "a tier whose own_use is 'possession'")


def _sources(data: dict[str, Any], out: Complaints) -> None:
    known = data["sources"]
    for path, key in _source_keys({k: v for k, v in data.items() if k not in ("sources", "cases")}, ()):
        if key not in known:
            complain(out, path, key, "a key of 'sources'", nearest(key, known))
    if data["kind"] in ("proposal", "hypothetical"):
        return
    notes = data.get("table_notes", {})
    for name, rows in data.get("tables", {}).items():
        if "source" in effective_note(notes, name):
            continue
        for substance, cell in rows.items():
            if not (isinstance(cell, dict) and "source" in cell):
                hint = f"Write 'source:' for {name!r} under 'table_notes', or in the cell"
                out.append(
                    Complaint(
                        ("tables", name, substance), "this number has no source.", cell, "a source for every number of a law that is not a proposal", hint
                    )
                )
    for tier, effect in data["effects"].items():
        if "source" not in effect:
            out.append(Complaint(("effects", tier), "this effect has no source.", None, "a source for every effect of a law that is not a proposal"))
    if "force" not in data:
        out.append(Complaint((), "the key 'force' is missing.", None, "the periods in which a law that is not a proposal was in force"))


def _source_keys(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    pairs: list[tuple[str | int, Any]] = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    for key, value in pairs:
        if key == "source" and isinstance(value, str):
            yield (*path, key), value
        yield from _source_keys(value, (*path, key))


def _others(data: dict[str, Any], rules: Rules, out: Complaints) -> None:
    for tier, effect in data["effects"].items():
        if effect["type"] in ("presumption", "conclusive") and effect["supply"] == "none":
            complain(out, ("effects", tier, "supply"), "none", f"'supply', since the tier is a {effect['type']} of supply")
        if effect["type"] == "presumption" and "burden_on" not in effect:
            complain(out, ("effects", tier), None, "'burden_on: accused' or 'burden_on: state' beside a presumption")
    for i, period in enumerate(data.get("force", [])):
        if period.get("to", "9999-12-31") < period["from"]:
            complain(out, ("force", i, "to"), period["to"], f"a day not before {period['from']}")
    from_tier = data["seizure"].get("from_tier")
    if from_tier is not None and from_tier not in [t.id for t in rules.tiers]:
        complain(out, ("seizure", "from_tier"), from_tier, "the id of a tier", nearest(from_tier, [t.id for t in rules.tiers]))
    for name, reading in data.get("interpretations", {}).items():
        if reading["default"] not in reading["options"]:
            complain(out, ("interpretations", name, "default"), reading["default"], "one of the options", nearest(reading["default"], reading["options"]))
    _routes(data, rules, out)


def _routes(data: dict[str, Any], rules: Rules, out: Complaints) -> None:
    for route in ("caution", "notice"):
        limit = data.get("routes", {}).get(route, {}).get("limit")
        if limit is None:
            continue
        path = ("routes", route, "limit", "table")
        if limit["table"] not in rules.tables:
            complain(out, path, limit["table"], "the name of a table", nearest(limit["table"], rules.tables))
            continue
        for substance, cell in rules.tables[limit["table"]].items():
            lines = set(cell.by_form.values())
            if any(one.measure in (UNITS, PURE) for line in lines for one in line) or any(len(line) > 1 for line in lines):
                complain(out, ("tables", limit["table"], substance), substance, "one gross weight: the limit of a caution or notice has no other alternatives")
            elif route == "caution" and len(lines) > 1:
                complain(out, ("tables", limit["table"], substance), substance, "one weight for all forms in the table of a caution")


def _ladder(rules: Rules, out: Complaints) -> None:
    """Complain about undeclared gaps and overlaps, once for each substance and tier."""
    for substance in rules.listed:
        seen: set[tuple[str, int]] = set()
        for form in distinct_forms(rules, substance):
            for kind, t, _ in gaps_and_overlaps(rules, substance, form):
                if (kind, t) not in seen:
                    seen.add((kind, t))
                    _gap_or_overlap(rules, kind, t, substance, out)


def _gap_or_overlap(rules: Rules, kind: str, t: int, substance: str, out: Complaints) -> None:
    below, above = rules.tiers[t - 1].id, rules.tiers[t].id
    if kind == "overlap":
        if not rules.overlap:
            message = f"amounts of {substance} fit both the tier {above!r} and a lower one."
            out.append(
                Complaint(
                    ("tiers", t),
                    message,
                    substance,
                    "bounds that do not overlap, or a resolution",
                    "Write 'overlap: highest' or 'overlap: lowest'",
                    ConflictingRules,
                )
            )
        return
    if rules.gap_tier not in (below, above):
        message = f"amounts of {substance} between the tiers {below!r} and {above!r} fit neither."
        out.append(
            Complaint(
                ("tiers", t),
                message,
                substance,
                "bounds that meet, or a tier for the gap",
                f"Write 'gap_tier: {below}' or 'gap_tier: {above}'",
                NoApplicableRule,
            )
        )


def _joint(rules: Rules, out: Complaints) -> None:
    """Complain about limits that must all be passed where they cannot be compared with another bound."""
    for t in range(1, len(rules.tiers)):
        upper, lower = rules.boundary(t)
        if upper is None or lower is None:
            continue
        for bound in (upper, lower):
            for substance, cell in rules.tables[bound.table].items():
                if cell.all_of:
                    complain(out, ("tables", bound.table, substance), "all_must_exceed", "one bound between two tiers where limits must all be exceeded")
