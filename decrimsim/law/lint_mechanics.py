"""What the rarer mechanics of a law can get wrong: names that lead nowhere, and rules that contradict one another.

Level 2. Every check adds complaints; none stops at the first.
"""

from __future__ import annotations

from typing import Any

from decrimsim.errors import nearest
from decrimsim.law.rules import Rules
from decrimsim.law.scope import CONSEQUENCES
from decrimsim.law.shape import Complaints, complain
from decrimsim.law.words import ALIASES, DEFAULT_ROW

Path = tuple[str | int, ...]
Data = dict[str, Any]

_CONSEQUENCES = (*CONSEQUENCES, "says")
_POWERS = {
    ("police", "warning"): "warn", ("police", "warn"): "warn", ("police", "no_action"): "no_action", ("prosecutor", "drop"): "drop", ("prosecutor", "divert"): "divert",
    ("prosecutor", "diversion"): "divert", ("prosecutor", "downgrade"): "downgrade", ("court", "downgrade"): "downgrade",
}  # fmt: skip


def lint_mechanics(data: Data, rules: Rules, out: Complaints) -> None:
    """Complain about what an undated law of the right shape says beside its ladder."""
    ids = [tier.id for tier in rules.tiers]
    _exceptions(data, rules, ids, out)
    _responses(data, ids, out)
    _repeats(data, out)
    _deciders(data, ids, out)
    _numbers(data, out)
    _indicators(data, out)
    _default_rows(data, rules, out)
    _named_tables(data, rules, out)


def _known(value: str, known: Any, path: Path, wanted: str, out: Complaints) -> None:
    if value not in known:
        complain(out, path, value, wanted, nearest(value, known))


def _exceptions(data: Data, rules: Rules, ids: list[str], out: Complaints) -> None:
    seen: set[str] = set()
    for i, one in enumerate(data.get("exceptions", [])):
        path: Path = ("exceptions", i)
        found = [key for key in _CONSEQUENCES if key in one]
        if len(found) != 1:
            complain(out, path, " and ".join(found) or None, f"exactly one of {', '.join(_CONSEQUENCES)}")
        if not one["when"]:
            complain(out, (*path, "when"), None, "at least one fact of the case")
        if one["id"] in seen:
            complain(out, (*path, "id"), one["id"], "each exception once")
        seen.add(one["id"])
        if "tier" in one:
            _known(one["tier"], ids, (*path, "tier"), "the id of a tier", out)
        for name, other in one.get("tables", {}).items():
            _known(name, rules.ladder, (*path, "tables", name), "a table that bounds a tier", out)
            _known(other, rules.tables, (*path, "tables", name), "the name of a table", out)


def _responses(data: Data, ids: list[str], out: Complaints) -> None:
    units = data.get("index_units", {})
    for name, unit in units.items():
        if ("value_minor" in unit) == ("unknown" in unit) or ("value_minor" in unit and "currency" not in unit):
            complain(out, ("index_units", name), name, "'value_minor' and 'currency', or 'unknown' with the reason")
    for i, response in enumerate(data.get("responses", [])):
        for tier in response.get("when", {}).get("tier", []):
            _known(tier, ids, ("responses", i, "when", "tier"), "the id of a tier", out)
        for k, option in enumerate(response["options"]):
            path: Path = ("responses", i, "options", k)
            if "amount" in option:
                _money(option.get("unit"), units, (*path, "unit"), out)
            for key in ("amount", "strokes", "hours"):
                if isinstance(option.get(key), list) and option[key][0] > option[key][1]:
                    complain(out, (*path, key), option[key], "the smaller number first")
    notice = data.get("routes", {}).get("notice", {})
    if notice and ("fine" in notice) == ("fine_minor" in notice):
        complain(out, ("routes", "notice"), "'fine' and 'fine_minor'" if "fine" in notice else None, "exactly one of 'fine' and 'fine_minor'")
    if "fine" in notice:
        _money(notice["fine"]["unit"], units, ("routes", "notice", "fine", "unit"), out)
        if "unknown" in units.get(notice["fine"]["unit"], {}):
            complain(out, ("routes", "notice", "fine", "unit"), notice["fine"]["unit"], "a unit whose worth is known: a simulation collects this fine")


def _money(unit: str | None, units: Data, path: Path, out: Complaints) -> None:
    if unit is None or (unit not in units and not (len(unit) == 3 and unit.isalpha())):
        complain(out, path, unit, "a name under 'index_units', or a currency such as eur", nearest(unit, units) if unit else "")


def _repeats(data: Data, out: Complaints) -> None:
    raw = data.get("repeat", [])
    for i, rule in enumerate(raw if isinstance(raw, list) else [raw]):
        path: Path = ("repeat", i) if isinstance(raw, list) else ("repeat",)
        if rule["counter"] != "none" and not {"at", "effect"} <= set(rule):
            complain(out, path, None, "'at' and 'effect' beside a counter")


def _deciders(data: Data, ids: list[str], out: Complaints) -> None:
    for i, one in enumerate(data.get("deciders", [])):
        for tier in one.get("applies_to", []):
            _known(tier, ids, ("deciders", i, "applies_to"), "the id of a tier", out)
        for move in one["may"]:
            power = _POWERS.get((one["actor"], move))
            if power and not data["powers"][one["actor"]][power]:
                complain(out, ("deciders", i, "may"), move, f"a move that 'powers.{one['actor']}.{power}' allows")
        if one["actor"] == "panel" and "panel" not in data.get("routes", {}):
            complain(out, ("deciders", i, "actor"), "panel", "a panel under 'routes'")
    down = data.get("overrides", {}).get("down", {})
    if down.get("allowed") is False and (data["powers"]["court"]["downgrade"] or data["powers"]["prosecutor"]["downgrade"]):
        complain(out, ("overrides", "down", "allowed"), False, "no power to downgrade under 'powers', if evidence may not move a case down")


def _numbers(data: Data, out: Complaints) -> None:
    for name, one in data.get("parameters", {}).items():
        if not one.get("least", 0) <= one["value"] <= one.get("most", 10**6):
            complain(out, ("parameters", name, "value"), one["value"], f"a number from {one.get('least', 0):g} to {one.get('most', 10**6):g}")
    if data.get("measurement", {}).get("error_margin") and "in_favour_of" not in data["measurement"]:
        complain(out, ("measurement",), None, "'in_favour_of: person' or 'in_favour_of: state' beside a margin")
    for i, period in enumerate(data.get("force", [])):
        if "annulled" in period and period["state"] != "annulled":
            complain(out, ("force", i, "annulled"), period["annulled"], "'annulled' only beside 'state: annulled'")
    standard = data.get("standard", {})
    for substance, one in standard.get("operative", {}).items():
        if ("centre" in one) == ("unknown" in one):
            complain(out, ("standard", "operative", substance), None, "exactly one of 'centre' and 'unknown'")


def _indicators(data: Data, out: Complaints) -> None:
    rule = data.get("indicators", {})
    for i, name in enumerate(rule.get("excluded", [])):
        if name in rule.get("supply", []):
            complain(out, ("indicators", "excluded", i), name, "an indicator that is not also one of supply")
    if rule.get("mode") in ("listed", "conjunctive") and rule.get("min_independent", 1) > len(rule.get("supply", [])):
        complain(
            out, ("indicators", "min_independent"), rule.get("min_independent", 1), f"at most the {len(rule.get('supply', []))} listed indicators of supply"
        )


def _default_rows(data: Data, rules: Rules, out: Complaints) -> None:
    has_row = any(DEFAULT_ROW in rows for rows in data.get("tables", {}).values())
    wanted = "default_row" in (rules.unlisted, *rules.unlisted_for.values())
    if wanted and not has_row:
        complain(out, ("unlisted_substance",), "default_row", f"a row '{DEFAULT_ROW}' in a table")
    if has_row and not wanted:
        complain(out, ("unlisted_substance",), rules.unlisted, f"'default_row', since a table has the row '{DEFAULT_ROW}'")


def _named_tables(data: Data, rules: Rules, out: Complaints) -> None:
    for act, one in data.get("scope", {}).get("act_rules", {}).items():
        if "table" in one:
            _known(one["table"], rules.tables, ("scope", "act_rules", act, "table"), "the name of a table", out)
    for name, parents in data.get("analogues", {}).items():
        for parent in parents:
            _known(ALIASES.get(parent, parent), rules.listed, ("analogues", name), "a substance with a row in a table that bounds a tier", out)
    ids = [ruling.get("id") for ruling in data.get("precedents", []) if "id" in ruling]
    for i, ruling in enumerate(data.get("precedents", [])):
        if "changes" in ruling and "id" not in ruling:
            complain(out, ("precedents", i), None, "'id:' beside 'changes'")
        if ids.count(ruling.get("id")) > 1:
            complain(out, ("precedents", i, "id"), ruling["id"], "each ruling once")
