"""What evidence and the guide say about a draft, before any simulation.

Level 2. A finding is an opinion with a source, not an error: each rule has a name and can be switched off, and names the
counter-view where one was found. What people buy and use is handed in as plain numbers; see decrimsim.draft_lint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.law.compile import CompiledLaws, compile_laws
from decrimsim.law.evidence_rules import Finding, finding
from decrimsim.law.ladder import NEVER, gaps_and_overlaps
from decrimsim.law.model import Law
from decrimsim.law.rules import Rules, distinct_forms
from decrimsim.law.tables import GROSS
from decrimsim.law.words import EFFECT, FORMS, OWN_USE, SUBSTANCES
from decrimsim.units import LARGEST_UG, format_ug

I64 = npt.NDArray[np.int64]
LOW_PURITY = 0.5
"""below half, most of a gross weight is not the substance"""
PLANT_FORMS = ("herb", "resin", "plant")
"""forms that are weighed whole everywhere, so a low share of active substance says nothing about cutting"""


@dataclass(frozen=True)
class Usage:
    """What people in a world buy and use of one substance, in the form that is sold most.

    purchases_ug  (n,)   equally likely usual purchases
    heavy_day_ug         average use a day of a person at the lower edge of the heaviest tenth
    form, unit_ug        the form, and the weight of one dose unit (0: not counted)
    purity, purity_source
    """

    substance: str
    form: str
    purchases_ug: I64
    heavy_day_ug: int
    unit_ug: int
    purity: float
    purity_source: str


def text_findings(law: Law) -> list[Finding]:
    """Return what can be said of a law without a world, in the order of RULES."""
    assert law.rules is not None
    return [*_effects(law.data), *_ladder(law, law.rules), *_missing(law.rules), *_wording(law.data), *_responses(law.data)]


def _effects(data: dict[str, Any]) -> Iterator[Finding]:
    effects = data["effects"]
    reversed_in = [tier for tier, e in effects.items() if e.get("burden_on") == "accused" and e["type"] in ("presumption", "indicative")]
    if reversed_in:
        standards = {effects[tier].get("standard", "unspecified").replace("_", " ") for tier in reversed_in} - {"unspecified"}
        how = f", to the standard {' or '.join(sorted(standards))}" if standards else ""
        yield finding(
            "reversed_burden", f"effects.{reversed_in[0]}.burden_on", f"in {_tier_names(reversed_in)} the person must show that it was not for supply{how}"
        )
    conclusive = [tier for tier, e in effects.items() if e["type"] == "conclusive"]
    if conclusive:
        yield finding("conclusive_effect", f"effects.{conclusive[0]}.type", f"in {_tier_names(conclusive)} the amount alone decides that it is supply")


def _ladder(law: Law, rules: Rules) -> Iterator[Finding]:
    """Yield declared gaps and overlaps (undeclared ones are refused by the reader), and tiers that nothing reaches."""
    seen: dict[tuple[str, int], list[str]] = {}
    for substance in rules.listed:
        kinds = {(kind, t) for form in distinct_forms(rules, substance) for kind, t, _ in gaps_and_overlaps(rules, substance, form)}
        for key in sorted(kinds):
            seen.setdefault(key, []).append(substance)
    for (kind, t), substances in sorted(seen.items()):
        below, above = rules.tiers[t - 1].id, rules.tiers[t].id
        what = f"amounts of {_names(substances)} between {below!r} and {above!r}"
        if kind == "gap":
            yield finding("tier_gap", f"tiers.{above}", f"{what} fit neither tier; the file puts them in {rules.gap_tier!r}")
        else:
            yield finding("tier_overlap", f"tiers.{above}", f"{what} fit both tiers; the file says that the {rules.overlap} counts")
    for t in range(1, len(rules.tiers) - 1):
        if rules.has_no_words(t):
            what = f"amounts between {rules.tiers[t - 1].id!r} and {rules.tiers[t + 1].id!r} have no name in the law"
            yield finding("tier_gap", f"tiers.{rules.gap_tier}", f"{what}; the file puts them in {rules.gap_tier!r}")
    for t in sorted(set(range(len(rules.tiers))) - _reached(law, rules)):
        yield finding("tier_unreachable", f"tiers.{rules.tiers[t].id}", f"no amount of any one substance of the tables is in the tier {rules.tiers[t].id!r}")


def _reached(law: Law, rules: Rules) -> set[int]:
    """Return the tiers in which some amount of one listed substance falls; 0 too where there are no tables or unlisted substances stay there."""
    found = {rules.floor_of_unlisted(substance) or 0 for substance in (*SUBSTANCES, *rules.declared) if substance not in rules.listed}
    if not rules.listed:
        return found | ({0} if len(rules.tiers) == 1 else set())
    compiled = compile_laws([law], rules.listed)
    edges = np.concatenate([a[a < NEVER].ravel() for a in (compiled.min_gross_ug, compiled.min_pure_ug, compiled.min_units)])
    grid = np.geomspace(1, LARGEST_UG, 120).astype(np.int64)
    amounts = np.unique(np.concatenate([grid, edges, np.maximum(edges - 1, 1)]))
    for s, substance in enumerate(rules.listed):
        for form in distinct_forms(rules, substance):
            for gross, units in ((amounts, amounts * 0), (amounts * 0, amounts)):
                found |= set(_tiers(compiled, s, form, gross, gross, units).tolist())
    return found


def _missing(rules: Rules) -> Iterator[Finding]:
    """Yield substances with a row in one table of the ladder and none in another."""
    by_table: dict[str, list[str]] = {}
    for name in rules.ladder:
        missing = [substance for substance in rules.listed if substance not in rules.tables.get(name, {})]
        if missing:
            by_table[name] = missing
    for name, substances in by_table.items():
        yield finding("substance_missing_in_tier", f"tables.{name}", f"{_names(substances)} stand in another tier's table and have no row here")


def _wording(data: dict[str, Any]) -> Iterator[Finding]:
    """Yield tables that are compared with an amount and do not say in which words the law draws the line."""
    for table in compared_tables(data):
        if "words" not in _mapping(data.get("table_notes", {}).get(table)):
            message = f"the file does not say in which words the law draws the bounds of {table!r}; write 'words:' there, or 'words: {{not_read: why}}'"
            yield finding("wording_missing", f"table_notes.{table}.words", message)


def compared_tables(data: dict[str, Any]) -> list[str]:
    """Return the tables of an undated law that something is held against: bounds of tiers, limits of routes, tables of exceptions."""
    bounds = [tier[side]["table"] for tier in data["tiers"] for side in ("lower", "upper") if side in tier]
    limits = [route["limit"]["table"] for route in data.get("routes", {}).values() if "limit" in route]
    others = [table for exception in data.get("exceptions", []) for table in exception.get("tables", {}).values()]
    return list(dict.fromkeys([*bounds, *limits, *others]))


def _responses(data: dict[str, Any]) -> Iterator[Finding]:
    referral, routes = _mapping(data.get("referral")), _mapping(data.get("routes"))
    for path, rule in _rows(data.get("repeat"), "repeat"):
        if rule.get("effect") == "mandatory_treatment":
            yield finding(
                "mandatory_treatment", f"{path}.effect", f"treatment becomes mandatory at number {rule.get('at', 'unknown')} of {rule.get('counter')}"
            )
    if referral.get("nature") == "mandatory":
        yield finding("mandatory_treatment", "referral.nature", "referral to treatment is mandatory")
    for path, response in _rows(data.get("responses"), "responses"):
        for i, option in enumerate(response.get("options", [])):
            if option.get("type") == "compulsory_detention" or (option.get("type") == "treatment" and option.get("nature") == "mandatory"):
                yield finding("mandatory_treatment", f"{path}.options.{i}", f"{option['type'].replace('_', ' ')} is among what may follow")
    if referral.get("nature") == "conditional":
        yield finding(
            "sanction_for_drop_out", "referral.nature", "referral is a condition of avoiding a sanction, so that dropping out brings the sanction back"
        )
    if _mapping(routes.get("diversion")).get("conditional"):
        yield finding("sanction_for_drop_out", "routes.diversion.conditional", "diversion has conditions, so that dropping out brings the charge back")
    after = {key: value for key, value in _mapping(data.get("noncompliance")).items() if value not in ("nothing", "none", "unknown", "debt")}
    if "breach_of_order" in after:
        yield finding("sanction_for_drop_out", "noncompliance.breach_of_order", f"what follows on a breach: {after['breach_of_order']}")
    if "missed_session" in after:
        yield finding("sanction_for_absence", "noncompliance.missed_session", f"what follows on a missed session: {after['missed_session']}")
    if _mapping(routes.get("panel")).get("no_show") == "sanction":
        yield finding("sanction_for_absence", "routes.panel.no_show", "not coming before the panel brings a sanction")
    if _mapping(routes.get("notice")).get("unpaid") == "court":
        yield finding("unpaid_notice_to_court", "routes.notice.unpaid", "a notice that is not paid goes to court")
    elif "unpaid_fine" in after:
        yield finding("unpaid_notice_to_court", "noncompliance.unpaid_fine", f"what follows on a fine that is not paid: {after['unpaid_fine']}")
    if "review" not in data:
        yield finding("no_review_clause", "review", "the law does not say when its amounts are reviewed")


def _mapping(node: Any) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}


def _rows(node: Any, path: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the rules of a node that holds one, or a list of them, each with its path."""
    if isinstance(node, list):
        return [(f"{path}.{i}", _mapping(one)) for i, one in enumerate(node)]
    return [(path, _mapping(node))]


def world_findings(law: Law, usage: Mapping[str, Usage], days: int) -> list[Finding]:
    """Return what can be said of a law's lines in a world.

    usage  by substance
    days   a line is held against so many days' use of the heaviest tenth
    """
    assert law.rules is not None
    found: list[Finding] = []
    if not usage:
        return found
    compiled = compile_laws([law.knowing(usage)], list(usage))
    for s, (name, used) in enumerate(usage.items()):
        found += _lines(law, compiled, s, used, days)
        found += _gross(law.rules, name, used)
    return found


def _lines(law: Law, compiled: CompiledLaws, s: int, used: Usage, days: int) -> Iterator[Finding]:
    """Yield the harshest line that a usual purchase reaches, and the harshest that so many days' heavy use reaches."""
    worse = _worse_tiers(law)
    purchases = _tiers_in_world(compiled, s, used, used.purchases_ug)
    heavy_ug = used.heavy_day_ug * days
    heavy = int(_tiers_in_world(compiled, s, used, np.array([heavy_ug]))[0])
    median_ug = int(np.sort(used.purchases_ug)[len(used.purchases_ug) // 2])
    usual = [t for t in worse if (purchases >= t).mean() >= 0.5]
    for t in usual[-1:]:
        line = format_ug(_line_ug(compiled, s, used, t))
        message = (
            f"a usual purchase of {used.substance} is {format_ug(median_ug)} and {(purchases >= t).mean():.0%} of usual purchases are in the tier "
            f"{law.tiers[t]!r} or higher, which begins at {line}: {_meaning(law, t)}"
        )
        yield finding("line_under_purchase", f"tiers.{law.tiers[t]}", message, _severity(law, t))
    for t in [t for t in worse if t <= heavy and t not in usual[-1:]][-1:]:
        line_ug = _line_ug(compiled, s, used, t)
        message = (
            f"the tier {law.tiers[t]!r} begins at {format_ug(line_ug)} of {used.substance}: {line_ug / max(used.heavy_day_ug, 1):.1f} days' use at the edge of "
            f"the heaviest tenth ({format_ug(_rounded(used.heavy_day_ug))} a day), less than {days} days: {_meaning(law, t)}"
        )
        yield finding("line_under_heavy_use", f"tiers.{law.tiers[t]}", message, "medium" if _severity(law, t) == "high" else "low")


def _worse_tiers(law: Law) -> list[int]:
    """Return the tiers, lowest first, in which more than in every lower tier can follow for own use, or the amount says more."""
    effects = [law.data["effects"][tier] for tier in law.tiers]
    ranks = [(OWN_USE[e["own_use"]], 0 if e["type"] == "personal" else EFFECT[e["type"]]) for e in effects]
    worse = []
    for t in range(1, len(ranks)):
        if any(ranks[t][i] > max(rank[i] for rank in ranks[:t]) for i in (0, 1)):
            worse.append(t)
    return worse


def _severity(law: Law, t: int) -> str:
    """Return high where the line makes a crime or moves to supply, medium where the amount becomes one indicator."""
    now, below = law.data["effects"][law.tiers[t]], law.data["effects"][law.tiers[t - 1]]
    is_worse = OWN_USE[now["own_use"]] > OWN_USE[below["own_use"]] or now["type"] in ("presumption", "conclusive")
    return "high" if is_worse else "medium"


def _meaning(law: Law, t: int) -> str:
    effect = law.data["effects"][law.tiers[t]]
    says = {"none": "the amount says nothing of supply", "personal": "personal use", "indicative": "one indication of supply"}
    what = says.get(effect["type"], f"{effect['type']} of supply")
    own = {"none": "own use is no offence", "administrative": "own use is an administrative offence", "possession": "own use is a crime"}[effect["own_use"]]
    return f"{what}; {own}"


def _gross(rules: Rules, name: str, used: Usage) -> Iterator[Finding]:
    if used.purity >= LOW_PURITY or used.form in PLANT_FORMS:
        return
    tables = [
        table
        for table in rules.ladder
        if (cell := rules.tables.get(table, {}).get(name)) and any(one.measure == GROSS and one.amount is not None for one in cell.by_form.get(used.form, ()))
    ]
    if tables:
        message = (
            f"the whole weight of {name} counts although about {used.purity:.0%} of it is the substance in this world "
            f"(source there: {used.purity_source}); the same amount of the substance passes a line sooner the more it is cut"
        )
        yield finding("gross_weight_low_purity", f"tables.{tables[0]}.{name}", message)


def _tiers_in_world(compiled: CompiledLaws, s: int, used: Usage, gross: I64) -> I64:
    units = gross // used.unit_ug if used.unit_ug else gross * 0
    return _tiers(compiled, s, used.form, gross, (gross * used.purity).astype(np.int64), units)


def _tiers(compiled: CompiledLaws, s: int, form: str, gross: I64, pure: I64, units: I64) -> I64:
    """Return the tier (n,) of amounts (n,) of one substance under the one compiled law."""
    shape = (len(gross), len(compiled.substances))
    columns = [np.zeros(shape, np.int64) for _ in range(3)]
    for column, amount in zip(columns, (gross, pure, units), strict=True):
        column[:, s] = amount
    forms = np.full(shape, FORMS.index(form), np.int8)
    return compiled.classify(columns[0], columns[1], columns[2], forms)[:, 0].astype(np.int64)


def _line_ug(compiled: CompiledLaws, s: int, used: Usage, t: int) -> int:
    """Return the smallest weight that reaches a tier, by halving: more of a substance never lowers the tier."""
    low, high = 0, LARGEST_UG
    while high - low > 1:
        middle = (low + high) // 2
        if int(_tiers_in_world(compiled, s, used, np.array([middle]))[0]) >= t:
            high = middle
        else:
            low = middle
    return high


def _rounded(ug: int) -> int:
    """Return an amount to three figures, for reading."""
    step = 10 ** max(len(str(ug)) - 3, 0)
    return int(round(ug / step) * step)


def _tier_names(tiers: list[str]) -> str:
    return f"the tier {tiers[0]!r}" if len(tiers) == 1 else f"the tiers {', '.join(map(repr, tiers[:-1]))} and {tiers[-1]!r}"


def _names(substances: list[str]) -> str:
    shown = ", ".join(substances[:6])
    return shown if len(substances) <= 6 else f"{shown} and {len(substances) - 6} more"
