"""Check a file before it is used: is it valid, do its laws load, do the cases in it come out?

Level 7.
"""

from __future__ import annotations

from pathlib import Path

from decrimsim.curve_points import check_curve
from decrimsim.errors import FileError, nearest
from decrimsim.files import read_document
from decrimsim.law import load_law, shipped_laws
from decrimsim.scenario import load_scenario, shipped_scenarios


def check_file(name_or_path: str) -> list[str]:
    """Return one text for each failing case of a law, or of a scenario's laws; nothing for a file that is fine.

    name_or_path  a scenario or a law: a file, or a shipped name; where a shipped scenario and a shipped law have the same name, both
    Raises DecrimsimError (a FileError, ScenarioError or LawError) for a file that is not valid.
    """
    if _is_scenario(name_or_path):
        scenario = load_scenario(name_or_path)
        check_curve(scenario)
        of_same_name = (name_or_path,) if name_or_path in shipped_laws() else ()
        laws = dict.fromkeys((*of_same_name, scenario.baseline, *scenario.candidates))
        return [f"{law}: {text}" for law in laws for text in load_law(law).run_cases()]
    return load_law(name_or_path).run_cases()


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
