"""What a briefing says without a model: its targets in a sentence a city, and who, when and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lang.cities import english_name, find_cities
from lang.concepts import find_concepts
from lang.dates import MONTHS, Date, find_dates
from lang.offices import office_in_english
from lang.people import find_officials, romanize
from lang.sentences import split_sentences
from library.records import Article, Target
from rag.targets import LINKING, scope_in_english

Place = tuple[Article, int, int]
"""``article.body[start:end]``, to be cited."""

_FIRST = ("高新技术企业", "研发投入", "技术合同登记额", "科技型中小企业", "高新技术产业增加值")
_OF_A_CITY = 3
_PEOPLE, _DATES, _CITIES = 6, 5, 8


@dataclass(frozen=True, slots=True)
class Computed:
    """A point in both languages that was put together from what articles say, with the places that bear it."""

    zh: str
    en: str
    places: tuple[Place, ...]


def target_leads(articles: Sequence[Article], targets: Sequence[Target], cities: int) -> list[Computed]:
    """The main targets of the first ``cities`` cities and scopes, a sentence for each and its year."""
    by_id = {a.id: a for a in articles}
    grouped: dict[tuple[str, int | None], list[Target]] = {}
    for target in sorted(targets, key=_rank):
        if target.article_id in by_id and target.indicator_en:
            grouped.setdefault((target.city, target.year), []).append(target)
    ordered = sorted(grouped.items(), key=lambda item: min(map(_rank, item[1])))
    return [_target_lead(city, year, told, by_id) for (city, year), told in ordered[:cities]]


def _rank(target: Target) -> tuple[int, str, int]:
    """Indicators that every city is measured by come first."""
    names = find_concepts(target.indicator)
    return next((n for n, name in enumerate(_FIRST) if name in names), len(_FIRST)), target.article_id, target.start


def _target_lead(city: str, year: int | None, told: Sequence[Target], by_id: dict[str, Article]) -> Computed:
    # One and the same target in several articles is one, with all its places.
    alike: dict[tuple[str, float, str], list[Target]] = {}
    for target in told:
        alike.setdefault((target.indicator, target.value, target.unit), []).append(target)
    shown = [same[0] for same in list(alike.values())[:_OF_A_CITY]]
    places = [t for same in list(alike.values())[:_OF_A_CITY] for t in same]
    more = len(alike) - len(shown)
    zh = f"{city}{f'{year}年' if year else ''}的目标：{'；'.join(_said(t) for t in shown)}"
    scope = scope_in_english(city)
    whose = f"{scope[0].upper()}{scope[1:]}'s" if scope else "The"
    en = f"{whose} targets{f' for {year}' if year else ''}: {'; '.join(_said_en(t) for t in shown)}"
    zh += f"；另有{more}项见表。" if more else "。"
    en += f"; and {more} more in the table." if more else "."
    return Computed(zh, en, tuple((by_id[t.article_id], t.start, t.end) for t in places))


def _said(target: Target) -> str:
    return LINKING.sub("", target.quote).rstrip("。；，！!;,. ")


def _said_en(target: Target) -> str:
    """``growth in R&D spending, at least 20%``: that it goes up is in the name already."""
    value = target.text_en
    if target.indicator_en.startswith(("growth", "reduction")):
        value = value.removeprefix("up by ").removeprefix("down by ")
    return f"{target.indicator_en}, {value}"


def who_when_where(articles: Sequence[Article]) -> list[Computed]:
    """The people with an office, the days and the cities that articles name; a line for each that there is."""
    lines = (_who(articles), _when(articles), _where(articles))
    return [line for line in lines if line]


def _who(articles: Sequence[Article]) -> Computed | None:
    zh: dict[str, str] = {}
    en: dict[str, str] = {}
    places: dict[str, Place] = {}
    for article in articles:
        for person in find_officials(article.body):
            english = office_in_english(person.office, article.city)
            told = f"{romanize(person.name)} ({person.name})"
            if person.name not in zh or len(person.office) > len(zh[person.name]):
                zh[person.name] = person.office
                en[person.name] = f"{told}, {english}" if english else told
            places.setdefault(person.name, _sentence_at(article, article.body.find(person.name)))
    names = list(zh)[:_PEOPLE]
    if not names:
        return None
    people = "；".join(f"{name}（{zh[name]}）" if zh[name] else name for name in names)
    return Computed(f"人物：{people}。", f"Who: {'; '.join(en[n] for n in names)}.", _once(places[n] for n in names))


def _when(articles: Sequence[Article]) -> Computed | None:
    days = [(article, date) for article in articles for date in _days(article)]
    first = {(d.year, d.month, d.day): (a, d) for a, d in reversed(days)}
    chosen = [first[day] for day in sorted(first)][:_DATES]
    if not chosen:
        return None
    zh = "；".join(f"{d.year}年{d.month}月" + (f"{d.day}日" if d.day else "") for _, d in chosen)
    en = "; ".join(f"{d.day or ''} {MONTHS[d.month - 1]} {d.year}".strip() for _, d in chosen)
    return Computed(f"日期：{zh}。", f"When: {en}.", _once(_sentence_at(a, d.start) for a, d in chosen))


def _days(article: Article) -> Iterator[Date]:
    """Dates with a month, of whose year the text or the page's date is sure."""
    for date in find_dates(article.body, article.published):
        if date.year and 1 <= date.month <= len(MONTHS):
            yield date


def _where(articles: Sequence[Article]) -> Computed | None:
    found: dict[str, Place] = {}
    known = tuple(dict.fromkeys(a.city for a in articles if a.city))
    for article in articles:
        for city in find_cities(article.body, known):
            if (at := article.body.find(city)) >= 0:
                found.setdefault(city, _sentence_at(article, at))
    cities = list(found)[:_CITIES]
    if not cities:
        return None
    en = "; ".join(map(english_name, cities))
    return Computed(f"地点：{'、'.join(cities)}。", f"Where: {en}.", _once(found[c] for c in cities))


def _sentence_at(article: Article, at: int) -> Place:
    start, end = next(((a, b) for a, b in split_sentences(article.body) if a <= at < b), (at, at + 1))
    return article, start, end


def _once(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple({(a.id, start, end): (a, start, end) for a, start, end in places}.values())
