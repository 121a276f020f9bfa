"""Long work in a thread: progress, end, failure, stopping."""

from __future__ import annotations

import threading

import pytest

from library.errors import UsageError
from ui.jobs import Done, Problem, Step, Stopped, follow


def test_progress_comes_and_then_the_result() -> None:
    gate = threading.Event()

    def work(progress):  # type: ignore[no-untyped-def]
        progress(1, 4, "reading")
        gate.wait(10)
        return "made"

    updates = follow(work, threading.Event())
    first = next(updates)
    gate.set()
    *_, last = updates
    assert isinstance(first, Step) and (first.done, first.total, first.label) == (1, 4, "reading")
    assert last == Done("made")


@pytest.mark.parametrize(
    ("error", "says"), [(UsageError("Name a folder."), "Name a folder."), (KeyError("x"), "KeyError")]
)
def test_a_failure_is_a_sentence(error: Exception, says: str) -> None:
    def work(_progress):  # type: ignore[no-untyped-def]
        raise error

    *_, last = follow(work, threading.Event())
    assert isinstance(last, Problem) and says in last.message


def test_stopping_ends_the_work_where_it_next_tells() -> None:
    stop, told, ended = threading.Event(), threading.Event(), threading.Event()

    def work(progress):  # type: ignore[no-untyped-def]
        try:
            while True:
                progress(1, 2, "on and on")
                told.set()
        finally:
            ended.set()

    updates = follow(work, stop)
    next(updates)
    assert told.wait(10)
    stop.set()
    assert list(updates)[-1] == Stopped()
    assert ended.wait(10)


@pytest.mark.parametrize(
    ("step", "left"),
    [(Step(1, 4, "", 10), 30), (Step(0, 4, "", 10), None), (Step(1, 0, "", 10), None), (Step(1, 4, "", 1), None)],
)
def test_the_time_left_is_told_where_it_can_be_judged(step: Step, left: float | None) -> None:
    assert step.left == left
