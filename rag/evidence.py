"""From passages to the few sentences that the model sees, and whether they can answer at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lang.dates import YEAR, find_dates
from lang.people import find_people
from lang.sentences import split_sentences
from lang.unigram import rarity
from library.encoder import Encoder
from library.records import Passage
from rag.items import asked_number, is_row, item_mark, item_number, item_spans
from rag.query import Query
from rag.vectors import vectors_of
from rag.wording import has_asked_figure, inverse_frequency, key_words, share, stands


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence (or clause) of an article: ``text`` is ``body[start:end]``.

    ``similarity`` is the cosine with the question in Chinese, ``coverage`` the share of its words found here.
    ``before`` is what stands before it in its passage, where what it speaks of may be named.
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
    before: str = ""


# What is named by a code, YC2026-13, is that and nothing else.
_CODE = re.compile(r"(?<![A-Za-z\d])[A-Z]{1,4}\d{2,}(?:-\d+)+(?![A-Za-z\d])")
_LAST_YEAR = re.compile("去年|上年|上一年")
_YEAR_END = re.compile(r"年内|(?<![去上明前年\d])年[底末](?:前|之前|要|将|力争|达到|实现|突破)")
_CREDIT = re.compile(
    r"^(?:声明|免责声明|特别声明|责任编辑|编辑|来源|作者)\s*[:：]|记者.{0,12}摄|^.{0,12}(?:记者|通讯员)\S{2,8}$"
)
# 8 provincial bases are no answer to a question for national ones.
_LEVELS = {"国家级": "国家", "省级": "省", "市级": "市", "县级": "县"}
_PLAN = re.compile(r"力争|争取|计划|目标|拟|预计|确保|突破|达到|(?<![重主必首须需])要|将|以上|不少于|不低于")
# Scores run from 0 to about 3.2; what lies further behind the best has neither its words nor its figure.
_MARGIN = 0.9
_LIST_MARGIN = 1.3
_LIST_BEHIND = 0.6  # how far the sentence that announces an enumeration may lie behind the best
_COUNTED_BEHIND = 1.3  # the same, of an enumeration of as many things as are asked for
# Asked for as the last day, told as 至6月13日止 or 6月13日前.
_DEADLINE = re.compile(r"截止|截至|最[后晚迟]|\b(?:last day|deadline|latest|by when|due)\b", re.I)
_UNTIL = re.compile(r"截止|截至|[日时月底]止|[日时月底](?:之|以)?前|至[^，。；]{0,12}[日时]")
# Asked for as the most that can be had, told as 每家每年不超过20万元.
_CEILING = re.compile(r"最多|最高|上限|至多|\b(?:at most|maximum|cap|ceiling|the most)\b", re.I)
_CAPPED = re.compile(r"不超过|不高于|最高|上限|以内|至多|最多|封顶")
_ROW_DEPTH = 5  # sentences that say which articles a table is looked for in
_MOST_ROWS = 12
_NAMING = 4.5  # of lang.unigram's scale: 云岭 is above, 实验室 and 项目 below
_NEARBY = 120  # characters before a sentence, in which what it speaks of may be named
_MOST_CITIES = 6  # of a comparison that names none


def select_evidence(query: Query, passages: Sequence[Passage], encoder: Encoder, limit: int) -> list[Evidence]:
    """The sentences that fit the question best, best first; for a list, its items in their order.

    A sentence scores by its cosine with the question, by its passage's score, by how much of the question's words it
    and its passage have, and by being of the kind that is asked for: bearing a figure, a date, a name, a plan.
    Sentences far behind the best are left out: they only distract a small model.
    """
    ranked = sorted(_score(query, _candidates(query, passages), encoder), key=lambda e: -e.score)
    if query.wants_list and (items := _list_items(query, ranked) or _rows(query, ranked)):
        return items
    if len(cities := compared_cities(query, ranked)) > 1:
        return _of_each_city(cities, ranked, limit)
    margin, limit = (_LIST_MARGIN, 2 * limit) if query.wants_list else (_MARGIN, limit)
    return _best(ranked, limit, margin)


def _best(ranked: Sequence[Evidence], limit: int, margin: float) -> list[Evidence]:
    chosen: list[Evidence] = []
    for e in ranked:
        if len(chosen) < limit and e.score >= ranked[0].score - margin and not any(_same(e, c) for c in chosen):
            chosen.append(e)
    return chosen


def compared_cities(query: Query, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The cities to be looked at side by side: those that the question names, else those of the evidence."""
    if not query.compares:
        return ()
    return query.cities or tuple(dict.fromkeys(e.city for e in evidence if e.city))[:_MOST_CITIES]


def evidence_of(city: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """What is of a city: of its articles, or naming it in one of no city; where there is none, whatever names it."""
    own = [e for e in evidence if e.city == city or (city in e.text and not e.city)]
    return own or [e for e in evidence if city in f"{e.text} {e.title}"]


def _of_each_city(cities: Sequence[str], ranked: Sequence[Evidence], limit: int) -> list[Evidence]:
    """The best of every city that a question compares, in turn, so that none is crowded out by another's wording."""
    each = max((limit + 2) // len(cities), 1)
    chosen = [e for city in cities for e in _best(evidence_of(city, ranked), each, _MARGIN)]
    return list(dict.fromkeys(chosen))


def _same(a: Evidence, b: Evidence) -> bool:
    """Whether two sentences say the same in nearly the same words, as reprints do."""
    one, other = (set(pairwise(re.sub(r"\W", "", e.text))) for e in (a, b))
    return len(one & other) > 0.8 * max(len(one | other), 1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Why the evidence cannot answer a question: a code, and the names that the reader should see."""

    code: Literal["empty", "city", "title", "code", "year", "figure", "topic", "far", "model"]
    names: tuple[str, ...] = ()


def find_gap(query: Query, evidence: Sequence[Evidence]) -> Gap | None:
    """What keeps the evidence from answering the question for sure, or None where nothing does.

    The rest is weighed, see ``rag.answerable``.
    """
    if not evidence:
        return Gap("city", query.cities) if query.cities else Gap("empty")
    everything = " ".join(f"{e.title} {e.city} {e.text}" for e in evidence)
    missing = tuple(c for c in query.cities if c not in everything)
    if missing and (not query.compares or len(missing) == len(query.cities)):  # else the others are told
        return Gap("city", missing)
    if missing := tuple(t for t in query.titles if t not in everything):
        return Gap("title", missing)
    asked = query.zh or query.text
    if missing := tuple(code for code in _CODE.findall(query.text) if code not in everything):
        return Gap("code", missing)
    if any(level in asked and stem not in everything for level, stem in _LEVELS.items()):
        return Gap("topic")
    return None


def _candidates(query: Query, passages: Sequence[Passage]) -> list[tuple[Evidence, Passage]]:
    """Every sentence that may be evidence, with the passage that brings it, the best of those that do."""
    found: dict[tuple[str, int], tuple[Evidence, Passage]] = {}
    for p in passages:
        for a, b in split_sentences(p.text):
            start, end, before = p.start + a, p.start + b, p.text[:a]
            e = Evidence(p.article_id, p.uri, p.title, p.city, p.published, start, end, p.text[a:b], before=before)
            found.setdefault((p.article_id, e.start), (e, p))
    return [(e, p) for e, p in found.values() if len(e.text) >= 6 and not _CREDIT.search(e.text) and _of_city(query, e)]


def _of_city(query: Query, e: Evidence) -> bool:
    """A sentence of another city's article may speak of the city that is asked for, but then it names it."""
    return not query.cities or e.city in query.cities or any(city in f"{e.text} {e.title}" for city in query.cities)


def _score(query: Query, candidates: Sequence[tuple[Evidence, Passage]], encoder: Encoder) -> list[Evidence]:
    """The candidates with their scores: wording and sense of the sentence, its passage's place, and its kind.

    The weights were chosen on 300 questions of DRCD dev and the open half of the fact set, see docs/answers.md.
    """
    if not candidates:
        return []
    texts = [e.text for e, _ in candidates]
    vectors = vectors_of(texts, encoder)
    cosines, similar = vectors @ _direction(query, encoder), vectors @ encoder.query(query.zh or query.text)
    wanted = key_words(query)
    telling = [inverse_frequency(group, texts) for group in wanted]
    places = np.array([p.score for _, p in candidates])
    near, ranked = _unit(cosines, 0.02), _unit(places, 1e-6)
    newest = max(e.published for e, _ in candidates)
    scored = []
    for n, (e, p) in enumerate(candidates):
        cover = _coverage(wanted, e)
        words = 0.5 * _coverage(wanted, e, e.before[-_NEARBY:]) + 0.5 * share(wanted, telling, e.text)
        words += 0.3 * share(wanted, telling, p.text)
        score = near[n] + 0.5 * ranked[n] + words + _fit(query, e) + (0.1 if e.published == newest else 0)
        similarity = round(float(similar[n]), 4)
        scored.append(replace(e, similarity=similarity, coverage=round(cover, 3), score=round(float(score), 4)))
    return scored


def _unit(values: NDArray[np.float32], least: float) -> NDArray[np.float32]:
    """Values from 0 to 1 by their range, which counts as ``least`` where it is smaller."""
    spread: NDArray[np.float32] = (values - values.min()) / max(float(np.ptp(values)), least)
    return spread


def _direction(query: Query, encoder: Encoder) -> NDArray[np.float32]:
    """The question's unit vector; of one that was put into Chinese, the mean of both: the model may have erred."""
    forms = dict.fromkeys(form for form in (query.zh, query.text) if form)
    vector = np.sum([encoder.query(form) for form in forms], axis=0)
    unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
    return unit


def _fit(query: Query, e: Evidence) -> float:
    """What a sentence gains or loses by its kind and its year."""
    fit = 0.25 if query.wants_figure and has_asked_figure(query, e.text) else 0.0
    fit += 0.3 if query.wants_plan and _PLAN.search(e.text) else 0.0
    dated = query.wants_date and bool(find_dates(e.text))
    fit += 0.3 if dated else 0.0
    fit += 0.5 if dated and _DEADLINE.search(f"{query.zh}\n{query.text}") and _UNTIL.search(e.text) else 0.0
    fit += 0.3 if _CEILING.search(f"{query.zh}\n{query.text}") and _CAPPED.search(e.text) else 0.0
    fit += 0.3 if query.wants_list and e.text.count("、") >= 2 else 0.0
    named = bool(query.wants_person and find_people(f"{e.text}\n{e.title}"))
    fit += 0.5 if named else 0.0
    if not named and not re.search(r"[。！？；，,;!?]", e.text):
        fit -= 0.3  # a heading says what follows, not what holds
    if query.years and (years := years_of(e)) and not years & set(query.years):
        fit -= 0.8  # a figure of another year is a wrong answer
    return fit


def years_of(e: Evidence) -> set[str]:
    """The years that a sentence may speak of: those that it names, else those of its title and its article's date.

    >>> sorted(years_of(Evidence("", "", "2025年工作会议", "", "2025-02-06", 0, 0, "去年登记额61亿元")))
    ['2024', '2025']
    >>> sorted(years_of(Evidence("", "", "", "", "2026-02-27", 0, 0, "比2024年多一个，中试线改在今年6月通线")))
    ['2024', '2026']
    """
    own = stated_years(e)
    return own if own and not _LAST_YEAR.search(e.text) else own | set(YEAR.findall(f"{e.title} {e.published}"))


def stated_years(e: Evidence) -> set[str]:
    """The years that a sentence names, in figures or as this, last or next year; of these none where no date is known.

    >>> sorted(stated_years(Evidence("", "", "2025年工作会议", "", "2025-02-06", 0, 0, "年底达到15座，明年再建3座")))
    ['2025', '2026']
    """
    own = set(YEAR.findall(e.text))
    own |= {str(d.year) for d in find_dates(e.text, e.published) if d.relative is not None and d.year}
    return own | ({e.published[:4]} if e.published and _YEAR_END.search(e.text) else set())


def _coverage(wanted: list[frozenset[str]], e: Evidence, before: str = "") -> float:
    """The share of the wanted things that the sentence has.

    One that only the text ``before`` it has counts half, one that only its title has a third.
    """
    if not wanted:
        return 1.0
    context = f"{e.title} {e.published[:4]}"
    hits = [
        1.0 if stands(group, e.text) else 0.5 if stands(group, before) else 0.34 if stands(group, context) else 0.0
        for group in wanted
    ]
    return sum(hits) / len(wanted)


def _list_items(query: Query, ranked: list[Evidence]) -> list[Evidence]:
    """The enumeration that the question asks for, item by item, each cut to its first clause.

    Of several, it is the one that a fitting sentence announces: a sentence that stands just before the
    first item, or holds it.
    """
    by_place = sorted(ranked, key=lambda e: (e.article_id, e.start))
    groups: list[tuple[float, list[Evidence]]] = []
    last: Evidence | None = None
    for e in by_place:
        announcing = [e] if last is None or last.article_id != e.article_id else [e, last]
        for a, b in item_spans(e.text):
            item = replace(e, start=e.start + a, end=e.start + b, text=e.text[a:b])
            if item_number(item.text) == 1:
                # An item is as near the question as what announces it.
                item = replace(item, similarity=max(x.similarity for x in announcing))
                groups.append((max(x.score for x in announcing), []))
            if groups and _continues(groups[-1][1], item):
                groups[-1][1].append(item)
        last = e
    asked = asked_number(query.zh)
    fitting = (g for g in groups if len(g[1]) >= 3 and asked in (0, len(g[1])))
    best = max(fitting, key=lambda g: g[0], default=(0.0, []))
    behind = _COUNTED_BEHIND if asked else _LIST_BEHIND
    return best[1][:10] if best[0] >= ranked[0].score - behind else []


def _rows(query: Query, ranked: list[Evidence]) -> list[Evidence]:
    """The rows of a table that have what only some of its rows have, such as a name the question asks about, in order.

    Of one article, the one whose rows have most of the question's words; they may be far from the question otherwise.
    """
    wanted = key_words(query)
    found: list[tuple[float, list[Evidence]]] = []
    for article in dict.fromkeys(e.article_id for e in ranked[:_ROW_DEPTH]):
        rows = sorted((e for e in ranked if e.article_id == article and is_row(e.text)), key=lambda e: e.start)
        telling = [g for g in wanted if 0 < sum(stands(g, e.text) for e in rows) < len(rows)]
        named = any(min(map(rarity, g)) >= _NAMING for g in telling)  # 云岭, not 项目
        had = [sum(stands(g, e.text) for g in telling) for e in rows]
        chosen = [e for e, n in zip(rows, had, strict=True) if named and n == max(had)]
        if len(chosen) > 1:
            found.append((max(had) / len(wanted), chosen))
    return max(found, key=lambda f: f[0], default=(0.0, []))[1][:_MOST_ROWS]


def _continues(group: list[Evidence], item: Evidence) -> bool:
    """Whether an item is the next of its enumeration: of the same article, and written alike, （三） after （二）."""
    if not group:
        return item_number(item.text) == 1
    last = group[-1]
    alike = last.article_id == item.article_id and item_mark(last.text) == item_mark(item.text)
    return alike and item_number(item.text) == item_number(last.text) + 1
