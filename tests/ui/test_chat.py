"""The chat's handlers, with assistants that do as they are told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from library import Library
from library.errors import ModelMissing
from library.records import Answer, Sentence
from rag import Assistant, Filters
from rag.chat import Turn as Said
from rag.chat import full_question
from tests.fakes import ScriptedModel, shelved
from ui import jobs
from ui.asking import Progress, follow
from ui.jobs import Problem, Stopped
from ui.readiness import Readiness
from ui.tabs.ask import Chat, Turn, clear, messages, panel, stop

BODY = "会议部署全年工作。力争全市高企存量达3000家，新增科普基地8家。局长刘长虹出席会议。"
QUESTION = "江门市的高企存量目标是多少？"
Ask = Callable[..., Answer]


class Fake:
    """An assistant whose ``ask`` is a function; it remembers how it was asked."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.asked: list[tuple[str, str, Filters]] = []

    def ask(self, question: str, *, language: str = "auto", filters: Filters | None = None, on_token=None) -> Answer:
        self.asked.append((question, language, filters))
        return self._ask(question, on_token)

    def full_question(self, question: str, history: Sequence[Said]) -> str:
        return full_question(question, history, ("江门", "随州"))


def plain(question: str, text: str) -> Answer:
    return Answer(question, "zh", "answered", text, (Sentence(text, (), True, "none"),), (), "fake", 0.1)


def echo(question: str, on_token: Callable[[str], None]) -> Answer:
    for piece in ("答：", question):
        on_token(piece)
        time.sleep(0.02)
    return plain(question, f"答：{question}")


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add([shelved("jiangmen.txt", BODY, city="江门", title="江门科技工作会议", chunk=200)])
    return library


def last(frames: Iterator) -> tuple:
    return list(frames)[-1]


def test_drafts_come_before_the_answer() -> None:
    updates = list(follow(Fake(echo), "问？"))
    drafts = [u.draft for u in updates[:-1] if isinstance(u, Progress)]
    assert drafts == sorted(drafts, key=len) and drafts[-1] == "答：问？"
    assert updates[-1] == plain("问？", "答：问？")


def test_something_is_shown_before_the_first_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_TICK", 0.01)
    go = threading.Event()

    def slow(question: str, on_token: Callable[[str], None]) -> Answer:
        go.wait(10)
        return plain(question, "好。")

    updates = follow(Fake(slow), "问？")
    first = next(updates)
    assert isinstance(first, Progress) and "Searching" in first.stage
    go.set()
    assert isinstance(list(updates)[-1], Answer)


def test_the_state_line_counts_the_passages_that_the_model_reads(shelf: Library) -> None:
    read = threading.Event()

    class Slow(ScriptedModel):
        def stream(self, messages, max_tokens):  # type: ignore[no-untyped-def]
            read.wait(10)
            yield from super().stream(messages, max_tokens)

    assistant = Assistant(shelf, shelf.settings, Slow("江门市力争高企存量达3000家[1]。"))
    stages = []
    for update in follow(assistant, QUESTION):
        if isinstance(update, Progress):
            stages.append(update.stage)
            if "Reading" in update.stage:
                read.set()
    assert any(stage.startswith("正在阅读") and "Reading" in stage for stage in stages)
    assert isinstance(update, Answer) and update.status == "answered"
    assert assistant.model.name == "scripted"  # the assistant itself is as it was


def test_a_known_error_is_one_sentence(shelf: Library) -> None:
    def fail(*_: object) -> Answer:
        raise ModelMissing("The encoder is not prepared; run: kejian models prepare")

    frame = last(Chat(shelf, Fake(fail)).ask("问？", (), None, "auto", ""))
    assert "kejian models prepare" in _text(frame[0][-1]["content"])
    assert "Traceback" not in frame[0][-1]["content"]


def test_an_unknown_error_names_its_kind_and_no_more(shelf: Library, caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: object) -> Answer:
        raise ZeroDivisionError("inner secret")

    updates = list(follow(Fake(fail), "问？"))
    assert isinstance(updates[-1], Problem) and "ZeroDivisionError" in updates[-1].message
    assert "secret" not in updates[-1].message and "secret" in caplog.text


def test_stopping_keeps_the_draft_and_ends_the_work() -> None:
    ended, halt = threading.Event(), threading.Event()

    def endless(question: str, on_token: Callable[[str], None]) -> Answer:
        try:
            while True:
                on_token("字")
                time.sleep(0.01)
        finally:
            ended.set()

    updates = follow(Fake(endless), "问？", stop=halt)
    while "字" not in getattr(next(updates), "draft", ""):
        pass
    stop(halt)
    final = list(updates)[-1]
    assert isinstance(final, Stopped) and final.draft.startswith("字")
    assert ended.wait(10)


def test_closing_the_page_ends_the_work() -> None:
    ended = threading.Event()

    def endless(question: str, on_token: Callable[[str], None]) -> Answer:
        try:
            while True:
                on_token("字")
                time.sleep(0.01)
        finally:
            ended.set()

    updates = follow(Fake(endless), "问？")
    next(updates)
    updates.close()  # type: ignore[attr-defined]
    assert ended.wait(10)


def test_an_answer_comes_with_the_quote_in_its_article(shelf: Library) -> None:
    assistant = Assistant(shelf, shelf.settings, ScriptedModel("江门市力争高企存量达3000家[1]。"))
    shown, _, sources, turns, running, took = last(Chat(shelf, assistant).ask(QUESTION, (), None, "zh", "江门"))
    assert [m["role"] for m in shown] == ["user", "assistant"]
    assert "江门市力争高企存量达3000家[1]。" in _text(shown[1]["content"])
    assert "<mark>力争全市高企存量达3000家" in sources and "刘长虹" in sources
    assert "As it arrived" in sources and "Whole answer" in took
    assert turns[0].question == QUESTION and running is None


def test_a_quote_whose_article_has_gone_is_shown_alone(shelf: Library) -> None:
    assistant = Assistant(shelf, shelf.settings, ScriptedModel("江门市力争高企存量达3000家[1]。"))

    class Vanishing(Fake):
        def __init__(self) -> None:
            super().__init__(lambda question, on_token: self.answer(question))

        def answer(self, question: str) -> Answer:
            found = assistant.ask(question)
            shelf.remove([found.citations[0].article_id])
            return found

    sources = last(Chat(shelf, Vanishing()).ask(QUESTION, (), None, "auto", ""))[2]
    assert "<mark>力争全市高企存量达3000家" in sources and "刘长虹" not in sources


def test_language_and_city_reach_the_assistant(shelf: Library) -> None:
    fake = Fake(echo)
    last(Chat(shelf, fake).ask(" 问？ ", (), None, "both", "江门"))
    assert fake.asked == [("问？", "both", Filters(city="江门"))]


def test_turns_follow_each_other(shelf: Library) -> None:
    chat = Chat(shelf, Fake(echo))
    turns = last(chat.ask("一？", (), None, "auto", ""))[3]
    shown = last(chat.ask("二？", turns, None, "auto", ""))[0]
    assert [_text(m["content"]).split("✓")[0].strip() for m in shown] == ["一？", "答：一？", "二？", "答：二？"]


def test_a_follow_up_is_asked_in_full_and_says_so(shelf: Library) -> None:
    fake = Fake(echo)
    chat = Chat(shelf, fake)
    turns = last(chat.ask(QUESTION, (), None, "auto", ""))[3]
    frames = list(chat.ask("and Suizhou?", turns, None, "auto", ""))
    assert fake.asked[1][:2] == ("随州市的高企存量目标是多少？", "en")
    for shown in (frames[-2][0], frames[-1][0]):
        assert "Understood as: 随州市的高企存量目标是多少？" in _text(shown[2]["content"])
    again = last(chat.ask("那云浮呢？", frames[-1][3], None, "auto", ""))[3]
    assert [t.question for t in again] == [QUESTION, "and Suizhou?", "那云浮呢？"]
    assert again[-1].full == "云浮市的高企存量目标是多少？" and fake.asked[2][1] == "zh"


def test_a_question_that_stands_alone_is_shown_alone(shelf: Library) -> None:
    turns = last(Chat(shelf, Fake(echo)).ask(QUESTION, (), None, "auto", ""))[3]
    shown = last(Chat(shelf, Fake(echo)).ask("随州的局长是谁？", turns, None, "auto", ""))[0]
    assert "Understood" not in str(shown)


@pytest.mark.parametrize(("question", "running"), [("  ", None), ("问？", threading.Event())])
def test_no_question_and_a_second_at_once_change_nothing(shelf: Library, question: str, running: object) -> None:
    fake, turns = Fake(echo), (Turn("一？", "<p>1</p>"),)
    frames = list(Chat(shelf, fake).ask(question, turns, running, "auto", ""))  # type: ignore[arg-type]
    assert [(f[0], f[3], f[4]) for f in frames] == [(messages(turns), turns, running)]
    assert not fake.asked


def test_two_users_do_not_meet(shelf: Library) -> None:
    chat, gate = Chat(shelf, Fake(echo)), threading.Barrier(2)
    seen: dict[str, list] = {}

    def use(name: str) -> None:
        gate.wait(10)
        seen[name] = list(chat.ask(f"{name}的问题？", (), None, "auto", ""))

    users = [threading.Thread(target=use, args=(name,)) for name in ("甲", "乙")]
    for user in users:
        user.start()
    for user in users:
        user.join(20)
    assert "乙" not in str(seen["甲"]) and "甲" not in str(seen["乙"])
    assert vars(chat).keys() == {"_library", "_assistant", "_readiness"}


def test_clearing_forgets_and_stops() -> None:
    running = threading.Event()
    assert clear(running) == ((), panel(()))
    assert running.is_set()


def test_the_shelf_decides_cities_and_examples(shelf: Library) -> None:
    dropdown, chatbot = Chat(shelf, Fake(echo)).shelf()
    assert dropdown.choices == [("全部 All", ""), ("江门 Jiangmen", "江门")]
    assert [e["text"] for e in chatbot.examples] == [QUESTION]


def test_an_empty_shelf_says_how_to_fill_it(library: Library) -> None:
    _, chatbot = Chat(library, Fake(echo)).shelf()
    assert not chatbot.examples and "under Library" in _text(chatbot.placeholder)


class _Model:
    name = "slow-model"

    def __init__(self, error: Exception | None = None) -> None:
        self.started, self.error = 0, error

    def start(self) -> None:
        self.started += 1
        if self.error:
            raise self.error


def test_the_models_are_loaded_once_and_the_first_question_waits(shelf: Library) -> None:
    fake = Fake(echo)
    fake.model = _Model()  # type: ignore[attr-defined]
    ready = Readiness(shelf, fake)
    assert "first question" in ready.line() and not ready.done
    updates = list(follow(fake, "问？", readiness=ready))
    ready.load()
    assert isinstance(updates[-1], Answer)
    assert fake.model.started == 1 and "slow-model" in ready.line()  # type: ignore[attr-defined]


def test_a_model_that_cannot_be_loaded_is_named_and_the_question_still_asked(shelf: Library) -> None:
    fake = Fake(echo)
    fake.model = _Model(ModelMissing("It is not prepared; run: kejian models prepare"))  # type: ignore[attr-defined]
    ready = Readiness(shelf, fake)
    ready.start()
    assert isinstance(list(follow(fake, "问？", readiness=ready))[-1], Answer)
    assert ready.done and "kejian models prepare" in ready.line()


def test_without_a_language_model_the_page_says_so(shelf: Library) -> None:
    ready = Readiness(shelf, Fake(echo))
    ready.load()
    assert "answers are quotes" in ready.line()


def _text(html: str) -> str:
    from tests.ui.test_render import Page

    return Page(html).text
