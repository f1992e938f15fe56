"""Run a function over items, in this process or in several, with results that do not depend on how many.

Level 5.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Any, TypeVar

from decrimsim.errors import DecrimsimError

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")
ATTEMPTS = 3


def run_all(function: Callable[[Shared, Item], Result], shared: Shared, items: Sequence[Item], workers: int) -> Iterator[tuple[int, Result]]:
    """Yield (index of the item, function(shared, item)) as results come.

    function  a module-level function
    shared    sent once to each worker
    workers   processes; with 1, or one item, everything runs in this process
    Raises DecrimsimError when workers keep dying.
    """
    if workers == 1 or len(items) <= 1:
        for i, item in enumerate(items):
            yield i, function(shared, item)
        return
    missing = set(range(len(items)))
    for attempt in range(ATTEMPTS):
        pool = ProcessPoolExecutor(min(workers, len(missing)), mp_context=get_context("spawn"), initializer=_begin, initargs=(function, shared))
        try:
            with _without_main():
                futures: dict[Future[Any], int] = {pool.submit(_work, items[i]): i for i in sorted(missing)}
            while futures:
                finished, _ = wait(futures, return_when=FIRST_COMPLETED)
                for future in finished:
                    i = futures.pop(future)
                    result = future.result()
                    missing.remove(i)
                    yield i, result
            return
        except BrokenProcessPool:
            if attempt == ATTEMPTS - 1:
                message = f"a worker process died {ATTEMPTS} times, with {len(missing)} of {len(items)} pieces of work left."
                raise DecrimsimError(message, where="workers", hint="It may have run out of memory: try fewer workers (--workers 1) or fewer people") from None
        except BaseException:
            _end(pool)
            pool.shutdown(wait=True, cancel_futures=True)  # so that no thread of the pool is left to be ended with the interpreter
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _end(pool: ProcessPoolExecutor) -> None:
    """End the workers at once: the caller was interrupted, or a piece of work failed."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.terminate()


_task: tuple[Callable[[Any, Any], Any], Any] | None = None


def _begin(function: Callable[[Any, Any], Any], shared: Any) -> None:
    """Keep what a worker process is given once, so that each piece of work stays small."""
    global _task
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _task = (function, shared)


def _end_with(parent: Any) -> None:
    """End this worker when its parent is gone, however it went."""
    parent.join()
    os._exit(1)


def _work(item: Any) -> Any:
    assert _task is not None
    function, shared = _task
    return function(shared, item)


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the caller's script and hold Ctrl-C back while workers start.

    Workers then do not run the script again. They inherit that Ctrl-C is blocked and leave it to the caller, who gets it
    a moment later if it was pressed meanwhile.
    """
    main = sys.modules["__main__"]
    spec, file = getattr(main, "__spec__", None), getattr(main, "__file__", None)
    main.__spec__ = None
    if file is not None:
        del main.__file__
    can_block = hasattr(signal, "pthread_sigmask")
    if can_block:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        main.__spec__ = spec
        if file is not None:
            main.__file__ = file
        if can_block:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
