"""The world of New South Wales shows the patterns that are reported, across most of the ranges of its parameters.

Nothing here is simulated: purchases and amounts used are computed on grids of quantiles, ranges are walked with an
unscrambled Sobol sequence. Patterns that need a run are tested with the engine.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats
from scipy.stats import qmc

from decrimsim.errors import ScenarioError
from decrimsim.files import read_document
from decrimsim.law import load_law
from decrimsim.parameters import ASSUMPTION, Amount
from decrimsim.scenario import Scenario, free_parameters, load_scenario, vary
from decrimsim.shipped import shipped_folder

NSW = load_scenario("nsw")
LAW = load_law("nsw-deemed-supply").at("2024-06-01")
LINE_UG = {"cannabis_herb": 300_000_000, "mdma": 750_000, "cocaine": 3_000_000, "methamphetamine": 3_000_000, "heroin": 3_000_000}
F64 = npt.NDArray[np.float64]


@functools.cache
def _normal(n: int) -> F64:
    """Return the quantiles of a standard normal in the middle of n equal slices."""
    return np.asarray(stats.norm.ppf((np.arange(n) + 0.5) / n))


def draws(parts: Sequence[str], n: int) -> list[Scenario]:
    """Return scenarios spread evenly over the ranges of the parameters whose paths contain one of the parts."""
    moved = [(path, parameter) for path, parameter in free_parameters(NSW) if any(part in path for part in parts)]
    points = qmc.Sobol(len(moved), scramble=False).random(n)
    return [vary(NSW, {path: _text(parameter, share) for share, (path, parameter) in zip(point, moved, strict=True)}) for point in points]


def _text(parameter: object, share: float) -> str | float:
    low, high = parameter.number("low"), parameter.number("high")  # type: ignore[attr-defined]
    number = low + share * (high - low)
    return f"{round(number)} ug" if isinstance(parameter, Amount) else number


def purchases_ug(scenario: Scenario, name: str, *factors: float, n: int = 40) -> F64:
    """Return purchases for own use in ug, equally likely, over people's doses, purchase habits and purses; whole deals."""
    s = scenario.substances[name]
    z = _normal(n)
    usual = s.dose.ug * np.exp(s.dose_sd_people.value * z)
    wanted = _steps(usual, s.unit.ug)[:, None] * (s.purchase.value * np.exp(s.purchase_sd.value * z) * np.prod(factors))[None, :]
    afford_ug = 1e6 * (s.price.purse.value * np.exp(s.price.purse_sd.value * z) / s.price.gram.value) ** (1 / s.price.exponent.value)
    affordable = np.maximum(afford_ug // s.deal.ug, 1) * s.deal.ug
    return np.minimum(_steps(wanted, s.deal.ug).reshape(-1, 1), affordable[None, :]).ravel()


def _steps(amount_ug: F64, step_ug: int) -> F64:
    """Return amounts rounded to whole steps, at least one."""
    return np.asarray(np.maximum(np.floor(amount_ug / step_ug + 0.5), 1) * step_ug)


def over(scenario: Scenario, name: str, *factors: float) -> float:
    """Return the share of purchases at or over the traffickable quantity."""
    return float((purchases_ug(scenario, name, *factors) >= LINE_UG[name]).mean())


def top_tenth(scenario: Scenario, name: str) -> float:
    """Return the share of all grams that the tenth of people who use most uses."""
    s = scenario.substances[name]
    dose = np.exp(s.dose_sd_people.value * _normal(200))
    grams, weights = [], []
    for kind in s.types.values():
        mean, both = min(kind.days.value / 28, 0.999), kind.concentration.value
        days = stats.beta.ppf((np.arange(100) + 0.5) / 100, mean * both, (1 - mean) * both)
        grams.append(np.outer(days, dose).ravel())
        weights.append(np.full(grams[-1].size, kind.share.value / grams[-1].size))
    amount, weight = np.concatenate(grams), np.concatenate(weights)
    order = np.argsort(-amount)
    amount, weight = amount[order], weight[order]
    return float((amount * weight)[np.cumsum(weight) <= 0.1].sum() / (amount * weight).sum())


def test_the_lines_used_here_are_those_of_the_law() -> None:
    for name, line_ug in LINE_UG.items():
        assert LAW.classify({name: f"{line_ug} ug"}).effect == "presumption"
        assert LAW.classify({name: f"{line_ug - 1} ug"}).effect == "none"


def test_two_pills_are_under_the_line_and_three_reach_it() -> None:
    pill_ug = NSW.substances["mdma"].unit.ug
    assert LAW.classify({"mdma": f"{2 * pill_ug} ug"}).offence == "possession"
    assert LAW.classify({"mdma": f"{3 * pill_ug} ug"}).offence == "supply"


def test_mdma_is_over_the_line_most_often_in_nearly_every_draw() -> None:
    scenarios = draws([".dose", ".purchase", ".price", ".unit", ".deal"], 64)
    first = [max(LINE_UG, key=lambda name, s=s: over(s, name)) == "mdma" for s in scenarios]  # type: ignore[misc]
    assert over(NSW, "mdma") > 2 * max(over(NSW, name) for name in LINE_UG if name != "mdma")
    assert np.mean(first) >= 0.9


@pytest.mark.parametrize("name", ["cannabis_herb", "cocaine", "methamphetamine", "heroin"])
def test_a_usual_purchase_of_another_substance_is_seldom_over_the_line(name: str) -> None:
    scenarios = draws([f"substances.{name}.dose", f"substances.{name}.purchase", f"substances.{name}.price"], 64)
    assert over(NSW, name) < 0.05
    assert np.mean([over(s, name) < 0.05 for s in scenarios]) >= 0.7


def test_stocking_up_puts_most_mdma_purchases_over_the_line() -> None:
    scenarios = draws(["mdma.dose", "mdma.purchase", "mdma.price", "lockdown.stock_factor"], 64)
    shares = [over(s, "mdma", s.market.lockdown.stock_factor.value) for s in scenarios if s.market.lockdown]
    assert NSW.market.lockdown is not None
    assert 0.6 <= over(NSW, "mdma", NSW.market.lockdown.stock_factor.value) <= 0.9
    assert len(shares) == 64
    assert np.mean([0.5 <= share <= 0.95 for share in shares]) >= 0.65  # the range of the dose reaches down to capsules


def test_three_friends_buying_mdma_together_are_mostly_over_the_line() -> None:
    z = np.sort(purchases_ug(NSW, "mdma", n=12))[::17]
    three = (z[:, None, None] + z[None, :, None] + z[None, None, :]).ravel()
    assert (three >= LINE_UG["mdma"]).mean() > 0.9


def test_a_methamphetamine_purchase_of_three_grams_is_rare() -> None:
    def share(s: Scenario) -> float:
        bulk = s.people.bulk_buyer.value
        return (1 - bulk) * over(s, "methamphetamine") + bulk * over(s, "methamphetamine", s.market.bulk_factor.value)

    scenarios = draws(["methamphetamine.dose", "methamphetamine.purchase", "methamphetamine.price", "bulk_"], 64)
    assert share(NSW) < 0.02
    assert np.mean([share(s) < 0.02 for s in scenarios]) >= 0.9


def test_the_modal_methamphetamine_purchase_is_what_a_hundred_dollars_bought() -> None:
    assert 100_000 <= np.median(purchases_ug(NSW, "methamphetamine")) <= 250_000


def test_the_top_tenth_uses_more_than_half_of_the_cannabis() -> None:
    scenarios = draws(["cannabis_herb.dose_sd", "cannabis_herb.types"], 64)
    shares = [top_tenth(s, "cannabis_herb") for s in scenarios]
    assert 0.55 <= top_tenth(NSW, "cannabis_herb") <= 0.75
    assert np.mean([0.5 <= share <= 0.75 for share in shares]) >= 0.8


def test_a_person_has_about_one_and_a_half_habits() -> None:
    habits = [1 + sum(x.also.value * (1 - x.main.value) for x in s.substances.values()) for s in [NSW, *draws([".also"], 32)]]
    assert 1.4 <= habits[0] <= 1.6
    assert min(habits) > 1.1
    assert max(habits) < 2.2


def test_circles_have_about_three_people() -> None:
    assert 2.8 <= sum(int(size) * share.value for size, share in NSW.people.circle_size.items()) <= 3.3


def test_aboriginal_people_are_cautioned_as_seldom_as_reported() -> None:
    ratio = NSW.practice.police.caution_factor["indigenous"]["aboriginal"]
    assert 0.2 <= ratio.value <= 0.35
    assert ratio.range[0] <= 11.7 / 43.9 <= ratio.range[1]


def test_guilty_pleas_to_possession_are_as_frequent_as_reported() -> None:
    assert NSW.practice.court.plead_possession.range[0] >= 0.9
    assert NSW.practice.court.plead_possession.range[1] <= 0.98


def test_the_cost_of_a_caution_and_of_a_prosecution_add_up_to_the_published_totals() -> None:
    costs, p_arrest = NSW.costs, NSW.practice.police.arrest.possession.value
    contact = costs.stop.value + costs.search.value + costs.find.value
    assert contact + costs.caution.value == pytest.approx(507)
    assert contact + p_arrest * costs.arrest.value + costs.prosecution.value + costs.court.value == pytest.approx(1282, rel=0.005)


def test_an_ounce_of_cannabis_costs_what_was_published() -> None:
    price = NSW.substances["cannabis_herb"].price
    assert price.gram.value * 28**price.exponent.value == pytest.approx(449, rel=0.1)


def test_every_assumption_says_that_it_is_one_and_is_wide() -> None:
    for path, parameter in NSW.parameters():
        if parameter.grade == "D":
            assert parameter.source == ASSUMPTION
            assert parameter.note.startswith("Assumed"), path
        else:
            assert parameter.note, path
            assert parameter.source in NSW.sources


def test_every_source_is_used_or_named_in_a_note() -> None:
    used = {parameter.source for _, parameter in NSW.parameters()}
    told = {key for key, source in NSW.sources.items() if "no parameter names it" in source.note}
    assert {key for key in NSW.sources if key not in used} == {"canada-top-tenth", "ndlerf-59"} | told


def test_the_file_is_readable_by_people_and_small_for_machines() -> None:
    path = shipped_folder() / "nsw.yaml"
    text = path.read_text(encoding="utf-8")
    assert len(text) < 2**20 // 4
    assert len(read_document(path).places) < 20_000
    assert "&" not in "".join(line.split("#")[0] for line in text.splitlines() if "http" not in line)
    assert text.count("# ----") >= 8


def test_the_laws_it_names_exist() -> None:
    for name in (NSW.baseline, *NSW.candidates):
        assert load_law(name).id == name


def test_the_order_of_the_substances_is_fixed() -> None:
    assert tuple(NSW.substances) == ("cannabis_herb", "mdma", "cocaine", "methamphetamine", "heroin")


def test_a_world_without_its_reference_group_is_refused() -> None:
    with pytest.raises(ScenarioError, match="add up"):
        vary(NSW, {"people.axes.indigenous.non_aboriginal": "low"})
