"""A question on its way out: retrieve, evidence, generate, verify, answer."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from lang.cities import english_name
from lang.script import detect_language
from library.encoder import Encoder
from library.errors import ModelError
from library.library import Library
from library.records import Answer, Citation, Passage, Sentence, Status
from library.settings import Settings
from rag.evidence import Evidence, Gap, find_gap, has_figure, item_name, item_number, select_evidence
from rag.hostile import harmless, is_command, unmarked
from rag.llm import ChatModel
from rag.prompts import EXTRACT_NOTE, NOT_FOUND, REASONS, answer_prompt, braces
from rag.retrieve import Filters, Query, retrieve
from rag.translate import render_figures, renderings, translate_sentence
from rag.verify import MARKER, check_answer, check_figures, renumber

log = logging.getLogger(__name__)
OnToken = Callable[[str], None]

_REFUSAL = re.compile(
    r"资料(?:中|里)?(?:没有|未|并未|没)|未提(?:及|到)|没有提到|do(?:es)? not (?:say|mention|specify)|not mentioned",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Source:
    """What answers are drawn from: finds evidence, and turns evidence into a citation.

    ``floor`` is the cosine below which nothing is near. ``chosen`` says that the caller chose the passages: then
    a city that the question names need not be theirs, and nearness can stand for missing words.
    """

    find: Callable[[Query], tuple[list[Evidence], list[Passage]]]
    cite: Callable[[int, Evidence], Citation]
    floor: float
    chosen: bool = False


def library_source(library: Library, filters: Filters) -> Source:
    """Answers from a library."""

    def find(query: Query) -> tuple[list[Evidence], list[Passage]]:
        settings = library.settings.retrieval
        passages = retrieve(library, query, settings.passages, filters)
        return select_evidence(query, passages, library.encoder, settings.evidence), passages

    floor = library.settings.encoder.floor
    return Source(find, lambda n, e: library.get(e.article_id).cite(n, e.start, e.end), floor)


def passages_source(passages: Sequence[str], encoder: Encoder, settings: Settings) -> Source:
    """Answers over given passages: ``article_id`` is a passage's index, and its spans count its characters."""
    whole = [Passage(str(i), f"passage:{i}", "", "", "", 0, len(p), p, 0.0) for i, p in enumerate(passages)]

    def find(query: Query) -> tuple[list[Evidence], list[Passage]]:
        return select_evidence(query, whole, encoder, settings.retrieval.evidence), whole

    def cite(n: int, e: Evidence) -> Citation:
        return Citation(n, e.article_id, "", "", "", e.uri, e.start, e.end, e.text, e.start, e.end)

    return Source(find, cite, settings.encoder.floor, chosen=True)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question in one language, and what was found for it."""

    query: Query
    language: str
    source: Source
    evidence: list[Evidence]
    passages: list[Passage]
    began: float

    def answer(
        self, status: Status, text: str, sentences: Sequence[Sentence], citations: Sequence[Citation], model: str
    ) -> Answer:
        nearest = tuple(self.passages[:3]) if status == "not_found" else ()
        seconds = round(time.monotonic() - self.began, 2)
        return Answer(
            self.query.text, self.language, status, text, tuple(sentences), tuple(citations), model, seconds, nearest
        )


def answer_question(
    query: Query, source: Source, model: ChatModel | None, language: str, max_tokens: int, on_token: OnToken | None
) -> Answer:
    """Answers one question in one language (``zh`` or ``en``).

    Without a model, or with one that fails, the answer is the best evidence itself, and says so.
    """
    began = time.monotonic()
    evidence, passages = source.find(query)
    evidence = [e for e in evidence if not is_command(e.text)] or evidence
    asked = _Asked(query, language, source, evidence, passages, began)
    gap = find_gap(query, evidence, source.floor, source.chosen)
    if gap:
        return _not_found(asked, gap, "none")
    if model is None:
        return _extractive(asked, "none")
    try:
        if query.wants_list and item_number(evidence[0].text):
            return _listed(asked, model, on_token)
        text = _generate(asked, model, max_tokens, on_token)
    except ModelError as error:
        log.warning("answering without the model: %s", error)
        return _extractive(asked, "none")
    # A refusal counts in either language, so it is looked for before the language is.
    if not text or (_REFUSAL.search(text) and not MARKER.search(text)):
        return _not_found(asked, Gap("model"), model.name)
    if detect_language(text) != asked.language and re.search(r"[^\W\d_]{2}", text):  # a bare figure is of no language
        plain = _extractive(asked, model.name)
        kept = Sentence(MARKER.sub("", text), (), False, "none", "not written in the language asked for")
        return replace(plain, sentences=(*plain.sentences, kept))
    return _checked(asked, text, model.name)


def _generate(asked: _Asked, model: ChatModel, max_tokens: int, on_token: OnToken | None) -> str:
    pieces = []
    prompt = answer_prompt(
        _question(asked, model), [present(e, asked.language) for e in asked.evidence], asked.language
    )
    for piece in _one_paragraph(model.stream(prompt, max_tokens)):
        pieces.append(piece)
        if on_token:
            on_token(piece)
    return "".join(pieces).strip()


def _question(asked: _Asked, model: ChatModel) -> str:
    """The question in the answer's language: a small model answers in that of the question."""
    query = asked.query
    if query.language == asked.language:
        return query.text
    if asked.language == "zh":
        return query.zh or query.text
    return translate_sentence(query.text, model).en or query.text


def _one_paragraph(pieces: Iterator[str]) -> Iterator[str]:
    """Small models that have answered go on with a question of their own after a blank line."""
    text = ""
    for piece in pieces:
        text += piece
        if "\n\n" in text.lstrip():
            return
        yield piece


def present(e: Evidence, language: str) -> str:
    """One piece of evidence as the prompt shows it; for English with figures, terms and names rendered."""
    e = replace(e, text=harmless(e.text), city=harmless(e.city), published=harmless(e.published))
    place = english_name(e.city) if e.city and language == "en" else f"{e.city}市" if e.city else ""
    if language == "zh":
        return _labelled("（{}）", [place, e.published]) + e.text
    return _labelled("({}) ", [place, e.published]) + render_figures(e.text) + braces(renderings(e.text))


def _labelled(form: str, parts: list[str]) -> str:
    known = [p for p in parts if p]
    return form.format(", ".join(known)) if known else ""


def _checked(asked: _Asked, text: str, model: str) -> Answer:
    checked = check_answer(text, asked.evidence, f"{asked.query.text}\n{asked.query.zh}")
    figures = not asked.query.wants_figure or any(s.supported and has_figure(MARKER.sub("", s.text)) for s in checked)
    if not figures or not any(s.supported for s in checked):
        # Nothing of it stands; the evidence itself does. What failed is kept, with the reason.
        plain = _extractive(asked, model)
        failed = [replace(s, citations=(), text=MARKER.sub("", s.text)) for s in checked if not s.supported]
        return replace(plain, sentences=(*plain.sentences, *failed))
    order = {n: i for i, n in enumerate(dict.fromkeys(n for s in checked for n in s.citations), 1)}
    sentences = [renumber(s, order) for s in checked]
    citations = [asked.source.cite(i, asked.evidence[n - 1]) for n, i in order.items()]
    status: Status = "answered" if all(s.supported for s in sentences) else "partial"
    written = (" " if asked.language == "en" else "").join(s.text for s in sentences)
    return asked.answer(status, written, sentences, citations, model)


def _listed(asked: _Asked, model: ChatModel, on_token: OnToken | None) -> Answer:
    """An enumeration is copied, item by item, not generated; for English each item is translated."""
    sentences = []
    for n, e in enumerate(asked.evidence, 1):
        name = unmarked(item_name(e.text))
        text = name if asked.language == "zh" else translate_sentence(name, model).en.rstrip(". ")
        numbers, wrong = check_figures(text, [e])
        reason = f"not in the cited source: {', '.join(wrong)}" if wrong else ""
        sentences.append(Sentence(f"({n}) {text}[{n}]", (n,), not wrong, numbers, reason))
        if on_token:
            on_token(sentences[-1].text + " ")
    citations = [asked.source.cite(n, e) for n, e in enumerate(asked.evidence, 1)]
    status: Status = "answered" if all(s.supported for s in sentences) else "partial"
    written = ("；" if asked.language == "zh" else "; ").join(s.text for s in sentences)
    return asked.answer(status, written, sentences, citations, model.name)


def _extractive(asked: _Asked, model: str) -> Answer:
    """The sentences that fit best, quoted as they stand."""
    evidence = asked.evidence
    best = evidence if asked.query.wants_list else [e for e in evidence if e.score >= evidence[0].score - 0.4][:2]
    citations = [asked.source.cite(n, e) for n, e in enumerate(best, 1)]
    sentences = [
        Sentence(f"{unmarked(c.quote)}[{c.n}]", (c.n,), True, "ok" if has_figure(c.quote) else "none")
        for c in citations
    ]
    text = EXTRACT_NOTE[asked.language] + " ".join(s.text for s in sentences)
    return asked.answer("extractive", text, sentences, citations, model)


def _not_found(asked: _Asked, gap: Gap, model: str) -> Answer:
    reason = REASONS[asked.language][gap.code].format(_names(gap, asked.language))
    return asked.answer("not_found", NOT_FOUND[asked.language].format(reason), [], [], model)


def _names(gap: Gap, language: str) -> str:
    if gap.code == "title":
        return "、".join(f"《{n}》" for n in gap.names)
    return "、".join(gap.names) if language == "zh" else ", ".join(map(english_name, gap.names))
