"""The face of rag: one object that asks, answers over given passages, and translates."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from lang.dictionary import page_words
from lang.foreign import foreign_names
from lang.people import pinyin_names
from lang.script import detect_language
from library.encoder import Encoder, SentenceEncoder
from library.errors import ModelError, ModelMissing, UsageError
from library.library import Library
from library.records import Answer, Passage, TranslatedSentence
from library.settings import Settings
from library.terms import load_own_terms
from rag.answer import answer_question
from rag.chat import Turn, full_question, reply_language
from rag.draft import OnToken
from rag.llm import ChatModel, open_model
from rag.query import mentioned_cities
from rag.retrieve import Filters, Query, Ranked, explain_query, rank, retrieve, understand
from rag.source import Source, library_source, passages_source
from rag.translate import Progress, translate_question, translate_text

log = logging.getLogger(__name__)
AskLanguage = Literal["auto", "zh", "en", "both"]
_UNSET: Any = object()
_LONGEST = 2_000  # characters of a question
_NEAREST = 20  # passages that names are looked up in


class Assistant:
    """Answers and translates. Give a library for ``ask``; ``answer`` and ``translate`` need none.

    Args:
        library: the shelf to ask, or None.
        settings: defaults to the library's, else to those of file and environment.
        model: a language model of your own; None for none. Defaults to what the settings name.
    """

    def __init__(
        self, library: Library | None, settings: Settings | None = None, model: ChatModel | None = _UNSET
    ) -> None:
        self.library = library  # an empty one is false, but not absent
        self.settings = settings or (Settings() if library is None else library.settings)
        load_own_terms(self.settings)
        self.model = open_model(self.settings) if model is _UNSET else model
        self._translated: dict[str, str] = {}
        self._encoder: Encoder = SentenceEncoder(self.settings) if library is None else library.encoder

    def ask(
        self,
        question: str,
        *,
        language: AskLanguage = "auto",
        filters: Filters | None = None,
        on_token: OnToken | None = None,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """Answers from the library.

        Args:
            question: in Chinese or English.
            language: of the answer; ``auto`` takes the question's, ``both`` answers in Chinese, then English.
            filters: a city, or a span of dates, to look in.
            on_token: called with each piece of text as it is generated, before it is checked.
            history: the conversation so far, oldest first. A follow-up is answered as ``full_question`` has it; the
                answer's ``question`` stays what was asked.

        Raises:
            UsageError: there is no library, or the question is empty.
        """
        if self.library is None:
            raise UsageError("This assistant has no library. Open one, or call answer() with passages.")
        full = self.full_question(question, history)
        if language == "auto" and full != question:
            language = reply_language(question, full)
        source = library_source(self.library, filters or Filters())
        return replace(self._answer(full, source, language, on_token), question=question)

    def full_question(self, question: str, history: Sequence[Turn]) -> str:
        """What a follow-up asks, in words that need no conversation; a full question as it is."""
        return full_question(question, history, self.library.cities() if self.library else (), self.model)

    def answer(
        self, question: str, passages: Sequence[str], *, language: AskLanguage = "auto", on_token: OnToken | None = None
    ) -> Answer:
        """Answers from the passages alone: a citation's ``article_id`` is the passage's index, as text."""
        source = passages_source(passages, self._encoder, self.settings)
        return self._answer(question, source, language, on_token)

    def search(self, question: str, k: int, filters: Filters | None = None) -> list[Passage]:
        """The ``k`` passages that ``ask`` would rank first, best first; an English question is put into Chinese once.

        Raises:
            UsageError: there is no library, or the question is empty.
        """
        if self.library is None:
            raise UsageError("This assistant has no library. Open one to search it.")
        return retrieve(self.library, self.understood(question), k, filters)

    def explain(self, question: str, k: int, filters: Filters | None = None) -> tuple[dict[str, Any], list[Ranked]]:
        """How the question is read, and what ``search`` gives for it with why each passage stands where it does.

        Raises:
            UsageError: there is no library, or the question is empty.
        """
        if self.library is None:
            raise UsageError("This assistant has no library. Open one to search it.")
        query = self.understood(question)
        ranking = rank(self.library, query, k, filters)
        return explain_query(query, filters, ranking), ranking

    def understood(self, question: str) -> Query:
        """How a question is read; an English one is put into Chinese once, by the model where there is one.

        Raises:
            UsageError: the question is empty, or longer than any question.
        """
        if not question.strip():
            raise UsageError("The question is empty.")
        if len(question) > _LONGEST:
            raise UsageError(
                f"The question has {len(question):,} characters, more than {_LONGEST:,}. Ask a shorter one."
            )
        return understand(question.strip(), self.library, self._in_chinese(question.strip()))

    def translate(self, text: str, progress: Progress | None = None) -> list[TranslatedSentence]:
        """Chinese text into English, sentence by sentence, each checked.

        Raises:
            ModelMissing: there is no language model to do it.
        """
        return translate_text(text, self.need_model("Translation"), progress)

    def need_model(self, what: str) -> ChatModel:
        """The language model, for work that can't be done without one."""
        if self.model is None:
            raise ModelMissing(f"{what} needs a language model; leave out --no-llm, or set llm.model.")
        return self.model

    def _answer(self, question: str, source: Source, language: AskLanguage, on_token: OnToken | None) -> Answer:
        query = self.understood(question)
        if source.chosen:
            query = replace(query, cities=())
        wanted = query.language if language == "auto" else language
        answer = answer_question(query, source, self.model, wanted, self.settings, on_token)
        return replace(answer, question=question)

    def _in_chinese(self, question: str) -> str:
        """An English question in Chinese; an empty string where no model can."""
        cities = mentioned_cities(question, self.library.cities() if self.library else ())
        if self.model is None or detect_language(question) == "zh":
            return ""
        if question not in self._translated:
            try:
                near = self._nearest(question)
                names = page_words(question, near) | foreign_names(question, near) | pinyin_names(question, near)
                self._translated[question] = translate_question(question, self.model, cities, names)
            except ModelError as error:
                log.warning("searching with the English question alone: %s", error)
                return ""
        return self._translated[question]

    def _nearest(self, question: str) -> list[str]:
        """The texts nearest an English question, to look up in them whom its names in pinyin stand for."""
        found = self.library.search(question, by="dense", k=_NEAREST) if self.library else []
        return [f"{p.title}\n{p.text}" for p in found]
