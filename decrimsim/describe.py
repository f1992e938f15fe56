"""The data model as a text: every table, column, code and step of the day, from where they are defined.

Level 5. ``docs/data-model.md`` is this text; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable

from decrimsim import schema
from decrimsim.engine import STEPS
from decrimsim.schema import Column

ROWS = {
    "people": "One row a person; the same under every law. Equity axes stand beside these columns as `axis:<name>`, int8, in the order of the scenario's categories.",
    "encounters": "One row a person, day and history: an official met a person. At most one a person and day under a law.",
    "findings": "One row a substance found in an encounter.",
    "cases": "One row a find and what became of it: its way through police, prosecutor, court and service. Each case leaves each stage by one door.",
    "decisions": "One row a question put in a case, with its chance and its draw, so that every answer can be made again from its row.",
    "entries": "One row a person and period in which they sought a place in a service of their own accord, or asked from the waiting list.",
    "periods": "One row a whole period of 28 days and kind of service, where services are simulated and lost freedom, drugs and places change what people do.",
    "health": "One row a death from overdose or a new infection, where health is simulated.",
    "revisions": "One row a revision of a law's amounts by its own review clause.",
}
LISTS = {
    "REASONS": "Bits of `findings.reasons`, lowest first. They overlap and are never summed to a total.",
    "STAGES": "Stages of the decision path in their order; each is also the name of the process that draws.",
    "RUNGS": "Rungs of the ledger, mildest first.",
    "CUTS": "Cuts at which net-widening is counted.",
    "OUTCOMES": "Outcomes of a law.",
}
OPENING = """# Data model

Written by `decrimsim.describe.data_model()` from `decrimsim/schema.py` and `decrimsim.engine.STEPS`; do not edit by hand.

Amounts are whole micrograms (`ug`), days count from 0, money is in minor units. A column with codes holds the index of the
code. Every row of an event table (all but people) carries the set of laws under which it is true: bit *i* % 64 of word
*i* // 64 stands for law *i*. Selecting one law and sorting by the columns from left to right gives the table of a run of
that law alone, bit for bit.
"""


def data_model() -> str:
    """Return docs/data-model.md."""
    parts = [OPENING]
    parts += [f"## {name}\n\n{ROWS[name]}\n\n{_columns(columns)}" for name, columns in schema.TABLES.items()]
    parts.append("## Codes\n\n" + _codes())
    parts += [f"### {name}\n\n{text}\n\n{_numbered(getattr(schema, name))}" for name, text in LISTS.items()]
    parts.append("## The day\n\nSteps in their order. Columns are those of the engine's rows; a history is a circle's rows under a set of laws.\n\n" + _steps())
    return "\n".join(parts)


def write_all(folder: str) -> list[str]:
    """Write the generated pages into a folder and return their names."""
    from pathlib import Path

    pages = {"data-model.md": data_model(), **parameter_pages()}
    for name, text in pages.items():
        Path(folder, name).parent.mkdir(exist_ok=True)
        Path(folder, name).write_text(text, encoding="utf-8")
    return sorted(pages)


def parameter_pages() -> dict[str, str]:
    """Return the page on the parameters of every shipped world, by its file name in the folder of documents."""
    from decrimsim.scenario import load_scenario, shipped_scenarios
    from decrimsim.scenario.describe import parameter_table

    return {"parameters.md" if name == "nsw" else f"parameters/{name}.md": parameter_table(load_scenario(name)) for name in shipped_scenarios()}


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "".join(f"| {' | '.join(cell or ' ' for cell in line)} |\n" for line in lines)


def _columns(columns: tuple[Column, ...]) -> str:
    return _table(("column", "type", "unit", "meaning", "codes"), ((f"`{c.name}`", c.dtype, c.unit, c.meaning, ", ".join(c.codes)) for c in columns))


def _codes() -> str:
    """Return every list of codes with its numbers, once, with the columns that use it."""
    used: dict[tuple[str, ...], list[str]] = {}
    for table, columns in schema.TABLES.items():
        for column in columns:
            if column.codes:
                used.setdefault(column.codes, []).append(f"`{table}.{column.name}`")
    return _table(("columns", "codes"), ((", ".join(names), ", ".join(f"{i} {code}" for i, code in enumerate(codes))) for codes, names in used.items()))


def _numbered(names: tuple[str, ...]) -> str:
    return "".join(f"- {i} {name}\n" for i, name in enumerate(names))


def _steps() -> str:
    rows = ((str(i + 1), f"`{step.name}`", step.meaning, ", ".join(step.reads), ", ".join(step.writes)) for i, step in enumerate(STEPS))
    return _table(("", "step", "what happens", "reads", "writes"), rows)


if __name__ == "__main__":
    import sys

    print("wrote", ", ".join(write_all(sys.argv[1])))
