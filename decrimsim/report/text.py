"""A comparison as plain text, for terminals.

Level 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill, wrap

from decrimsim.errors import printable
from decrimsim.law import Law
from decrimsim.law.paths import parts_of
from decrimsim.law.show import version_text
from decrimsim.measures.indicators import SHARES
from decrimsim.measures.summary import Summary
from decrimsim.report.words import ASSUMED_FEAR, BEHAVIOUR_WORDS, COUNTED_IN_CASES, CUT_WORDS, INDICATOR_WORDS, OUTCOME_WORDS, PLACE_WORDS, unit_of
from decrimsim.schema import BEHAVIOUR, CUTS, OUTCOMES
from decrimsim.statistics import MONTE_CARLO_ONLY, Estimate, fixed, rounded, with_interval


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]], *, label: int = 0, head: int = 0) -> str:
    """Return a table as text: the first column to the left, the others to the right.

    label, head  where the words of the first column and the heads of the others go on below, in letters; 0 for never
    """
    heads = [_folded(cell, label if i == 0 else head) for i, cell in enumerate(header)]
    height = max(map(len, heads))
    lines = [[head[i - height] if i >= height - len(head) else "" for head in heads] for i in range(height)]
    for first, *numbers in rows:
        lines += [[words, *(numbers if i == 0 else [""] * len(numbers))] for i, words in enumerate(_folded(first, label))]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    texts = ["  ".join([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]).rstrip() for line in lines]
    return "\n".join([*texts[:height], "-" * len(texts[height - 1]), *texts[height:]])


def _folded(text: str, width: int) -> list[str]:
    return wrap(text, width, subsequent_indent="  ") if width and len(text) > width else [text]


LABEL = 52
"""Letters of a long label on one line of a table in a terminal."""
NO_PEOPLE = "No people were simulated, so there is nothing to count and nothing to compare. Choose more with --people (people= in Python)."


def settings_line(summary: Summary) -> str:
    """Return what was run, in one line."""
    s, done = summary.settings, len(summary.measures)
    cut_short = f"PARTIAL: {done} of " if done < s.replicates else ""
    number = f"{s.replicates:,} replicate{'s' if s.replicates != 1 else ''}"
    return f"{printable(summary.scenario.id)}: {s.people:,} people, {s.days:,} days, {cut_short}{number}, seed {s.seed}, {s.mode} mode"


def text_report(summary: Summary) -> str:
    """Return outcomes per 1,000 people, differences from the baseline, and net-widening in people, as text."""
    keys = [printable(key, 40) for key in summary.labels]
    others = [i for i in range(len(keys)) if i != summary.baseline]
    if not summary.n_people:
        return f"{settings_line(summary)}\n{NO_PEOPLE}"
    per_1000 = 1000 / summary.n_people
    parts = [f"{settings_line(summary)}\nBaseline: {keys[summary.baseline]}. {MONTE_CARLO_ONLY}"]
    means, told = [], [name for name in OUTCOMES if not summary.is_never(name)]
    for name in told:
        cells = [summary.outcome(i, name).times(per_1000) for i in range(len(keys))]
        means.append([labelled(name, summary.scenario.currency), *(rounded(cell.mean, cell.mcse) for cell in cells)])
    for name in BEHAVIOUR:
        done = [summary.behaviour(i, name).times(per_1000) for i in range(len(keys))]
        means.append([BEHAVIOUR_WORDS[name], *(rounded(one.mean, one.mcse) for one in done)])
    never = "".join(fill(text, 140, initial_indent="\n", subsequent_indent="  ") for text in (never_text(summary), COUNTED_IN_CASES))
    parts.append(aligned(["Per 1,000 people who use drugs", *keys], means, label=LABEL) + never)
    if others:
        rows = [
            [labelled(name, summary.scenario.currency), *(with_interval(summary.outcome_difference(i, name).times(per_1000), signed=True) for i in others)]
            for name in told
        ]
        rows += [
            [BEHAVIOUR_WORDS[name], *(with_interval(summary.behaviour_difference(i, name).times(per_1000), signed=True) for i in others)] for name in BEHAVIOUR
        ]
        parts.append(aligned(["Difference from the baseline, per 1,000", *(keys[i] for i in others)], rows, label=LABEL))
        parts.append(_net_widening(summary, keys, others))
        parts.append(_pairing(summary, keys, others))
    parts += _indicators(summary, keys, others)
    if summary.place_kinds():
        parts.append(_places(summary, keys))
    parts += revision_texts(summary)
    notes = [*notes_of_changes(summary), *notes_of_versions(summary)]
    if notes:
        parts.append("\n".join(notes))
    unasked = [f"{key} ({len(texts)})" for i, key in enumerate(keys) if (texts := summary.not_simulated(i))]
    if unasked:
        parts.append(f"Rules that a law has and the simulation does not act on: {', '.join(unasked)}. The report and --json list them.")
    return "\n\n".join(parts)


def never_text(summary: Summary) -> str:
    """Return the outcomes that happened under no law, as a sentence; empty where there are none."""
    never = [OUTCOME_WORDS[name] for name in OUTCOMES if summary.is_never(name)]
    return f"Under no law: {'; '.join(never)}." if never else ""


def _places(summary: Summary, keys: list[str]) -> str:
    """Return places in services of all kinds; the report has them by kind."""
    per_1000 = 1000 / summary.n_people
    rows = []
    for what, words in PLACE_WORDS.items():
        told = [summary.places(i, what).times(per_1000) for i in range(len(keys))]
        rows.append([words, *(rounded(one.mean, one.mcse) for one in told)])
    return aligned(["Services of all kinds, per 1,000 people who use drugs", *keys], rows)


NOT_SIMULATED, SHARE_OF_NOTHING = "not simulated", "nobody seeks one"


def indicator_estimates(summary: Summary, law: int, indicator: str) -> tuple[Estimate | None, Estimate | None]:
    """Return an indicator under a law and its difference from the baseline, per 1,000 people, shares as they are; None where there is none."""
    factor = 1.0 if indicator in SHARES else 1000 / max(summary.n_people, 1)
    mean, change = (None if one is None else one.times(factor) for one in (summary.indicator(law, indicator), summary.indicator_difference(law, indicator)))
    return mean, change


def without_indicator(summary: Summary, indicator: str) -> str:
    """Return why an indicator has no number."""
    return SHARE_OF_NOTHING if summary.has_indicator(indicator) else NOT_SIMULATED


def indicator_texts(summary: Summary, law: int, indicator: str) -> tuple[str, str]:
    """Return an indicator under a law, and its difference from the baseline, as texts: per 1,000 people, shares as they are."""
    mean, change = indicator_estimates(summary, law, indicator)
    if mean is None:
        return without_indicator(summary, indicator), ""
    return rounded(mean.mean, mean.mcse), "" if law == summary.baseline else with_interval(change, signed=True)


def revision_texts(summary: Summary) -> list[str]:
    """Return one text for each law that was revised by its own review clause: when, how often, by how much."""
    texts = []
    for law, label in enumerate(summary.labels):
        made = [(day, factor) for one in summary.measures for day, factor, _ in one.revisions[law]]
        if made:
            days = ", ".join(f"day {day + 1} (times {factor:.3g}) in {made.count((day, factor))}" for day, factor in sorted(set(made)))
            texts.append(f"{printable(label, 40)}: amounts revised by the law's own review clause, in so many of {len(summary.measures)} replicates: {days}.")
    return texts


def _indicators(summary: Summary, keys: list[str], others: list[int]) -> list[str]:
    """Return the indicators of the guide under each law, and their differences from the baseline where there are any."""
    means, changes = [], []
    for name, (group, words) in INDICATOR_WORDS.items():
        label = f"{group}: {words}"
        means.append([label, *(indicator_texts(summary, law, name)[0] for law in range(len(keys)))])
        if summary.has_indicator(name):
            changes.append([label, *(indicator_texts(summary, law, name)[1] for law in others)])
    texts = [aligned(["Seven indicators of the guide, per 1,000 people", *keys], means, label=LABEL)]
    if changes and others:
        texts.append(aligned(["Difference of the indicators, per 1,000 people", *(keys[i] for i in others)], changes, label=LABEL))
    if summary.has_indicator("service_avoidance"):
        texts.append(fill(ASSUMED_FEAR, 140, subsequent_indent="  "))
    return texts


def notes_of_changes(summary: Summary) -> list[str]:
    """Return what was changed in laws and what that brought along, one text each: values, bounds that were pushed."""
    changed = [(label, law) for label, law in zip(summary.labels, summary.laws, strict=True) if getattr(law, "kind", "") == "hypothetical"]
    world = set(summary.scenario.substances)
    lines = []
    for label, law in changed:
        texts = [f"called {law.id} in files"] if law.id not in label else []
        texts += [f"{path} is {value} here" for path, value in getattr(law, "changed", ())]
        unused = {parts_of(path)[2] for path, _ in getattr(law, "changed", ()) if path.startswith("tables.") and path.count(".") >= 2} - world
        texts += [f"nobody in this scenario has {name}, so its limit changes nothing" for name in sorted(unused)]
        lines += [f"{printable(label, 40)}: {printable(text, 300)}" for text in (*texts, *law.notes)]
    return lines


def notes_of_versions(summary: Summary) -> list[str]:
    """Return from when to when each law holds that is compared with another version of itself."""
    titles = [law.title for law in summary.laws]
    told = [(label, version_text(law)) for label, law in zip(summary.labels, summary.laws, strict=True) if titles.count(law.title) > 1 and isinstance(law, Law)]
    return [f"{printable(label, 40)}: {text}" for label, text in told if text]


def _net_widening(summary: Summary, keys: list[str], others: list[int]) -> str:
    people = represented(summary)
    rows = [
        [CUT_WORDS[cut], *(with_interval(summary.net_widening(i, cut).net.times(people / max(summary.n_people, 1)), signed=True) for i in others)]
        for cut in CUTS
    ]
    return aligned([f"Net widening, in people (of {people:,.0f} people who use drugs)", *(keys[i] for i in others)], rows)


def _pairing(summary: Summary, keys: list[str], others: list[int]) -> str:
    """Return what the same people and luck are worth: correlation and variance ratio, for headline outcomes."""
    rows = []
    for name in ("found", "arrests", "charges_supply", "cost"):
        found = [summary.pairing(i, name) for i in others]
        numbers = [["–" if one is None else fixed(one, 2) for one in (p.correlation, p.variance_ratio)] for p in found]
        rows.append([OUTCOME_WORDS[name], *(" / ".join(pair) for pair in numbers)])
    return aligned(["Correlation with the baseline / variance against unpaired runs", *(keys[i] for i in others)], rows)


def represented(summary: Summary) -> float:
    """Return how many people the simulated population stands for."""
    return float(summary.scenario.people.represents.value)


def labelled(outcome: str, currency: str) -> str:
    """Return the words for an outcome, with its unit where they do not name it."""
    unit = unit_of(outcome, currency)
    return f"{OUTCOME_WORDS[outcome]}, {unit}" if unit and unit not in OUTCOME_WORDS[outcome].lower() else OUTCOME_WORDS[outcome]
