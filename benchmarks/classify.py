"""How fast one law classifies findings, beside a plain NumPy comparison of the same amounts in the same run.

Times are CPU seconds of this process, minimum of the repeats: quote the ratio, not the seconds.

    python benchmarks/classify.py                  a million findings
    python benchmarks/classify.py --findings 1000
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

import decrimsim as ds
from decrimsim.law import FORMS, CompiledLaws, compile_laws

SUBSTANCES = ("cannabis_herb", "mdma", "cocaine", "methamphetamine", "heroin")
WORLD_FORMS = ("herb", "capsule", "powder", "crystal", "powder")
I64 = npt.NDArray[np.int64]


def findings(n: int) -> dict[str, npt.NDArray[np.int64] | npt.NDArray[np.int8]]:
    """Return n findings (n, substances) of one substance each, weights from 1 mg to 100 g at equal ratios; no number is drawn."""
    gross = np.zeros((n, len(SUBSTANCES)), np.int64)
    rows = np.arange(n)
    gross[rows, rows % len(SUBSTANCES)] = np.geomspace(1e3, 1e8, n).astype(np.int64)[rows * 7919 % n]
    form = np.tile(np.array([FORMS.index(f) for f in WORLD_FORMS], np.int8), (n, 1))
    return {"gross_ug": gross, "pure_ug": gross // 2, "units": gross * 0, "form": form}


def plain(laws: CompiledLaws, gross: I64, form: npt.NDArray[np.int8]) -> npt.NDArray[np.int16]:
    """Return the tier (n,) by comparing every weight with every line of the law: what one would write by hand, for gross weights."""
    lines = laws.min_gross_ug[0][:, np.arange(gross.shape[1]), form[0]]
    tiers = np.zeros(len(gross), np.int16)
    for tier in range(1, len(lines)):
        tiers[(gross >= lines[tier]).any(axis=1)] = tier
    return tiers


def _cpu(work: Callable[[], object], repeats: int) -> float:
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main(arguments: list[str] | None = None) -> tuple[float, float]:
    """Print and return seconds of classify and of the plain comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--law", default="nsw-deemed-supply")
    options = parser.parse_args(arguments)
    laws = compile_laws([ds.load_law(options.law)], SUBSTANCES)
    found = findings(options.findings)
    tiers = laws.classify(**found)[:, 0]  # type: ignore[arg-type]
    by_hand = plain(laws, found["gross_ug"], found["form"])  # type: ignore[arg-type]
    same = float((tiers == by_hand).mean())
    ours = _cpu(lambda: laws.classify(**found), options.repeats)  # type: ignore[arg-type]
    numpy = _cpu(lambda: plain(laws, found["gross_ug"], found["form"]), options.repeats)  # type: ignore[arg-type]
    print(
        f"{options.findings:,} findings under {options.law}: classify {ours:.3f} s, plain NumPy comparison {numpy:.3f} s, ratio {ours / max(numpy, 1e-9):.2f}"
    )
    print(f"same tier in {same:.1%} of the findings (the plain comparison knows gross weights only)")
    return ours, numpy


if __name__ == "__main__":
    main()
