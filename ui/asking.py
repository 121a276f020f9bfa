"""One question at work: the assistant runs in a thread, the page gets what has become of it so far."""

from __future__ import annotations

import copy
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from library.records import Answer
from rag import Filters
from rag.assistant import AskLanguage
from rag.chat import Turn, reply_language
from rag.llm import ChatModel
from ui import jobs
from ui.jobs import Problem, Stopped
from ui.readiness import Readiness

LOADING = "正在载入模型 Loading the models…"
SEARCHING = "正在检索 Searching the shelf…"
WRITING = "草稿，写完后逐句核对 Draft; each sentence is checked when it is done…"
_SOURCE = re.compile(r"^\[\d+\] ", re.M)


class Asks(Protocol):
    """What the chat needs of an assistant."""

    def ask(
        self,
        question: str,
        *,
        language: AskLanguage = "auto",
        filters: Filters | None = None,
        on_token: Callable[[str], None] | None = None,
    ) -> Answer: ...

    def full_question(self, question: str, history: Sequence[Turn]) -> str: ...


@dataclass(frozen=True, slots=True)
class Understood:
    """What a follow-up question was taken to ask."""

    question: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Not done yet: what is being done, the draft so far, and seconds since the question."""

    stage: str
    draft: str
    seconds: float


Update = Understood | Progress | Answer | Problem | Stopped


@dataclass(frozen=True, slots=True)
class _Stage:
    text: str


def reading(passages: int) -> str:
    """The state line while the model reads."""
    return f"正在阅读 {passages} 段 Reading {passages} passage{'s' * (passages != 1)}…"


def follow(
    assistant: Asks,
    question: str,
    *,
    language: AskLanguage = "auto",
    filters: Filters | None = None,
    stop: threading.Event | None = None,
    readiness: Readiness | None = None,
    history: Sequence[Turn] = (),
) -> Iterator[Update]:
    """Asks, and yields ``Progress`` at least twice a second, then one of the others as the last.

    A follow-up to ``history`` is put in full first, and ``Understood`` tells how.

    Setting ``stop``, or closing the generator, also ends the model's work at its next token.
    """

    def work(tell: jobs.Tell) -> Answer:
        return _answer(assistant, question, language, filters, tell, readiness, history)

    began, stage, draft = time.monotonic(), SEARCHING, ""
    for items in jobs.run(work, stop or threading.Event()):
        for item in items:
            match item:
                case jobs.Done(answer):
                    yield answer
                    return
                case Problem():
                    yield item
                    return
                case Understood():
                    yield item
                case _Stage(text):
                    stage = text
                case _:
                    stage, draft = WRITING, draft + item
        yield Progress(stage, draft, time.monotonic() - began)
    yield Stopped(draft)


def _answer(
    assistant: Asks,
    question: str,
    language: AskLanguage,
    filters: Filters | None,
    tell: jobs.Tell,
    readiness: Readiness | None,
    history: Sequence[Turn],
) -> Answer:
    def on_read(passages: int) -> None:
        tell(_Stage(reading(passages) if passages else SEARCHING))

    if readiness is not None and not readiness.done:
        tell(_Stage(LOADING))
        readiness.load()
    tell(_Stage(SEARCHING))
    full, language = _in_full(assistant, question, language, history)
    if full != question:
        tell(Understood(full))
    answer = _watched(assistant, on_read).ask(full, language=language, filters=filters, on_token=tell)
    return replace(answer, question=question)


def _in_full(assistant: Asks, question: str, language: AskLanguage, history: Sequence[Turn]) -> tuple[str, AskLanguage]:
    """The question as it needs no conversation, and the language to answer it in."""
    full = assistant.full_question(question, history) if history else question
    return full, reply_language(question, full) if language == "auto" and full != question else language


class _Watched:
    """A model that says when it starts to read, and how many numbered sources its prompt holds."""

    def __init__(self, model: ChatModel, on_read: Callable[[int], None]) -> None:
        self._model, self._on_read = model, on_read
        self.name = model.name

    def stream(self, messages: Sequence[tuple[str, str]], max_tokens: int) -> Iterator[str]:
        self._on_read(len(_SOURCE.findall(messages[-1][1])))
        yield from self._model.stream(messages, max_tokens)


def _watched(assistant: Asks, on_read: Callable[[int], None]) -> Asks:
    """The same assistant for one question, its model watched; one without a model is left alone."""
    model = getattr(assistant, "model", None)
    if model is None:
        return assistant
    twin: Any = copy.copy(assistant)
    twin.model = _Watched(model, on_read)
    return twin  # type: ignore[no-any-return]
