"""What the law says about one find, read from the law file as it is written and from the slow evaluation of amounts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from decrimsim.law import FORMS, Law
from decrimsim.law.evaluate import Lot, classify
from decrimsim.law.routes import open_routes
from decrimsim.law.shape import parse_prison_days
from decrimsim.law.words import canonical
from decrimsim.scenario import Scenario
from twin.police import Find


@dataclass(frozen=True)
class Reading:
    """What a law says about what was found on a person with a record.

    effect          what the amount may say: none, personal, indicative, presumption, conclusive
    own_use         what the holding is if it is not for supply: none, administrative, possession
    is_supply       it may be treated as supply at all
    routes          caution, notice, panel, as far as amounts and record allow
    is_mandatory    this report makes treatment mandatory
    is_regulated    the law covers something of what was found
    """

    tier: int
    effect: str
    own_use: str
    is_supply: bool
    burden_on_accused: bool
    whole_holding: bool
    balance_is_enough: bool
    routes: tuple[str, ...]
    is_mandatory: bool
    is_regulated: bool
    is_diversion_conditional: bool
    takes_drugs: bool
    max_possession_days: int
    max_supply_days: int
    ways: tuple[str, ...]
    """notice, panel: what the law has for an administrative offence of this amount and record"""

    def but(self, **changes: Any) -> Reading:
        """Return the reading with some changes."""
        return replace(self, **changes)


def read_law(law: Law, scenario: Scenario, find: Find) -> Reading:
    """Return what the law says about a find."""
    assert law.rules is not None
    person, names = find.person, list(scenario.substances)
    lots = tuple(
        Lot(canonical(names[lot.holding.habit.substance]), FORMS[lot.holding.habit.form], lot.measured_ug, lot.pure_ug, lot.units) for lot in find.lots
    )
    facts = {"cautions": person.cautions, "notices": person.notices, "conviction": person.convictions > 0, "supply_conviction": person.supply_convictions > 0}
    amount = classify(law, lots, facts)
    rule = law.data["effects"][amount.tier]
    routes = open_routes(law.data, law.rules, lots, "possession", facts, [])
    return Reading(
        tier=amount.position,
        effect=amount.effect if amount.is_regulated else "none",
        own_use=rule["own_use"] if amount.is_regulated else "none",
        is_supply=amount.is_regulated and rule["supply"] == "supply",
        burden_on_accused=rule.get("burden_on") == "accused",
        whole_holding=rule.get("scope") == "whole",
        balance_is_enough=rule.get("standard") == "balance_of_probabilities",
        routes=(*routes, "panel") if "panel" in law.data.get("routes", {}) else routes,
        is_mandatory=amount.is_regulated and is_mandatory(law, person.reports + 1),
        is_regulated=amount.is_regulated,
        is_diversion_conditional=law.data.get("routes", {}).get("diversion", {}).get("conditional", False),
        takes_drugs=amount.is_regulated and takes_drugs(law, amount.position),
        max_possession_days=parse_prison_days(rule.get("max_prison_possession", "none")),
        max_supply_days=parse_prison_days(rule.get("max_prison_supply", "none")),
        ways=tuple(way for way in ("notice", "panel") if way in routes or (way in law.data.get("routes", {}) and way == "panel")),
    )


def is_mandatory(law: Law, reports: int) -> bool:
    """Tell whether so many reports, the present one counted, make treatment mandatory."""
    repeat = law.data.get("repeat", {})
    return bool(repeat.get("counter") == "reports" and repeat.get("effect") == "mandatory_treatment" and reports >= repeat["at"])


def takes_drugs(law: Law, tier: int) -> bool:
    """Tell whether drugs found that are not treated as supply are taken."""
    seizure: dict[str, Any] = law.data["seizure"]
    return seizure["drugs"] == "always" and ("from_tier" not in seizure or tier >= law.tiers.index(seizure["from_tier"]))
