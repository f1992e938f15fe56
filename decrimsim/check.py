"""Check a file before it is used: is it valid, do its laws load, do the cases in it come out?

Level 7.
"""

from __future__ import annotations

from pathlib import Path

from decrimsim.curve_points import check_curve
from decrimsim.errors import DecrimsimError, FileError, ScenarioError, nearest
from decrimsim.files import Path_, is_file, read_document
from decrimsim.law import Law, load_law, shipped_laws
from decrimsim.law.cases import Failure, failures
from decrimsim.scenario import load_scenario, shipped_scenarios


def check_file(name_or_path: str) -> list[str]:
    """Return one text for each failing case of a law, or of a scenario's laws; nothing for a file that is fine. As ``failing_cases``."""
    return [one.text for one in failing_cases(name_or_path)]


def failing_cases(name_or_path: str) -> list[Failure]:
    """Return the failing cases of a law, or of a scenario's laws, those that changed in the same way together; nothing for a file that is fine.

    name_or_path  a scenario or a law: a file, or a shipped name; where a shipped scenario and a shipped law have the same name, both
    Raises DecrimsimError (a FileError, ScenarioError or LawError) for a file that is not valid.
    """
    if _is_scenario(name_or_path):
        scenario = load_scenario(name_or_path)
        named: dict[str, Path_] = {name_or_path: ()} if name_or_path in shipped_laws() else {}
        for name, path in ((scenario.baseline, ("baseline",)), *((one, ("candidates", i)) for i, one in enumerate(scenario.candidates))):
            named.setdefault(name, path)
        laws = {name: _law_named(name, name_or_path, path) for name, path in named.items()}
        check_curve(scenario)
        return [Failure(f"{name}: {one.text}", one.n, one.from_law) for name, law in laws.items() for one in failures(law)]
    return failures(load_law(name_or_path))


def _law_named(name: str, file: str, path: Path_) -> Law:
    """Return a law that a scenario names. An error says where in the scenario's file."""
    try:
        return load_law(name)
    except DecrimsimError as error:
        if not path or not is_file(Path(file)):
            raise
        raise ScenarioError(str(error), where=read_document(file).where(path), got=name) from None


def _is_scenario(name_or_path: str) -> bool:
    if name_or_path in shipped_scenarios():
        return True
    if name_or_path in shipped_laws() or ("@" in name_or_path and not Path(name_or_path).exists()):
        return False
    data = read_document(name_or_path).data
    schema = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(schema, str) or not schema.startswith(("decrimsim.scenario/", "decrimsim.law/")):
        known = ("decrimsim.scenario/1", "decrimsim.law/1")
        wanted = f"a first line such as 'schema: {known[0]}' or 'schema: {known[1]}'"
        raise FileError("the file does not say what it is.", where=Path(name_or_path).name, got=schema, wanted=wanted, hint=nearest(str(schema), known))
    return schema.startswith("decrimsim.scenario/")
