"""From passages to the few sentences that the model sees, and whether they can answer at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from lang.cities import find_cities
from lang.glossary import find_terms
from lang.quantities import find_quantities
from lang.sentences import split_clauses, split_sentences
from lang.words import content_words
from library.encoder import Encoder
from library.records import Passage
from rag.retrieve import Query


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence (or clause) of an article: ``text`` is ``body[start:end]``.

    ``similarity`` is the cosine with the question, ``coverage`` the share of its words found here.
    """

    article_id: str
    uri: str
    title: str
    city: str
    published: str
    start: int
    end: int
    text: str
    similarity: float = 0.0
    coverage: float = 0.0
    score: float = 0.0


# A question's own scaffolding: what it asks for, not what it is about.
_ASKING = frozenset(
    [
        "目标",
        "全市",
        "全年",
        "今年",
        "我市",
        "计划",
        "力争",
        "预期",
        "达到",
        "数量",
        "总数",
        "指标",
        "要求",
        "具体",
        "主要",
        "名字",
        "情况",
        "内容",
        "包括",
        "关于",
        "target",
        "goal",
        "aim",
        "aims",
        "plan",
        "plans",
        "number",
        "total",
        "value",
        "city",
        "expect",
        "expects",
        "set",
        "many",
        "much",
        "according",
        "named",
        "name",
        "year",
    ]
)
_ITEM = re.compile(r"^(?:[（(]?[一二三四五六七八九十]{1,2}(?:是|要|[、.）)])|[（(]?\d{1,2}[.、）)])")
_MIN_COVERAGE = 0.5
# Scores run from 0 to about 2.25; what lies further behind the best has neither its words nor its figure.
_MARGIN = 0.9


def select_evidence(query: Query, passages: Sequence[Passage], encoder: Encoder, limit: int) -> list[Evidence]:
    """The sentences that fit the question best, best first; for a list, its items in their order.

    A sentence scores by its cosine with the question, by how much of the question's words it has, and,
    where a figure is asked for, by bearing one. Sentences far behind the best are left out: they only
    distract a small model.
    """
    ranked = sorted(_score(query, _candidates(passages), encoder), key=lambda e: -e.score)
    if query.wants_list and (items := _list_items(query, ranked)):
        return items
    return [e for e in ranked if e.score >= ranked[0].score - _MARGIN][:limit]


@dataclass(frozen=True, slots=True)
class Gap:
    """Why the evidence cannot answer a question: a code, and the names that the reader should see."""

    code: Literal["empty", "city", "title", "figure", "topic", "far", "model"]
    names: tuple[str, ...] = ()


def find_gap(query: Query, evidence: Sequence[Evidence], floor: float) -> Gap | None:
    """What keeps the evidence from answering the question, or None where nothing does.

    The checks err on the side of refusing: an analyst is better served by the nearest passages than by a
    figure of another city. ``floor`` is the encoder's (see ``EncoderSettings.floor``).
    """
    if not evidence:
        return Gap("city", query.cities) if query.cities else Gap("empty")
    everything = " ".join(f"{e.title} {e.city} {e.text}" for e in evidence)
    if missing := tuple(c for c in query.cities if c not in everything):
        return Gap("city", missing)
    if missing := tuple(t for t in query.titles if t not in everything):
        return Gap("title", missing)
    fitting = [e for e in evidence if e.coverage >= _MIN_COVERAGE] or list(evidence[:1])
    if query.wants_figure and not any(has_figure(e.text) for e in fitting):
        return Gap("figure")
    if max(e.coverage for e in evidence) < _MIN_COVERAGE:
        return Gap("topic")
    if max(e.similarity for e in evidence) < floor:
        return Gap("far")
    return None


def _candidates(passages: Sequence[Passage]) -> list[Evidence]:
    found: dict[tuple[str, int], Evidence] = {}
    for p in passages:
        for a, b in split_sentences(p.text):
            sentence = Evidence(
                p.article_id, p.uri, p.title, p.city, p.published, p.start + a, p.start + b, p.text[a:b]
            )
            found.setdefault((p.article_id, sentence.start), sentence)
    return [e for e in found.values() if len(e.text) >= 6]


def _score(query: Query, candidates: list[Evidence], encoder: Encoder) -> list[Evidence]:
    if not candidates:
        return []
    cosines = encoder.passages([e.text for e in candidates]) @ encoder.query(query.text)
    wanted = key_words(query)
    spread = max(float(np.ptp(cosines)), 0.02)
    scored = []
    for e, cosine in zip(candidates, cosines.tolist(), strict=True):
        cover = _coverage(wanted, e)
        figure = 0.25 if query.wants_figure and has_figure(e.text) else 0.0
        heading = 0.0 if re.search(r"[。！？；，,;!?]", e.text) else 0.3  # a heading says what follows, not what holds
        score = (cosine - float(cosines.min())) / spread + cover + figure - heading
        scored.append(replace(e, similarity=round(cosine, 4), coverage=round(cover, 3), score=round(score, 4)))
    return scored


def key_words(query: Query) -> list[frozenset[str]]:
    """What the question is about: each thing as the set of words that may stand for it.

    Chinese questions give their words with glossary aliases; English ones only the terms that the glossary
    has, for the others can't be looked for in Chinese text.
    """
    terms = [t for t in find_terms(query.text) if t.zh not in _ASKING]
    groups = [frozenset(t.zh_forms) for t in terms]
    if query.language == "zh":
        named = "".join(form for t in terms for form in (*t.zh_forms, *t.en_forms))
        rest = content_words(query.text) - _ASKING
        groups += [frozenset({w}) for w in sorted(rest) if w not in named and not _is_city(w, query)]
    return groups


def _is_city(word: str, query: Query) -> bool:
    return bool(find_cities(word)) or word.rstrip("市") in query.cities


def _coverage(wanted: list[frozenset[str]], e: Evidence) -> float:
    if not wanted:
        return 1.0
    text = f"{e.text} {e.title}"
    return sum(any(form in text for form in group) for group in wanted) / len(wanted)


def has_figure(text: str) -> bool:
    """Whether a sentence bears a figure that is more than a date."""
    return any(q.kind in ("money", "percent", "points", "count") for q in find_quantities(text))


def _list_items(query: Query, ranked: list[Evidence]) -> list[Evidence]:
    """The enumeration that the question asks for, item by item, each cut to its first clause.

    Of several, it is the one that a fitting sentence announces: a sentence that stands just before the
    first item, or holds it.
    """
    by_place = sorted(ranked, key=lambda e: (e.article_id, e.start))
    groups: list[tuple[float, list[Evidence]]] = []
    announced = 0.0
    for e in by_place:
        for a, b in _item_spans(e.text):
            item = replace(e, start=e.start + a, end=e.start + b, text=e.text[a:b])
            if item_number(item.text) == 1:
                groups.append((max(announced, e.score), []))
            if groups and _continues(groups[-1][1], item):
                groups[-1][1].append(item)
        announced = e.score
    best = max((g for g in groups if len(g[1]) >= 3), key=lambda g: g[0], default=(0.0, []))
    return best[1][:10] if best[0] >= ranked[0].score - _MARGIN else []


def _continues(group: list[Evidence], item: Evidence) -> bool:
    if not group:
        return item_number(item.text) == 1
    return item.article_id == group[-1].article_id and item_number(item.text) == item_number(group[-1].text) + 1


def _item_spans(sentence: str) -> list[tuple[int, int]]:
    """Where 一是…, 二是… begin in a sentence, each to the end of its clause."""
    return [(a, b) for a, b in split_clauses(sentence) if _ITEM.match(sentence[a:b])]


def item_name(item: str) -> str:
    """What an item says, without its number and punctuation.

    >>> item_name("二是实施战略性新兴产业跃升发展行动。")
    '实施战略性新兴产业跃升发展行动'
    """
    return _ITEM.sub("", item).strip(" ，,。；;：:、")


def item_number(item: str) -> int:
    """The number that an item of an enumeration begins with (二是 is 2), or 0."""
    match = re.match(r"[（(]?(?:(\d+)|([一二三四五六七八九十]+))", item)
    if not match:
        return 0
    return int(match[1]) if match[1] else "一二三四五六七八九十".index(match[2][0]) + 1
