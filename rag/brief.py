"""Briefings: an article's weightiest sentences, each in Chinese and English with its citation."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lang.cities import english_name
from lang.glossary import find_terms
from lang.sentences import split_sentences
from library.encoder import Encoder
from library.errors import ModelError, NotFoundError, UsageError
from library.library import Library
from library.records import Article, Briefing, Citation, Point, Section, Target, Term, TranslatedSentence
from rag.evidence import find_gap, select_evidence
from rag.llm import ChatModel
from rag.retrieve import Filters, passes, retrieve, understand
from rag.translate import translate_sentence
from rag.wording import has_figure

Progress = Callable[[int, int], None]

_SLOGAN = re.compile(r"总书记|重要讲话|重要指示|学习贯彻|两个确立|两个维护|会议精神|思想为指导|主题教育|政治任务")
_RESOLVE = re.compile(r"力争|争取|达到|突破|新增|实施|建设|推进|启动|出台|目标|计划|将")
_NOT_MATTER = re.compile(r"^(?:问|记者)[:：]|[?？]$|记者|通讯员|摄$|全景|图为")
_MIN_COVERAGE = 0.4  # of a topic's words; below it the shelf has nothing on it
_POINTS_OF_ONE = 8
_POINTS_OF_MANY = 4
MAX_ARTICLES = 12


@dataclass(frozen=True, slots=True)
class _Weighed:
    start: int
    end: int
    text: str
    weight: float


def choose_articles(library: Library, ids: Sequence[str], topic: str = "", filters: Filters | None = None) -> list[str]:
    """Which articles a briefing is of: those named, else those nearest the topic, else all that pass the filters.

    Raises:
        NotFoundError: an id is unknown, or nothing fits.
    """
    filters = filters or Filters()
    if ids:
        return [library.get(i).id for i in dict.fromkeys(ids)]
    if topic:
        chosen = _about(library, topic, filters)
    else:
        chosen = [a.id for a in library.articles() if passes(a.city, a.published, filters)]
    if not chosen:
        raise NotFoundError("No article fits. See what there is with: kejian articles list")
    if len(chosen) > MAX_ARTICLES:
        raise UsageError(
            f"{len(chosen)} articles fit; a briefing takes {MAX_ARTICLES}. Name a city, dates or ids, "
            "or write one for each with: kejian export"
        )
    return chosen


def _about(library: Library, topic: str, filters: Filters) -> list[str]:
    """Up to four articles whose best sentences have the topic's words; none where nothing is about it."""
    query = understand(topic, library)
    evidence = select_evidence(query, retrieve(library, query, 20, filters), library.encoder, 12)
    if find_gap(query, evidence) or max(e.coverage for e in evidence) < _MIN_COVERAGE:
        return []
    return list(dict.fromkeys(e.article_id for e in evidence))[:4]


def write_brief(
    library: Library,
    model: ChatModel | None,
    ids: Sequence[str],
    language: str = "both",
    topic: str = "",
    progress: Progress | None = None,
) -> Briefing:
    """A briefing of some articles, a section each.

    Args:
        library: where they are.
        model: translates; without one the English stays empty and each point says so.
        ids: of the articles.
        language: ``zh``, ``en`` or ``both``; ``zh`` needs no model.
        topic: weighs sentences by their nearness to it, besides.
        progress: called with sentences done and sentences in all.
    """
    began = time.monotonic()
    articles = [library.get(i) for i in ids]
    count = _POINTS_OF_ONE if len(articles) == 1 else _POINTS_OF_MANY
    picked = [weightiest(a, library.encoder, count, topic) for a in articles]
    total, done = sum(map(len, picked)) + len(articles), 0
    sections: list[Section] = []
    citations: list[Citation] = []
    for article, sentences in zip(articles, picked, strict=True):
        heading = _translate(article.title, model, language).en if article.title else _fallback_title(article)
        points = []
        for s in sentences:
            citations.append(article.cite(len(citations) + 1, s.start, s.end))
            points.append(_point(s.text, citations[-1].n, model, language))
            done += 1
            if progress:
                progress(done, total)
        sections.append(Section(article.label, heading, tuple(points)))
    return Briefing(
        title_zh=_title_zh(articles, topic),
        title_en=sections[0].heading_en if len(articles) == 1 else _title_en(articles, topic),
        language=language,
        articles=tuple(a.id for a in articles),
        sections=tuple(sections),
        targets=_targets(library, ids),
        citations=tuple(citations),
        glossary=_glossary(citations),
        model=model.name if model and language != "zh" else "none",
        seconds=round(time.monotonic() - began, 2),
    )


def weightiest(article: Article, encoder: Encoder, count: int, topic: str = "") -> list[_Weighed]:
    """The sentences that carry an article, in its order.

    A sentence weighs by its nearness to the whole (the mean of all sentences, as in centroid summarisation:
    Radev et al., 2004), to the topic, by bearing figures and resolutions, and loses by slogans.
    """
    spans = [(a, b) for a, b in split_sentences(article.body) if _is_matter(article.body[a:b])]
    if not spans:
        spans = split_sentences(article.body)
    texts = [article.body[a:b] for a, b in spans]
    vectors = encoder.passages(texts)
    nearness = _spread(vectors @ _unit(vectors.mean(axis=0)))
    if topic:
        nearness = nearness + 2 * _spread(vectors @ encoder.query(topic))  # who names a topic wants that first
    weighed = [
        _Weighed(a, b, t, n + _substance(t)) for (a, b), t, n in zip(spans, texts, nearness.tolist(), strict=True)
    ]
    return sorted(sorted(weighed, key=lambda w: -w.weight)[:count], key=lambda w: w.start)


def _spread(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Stretched to 0 to 1: cosines of e5 lie close together."""
    stretched: NDArray[np.float32] = (values - values.min()) / max(float(np.ptp(values)), 1e-6)
    return stretched


def _is_matter(sentence: str) -> bool:
    return len(sentence) >= 12 and not _NOT_MATTER.search(sentence) and sentence[-1] in "。！!；;”』…）)"


def _substance(sentence: str) -> float:
    weight = 1.0 if has_figure(sentence) else 0.0
    weight += 0.3 if _RESOLVE.search(sentence) else 0.0
    # A sentence of 200 characters is a paragraph: hard to read as a point, and hard to translate.
    return weight - (0.8 if _SLOGAN.search(sentence) else 0.0) - (0.5 if len(sentence) > 160 else 0.0)


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)


def _point(zh: str, n: int, model: ChatModel | None, language: str) -> Point:
    t = _translate(zh, model, language)
    numbers = t.numbers if t.en and has_figure(zh) else "none"
    return Point(zh, t.en, (n,), numbers, t.flags)


def _translate(zh: str, model: ChatModel | None, language: str) -> TranslatedSentence:
    if language == "zh":
        return TranslatedSentence(zh, "", "ok")
    if model is None:
        return TranslatedSentence(zh, "", "ok", ("not translated: no language model",))
    try:
        return translate_sentence(zh, model)
    except ModelError as error:
        return TranslatedSentence(zh, "", "ok", (f"not translated: {error}",))


def _targets(library: Library, ids: Sequence[str]) -> tuple[Target, ...]:
    """What the articles aim for, from the catalogue: computed when they were taken, not generated."""
    leaders = library.leaders()
    wanted = {leaders.get(i, i) for i in ids}
    return tuple(t for t in library.targets() if t.article_id in wanted)


def _title_zh(articles: Sequence[Article], topic: str) -> str:
    if len(articles) == 1:
        return articles[0].label
    cities = "、".join(dict.fromkeys(a.city for a in articles if a.city))
    return f"{topic or cities or '文章'}：{len(articles)}篇文章简报"


def _title_en(articles: Sequence[Article], topic: str) -> str:
    cities = ", ".join(dict.fromkeys(english_name(a.city) for a in articles if a.city))
    subject = topic if topic and topic.isascii() else cities or "Selected articles"
    return f"{subject}: a briefing of {len(articles)} articles"


def _fallback_title(article: Article) -> str:
    place = english_name(article.city) if article.city else "An untitled notice"
    return ", ".join(part for part in (place, article.published) if part)


def _glossary(citations: Sequence[Citation]) -> tuple[Term, ...]:
    found = {
        t.zh: Term(t.zh, t.en) for c in citations for t in find_terms(c.quote) if any(f in c.quote for f in t.zh_forms)
    }
    return tuple(found.values())
