"""The chat tab: questions on the left, the sources of the answers on the right."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from library.errors import NotFoundError
from library.library import Library
from library.records import Answer, Citation
from rag.chat import Turn as Said
from ui import render
from ui.asking import Asks, Problem, Progress, Stopped, Understood, Update, follow
from ui.readiness import Readiness

_LANGUAGES = [("自动 Auto", "auto"), ("中文 Chinese", "zh"), ("英文 English", "en"), ("双语 Both", "both")]
_EXAMPLES = {
    "江门": "江门市的高企存量目标是多少？",
    "随州": "How many high-tech enterprises does Suizhou aim for?",
    "汕尾": "汕尾的六大行动有哪些？",
}
ASK, STOP = "提问 Ask", "停止 Stop"  # words, for Gradio gives its icons no label
_ANY_CITY = ("全部 All", "")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its reply and sources, as HTML; and for the questions that follow, in full and as text."""

    question: str
    reply: str
    sources: str = ""
    full: str = ""
    answer: str = ""


Turns = tuple[Turn, ...]
Frame = tuple[list[dict[str, str]], Any, Any, Turns, threading.Event | None]
"""What the page shows after a step: messages, question box, sources, and the two states of the user."""


class Chat:
    """The chat's handlers. It keeps nothing of its users: their turns live in their own ``gr.State``."""

    def __init__(self, library: Library, assistant: Asks, readiness: Readiness | None = None) -> None:
        self._library, self._assistant, self._readiness = library, assistant, readiness

    def ask(
        self, question: str, turns: Turns, running: threading.Event | None, language: Any, city: str
    ) -> Iterator[Frame]:
        """Follows one question to its end. An empty one, or one asked while another runs, changes nothing."""
        if not question.strip() or (running is not None and not running.is_set()):
            yield messages(turns), gr.skip(), gr.skip(), turns, running
            return
        stop, now = threading.Event(), Turn(question.strip(), "")
        box = gr.Textbox(value="", submit_btn=False, stop_btn=STOP)
        for update in follow(
            self._assistant, now.question, language=language, city=city or "", stop=stop, readiness=self._readiness,
            history=[Said(t.full or t.question, t.answer) for t in turns],
        ):  # fmt: skip
            now = self._step(now, update, len(turns))
            if isinstance(update, Progress):
                yield messages((*turns, now)), box, gr.skip(), turns, stop
                box = gr.skip()
        turns = (*turns, now)
        yield messages(turns), gr.Textbox(submit_btn=ASK, stop_btn=False), panel(turns), turns, None

    def _step(self, turn: Turn, update: Update, index: int) -> Turn:
        match update:
            case Understood(full):
                return replace(turn, full=full)
            case Progress():
                return replace(turn, reply=render.progress_html(update.stage, update.draft, update.seconds))
            case Answer():
                sources = render.sources_html(update, [self._excerpt(c) for c in update.citations], index)
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

    def shelf(self) -> tuple[Any, Any]:
        """The city filter and the empty chat, as the shelf is now."""
        cities = self._library.cities()
        choices = [_ANY_CITY, *((render.city_label(city), city) for city in cities)]
        examples = [{"text": text} for city, text in _EXAMPLES.items() if city in cities]
        return gr.Dropdown(choices=choices), gr.Chatbot(placeholder=_welcome(len(self._library)), examples=examples)


def _welcome(articles: int) -> str:
    if not articles:
        return render.status_html("书架是空的 The shelf is empty. Fill it: kejian ingest PATH")
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


def stop(running: threading.Event | None) -> None:
    """Tells the running question to stop; its own handler then shows so."""
    if running is not None:
        running.set()


def clear(running: threading.Event | None) -> tuple[Turns, str]:
    """Forgets the user's turns."""
    stop(running)
    return (), panel(())


def pick(event: gr.SelectData) -> str:
    """The text of the example that was clicked."""
    return str(event.value["text"])


def chat_tab(app: gr.Blocks, chat: Chat) -> None:
    """Lays the tab out in the ``Blocks`` that is open, and wires it."""
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
                city = gr.Dropdown([_ANY_CITY], value="", label="城市 City", min_width=140)
        with gr.Column(scale=2, min_width=320):
            sources = gr.HTML(panel(()), elem_id="kj-panel", js_on_load=None)
    asking: dict[str, Any] = {
        "fn": chat.ask, "inputs": [box, turns, running, language, city],
        "outputs": [log, box, sources, turns, running],
        # A few at once: searching is quick, and the model takes turns by itself.
        "concurrency_limit": 4, "concurrency_id": "ask", "show_progress": "hidden", "api_visibility": "private",
    }  # fmt: skip
    quick: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    box.submit(**asking)
    log.example_select(pick, None, box, **quick).then(**asking)
    box.stop(stop, running, None, **quick)
    log.clear(clear, running, [turns, sources], **quick)
    app.load(chat.shelf, None, [city, log], **quick)
