"""A program to be killed: it ingests a folder in a child process, and can strike itself at a named moment.

It reads one order a line from standard input, ``{"shelf", "pages", "seed", "point", "nth"}``, forks, and answers with
the child's process id. After one more line, for the id must stay the child's as long as somebody may strike at it, it
answers with the child's return code as ``subprocess`` counts it. The parent has all modules loaded, so that an order
takes milliseconds. An empty ``point`` leaves the killing to others.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss

from ingest import clean_page, ingest
from library import Library, Settings
from library.catalogue import Catalogue
from library.dense import DenseIndex
from tests.fakes import FakeEncoder

# A moment, what is called just then, and whether it lies before or after that call.
POINTS: dict[str, tuple[Any, str, str]] = {
    "before the tables are made": (Catalogue, "_create", "before"),
    "after the tables are made": (Catalogue, "_create", "after"),
    "while embedding": (FakeEncoder, "passages", "before"),
    "before an old version goes": (Catalogue, "delete", "before"),
    "after an old version goes": (Catalogue, "delete", "after"),
    "after an article is inserted": (Catalogue, "insert", "after"),
    "after a page is renamed": (Catalogue, "rename", "after"),
    "before the index is written": (faiss, "write_index", "before"),
    "while the index is written": (faiss, "write_index", "half-way"),
    "after the index is written": (faiss, "write_index", "after"),
    "after the index is swapped": (DenseIndex, "save", "after"),
    "after the commit": (DenseIndex, "sweep", "before"),
    "after the sweep": (DenseIndex, "sweep", "after"),
}
BATCH_CHUNKS = 12


class Executioner:
    """Counts the moments as they pass, dawdles a little at each, and strikes at one."""

    def __init__(self, seed: int, point: str, nth: int) -> None:
        self._chance, self._point, self._left = random.Random(seed), point, nth

    def watch(self) -> None:
        for place in {(owner, name) for owner, name, _ in POINTS.values()}:
            self._wrap(*place)

    def _wrap(self, owner: Any, name: str) -> None:
        call: Callable[..., Any] = getattr(owner, name)
        moments = {when: point for point, (o, n, when) in POINTS.items() if (o, n) == (owner, name)}

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self._pass(moments.get("before"))
            result = call(*args, **kwargs)
            self._pass(moments.get("half-way"), *args)
            self._pass(moments.get("after"))
            return result

        setattr(owner, name, staticmethod(wrapped) if name == "sweep" else wrapped)

    def _pass(self, point: str | None, *args: Any) -> None:
        time.sleep(self._chance.random() * 0.001)
        if point is None or point != self._point:
            return
        self._left -= 1
        if self._left == 0:
            if args:  # the file that was being written gets half as long
                os.truncate(args[1], Path(args[1]).stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)


def run(order: dict[str, Any]) -> None:
    """Does what the order says, in this process."""
    sys.modules[ingest.__module__]._BATCH_CHUNKS = BATCH_CHUNKS  # type: ignore[attr-defined]
    Executioner(order["seed"], order["point"], order["nth"]).watch()
    with Library.open(order["shelf"], Settings(), FakeEncoder()) as library:
        ingest(library, [order["pages"]], prune=True)


def main() -> None:
    clean_page(__file__)  # loads the dictionaries
    _say("ready")
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            try:
                run(json.loads(line))
                os._exit(0)
            finally:
                os._exit(1)
        _say(child)
        sys.stdin.readline()
        _say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
