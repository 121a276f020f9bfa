"""A shelf of the real sample pages (no model needed to shelve them), and assistants that say what they are told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval import SAMPLE_FACTS, Evaluation, Fact, RunStore, ask_missing, describe, evaluate, load_facts, samples_library
from eval.facts import Gold
from eval.metrics import is_article
from eval.selection import Selection
from eval.systems import KejianSystem, System
from lang.sentences import split_sentences
from library import Library, Settings
from library.records import Answer, Article, Citation, Passage, Sentence
from rag import Assistant
from tests.fakes import FakeEncoder


class ScriptedAssistant:
    """Answers each question as scripted; an exception is raised, any other question refused."""

    model = None

    def __init__(self, library: Library | None, script: Mapping[str, Answer | Exception]) -> None:
        self.library = library
        self.script = dict(script)

    def search(self, question: str, k: int) -> list[Passage]:
        """The real ranking, of the real BM25."""
        return Assistant(self.library, model=None).search(question, k)

    def ask(self, question: str) -> Answer:
        reply = self.script.get(question, refusal(question))
        if isinstance(reply, BaseException):
            raise reply
        return reply


def refusal(question: str) -> Answer:
    return Answer(question, "zh", "not_found", "书架上的文章回答不了这个问题。", (), (), "none", 0.0)


def quoting(question: str, article: Article, spans: Sequence[tuple[int, int]]) -> Answer:
    """An answer that says what an article says there, a cited sentence a span."""
    cited = [
        Citation(n, article.id, "", "", "", article.uri, a, b, article.body[a:b], raw.start, raw.end)
        for n, (a, b) in enumerate(spans, 1)
        if (raw := article.origins.raw_span(a, b))
    ]
    said = tuple(Sentence(f"{c.quote}[{c.n}]", (c.n,), True, "ok") for c in cited)
    return Answer(question, "zh", "answered", "".join(s.text for s in said), said, tuple(cited), "scripted", 0.0)


def ideal(fact: Fact, articles: Sequence[Article]) -> Answer:
    """The answer that quotes every sentence of the fact's first article; a refusal for a refusal."""
    if not fact.answerable:
        return refusal(fact.question)
    article = next(a for a in articles if is_article(a.uri, fact.articles[0]))
    return quoting(fact.question, article, split_sentences(article.body))


@pytest.fixture(autouse=True, scope="module")
def _event_loop() -> Iterator[None]:
    """LlamaIndex's engines take the thread's event loop, make one where there is none, and leave it open."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with pytest.MonkeyPatch.context() as patch:  # a session's fixtures are made before a test's scrubbing
        for name in [n for n in os.environ if n.startswith("KEJIAN_")]:
            patch.delenv(name)
        patch.setenv("KEJIAN_CONFIG", os.devnull)
        settings = Settings()
    with samples_library(tmp_path_factory.mktemp("shelf"), settings, FakeEncoder()) as library:
        yield library


@pytest.fixture(scope="session")
def articles(shelf: Library) -> list[Article]:
    return [shelf.get(row.id) for row in shelf.articles()]


@pytest.fixture(scope="session")
def facts() -> list[Fact]:
    """The twenty that stand first, all over the sample pages."""
    return load_facts()[:20]


@pytest.fixture
def assistant(shelf: Library, articles: list[Article], facts: list[Fact]) -> ScriptedAssistant:
    """One that gets everything right; spoil its ``script`` to see what the scores make of it."""
    return ScriptedAssistant(shelf, {fact.question: ideal(fact, articles) for fact in facts})


@pytest.fixture
def scripted() -> type[ScriptedAssistant]:
    return ScriptedAssistant


@pytest.fixture
def run_of(tmp_path: Path) -> Callable[..., Evaluation]:
    """Asks an assistant the facts in a stored run, and judges what was stored."""
    store = RunStore(tmp_path / "runs")

    def run(assistant: Any, facts: Sequence[Fact], progress: Any = None, system: System | None = None) -> Evaluation:
        asked = system or KejianSystem(assistant)
        info = describe(assistant, Selection(tuple(facts), (), "all"), [asked.name], SAMPLE_FACTS)
        started = store.start(info, SAMPLE_FACTS)
        ask_missing(started, [asked], progress)
        return evaluate(started)

    return run


@pytest.fixture
def fact() -> Callable[..., Fact]:
    """Makes a fact; what is not told is a value of 3000家 in jiangmen.txt."""
    base = Fact("f", "多少家？", "zh", "value", "why", (("3000家",),), 1, (Gold("jiangmen"),))
    return lambda **changes: replace(base, **changes)


@pytest.fixture
def answer() -> Callable[..., Answer]:
    """Makes an answer of one sentence that cites one quote; ``changes`` are the sentence's."""

    def make(text: str, quote: str = "", uri: str = "/pages/jiangmen.txt", **changes: object) -> Answer:
        citation = Citation(1, "a1", "", "", "", uri, 0, len(quote), quote, 0, len(quote))
        sentence = replace(Sentence(text, (1,), True, "ok"), **changes)
        return Answer("多少家？", "zh", "answered", text, (sentence,), (citation,), "scripted", 0.1)

    return make
