"""The measures again, slowly: plain loops over rows, people and laws, written from the definitions alone."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np

from decrimsim import schema
from decrimsim.law import CompiledLaws
from decrimsim.tables import ReplicateTables, Table

Row = dict[str, Any]


_SEEN: dict[tuple[int, int], tuple[Table, list[Row]]] = {}
"""Rows already worked out, by table and law; the table is kept so that no other takes its identity."""


def rows_of(table: Table, law: int) -> list[Row]:
    """Return the rows of a law as dictionaries, codes as words; not to be written to."""
    if (id(table), law) not in _SEEN:
        if len(_SEEN) > 100:
            _SEEN.clear()
        _SEEN[id(table), law] = table, _rows_of(table, law)
    return _SEEN[id(table), law][1]


def _rows_of(table: Table, law: int) -> list[Row]:
    words = {column.name: column.codes for columns in schema.TABLES.values() for column in columns}
    found = []
    is_true = table.is_true(law)
    for i in range(len(table)):
        if is_true[i]:
            row = {name: column[i].item() for name, column in table.columns.items()}
            found.append({name: words[name][value] if words[name] else value for name, value in row.items()})
    return found


def rung_of(case: Row) -> int:
    """Return the highest rung of one case."""
    rung = 1
    if case["referral"] != "not_offered" and not case["is_compelled"]:
        rung = 2
    if case["police"] != "no_action" or case["is_seized"]:
        rung = 3
    if case["police"] == "notice" or case["panel"] == "sanctioned" or case["is_compelled"] or case["sanctions"] > 0:
        rung = 4
    for height, stage, choice in (
        (5, "prosecutor", "charge_possession"),
        (6, "prosecutor", "charge_supply"),
        (7, "verdict", "possession"),
        (8, "verdict", "supply"),
    ):
        if case[stage] == choice:
            rung = height
    return rung


def cuts_of(case: Row) -> set[str]:
    """Return the cuts that one case sets."""
    cuts = {"contact"}
    criminal = case["prosecutor"].startswith("charge_") or case["verdict"] in ("possession", "supply")
    custody = case["police"] == "arrest" or case["is_detained"] or case["sentence"] == "prison" or case["detention_days"] > 0 or case["prison_days"] > 0
    custody = custody or case["compulsory_days"] > 0
    if case["police"] != "no_action" or criminal or case["sanctions"] > 0:
        cuts.add("recorded")
    if criminal:
        cuts.add("criminal")
    if case["prosecutor"] == "charge_supply":
        cuts.add("supply")
    if custody:
        cuts.add("custodial")
    if (
        case["is_seized"]
        or case["is_compelled"]
        or case["police"] == "notice"
        or case["panel"] == "sanctioned"
        or case["bribe"] == "paid"
        or case["sanctions"] > 0
        or criminal
        or custody
    ):
        cuts.add("coercive")
    return cuts


SANCTIONED = {
    "licence_loss": "licence_losses",
    "registration": "registrations",
    "urine_tests": "urine_tests",
    "corporal": "corporal",
    "deportation": "deportations",
    "capital": "capital_exposure",
}


def outcomes_of(tables: ReplicateTables, law: int) -> dict[str, int]:
    """Return all outcomes but cost."""
    n = dict.fromkeys(schema.OUTCOMES, 0)
    for encounter in rows_of(tables.encounters, law):
        n["stops"] += 1
        n["searches"] += encounter["is_searched"]
        n["found"] += encounter["is_found"]
        n["violent_encounters"] += encounter["is_violent"]
    charged, convicted, found = set(), set(), set()
    for case in rows_of(tables.cases, law):
        found.add(case["person"])
        n["cautions"] += case["police"] == "caution"
        n["notices"] += case["police"] == "notice"
        n["panels"] += case["panel"] != "not_reached"
        n["panel_sanctions"] += case["panel"] == "sanctioned"
        n["diversions"] += case["prosecutor"] == "diverted"
        n["arrests"] += case["police"] == "arrest"
        n["proceeded"] += case["police"] in ("arrest", "summons")
        for what in ("possession", "supply"):
            n[f"charges_{what}"] += case["prosecutor"] == f"charge_{what}"
            n[f"convictions_{what}"] += case["verdict"] == what
        n["detention_days"] += case["detention_days"]
        n["prison_days"] += case["prison_days"]
        n["violent_arrests"] += case["is_arrest_violent"]
        n["bribes_paid"] += case["bribe"] == "paid"
        n["assessments"] += case["is_assessed"]
        n["diversion_conditions"] += case["diversion"] in ("kept", "breached", "convicted")
        n["diversion_breaches"] += case["diversion"] in ("breached", "convicted")
        n["back_door_convictions"] += (
            case["notice"] == "unpaid_convicted" or case["diversion"] == "convicted" or case["drop_out"] in ("convicted", "imprisoned")
        )
        n["unpaid_notices"] += case["notice"] in ("unpaid", "unpaid_convicted")
        n["precedents_granted"] += case["negotiation"] == "granted"
        n["appeals"] += case["appeal"] in ("dismissed", "allowed")
        n["appeals_allowed"] += case["appeal"] == "allowed"
        n["compulsory_days"] += case["compulsory_days"]
        n["order_days"] += case["order_days"]
        n["drop_outs"] += case["drop_out"] != "none"
        n["drop_out_sanctions"] += case["drop_out"] in ("sanctioned", "convicted", "imprisoned")
        n["custody_days"] += max(case["detention_days"], case["prison_days"]) + case["compulsory_days"]
        if case["prosecutor"].startswith("charge_"):
            n["resolution_days"] += case["closed_day"] - case["day"]
        for name, outcome in SANCTIONED.items():
            n[outcome] += case["sanctions"] >> schema.SANCTIONS.index(name) & 1
        n["job_losses"] += case["is_job_lost"]
        n["home_losses"] += case["is_home_lost"]
        for step in schema.REFERRAL[1 : 1 + schema.REFERRAL.index(case["referral"])]:
            n[f"referrals_{step}"] += 1
        if case["prosecutor"] == "charge_supply":
            charged.add(case["person"])
        if case["verdict"] == "supply":
            convicted.add(case["person"])
    role = {int(p): schema.ROLES[r] for p, r in zip(tables.people["person"], tables.people["role"], strict=True)}
    sells = {p for p, r in role.items() if r in ("user_dealer", "commercial")}
    n["users_charged_supply"], n["users_convicted_supply"] = len(charged - sells), len(convicted - sells)
    n["suppliers_not_charged_supply"] = len((found & sells) - charged)
    del n["cost"]
    return n


def cost_events_of(tables: ReplicateTables, law: int) -> dict[str, int]:
    """Return how often everything happened that has a unit cost."""
    n = {"stop": 0, "search": 0, "find": 0}
    for encounter in rows_of(tables.encounters, law):
        n["stop"] += 1
        n["search"] += encounter["is_searched"]
        n["find"] += encounter["is_found"]
    steps = ("arrest", "caution", "notice", "panel", "prosecution", "court", "hearing", "detention_day", "prison_day", "community_order", "referral", "service")
    n |= dict.fromkeys((*steps, "assessment", "appeal", "licence_loss", "registration", "urine_tests", "compulsory_day", "corporal", "deportation"), 0)
    for case in rows_of(tables.cases, law):
        for name in ("arrest", "caution", "notice"):
            n[name] += case["police"] == name
        n["panel"] += "panel" in (case["police"], case["prosecutor"])
        n["prosecution"] += case["prosecutor"].startswith("charge_")
        is_unheard = case["notice"] == "unpaid_convicted" or case["diversion"] == "convicted" or case["drop_out"] in ("convicted", "imprisoned")
        n["court"] += case["negotiation"] != "not_reached" or is_unheard
        n["hearing"] += case["negotiation"] == "contested"
        n["detention_day"] += case["detention_days"]
        n["prison_day"] += max(case["prison_days"] - case["detention_days"], 0)
        n["community_order"] += case["sentence"] == "community_order"
        n["referral"] += case["referral"] in ("accepted", "started", "finished")
        n["service"] += case["referral"] in ("started", "finished")
        n["assessment"] += case["is_assessed"]
        n["appeal"] += case["appeal"] in ("dismissed", "allowed")
        n["compulsory_day"] += case["compulsory_days"]
        for name in ("licence_loss", "registration", "urine_tests", "corporal", "deportation"):
            n[name] += case["sanctions"] >> schema.SANCTIONS.index(name) & 1
    return n


def rungs_of(tables: ReplicateTables, law: int) -> dict[int, int]:
    """Return the highest rung of every person."""
    rung = {int(person): 0 for person in tables.people["person"]}
    for encounter in rows_of(tables.encounters, law):
        rung[encounter["person"]] = max(rung[encounter["person"]], 1)
    for case in rows_of(tables.cases, law):
        rung[case["person"]] = max(rung[case["person"]], rung_of(case))
    return rung


def flags_of(tables: ReplicateTables, law: int) -> dict[str, set[int]]:
    """Return who has each cut."""
    people: dict[str, set[int]] = {cut: set() for cut in schema.CUTS}
    people["contact"] = {encounter["person"] for encounter in rows_of(tables.encounters, law)}
    for case in rows_of(tables.cases, law):
        for cut in cuts_of(case):
            people[cut].add(case["person"])
    return people


def ledger_of(tables: ReplicateTables, law: int, baseline: int) -> np.ndarray:
    """Return the ledger."""
    table = np.zeros((len(schema.RUNGS), len(schema.RUNGS)), int)
    under_a, under_b = rungs_of(tables, baseline), rungs_of(tables, law)
    for person, rung in under_a.items():
        table[rung, under_b[person]] += 1
    return table


def purpose_of(tables: ReplicateTables, law: int, person: int, day: int) -> str:
    """Return the main purpose of what was found; of equals, the least serious."""
    grams = dict.fromkeys(("own", "circle", "other", "fund_own_use", "profit"), 0)
    for finding in rows_of(tables.findings, law):
        if (finding["person"], finding["day"]) == (person, day):
            for purpose in grams:
                grams[purpose] += finding[f"{purpose}_ug"]
    return max(grams, key=lambda purpose: grams[purpose])


def purposes_of(tables: ReplicateTables, law: int) -> np.ndarray:
    """Return cases by purpose and stage."""
    table = np.zeros((len(schema.PURPOSES), 5), int)
    for case in rows_of(tables.cases, law):
        row = table[schema.PURPOSES.index(purpose_of(tables, law, case["person"], case["day"]))]
        stages = (
            True,
            case["effect"] in ("indicative", "presumption", "conclusive"),
            case["line"] == "supply",
            case["prosecutor"] == "charge_supply",
            case["verdict"] == "supply",
        )
        row += np.array(stages, int)
    return table


def supply_by(truth: str, purpose: str, sharing_is_supply: bool) -> bool:
    """Return whether a holding with the main purpose is supply by a truth."""
    if truth == "guide":
        return purpose == "profit"
    return purpose in ("fund_own_use", "profit") or (purpose in ("circle", "other") and sharing_is_supply)


def calls_of(tables: ReplicateTables, law: int, truth: str, sharing_is_supply: bool) -> np.ndarray:
    """Return cases by call stage and by true positive, false positive, false negative, true negative."""
    table = np.zeros((4, 4), int)
    for case in rows_of(tables.cases, law):
        is_supply = supply_by(truth, purpose_of(tables, law, case["person"], case["day"]), sharing_is_supply)
        called = (
            case["effect"] in ("indicative", "presumption", "conclusive"),
            case["line"] == "supply",
            case["prosecutor"] == "charge_supply",
            case["verdict"] == "supply",
        )
        for stage, yes in enumerate(called):
            table[stage, {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}[yes, is_supply]] += 1
    return table


def wins_of(scores: list[tuple[float, bool]]) -> int:
    """Return twice the Mann–Whitney count, pair by pair."""
    supply, other = ([score for score, yes in scores if yes is want] for want in (True, False))
    return sum(2 * (a > b) + (a == b) for a in supply for b in other)


def trapezoid_of(scores: list[tuple[float, bool]]) -> Fraction:
    """Return the area under the curve of true against false positives, by trapezoids over every line that tells scores apart."""
    n_supply = sum(yes for _, yes in scores)
    points = [(Fraction(0), Fraction(0))]
    for line in sorted({score for score, _ in scores}, reverse=True):
        above = [yes for score, yes in scores if score >= line]
        points.append((Fraction(len(above) - sum(above), len(scores) - n_supply), Fraction(sum(above), n_supply)))
    return sum(((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in itertools.pairwise(points)), Fraction(0))


def rising_of(with_flag: list[int], of: list[int]) -> list[Fraction | None]:
    """Return the rising fit by its definition: the greatest over starts of the least over ends of the share between them."""
    places = range(len(of))

    def mean(a: int, b: int) -> Fraction | None:
        n = sum(of[a : b + 1])
        return Fraction(sum(with_flag[a : b + 1]), n) if n else None

    fitted: list[Fraction | None] = []
    for i in places:
        if not of[i]:
            fitted.append(None)
            continue
        least = [min(m for b in places[i:] if (m := mean(a, b)) is not None) for a in range(i + 1)]
        fitted.append(max(least))
    return fitted


def mesh_counts_of(tables: ReplicateTables, law: int, substance: int, low_ug: float, high_ug: float, cut: str) -> tuple[int, int]:
    """Return how many lots of a substance were found in a bin, and in how many of them the case set the cut."""
    cut_days = {(case["person"], case["day"]) for case in rows_of(tables.cases, law) if cut in cuts_of(case)}
    lots = [f for f in rows_of(tables.findings, law) if f["substance"] == substance and low_ug <= f["measured_ug"] < high_ug]
    return len(lots), sum((f["person"], f["day"]) in cut_days for f in lots)


def queue_of(tables: ReplicateTables, law: int, days: int) -> dict[str, Any]:
    """Return the queue of cases, case by case and day by day."""
    cases = [case for case in rows_of(tables.cases, law) if case["police"] in ("panel", "summons", "arrest")]
    return {
        "opened": [sum(case["day"] == day for case in cases) for day in range(days)],
        "closed": [sum(case["closed_day"] == day for case in cases) for day in range(days)],
        "pending": [sum(case["day"] <= day < case["closed_day"] for case in cases) for day in range(days)],
        "resolved": sorted(case["closed_day"] - case["day"] for case in cases if case["closed_day"] < days),
        "censored": sorted(days - case["day"] for case in cases if case["closed_day"] >= days),
    }


def stages_of(tables: ReplicateTables, law: int) -> list[set[int]]:
    """Return who reached each stage from a stop to prison."""
    met, cases = rows_of(tables.encounters, law), rows_of(tables.cases, law)
    supply = [case for case in cases if case["prosecutor"] == "charge_supply"]
    convicted = [case for case in supply if case["verdict"] in ("possession", "supply")]
    stages = [met, [e for e in met if e["is_searched"]], [e for e in met if e["is_found"]]]
    stages += [[case for case in cases if cut in cuts_of(case)] for cut in ("recorded", "criminal")]
    return [{row["person"] for row in some} for some in (*stages, supply, convicted, [case for case in convicted if case["sentence"] == "prison"])]


def cause_of(tables: ReplicateTables, law: int, baseline: int, person: int, laws: CompiledLaws) -> str | None:
    """Return the first cause for which one person's histories under two laws part, day by day; None where they never do."""
    histories = [
        {
            name: {day: sorted(map(str, rows)) for day, rows in _by_day(rows_of(getattr(tables, name), one), person).items()}
            for name in ("encounters", "findings")
        }
        | {"cases": {row["day"]: row for row in rows_of(tables.cases, one) if row["person"] == person}}
        for one in (baseline, law)
    ]
    old, new = histories
    knows = bool(tables.people["knows_line"][list(tables.people["person"]).index(person)])
    by_others = "answers to the law" if knows else "spill-over through others"
    for day in sorted({day for history in histories for part in history.values() for day in part}):
        if old["encounters"].get(day) != new["encounters"].get(day):
            wide = [bool(laws.stops_for_possession[one]) for one in (baseline, law)]
            met = [day in history["encounters"] for history in histories]
            is_effort = wide[0] != wide[1] and met == wide
            return "police effort" if is_effort or by_hours(tables, (baseline, law), person, day, met) else by_others
        if old["findings"].get(day) != new["findings"].get(day):
            return by_others
        a, b = old["cases"].get(day), new["cases"].get(day)
        if a is not None and b is not None and outcome_of(a) != outcome_of(b):
            return _cause_of_cases(a, b, tables, law, baseline, laws)
        if (a is None) != (b is None):
            return by_others
    return None


def by_hours(tables: ReplicateTables, pair: tuple[int, int], person: int, day: int, met: list[bool]) -> bool:
    """Tell whether officers met a person on a day under that law of a pair only under which their hours left more effort."""
    if met[0] == met[1] or not len(tables.effort_q16):
        return False
    under, other = (pair[0], pair[1]) if met[0] else (pair[1], pair[0])
    (channel,) = (row["channel"] for row in rows_of(tables.encounters, under) if (row["person"], row["day"]) == (person, day))
    effort = tables.effort_q16[day // 28]
    return channel not in ("warrant", "events", "transport") and bool(effort[under] > effort[other])


def applied_repeats(tables: ReplicateTables, law: int, case: Row) -> bool:
    """Tell whether a rule on repeats was applied in a case."""
    rows = [row for row in rows_of(tables.decisions, law) if (row["person"], row["day"], row["stage"]) == (case["person"], case["day"], "repeat.known")]
    return any(row["is_yes"] for row in rows)


def _by_day(rows: list[Row], person: int) -> dict[int, list[Row]]:
    days: dict[int, list[Row]] = {}
    for row in rows:
        if row["person"] == person:
            days.setdefault(row["day"], []).append(row)
    return days


def outcome_of(case: Row) -> Row:
    """Return what was done, without what was known before."""
    known = ("person", "day", "tier", "effect", "n_supply_evidence", "has_use_evidence")
    return {name: value for name, value in case.items() if name not in known}


def _cause_of_cases(a: Row, b: Row, tables: ReplicateTables, law: int, baseline: int, laws: CompiledLaws) -> str:
    points = ("indicative", "presumption", "conclusive")
    if (a["effect"] != b["effect"] and (a["effect"] in points or b["effect"] in points)) or (
        a["tier"] != b["tier"] and laws.tier_names[law] == laws.tier_names[baseline]
    ):
        lots = [f for f in rows_of(tables.findings, law) if (f["person"], f["day"]) == (a["person"], a["day"])]
        together = len(lots) > 1 and any(case["tier"] > max(tier_alone(laws, one, lot) for lot in lots) for one, case in ((baseline, a), (law, b)))
        return "cumulative rules" if together else "threshold"
    if applied_repeats(tables, law, a) != applied_repeats(tables, baseline, a):
        return "repeat rules"
    if "mandatory" in (a["route"], b["route"]) and a["route"] != b["route"]:
        return "repeat rules"
    if (a["police"] != b["police"] or a["route"] != b["route"]) and record_answers(tables, a, baseline, laws, law, baseline) != record_answers(
        tables, a, baseline, laws, baseline, law
    ):
        return "repeat rules"
    changed = {name for name in outcome_of(a) if a[name] != b[name]}
    other_way = {"administrative"} & {a["line"], b["line"]} or {"notice", "panel"} & changed
    other_way = other_way or ("line" in changed and "supply" not in (a["line"], b["line"]))
    other_way = other_way or ("police" in changed and {"notice", "panel"} & {a["police"], b["police"]})
    if other_way or ("prosecutor" in changed and "panel" in (a["prosecutor"], b["prosecutor"])):
        return "administrative route"
    return "police effort" if changed & {"line", "police"} else "later decisions"


def tier_alone(laws: CompiledLaws, law: int, lot: Row) -> int:
    """Return the tier of one lot by itself."""
    amounts = {name: np.zeros((1, len(laws.substances)), np.int64) for name in ("measured_ug", "pure_ug", "units", "form")}
    for name, row in amounts.items():
        row[0, lot["substance"]] = lot[name]
    tiers = laws.classify(amounts["measured_ug"], amounts["pure_ug"], amounts["units"], amounts["form"].astype(np.int8))
    return int(tiers[0, law])


def record_answers(tables: ReplicateTables, case: Row, baseline: int, laws: CompiledLaws, law: int, other: int) -> list[bool]:
    """Return whether a caution and a notice were open on the record, where both laws have such a rule."""
    earlier = [c for c in rows_of(tables.cases, baseline) if c["person"] == case["person"]]
    n = {name: sum(c["police"] == name and c["day"] < case["day"] for c in earlier) for name in ("caution", "notice")}
    on_record = [c for c in earlier if max(c["closed_day"], c["day"] + 1) <= case["day"]]
    had = bool(tables.people["had_conviction"][list(tables.people["person"]).index(case["person"])])
    convicted = had or any(c["verdict"] in ("possession", "supply") for c in on_record)
    of_supply = any(c["verdict"] == "supply" for c in on_record)
    answers = []
    for name, most, excluded in (
        ("caution", laws.caution_max_prior, laws.caution_excluded_by_conviction[law] and convicted),
        ("notice", laws.notice_max_prior, laws.notice_excluded_by_supply_conviction[law] and of_supply),
    ):
        everywhere = min(most[law], most[other]) >= 0
        answers.append(bool(n[name] <= most[law] and not excluded) if everywhere else True)
    return answers
