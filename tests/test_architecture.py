"""The house: imports go down, modules stay small, importing costs little, test classes are found."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import decrimsim

PACKAGE = Path(decrimsim.__file__).parent
TESTS = Path(__file__).parent
LEVELS = {
    0: ("errors", "units", "chance"),
    1: ("schema", "parameters", "files", "shipped"),
    2: ("law", "kernels"),
    3: ("scenario", "world", "market_numbers", "population", "bounds", "tables"),
    4: ("engine",),
    5: ("measures", "statistics", "experiment", "progress", "runners", "describe", "draft_lint"),
    6: ("report", "plots", "export"),
    7: (
        "options",
        "comparison",
        "curve_points",
        "api",
        "trials",
        "alternatives",
        "check",
        "casefile",
        "parameter_draws",
        "swap_rates",
        "line_exposure",
        "extras",
        "",
    ),
    8: ("cli", "cli_options", "cli_words", "law_cli", "measures_cli", "alternatives_cli", "show_cli", "__main__", "mesa", "testing"),
}
LEVEL_OF = {part: level for level, parts in LEVELS.items() for part in parts}
LONGEST = 400


def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name; the package itself is ''."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(name: str) -> list[tuple[str, int, bool]]:
    """Return the modules of the package that a module imports, with the line, and whether only for type checking."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    found: list[tuple[str, int, bool]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: relative import"
            targets = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found += [(_module(target), node.lineno, id(node) in for_types) for target in targets if target.split(".")[0] == "decrimsim"]
    return found


def _module(target: str) -> str:
    """Return the module that an import of decrimsim.a.b.c means: c may be a name in it."""
    parts = target.split(".")[1:]
    while ".".join(parts) not in MODULES:
        parts.pop()
    return ".".join(parts)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_every_module_has_a_level(name: str) -> None:
    assert name.split(".")[0] in LEVEL_OF, f"give {name} a level in LEVELS"


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_go_down_or_stay_within_a_level(name: str) -> None:
    mine = LEVEL_OF[name.split(".")[0]]
    too_high = [f"line {line}: {target}" for target, line, _ in imports(name) if LEVEL_OF[target.split(".")[0]] > mine]
    assert not too_high, f"{name or 'decrimsim'} is on level {mine} and imports from above"


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {name: {target for target, _, for_types in imports(name) if target != name and not for_types} for name in MODULES}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as circle:
        pytest.fail(f"import circle: {' -> '.join(map(str, circle.args[1]))}")


@pytest.mark.parametrize("name", sorted(MODULES))
def test_no_module_is_long(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) < LONGEST


def test_importing_is_quick_and_pulls_in_nothing_heavy() -> None:
    code = (
        "import sys, time, warnings, numpy as np\n"
        "errors, filters = np.geterr(), list(warnings.filters)\n"
        "before = time.process_time(); import decrimsim; spent = time.process_time() - before\n"
        "heavy = {'pandas', 'matplotlib', 'scipy.stats', 'pyarrow', 'mesa', 'jinja2', 'typer', 'IPython'} & set(sys.modules)\n"
        "assert not heavy, f'import decrimsim imports {heavy}'\n"
        "assert np.geterr() == errors and list(warnings.filters) == filters, 'import decrimsim changes global settings'\n"
        "print(spent)"
    )
    spent = [float(subprocess.run([sys.executable, "-c", code], check=True, cwd=PACKAGE.parent, capture_output=True, text=True).stdout) for _ in range(2)]
    assert min(spent) < 0.5


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_every_class_with_tests_is_collected(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and any(isinstance(inner, ast.FunctionDef) and inner.name.startswith("test_") for inner in node.body):
            machine = any(isinstance(base, ast.Name) and base.id == "RuleBasedStateMachine" for base in node.bases)
            assert node.name.startswith("Test") or machine, f"{path.name}:{node.lineno}: {node.name} is never run"
            assert path.name.startswith("test_"), f"{path.name} holds tests and is never run"
