"""What other programs call: the shapes of the command line's ``--json``, over Gradio's API and as MCP tools.

The docstrings of the inner functions are what an assistant reads of a tool.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Literal

import gradio as gr

from ingest import read_targets
from lang.cities import find_cities
from library.errors import KejianError, UsageError
from library.library import Library
from rag import Assistant, Filters
from rag.brief import choose_articles, write_brief
from rag.targets import choose_targets
from ui.readiness import Readiness
from ui.tabs.parts import iso_day

_MOST = 50


class Api:
    """The four calls. Errors reach the caller as sentences."""

    def __init__(self, library: Library, assistant: Assistant, readiness: Readiness | None = None) -> None:
        self._library, self._assistant, self._readiness = library, assistant, readiness

    def ask(
        self,
        question: str,
        language: Literal["auto", "zh", "en", "both"] = "auto",
        city: str = "",
        since: str = "",
        until: str = "",
    ) -> dict[str, Any]:
        """Answer a question from the articles on the shelf; every sentence is cited and its figures are checked.

        Returns the answer with status (answered, partial, not_found, extractive), its sentences with citations, and
        the quotes with their places in the article and in the page as it arrived.

        Args:
            question: In Chinese or English, such as "江门市的高企存量目标是多少？"
            language: Of the answer; "auto" takes that of the question.
            city: Only articles of that city, in Chinese or English.
            since: Only articles published on that date or later, YYYY-MM-DD.
            until: Only articles published on that date or earlier, YYYY-MM-DD.
        """
        with _told():
            self._load()
            filters = Filters(_city(city), iso_day(since), iso_day(until))
            return self._assistant.ask(_given(question, "question"), language=language, filters=filters).to_dict()

    def search(self, query: str, k: int = 10, city: str = "", since: str = "", until: str = "") -> list[dict[str, Any]]:
        """Find the passages of the shelf that fit a query best, without asking a language model.

        Args:
            query: In Chinese or English.
            k: How many passages, 50 at most.
            city: Only articles of that city, in Chinese or English.
            since: Only articles published on that date or later, YYYY-MM-DD.
            until: Only articles published on that date or earlier, YYYY-MM-DD.
        """
        with _told():
            filters = Filters(_city(city), iso_day(since), iso_day(until))
            found = self._assistant.search(_given(query, "query"), max(1, min(int(k), _MOST)), filters=filters)
            return [passage.to_dict() for passage in found]

    def brief(
        self,
        articles: list[str] | None = None,
        topic: str = "",
        city: str = "",
        language: Literal["en", "zh", "both"] = "en",
    ) -> dict[str, Any]:
        """Write a briefing of articles, of a city or of a topic: lead, sections of cited points, targets, quotes.

        It takes half a minute to a few minutes, for every sentence is translated and checked.

        Args:
            articles: Their ids, as search gives them.
            topic: What it is about, in Chinese or English.
            city: Only articles of that city, in Chinese or English.
            language: Of the briefing.
        """
        with _told():
            if not (articles or topic or city):
                raise UsageError("Name articles by their ids, or give a topic or a city.")
            self._load()
            chosen = choose_articles(self._library, articles or [], topic, Filters(_city(city)))
            return write_brief(self._library, self._assistant.model, chosen, language, topic).to_dict()

    def targets(self, city: str = "", indicator: str = "") -> list[dict[str, Any]]:
        """List the quantitative targets that the articles state: whose, what, how much, by when, with the quote.

        Args:
            city: Only targets of that city, in Chinese or English.
            indicator: Only targets of this, such as "高企" or "high-tech enterprises".
        """
        with _told():
            read_targets(self._library)
            return [target.to_dict() for target in choose_targets(self._library, _city(city), indicator.strip())]

    def _load(self) -> None:
        if self._readiness is not None:
            self._readiness.load()


def offer_api(api: Api) -> None:
    """Makes the calls part of the ``Blocks`` that is open: ``/ask``, ``/search``, ``/brief``, ``/targets``; and tools.

    Gradio gives an MCP client what ``str`` makes of a result, so the tools are twins that return JSON text.
    """
    calls: list[tuple[Callable[..., Any], int]] = [(api.ask, 4), (api.search, 8), (api.brief, 2), (api.targets, 8)]
    for call, at_once in calls:
        name = call.__name__
        shared: dict[str, Any] = {"concurrency_limit": at_once, "concurrency_id": f"api-{name}"}
        gr.api(gr.mcp.tool()(_as_text(call)), api_name=f"{name}_as_text", **shared)
        gr.api(_no_tool(call), api_name=name, **shared)


def _as_text(call: Callable[..., Any]) -> Callable[..., str]:
    @wraps(call)
    def text(*args: Any, **kwargs: Any) -> str:
        return json.dumps(call(*args, **kwargs), ensure_ascii=False)

    return text


def _no_tool(call: Callable[..., Any]) -> Callable[..., Any]:
    """The call as an endpoint only: Gradio lists as tools what has no type of its own."""

    @wraps(call)
    def plain(*args: Any, **kwargs: Any) -> Any:
        return call(*args, **kwargs)

    plain._mcp_type = "endpoint"  # type: ignore[attr-defined]
    return plain


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except KejianError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _given(text: str, name: str) -> str:
    if not text.strip():
        raise UsageError(f"The {name} is empty.")
    return text.strip()


def _city(name: str) -> str:
    name = name.strip()
    return (find_cities(name) or [name.removesuffix("市")])[0] if name else ""
