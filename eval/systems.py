"""What is measured: Kejian, and beside it systems with the same encoder and language model on the same shelf."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal, Protocol, TypeVar

from eval.judging import misquoted
from eval.outcome import Outcome, Passage
from library import records
from library.errors import KejianError, UsageError
from library.library import Library
from rag import Assistant
from rag.llm import Usage

log = logging.getLogger(__name__)
T = TypeVar("T")

DEPTH = 10
"""How many passages of a ranking are kept, where nothing else is asked for."""


class System(Protocol):
    """Something that answers questions, or only finds passages for them."""

    @property
    def name(self) -> str: ...

    def run(self, id: str, question: str) -> Outcome:
        """What it makes of one question; it never raises, for a failure is an outcome with ``error``."""
        ...


class KejianSystem:
    """Kejian as users have it; ``ranked`` are the passages that its search ranks first."""

    name = "kejian"

    def __init__(self, assistant: Assistant, depth: int = DEPTH) -> None:
        self._assistant, self._library, self._depth = assistant, _library(assistant), depth

    def run(self, id: str, question: str) -> Outcome:
        ask, search = self._assistant.ask, self._assistant.search

        def keep(answer: records.Answer) -> dict[str, Any]:
            return kept(self._library, answer, search(question, self._depth))  # now, to cost no time of the answer

        return observe(Outcome(id, question, self.name), self._assistant.model, lambda: ask(question), keep)


class SearchSystem:
    """A search alone: it ranks passages and answers nothing."""

    def __init__(self, name: str, library: Library, search: Callable[[str], Sequence[records.Passage]]) -> None:
        self.name, self._library, self._search = name, library, search

    def run(self, id: str, question: str) -> Outcome:
        asked = Outcome(id, question, self.name)
        return observe(asked, None, lambda: self._search(question), lambda found: kept(self._library, None, found))


def index_system(name: Literal["bm25", "dense"], library: Library, depth: int = DEPTH) -> SearchSystem:
    """One of the library's two indexes alone, asked with the question as it stands."""
    by: Literal["lexical", "dense"] = "lexical" if name == "bm25" else "dense"
    return SearchSystem(name, library, lambda question: library.search(question, by=by, k=depth))


def _llama_index(kind: Literal["query", "citation"]) -> Callable[[Assistant], System]:
    def make(assistant: Assistant) -> System:
        try:
            from eval.peers import LlamaIndexSystem
        except ImportError as error:
            raise UsageError(
                f"LlamaIndex's engines can't be loaded ({error}). Install them with: pip install 'kejian[bench]'"
            ) from error
        return LlamaIndexSystem(kind, _library(assistant), assistant.need_model(f"LlamaIndex's {kind} engine"))

    return make


SYSTEMS: dict[str, Callable[[Assistant], System]] = {
    "kejian": KejianSystem,
    "bm25": lambda assistant: index_system("bm25", _library(assistant)),
    "dense": lambda assistant: index_system("dense", _library(assistant)),
    "llama_index_query": _llama_index("query"),
    "llama_index_citation": _llama_index("citation"),
}
PEERS = tuple(name for name in SYSTEMS if name != "kejian")


def open_systems(names: Sequence[str], assistant: Assistant) -> list[System]:
    """The systems of those names, over the assistant's library and with its model.

    Raises:
        UsageError: a name is unknown, the assistant has no library, or a peer's package is not installed.
        ModelMissing: a peer wants a language model, and there is none.
    """
    for name in names:
        if name not in SYSTEMS:
            raise UsageError(f"There is no system {name!r}. Known are: {', '.join(SYSTEMS)}.")
    return [SYSTEMS[name](assistant) for name in names]


def observe(asked: Outcome, model: object, ask: Callable[[], T], keep: Callable[[T], dict[str, Any]]) -> Outcome:
    """Runs ``ask``, timed and with the model's tokens counted, and fills the outcome with what ``keep`` makes of it.

    Whatever raises becomes the outcome's ``error``: one question that trips something must not cost the rest of a run.
    """
    began, usage, seconds = time.monotonic(), None, None
    fields: dict[str, Any]
    try:
        with _counted(model) as usage:
            made = ask()
        seconds = time.monotonic() - began
        fields = keep(made)
    except Exception as error:
        if not isinstance(error, KejianError):
            log.exception("unexpected failure of %s on %s", asked.system, asked.id)
        fields = {"error": f"{type(error).__name__}: {error}"}
    if usage and not usage.uncounted:
        fields |= {
            "prompt_tokens": usage.prompt, "computed_tokens": usage.computed, "output_tokens": usage.output,
        }  # fmt: skip
    seconds = time.monotonic() - began if seconds is None else seconds
    return replace(asked, **fields, seconds=round(seconds, 3))


def kept(library: Library, answer: records.Answer | None, found: Sequence[records.Passage]) -> dict[str, Any]:
    """The fields of an outcome: the answer as JSON, the ranking with raw spans, and the citations that misquote."""
    return {
        "answer": answer.to_dict() if answer else None,
        "ranked": tuple(_ranked(library, p) for p in found),
        "misquoted": _misplaced(library, answer) if answer else (),
    }


def _misplaced(library: Library, answer: records.Answer) -> tuple[int, ...]:
    """The citations that are not at their place in the body, or not at that in the file as it arrived."""
    wrong = set(misquoted(answer, lambda article_id: library.get(article_id).body))
    for c in answer.citations:
        if c.n not in wrong:
            raw = library.get(c.article_id).origins.raw_span(c.start, c.end)
            wrong |= {c.n} if (raw.start, raw.end) != (c.raw_start, c.raw_end) else set()
    return tuple(sorted(wrong))


def _ranked(library: Library, p: records.Passage) -> Passage:
    raw = library.get(p.article_id).origins.raw_span(p.start, p.end)
    return Passage(p.uri, p.text, p.score, (raw.start, raw.end))


@contextmanager
def _counted(model: object) -> Iterator[Usage | None]:
    """Counts the model's tokens in the ``with`` block; None where the model is not one that counts."""
    if not hasattr(model, "usage"):
        yield None
        return
    model.usage = usage = Usage()
    try:
        yield usage
    finally:
        model.usage = None


def _library(assistant: Assistant) -> Library:
    if assistant.library is None:
        raise UsageError("Systems are measured over a library, and this assistant has none. Open one first.")
    return assistant.library
