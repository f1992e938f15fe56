"""How fast, how large: person-days per second of the full NSW world, laws in one pass, memory, growth, a profile.

Every figure stands beside a NumPy yardstick measured in the same run: one pass of ``x * 3 + 1`` over int64, in
nanoseconds an element. Times are CPU seconds of this process, minimum of the repeats: quote ratios, not seconds.

    python benchmarks/run.py            all tables, some minutes
    python benchmarks/run.py --quick    small sizes, some seconds
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

import decrimsim as ds
from decrimsim.engine import Setup, run_replicate
from decrimsim.scenario.adapting import RESPONSES

DAYS = 365


def yardstick() -> float:
    """Return nanoseconds an element of a plain NumPy pass over a million int64."""
    x = np.arange(1_000_000)
    best = min(_cpu(lambda: [x * 3 + 1 for _ in range(20)]) for _ in range(5))
    return best / 20 / len(x) * 1e9


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


@cache
def candidates(n: int, kind: str) -> list[ds.Law]:
    """Return n laws: the NSW law, and copies with other lines for MDMA ('one line') or for every substance ('all lines')."""
    base = ds.load_law("nsw-deemed-supply")
    tables = base.data["tables"]["traffickable"]
    laws = [base]
    for factor in np.geomspace(0.34, 20, n - 1) if n > 1 else []:
        names = ["mdma"] if kind == "one line" else ["cannabis_herb", "mdma", "cocaine", "methamphetamine", "heroin"]
        assert set(names) <= set(tables)
        laws.append(base.patch({f"tables.traffickable.{name}": f"{round(base.limits(f'tables.traffickable.{name}').ug * factor)} ug" for name in names}))
    return laws


def setup_of(laws: list[ds.Law], days: int = DAYS, busy: bool = False) -> Setup:
    """Return the NSW world, or one in which police stop people ten times as often and so histories differ more."""
    world = ds.load("nsw")
    if busy:
        world = ds.vary(world, {"police.street": world.police.street.value * 10, "police.purchase": world.police.purchase.value * 10})
    return ds.make_setup(world, laws, days=days, seed=1, mode="closed")


def laws_in_one_pass(people: int, repeats: int) -> None:
    """Print time and row growth for 1, 2, 20 and 100 laws, against one law in the same run.

    The best of several repeats counts, and repeats take turns, so that a machine that is slow for a while is slow for all.
    """
    print(f"\nLaws in one pass ({people:,} people, {DAYS} days, closed mode, one core)")
    print(f"{'laws':>20} {'CPU s':>8} {'person-days/s':>14} {'time / one law':>15} {'row growth':>11} {'time / growth':>14}")
    for kind in ("one line", "all lines", "busy police"):
        setups = {n: setup_of(candidates(n, "one line" if kind == "one line" else "all lines"), busy=kind == "busy police") for n in (1, 2, 20, 100)}
        run_replicate(setups[1], 500, 0)
        rounds = [{n: _timed(setup, people) for n, setup in setups.items()} for _ in range(repeats)]
        one = min(timed[1][0] for timed in rounds)
        for n in setups:
            best, rows = min(timed[n] for timed in rounds)
            growth = rows / people
            print(f"{f'{n}, {kind}':>20} {best:8.2f} {people * DAYS / best:14,.0f} {best / one:15.2f} {growth:11.3f} {best / one / growth:14.2f}")


def answers_to_the_law(people: int, repeats: int) -> None:
    """Print time and row growth where a tenth of people know the line and answer to it, and suppliers pack, against a world in which nobody does."""
    print(f"\nAnswers to the law ({people:,} people, {DAYS} days, 10 % aware, closed mode, one core)")
    print(f"{'laws and answer':>40} {'CPU s':>8} {'time / fixed':>13} {'row growth':>11}")
    world = ds.load("nsw")
    assert world.people.response is not None
    for n in (1, 20, 100):
        fixed = 0.0
        for kind in (*RESPONSES[:-1], "packing"):
            response = world.people.response.model_copy(update={"kind": kind if kind != "packing" else "fixed"})
            people_section = world.people.model_copy(update={"response": response})
            chosen = ds.vary(world.model_copy(update={"people": people_section}), {"people.response.aware": 0.1})
            chosen = ds.with_switches(chosen, {"packing": kind == "packing"})
            setup = ds.make_setup(chosen, candidates(n, "all lines"), days=DAYS, seed=1, mode="closed")
            best, rows = min(_timed(setup, people) for _ in range(repeats))
            fixed = fixed or best
            print(f"{f'{n}, all lines, {kind}':>40} {best:8.2f} {best / fixed:13.2f} {rows / people:11.3f}")


def _timed(setup: Setup, people: int) -> tuple[float, int]:
    start = time.process_time()
    tables = run_replicate(setup, people, 0)
    return time.process_time() - start, tables.rows


def growth(sizes: list[int]) -> None:
    """Print time and peak memory for growing populations, each in a process of its own."""
    print(f"\nGrowth with people (one law, {DAYS} days, one core; peak memory of the whole process, and above an empty run)")
    print(f"{'people':>10} {'CPU s':>8} {'person-days/s':>14} {'peak MiB':>9} {'bytes a person':>15}")
    empty = 0.0
    for people in [0, *sizes]:
        out = subprocess.run([sys.executable, __file__, "--one", str(people)], capture_output=True, text=True, check=True).stdout.split()
        seconds, peak = float(out[0]), float(out[1])
        if people == 0:
            empty = peak
            continue
        print(f"{people:10,} {seconds:8.2f} {people * DAYS / seconds:14,.0f} {peak / 2**20:9,.0f} {(peak - empty) / people:15,.0f}")


def one_size(people: int) -> None:
    """Run one replicate and print CPU seconds and peak bytes, for ``growth``."""
    seconds, _ = _timed(setup_of(candidates(1, "one line")), people)
    print(seconds, _peak_bytes())


def _peak_bytes() -> int:
    """Return the peak memory of this process; getrusage would inherit the parent's on Linux."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def profile(people: int) -> None:
    """Print where the time goes, by function, for one law."""
    setup = setup_of(candidates(1, "one line"))
    run_replicate(setup, 500, 0)
    profiler = cProfile.Profile()
    profiler.runcall(run_replicate, setup, people, 0)
    stats = pstats.Stats(profiler)
    total = stats.total_tt  # type: ignore[attr-defined]
    print(f"\nProfile ({people:,} people, one law): share of time spent in each function itself")
    rows = sorted(stats.stats.items(), key=lambda item: -item[1][2])[:14]  # type: ignore[attr-defined]
    for (file, _, name), (_, calls, own, _, _) in rows:
        print(f"{own / total:7.1%} {calls:9,} calls  {file.rsplit('/', 1)[-1]}:{name}")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--one", type=int)
    options = parser.parse_args(arguments)
    if options.one is not None:
        one_size(options.one)
        return
    people, repeats, sizes = (500, 1, [500]) if options.quick else (20_000, 3, [10_000, 100_000, 1_000_000])
    habits = run_replicate(setup_of(candidates(1, "one line"), 1), max(people, 2_000), 0).people["n_habits"].mean()
    print(f"NumPy yardstick: {yardstick():.2f} ns an element. World: nsw, {habits:.2f} habits a person.")
    laws_in_one_pass(people, repeats)
    answers_to_the_law(people, repeats)
    growth(sizes)
    profile(people)


if __name__ == "__main__":
    main()
