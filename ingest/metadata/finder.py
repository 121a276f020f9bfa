"""Puts a page's metadata together: what was declared first, then what its lines say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Literal

from ingest.clean.boilerplate import is_prose
from ingest.credits import Credits, inline_credits, read_credits
from ingest.metadata.dates import find_date, iso
from ingest.metadata.titles import find_title, without_site
from lang.bureaus import find_bureaus, is_body, main_bureau
from lang.cities import cities, main_city
from lang.people import find_officials
from library.records import Details, Person

_SOURCE = re.compile(r"(?<![\u4e00-\u9fff])(?:来源|稿源|信息来源)\s*[:：]\s*([^\s|,，。;；]{2,24})")
# The site names itself: 您访问的链接即将离开“云川市科技局”网站, 主办单位：云川市科学技术局, 发布机构：….
_SITE = re.compile(
    r"(?:即将离开|(?:主办单位|主办|发布机构|发文机关)\s*[:：]|版权所有\s*[:：]?)\s*[“\"「]?([\u4e00-\u9fff]{4,20})"
)
_INTERVIEWED_BY = re.compile(
    r"(?:^|[，,。；;\s])([\u4e00-\u9fff]{2,6}(?:日报|晚报|晨报|时报|都市报|电视台))(?:全媒体?|融媒体?|社)?记者"
)
_CITY_PAPER = re.compile(r"^([\u4e00-\u9fff]{2,4})(?:日报|晚报|晨报|新闻网|广播电视台|电视台)$")
_OPENING, _MAX_LINE, _MAX_CREDITS = 1_200, 200, 200


@dataclass(frozen=True, slots=True)
class Metadata:
    """``published`` is an ISO date, ``city`` a Chinese name without 市; empty where the page does not tell."""

    title: str
    city: str
    published: str
    source: str
    details: Details = field(default=Details())


def find_metadata(
    page: str, body: str, title: str = "", published: str = "", source: str = "", author: str = ""
) -> Metadata:
    """Reads a page's metadata.

    Args:
        page: the folded text with its surroundings, for bylines and site names stand there.
        body: the cleaned text.
        title: what the page or its record declared; it wins over what is found.
        published: the same for the date, in any common form.
        source: the same for the source.
        author: the same for the author.
    """
    lines = [line.strip() for line in page.splitlines() if line.strip()]
    head = _head(lines)
    credits = _credits(lines, body)
    title = without_site(title) or find_title(head, lines)
    site = _site(lines)
    source = source or _find_source(lines, credits, site)
    city = main_city(body, title) or main_city(page, title) or _city_of(site, source, credits.outlet)
    published, published_from = _date(published, head, lines, body)
    details = Details(
        bureau=site or _signature(lines, city) or _bureau(title, body, city, source),
        author=author or "、".join(credits.authors),
        people=tuple(Person(name, office) for name, office in find_officials(f"{title}\n{body}")),
        editors=credits.editors,
        photographers=credits.photographers,
        captions=credits.captions,
        published_from=published_from,
    )
    return Metadata(title, city, published, source, details)


def _head(lines: list[str]) -> list[str]:
    """The lines before the first paragraph: at most twenty, for a head is short."""
    first = next((i for i, line in enumerate(lines) if is_prose(line)), len(lines))
    return lines[: min(first, 20)]


def _credits(lines: list[str], body: str) -> Credits:
    """Those on lines of their own, then those in brackets where the text begins and ends."""
    found = Credits()
    for read in islice(filter(None, map(read_credits, lines)), _MAX_CREDITS):
        found += read
    paragraphs = [line for line in body.splitlines() if is_prose(line)]
    for paragraph in dict.fromkeys([*paragraphs[:1], *paragraphs[-1:]]):
        found += inline_credits(paragraph)
    return found


def _find_source(lines: list[str], credits: Credits, site: str) -> str:
    """Stated, else the paper whose reporters wrote it, else the site's own bureau."""
    stated = credits.source or next(
        (m[1] for line in lines if len(line) <= _MAX_LINE and (m := _SOURCE.search(line))), ""
    )
    if stated or credits.outlet:
        return stated or credits.outlet
    lead = next((line[:_OPENING] for line in lines if is_prose(line)), "")
    reporters = _INTERVIEWED_BY.search(lead)
    return reporters[1] if reporters else site


def _site(lines: list[str]) -> str:
    """The city body that runs the site, as a notice of its own names it."""
    named = (m[1] for line in lines if len(line) <= _MAX_LINE and (m := _SITE.search(line)))
    return next((bureaus[0] for name in named if (bureaus := find_bureaus(name))), "")


def _signature(lines: list[str], city: str) -> str:
    """A body's name on a line of its own with a date under it."""
    pairs = pairwise(lines)
    return next((a for a, b in pairs if len(b) <= 16 and iso(b) and is_body(a)), "")


def _bureau(title: str, body: str, city: str, source: str) -> str:
    """The body that the source is, else the one that the title names, else the most named in the opening."""
    return main_bureau(source, city) or main_bureau(title, city) or main_bureau(body[:_OPENING], city)


def _city_of(*names: str) -> str:
    """The city in the name of a bureau or a paper: 惠州日报 is Huizhou's."""
    for name in names:
        paper = _CITY_PAPER.match(name)
        place = paper[1] if paper else name.partition("市")[0] if "市" in name else ""
        if place in cities():
            return place
    return ""


def _date(declared: str, head: list[str], lines: list[str], body: str) -> tuple[str, Literal["stated", "inferred", ""]]:
    given = iso(declared)
    return (given, "stated") if given else find_date(head, lines, body)
