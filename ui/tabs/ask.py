"""The tab that answers: questions on the left, the sources of the answers on the right."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from library.errors import NotFoundError, UsageError
from library.library import Library
from library.records import Answer, Citation
from rag import Filters
from rag.chat import Turn as Said
from ui import render
from ui.asking import Asks, Progress, Understood, Update, follow
from ui.jobs import Problem, Stopped
from ui.readiness import Readiness
from ui.tabs.parts import ANY_CITY, LONG, QUICK, is_running, iso_day, stop

_LANGUAGES = [("自动 Auto", "auto"), ("中文 Chinese", "zh"), ("英文 English", "en"), ("双语 Both", "both")]
_EXAMPLES = {
    "江门": "江门市的高企存量目标是多少？",
    "随州": "How many high-tech enterprises does Suizhou aim for?",
    "汕尾": "汕尾的六大行动有哪些？",
}
ASK, STOP = "提问 Ask", "停止 Stop"  # words, for Gradio gives its icons no label


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its reply and sources, as HTML; and for the questions that follow, in full and as text."""

    question: str
    reply: str
    sources: str = ""
    full: str = ""
    answer: str = ""


Turns = tuple[Turn, ...]
Frame = tuple[list[dict[str, str]], Any, Any, Turns, threading.Event | None, Any]
"""What the page shows after a step: messages, question box, sources, the two states of the user, seconds it took."""


class Chat:
    """The chat's handlers. It keeps nothing of its users: their turns live in their own ``gr.State``."""

    def __init__(self, library: Library, assistant: Asks, readiness: Readiness | None = None) -> None:
        self._library, self._assistant, self._readiness = library, assistant, readiness

    def ask(
        self,
        question: str,
        turns: Turns,
        running: threading.Event | None,
        language: Any,
        city: str,
        since: str = "",
        until: str = "",
    ) -> Iterator[Frame]:
        """Follows one question to its end. An empty one, or one asked while another runs, changes nothing."""
        if not question.strip() or is_running(running):
            yield messages(turns), gr.skip(), gr.skip(), turns, running, gr.skip()
            return
        stop, now, first = threading.Event(), Turn(question.strip(), ""), 0.0
        try:
            filters = Filters(city or "", iso_day(since), iso_day(until))
        except UsageError as error:
            turns = (*turns, replace(now, reply=render.problem_html(str(error))))
            yield messages(turns), gr.skip(), gr.skip(), turns, None, gr.skip()
            return
        box = gr.Textbox(value="", submit_btn=False, stop_btn=STOP)
        for update in follow(
            self._assistant, now.question, language=language, filters=filters, stop=stop, readiness=self._readiness,
            history=[Said(t.full or t.question, t.answer) for t in turns],
        ):  # fmt: skip
            now = self._step(now, update, len(turns))
            if isinstance(update, Progress):
                first = first or (update.seconds if update.draft else 0.0)
                yield messages((*turns, now)), box, gr.skip(), turns, stop, gr.skip()
                box = gr.skip()
        turns = (*turns, now)
        took = render.took_html(first, update.seconds) if isinstance(update, Answer) else gr.skip()
        yield messages(turns), gr.Textbox(submit_btn=ASK, stop_btn=False), panel(turns), turns, None, took

    def _step(self, turn: Turn, update: Update, index: int) -> Turn:
        match update:
            case Understood(full):
                return replace(turn, full=full)
            case Progress():
                return replace(turn, reply=render.progress_html(update.stage, update.draft, update.seconds))
            case Answer():
                shown = [(self._excerpt(c), self._as_it_arrived(c)) for c in update.citations]
                sources = render.take_away_html(update) + render.sources_html(update, shown, index)
                reply = render.answer_html(update, index)
                return replace(turn, reply=reply, sources=sources, answer=update.answer)
            case Problem():
                return replace(turn, reply=render.problem_html(update.message))
            case Stopped():
                return replace(turn, reply=render.stopped_html(update.draft))

    def _excerpt(self, c: Citation) -> render.Excerpt:
        """The quote in its article; alone, if the article was changed or removed in the meantime."""
        try:
            found = render.excerpt(self._library.get(c.article_id), c.start, c.end)
        except NotFoundError:
            return render.bare_excerpt(c.title, c.quote)
        return found if found.quote == c.quote else render.bare_excerpt(found.label, c.quote)

    def _as_it_arrived(self, c: Citation) -> render.Excerpt | None:
        """The same place of the raw page; None where the article is gone or is another by now."""
        try:
            if self._library.get(c.article_id).cite(c.n, c.start, c.end).quote != c.quote:
                return None
            return render.excerpt_of(self._library.raw(c.article_id), c.raw_start, c.raw_end)
        except (NotFoundError, IndexError):
            return None

    def shelf(self) -> tuple[Any, Any]:
        """The city filter and the empty chat, as the shelf is now."""
        cities = self._library.cities()
        choices = [ANY_CITY, *((render.city_label(city), city) for city in cities)]
        examples = [{"text": text} for city, text in _EXAMPLES.items() if city in cities]
        return gr.Dropdown(choices=choices), gr.Chatbot(placeholder=_welcome(len(self._library)), examples=examples)


def _welcome(articles: int) -> str:
    if not articles:
        return render.status_html("书架是空的 The shelf is empty. 先到“书架”收录网页 Take pages in under Library.")
    return render.status_html(f"书架上的文章 Articles on the shelf: {articles}")


def messages(turns: Turns) -> list[dict[str, str]]:
    """The turns as the chatbot takes them."""
    pairs = ((render.question_html(turn.question) + render.understood_html(turn.full), turn.reply) for turn in turns)
    return [
        {"role": role, "content": html}
        for question, reply in pairs
        for role, html in (("user", question), ("assistant", reply))
    ]


def panel(turns: Turns) -> str:
    """The sources of all turns that have some."""
    shown = [turn for turn in turns if turn.sources]
    return _PANEL_HEAD + render.panel_html([t.question for t in shown], [t.sources for t in shown])


_PANEL_HEAD = "<h2>来源 Sources</h2>"


def clear(running: threading.Event | None) -> tuple[Turns, str]:
    """Forgets the user's turns."""
    stop(running)
    return (), panel(())


def pick(event: gr.SelectData) -> str:
    """The text of the example that was clicked."""
    return str(event.value["text"])


def ask_tab(app: gr.Blocks, chat: Chat, took: gr.HTML) -> dict[str, Any]:
    """Lays the tab out in the ``Blocks`` that is open, and wires it; ``took`` shows how long the answer took.

    Returns what to call after the shelf has changed.
    """
    turns, running = gr.State(()), gr.State(None)
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            log = gr.Chatbot(
                label="问答 Chat", height="max(300px, calc(100vh - 412px))", buttons=[], latex_delimiters=[],
                allow_tags=False, elem_id="kj-chat",
            )  # fmt: skip
            box = gr.Textbox(
                label="问题 Question", placeholder="用中文或英文提问 Ask in Chinese or English", elem_id="kj-question",
                submit_btn=ASK, autofocus=True, max_length=500,
            )  # fmt: skip
            with gr.Row():
                language = gr.Dropdown(_LANGUAGES, value="auto", label="回答语言 Answer in", min_width=140)
                city = gr.Dropdown([ANY_CITY], value="", label="城市 City", min_width=140)
                since, until = (
                    gr.Textbox(label=label, placeholder="2025-02-06", max_length=10, min_width=140)
                    for label in ("发布自 Published from", "至 until")
                )
        with gr.Column(scale=2, min_width=320):
            sources = gr.HTML(panel(()), elem_id="kj-panel", js_on_load=None)
    asking: dict[str, Any] = {
        "fn": chat.ask, "inputs": [box, turns, running, language, city, since, until],
        "outputs": [log, box, sources, turns, running, took],
        # A few at once: searching is quick, and the model takes turns by itself.
        "concurrency_limit": 4, "concurrency_id": "ask", **LONG,
    }  # fmt: skip
    box.submit(**asking)
    log.example_select(pick, None, box, **QUICK).then(**asking)
    box.stop(stop, running, None, **QUICK)
    log.clear(clear, running, [turns, sources], **QUICK)
    shelf: dict[str, Any] = {"fn": chat.shelf, "inputs": None, "outputs": [city, log], **QUICK}
    app.load(**shelf)
    return shelf
