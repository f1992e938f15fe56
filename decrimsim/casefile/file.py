"""The case file of one person: what was found, what the law said and where, each decision, and what would have flipped it.

Level 7. Read from the tables of a saved run. A file holds all that the decisions rest on, so that ``replay`` decides again from the
file alone.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from decrimsim.casefile.inputs import GIVEN, CaseInput, Decision, Judge
from decrimsim.casefile.outcome import short_words
from decrimsim.casefile.saved import Rows, SavedRun, input_of, read_rows
from decrimsim.casefile.sources import law_of_run, scenario_of_run
from decrimsim.casefile.text import about
from decrimsim.errors import InputError, printable
from decrimsim.export import FORMAT as RUN_FORMAT
from decrimsim.export import MANIFEST, verify
from decrimsim.law import Law
from decrimsim.law.explain import explain_law
from decrimsim.scenario import Scenario

FORMAT = "decrimsim.case/1"
_CASE = re.compile(r"\s*(\d{1,9})-(\d{1,15})-(\d{1,7})\s*\Z")
_NAMED = re.compile(r"(replicate|person|day)\s*[:=]\s*(\d{1,15})")


@dataclass(frozen=True)
class CaseFile:
    """One person's case under one law, as plain data; ``print`` it or write ``to_json()``."""

    data: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the file as plain data."""
        return self.data

    def __str__(self) -> str:
        from decrimsim.casefile.text import case_text

        return case_text(self.data)


@dataclass(frozen=True)
class Replay:
    """What deciding again from a case file gave. ``differences`` is empty if it is what the file says."""

    outcome: dict[str, Any]
    decisions: tuple[Decision, ...]
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether every decision and the outcome came out as in the file."""
        return not self.differences


def case_file(run: str | os.PathLike[str], case: str, law: Law | str | Path | None = None, scenario: Scenario | str | Path | None = None) -> CaseFile:
    """Return the case file of one person found on one day.

    run       folder written by ``compare --out`` or ``Comparison.save``
    case      'replicate-person-day', such as '0-12-34', or 'person:12 day:34 replicate:0' (replicate 0 when left out)
    law       the law under which it is told: one of the run, by name, file or value; the run's baseline when None
    scenario  needed only where a folder of an older version holds no scenario and the run's is not a shipped one

    Raises InputError for a folder that holds no whole run, a case that did not happen, or a law or scenario that is not the run's.
    """
    where = read_case_name(case)
    saved = _open(run, law, scenario)
    rows = read_rows(saved, *where)
    given = input_of(saved, rows, *where)
    judge = Judge(given)
    decided = judge.decide(given)
    data = _data(saved, judge.law, rows, given, where)
    for line in _differences(data, decided.outcome, decided.decisions):
        raise InputError(
            f"the case comes out otherwise than in the run: {line}.",
            where="explain",
            got=case,
            hint="The run was made by another version of decrimsim; run it again",
        )
    data["flips"] = _flips(judge, given, decided.outcome)
    return CaseFile(data)


def replay(case: CaseFile | Mapping[str, Any] | str | Path) -> Replay:
    """Decide a case again from its file alone: no run, no scenario, no law file.

    case  a case file, its plain data, or the path of a file written with ``--json``
    """
    data = _plain_data(case)
    try:
        given = CaseInput(**data["input"])
        decided = Judge(given).decide(given)
        return Replay(decided.outcome, decided.decisions, tuple(_differences(data, decided.outcome, decided.decisions)))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError(
            f"the case file is not whole ({type(error).__name__}: {printable(error)}).", where="replay", hint="Write it again with --json"
        ) from error


def list_cases(run: str | os.PathLike[str], law: Law | str | Path | None = None, most: int = 20) -> list[str]:
    """Return the names of cases of a run under a law with what was found and what became of it; those with most decisions first."""
    import pyarrow.parquet as pq

    saved = _open(run, law, None, needs_scenario=False)
    table = pq.read_table(saved.folder / "decisions.parquet", columns=["replicate", "person", "day", "laws"])
    counts: dict[tuple[int, int, int], int] = {}
    for replicate, person, day, laws in zip(*(table[name].to_pylist() for name in table.column_names), strict=True):
        if saved.key in laws:
            counts[replicate, person, day] = counts.get((replicate, person, day), 0) + 1
    ordered = sorted(counts, key=lambda name: (-counts[name], name))[:most]
    found = _rows_of(saved, "findings", ("substance", "measured_ug"), ordered)
    done = _rows_of(saved, "cases", ("police", "panel", "verdict", "sentence"), ordered)
    texts = []
    for name in ordered:
        drugs = ", ".join(f"{about(row['measured_ug'])} of {row['substance']}" for row in found.get(name, ()))
        ends = "; ".join(short_words(row) for row in done.get(name, ()))
        texts.append(f"{'-'.join(map(str, name))}: {drugs}: {ends} ({counts[name]} decisions)")
    return texts


def _rows_of(saved: SavedRun, table: str, columns: tuple[str, ...], names: list[tuple[int, int, int]]) -> dict[tuple[int, int, int], list[dict[str, Any]]]:
    """Return the rows of a table of a run under its law, for the cases that are named."""
    import pyarrow.parquet as pq

    people = sorted({person for _, person, _ in names})
    rows = (
        pq.read_table(saved.folder / f"{table}.parquet", columns=["replicate", "person", "day", "laws", *columns], filters=[("person", "in", people)])
        if people
        else None
    )
    found: dict[tuple[int, int, int], list[dict[str, Any]]] = {}
    for row in [] if rows is None else rows.to_pylist():
        if saved.key in row["laws"]:
            found.setdefault((row["replicate"], row["person"], row["day"]), []).append(row)
    return found


def read_case_name(text: str) -> tuple[int, int, int]:
    """Return replicate, person and day of a case's name. Raises InputError."""
    short = _CASE.match(text)
    if short:
        return int(short[1]), int(short[2]), int(short[3])
    named = dict(_NAMED.findall(text))
    rest = _NAMED.sub("", text).replace(",", "").strip()
    if rest or not {"person", "day"} <= set(named):
        raise InputError(
            f"{printable(text)!r} is not the name of a case.",
            where="CASE",
            got=text,
            wanted="'replicate-person-day' such as '0-12-34', or 'person:12 day:34 replicate:0'",
        )
    return int(named.get("replicate", 0)), int(named["person"]), int(named["day"])


def _open(run: str | os.PathLike[str], law: Law | str | Path | None, scenario: Scenario | str | Path | None, needs_scenario: bool = True) -> SavedRun:
    """Return a run with the law and the scenario that it was made with, both held against their hashes."""
    folder = Path(run)
    if not (folder / MANIFEST).is_file():
        raise InputError("this folder holds no finished run.", where="explain", got=folder.name, wanted="a folder written by 'decrimsim compare --out'")
    wrong = verify(folder)
    if wrong:
        raise InputError(f"the run is not whole: {wrong[0]}.", where="explain", got=folder.name, hint="Run it again into a new folder")
    manifest = json.loads((folder / MANIFEST).read_bytes())
    if manifest.get("format") != RUN_FORMAT or "cases.parquet" not in manifest["files"]:
        raise InputError("this run keeps no cases.", where="explain", got=folder.name, wanted="a folder written by 'decrimsim compare --out'")
    world = scenario_of_run(folder, manifest, scenario) if needs_scenario else None
    key, chosen = law_of_run(folder, manifest, law, needs_scenario)
    return SavedRun(folder, manifest, world, key, chosen)


def _data(saved: SavedRun, in_force: Law, rows: Rows, given: CaseInput, where: tuple[int, int, int]) -> dict[str, Any]:
    """Return the case file but for its flips.

    in_force  the law of that day: as it was written, or as its own reviews had revised it
    """
    assert saved.law is not None
    replicate, person, day = where
    found = rows.holdings()
    told = explain_law(in_force.knowing(found), found, facts=_record_facts(given))
    return {
        "format": FORMAT,
        "case": {"replicate": replicate, "person": person, "day": day, "name": f"{replicate}-{person}-{day}"},
        "run": {name: saved.manifest[name] for name in ("versions", "scenario", "settings")},
        "law": {
            "key": saved.key,
            "id": saved.law.id,
            "title": saved.law.title,
            "sha256": saved.law.hash,
            "tiers": list(saved.law.tiers),
            "not_simulated": list(saved.law.not_simulated),
        },
        "currency": "" if saved.scenario is None else saved.scenario.currency,
        "person": rows.person,
        "encounter": rows.encounter,
        "findings": rows.findings,
        "rules": {name: value for name, value in told.to_json().items() if name != "not_simulated"},  # stands under the law
        "outcome": rows.outcome,
        "decisions": [dataclasses.asdict(decision) for decision in rows.decisions],
        "input": dataclasses.asdict(given),
    }


def _record_facts(given: CaseInput) -> dict[str, Any]:
    """Return the person's record as ``law.classify`` takes it; the present report counts."""
    records = given.records
    return {
        "cautions": records["cautions"], "notices": records["notices"], "reports": records["reports"] + 1,
        "conviction": records["convictions"] > 0, "supply_conviction": records["supply_convictions"] > 0,
    }  # fmt: skip


def _differences(data: Mapping[str, Any], outcome: Mapping[str, Any], decisions: tuple[Decision, ...]) -> list[str]:
    """Return what came out otherwise than the file says."""
    found = [f"{name} is {outcome.get(name)!r}, not {value!r}" for name, value in data["outcome"].items() if outcome.get(name) != value]
    written = {row["stage"]: row for row in data["decisions"]}
    again = {decision.stage: decision for decision in decisions}
    for stage in [*written, *(stage for stage in again if stage not in written)]:
        if stage not in written or stage not in again:
            found.append(f"{stage} was {'not ' if stage not in written else ''}asked in the file")
        elif dataclasses.asdict(again[stage]) != written[stage]:
            found.append(f"{stage} is {again[stage]}, not {Decision(**written[stage])}")
    return found


def _flips(judge: Judge, given: CaseInput, outcome: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return single changes to the case, each with what would then differ; the luck stays as it was."""
    found = []
    for words, changed in judge.neighbours(given):
        after = judge.decide(changed).outcome
        then = {name: after[name] for name in after if after[name] != outcome[name] and name not in GIVEN}
        if then:
            found.append({"change": words, "then": then})
    return found


def _plain_data(case: CaseFile | Mapping[str, Any] | str | Path) -> Mapping[str, Any]:
    if isinstance(case, CaseFile):
        return case.data
    if isinstance(case, Mapping):
        data: Any = case
    else:
        try:
            data = json.loads(Path(case).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError("this is not a case file.", where="replay", got=str(case), wanted="a file written by 'decrimsim explain --json'") from error
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise InputError(
            "this is not a case file.", where="replay", got=printable(data.get("format") if isinstance(data, Mapping) else data), wanted=f"format {FORMAT}"
        )
    return data
