"""Progress: a caller's function, a bar, or nothing, for the time of a with block.

Level 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int], None]
"""Called with (pieces of work done, pieces in all)."""


@dataclass(frozen=True)
class Stages:
    """Progress of work in several stages: each is said as it begins, with how many pieces of work it is.

    say   called with (what the stage is, pieces of work in all; 0 where they are not known)
    each  the progress of each stage
    """

    say: Callable[[str, int], None]
    each: bool | Progress | None = None


ProgressOption = bool | Progress | Stages | None
"""True: a bar · False: nothing · a function · Stages: said as they begin · None: a bar on a terminal."""


def begun(progress: ProgressOption, what: str, count: int) -> bool | Progress | None:
    """Say that a stage begins, where stages are said, and return the progress of the stage."""
    if not isinstance(progress, Stages):
        return progress
    progress.say(what, count)
    return progress.each


class shown:
    """A progress function for the time of a with block: the caller's own, a bar, or none."""

    def __init__(self, progress: ProgressOption, what: str, count: int = 0) -> None:
        self.progress, self.what = begun(progress, what, count), what
        self.bar: object = None

    def __enter__(self) -> Progress | None:
        if callable(self.progress):
            return self.progress
        if self.progress is False:
            return None
        from tqdm.auto import tqdm

        bar = tqdm(desc=self.what, total=1, leave=False, disable=None if self.progress is None else False, unit="part")
        self.bar = bar

        def show(done: int, of: int) -> None:
            bar.total, bar.n = of, done
            bar.refresh()

        return show

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()  # type: ignore[attr-defined]
