"""Results on disk: every file written whole or not at all, the manifest last.

Level 6. A folder with a manifest whose checksums match is complete; anything else is not.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from decrimsim.errors import InputError, printable
from decrimsim.law.saved import dump_law
from decrimsim.measures.summary import LawLike, Settings, Summary, law_keys
from decrimsim.report.curve import CurveData, curve_json, curve_rows
from decrimsim.report.extras import Extras
from decrimsim.report.versions import scenario_digest, versions
from decrimsim.scenario import dump_scenario
from decrimsim.scenario.model import Scenario
from decrimsim.schema import STAGES, TABLES
from decrimsim.tables import Columns, ReplicateTables, Table

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "manifest.json"
SCENARIO_FILE = "scenario.yaml"
FORMAT = "decrimsim.results/1"
TEMPORARY = ".decrimsim-tmp-"
STALE_SECONDS = 3_600


def write_atomically(path: Path, content: bytes) -> None:
    """Write content so that path holds all of it or what it held before: a file beside it, flushed to the disk, takes its name.

    Raises InputError when the folder cannot be written.
    """
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Flush the folder's own entry, where the system allows that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def save_results(
    summary: Summary,
    folder: str | os.PathLike[str],
    *,
    tables: Sequence[ReplicateTables] | None = None,
    extras: Extras | None = None,
) -> Path:
    """Write report.html, plots, results.json, CSV and Parquet tables, the scenario, the laws, and last manifest.json; return the folder.

    Raises InputError when the folder cannot be made or written, or holds the manifest of another run.
    """
    target = Path(folder)
    extras = extras or Extras()
    run = run_facts(summary, extras)
    try:
        target.mkdir(parents=True, exist_ok=True)
        refuse_other_run(target, run)
        (target / MANIFEST).unlink(missing_ok=True)
        _sweep(target)
        sums: dict[str, str] = {}
        for name, content in _files(summary, tables, extras):
            write_atomically(target / name, content)
            sums[name] = hashlib.sha256(content).hexdigest()
        manifest = run | {"files": dict(sorted(sums.items()))}
        write_atomically(target / MANIFEST, json_bytes(manifest))
    except OSError as error:
        raise InputError(
            f"the results cannot be written ({error.strerror or error}).",
            where="save",
            got=target.name,
            hint="Choose a folder that can be written and has space left; a run that stopped half-way has no manifest",
        ) from error
    return target


def _files(summary: Summary, tables: Sequence[ReplicateTables] | None, extras: Extras) -> list[tuple[str, bytes]]:
    """Return name and content of every file but the manifest."""
    from decrimsim.plots import CURVE_SIZE, LEDGER_SIZE, bare_axes, net_widening_size, plot_curve, plot_ledger, plot_net_widening, png_of
    from decrimsim.report.frames import outcome_rows, widening_rows
    from decrimsim.report.html import html_report
    from decrimsim.report.spreadsheet import csv_bytes

    curve = extras.curve
    files = [("report.html", html_report(summary, extras).encode())]
    files.append((SCENARIO_FILE, dump_scenario(summary.scenario).encode()))
    files += [(one["file"], dump_law(law.raw).encode()) for one, law in zip(law_files(summary, curve), summary.laws, strict=False)]
    files.append(("results.json", json_bytes(results_json(summary, extras))))
    files.append(("outcomes.csv", csv_bytes(outcome_rows(summary))))
    files.append(("net_widening.csv", csv_bytes(widening_rows(summary))))
    if curve is not None:
        files.append(("curve.csv", csv_bytes(curve_rows(curve))))
        files.append(("curve.png", png_of(plot_curve(curve, ax=bare_axes(*CURVE_SIZE)))))
    if curve is None or curve.summary is not summary:
        files.append(("net_widening.png", png_of(plot_net_widening(summary, ax=bare_axes(*net_widening_size(summary))))))
        for law in range(len(summary.laws)):
            if law != summary.baseline:
                files.append((f"ledger_{law}_{slug(summary.keys[law])}.png", png_of(plot_ledger(summary, law, ax=bare_axes(*LEDGER_SIZE)))))
    if tables is not None:
        files += [(f"{name}.parquet", parquet_bytes(name, tables, summary)) for name in TABLES]
    return files


def results_json(summary: Summary, extras: Extras) -> dict[str, object]:
    """Return all results as plain data."""
    curve = extras.curve
    data = summary.to_json()
    if curve is not None:
        data = curve_json(curve) if curve.summary is summary else data | {"curve": curve_json(curve)}
    return data | extras.to_json()


def law_files(summary: Summary, curve: CurveData | None = None) -> list[dict[str, Any]]:
    """Return key, name of the file and day (None: the newest version of every rule) of each law whose rules are saved, in the order of the laws.

    A curve alone saves two: the baseline, and the law of its first point, of which the others differ in the one limit that moves.
    """
    is_curve_alone = curve is not None and curve.summary is summary
    kept = list(zip(summary.keys, summary.laws, strict=True))[: 2 if is_curve_alone else None]
    return [{"key": key, "file": f"law_{i}_{slug(key)}.json", "date": None if law.date is None else str(law.date)} for i, (key, law) in enumerate(kept)]


def run_facts(summary: Summary, extras: Extras) -> dict[str, Any]:
    """Return what identifies a run: format, versions, hashes, seed and settings; no time, user, host or path."""
    s, curve = summary.settings, extras.curve
    return {
        "format": FORMAT,
        "versions": versions(),
        "baseline": summary.keys[summary.baseline],
        **identity(summary.scenario, summary.laws, s),
        "replicates_done": len(summary.measures),
        "law_files": law_files(summary, curve),
        "status": "complete" if len(summary.measures) >= s.replicates else "partial",
        "curve": None if curve is None else {"path": curve.path, "points": [text for text, _ in curve.points]},
        "extras": sorted(extras.to_json()),
    }


def identity(scenario: Scenario, laws: Sequence[LawLike], s: Settings) -> dict[str, Any]:
    """Return what makes two runs the same run: scenario, laws and settings."""
    return {
        "scenario": {"id": scenario.id, "sha256": scenario_digest(scenario)},
        "laws": [{"key": key, "id": law.id, "sha256": law.hash} for key, law in zip(law_keys(laws), laws, strict=True)],
        "settings": {"people": s.people, "days": s.days, "replicates": s.replicates, "seed": s.seed, "mode": s.mode},
    }


def refuse_other_run(folder: str | os.PathLike[str], run: dict[str, Any]) -> None:
    """Raise InputError if the folder holds the manifest of another run, or cannot be a folder; the same run may be written again.

    run  as identity() returns, and whatever else must be the same
    """
    target = Path(folder)
    try:
        if target.exists() and not target.is_dir():
            raise InputError("there is a file of that name.", where="save", got=target.name, wanted="a folder", hint="Choose another name")
        made = [one for one in (target, *target.parents) if not one.exists()]
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=target):
            pass  # it can be written
        for one in made:  # a run that is interrupted leaves no empty folder
            one.rmdir()
        if not (target / MANIFEST).exists():
            return
        held = json.loads((target / MANIFEST).read_bytes())
    except ValueError:
        held = {}
    except OSError as error:
        raise InputError(
            f"the folder cannot be written ({error.strerror or error}).", where="save", got=printable(target.name), hint="Choose another folder"
        ) from None
    same = [key for key in ("scenario", "laws", "settings", "curve") if key in run]
    if not isinstance(held, dict) or any(held.get(key) != run[key] for key in same):
        raise InputError("the folder holds another run.", where="save", got=target.name, hint="Choose a new folder, or remove this one first")


def _sweep(folder: Path) -> None:
    """Remove our own temporary files that a killed run left behind more than an hour ago."""
    for left in folder.glob(f"{TEMPORARY}*"):
        if left.is_file() and time.time() - left.stat().st_mtime > STALE_SECONDS:
            left.unlink(missing_ok=True)


def verify(folder: str | os.PathLike[str]) -> list[str]:
    """Return what is wrong with saved results, one text each; none means that every file is whole and as it was written."""
    target = Path(folder)
    try:
        manifest = json.loads((target / MANIFEST).read_bytes())
        files = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return [f"{MANIFEST} is missing or cannot be read: the run was not finished"]
    wrong = []
    for name, digest in files.items():
        path = target / name
        if Path(name).name != name or not path.is_file():
            wrong.append(f"{printable(name)} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            wrong.append(f"{printable(name)} was changed after it was written")
    return wrong


def json_bytes(data: object) -> bytes:
    """Return data as UTF-8 JSON, keys in their own order; NaN is refused."""
    return (json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def slug(text: str, limit: int = 40) -> str:
    """Return a part of a file name made from text: small letters, digits and hyphens."""
    clean = "".join(c if c.isascii() and c.isalnum() else "-" for c in text.lower())
    return "-".join(part for part in clean.split("-") if part)[:limit] or "law"


def parquet_bytes(name: str, tables: Sequence[ReplicateTables], summary: Summary) -> bytes:
    """Return one table of all replicates as Parquet: replicate, the columns of the schema with codes as words, and the laws of each row."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    joined = pa.concat_tables([arrow_table(name, one, summary) for one in tables], promote_options="none")
    sink = pa.BufferOutputStream()
    pq.write_table(joined, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def arrow_table(name: str, tables: ReplicateTables, summary: Summary) -> pa.Table:
    """Return one table of one replicate for Arrow."""
    import pyarrow as pa

    table = tables.people if name == "people" else getattr(tables, name)
    columns: Columns = table.columns if isinstance(table, Table) else table
    n = len(next(iter(columns.values())))
    arrays: dict[str, Any] = {"replicate": pa.array(np.full(n, tables.replicate, np.int32))}
    words = {column.name: column.codes for column in TABLES[name]}
    words |= {f"axis:{axis}": tuple(shares) for axis, shares in summary.scenario.people.axes.items()}
    words |= {"main_substance": tuple(summary.scenario.substances), "substance": tuple(summary.scenario.substances), "form": _forms(), "stage": STAGES}
    for column, values in columns.items():
        codes = words.get(column, ())
        if codes:
            arrays[column] = pa.DictionaryArray.from_arrays(pa.array(np.asarray(values).astype(np.int8)), pa.array(list(codes), pa.string()))
        else:
            arrays[column] = pa.array(np.asarray(values))
    if isinstance(table, Table):
        arrays["laws"] = _law_lists(table, summary.keys)
    return pa.table(arrays).replace_schema_metadata({"decrimsim": FORMAT})


def _law_lists(table: Table, keys: Sequence[str]) -> pa.ListArray:
    """Return for each row the list of laws under which it is true."""
    import pyarrow as pa

    flags = table.flags()
    offsets = np.concatenate([[0], np.cumsum(flags.sum(axis=1))]).astype(np.int32)
    codes = pa.DictionaryArray.from_arrays(pa.array(np.nonzero(flags)[1].astype(np.int16)), pa.array(list(keys), pa.string()))
    return pa.ListArray.from_arrays(pa.array(offsets), codes.cast(pa.string()))


def _forms() -> tuple[str, ...]:
    from decrimsim.law import FORMS

    return tuple(FORMS)
