"""What every briefing says of itself at its end, and the pages that it is of."""

from __future__ import annotations

from typing import NamedTuple

from lang.cities import english_name
from lang.dates import english_date
from library.records import Briefing, Citation

NOTES = {"zh": "核对说明", "en": "Verification", "both": "Verification / 核对说明"}
PAGES = {"zh": "来源文章", "en": "Articles", "both": "Articles / 来源文章"}
QUOTES = {"zh": "引文", "en": "Quotes", "both": "Quotes / 引文"}
NOTHING = {"zh": "未涉及此主题。", "en": "Nothing on this topic.", "both": "Nothing on this topic. 未涉及此主题。"}


class Page(NamedTuple):
    """A page that a briefing cites: its title with place and date, in the order in which the reader can read them; its
    path or URL, and the numbers of its quotes."""

    name: str
    about: str
    uri: str
    numbers: tuple[int, ...]

    @property
    def link(self) -> str:
        """The URL; empty for a file."""
        return self.uri if self.uri.startswith(("https://", "http://")) else ""


def cited_pages(briefing: Briefing) -> list[Page]:
    """The pages that a briefing cites, in the order in which it does."""
    grouped: dict[str, list[Citation]] = {}
    for citation in briefing.citations:
        grouped.setdefault(citation.article_id, []).append(citation)
    return [_page(told, briefing.language) for told in grouped.values()]


def _page(told: list[Citation], language: str) -> Page:
    first = min(told, key=lambda c: c.start)  # of an untitled page, what is nearest its beginning
    title = first.title or first.quote[:20].rstrip("，,、：:") + "…"
    numbers = tuple(c.n for c in told)
    if language == "en":
        place = ", ".join(filter(None, [english_name(first.city) if first.city else "", english_date(first.published)]))
        return Page(place or title, title if place else "", first.uri, numbers)
    return Page(title, ", ".join(filter(None, [first.city, first.published])), first.uri, numbers)


def verification_note(briefing: Briefing) -> str:
    """What was checked, what was found, and what a reader has to look at himself."""
    points = [p for s in briefing.sections for p in s.points]
    flagged = sum(bool(p.flags) or p.numbers == "mismatch" for p in points)
    figures = sum(p.numbers == "ok" for p in points)
    silent = len(set(briefing.articles) - {c.article_id for c in briefing.citations})
    if briefing.language == "zh":
        rest = f"所选文章中有{silent}篇没有引用。" if silent else ""
        return f"共{len(points)}条，均摘自原文或由原文数据汇总，并注明出处。{rest}"
    rest = f" {silent} of the {len(briefing.articles)} articles chosen are not cited." if silent else ""
    if briefing.model == "none":
        return f"{len(points)} points in Chinese; without a language model they were not translated.{rest}"
    return (
        f"{len(points)} points, each with the Chinese that it is from. Translated by {briefing.model}, sentence by "
        f"sentence; the targets, names and dates are computed. The figures of {figures} points were checked and equal "
        f"the Chinese; {flagged} {'is' if flagged == 1 else 'are'} flagged. The wording is the model's: read it "
        f"against the Chinese.{rest}"
    )
