"""Tools for people who write laws: lint from evidence, diff, explain, JSON Schema, and the proof that rules are pure."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from command_line import run
from hypothesis import given, settings

import decrimsim as ds
from decrimsim import schema
from decrimsim.draft_lint import law_lint, usage
from decrimsim.errors import DecrimsimError, InputError, NotInForce
from decrimsim.files import read_document
from decrimsim.law import Law, compile_laws, load_law, shape, shipped_laws
from decrimsim.law.diff import law_diff
from decrimsim.law.evidence_rules import RULES, Finding
from decrimsim.law.explain import explain_law
from decrimsim.law.json_schema import _Maker, law_schema
from decrimsim.law.model import build_law
from decrimsim.shipped import shipped_folder
from decrimsim.testing.laws import laws

NSW, PORTUGAL, MEXICO, GOLD = (load_law(name) for name in ("nsw-deemed-supply", "portugal", "mexico", "gold-standard"))
WORLD = ds.load("nsw")
LAW_FOLDER = Path(ds.__file__).parent / "law"
SCHEMA = law_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def small_law(**changes: object) -> Law:
    """Return a proposal with two tiers, with some of its keys replaced."""
    raw = {
        "schema": "decrimsim.law/1",
        "id": "draft",
        "kind": "proposal",
        "jurisdiction": "XX",
        "title": "A draft",
        "summary": "Up to two grams are for a panel.",
        "sources": {"idea": {"title": "An idea", "href": "none", "confidence": "low"}},
        "tables": {"low": {"heroin": "2 g", "cocaine": "50 g"}},
        "table_notes": {"low": {"words": "not more than"}},
        "unlisted_substance": "not_regulated",
        "tiers": [{"id": "personal", "upper": {"table": "low", "op": "<="}}, {"id": "above"}],
        "aggregate": {"method": "max_tier"},
        "effects": {
            "personal": {"type": "personal", "own_use": "none", "supply": "supply"},
            "above": {"type": "indicative", "of": "supply", "burden_on": "state", "own_use": "none", "supply": "supply"},
        },
        "powers": {
            "police": {"stop_for_possession": False, "warn": True, "no_action": True},
            "prosecutor": {"drop": True, "divert": False, "downgrade": True},
            "court": {"downgrade": True},
        },
        "referral": {"offer": True, "nature": "voluntary"},
        "seizure": {"drugs": "never"},
        "social_supply": {"rule": "not_supply"},
        "review": {"clause": "every two years", "months": 24},
        "cases": [],
        **changes,
    }
    return build_law(json.loads(json.dumps(raw)))


def names(found: list[Finding]) -> set[str]:
    return {one.rule for one in found}


# lint ------------------------------------------------------------------------------------------------------------------

ABOVE = {"type": "presumption", "of": "supply", "own_use": "none", "supply": "supply"}
PERSONAL = {"type": "personal", "own_use": "none", "supply": "supply"}
PANEL = {"panel": {"may_sanction": False, "no_show": "sanction"}}
NOTICE = {"notice": {"limit": {"table": "low", "op": "<="}, "at_most": 3, "fine_minor": 100, "currency": "AUD", "unpaid": "court"}}
TWO_TABLES = {"low": {"heroin": "2 g", "cocaine": "2 g"}, "high": {"heroin": "5 g", "cocaine": "5 g"}}
DRAFTS: dict[str, dict[str, object]] = {
    "reversed_burden": {"effects": {"personal": PERSONAL, "above": {**ABOVE, "burden_on": "accused"}}},
    "conclusive_effect": {"effects": {"personal": PERSONAL, "above": {**ABOVE, "type": "conclusive"}}},
    "tier_gap": {
        "tables": TWO_TABLES,
        "gap_tier": "personal",
        "tiers": [{"id": "personal", "upper": {"table": "low", "op": "<="}}, {"id": "above", "lower": {"table": "high", "op": ">="}}],
    },
    "tier_overlap": {
        "tables": TWO_TABLES,
        "overlap": "highest",
        "tiers": [{"id": "personal", "upper": {"table": "high", "op": "<="}}, {"id": "above", "lower": {"table": "low", "op": ">="}}],
    },
    "tier_unreachable": {
        "tables": {"low": {"heroin": "2 g"}, "high": {"heroin": "2 g"}},
        "tiers": [{"id": "personal", "upper": {"table": "low", "op": "<="}}, {"id": "middle", "upper": {"table": "high", "op": "<="}}, {"id": "above"}],
        "effects": {"personal": PERSONAL, "middle": PERSONAL, "above": {**ABOVE, "burden_on": "state"}},
    },
    "substance_missing_in_tier": {
        "tables": {"low": {"heroin": "2 g", "cocaine": "2 g"}, "high": {"heroin": "5 g"}},
        "tiers": [{"id": "personal", "upper": {"table": "low", "op": "<="}}, {"id": "middle", "upper": {"table": "high", "op": "<="}}, {"id": "above"}],
        "effects": {"personal": PERSONAL, "middle": PERSONAL, "above": {**ABOVE, "burden_on": "state"}},
    },
    "mandatory_treatment": {"repeat": {"counter": "reports", "at": 3, "effect": "mandatory_treatment"}},
    "sanction_for_drop_out": {"referral": {"offer": True, "nature": "conditional"}},
    "sanction_for_absence": {"routes": PANEL},
    "unpaid_notice_to_court": {"routes": NOTICE},
    "line_under_purchase": {"tables": {"low": {"heroin": "0.1 g"}}},
    "line_under_heavy_use": {"tables": {"low": {"heroin": "1 g"}}},
    "wording_missing": {"table_notes": {}},
    "gross_weight_low_purity": {"tables": {"low": {"heroin": "100 g"}}},
}


def quiet_law() -> Law:
    return small_law(tables={"low": {"mdma": "50 g"}})


def test_a_law_with_nothing_to_say_gets_no_finding() -> None:
    assert law_lint(quiet_law(), WORLD) == []
    assert law_lint(GOLD, WORLD) == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "no_review_clause"])
def test_each_rule_finds_its_draft_and_can_be_switched_off(rule: str) -> None:
    draft = small_law(**DRAFTS[rule])
    mine = [one for one in law_lint(draft, WORLD) if one.rule == rule]
    assert mine
    assert all(one.path and one.message and one.source and one.severity in ("high", "medium", "low") for one in mine)
    assert rule in str(mine[0]) and mine[0].source in str(mine[0])
    assert rule not in names(law_lint(draft, WORLD, off=(rule,)))
    assert rule not in names(law_lint(quiet_law(), WORLD))


def test_a_law_without_a_review_clause_is_told_so() -> None:
    raw = {key: value for key, value in small_law().raw.items() if key != "review"}
    assert names(law_lint(build_law(raw))) == {"no_review_clause"}


def test_rules_that_need_a_world_are_silent_without_one() -> None:
    needing = {name for name, rule in RULES.items() if rule.needs_world}
    assert needing == {"line_under_purchase", "line_under_heavy_use", "gross_weight_low_purity"}
    for rule in needing:
        assert not needing & names(law_lint(small_law(**DRAFTS[rule])))


def test_every_rule_names_a_source_that_was_read() -> None:
    for rule in RULES.values():
        assert any(known in rule.source for known in ("IDPC", "Harris 2011", "Christie and Ali 2000")), rule.name


def test_the_reversed_burden_of_new_south_wales_is_the_first_thing_said() -> None:
    found = law_lint("nsw-deemed-supply")
    assert found[0].rule == "reversed_burden"
    assert "traffickable" in found[0].message
    assert "reversed_burden" not in names(law_lint("nsw-burden-on-state"))


def test_a_higher_line_is_never_found_more_often() -> None:
    def found(line: str) -> set[str]:
        return names(law_lint(small_law(tables={"low": {"heroin": line, "cocaine": "50 g"}}), WORLD)) - {"gross_weight_low_purity"}

    lines = [found(line) for line in ("0.05 g", "0.3 g", "1 g", "3.9 g", "20 g")]
    harm = [2 * ("line_under_purchase" in rules) + ("line_under_heavy_use" in rules) for rules in lines]
    assert harm[0] >= 2 and harm[-1] == 0
    assert [h >= 2 for h in harm] == sorted((h >= 2 for h in harm), reverse=True)
    assert [h > 0 for h in harm] == sorted((h > 0 for h in harm), reverse=True)


def test_more_days_ask_for_a_higher_line() -> None:
    draft = small_law(tables={"low": {"heroin": "3 g", "cocaine": "50 g"}})
    assert "line_under_heavy_use" not in names(law_lint(draft, WORLD, days=7))
    assert "line_under_heavy_use" in names(law_lint(draft, WORLD, days=8))


def test_a_limit_of_pure_weight_is_not_told_about_purity() -> None:
    gross = small_law(**DRAFTS["gross_weight_low_purity"])
    pure = small_law(**DRAFTS["gross_weight_low_purity"], table_notes={"low": {"basis": "pure"}})
    assert "gross_weight_low_purity" in names(law_lint(gross, WORLD))
    assert "gross_weight_low_purity" not in names(law_lint(pure, WORLD))


def test_usage_is_what_the_population_has() -> None:
    """The quantile grid agrees with the purchases and the use of simulated people, within the grid's coarseness."""
    setup = ds.make_setup(WORLD, [GOLD], days=1, seed=3, mode="closed")
    from decrimsim.population import circle_starts, make_people

    starts = circle_starts(setup.world, 60_000, 3, 0)
    people = make_people(setup.world, WORLD, starts, slice(0, len(starts) - 1), 3, 0)
    habits = people.habits
    uses = people.columns["role"][habits["owner"].astype(np.int64)] != schema.ROLES.index("commercial")
    for s, (name, used) in enumerate(usage(WORLD).items()):
        mine = (habits["substance"] == s) & uses
        w = setup.world.substances[s]
        usual = np.minimum(habits["size_ug"], habits["afford_ug"])[mine]
        binge = 1 + w.binge32 / 2**32 * (w.binge_q16 / 65536 - 1)
        a_day = habits["p_use32"][mine] / 2**32 * habits["dose_ug"][mine] * w.dose_days.mean() / 65536 * binge
        assert np.median(used.purchases_ug) == pytest.approx(np.median(usual), rel=0.15), name
        assert used.heavy_day_ug == pytest.approx(np.quantile(a_day, 0.9), rel=0.1), name


@pytest.mark.parametrize("arguments", [{"off": ("reversed_burdn",)}, {"days": 0}, {"days": True}])
def test_what_cannot_be_asked_of_lint_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"Did you mean 'reversed_burden'|not a number of days"):
        law_lint(NSW, **arguments)  # type: ignore[arg-type]


# diff ------------------------------------------------------------------------------------------------------------------


def test_a_law_does_not_differ_from_itself() -> None:
    for name in shipped_laws():
        law = load_law(name)
        assert law_diff(law, law).changes == ()
    assert "the same" in str(law_diff(NSW, NSW))


def test_the_same_amount_in_another_unit_is_no_change() -> None:
    assert law_diff(small_law(), small_law(tables={"low": {"heroin": "2000 mg", "cocaine": {"limit": "50 g"}}})).changes == ()


def test_a_changed_limit_is_one_changed_leaf() -> None:
    changes = [c for c in law_diff(NSW, NSW.patch({"tables.traffickable.heroin": "4 g"})).changes if not c.is_remark]
    assert [(c.path, c.before, c.after) for c in changes] == [("tables.traffickable.heroin", "3 g", "4 g")]


def test_a_reform_is_told_with_its_day() -> None:
    before = PORTUGAL.patch({"effects.excess": dict(PORTUGAL.at("2020-01-01").data["effects"]["excess"])})
    rules = [c for c in law_diff(before, PORTUGAL).changes if not c.is_remark]
    assert [(c.path, c.after, c.since, c.until) for c in rules] == [
        ("effects.excess.max_prison_possession", "nothing", "2023-10-01", ""),
        ("effects.excess.own_use", "administrative", "2023-10-01", ""),
    ]


def test_versions_of_two_days_differ_in_what_the_reform_changed() -> None:
    changes = law_diff(load_law("portugal@2023-09-30"), load_law("portugal@2023-10-01")).changes
    assert {c.path for c in changes} == {"effects.excess.max_prison_possession", "effects.excess.own_use", "effects.excess.source"}
    assert law_diff(PORTUGAL.at("2010-01-01"), PORTUGAL.at("2012-01-01")).changes == ()


def test_swapping_two_laws_swaps_before_and_after() -> None:
    there, back = law_diff(NSW, GOLD).changes, law_diff(GOLD, NSW).changes
    assert [(c.path, c.after, c.before) for c in there] == [(c.path, c.before, c.after) for c in back]


def test_a_day_before_commencement_is_refused() -> None:
    with pytest.raises(NotInForce):
        law_diff(PORTUGAL, MEXICO, "1999-01-01")


# explain ---------------------------------------------------------------------------------------------------------------


def test_the_nearest_change_is_told_in_grams() -> None:
    told = explain_law(NSW, {"heroin": "3.26 g"})
    changes = {flip.change: flip for flip in told.nearest}
    assert changes["260.001 mg less of heroin"].then["tier"] == "possession"
    assert changes["1.74 g more of heroin"].then == {"tier": "indictable"}
    assert "[s29]" in str(told) and "260.001 mg less" in str(told)


@pytest.mark.parametrize("law", [NSW, PORTUGAL, MEXICO], ids=lambda law: law.id)
def test_a_flip_flips_and_one_microgram_less_does_not(law: Law) -> None:
    checked = 0
    for ug in (30_000, 700_000, 999_999, 1_000_000, 5_200_000, 400_000_000):
        found = law.classify({"heroin": f"{ug} ug"})
        for flip in explain_law(law, {"heroin": f"{ug} ug"}).nearest:
            sign = -1 if "less" in flip.change else 1
            assert law.classify({"heroin": f"{ug + sign * flip.size} ug"}).tier == flip.then["tier"] != found.tier
            if flip.size > 1:
                assert law.classify({"heroin": f"{ug + sign * (flip.size - 1)} ug"}).tier == found.tier
            checked += 1
    assert checked >= 6


def test_pills_are_counted_with_their_weight() -> None:
    told = explain_law(MEXICO, {"mdma": {"form": "tablet", "units": 2, "g": "0.3 g"}})
    assert "1 unit less of mdma (tablet)" in {flip.change for flip in told.nearest}


def test_a_reform_is_the_nearest_date_that_flips() -> None:
    told = explain_law(PORTUGAL, {"heroin": "1.2 g"}, "2015-01-01")
    (date,) = [flip for flip in told.flips if flip.kind == "date"]
    assert date.change == "on 2023-10-01 instead of 2015-01-01"
    assert date.then["offence"] == "administrative"
    after = explain_law(PORTUGAL, {"heroin": "1.2 g"}, "2024-01-01")
    assert [flip.change for flip in after.flips if flip.kind == "date"] == ["on 2023-09-30 instead of 2024-01-01"]


def test_a_record_that_flips_is_told() -> None:
    told = explain_law(MEXICO, {"heroin": "40 mg"}, facts={"reports": 1})
    assert any(flip.kind == "fact" and "3 earlier reports" in flip.change and flip.then["treatment"] == "mandatory" for flip in told.flips)
    caution = explain_law(NSW, {"cannabis_herb": "10 g"}, facts={"cautions": 0, "conviction": True})
    assert any(flip.change == "without a conviction before" and "caution" in flip.then["routes"] for flip in caution.flips)


def test_an_indicator_that_counts_is_told() -> None:
    law = small_law(
        indicators={"supply": ["scales", "packets"], "use": ["dependence"], "mode": "listed", "min_independent": 2},
        overrides={"up": {"allowed": True}, "down": {"allowed": True}},
        effects={"personal": {**PERSONAL, "own_use": "possession"}, "above": {**ABOVE, "own_use": "possession", "burden_on": "state"}},
    )
    told = explain_law(law, {"heroin": "1 g"}, facts={"indicators": ["scales", "packets"]})
    assert any(flip.change == "one indicator fewer (scales or packets)" for flip in told.flips)


def test_a_fact_that_an_exception_asks_for_is_told() -> None:
    law = small_law(exceptions=[{"id": "school", "when": {"place": ["school"]}, "tier": "above"}, {"id": "young", "when": {"max_age": 17}, "covered": False}])
    told = {flip.change: flip.then for flip in explain_law(law, {"heroin": "1 g"}, facts={"place": "street", "age": 30}).flips}
    assert told["place school"]["tier"] == "above"
    assert law.classify({"heroin": "1 g"}, facts={"place": "school", "age": 30}).tier == "above"


def test_a_law_without_a_line_has_nothing_to_flip() -> None:
    told = explain_law(GOLD, {"heroin": "1.2 g"})
    assert told.nearest == ()
    assert {flip.kind for flip in told.flips} <= {"indicator"}
    json.dumps(told.to_json(), allow_nan=False)


# JSON Schema -----------------------------------------------------------------------------------------------------------

FILES = sorted((shipped_folder() / "laws").rglob("*.yaml"))
SEEN_BY_EDITORS = ("unknown-key", "wrong-word", "missing-key", "not-a-flag", "unknown-substance", "bound-without-operator", "limit-without-unit", "no-tiers")


def test_the_schema_is_a_valid_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    json.dumps(SCHEMA, allow_nan=False)
    references = {part for part in json.dumps(SCHEMA).split('"') if part.startswith("#/$defs/")}
    assert {part.removeprefix("#/$defs/") for part in references} == set(SCHEMA["$defs"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_law_fits_the_schema(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(read_document(path).data)] == []


@pytest.mark.parametrize("name", SEEN_BY_EDITORS)
def test_common_mistakes_do_not_fit_the_schema(name: str) -> None:
    path = Path(__file__).parent / "laws" / "bad" / f"{name}.yaml"
    assert not VALIDATOR.is_valid(read_document(path).data)


@settings(max_examples=40)
@given(laws())
def test_every_law_that_the_reader_takes_fits_the_schema(law: Law) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(law.raw)] == []


def test_every_shape_of_the_reader_is_translated() -> None:
    kinds = {kind for kind in vars(shape).values() if isinstance(kind, type) and issubclass(kind, shape.Shape) and kind is not shape.Shape}
    free = {kind.__name__ for kind in kinds if _Maker().inner(kind()) == {}}
    assert free <= {"Anything"}


# the law engine is pure ------------------------------------------------------------------------------------------------

FORBIDDEN_MODULES = {"random", "secrets", "time", "os", "uuid", "socket", "platform", "getpass", "locale", "subprocess", "threading", "decrimsim.chance"}
FORBIDDEN_NAMES = {
    "now",
    "today",
    "utcnow",
    "environ",
    "getenv",
    "cwd",
    "home",
    "expanduser",
    "expandvars",
    "urandom",
    "default_rng",
    "RandomState",
    "monotonic",
}


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", sorted(LAW_FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_no_law_module_can_reach_chance_clock_or_environment(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    reached = {name for name in _imports(tree) if name.split(".")[0] in FORBIDDEN_MODULES or name.startswith(("decrimsim.chance", "numpy.random"))}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not reached
    assert not attributes & {*FORBIDDEN_NAMES, "random"}
    assert not called & {"input", "open", "eval", "exec", "id", "hash", "globals", "__import__"} - ({"id"} if path.stem == "json_schema" else set())


@dataclass
class Trap:
    """Stands where a clock, a die or the environment was."""

    name: str

    def __call__(self, *_: object, **__: object) -> object:
        raise AssertionError(f"the law engine asked {self.name}")

    def __getattr__(self, part: str) -> object:
        raise AssertionError(f"the law engine asked {self.name}.{part}")


def test_the_law_engine_never_asks_chance_clock_or_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    holdings = {"heroin": "3.26 g", "mdma": {"form": "tablet", "units": 3, "g": "0.7 g"}}
    raws = [law.raw for law in (NSW, PORTUGAL, MEXICO, GOLD)]
    found = np.full((4, 1), 3_260_000)
    with monkeypatch.context() as trapped:
        for name in ("time", "time_ns", "localtime", "gmtime", "strftime"):
            trapped.setattr(time, name, Trap(f"time.{name}"))
        for name in ("random", "randint", "choice", "shuffle", "getrandbits"):
            trapped.setattr(random, name, Trap(f"random.{name}"))
        trapped.setattr(np, "random", Trap("numpy.random"))
        trapped.setattr(os, "urandom", Trap("os.urandom"))
        trapped.setattr(os, "getenv", Trap("os.getenv"))
        trapped.setattr(builtins, "open", Trap("open"))
        trapped.setattr(builtins, "input", Trap("input"))
        trapped.setattr(os, "environ", Trap("os.environ"))
        for raw in raws:
            law = build_law(raw)
            explain_law(law, holdings, facts={"reports": 1})
            law_diff(law, law.patch({"seizure.drugs": "never"}))
            assert law.run_cases() == []
            compile_laws([law], ["heroin"]).classify(found, found, found * 0, np.zeros((4, 1), np.int8))


# the command line ------------------------------------------------------------------------------------------------------


def test_law_lint_prints_findings_with_sources(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, _ = run(capsys, monkeypatch, "law", "lint", "nsw-deemed-supply", "--world", "nsw", "--off", "no_review_clause")
    assert status == 0
    assert "reversed_burden" in out and "Harris 2011" in out and "line_under_heavy_use" in out
    assert "no_review_clause" not in out
    status, out, _ = run(capsys, monkeypatch, "law", "lint", "nsw-deemed-supply", "--json")
    assert {"rule", "severity", "path", "message", "source", "counter"} == set(json.loads(out)["findings"][0])
    assert run(capsys, monkeypatch, "law", "lint", "gold-standard")[1] == "gold-standard: nothing to say\n"
    status, _, err = run(capsys, monkeypatch, "law", "lint", "nsw-deemed-supply", "--off", "gap")
    assert status == 2
    assert "no rule 'gap'" in err


def test_law_diff_prints_changes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, _ = run(capsys, monkeypatch, "law", "diff", "portugal@2023-09-30", "portugal@2023-10-01")
    assert status == 0
    assert "effects.excess.own_use: possession -> administrative" in out
    status, out, _ = run(capsys, monkeypatch, "law", "diff", "portugal", "mexico", "--date", "2015-01-01", "--json")
    assert json.loads(out)["changes"]


def test_law_test_runs_the_cases(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    status, out, _ = run(capsys, monkeypatch, "law", "test", "portugal")
    assert status == 0
    assert "0 failing" in out
    text = (shipped_folder() / "laws" / "enacted" / "portugal.yaml").read_text(encoding="utf-8")
    (tmp_path / "portugal.yaml").write_text(text.replace('op: "<="', 'op: "<"'), encoding="utf-8")
    status, out, _ = run(capsys, monkeypatch, "law", "test", str(tmp_path / "portugal.yaml"))
    assert status == 1
    assert "exactly ten days" in out


def test_law_explain_prints_the_trace_and_the_nearest_change(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, _ = run(capsys, monkeypatch, "law", "explain", "nsw-deemed-supply", "heroin=3.26g", "--date", "2024-06-01", "--fact", "cautions=1")
    assert status == 0
    assert "260.001 mg less of heroin" in out and "section 29" in out
    assert all(text in out for text in load_law("nsw-deemed-supply").at("2024-06-01").not_simulated)
    status, out, _ = run(capsys, monkeypatch, "law", "explain", "portugal", "heroin=2g", "--json")
    assert json.loads(out)["not_simulated"] == list(PORTUGAL.not_simulated)
    assert json.loads(out)["tier"] == "excess"
    assert run(capsys, monkeypatch, "law", "explain", "portugal", "heroin")[0] == 2


def test_law_schema_prints_the_schema(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, _ = run(capsys, monkeypatch, "law", "schema")
    assert status == 0
    assert json.loads(out) == SCHEMA


def test_an_unknown_law_is_bad_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (("lint", "portugl"), ("diff", "portugl", "mexico"), ("test", "portugl"), ("explain", "portugl", "heroin=1g")):
        status, _, err = run(capsys, monkeypatch, "law", *command)
        assert status == 2
        assert "portugal" in err


def test_the_same_tools_are_public_names() -> None:
    for name in ("law_lint", "law_diff", "explain_law", "law_schema", "case_file", "list_cases", "replay"):
        assert callable(getattr(ds, name))
        assert name in ds.__all__
    with pytest.raises(DecrimsimError):
        ds.law_lint("portugl")


# speed -----------------------------------------------------------------------------------------------------------------


def test_the_benchmark_of_classify_runs_at_a_small_size(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(__file__).parents[1] / "benchmarks" / "classify.py"
    spec = importlib.util.spec_from_file_location("benchmark_classify", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    ours, plain = module.main(["--findings", "1000", "--repeats", "1"])
    assert 0 <= ours < 1
    assert 0 <= plain < 1
    out = capsys.readouterr().out
    assert "1,000 findings" in out and "ratio" in out and "same tier in 100.0%" in out
