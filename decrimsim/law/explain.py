"""Why a law says what it says of one case, and the smallest change that would make it say something else.

Level 2. The case is asked again and again with one thing changed; nothing is looked up in the rules, so that what is told here
is what the law does.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from decrimsim.errors import InputError, NotInForce
from decrimsim.law.dated import change_days
from decrimsim.law.evaluate import Classification, Lot, classify, missing_weight, read_holdings
from decrimsim.law.facts import given
from decrimsim.law.model import Law
from decrimsim.law.rests import MOST_UNITS
from decrimsim.law.words import COUNTED_AS
from decrimsim.units import LARGEST_UG, format_ug, parse_date

COUNTS = ("cautions", "notices", "reports")
FLAGS = {"conviction": "a conviction", "supply_conviction": "a conviction for supply"}
GUIDE_INDICATORS = ("phones", "packets", "cash", "firearms")
"""evidence of supply that the IDPC guide names; tried where a law has no list of its own"""
ANSWER = ("tier", "effect", "offence", "offence_on_evidence", "routes", "treatment")
"""what may change; a field that an answer does not have is left out"""


@dataclass(frozen=True)
class Flip:
    """One change to the case, and what the law would then say.

    kind    amount, units, indicator, fact or date
    change  in words: '0.26 g less of heroin'
    size    how much: micrograms, units, items or days; 0 for yes or no
    then    what differs afterwards, by name
    """

    kind: str
    change: str
    size: int
    then: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.change}: {', '.join(f'{name} {_shown(value)}' for name, value in self.then.items())}"


@dataclass(frozen=True)
class Explanation:
    """What a law says of a case, rule by rule with its sources, and what would flip it, the nearest of each kind first.

    words  by table that was looked at, or whose limit opened a route: the words of its bound in the law, or why they are not known
    """

    law: str
    classification: Classification
    sources: dict[str, dict[str, str]]
    flips: tuple[Flip, ...]
    words: dict[str, str] = field(default_factory=dict)
    not_simulated: tuple[str, ...] = field(default=(), repr=False)

    @property
    def nearest(self) -> tuple[Flip, ...]:
        """The changes that move the tier."""
        return tuple(flip for flip in self.flips if "tier" in flip.then)

    def __str__(self) -> str:
        lines = [line for line in str(self.classification).splitlines() if not line.startswith("  [")]  # sources follow in full
        lines += [f"  {text}" for text in self.words.values()]
        lines += ["  sources"] if self.sources else []
        lines += [f"    [{key}] {_source(one)}" for key, one in self.sources.items()]
        lines += ["  nearest changes that make another answer"] if self.flips else ["  no single change of amount, evidence or record makes another answer"]
        lines += [f"    {flip}" for flip in self.flips]
        lines += ["  what a simulation does not act on, or not in every world"] if self.not_simulated else []
        lines += [f"    {text}" for text in self.not_simulated]
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """Return the explanation as plain data."""
        found = self.classification
        return {
            "law": self.law,
            **{name: _plain(getattr(found, name)) for name in (*ANSWER, "rules", "unknowns") if hasattr(found, name)},
            "words": self.words,
            "sources": self.sources,
            "not_simulated": list(self.not_simulated),
            "flips": [{"kind": f.kind, "change": f.change, "size": f.size, "then": {k: _plain(v) for k, v in f.then.items()}} for f in self.flips],
        }


def explain_law(law: Law, holdings: Mapping[str, Any], date: str | datetime.date | None = None, facts: Mapping[str, Any] | None = None) -> Explanation:
    """Return why a law says what it says of a case, and the nearest changes that flip it.

    holdings, facts  as in ``law.classify``
    Raises InputError where units have no weight and the law's limits are weights: there is no answer to explain.
    """
    chosen = law if date is None else law.at(date)
    lots, known = read_holdings(holdings, law.declared), dict(given(facts or {}))
    found = classify(chosen, lots, known)
    refuse_unweighed(found)
    keys = dict.fromkeys(str(rule.get("source", "")) for rule in found.rules)
    effect = chosen.data["effects"].get(found.tier, {})
    keys[str(effect.get("source", ""))] = None
    sources = {key: chosen.sources[key] for key in keys if key in chosen.sources}
    flips = [
        *_amounts(chosen, lots, known, found),
        *_indicators(chosen, lots, known, found),
        *_facts(chosen, lots, known, found),
        *_dates(law, chosen, lots, known, found),
    ]
    tables = [str(rule["table"]) for rule in found.rules if "table" in rule]
    tables += [route["limit"]["table"] for name, route in chosen.data.get("routes", {}).items() if name in found.routes and "limit" in route]
    words = {table: words_of(chosen.data, table) for table in dict.fromkeys(tables)}
    return Explanation(chosen.name, found, sources, tuple(flips), words, chosen.not_simulated)


def refuse_unweighed(found: Classification) -> None:
    """Raise InputError, with what to type, for a find of which the weight is missing under limits by weight."""
    if found.unweighed:
        typed = " ".join(f"{lot.substance}={lot.units}{COUNTED_AS.get(lot.form, ('unit',))[0]}s,1g" for lot in found.unweighed)
        raise InputError(
            f"{missing_weight(found.unweighed)}.",
            where="found",
            got=", ".join(map(str, found.unweighed)),
            wanted="the weight of all of them together beside the number",
            hint=f"If they weigh 1 g in all, type {typed}; in Python: {{{found.unweighed[0].substance!r}: {{'units': {found.unweighed[0].units}, 'g': '1 g'}}}}",
        )


def words_of(data: Mapping[str, Any], table: str) -> str:
    """Return with which words the law draws the bounds of a table, or why they are not known."""
    words = data.get("table_notes", {}).get(table, {}).get("words")
    if isinstance(words, dict):
        return f"the wording of {table} was not read; the operator follows this: {words['not_read']}"
    return f'the words of {table}: "{words}"' if words else f"the file does not say with which words the law draws {table}"


def answer(found: Classification) -> dict[str, Any]:
    """Return the parts of a classification that a change may move."""
    return {name: getattr(found, name) for name in ANSWER if hasattr(found, name)}


def _differs(found: Classification, other: Classification) -> dict[str, Any]:
    before, after = answer(found), answer(other)
    then = {name: after[name] for name in after if after[name] != before.get(name)}
    if then.get("offence_on_evidence") == then.get("offence", ""):  # nothing of its own to say
        del then["offence_on_evidence"]
    return then


def _amounts(law: Law, lots: tuple[Lot, ...], facts: dict[str, Any], found: Classification) -> list[Flip]:
    """Return for every lot the smallest amount less and more that moves the tier."""
    flips: list[Flip] = []
    for i, lot in enumerate(lots):
        one = _One(law, lots, facts, i)
        if lot.gross_ug:
            flips += _steps(found, lot.gross_ug, LARGEST_UG, one.weighing, "amount", f"{{}} of {one.name}")
        if lot.units:
            flips += _steps(found, lot.units, MOST_UNITS, one.counting, "units", f"{{}} of {one.name}")
    return sorted(flips, key=lambda flip: (flip.kind, flip.size))


@dataclass(frozen=True)
class _One:
    """Asks about a case in which one lot is another amount."""

    law: Law
    lots: tuple[Lot, ...]
    facts: dict[str, Any]
    i: int

    @property
    def name(self) -> str:
        lot = self.lots[self.i]
        return lot.substance + (f" ({lot.form})" if lot.form != "unspecified" else "")

    def weighing(self, gross_ug: int) -> Classification:
        """Everything else that was weighed is in the same proportion, counted units are as they were."""
        return self._ask(self._scaled(gross_ug))

    def counting(self, units: int) -> Classification:
        """There are more or fewer units, each as heavy as before."""
        lot = self.lots[self.i]
        return self._ask(replace(self._scaled(lot.gross_ug * units // lot.units) if lot.gross_ug else lot, units=units))

    def _scaled(self, gross_ug: int) -> Lot:
        lot = self.lots[self.i]
        weights: dict[str, Any] = {
            name: value * gross_ug // lot.gross_ug for name, value in vars(lot).items() if name.endswith("_ug") and isinstance(value, int)
        }
        return replace(lot, **(weights | {"gross_ug": gross_ug}))

    def _ask(self, changed: Lot) -> Classification:
        return classify(self.law, tuple(changed if j == self.i else lot for j, lot in enumerate(self.lots)), self.facts)


def _steps(found: Classification, amount: int, most: int, ask: Callable[[int], Classification], kind: str, words: str) -> list[Flip]:
    """Return the smallest step down and up that moves the tier; more of a substance never lowers it, so halving finds it."""
    flips = []
    if _position(ask(0)) < found.position:
        low, high = 0, amount
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _position(ask(middle)) < found.position else (low, middle)
        flips.append(Flip(kind, words.format(f"{_amount(kind, amount - low)} less"), amount - low, _differs(found, ask(low))))
    if _position(ask(most)) > found.position:
        low, high = amount, most
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if _position(ask(middle)) > found.position else (middle, high)
        flips.append(Flip(kind, words.format(f"{_amount(kind, high - amount)} more"), high - amount, _differs(found, ask(high))))
    return flips


def _amount(kind: str, n: int) -> str:
    return format_ug(n) if kind == "amount" else f"{n} unit{'s' if n != 1 else ''}"


def _position(found: Classification) -> int:
    return found.position if found.is_regulated else -1


def _indicators(law: Law, lots: tuple[Lot, ...], facts: dict[str, Any], found: Classification) -> list[Flip]:
    """Return single kinds of evidence whose presence or absence makes another answer."""
    seen = list(facts.get("indicators", ()))
    rules = law.data.get("indicators", {})
    listed = [*rules.get("supply", ()), *rules.get("use", ())] or GUIDE_INDICATORS
    alike: list[tuple[str, dict[str, Any], list[str]]] = []
    for name in dict.fromkeys([*seen, *listed]):
        changed = [i for i in seen if i != name] if name in seen else [*seen, name]
        then = _differs(found, classify(law, lots, {**facts, "indicators": changed}))
        step = "fewer" if name in seen else "more"
        same = [names for known_step, known, names in alike if (known_step, known) == (step, then)]
        if same:
            same[0].append(name.replace("_", " "))
        elif then:
            alike.append((step, then, [name.replace("_", " ")]))
    return [Flip("indicator", f"one indicator {step} ({' or '.join(names)})", 1, then) for step, then, names in alike]


def _facts(law: Law, lots: tuple[Lot, ...], facts: dict[str, Any], found: Classification) -> list[Flip]:
    """Return the nearest change of each count and flag of the person's record that makes another answer."""
    flips = []
    for name in COUNTS:
        now = int(facts.get(name, 0))
        near = sorted((n for n in range(max(0, now - 5), now + 6) if n != now), key=lambda n, now=now: abs(n - now))  # type: ignore[misc]
        for n in near:
            then = _differs(found, classify(law, lots, {**facts, name: n}))
            if then:
                flips.append(Flip("fact", f"{n} earlier {name if n != 1 else name[:-1]} instead of {now}", abs(n - now), then))
                break
    for name, words in FLAGS.items():
        now_yes = bool(facts.get(name, False))
        then = _differs(found, classify(law, lots, {**facts, name: not now_yes}))
        if then:
            flips.append(Flip("fact", f"{'without' if now_yes else 'with'} {words} before", 0, then))
    for words, other in _circumstances(law.data, facts):
        then = _differs(found, classify(law, lots, {**facts, **other}))
        if then and all(then != flip.then or flip.kind != "fact" for flip in flips):
            flips.append(Flip("fact", words, 0, then))
    return flips


def _circumstances(data: dict[str, Any], facts: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield facts that an exception, the scope or a rule on repeats of the law asks for, each in words, unless they are as given."""
    for exception in data.get("exceptions", ()):
        for key, wanted in exception.get("when", {}).items():
            words = f"{key.replace('_', ' ')} {_shown(wanted)}"
            if key in ("min_age", "max_age"):
                yield f"age {wanted}", {"age": wanted}
            elif isinstance(wanted, bool):
                other = wanted if facts.get(key) is not wanted else not wanted
                yield f"{key.replace('_', ' ')}: {'yes' if other else 'no'}", {key: other}
            elif key in ("place", "act") and facts.get(key) not in wanted:
                yield words, {key: wanted[0]}
            elif key == "conditions":
                yield from _conditions(wanted, facts)
    scope = data.get("scope", {})
    if "min_age" in scope:
        other_age = scope["min_age"] - (facts.get("age", scope["min_age"]) >= scope["min_age"])
        yield f"age {other_age}", {"age": other_age}
    yield from _conditions(dict.fromkeys(scope.get("not_if", ()), True), facts)
    rules = data.get("repeat", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if rule.get("counter", "none") not in ("none", *COUNTS) and "at" in rule:
            n = rule["at"] - (0 if rule.get("present_counts") is False else 1)
            yield f"{n} earlier {rule['counter']}, one day ago", {"previous": [{"kind": rule["counter"], "days_ago": 1}] * n}


def _conditions(wanted: Mapping[str, bool], facts: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    known = facts.get("conditions", {})
    for name, flag in wanted.items():
        other = flag if known.get(name) is not flag else not flag
        yield f"{name.replace('_', ' ')}: {'yes' if other else 'no'}", {"conditions": {**known, name: other}}


def _dates(law: Law, chosen: Law, lots: tuple[Lot, ...], facts: dict[str, Any], found: Classification) -> list[Flip]:
    """Return the nearest earlier and later day of another version that makes another answer, where a day was chosen."""
    if chosen.date is None:
        return []
    days = sorted(parse_date(day) for day in change_days({key: value for key, value in law.raw.items() if key != "cases"}))
    earlier = [day - datetime.timedelta(days=1) for day in reversed(days) if day <= chosen.date]
    flips = []
    for direction in (earlier, [day for day in days if day > chosen.date]):
        for day in direction:
            try:
                then = _differs(found, classify(law.at(day), lots, facts))
            except NotInForce:
                break
            if then:
                flips.append(Flip("date", f"on {day} instead of {chosen.date}", abs((day - chosen.date).days), then))
                break
    return flips


def _source(one: dict[str, str]) -> str:
    return f"{one['title']} ({one['href']}; confidence {one['confidence']})" + (f', "{one["quote"]}"' if "quote" in one else "")


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple | list) else str(value)


def _plain(value: Any) -> Any:
    return [dict(item) if isinstance(item, Mapping) else item for item in value] if isinstance(value, tuple) else value
