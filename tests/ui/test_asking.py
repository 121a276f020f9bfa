"""One question at work: stages, drafts, errors, stopping."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from library import Library
from library.errors import ModelError
from library.records import Answer
from rag import Assistant
from tests.fakes import ScriptedModel, shelved
from ui.app import exposure_warning
from ui.asking import Progress, follow
from ui.jobs import Problem, Stopped
from ui.tabs.ask import Chat, messages, panel

BODY = "会议部署全年工作。力争全市高企存量达3000家，新增科普基地8家。"
QUESTION = "江门的高企存量目标是多少？"


class Slow:
    """An assistant that writes a word, then waits to be stopped."""

    def __init__(self) -> None:
        self.wrote, self.ended = threading.Event(), threading.Event()

    def ask(self, question: str, *, on_token: Callable[[str], None], **_: object) -> Answer:
        try:
            while True:
                on_token("草")
                self.wrote.set()
        finally:
            self.ended.set()


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add([shelved("jiangmen.txt", BODY, city="江门", title="江门会议", chunk=200)])
    return library


@pytest.fixture
def settings():  # type: ignore[no-untyped-def]
    from library import Settings

    return Settings()


def test_the_last_update_is_the_checked_answer(shelf: Library) -> None:
    assistant = Assistant(shelf, model=ScriptedModel("江门力争高企存量达3000家[1]。"))
    updates = list(follow(assistant, QUESTION))
    assert isinstance(updates[-1], Answer)
    assert updates[-1].status == "answered"
    assert all(isinstance(u, Progress) for u in updates[:-1])


@pytest.mark.parametrize(
    ("error", "says"), [(ModelError("The model is not there. Start it."), "Start it"), (ValueError("x"), "ValueError")]
)
def test_an_error_is_a_sentence(error: Exception, says: str) -> None:
    class Failing:
        def ask(self, question: str, **_: object) -> Answer:
            raise error

    (*_, last) = follow(Failing(), "问")
    assert isinstance(last, Problem)
    assert says in last.message
    assert "Traceback" not in last.message


def test_stopping_ends_the_work_and_keeps_the_draft() -> None:
    slow, stop = Slow(), threading.Event()
    updates = follow(slow, "问", stop=stop)  # type: ignore[arg-type]
    next(updates)
    assert slow.wrote.wait(10)
    stop.set()
    (*_, last) = updates
    assert isinstance(last, Stopped)
    assert slow.ended.wait(10)


def test_two_users_do_not_see_each_other(shelf: Library) -> None:
    chat = Chat(shelf, Assistant(shelf, model=ScriptedModel("高企存量达3000家[1]。")))
    (*_, frame) = chat.ask(QUESTION, (), None, "auto", "")
    turns = frame[3]
    assert len(messages(turns)) == 2 and "3000家" in panel(turns)
    (*_, other) = chat.ask("深圳的高企目标是多少？", (), None, "auto", "")
    assert len(other[3]) == 1
    assert all("江门" not in m["content"] for m in messages(other[3]))


def test_an_empty_question_changes_nothing(shelf: Library) -> None:
    ((shown, _, _, turns, _running, _),) = Chat(shelf, Assistant(shelf, model=None)).ask("  ", (), None, "auto", "")
    assert (shown, turns) == ([], ())


def test_an_open_page_without_a_password_is_warned_of() -> None:
    assert "--auth" in exposure_warning("0.0.0.0", None)
    assert exposure_warning("0.0.0.0", ("a", "b")) == ""
    assert exposure_warning("::1", None) == exposure_warning("localhost", None) == ""
