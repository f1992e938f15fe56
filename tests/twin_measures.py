"""The measures again, slowly: plain loops over rows, people and laws, written from the definitions alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from decrimsim import schema
from decrimsim.tables import ReplicateTables, Table

Row = dict[str, Any]


def rows_of(table: Table, law: int) -> list[Row]:
    """Return the rows of a law as dictionaries, codes as words."""
    words = {column.name: column.codes for columns in schema.TABLES.values() for column in columns}
    found = []
    for i in range(len(table)):
        if table.is_true(law)[i]:
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
    if case["police"] == "notice" or case["panel"] == "sanctioned" or case["is_compelled"]:
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
    if case["police"] != "no_action" or criminal:
        cuts.add("recorded")
    if criminal:
        cuts.add("criminal")
    if case["prosecutor"] == "charge_supply":
        cuts.add("supply")
    if custody:
        cuts.add("custodial")
    if case["is_seized"] or case["is_compelled"] or case["police"] == "notice" or case["panel"] == "sanctioned" or criminal or custody:
        cuts.add("coercive")
    return cuts


def outcomes_of(tables: ReplicateTables, law: int) -> dict[str, int]:
    """Return all outcomes but cost."""
    n = dict.fromkeys(schema.OUTCOMES, 0)
    for encounter in rows_of(tables.encounters, law):
        n["stops"] += 1
        n["searches"] += encounter["is_searched"]
        n["found"] += encounter["is_found"]
    charged, convicted, found = set(), set(), set()
    for case in rows_of(tables.cases, law):
        found.add(case["person"])
        n["cautions"] += case["police"] == "caution"
        n["notices"] += case["police"] == "notice"
        n["arrests"] += case["police"] == "arrest"
        n["proceeded"] += case["police"] in ("arrest", "summons")
        for what in ("possession", "supply"):
            n[f"charges_{what}"] += case["prosecutor"] == f"charge_{what}"
            n[f"convictions_{what}"] += case["verdict"] == what
        n["detention_days"] += case["detention_days"]
        n["prison_days"] += case["prison_days"]
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
