"""The records that the rooms hand each other. All are frozen: a stage returns a new one.

Offsets count characters (Unicode code points), ends are exclusive. A span of a body obeys
``article.body[span.start:span.end] == quote``; a raw span counts characters of the file as it was
decoded (byte-order mark not counted, line ends as they stand).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Language = Literal["zh", "en"]
Status = Literal["answered", "partial", "not_found", "extractive"]
Numbers = Literal["ok", "mismatch", "none"]


class _Record:
    """Gives a frozen dataclass its JSON form."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The record as plain dicts, lists, strings and numbers, ready for ``json.dumps``."""
        return asdict(self)  # type: ignore[call-overload, no-any-return]


@dataclass(frozen=True, slots=True)
class Span(_Record):
    """Characters ``start`` to ``end`` (exclusive) of some text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Flag(_Record):
    """A place of the raw file, characters ``start`` to ``end``, that a reader should doubt, and why."""

    start: int
    end: int
    note: str


@dataclass(frozen=True, slots=True)
class Step(_Record):
    """One cleaning step: how many things it changed, where, and what it could not settle.

    ``spans`` are raw characters ``(start, end)``, one pair a change; an empty pair is where something was
    inserted. A page on the shelf keeps ``flags`` but not ``spans``: its origins tell the same.
    """

    step: str
    changes: int
    spans: tuple[tuple[int, int], ...] = ()
    flags: tuple[Flag, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """``spans`` and ``flags`` are there where there are any."""
        more = {"spans": [list(s) for s in self.spans], "flags": [f.to_dict() for f in self.flags]}
        return {"step": self.step, "changes": self.changes} | {k: v for k, v in more.items() if v}

    def brief(self) -> Step:
        """Without its spans."""
        return replace(self, spans=())


@dataclass(frozen=True, slots=True)
class Origins(_Record):
    """Where each character of a body stood in the raw file.

    ``starts[i]`` and ``stops[i]`` bound the raw characters that body character ``i`` was made from;
    both lists are as long as the body and never decrease.
    """

    starts: tuple[int, ...]
    stops: tuple[int, ...]

    def raw_span(self, start: int, end: int) -> Span:
        """The raw passage behind ``body[start:end]``; ``start < end`` must hold."""
        return Span(self.starts[start], self.stops[end - 1])


@dataclass(frozen=True, slots=True)
class Citation(_Record):
    """A numbered quote: ``body[start:end] == quote``; ``raw_start``/``raw_end`` bound it in the raw file."""

    n: int
    article_id: str
    title: str
    city: str
    published: str
    uri: str
    start: int
    end: int
    quote: str
    raw_start: int
    raw_end: int


@dataclass(frozen=True, slots=True)
class Person(_Record):
    """Someone whom a page names with an office, as it writes both: 白玉涛, 市科技局局长."""

    name: str
    office: str


@dataclass(frozen=True, slots=True)
class Details(_Record):
    """What else a page says of itself; every field is empty where it says nothing.

    ``bureau`` is the body that issued the page or that it is about, with its city. ``author`` joins the
    reporters' names with 、. ``captions`` are those of photos, taken out of the body with their credits.
    ``published_from`` says whether the page states its date or it was inferred.
    """

    bureau: str = ""
    author: str = ""
    people: tuple[Person, ...] = ()
    editors: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    published_from: Literal["stated", "inferred", ""] = ""

    def to_dict(self) -> dict[str, Any]:
        lists = {"people": [person.to_dict() for person in self.people]}
        lists |= {name: list(getattr(self, name)) for name in ("editors", "photographers", "captions")}
        return asdict(self) | lists

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> Details:
        """The record that ``to_dict`` made ``given`` from; absent fields are empty."""
        people = tuple(Person(**person) for person in given.get("people", ()))
        lists = {name: tuple(given.get(name, ())) for name in ("editors", "photographers", "captions")}
        return cls(**{**given, **lists, "people": people})


@dataclass(frozen=True, slots=True)
class Article(_Record):
    """A page after cleaning.

    ``id`` is derived from ``uri`` alone, so an updated page keeps it. ``city``, ``published``
    (ISO date) and ``source`` are empty strings where the page does not give them. ``sha256`` is that
    of the raw bytes. ``origins`` leads from the body back to the raw file.
    """

    id: str
    uri: str
    title: str
    body: str
    city: str = ""
    published: str = ""
    source: str = ""
    sha256: str = ""
    report: tuple[Step, ...] = ()
    origins: Origins = field(default=Origins((), ()), repr=False)
    duplicates: tuple[str, ...] = ()
    details: Details = field(default_factory=Details)

    @property
    def label(self) -> str:
        """What a reader calls it: the title, else the body's beginning."""
        return self.title or self.body[:24].strip() + "…"

    def cite(self, n: int, start: int, end: int) -> Citation:
        """Citation number ``n``, of ``body[start:end]``; ``start < end`` must hold."""
        raw = self.origins.raw_span(start, end)
        quote = self.body[start:end]
        return Citation(
            n, self.id, self.title, self.city, self.published, self.uri, start, end, quote, raw.start, raw.end
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "body": self.body,
            "city": self.city,
            "published": self.published,
            "source": self.source,
            "uri": self.uri,
            "chars": len(self.body),
            "duplicates": list(self.duplicates),
            "details": self.details.to_dict(),
            "report": [step.to_dict() for step in self.report],
        }


@dataclass(frozen=True, slots=True)
class Summary(_Record):
    """An article without its body: a row of a listing."""

    id: str
    uri: str
    title: str
    city: str
    published: str
    source: str
    chars: int
    report: tuple[Step, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"report": [step.to_dict() for step in self.report]}


@dataclass(frozen=True, slots=True)
class Signature(_Record):
    """What near-duplicates are known by.

    ``size`` counts the distinct shingles of a body; ``sketch`` holds the smallest of their hashes, rising, all of
    them where it is no longer than ``size``. ``facts`` are ``(context, value)`` hashes of the figures and cities.
    """

    size: int
    sketch: tuple[int, ...]
    facts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Target(_Record):
    """A figure that an article wants reached: ``article.body[start:end] == quote``.

    ``indicator`` is in the article's words, ``indicator_en`` empty where its parts are not known. ``bound`` is one of
    ``≥ > ≤ < ≈ =``; ``value`` is in ones (80亿元 is 8000000000 of ``元``), percent as written, of a range the lower
    end. ``text_en`` is the value in English with all that is asked of it. ``year`` is when it is to be reached.
    """

    city: str
    indicator: str
    indicator_en: str
    bound: str
    value: float
    unit: str
    text_en: str
    year: int | None
    article_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Shelved(_Record):
    """An article ready for the shelf: with the spans of its chunks, and the page's text as it arrived.

    Without a ``signature`` only exact copies of the body are known as its duplicates. ``edge_lines`` are the short
    lines at the page's edges, where a ``site`` has its furniture.
    """

    article: Article
    chunks: tuple[Span, ...]
    raw: str = ""
    signature: Signature | None = None
    site: str = ""
    edge_lines: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Move(_Record):
    """An article whose page has another name now, and thereby another id."""

    old_id: str
    new_id: str
    uri: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class Passage(_Record):
    """A stretch of a body that a search found. A higher ``score`` is better; scales differ by search."""

    article_id: str
    uri: str
    title: str
    city: str
    published: str
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Sentence(_Record):
    """A sentence of an answer with what checking it showed; ``reason`` says why it is not supported."""

    text: str
    citations: tuple[int, ...]
    supported: bool
    numbers: Numbers
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer(_Record):
    """What ``Assistant.ask`` returns. ``answer`` bears the markers ``[n]`` of ``citations``."""

    question: str
    language: str
    status: Status
    answer: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    model: str
    seconds: float
    nearest: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class TranslatedSentence(_Record):
    """A Chinese sentence in English; ``flags`` name what the checks did not like."""

    zh: str
    en: str
    numbers: Literal["ok", "mismatch"]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point(_Record):
    """A point of a briefing, in both languages, with its citations."""

    zh: str
    en: str
    citations: tuple[int, ...]
    numbers: Numbers
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section(_Record):
    """A heading and its points."""

    heading_zh: str
    heading_en: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Term(_Record):
    """An official term and its accepted English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Briefing(_Record):
    """What ``kejian brief`` writes; ``articles`` are ids."""

    title_zh: str
    title_en: str
    language: str
    articles: tuple[str, ...]
    sections: tuple[Section, ...]
    targets: tuple[Target, ...]
    citations: tuple[Citation, ...]
    glossary: tuple[Term, ...]
    model: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Failure(_Record):
    """A page that could not be taken, and why."""

    path: str
    reason: str
