"""A question on its way out: retrieve, evidence, generate, verify, answer.

The answer is written in Chinese, the language of the sources, and verified there; an English one is its translation,
sentence by sentence, see ``rag.english``.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lang.cities import english_name
from lang.script import detect_language
from library.errors import ModelError
from library.models import ENCODER_NAME
from library.records import Answer, Citation, Passage, Sentence, Status
from library.settings import Settings
from rag.answerable import answerable, found_signals
from rag.comparing import alike, city_question, years_of
from rag.conclusions import composed_en, conclusion, nothing_found
from rag.draft import OnToken, draft_answer, refuses, without_offices
from rag.english import both, in_english
from rag.evidence import Evidence, Gap, compared_cities, evidence_of, find_gap
from rag.hostile import is_command, unmarked
from rag.items import asked_number, is_enumeration, is_row, item_name
from rag.llm import ChatModel
from rag.prompts import EXTRACT_NOTE, NOT_FOUND, REASONS
from rag.reasons import REASONS as VERIFY_REASONS
from rag.relevance import find_miss, is_as_near, is_of_another_thing, is_of_another_year, may_answer, stands
from rag.retrieve import Query
from rag.source import Source
from rag.vectors import cosine
from rag.verify import MARKER, check_answer, check_figures, renumber
from rag.wording import has_all_figures, has_figure

log = logging.getLogger(__name__)
_WORDS = re.compile(r"\d|\w{2}")  # 和[2]。 says nothing
_SURE = 0.5  # below it a failed answer is a refusal, not a quotation
# Cosine of a Chinese claim with its quote, by the embedded encoder. Of 68 supported claims (eval/support_labels.yaml)
# none lies below .898, of 146 put beside another article's quote 92 % do, of 78 that go wrong by a word 5 %.
_NEAR = 0.89
_MIN_ARTICLE = 0.6  # below it the reader is told that what the question names is not there


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question in one language, and what was found for it."""

    query: Query
    language: str
    source: Source
    evidence: list[Evidence]
    passages: list[Passage]
    began: float

    @property
    def languages(self) -> tuple[str, ...]:
        return ("zh", "en") if self.language == "both" else (self.language,)

    def answer(
        self, status: Status, text: str, sentences: Sequence[Sentence], citations: Sequence[Citation], model: str
    ) -> Answer:
        nearest = tuple(self.passages[:3]) if status == "not_found" else ()
        seconds = round(time.monotonic() - self.began, 2)
        return Answer(
            self.query.text, self.language, status, text, tuple(sentences), tuple(citations), model, seconds, nearest
        )


def answer_question(
    query: Query, source: Source, model: ChatModel | None, language: str, settings: Settings, on_token: OnToken | None
) -> Answer:
    """Answers one question.

    Without a model, or with one that fails, the answer is the best evidence itself, and says so. It is refused where
    the signals of ``rag.answerable`` together speak against it, see ``AnswerSettings``.

    Args:
        query: the question, understood.
        source: what answers are drawn from.
        model: writes the answer, or None.
        language: of the answer: ``zh``, ``en``, or ``both``: Chinese, then the same in English.
        settings: tokens, and when to refuse.
        on_token: called with pieces of the draft.
    """
    began = time.monotonic()
    evidence, passages = source.find(query)
    evidence = [e for e in evidence if not is_command(e.text)] or evidence
    if query.wants_figure:
        evidence = [e for e in evidence if not is_of_another_thing(query, e, evidence, passages)] or evidence
    if stated := source.stated(query):
        evidence = [stated[0], *evidence]
    asked = _Asked(query, language, source, evidence, passages, began)
    try:
        answer = _answered(asked, model, settings, None if language == "en" else on_token)
        if language != "zh" and model and answer.status != "not_found":

            def known(sentence: str) -> str:
                return source.stated_en(sentence) or composed_en(sentence, compared_cities(query, evidence))

            english = in_english(answer, model, f"{query.text}\n{query.zh}", evidence, on_token, known)
            answer = both(answer, english) if language == "both" else english
    except ModelError as error:
        log.warning("answering without the model: %s", error)
        answer = _extractive(asked, "none")
    return replace(answer, language=language, seconds=round(time.monotonic() - began, 2))


def _answered(asked: _Asked, model: ChatModel | None, settings: Settings, on_token: OnToken | None) -> Answer:
    """The answer in Chinese; a refusal or a quotation in the language that was asked for."""
    query, evidence = asked.query, asked.evidence
    if gap := find_gap(query, evidence):
        return _not_found(asked, gap, "none")
    signals = found_signals(query, evidence, asked.passages, asked.source.encoder.name)
    likely = answerable(signals, query.language)
    enumerated = query.wants_list and is_enumeration([e.text for e in evidence])
    # As many items as are asked for (六大行动), of an article that has most of what the question names.
    counted = enumerated and asked_number(query.zh) == len(evidence)
    if asked.source.stated(query) or (counted and signals.get("article", 0.0) >= _MIN_ARTICLE):
        likely = 1.0
    if likely < settings.answers.refuse_below:
        return _not_found(asked, _weakest(signals), "none")
    if model is None:
        return _extractive(asked, "none")
    if enumerated or (query.wants_list and is_row(evidence[0].text)):
        return _listed(asked, model.name)
    if len(cities := compared_cities(query, evidence)) > 1 and query.zh:
        return _compared(asked, cities, model, settings, on_token)
    written, sentences = _written(asked, model, settings, on_token)
    return _shown(written, sentences, model.name, likely) if sentences else _not_found(asked, Gap("model"), model.name)


def _written(
    asked: _Asked, model: ChatModel, settings: Settings, on_token: OnToken | None
) -> tuple[_Asked, list[Sentence]]:
    """What the table of targets or the model writes, verified, with its evidence; no sentence where the model refuses.

    What is computed comes first: the model is asked where the table does not have it, or verification finds fault.
    """
    if stated := asked.source.stated(asked.query):
        piece, sentence = stated
        asked = replace(asked, evidence=[piece, *(e for e in asked.evidence if e != piece)])
        checked = _verified(asked, f"{sentence}[1]。")
        if stands(asked.query, checked, asked.evidence) and has_all_figures(asked.query, _said(checked)):
            return asked, checked
    draft = draft_answer(asked.query, asked.evidence, model, settings.llm.max_tokens, on_token)
    if refuses(draft):
        return asked, []
    checked = _verified(asked, draft)
    answers = stands(asked.query, checked, asked.evidence)
    whole = answers and all(s.supported for s in checked) and has_all_figures(asked.query, _said(checked))
    if not whole and (others := _untried(asked, checked)):
        # Once more, without what led it astray.
        again = draft_answer(asked.query, others.evidence, model, settings.llm.max_tokens, on_token)
        second = (
            []
            if refuses(again)
            else [s for s in _verified(others, again) if is_as_near(s, others.evidence, asked.evidence)]
        )
        better = all(s.supported for s in second) and has_all_figures(asked.query, _said(second))
        if stands(asked.query, second, others.evidence) and (not answers or better):
            return others, second
    return asked, checked


def _compared(
    asked: _Asked, cities: Sequence[str], model: ChatModel, settings: Settings, on_token: OnToken | None
) -> Answer:
    """Each city's answer by itself, and what follows from them; a city without one is told to have none."""
    query, evidence, found = asked.query, list(asked.evidence), dict[str, list[Sentence]]()
    years = years_of(query.zh, cities, query.years)
    for city in cities:
        question, own = city_question(query.zh, cities, city), evidence_of(city, asked.evidence)
        figure = query.wants_figure or "多少" in question
        alone = replace(query, zh=question, cities=(city,), years=years[city], compares=False, wants_figure=figure)
        written, checked = _written(replace(asked, query=alone, evidence=own), model, settings, on_token)
        evidence += [e for e in written.evidence if e not in evidence]
        order = {n: evidence.index(e) + 1 for n, e in enumerate(written.evidence, 1)}
        answers = stands(alone, checked, written.evidence)
        found[city] = [renumber(s, order) for s in checked if answers and s.supported]
    said = {city: MARKER.sub("", "".join(s.text for s in own)) for city, own in found.items() if own}
    if not query.cities:  # what was found of cities that nobody named may be beside the point
        said = alike(said, query.zh)
        found = {city: found[city] for city in said}
    if not said:
        return _extractive(asked, model.name)
    reason = VERIFY_REASONS[asked.languages[0]]["nothing"]
    missing = {city: Sentence(nothing_found(city), (), False, "none", reason) for city in cities}
    sentences = [s for city, own in found.items() for s in own or [missing[city]]]
    # Of three cities, one unknown, nobody can say which has the most.
    if len(said) >= len(query.cities) and (ending := conclusion(f"{query.text}\n{query.zh}", said)):
        cited = tuple(dict.fromkeys(n for s in sentences for n in s.citations))
        marked = f"{ending[:-1]}{''.join(f'[{n}]' for n in cited)}。"
        sentences.append(Sentence(marked, cited, True, "ok" if has_figure(ending) else "none"))
    return _cited(replace(asked, evidence=evidence), sentences, model.name)


def _verified(asked: _Asked, draft: str) -> list[Sentence]:
    question, encoder = f"{asked.query.text}\n{asked.query.zh}", asked.source.encoder
    floor = _NEAR if encoder.name == ENCODER_NAME else None  # of another encoder nobody has measured it
    language = asked.languages[0]
    draft = without_offices(draft, "\n".join([question, *(f"{e.before}{e.title}{e.text}" for e in asked.evidence)]))
    sentences = check_answer(
        draft, asked.evidence, question, lambda a, b: cosine(a, b, encoder), floor, language=language
    )
    sentences = [s for s in sentences if _WORDS.search(MARKER.sub("", s.text))] or sentences
    missed = [find_miss(asked.query, s, asked.evidence, asked.passages, language) for s in sentences]
    return [replace(s, supported=False, reason=why) if why else s for s, why in zip(sentences, missed, strict=True)]


def _said(sentences: Sequence[Sentence]) -> str:
    """What is supported of an answer, without markers."""
    return MARKER.sub("", "".join(s.text for s in sentences if s.supported))


def _untried(asked: _Asked, sentences: Sequence[Sentence]) -> _Asked | None:
    """The question with the evidence that its failed answer did not cite; None where that is all or nothing of it."""
    cited = {int(n) for s in sentences for n in MARKER.findall(s.text)}
    rest = [e for n, e in enumerate(asked.evidence, 1) if n not in cited]
    return replace(asked, evidence=rest) if rest and len(rest) < len(asked.evidence) else None


def _weakest(signals: dict[str, float]) -> Gap:
    """What the reader is told: words that are nowhere, or that nothing is near."""
    if not signals.get("figure", 1.0):
        return Gap("figure")
    return Gap("topic" if signals.get("article", 1.0) < _MIN_ARTICLE else "far")


def _shown(asked: _Asked, checked: list[Sentence], model: str, likely: float) -> Answer:
    """The answer with what verification found; ``likely`` is the probability that the evidence answers at all."""
    query, text = asked.query, "".join(s.text for s in checked)
    if detect_language(text) != "zh" and re.search(r"[^\W\d_]{2}", text):  # a bare figure is of no language
        plain = _extractive(asked, model)
        kept = Sentence(MARKER.sub("", text), (), False, "none", "not written in the language asked for")
        return replace(plain, sentences=(*plain.sentences, kept))
    if years := _other_years(asked, checked):
        return _not_found(asked, Gap("year", years), model)
    if not stands(query, checked, asked.evidence):
        near = asked.evidence if query.wants_list else asked.evidence[:2]
        quotable = [e for e in near if may_answer(query, e, asked.passages)]
        if likely < _SURE or not quotable:
            return _not_found(asked, Gap("model"), model)  # what it made up tells that there was nothing to find
        # Nothing of it stands; the evidence itself does. What failed is kept, with the reason.
        plain = _extractive(replace(asked, evidence=quotable), model)
        failed = [replace(s, citations=(), text=MARKER.sub("", s.text)) for s in checked if not s.supported]
        return replace(plain, sentences=(*plain.sentences, *failed))
    return _cited(asked, checked, model)


def _cited(asked: _Asked, checked: Sequence[Sentence], model: str) -> Answer:
    """The sentences as an answer, their citations numbered as they come."""
    order = {n: i for i, n in enumerate(dict.fromkeys(n for s in checked for n in s.citations), 1)}
    sentences = [renumber(s, order) for s in checked]
    citations = [asked.source.cite(i, asked.evidence[n - 1]) for n, i in order.items()]
    status: Status = "answered" if all(s.supported for s in sentences) else "partial"
    return asked.answer(status, "".join(s.text for s in sentences), sentences, citations, model)


def _other_years(asked: _Asked, sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """The years that the question names, where all that is cited speaks of others."""
    cited = [asked.evidence[n - 1] for s in sentences for n in s.citations]
    return asked.query.years if cited and all(is_of_another_year(asked.query, e, asked.passages) for e in cited) else ()


def _listed(asked: _Asked, model: str) -> Answer:
    """An enumeration is copied, item by item, not generated."""
    sentences = []
    for n, e in enumerate(asked.evidence, 1):
        text = unmarked(item_name(e.text))
        numbers, wrong = check_figures(text, [e])
        sentences.append(Sentence(f"({n}) {text}[{n}]", (n,), not wrong, numbers, "".join(wrong[:1])))
    citations = [asked.source.cite(n, e) for n, e in enumerate(asked.evidence, 1)]
    status: Status = "answered" if all(s.supported for s in sentences) else "partial"
    return asked.answer(status, "；".join(s.text for s in sentences), sentences, citations, model)


def _extractive(asked: _Asked, model: str) -> Answer:
    """The sentences that fit best, quoted as they stand."""
    evidence = asked.evidence
    best = [e for e in evidence if e.score >= evidence[0].score - 0.4][:2]
    if asked.query.wants_list:
        best = evidence
    elif cities := compared_cities(asked.query, evidence):
        best = [e for city in cities for e in evidence_of(city, evidence)[:1]]
    citations = [asked.source.cite(n, e) for n, e in enumerate(best, 1)]
    sentences = [
        Sentence(f"{unmarked(c.quote)}[{c.n}]", (c.n,), True, "ok" if has_figure(c.quote) else "none")
        for c in citations
    ]
    # Where there is a model, ``rag.english`` puts the quotes into English and says so.
    noted = asked.languages if model == "none" else asked.languages[:1]
    note = "".join(EXTRACT_NOTE[language] for language in noted)
    text = note + " ".join(s.text for s in sentences)
    return asked.answer("extractive", text, sentences, citations, model)


def _not_found(asked: _Asked, gap: Gap, model: str) -> Answer:
    said = [
        NOT_FOUND[language].format(REASONS[language][gap.code].format(_names(gap, language)))
        for language in asked.languages
    ]
    return asked.answer("not_found", "\n".join(said), [], [], model)


def _names(gap: Gap, language: str) -> str:
    if gap.code == "title":
        return "、".join(f"《{n}》" for n in gap.names)
    if language == "zh":
        return "、".join(gap.names)
    return ", ".join(english_name(n) if gap.code == "city" else n for n in gap.names)
