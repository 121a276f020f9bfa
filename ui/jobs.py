"""Long work beside the page: it runs in a thread, the page hears of it twice a second, and may stop it."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from library.errors import KejianError

log = logging.getLogger(__name__)

Tell = Callable[[Any], None]
"""Sends something to the page. Raises ``Abandoned`` once the page waits no longer: work ends where it next tells."""
_TICK = 0.5


class Abandoned(Exception):
    """Nobody waits for this work any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: units done, units in all (0 while unknown), what is being done, seconds since it began."""

    done: float
    total: float
    label: str
    seconds: float

    @property
    def left(self) -> float | None:
        """Seconds that the rest will take at this pace; None while there is none to judge by."""
        if self.seconds < 2 or not 0 < self.done < self.total:
            return None
        return self.seconds * (self.total - self.done) / self.done


@dataclass(frozen=True, slots=True)
class Done:
    """It is done; what came of it."""

    value: Any


@dataclass(frozen=True, slots=True)
class Problem:
    """It failed; one sentence for the user."""

    message: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The user stopped it; the draft, where there is one, as it stood."""

    draft: str = ""


Update = Step | Done | Problem | Stopped


def run(work: Callable[[Tell], Any], stop: threading.Event) -> Iterator[list[Any]]:
    """Runs ``work`` in a thread and yields what it told since the last time, at least twice a second.

    The last item of the last list is ``Done`` or ``Problem``; there is neither where ``stop`` was set meanwhile.
    Closing the generator stops the work, too.
    """
    mail = queue.SimpleQueue[Any]()
    threading.Thread(target=_work, args=(work, stop, mail.put), name="kejian-work", daemon=True).start()
    try:
        while not stop.is_set():
            items = _arrived(mail)
            yield items
            if items and isinstance(items[-1], Done | Problem):
                return
    finally:
        stop.set()


def follow(work: Callable[[Callable[..., None]], Any], stop: threading.Event) -> Iterator[Update]:
    """Runs ``work``, which tells its progress as ``(done, total, label)``, and yields ``Step`` until it ends."""
    began, last = time.monotonic(), (0.0, 0.0, "")

    def counted(tell: Tell) -> Any:
        def progress(done: float, total: float, label: str = "") -> None:
            tell((done, total, label))

        return work(progress)

    for items in run(counted, stop):
        for item in items:
            if isinstance(item, Done | Problem):
                yield item
                return
            last = item
        yield Step(*last, time.monotonic() - began)
    yield Stopped()


def _work(work: Callable[[Tell], Any], stop: threading.Event, put: Tell) -> None:
    def tell(item: Any) -> None:
        if stop.is_set():
            raise Abandoned
        put(item)

    try:
        put(Done(work(tell)))
    except Abandoned:
        log.info("work was abandoned")
    except KejianError as error:
        put(Problem(str(error)))
    except Exception as error:
        log.exception("work failed")
        put(Problem(f"出了意外的错误 Something unexpected went wrong ({type(error).__name__}); the log has more."))


def _arrived(mail: queue.SimpleQueue[Any]) -> list[Any]:
    """All that has come; waits a moment if nothing has."""
    items: list[Any] = []
    try:
        items.append(mail.get(timeout=_TICK))
        while True:
            items.append(mail.get_nowait())
    except queue.Empty:
        return items
