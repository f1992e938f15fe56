"""The Law as a value: versions, changes, pushed bounds, readings, names and hashes."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decrimsim.errors import DecrimsimError, FileError, InputError, LawError, NotInForce, QuantityError
from decrimsim.law import Law, compile_laws, load_law
from decrimsim.law.model import build_law
from decrimsim.testing.laws import laws, plain_law, two_tiers

LAWFUL = settings(deadline=None, derandomize=True, max_examples=60)
NSW = load_law("nsw-deemed-supply")
PORTUGAL = load_law("portugal")


def test_a_patch_leaves_the_baseline_as_it_was() -> None:
    before = (NSW.hash, NSW.id, NSW.notes, str(NSW.raw), str(NSW.data))
    changed = NSW.patch({"tables.traffickable.mdma": "1 g"})
    assert (NSW.hash, NSW.id, NSW.notes, str(NSW.raw), str(NSW.data)) == before
    assert changed.hash != NSW.hash
    assert changed.id.startswith("nsw-deemed-supply-") and len(changed.id) == len(NSW.id) + 9
    assert changed.limits("tables.traffickable.mdma").ug == 1_000_000
    assert changed.kind == "hypothetical"


@LAWFUL
@given(laws(), st.integers(0, 20))
def test_a_patch_of_a_random_law_leaves_its_hash_unchanged(law: Law, ug: int) -> None:
    before = law.hash
    for table, rows in law.data["tables"].items():
        for substance in rows:
            try:
                law.patch({f"tables.{table}.{substance}": f"{ug} ug"})
            except LawError:
                continue  # a change that the way of counting does not allow
    assert law.hash == build_law(law.raw).hash == before


def test_the_same_patch_gives_the_same_law() -> None:
    one, two = (NSW.patch({"tables.traffickable.mdma": "1 g"}) for _ in range(2))
    assert one == two
    assert NSW.patch({"tables.traffickable.mdma": "1.1 g"}).id != one.id


def test_a_limit_that_passes_its_neighbours_pushes_them() -> None:
    up = NSW.patch({"tables.traffickable.heroin": "300 g"})
    assert [up.limits(f"tables.{t}.heroin").ug for t in ("small", "traffickable", "indictable", "commercial", "large_commercial")] == [
        10**6,
        *[300 * 10**6] * 3,
        10**9,
    ]
    assert up.notes == (
        "tables.indictable.heroin was moved to 300 g, since tables.traffickable.heroin passed it",
        "tables.commercial.heroin was moved to 300 g, since tables.traffickable.heroin passed it",
    )
    down = NSW.patch({"tables.traffickable.heroin": "0.5 g"})
    assert down.limits("tables.small.heroin").ug == 500_000
    assert down.classify({"heroin": "0.5 g"}).tier == "traffickable"
    assert down.classify({"heroin": "0.499999 g"}).tier == "small"


def test_a_pushed_bound_moves_within_alternatives_and_forms() -> None:
    up = NSW.patch({"tables.traffickable.lsd.any_exceeds.0": "0.01 g"})
    assert up.data["tables"]["indictable"]["lsd"]["any_exceeds"] == ["10 mg", "25 units"]
    unlimited = NSW.patch({"tables.traffickable.heroin": "unlimited"})
    assert unlimited.limits("tables.large_commercial.heroin").is_unlimited
    assert unlimited.classify({"heroin": "1 kg"}).tier == "possession"
    mexico = load_law("mexico").patch({"tables.federal.mdma": "20 mg"})
    assert mexico.data["tables"]["personal"]["mdma"]["limit"] == "20 mg"
    assert mexico.data["tables"]["personal"]["mdma"]["by_form"][0]["limit"] == "1 unit"


def test_a_bound_pushed_to_a_tie_in_a_law_without_a_resolution_counts_as_the_higher_tier() -> None:
    tables = {"small": {"heroin": "1 g"}, "large": {"heroin": "3 g"}}
    tiers = [{"id": "low", "upper": {"table": "small", "op": "<="}}, {"id": "mid"}, {"id": "high", "lower": {"table": "large", "op": ">="}}]
    effects = {tier: {"type": "none", "own_use": "none", "supply": "supply"} for tier in ("low", "mid", "high")}
    law = build_law(plain_law(tables=tables, tiers=tiers, effects=effects, overlap=None)).patch({"tables.large.heroin": "0.5 g"})
    assert law.classify({"heroin": "0.5 g"}).tier == "high"
    assert law.notes[0] == "where two tiers now fit one amount, the higher one counts"


def test_one_limit_in_place_of_alternatives_is_noted() -> None:
    law = load_law("mexico").patch({"tables.personal.mdma": "100 mg"})
    assert any("replaces the alternatives or limits by form" in note for note in law.notes)
    assert law.classify({"mdma": {"form": "tablet", "units": 2, "g": "0.1 g"}}).tier == "personal"
    kept = load_law("mexico").patch({"tables.personal.mdma.limit": "100 mg"})
    assert kept.classify({"mdma": {"form": "tablet", "units": 2, "g": "0.1 g"}}).tier == "above"


def test_a_derived_table_follows_its_base_and_can_be_changed_itself() -> None:
    portugal = load_law("portugal")
    assert portugal.limits("tables.ten_days.heroin").ug == 1_000_000
    assert portugal.patch({"tables.daily.heroin": "0.2 g"}).limits("tables.ten_days.heroin").ug == 2_000_000
    assert portugal.patch({"table_notes.ten_days.derive.multiply": 2.5}).limits("tables.ten_days.heroin").ug == 250_000
    own = portugal.patch({"tables.ten_days.heroin": "3 g"})
    assert (own.limits("tables.ten_days.heroin").ug, own.limits("tables.daily.heroin").ug) == (3_000_000, 100_000)
    assert own.patch({"tables.daily.heroin": "9 g"}).limits("tables.ten_days.heroin").ug == 3_000_000


def test_a_patch_works_on_a_chosen_day_and_on_every_version() -> None:
    law = load_law("portugal@2023-09-30").patch({"effects.excess.own_use": "none"})
    assert law.date == datetime.date(2023, 9, 30)
    assert law.classify({"heroin": "5 g"}).offence == "none"
    assert law.classify({"heroin": "5 g"}, date="2024-01-01").offence == "none"


def test_a_new_row_may_be_added_and_an_optional_key_removed() -> None:
    law = load_law("portugal").patch({"tables.ten_days.methamphetamine": "1 g", "review": None})
    assert law.classify({"meth": "1.1 g"}).tier == "excess"
    assert "review" not in law.data


def test_an_alias_reaches_the_same_row() -> None:
    assert NSW.patch({"tables.small.cannabis_leaf": "31 g"}).limits("tables.small.cannabis_herb").ug == 31_000_000
    assert NSW.classify({"cannabis_leaf": "31 g"}).tier == NSW.classify({"cannabis_herb": "31 g"}).tier


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "nothing to change"),
        ({"tables.trafickable.mdma": "1 g"}, "Did you mean 'traffickable'"),
        ({"tables.traffickable.mdmaa": "1 g"}, "Did you mean 'mdma'"),
        ({"tables.traffickable.mdma": "1"}, "has no unit"),
        ({"tables.traffickable.mdma": 1}, "has no unit"),
        ({"effects.traffickable.typ": "none"}, "Did you mean 'type'"),
        ({"effects.traffickable.type": "maybe"}, "Wanted one of none, personal"),
        ({"effects.trafickable.type": "none"}, "Did you mean 'traffickable'"),
        ({"tiers.9.upper.op": "<"}, "'9' is not there"),
        ({"kind.nothing": "x"}, "'nothing' is not there"),
        ({"": "x"}, "not a dotted path"),
        ({"tiers.0.upper": None}, "a bound between the tiers 'small' and 'possession'"),
    ],
)
def test_a_patch_that_does_not_fit_says_why(changes: dict[str, object], says: str) -> None:
    with pytest.raises(DecrimsimError) as caught:
        NSW.patch(changes)
    assert says in str(caught.value)


def test_a_reading_is_a_named_patch() -> None:
    portugal = load_law("portugal")
    pure = portugal.reading("weight_basis", "active_principle")
    dose = {"heroin": {"g": "3 g", "purity": 0.25}}
    assert (portugal.classify(dose).tier, pure.classify(dose).tier) == ("excess", "personal")
    assert portugal.reading("weight_basis", "gross") is portugal
    assert pure.name == "portugal (active_principle)"
    for question, answer in (("weight_base", "gross"), ("weight_basis", "grss")):
        with pytest.raises(InputError, match="Did you mean"):
            portugal.reading(question, answer)


@pytest.mark.parametrize(("day", "above"), [("2023-09-30", "possession"), ("2023-10-01", "administrative")])
def test_the_day_of_a_change_decides(day: str, above: str) -> None:
    assert PORTUGAL.classify({"heroin": "1.01 g"}, date=day).offence == above
    assert load_law(f"portugal@{day}").classify({"heroin": "1.01 g"}).offence == above


def test_without_a_date_the_newest_version_holds() -> None:
    assert PORTUGAL.date is None
    assert PORTUGAL.classify({"heroin": "1.01 g"}).offence == "administrative"
    assert PORTUGAL.at("2023-10-01").hash == PORTUGAL.hash


def test_a_law_does_not_exist_before_its_commencement_or_after_its_repeal() -> None:
    with pytest.raises(NotInForce, match="portugal@2001-07-01"):
        load_law("portugal@2001-06-30")
    raw = two_tiers(force=[{"from": "2001-01-01", "to": "2005-12-31", "state": "in_force"}, {"from": "2006-01-01", "state": "annulled"}])
    law = build_law(raw)
    assert law.at("2005-12-31").date == datetime.date(2005, 12, 31)
    with pytest.raises(NotInForce, match="annulled"):
        law.at("2006-01-01")


def test_a_rule_asked_about_before_its_first_version_is_an_error_not_a_zero() -> None:
    law = build_law(two_tiers({"dated": {"2020-01-01": "1 g", "2022-01-01": "2 g"}}))
    assert law.at("2021-12-31").limits("tables.line.heroin").ug == 1_000_000
    assert law.limits("tables.line.heroin").ug == 2_000_000
    with pytest.raises(NotInForce, match=r"tables\.line\.heroin: this rule begins on 2020-01-01"):
        law.at("2019-12-31")


def test_a_rule_can_end() -> None:
    raw = two_tiers(review={"dated": {"2020-01-01": {"clause": "yearly"}, "2022-01-01": None}})
    law = build_law(raw)
    assert "review" not in law.data and "review" in law.at("2021-01-01").data


def test_every_table_may_be_dated_as_a_whole() -> None:
    law = build_law(two_tiers(tables={"line": {"dated": {"2020-01-01": {"cannabis": "1 g"}, "2022-01-01": {"cannabis": "2 g"}}}}))
    assert law.limits("tables.line.cannabis_herb").ug == 2_000_000
    assert law.patch({"tables.line.cannabis": "5 g"}).at("2020-05-05").limits("tables.line.cannabis").ug == 5_000_000


def test_renaming_changes_the_name_only() -> None:
    law = NSW.named("baseline")
    assert (law.name, law.id, law.hash) == ("baseline", NSW.id, NSW.hash)


def test_limits_gives_an_amount_or_says_that_there_is_none() -> None:
    assert NSW.limits("tables.small.mdma").ug == 250_000
    assert NSW.limits("tables.small.cannabis_plant").units == 5
    assert NSW.limits("tables.notice_limit.mdma").ug == 750_000
    assert NSW.limits("tables.notice_limit.mdma.by_form.0.limit").ug == 250_000
    for path in ("tables.small", "tables.small.lsd", "title", "tables.small.nothing", "effects.small.type"):
        with pytest.raises(InputError):
            NSW.limits(path)


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("portugl", InputError, "Did you mean 'portugal'"),
        ("somewhere/else.yaml", FileError, "no such file"),
        ("portugal@yesterday", QuantityError, "is not a date"),
        ("portugal@1999-01-01", NotInForce, "not in force on 1999-01-01"),
    ],
)
def test_a_law_that_cannot_be_found_says_what_to_type(name: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        load_law(name)


def test_another_default_of_an_open_question_is_another_reading() -> None:
    law = load_law("portugal")
    question, options = next((name, one["options"]) for name, one in law.data["interpretations"].items() if name == "weight_basis")
    answer = next(name for name, changes in options.items() if changes)
    read, patched = law.reading(question, answer), law.patch({f"interpretations.{question}.default": answer})
    assert compile_laws([read, patched, law], ["heroin", "cannabis_resin"]).equal_rules(0, 1)
    assert not compile_laws([read, patched, law], ["heroin", "cannabis_resin"]).equal_rules(1, 2)
    with pytest.raises(InputError, match="no reading of 'weight_basis'"):
        law.patch({"interpretations.weight_basis.default": "gros"})


def test_a_patch_file_may_choose_a_reading_and_another_one_must_undo_it() -> None:
    applied, read = load_law("portugal-as-applied"), load_law("portugal").reading("weight_basis", "police_and_courts")
    assert compile_laws([applied, read], ["heroin", "cannabis_resin", "cannabis_herb"]).equal_rules(0, 1)
    assert applied.reading("weight_basis", "active_principle").classify({"cannabis_herb": {"g": "5 g", "purity": 0.12}}).tier == "excess"
    for law in (applied, read):
        with pytest.raises(InputError, match="already read as 'police_and_courts'"):
            law.reading("weight_basis", "gross")


def test_a_limit_with_alternatives_names_them() -> None:
    with pytest.raises(InputError, match=r"more than one amount.*small\.mdma\.any_exceeds\.0, tables\.small\.mdma\.any_exceeds\.1"):
        load_law("act-2023").limits("tables.small.mdma")
    applied = load_law("portugal-as-applied")
    with pytest.raises(InputError, match=r"all_must_exceed\.1\.limit"):
        applied.limits("tables.daily.cannabis_resin")
    assert applied.limits("tables.daily.cannabis_resin.all_must_exceed.1.limit").ug == 50_000
