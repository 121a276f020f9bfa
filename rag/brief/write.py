"""A briefing: lead, sections of points, who and when and where, targets; every point with its citations."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from lang.cities import english_name
from lang.dates import english_date
from lang.glossary import find_terms, put_into_chinese
from lang.offices import office_in_english
from lang.people import find_officials, romanize
from lang.script import count_han
from library.errors import ModelError
from library.library import Library
from library.records import Article, Briefing, Citation, Point, Section, Target, Term, TranslatedSentence
from rag.brief.lead import Computed, Place, target_leads, who_when_where
from rag.brief.pieces import Piece, choose_pieces, merge_repeated
from rag.brief.themes import OTHER, THEMES, Theme, theme_of
from rag.llm import ChatModel
from rag.query import Query
from rag.retrieve import understand
from rag.targets import is_of
from rag.translate import translate_headline, translate_sentence
from rag.wording import has_figure

Progress = Callable[[int, int], None]

_POINTS_OF_ONE, _POINTS_OF_MANY, _POINTS = 8, 4, 24
_LEAD = 2  # sentences of one article; of many, one more
_TARGET_CITIES = 3
_LONGEST_TITLE = 120
_FIRST_SENTENCE = re.compile(r"(?<=[a-z]{2})\. [A-Z].*")
_FEW = 3  # points that need no headings
_IN_BRIEF = ("摘要", "In brief")
_MAIN = ("要点", "Main points")
_NAMES = ("人物、时间、地点", "Who, when, where")
_OTHER_ARTICLES = ("其他文章", "Other articles")


@dataclass
class _Writer:
    """Turns drafts into points: numbers the citations, translates, and tells how far it is."""

    model: ChatModel | None
    language: str
    progress: Progress | None
    total: int
    done: int = 0
    citations: list[Citation] = field(default_factory=list)
    _numbers: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def point(self, draft: Piece | Computed) -> Point:
        if isinstance(draft, Computed):
            en = "" if self.language == "zh" else draft.en
            return Point(draft.zh, en, self._cite(draft.places), "ok" if has_figure(draft.zh) else "none")
        told = (draft, *draft.also)
        cited = self._cite((p.article, p.start, p.end) for p in told)
        t = self.translated(draft.text, draft.article)
        numbers = t.numbers if t.en and has_figure(draft.text) else "none"
        return Point(draft.text, t.en, cited, numbers, t.flags)

    def translated(self, zh: str, article: Article, headline: bool = False) -> TranslatedSentence:
        """The English of a stretch of an article, its people and its city spelled as elsewhere in the briefing."""
        if self.language == "zh":
            return TranslatedSentence(zh, "", "ok")
        if self.model is None:
            return TranslatedSentence(zh, "", "ok", ("not translated: no language model",))
        try:
            return (translate_headline if headline else translate_sentence)(zh, self.model, _names(article))
        except ModelError as error:
            return TranslatedSentence(zh, "", "ok", (f"not translated: {error}",))
        finally:
            self.done += 1
            if self.progress:
                self.progress(self.done, self.total)

    def named(self, target: Target) -> Target:
        """The target with an English indicator where the tables have none: the model's, and said to be so."""
        if target.indicator_en or self.language == "zh" or self.model is None:
            return target
        try:
            name = translate_sentence(target.indicator, self.model)
        except ModelError:
            return target
        made = "" if name.flags else f"{name.en[:1].lower()}{name.en[1:].rstrip('.')} (model's wording)"
        return replace(target, indicator_en=made)

    def _cite(self, places: Iterable[Place]) -> tuple[int, ...]:
        numbers = []
        for article, start, end in places:
            place = (article.id, start, end)
            if place not in self._numbers:
                self._numbers[place] = len(self.citations) + 1
                self.citations.append(article.cite(self._numbers[place], start, end))
            numbers.append(self._numbers[place])
        return tuple(dict.fromkeys(numbers))


_Plan = list[tuple[tuple[str, str], Sequence[Piece | Computed]]]


def write_brief(
    library: Library,
    model: ChatModel | None,
    ids: Sequence[str],
    language: str = "both",
    topic: str = "",
    progress: Progress | None = None,
) -> Briefing:
    """A briefing of some articles: of one, or of one city, by themes; of several cities, a section each.

    Args:
        library: where they are.
        model: translates; without one the English stays empty and each point says so.
        ids: of the articles.
        language: ``zh``, ``en`` or ``both``; ``zh`` needs no model.
        topic: only what is about it; a city whose articles have nothing on it gets an empty section.
        progress: called with sentences done and sentences in all.
    """
    began = time.monotonic()
    articles = [library.get(i) for i in ids]
    targets = [t for t in _targets(library, ids) if not topic or is_of(t, topic)]
    # A list's words are taken widely, as its items need not name what it is of; a topic's are not.
    query = replace(understand(topic, library), wants_list=False) if topic else None
    plan = _plan(articles, library, query, targets)
    pieces = [draft for _, drafts in plan for draft in drafts if isinstance(draft, Piece)]
    writer = _Writer(model, language, progress, len(pieces) + (len(articles) == 1 and articles[0].title != ""))
    title_en = _title_en(articles, topic, writer)
    sections = [Section(*heading, tuple(map(writer.point, drafts))) for heading, drafts in plan]
    return Briefing(
        title_zh=_title_zh(articles, query),
        title_en=title_en,
        language=language,
        articles=tuple(a.id for a in articles),
        sections=tuple(sections),
        targets=tuple(map(writer.named, targets)),
        citations=tuple(writer.citations),
        glossary=_glossary(writer.citations),
        model=model.name if model and language != "zh" else "none",
        seconds=round(time.monotonic() - began, 2),
    )


def _plan(articles: Sequence[Article], library: Library, query: Query | None, targets: Sequence[Target]) -> _Plan:
    """What stands under which heading, in order."""
    one = len(articles) == 1
    count = _POINTS_OF_ONE if one else _POINTS_OF_MANY
    found = [p for a in articles for p in choose_pieces(a, library.encoder, count + one * _LEAD, query)]
    heaviest = sorted(found, key=lambda p: (p.is_slogan, -p.weight))[: _POINTS + _LEAD]
    pieces = merge_repeated([p for p in found if p in heaviest])
    computed = target_leads(articles, targets, 1 if one else _TARGET_CITIES)
    leading = _leading(pieces, computed, _LEAD + (not one))
    rest = sorted((p for p in pieces if p not in leading), key=lambda p: (articles.index(p.article), p.start))
    cities = list(dict.fromkeys(a.city for a in articles))
    sections = _by_city(rest, leading, cities) if len(cities) > 1 else _by_theme(rest)
    named = who_when_where(articles)
    opening: _Plan = [(_IN_BRIEF, [*computed, *leading])] if computed or leading else []
    closing: _Plan = [(_NAMES, named)] if named else []
    return opening + sections + closing


def _leading(pieces: Sequence[Piece], computed: Sequence[Computed], count: int) -> list[Piece]:
    """The heaviest pieces that can open a briefing beside what was computed of the targets, and don't repeat it."""
    said = [place for lead in computed for place in lead.places]
    fitting = [
        p
        for p in sorted(pieces, key=lambda p: -p.weight)
        if p.stands_alone and not p.is_slogan
        if not any(article is p.article and p.start < end and start < p.end for article, start, end in said)
    ]
    return fitting[: max(0, count - len(computed))] if len(pieces) > _FEW else []


def _by_theme(pieces: Sequence[Piece]) -> _Plan:
    if len(pieces) <= _FEW:
        return [(_MAIN, pieces)] if pieces else []
    under: dict[Theme, list[Piece]] = {theme: [] for theme in (*THEMES, OTHER)}
    for piece in pieces:
        under[theme_of(piece.text)].append(piece)
    for theme in THEMES:  # a heading for one point is no help
        if len(under[theme]) == 1:
            under[OTHER] += under.pop(theme)
    return [((theme.zh, theme.en), told) for theme, told in under.items() if told]


def _by_city(pieces: Sequence[Piece], leading: Sequence[Piece], cities: Sequence[str]) -> _Plan:
    """A section a city; without points where there is nothing, unless the lead has it."""
    plan: _Plan = []
    for city in sorted(cities, key=lambda c: not c):
        told = [p for p in pieces if p.article.city == city]
        if told or not any(p.article.city == city for p in leading):
            plan.append(((city, english_name(city)) if city else _OTHER_ARTICLES, told))
    return plan


def _targets(library: Library, ids: Sequence[str]) -> list[Target]:
    """What the articles aim for, from the catalogue: computed when they were taken, not generated."""
    leaders = library.leaders()
    wanted = {leaders.get(i, i) for i in ids}
    return [t for t in library.targets() if t.article_id in wanted]


def _title_zh(articles: Sequence[Article], query: Query | None) -> str:
    if len(articles) == 1:
        return articles[0].label
    cities = "、".join(dict.fromkeys(a.city for a in articles if a.city))
    topic = put_into_chinese(query.text) if query else ""
    return f"{topic if count_han(topic) else cities or '文章'}：{len(articles)}篇文章简报"


def _title_en(articles: Sequence[Article], topic: str, writer: _Writer) -> str:
    if len(articles) == 1:
        title = writer.translated(articles[0].title, articles[0], headline=True).en if articles[0].title else ""
        title = _FIRST_SENTENCE.sub("", title).rstrip(".")
        return title if title and len(title) <= _LONGEST_TITLE else _place_and_date(articles[0])
    cities = ", ".join(dict.fromkeys(english_name(a.city) for a in articles if a.city))
    subject = topic if topic and topic.isascii() else cities or "Selected articles"
    return f"{subject[0].upper()}{subject[1:]}: a briefing of {len(articles)} articles"


@lru_cache(maxsize=64)
def _names(article: Article) -> dict[str, str]:
    names = {person.name: romanize(person.name) for person in find_officials(article.body)}
    return names | ({article.city: english_name(article.city)} if article.city else {})


def _place_and_date(article: Article) -> str:
    """What an article without a handy title is called: Jiangmen, 15 April 2024: Liu Changhong, director, …"""
    place = english_name(article.city) if article.city else "A page"
    dated = ", ".join(part for part in (place, english_date(article.published)) if part)
    people = ((p.name, office_in_english(p.office, article.city)) for p in find_officials(article.body))
    first = next((f": {romanize(name)}, {office}" for name, office in people if office), "")
    return f"{dated}{first}"


def _glossary(citations: Sequence[Citation]) -> tuple[Term, ...]:
    found = {
        t.zh: Term(t.zh, t.en) for c in citations for t in find_terms(c.quote) if any(f in c.quote for f in t.zh_forms)
    }
    return tuple(found.values())
