"""Progress: a caller's function, a bar, or nothing, for the time of a with block.

Level 5.
"""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (pieces of work done, pieces in all)."""
ProgressOption = bool | Progress | None
"""True: a bar · False: nothing · a function · None: a bar on a terminal."""


class shown:
    """A progress function for the time of a with block: the caller's own, a bar, or none."""

    def __init__(self, progress: ProgressOption, what: str) -> None:
        self.progress, self.what = progress, what
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
