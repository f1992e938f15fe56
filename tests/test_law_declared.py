"""A law may declare substances that the common list does not have, and everything that reads laws knows them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

import decrimsim as ds
from decrimsim.cli import app
from decrimsim.errors import InputError, LawError
from decrimsim.files import read_document
from decrimsim.law import SUBSTANCES, Law, canonical, compile_laws, load_law, shipped_laws
from decrimsim.law.diff import law_diff
from decrimsim.law.explain import explain_law
from decrimsim.law.json_schema import law_schema
from decrimsim.law.model import build_law
from decrimsim.testing.laws import two_tiers

BREW = {"brew": {"means": "a liquid made from poppy"}}


def brewing(**parts: object) -> Law:
    """Return a law with 5 g of heroin and 2 g of a substance that it declares."""
    return build_law(two_tiers(**{"tables": {"line": {"heroin": "5 g", "brew": "2 g"}}, "substances": BREW, **parts}))


def test_a_declared_substance_is_classified_like_any_other() -> None:
    assert [brewing().classify({"brew": g}).tier for g in ("1.999999 g", "2 g", "2.000001 g")] == ["low", "low", "high"]


def test_the_fast_twin_knows_it_beside_a_law_that_does_not() -> None:
    other = build_law(two_tiers(tables={"line": {"heroin": "5 g", "other": "1 g"}}, unlisted_substance="default_row", id="other"))
    compiled = compile_laws([brewing(), other], ["heroin", "brew"])
    gross = np.array([[0, 1_500_000], [0, 2_500_000], [0, 900_000]], np.int64)
    tiers = compiled.classify(gross, gross, gross * 0, np.zeros(gross.shape, np.int8))
    assert tiers.tolist() == [[0, 1], [1, 1], [0, 0]]
    assert [other.knowing(["brew"]).classify({"brew": g}).position for g in ("1.5 g", "2.5 g", "0.9 g")] == tiers[:, 1].tolist()


def test_a_law_keeps_its_hash_when_it_hears_of_names_of_other_laws() -> None:
    law = load_law("portugal")
    assert law.knowing(["brew"]).hash == law.hash and law.knowing(["heroin"]) is law


def test_a_substance_that_no_law_declares_is_not_compiled() -> None:
    with pytest.raises(InputError, match="'brew' is not known"):
        compile_laws([load_law("portugal")], ["heroin", "brew"])


def test_the_nearest_declared_name_is_offered() -> None:
    with pytest.raises(InputError, match="Did you mean 'brew'"):
        brewing().classify({"brrew": "1 g"})
    with pytest.raises(InputError, match="Did you mean 'brew'"):
        canonical("brrew", ["brew"])


def test_a_patch_declares_a_substance_and_gives_it_a_row() -> None:
    law = load_law("portugal").patch({"substances.brew": BREW["brew"], "tables.daily.brew": "0.1 g"})
    assert [law.classify({"brew": g}).tier for g in ("1 g", "1.000001 g")] == ["personal", "excess"]


def test_a_patch_that_takes_the_only_row_away_has_to_take_the_name_away_too() -> None:
    with pytest.raises(LawError, match="a name that a rule of this law uses"):
        brewing().patch({"tables.line.brew": None})
    assert brewing().patch({"tables.line.brew": None, "substances": None}).declared == ()


def test_a_related_drug_that_is_declared_takes_the_limit_of_its_parent() -> None:
    law = build_law(two_tiers(substances=BREW, analogues={"brew": ["heroin"]}, tables={"line": {"heroin": "5 g"}}))
    assert [law.classify({"brew": g}).tier for g in ("5 g", "5.1 g")] == ["low", "high"]


def test_a_default_row_holds_for_a_declared_substance() -> None:
    tables = {"line": {"heroin": "5 g", "other": "3 g"}, "daily": {"brew": "1 g"}}
    law = build_law(two_tiers(substances=BREW, tables=tables, unlisted_substance="default_row"))
    assert [law.classify({"brew": g}).tier for g in ("3 g", "3.1 g")] == ["low", "high"]


def test_groups_and_sums_may_name_it() -> None:
    rule = {"method": "group_sum", "groups": ["both"]}
    law = brewing(tables={"line": {"heroin": "5 g", "brew": "5 g"}}, groups={"both": ["heroin", "brew"]}, aggregate=rule)
    assert [law.classify({"heroin": "3 g", "brew": g}).tier for g in ("2 g", "2.1 g")] == ["low", "high"]


def test_a_name_may_be_declared_from_a_day_on() -> None:
    dated = {"dated": {"2020-01-01": {"heroin": "5 g"}, "2022-01-01": {"heroin": "5 g", "brew": "2 g"}}}
    law = brewing(tables={"line": dated}, substances={"dated": {"2020-01-01": None, "2022-01-01": BREW}}, force=[{"from": "2020-01-01", "state": "in_force"}])
    assert law.classify({"brew": "3 g"}, "2023-01-01").tier == "high"


def test_a_difference_and_an_explanation_name_it() -> None:
    before, after = brewing(), brewing(tables={"line": {"heroin": "5 g", "brew": "3 g"}})
    assert "tables.line.brew: 2 g -> 3 g" in str(law_diff(before, after))
    assert "less of brew" in str(explain_law(before, {"brew": "2.5 g"}))


def test_editors_take_declared_names_and_refuse_unknown_ones_elsewhere() -> None:
    check = jsonschema.Draft202012Validator(law_schema())
    raw = json.loads(json.dumps(two_tiers(tables={"line": {"heroin": "5 g", "brew": "2 g"}})))
    assert not check.is_valid(raw)
    assert check.is_valid({**raw, "substances": BREW})


PATCH = """schema: decrimsim.law/1
id: draft
kind: proposal
title: Toy, changed
summary: For tests.
based_on: toy
changes: [{path: tables.line.brew, to: "3 g", reason: to test}]
cases:
  - {name: the new limit, holdings: {brew: "3 g"}, expect: {tier: low}}
"""


def patch_of(tmp_path: Path, text: str, **parts: Any) -> Path:
    """Write a small law that declares a name and a patch of it; return the patch."""
    raw = two_tiers(id="toy", tables={"line": {"heroin": "5 g", "brew": "2 g"}}, substances=BREW, cases=[], **parts)
    (tmp_path / "toy.yaml").write_text(json.dumps(raw), encoding="utf-8")
    (tmp_path / "draft.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "draft.yaml"


def test_a_patch_file_has_cases_on_a_substance_that_its_base_declares(tmp_path: Path) -> None:
    path = patch_of(tmp_path, PATCH)
    assert load_law(path).run_cases() == []
    assert jsonschema.Draft202012Validator(law_schema()).is_valid(read_document(path).data)


def test_a_patch_file_has_cases_on_a_substance_that_it_declares_itself(tmp_path: Path) -> None:
    more = 'to: "3 g", reason: to test}, {path: substances.stew, to: {means: another}, reason: to test}, {path: tables.line.stew, to: "1 g", reason: to test}]'
    text = PATCH.replace('to: "3 g", reason: to test}]', more).replace('{brew: "3 g"}', '{stew: "1 g"}')
    assert load_law(patch_of(tmp_path, text)).run_cases() == []


def test_a_patch_file_may_not_name_a_substance_that_nothing_declares(tmp_path: Path) -> None:
    with pytest.raises(LawError, match=r"draft\.yaml:9:\d+: cases\.0\.holdings\.stew: the substance 'stew' is not known"):
        load_law(patch_of(tmp_path, PATCH.replace('{brew: "3 g"}', '{stew: "3 g"}')))


def test_the_command_line_knows_the_names_of_a_law(tmp_path: Path) -> None:
    path = tmp_path / "toy.json"
    path.write_text(json.dumps(two_tiers(tables={"line": {"heroin": "5 g", "brew": "2 g"}}, substances=BREW)), encoding="utf-8")
    assert "3 g of brew is above line <= 2 g" in CliRunner().invoke(app, ["classify", str(path), "brew=3g"]).output
    assert "less of brew" in CliRunner().invoke(app, ["law", "explain", str(path), "brew=3g"]).output


def scenario_with(substance: str, law: Path | str, tmp_path: Path) -> Path:
    """Write the shipped scenario with one drug under another name and one more candidate; return the file."""
    scenario = ds.load("nsw").model_copy(update={"candidates": ("portugal", str(law)) if str(law) != "portugal" else ("portugal",), "curve": None})
    path = tmp_path / "world.yaml"
    path.write_text(ds.dump_scenario(scenario).replace("mdma", substance), encoding="utf-8")
    return path


def test_a_scenario_may_have_a_substance_that_one_of_its_laws_declares(tmp_path: Path) -> None:
    law = tmp_path / "toy.json"
    law.write_text(json.dumps(two_tiers(tables={"line": {"heroin": "5 g", "brew": "2 g"}}, substances=BREW)), encoding="utf-8")
    assert "brew" in ds.load(scenario_with("brew", law, tmp_path)).substances


def test_a_scenario_may_not_have_a_substance_that_none_of_its_laws_knows(tmp_path: Path) -> None:
    with pytest.raises(ds.DecrimsimError, match=r"substances\.brew: is not a substance that laws know"):
        ds.load(scenario_with("brew", "portugal", tmp_path))


def test_every_name_that_a_shipped_law_declares_is_new_and_explained() -> None:
    declared = {name: law.data["substances"][name]["means"] for law in map(load_law, shipped_laws()) for name in law.declared}
    assert set(declared) >= {"poppy_extract", "opium_poppy_dried", "cannabis_mixture"} and not set(declared) & set(SUBSTANCES)


@pytest.mark.parametrize(
    ("other", "name"), [("1,4-butanediol", "bdo"), ("Meperidine", "pethidine"), ("MDE", "mdea"), ("poppy straw".replace(" ", "_"), "opium_poppy")]
)
def test_other_names_of_the_new_substances_of_the_list_are_known(other: str, name: str) -> None:
    assert canonical(other) == name
