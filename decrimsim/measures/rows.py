"""What a row of encounters or cases counts as: outcomes, rungs and cuts, each defined once.

Layer: measures (pure arrays). Level 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from decrimsim.kernels.costs import RowBool, RowInt, has_sanction
from decrimsim.kernels.costs import case_events as case_events
from decrimsim.kernels.costs import is_at_least as is_at_least
from decrimsim.kernels.costs import is_back_door as is_back_door
from decrimsim.kernels.costs import is_one_of as is_one_of
from decrimsim.schema import APPEAL, BRIBE, DIVERSION, DROP_OUT, EFFECTS, LINE, NEGOTIATION, NOTICE, PANEL, POLICE, PROSECUTOR, REFERRAL, SENTENCE, VERDICT

Columns = Mapping[str, npt.NDArray[Any]]

STAGES_OF_SUPPLY = ("found", "over the line", "treated as supply by police", "charged with supply", "convicted of supply")


SANCTION_OUTCOMES = {
    "licence_losses": "licence_loss",
    "registrations": "registration",
    "urine_tests": "urine_tests",
    "corporal": "corporal",
    "deportations": "deportation",
    "capital_exposure": "capital",
}
"""Outcomes that count one of schema.SANCTIONS."""


def encounter_outcomes(encounters: Columns) -> dict[str, RowInt]:
    """Return how often each row of encounters counts for each outcome that encounters decide."""
    searched, found = encounters["is_searched"].astype(bool), encounters["is_found"].astype(bool)
    violent = encounters["is_violent"].astype(np.int64)
    return {"stops": np.ones(len(found), np.int64), "searches": searched.astype(np.int64), "found": found.astype(np.int64), "violent_encounters": violent}


def case_outcomes(cases: Columns) -> dict[str, RowInt]:
    """Return how often each row of cases counts for each outcome that cases decide; days as imposed."""
    flags = {
        "cautions": is_one_of(cases["police"], POLICE, "caution"),
        "notices": is_one_of(cases["police"], POLICE, "notice"),
        "panels": is_at_least(cases["panel"], PANEL, "suspended"),
        "panel_sanctions": is_one_of(cases["panel"], PANEL, "sanctioned"),
        "arrests": is_one_of(cases["police"], POLICE, "arrest"),
        "proceeded": is_one_of(cases["police"], POLICE, "summons", "arrest"),
        "diversions": is_one_of(cases["prosecutor"], PROSECUTOR, "diverted"),
        "charges_possession": is_one_of(cases["prosecutor"], PROSECUTOR, "charge_possession"),
        "charges_supply": is_one_of(cases["prosecutor"], PROSECUTOR, "charge_supply"),
        "convictions_possession": is_one_of(cases["verdict"], VERDICT, "possession"),
        "convictions_supply": is_one_of(cases["verdict"], VERDICT, "supply"),
        "referrals_offered": is_at_least(cases["referral"], REFERRAL, "offered"),
        "referrals_accepted": is_at_least(cases["referral"], REFERRAL, "accepted"),
        "referrals_started": is_at_least(cases["referral"], REFERRAL, "started"),
        "referrals_finished": is_at_least(cases["referral"], REFERRAL, "finished"),
        "violent_arrests": cases["is_arrest_violent"].astype(bool),
        "bribes_paid": is_one_of(cases["bribe"], BRIBE, "paid"),
        "assessments": cases["is_assessed"].astype(bool),
        "diversion_conditions": is_at_least(cases["diversion"], DIVERSION, "kept"),
        "diversion_breaches": is_at_least(cases["diversion"], DIVERSION, "breached"),
        "drop_outs": is_at_least(cases["drop_out"], DROP_OUT, "left"),
        "drop_out_sanctions": is_at_least(cases["drop_out"], DROP_OUT, "sanctioned"),
        "back_door_convictions": is_back_door(cases),
        "unpaid_notices": is_at_least(cases["notice"], NOTICE, "unpaid"),
        "precedents_granted": is_one_of(cases["negotiation"], NEGOTIATION, "granted"),
        "appeals": is_at_least(cases["appeal"], APPEAL, "dismissed"),
        "appeals_allowed": is_one_of(cases["appeal"], APPEAL, "allowed"),
        **{outcome: has_sanction(cases, name) for outcome, name in SANCTION_OUTCOMES.items()},
        "job_losses": cases["is_job_lost"].astype(bool),
        "home_losses": cases["is_home_lost"].astype(bool),
    }
    counts = {name: flag.astype(np.int64) for name, flag in flags.items()}
    charged = is_one_of(cases["prosecutor"], PROSECUTOR, "charge_possession", "charge_supply")
    counts["resolution_days"] = np.where(charged, cases["closed_day"] - cases["day"], 0).astype(np.int64)
    counts["custody_days"] = custody_days(cases)
    counts["compulsory_days"] = cases["compulsory_days"].astype(np.int64)
    counts["order_days"] = cases["order_days"].astype(np.int64)
    counts["detention_days"] = cases["detention_days"].astype(np.int64)
    counts["prison_days"] = cases["prison_days"].astype(np.int64)
    return counts


def custody_days(cases: Columns) -> RowInt:
    """Return days in custody of each row as imposed: before trial or in prison, which counts the time held, and in compulsory detention."""
    days: RowInt = np.maximum(cases["detention_days"], cases["prison_days"]).astype(np.int64) + cases["compulsory_days"]
    return days


def entries(cases: Columns) -> dict[str, RowBool]:
    """Return the rows that enter a court and those that are diverted from it (caution, notice, panel, prosecutor's diversion)."""
    diverted = is_one_of(cases["police"], POLICE, "caution", "notice", "panel") | is_one_of(cases["prosecutor"], PROSECUTOR, "diverted", "panel")
    return {"court": case_events(cases)["court"].astype(bool), "diverted": diverted}


def case_rungs(cases: Columns) -> dict[int, RowBool]:
    """Return the rows that reach each rung of schema.RUNGS from 2 upwards; a row may reach several.

    Being summonsed, arrested or sent to a panel that suspends the matter counts as a warning (3) when nothing more follows.
    """
    compelled = cases["is_compelled"].astype(bool)
    return {
        2: is_at_least(cases["referral"], REFERRAL, "offered") & ~compelled,
        3: is_at_least(cases["police"], POLICE, "warning") | cases["is_seized"].astype(bool),
        4: is_one_of(cases["police"], POLICE, "notice") | is_one_of(cases["panel"], PANEL, "sanctioned") | compelled | (cases["sanctions"] > 0),
        5: is_one_of(cases["prosecutor"], PROSECUTOR, "charge_possession"),
        6: is_one_of(cases["prosecutor"], PROSECUTOR, "charge_supply"),
        7: is_one_of(cases["verdict"], VERDICT, "possession"),
        8: is_one_of(cases["verdict"], VERDICT, "supply"),
    }


def case_cuts(cases: Columns) -> dict[str, RowBool]:
    """Return the rows that set each cut of schema.CUTS but 'contact'. A voluntary offer sets none."""
    rung = case_rungs(cases)
    in_custody = is_one_of(cases["police"], POLICE, "arrest") | cases["is_detained"].astype(bool) | is_one_of(cases["sentence"], SENTENCE, "prison")
    in_custody |= (cases["detention_days"] > 0) | (cases["prison_days"] > 0) | (cases["compulsory_days"] > 0)
    criminal = rung[5] | rung[6] | rung[7] | rung[8]
    return {
        "recorded": is_at_least(cases["police"], POLICE, "warning") | criminal | (cases["sanctions"] > 0),
        "coercive": cases["is_seized"].astype(bool) | rung[4] | criminal | in_custody | is_one_of(cases["bribe"], BRIBE, "paid"),
        "criminal": criminal,
        "supply": rung[6],
        "custodial": in_custody,
    }


def supply_stages(cases: Columns) -> npt.NDArray[np.float64]:
    """Return flags (rows, 5) of the stages in STAGES_OF_SUPPLY that a case reached."""
    stages = [
        np.ones(len(cases["police"]), bool),
        is_at_least(cases["effect"], EFFECTS, "indicative"),
        is_one_of(cases["line"], LINE, "supply"),
        is_one_of(cases["prosecutor"], PROSECUTOR, "charge_supply"),
        is_one_of(cases["verdict"], VERDICT, "supply"),
    ]
    return np.stack(stages, axis=1).astype(np.float64)
