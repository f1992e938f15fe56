"""Chance: known answers, the oracle, and the quality of the draws.

Quality tests use fixed seeds, so they cannot flake: a failure means that the stream changed. Each says how often it would
fail by luck with a fresh seed (its false-alarm rate) and the smallest fault that it finds nearly always.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import decrimsim
from decrimsim import chance

PACKAGE = Path(decrimsim.__file__).parent
N = 2**20
ALPHA = 1e-6
"""False-alarm rate of one comparison with fresh seeds."""

# ((seed, replicate, process, day, k, identity), bits) of stream version 1. If a line changes, every published number changes:
# raise STREAM_VERSION and say so in the changelog instead of editing a line.
KNOWN = (
    ((1, 0, "day.use", 0, 0, 0), 0x60808A79A14B198D),
    ((0, 0, "day.use", 0, 0, 0), 0x7F41D8906C3777F7),
    ((1, 1, "day.use", 0, 0, 0), 0x597AC6E748E870FF),
    ((1, 0, "day.use", 1, 0, 0), 0xB5AB36D68B1831B2),
    ((1, 0, "day.use", 0, 1, 0), 0xD34881CC6C6F2577),
    ((1, 0, "day.use", 0, 0, 1), 0x5FDA5D49C0365001),
    ((1, 0, "day.dose", 0, 0, 0), 0x197453799D1C56FC),
    ((1, 0, "people.circle_size", -1, 0, 0), 0xFFFCB0F9BB281645),
    ((1, 0, "habit.stock", -1, 64, 123456789), 0x285EFCC7013768FE),
    ((9223372036854775807, 0, "day.encounter", 364, 0, 1099511627776), 0x7B2D2A534FC43BBE),
    ((7, 19, "police.find", 180, 4, 199999), 0x028A8E5CAB8C6D65),
    ((7, 19, "police.weigh", 180, 4, 199999), 0x47B463A368D315E7),
    ((7, 19, "evidence", 180, 7, 199999), 0xB7A65E0C392F3029),
    ((42, 3, "court.supply", 59, 0, 17), 0x4F2F5EFD87701DEE),
    ((42, 3, "court.possession", 59, 0, 17), 0x5DA778C9EDE013E0),
    ((42, 3, "sentence.days", 59, 0, 17), 0x1BE3172221836062),
    ((42, 3, "referral.finish", 59, 0, 17), 0xD1D21BFD2403D652),
    ((123456789, 1000000, "day.buy", 1000000, 1, 63), 0xF98655914F7AD5CD),
    ((5, 2, "people.axis", -1, 2, 31), 0x5A0EA551427E6C88),
    ((5, 2, "habit.source", -1, 4, 31), 0xA38F5CE6128B9F87),
    ((5, 2, "bail.refuse", 27, 0, 4611686018427387904), 0xABCC9D3B5F6A7C71),
)

# Append only: a new process goes to the end, here and in decrimsim.chance.
REGISTERED = (
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
)


def draws(process: str = "day.use", *, seed: int = 1, replicate: int = 0, day: int = 0, k: int = 0, n: int = N, first: int = 0) -> chance.U64:
    """Return 64 random bits (n,) of identities first, first + 1, ..."""
    return chance.raw(chance.key(seed, replicate, process, day, k), chance.scrambled(np.arange(first, first + n)))


def correlation_z(a: chance.U64, b: chance.U64) -> float:
    """Return the correlation of two rows of draws in standard errors: about standard normal if they are independent."""
    x, y = chance.uniform(a) - 0.5, chance.uniform(b) - 0.5
    return float((x * y).mean() * 12 * np.sqrt(len(x)))


def bits_agree_z(a: chance.U64, b: chance.U64) -> float:
    """Return how far the share of equal bits, over all 64 positions, is from one half, in standard errors."""
    different = int(np.bitwise_count(a ^ b).sum()) if hasattr(np, "bitwise_count") else int(np.unpackbits((a ^ b).view(np.uint8)).sum())
    return (different - 32 * len(a)) / (4 * np.sqrt(len(a)))


def far(z: float, comparisons: int = 1) -> bool:
    """Tell whether a standard normal is further out than luck brings it once in 1 / ALPHA times, over all comparisons."""
    return abs(z) > stats.norm.isf(ALPHA / comparisons / 2)


def chi_square_p(counts: np.ndarray) -> float:
    """Return the chance of counts at least as uneven as these if all cells are equally likely; two-sided."""
    expected = counts.sum() / counts.size
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return 2 * min(stats.chi2.sf(statistic, counts.size - 1), stats.chi2.cdf(statistic, counts.size - 1))


KEYS = st.tuples(st.integers(0, 2**63 - 1), st.integers(0, 10**6), st.sampled_from(chance.PROCESSES), st.integers(-1, 10**6), st.integers(0, 10**4))
IDENTITIES = st.integers(0, 2**62)


class TestStreamVersionOne:
    @pytest.mark.parametrize(("key", "bits"), KNOWN)
    def test_known_answers_are_frozen(self, key: tuple[int, int, str, int, int, int], bits: int) -> None:
        assert chance.STREAM_VERSION == 1
        assert chance.raw_int(chance.key(*key[:5]), key[5]) == bits

    @pytest.mark.parametrize(("key", "bits"), KNOWN)
    def test_numpy_gives_the_known_answers(self, key: tuple[int, int, str, int, int, int], bits: int) -> None:
        assert chance.raw(chance.key(*key[:5]), chance.scrambled(np.array([key[5]]))).tolist() == [bits]

    def test_registered_names_stay_in_their_order(self) -> None:
        assert chance.PROCESSES[: len(REGISTERED)] == REGISTERED

    def test_registered_names_are_unique(self) -> None:
        assert len(set(chance.PROCESSES)) == len(chance.PROCESSES)

    def test_a_process_that_is_not_registered_cannot_draw(self) -> None:
        with pytest.raises(KeyError, match=r"day\.uze"):
            chance.key(1, 0, "day.uze", 0)


class TestOracle:
    @given(key=KEYS, identities=st.lists(IDENTITIES, min_size=1, max_size=20))
    def test_arrays_give_what_plain_integers_give(self, key: tuple[int, int, str, int, int], identities: list[int]) -> None:
        words = chance.key(*key)
        got = chance.raw(words, chance.scrambled(np.array(identities)))
        assert got.tolist() == [chance.raw_int(words, identity) for identity in identities]

    @given(rows=st.lists(st.tuples(KEYS, IDENTITIES), min_size=1, max_size=20))
    def test_a_key_for_each_row_gives_what_plain_integers_give(self, rows: list[tuple[tuple[int, int, str, int, int], int]]) -> None:
        words = np.array([chance.key(*key) for key, _ in rows], np.uint64)
        got = chance.raw((words[:, 0], words[:, 1]), chance.scrambled(np.array([identity for _, identity in rows])))
        assert got.tolist() == [chance.raw_int(chance.key(*key), identity) for key, identity in rows]

    @given(key=KEYS, identity=IDENTITIES)
    def test_uniforms_are_the_same_floats(self, key: tuple[int, int, str, int, int], identity: int) -> None:
        bits = chance.raw(chance.key(*key), chance.scrambled(np.array([identity])))
        assert chance.uniform(bits)[0] == chance.uniform_int(int(bits[0]))

    def test_blocks_of_the_cache_change_nothing(self) -> None:
        scrambles = chance.scrambled(np.arange(3 * chance.BLOCK + 17))
        key = chance.key(1, 0, "day.use", 5)
        parts = [chance.raw(key, scrambles[i : i + 1000]) for i in range(0, len(scrambles), 1000)]
        assert np.array_equal(chance.raw(key, scrambles), np.concatenate(parts))

    def test_drawing_leaves_the_identities_as_they_are(self) -> None:
        scrambles = chance.scrambled(np.arange(100))
        before = scrambles.copy()
        chance.raw(chance.key(1, 0, "day.use", 5), scrambles)
        assert np.array_equal(scrambles, before)


class TestEdges:
    def test_certain_always_happens_and_impossible_never(self) -> None:
        bits = np.array([0, 1, 2**32 - 1, 2**64 - 1], np.uint64)
        assert (chance.low32(bits).astype(np.int64) < chance.chance32(1.0)).all()
        assert not (chance.low32(bits).astype(np.int64) < chance.chance32(0.0)).any()

    def test_uniforms_stay_below_one(self) -> None:
        assert chance.uniform(np.array([2**64 - 1], np.uint64))[0] < 1.0
        assert chance.uniform(np.array([0], np.uint64))[0] == 0.0

    def test_a_choice_takes_the_share_that_the_draw_falls_into(self) -> None:
        bounds = chance.cumulative32([0.25, 0.0, 0.75])
        at = np.array([0, 2**30 - 1, 2**30, 2**32 - 1], np.uint64)
        assert chance.choose32(at, bounds).tolist() == [0, 0, 2, 2]

    @given(shares=st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
    def test_a_choice_always_exists_and_shares_of_nothing_are_never_chosen(self, shares: list[int]) -> None:
        bounds = chance.cumulative32([share / sum(shares) for share in shares])
        edges = np.unique(np.clip(np.array([0, *bounds, *(b - 1 for b in bounds)]), 0, 2**32 - 1)).astype(np.uint64)
        for chosen in chance.choose32(edges, bounds).tolist():
            assert shares[chosen] > 0

    def test_inverse_cdf_tables_rise(self) -> None:
        for table in (chance.lognormal_table(0.8), chance.error_table(0.02), chance.beta_table(0.3, 5.0)):
            assert (np.diff(table) >= 0).all()
            assert len(table) == chance.TABLE

    def test_a_lognormal_without_spread_changes_no_amount(self) -> None:
        assert (chance.lognormal_table(0.0) == 2**16).all()


class TestQuality:
    @pytest.mark.parametrize("shift", [0, 16, 32, 48])
    @pytest.mark.parametrize("process", ["day.use", "police.find", "court.supply"])
    def test_every_16_bits_are_uniform(self, process: str, shift: int) -> None:
        """Chi-square on 4,096 cells of 2**20 draws. False alarms 1e-6; finds a cell that is 40 % off, or one half 0.5 % too likely."""
        cells = (draws(process) >> np.uint64(shift)) & np.uint64(0xFFFF)
        assert chi_square_p(np.bincount((cells >> np.uint64(4)).astype(np.int64), minlength=4096)) > ALPHA

    @pytest.mark.parametrize("lag", [1, 2, 63, 64, 1024])
    def test_neighbouring_identities_are_independent(self, lag: int) -> None:
        """Serial correlation and equal bits of 2**20 pairs. False alarms 1e-6 each; finds a correlation of 0.007 or 0.1 % of bits."""
        bits = draws()
        assert not far(correlation_z(bits[:-lag], bits[lag:]))
        assert not far(bits_agree_z(bits[:-lag], bits[lag:]))

    def test_neighbouring_pairs_fill_the_square(self) -> None:
        """Chi-square on 64 x 64 cells of 2**20 pairs of neighbours. False alarms 1e-6; finds a cell that is 40 % off."""
        top = (draws() >> np.uint64(58)).astype(np.int64)
        assert chi_square_p(np.bincount(top[:-1] * 64 + top[1:], minlength=4096)) > ALPHA

    @pytest.mark.parametrize(
        "other",
        [{"process": "day.dose"}, {"process": "police.find"}, {"day": 1}, {"day": 364}, {"seed": 2}, {"seed": 0}, {"replicate": 1}, {"k": 1}, {"k": 63}],
        ids=str,
    )
    def test_draws_of_another_process_day_seed_replicate_or_k_are_independent(self, other: dict[str, int | str]) -> None:
        """Correlation and equal bits of 2**20 people. False alarms 1e-6 each; finds a correlation of 0.007 or 0.1 % of bits."""
        a, b = draws(), draws(**other)  # type: ignore[arg-type]
        assert not far(correlation_z(a, b))
        assert not far(bits_agree_z(a, b))

    def test_all_pairs_of_processes_are_independent(self) -> None:
        """Correlation matrix of all processes, 2**14 people. False alarms 1e-6 in all; finds a pair with a correlation of 0.08."""
        n = 2**14
        u = np.array([chance.uniform(draws(process, n=n)) for process in chance.PROCESSES]) - 0.5
        z = (u @ u.T)[np.triu_indices(len(u), 1)] * 12 / np.sqrt(n)
        assert not far(float(np.abs(z).max()), comparisons=len(z))

    def test_all_pairs_of_days_are_independent(self) -> None:
        """The same for 365 days, 2**13 people: someone's luck does not carry over. False alarms 1e-6 in all; finds a pair at 0.12."""
        n = 2**13
        u = np.array([chance.uniform(draws(day=day, n=n)) for day in range(365)]) - 0.5
        z = (u @ u.T)[np.triu_indices(len(u), 1)] * 12 / np.sqrt(n)
        assert not far(float(np.abs(z).max()), comparisons=len(z))

    def test_sums_over_days_spread_as_luck_does(self) -> None:
        """Variance over people of the number of days with u < 0.1 in 365 days: binomial. False alarms 1e-6; finds 6 % too much spread.

        Weak correlations between days that no pair shows would widen it.
        """
        n, days, p = 2**14, 365, 0.1
        hits = sum((chance.uniform(draws(day=day, n=n)) < p).astype(np.int64) for day in range(days))
        assert isinstance(hits, np.ndarray)
        statistic = float(((hits - days * p) ** 2).sum() / (days * p * (1 - p)))
        assert 2 * min(stats.chi2.sf(statistic, n), stats.chi2.cdf(statistic, n)) > ALPHA

    @pytest.mark.parametrize("bit", [*range(0, 20, 3), 30, 40, 61])
    def test_one_bit_of_the_identity_flips_half_of_the_draw(self, bit: int) -> None:
        """Avalanche, 2**16 people: each of 64 bits flips half of the time. False alarms 1e-6 for all; finds a bit that is 1.5 % off."""
        n = 2**16
        identities = np.arange(n)
        key = chance.key(1, 0, "day.use", 0)
        flipped = chance.raw(key, chance.scrambled(identities)) ^ chance.raw(key, chance.scrambled(identities ^ (1 << bit)))
        counts = np.unpackbits(flipped.view(np.uint8)).reshape(n, 64).sum(axis=0)
        assert not far(float(np.abs((counts - n / 2) / np.sqrt(n / 4)).max()), comparisons=64)

    @pytest.mark.parametrize("part", [0, 1, 3, 4])
    def test_one_bit_of_the_key_flips_half_of_the_draw(self, part: int) -> None:
        """Avalanche of seed, replicate, day and k, 16 flips of each over 2**12 people. False alarms 1e-6; finds 1 % of bits."""
        base = [1, 0, "day.use", 4, 2]
        a = chance.raw(chance.key(*base), chance.scrambled(np.arange(2**12)))  # type: ignore[arg-type]
        for bit in range(16):
            changed = list(base)
            changed[part] = int(base[part]) ^ (1 << bit)
            b = chance.raw(chance.key(*changed), chance.scrambled(np.arange(2**12)))  # type: ignore[arg-type]
            assert not far(bits_agree_z(a, b), comparisons=64)

    def test_the_low_half_tells_nothing_about_the_top_sixteen_bits(self) -> None:
        """One draw serves two decisions: chi-square on 64 x 64 cells, 2**20 draws. False alarms 1e-6; finds a cell that is 40 % off."""
        bits = draws("day.dose")
        low, top = (chance.low32(bits) >> np.uint64(26)).astype(np.int64), chance.index16(bits) >> 10
        assert chi_square_p(np.bincount(low * 64 + top, minlength=4096)) > ALPHA

    def test_no_bit_of_the_low_half_goes_with_a_bit_of_the_table_index(self) -> None:
        """All 32 x 16 pairs of bits, 2**18 draws. False alarms 1e-6 in all; finds a pair that agrees 0.7 % too often."""
        n = 2**18
        bits = draws("day.dose", n=n)
        low = 1 - 2 * ((chance.low32(bits)[:, None] >> np.arange(32, dtype=np.uint64)) & np.uint64(1)).astype(np.float64)
        top = 1 - 2 * ((chance.index16(bits)[:, None] >> np.arange(16)) & 1).astype(np.float64)
        assert not far(float(np.abs(low.T @ top).max() / np.sqrt(n)), comparisons=32 * 16)

    def test_a_rare_event_is_as_rare_as_it_says(self) -> None:
        """Binomial count of u < 1e-4 in 2**22 draws of four days. False alarms 1e-6; finds a rate that is 30 % off."""
        hits = sum(int((chance.low32(draws(day=day)).astype(np.int64) < chance.chance32(1e-4)).sum()) for day in range(4))
        assert stats.binomtest(hits, 4 * N, 1e-4).pvalue > ALPHA

    def test_no_two_draws_coincide_more_than_birthdays_do(self) -> None:
        """2**20 whole draws: none equal (expected 3e-8). The top 32 bits: as many equal pairs as birthdays give, expected 128.

        False alarms 1e-6; finds 50 % more. Seed, day and identity added together would give thousands.
        """
        bits = np.concatenate([draws(day=day, n=2**18) for day in range(4)])
        assert len(np.unique(bits)) == N
        equal = N - len(np.unique(bits >> np.uint64(32)))
        expected = N * (N - 1) / 2 / 2**32
        assert ALPHA / 2 < stats.poisson.cdf(equal, expected) < 1 - ALPHA / 2

    def test_seed_day_and_identity_are_not_interchangeable(self) -> None:
        """Moving 1 from any part of the key to another gives another draw: additive schemes collide. Cannot fail by luck (2**-48)."""
        seen = {
            chance.raw_int(chance.key(seed, replicate, "day.use", day, k), identity)
            for seed in range(6)
            for replicate in range(6)
            for day in range(6)
            for k in range(6)
            for identity in range(6)
        }
        assert len(seen) == 6**5


class TestOneHomeOfChance:
    def modules(self) -> list[Path]:
        return [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "chance.py"]

    def test_no_other_module_makes_random_numbers(self) -> None:
        for path in self.modules():
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
                source = node.module or "" if isinstance(node, ast.ImportFrom) else ""
                assert not {"random", "secrets", "uuid"} & {name.split(".")[0] for name in (*names, source)}, f"{path} imports random numbers"
                if isinstance(node, ast.Attribute):
                    of_numpy = node.attr == "random" and isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy")
                    assert not of_numpy, f"{path}:{node.lineno} uses numpy.random"
                    assert node.attr not in ("default_rng", "RandomState", "SystemRandom", "urandom"), f"{path}:{node.lineno} makes random numbers"
            assert "numpy.random" not in path.read_text(encoding="utf-8"), f"{path} mentions numpy.random"

    def test_nothing_executes_what_a_file_says(self) -> None:
        for path in sorted(PACKAGE.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = (
                    [alias.name.split(".")[0] for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
                assert not {"pickle", "marshal", "shelve", "dill", "joblib"} & set(names), f"{path} imports {names}"
                if isinstance(node, ast.Call):
                    called = node.func.id if isinstance(node.func, ast.Name) else ""
                    assert called not in ("eval", "exec", "compile", "__import__"), f"{path}:{node.lineno} calls {called}"
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    assert (node.value.id, node.attr) not in (("yaml", "load"), ("yaml", "unsafe_load"), ("np", "load"), ("os", "system")), (
                        f"{path}:{node.lineno}"
                    )

    def test_importing_and_running_leave_the_global_generators_alone(self) -> None:
        code = (
            "import random, numpy as np; random.seed(1); np.random.seed(1); a, b = random.getstate(), np.random.get_state()[1].tobytes()\n"
            "from decrimsim.engine import make_setup, run_replicate; from decrimsim.law import load_law; from decrimsim.scenario import load_scenario\n"
            "run_replicate(make_setup(load_scenario('nsw'), [load_law('portugal')], days=5, seed=1, mode='closed'), 100, 0)\n"
            "assert (a, b) == (random.getstate(), np.random.get_state()[1].tobytes())"
        )
        subprocess.run([sys.executable, "-c", code], check=True, cwd=PACKAGE.parent)
