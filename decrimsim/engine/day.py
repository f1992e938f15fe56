"""The day, in order.

Level 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from decrimsim.engine.adapting import USUAL, learn
from decrimsim.engine.block import Block
from decrimsim.engine.consequences import settle
from decrimsim.engine.evening import give, hand_out, sell, share, use
from decrimsim.engine.health import live_on
from decrimsim.engine.justice import judge
from decrimsim.engine.market import buy, need, wake
from decrimsim.engine.outlets import deliver
from decrimsim.engine.policing import patrol
from decrimsim.engine.seeking import seek
from decrimsim.schema import PERIOD


def police_day(block: Block) -> None:
    """Encounters, finds, the decision path and its consequences."""
    finds = patrol(block)
    if finds is not None:
        settle(block, finds, judge(block, finds))


@dataclass(frozen=True)
class Step:
    """A step of the day and the columns that it reads and writes."""

    name: str
    run: Callable[[Block], None]
    meaning: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


STEPS = (
    Step(
        "wake",
        wake,
        "custody, services and convictions that fall due today begin or end; jobs and homes are lost",
        ("free_from", "service_until", "service_kind", "p_use32", "afford_ug", "carry_ug", "substance", "strikes"),
        (
            *("free_from", "service_until", "service_kind", "records", "strikes", "p_now", "is_homeless"),
            *("afford_ug", "carry_ug", "usual_afford_ug", "usual_carry_ug"),
        ),
    ),
    Step(
        "learn",
        learn,
        "on the first day of a period people hear of lines that reviews have changed, and those who answer to the line answer anew",
        (
            *("size_ug", "substance", "form", "p_use32", "by_friend", "is_online", "dose_today_ug", "order_ug", *USUAL.values()),
            *("role", "is_homeless", "region", "is_bulk_buyer", "is_stocker", "raid_response", "buying_days", "stocks_in_shortage"),
        ),
        ("carry_ug", "carry_sale_ug", "afford_ug", "restock_ug", "split_ug", "laws"),
    ),
    Step(
        "live_on",
        live_on,
        "on the first day of a period some die from overdose and some are infected, where health is simulated",
        ("free_from", "service_until", "service_kind", "infections", "is_active", "p_use32", "substance"),
        ("is_active", "infections", "free_from", "p_now"),
    ),
    Step(
        "seek",
        seek,
        "on the first day of a period people seek services, and those who wait ask again",
        ("free_from", "service_until", "waiting", "is_dependent", "p_use32", "substance", "dose_today_ug", "order_ug"),
        ("waiting", "laws"),
    ),
    Step(
        "deliver",
        deliver,
        "parcels come home, or are lost",
        ("parcel_day", "parcel_ug", "own_ug", "reasons", "is_bulk_buyer"),
        ("own_ug", "bought_ug", "lost_ug", "parcel_ug", "parcel_day", "reasons"),
    ),
    Step("need", need, "who uses today, and how much they want", ("p_now", "substance", "dose_ug"), ("dose_today_ug",)),
    Step(
        "buy",
        buy,
        "those who run short buy, some for friends; people stock up; sellers restock",
        (
            *("dose_today_ug", "own_ug", "size_ug", "afford_ug", "low_ug", "substance", "by_friend", "p_now", "p_use32", "free_from", "region", "role"),
            *("is_bulk_buyer", "is_stocker", "stock_day", "raid_response", "sold_ug", "restock_ug", "is_online", "parcel_day", "dose_ug"),
            *("buying_days", "stocks_in_shortage", "split_ug"),
        ),
        (
            *("own_ug", "circle_ug", "sale_ug", "buy_day", "bought_own_ug", "bought_sale_ug", "order_ug", "order_from", "reasons", "trip_day", "bought_ug"),
            *("other_ug", "parcel_ug", "parcel_day", "dose_today_ug", "unmet_ug", "n_purchases", "n_trips", "n_unmet"),
        ),
    ),
    Step(
        "police",
        police_day,
        "stops, searches, finds; police, prosecutor, court; records, custody, seizure, referral",
        (
            *("last_end", "ends", "p32", "trip_day", "free_from", "service_until", "service_kind", "region", "role", "is_represented", "is_dependent"),
            *("own_ug", "circle_ug", "sale_ug", "other_ug", "carry_ug", "carry_sale_ug", "buy_day", "bought_own_ug", "bought_sale_ug"),
            *("substance", "form", "reasons"),
            *("records", "strikes", "caution_factor", "notice_factor", "violence_factor", "p_use32", "dose_today_ug", "order_ug"),
            *("has_no_safe_home", "is_homeless"),
        ),
        ("records", "strikes", "waiting", "free_from", "p_now", "own_ug", "circle_ug", "sale_ug", "other_ug", "seized_ug", "laws"),
    ),
    Step(
        "hand_out",
        hand_out,
        "friends and others get what was bought for them",
        ("order_ug", "order_from", "circle_ug", "other_ug", "free_from"),
        ("own_ug", "circle_ug", "other_ug", "received_ug", "given_ug", "delivered_ug", "order_ug", "order_from", "reasons"),
    ),
    Step("sell", sell, "stock for sale is sold to the outside market", ("sold_ug", "restock_ug", "free_from"), ("sale_ug", "sold_total_ug")),
    Step(
        "share",
        share,
        "friends who use together help out those who run out",
        ("dose_today_ug", "own_ug", "substance", "free_from"),
        ("own_ug", "given_ug", "received_ug"),
    ),
    Step(
        "use",
        use,
        "doses are used from the own stock",
        ("dose_today_ug", "free_from"),
        ("own_ug", "used_ug", "unmet_ug", "n_unmet", "dose_today_ug", "reasons"),
    ),
    Step(
        "give",
        give,
        "some who bought today give some to a friend who has least",
        ("buy_day", "bought_own_ug", "own_ug", "dose_ug", "substance", "p_use32", "free_from"),
        ("own_ug", "given_ug", "received_ug"),
    ),
)


def live_day(block: Block) -> None:
    """Take a block through one day."""
    for step in STEPS:
        step.run(block)
    block.day += 1


def step_day(*blocks: Block) -> None:
    """Take all the blocks of a replicate through one day, and end the period when it is over."""
    for block in blocks:
        live_day(block)
    if blocks and blocks[0].day % PERIOD == 0:
        blocks[0].course.close(blocks)
