"""Chance: keyed and stateless. The only source of randomness.

Level 0. A draw is ``H(version, seed, replicate, process, day, k; identity)`` and depends on nothing else drawn:
the same person meets the same luck under every law, for any chunking, number of workers or order.

The key without the identity is hashed to 128 bits with BLAKE2b; the identity is scrambled once (``scrambled``)
and mixed with both key words by two rounds of a 64-bit multiply-xorshift finaliser. ``raw`` does that for arrays,
``raw_int`` for one identity in plain Python integers; a test holds them equal.

Seed, day and identity are never added together: that scheme collides.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct
from typing import Final

import numpy as np
import numpy.typing as npt

U64 = npt.NDArray[np.uint64]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Key = tuple[int, int]

STREAM_VERSION: Final = 1
ONE_32: Final = 2**32
Q16: Final = 2**16
TABLE: Final = 2**16
BLOCK: Final = 16_384
ALWAYS: Final = -1
"""The day of draws that belong to no day, such as those that make the people."""

PROCESSES: Final = (
    "people.circle_size",
    "people.circle",
    "people.axis",
    "people.role",
    "people.home",
    "people.lawyer",
    "people.record",
    "people.response",
    "people.carrying",
    "people.substance",
    "habit.type",
    "habit.form",
    "habit.use_days",
    "habit.dose",
    "habit.purchase",
    "habit.purse",
    "habit.dependence",
    "habit.dealing",
    "habit.stock",
    "day.use",
    "day.dose",
    "day.buy",
    "day.group",
    "day.encounter",
    "police.cue",
    "police.search",
    "police.carry",
    "police.find",
    "police.weigh",
    "evidence",
    "police.supply",
    "police.ignore",
    "police.warn",
    "police.caution",
    "police.notice",
    "police.panel",
    "police.arrest",
    "bail.refuse",
    "prosecutor.keep_supply",
    "prosecutor.drop",
    "prosecutor.divert",
    "prosecutor.delay",
    "negotiation.withdraw",
    "negotiation.plead",
    "negotiation.plead_down",
    "negotiation.custody",
    "court.supply",
    "court.possession",
    "court.delay",
    "sentence.prison",
    "sentence.days",
    "sentence.community",
    "sentence.fine",
    "notice.paid",
    "notice.convict",
    "panel.attend",
    "panel.sanction",
    "referral.offer",
    "referral.accept",
    "referral.start",
    "referral.finish",
    "habit.source",
    "day.share",
    "police.trained",
    "police.guideline",
    "police.bribe",
    "police.pay",
    "police.keep_drugs",
    "police.hold",
    "police.arrest_violence",
    "police.violence",
    "repeat.known",
    "assessment.police",
    "assessment.prosecutor",
    "assessment.court",
    "assessment.finding",
    "diversion.plea",
    "diversion.abstinence",
    "diversion.breach",
    "diversion.convict",
    "court.duty_lawyer",
    "court.reports_only",
    "court.precedent",
    "sentence.range",
    "appeal.file",
    "appeal.succeed",
    "panel.again",
    "panel.attend_again",
    "notice.plan",
    "notice.plan_kept",
    "sanction.fine",
    "sanction.licence_loss",
    "sanction.registration",
    "sanction.urine_tests",
    "sanction.compulsory_detention",
    "sanction.administrative_arrest",
    "sanction.corporal",
    "sanction.deportation",
    "sanction.days",
    "record.job_loss",
    "record.home_loss",
    "people.expunge",
    "people.calendar",
    "people.shortage",
    "people.awareness",
    "habit.online",
    "day.substitute",
    "day.parcel",
    "day.cop",
    "day.gift",
    "referral.place",
    "service.kind",
    "service.stay",
    "service.seek",
    "service.avoid",
    "service.place",
    "service.start",
    "service.finish",
    "health.state",
    "health.death",
    "health.infection",
    "dropout.return",
)
"""Every process that draws, in order of registration. Append only: names are part of the stream version."""

_MASK: Final = 2**64 - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_M1: Final = 0xBF58476D1CE4E5B9
_M2: Final = 0x94D049BB133111EB
_ROUND: Final = 0xD6E8FEB86659FD93
_S32, _S29 = np.uint64(32), np.uint64(29)
_N_ROUND = np.uint64(_ROUND)
_KNOWN: Final = frozenset(PROCESSES)
_DAY_AND_K, _TWO_WORDS = Struct("<qq"), Struct("<QQ")


@lru_cache(maxsize=4096)
def _prefix(seed: int, replicate: int, process: str) -> bytes:
    if process not in _KNOWN:
        raise KeyError(f"the process {process!r} is not registered in decrimsim.chance.PROCESSES")
    numbers = b"".join(int(n).to_bytes(8, "little", signed=True) for n in (STREAM_VERSION, seed, replicate))
    return b"decrimsim" + numbers + process.encode() + b"\0"


def key(seed: int, replicate: int, process: str, day: int, k: int = 0) -> Key:
    """Return the two 64-bit words that stand for everything about a draw but the identity.

    seed       0 .. 2**63 - 1
    replicate  0 or more
    process    a name in PROCESSES
    day        day from 0, or ALWAYS
    k          which of several like draws: a substance, an item of evidence
    """
    digest = hashlib.blake2b(_prefix(seed, replicate, process) + _DAY_AND_K.pack(day, k), digest_size=16).digest()
    return _TWO_WORDS.unpack(digest)


def scramble(identity: int) -> int:
    """Return the 64-bit scramble of one identity (a whole number, 0 or more)."""
    x = (identity + 1) * _GOLDEN & _MASK
    x = (x ^ x >> 30) * _M1 & _MASK
    x = (x ^ x >> 27) * _M2 & _MASK
    return x ^ x >> 31


def scrambled(identities: npt.NDArray[np.integer]) -> U64:
    """Return the 64-bit scrambles of identities (n,), done once when people are made."""
    x = (identities.astype(np.uint64) + np.uint64(1)) * np.uint64(_GOLDEN)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(_M1)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(_M2)
    return x ^ (x >> np.uint64(31))


def raw_int(key_: Key, identity: int) -> int:
    """Return the 64 random bits of one identity under a key, in plain Python. The oracle of ``raw``."""
    x = scramble(identity) ^ key_[0]
    x = (x ^ x >> 32) * _ROUND & _MASK
    x = (x ^ x >> 29) ^ key_[1]
    x = (x ^ x >> 32) * _ROUND & _MASK
    return x ^ x >> 32


def raw(key_: Key | tuple[U64, U64], scrambles: U64) -> U64:
    """Return 64 random bits (n,) for scrambled identities (n,) under one key, or under one key each (n,)."""
    if len(scrambles) > BLOCK and not isinstance(key_[0], np.ndarray):
        out = np.empty_like(scrambles)
        for start in range(0, len(scrambles), BLOCK):
            out[start : start + BLOCK] = raw(key_, scrambles[start : start + BLOCK])
        return out
    k0, k1 = (np.asarray(word, np.uint64) for word in key_)
    x = scrambles ^ k0
    scratch = x >> _S32
    x ^= scratch
    x *= _N_ROUND
    np.right_shift(x, _S29, out=scratch)
    x ^= scratch
    x ^= k1
    np.right_shift(x, _S32, out=scratch)
    x ^= scratch
    x *= _N_ROUND
    np.right_shift(x, _S32, out=scratch)
    x ^= scratch
    return x


@dataclass(frozen=True)
class Draws:
    """The draws that make people: by replicate and process, never by day."""

    seed: int
    replicate: int

    def bits(self, process: str, scrambles: U64, k: int = 0) -> U64:
        """Return 64 random bits (n,) for scrambled identities (n,)."""
        return raw(key(self.seed, self.replicate, process, ALWAYS, k), scrambles)

    def under(self, process: str, scrambles: U64, p32: int | I64, k: int = 0) -> npt.NDArray[np.bool_]:
        """Return which draws (n,) fall below a chance in 2**-32."""
        return low32(self.bits(process, scrambles, k)).astype(np.int64) < p32


def generator(seed: int) -> np.random.Generator:
    """Return a NumPy generator for what is not a life: resamples of results, designs of experiments."""
    return np.random.Generator(np.random.PCG64(seed))


def uniform(bits: U64) -> F64:
    """Return uniforms in [0, 1) with 53 bits for 64 random bits (n,)."""
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def uniform_int(bits: int) -> float:
    """Return the uniform in [0, 1) for 64 random bits. The oracle of ``uniform``."""
    return (bits >> 11) * 2.0**-53


def low32(bits: U64) -> U64:
    """Return the low 32 bits, to be compared with ``chance32``."""
    return bits & np.uint64(0xFFFFFFFF)


def index16(bits: U64) -> I64:
    """Return the top 16 bits, an index into an inverse-CDF table of ``TABLE`` entries."""
    return (bits >> np.uint64(48)).astype(np.int64)


def q16(number: float) -> int:
    """Return a factor in 1/65536."""
    return round(number * Q16)


def chance32(p: float) -> int:
    """Return p as a whole number of 2**-32; 1 is certain, so that ``low32(bits) < chance32(1)`` always holds."""
    return round(p * ONE_32)


@lru_cache(maxsize=256)
def lognormal_table(log_sd: float) -> I64:
    """Return the quantiles of a lognormal with median 1 as factors in 1/65536 (TABLE,), by rising quantile.

    A factor is applied as ``(table[i] * amount) >> 16``, in whole numbers.
    """
    from scipy.special import ndtri

    table: I64 = np.rint(np.minimum(np.exp(log_sd * ndtri((np.arange(TABLE) + 0.5) / TABLE)) * TABLE, 2.0**62)).astype(np.int64)
    table.setflags(write=False)
    return table


LONGEST: Final = 36_500


def days_table(median: float, log_sd: float) -> I64:
    """Return the quantiles of a lognormal number of whole days (TABLE,), at most LONGEST: a hundred years."""
    factor = round(median * TABLE)
    table: I64 = np.minimum(np.minimum(lognormal_table(log_sd), 2**62 // max(factor, 1)) * factor >> 32, LONGEST)
    return table


@lru_cache(maxsize=64)
def error_table(relative_sd: float) -> I64:
    """Return factors 1 + error in 1/65536 (TABLE,), errors normal and never below -1."""
    from scipy.special import ndtri

    table: I64 = np.maximum(np.rint((1 + relative_sd * ndtri((np.arange(TABLE) + 0.5) / TABLE)) * TABLE), 0).astype(np.int64)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=256)
def beta_table(mean: float, concentration: float) -> I64:
    """Return the quantiles of a beta distribution with a + b = concentration as chances in 2**-32 (TABLE,)."""
    if mean <= 0 or mean >= 1 or concentration <= 0:
        table = np.full(TABLE, chance32(min(max(mean, 0.0), 1.0)), np.int64)
    else:
        from scipy.special import betaincinv

        coarse = (np.arange(TABLE // 16) + 0.5) * (16 / TABLE)  # the inverse is slow: exact at 4,096 points, straight lines between
        quantiles = np.interp((np.arange(TABLE) + 0.5) / TABLE, coarse, betaincinv(mean * concentration, (1 - mean) * concentration, coarse))
        table = np.rint(quantiles * ONE_32).astype(np.int64)
    table.setflags(write=False)
    return table


def cumulative32(shares: list[float]) -> list[int]:
    """Return rising bounds in 2**-32 for shares that add up to 1; the last is 2**32."""
    bounds, total = [], 0.0
    for share in shares:
        total += share
        bounds.append(chance32(min(total, 1.0)))
    bounds[-1] = ONE_32
    return bounds


def choose32(bits: U64, bounds: list[int]) -> npt.NDArray[np.int8]:
    """Return for each draw (n,) the index of the share it falls into: the number of bounds at or below its low 32 bits."""
    return np.searchsorted(np.asarray(bounds, np.int64), low32(bits).astype(np.int64), side="right").astype(np.int8)
