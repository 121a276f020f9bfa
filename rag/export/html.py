"""Briefings as one self-contained HTML page; markers lead to the quotes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from library.records import Briefing, Citation, Point, Section
from rag.export.note import NOTES, NOTHING, PAGES, QUOTES, Page, cited_pages, verification_note
from rag.targets import TARGETS, targets_table

_STYLE = """
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6;
       font-family: system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
.zh, small { opacity: .75; } .flag { color: #c62828; } li { margin-bottom: .8rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; }
th { border-bottom: 1px solid; } :target { background: #fff3bf; color: #000; }
"""


def briefing_html(briefing: Briefing) -> str:
    """The briefing as an HTML document; everything from pages and models is escaped."""
    title = _title(briefing)
    return _page(title, briefing.language, f"<h1>{escape(title)}</h1>\n{_body(briefing, 2, '')}")


def volume_html(briefings: Sequence[Briefing], title: str) -> str:
    """Briefings one after the other on a page, with their titles as contents."""
    titles = [escape(_title(b)) for b in briefings]
    contents = "\n".join(f'<li><a href="#b{n}">{text}</a></li>' for n, text in enumerate(titles, 1))
    bodies = [
        f'<h2 id="b{n}">{text}</h2>\n{_body(briefing, 3, f"{n}-")}'
        for n, (text, briefing) in enumerate(zip(titles, briefings, strict=True), 1)
    ]
    language = briefings[0].language if briefings else "en"
    joined = "\n".join(bodies)
    return _page(title, language, f"<h1>{escape(title)}</h1>\n<nav><ol>\n{contents}\n</ol></nav>\n{joined}")


def _page(title: str, language: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )


def _title(briefing: Briefing) -> str:
    return briefing.title_zh if briefing.language == "zh" else briefing.title_en or briefing.title_zh


def _body(briefing: Briefing, level: int, prefix: str) -> str:
    """Sections, targets, pages, note and quotes; ``prefix`` keeps the anchors of one briefing from another's."""
    heading = f"<h{level}>{{}}</h{level}>"
    parts = [_section(s, briefing, heading, prefix) for s in briefing.sections]
    parts += [_targets(briefing, heading), heading.format(PAGES[briefing.language])]
    parts += ["<ul>", *map(_source, cited_pages(briefing)), "</ul>"]
    parts += [heading.format(NOTES[briefing.language]), f"<p>{escape(verification_note(briefing))}</p>"]
    quotes = [_quote(c, prefix) for c in briefing.citations]
    return "\n".join([*parts, heading.format(QUOTES[briefing.language]), "<ol>", *quotes, "</ol>"])


def _targets(briefing: Briefing, heading: str) -> str:
    """The table of targets, computed from the articles."""
    if not briefing.targets:
        return ""
    names, *rows = targets_table(briefing.targets, briefing.language)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"{heading.format(TARGETS[briefing.language])}\n<table>\n<tr>{head}</tr>\n{body}\n</table>"


def _section(section: Section, briefing: Briefing, heading: str, prefix: str) -> str:
    name = section.heading_zh if briefing.language == "zh" else section.heading_en or section.heading_zh
    head = heading.format(escape(name)) + "\n" if len(briefing.sections) > 1 else ""
    if not section.points:
        return f"{head}<p>{NOTHING[briefing.language]}</p>"
    return f"{head}<ul>\n" + "\n".join(_point(p, briefing.language, prefix) for p in section.points) + "\n</ul>"


def _point(point: Point, language: str, prefix: str) -> str:
    marks = "".join(f'<a href="#q{prefix}{n}">[{n}]</a>' for n in point.citations)
    zh = f'<span lang="zh-CN" class="zh">{escape(point.zh)}</span>'
    if language == "zh":
        return f"<li>{zh} {marks}</li>"
    problems = [*point.flags, *(["figures differ"] if point.numbers == "mismatch" else [])]
    flags = f'<br><span class="flag">⚠ {escape("; ".join(problems))}</span>' if problems else ""
    return f"<li>{escape(point.en) or '(not translated)'} {marks}<br>{zh}{flags}</li>"


def _source(page: Page) -> str:
    where = f'<a href="{escape(page.link)}">{escape(page.uri)}</a>' if page.link else escape(page.uri)
    about = f' (<span lang="zh-CN">{escape(page.about)}</span>)' if page.about else ""
    return f'<li><span lang="zh-CN">{escape(page.name)}</span>{about}<br><small>{where}</small></li>'


def _quote(c: Citation, prefix: str) -> str:
    where = ", ".join(escape(part) for part in (c.title, c.city, c.published) if part)
    place = f"characters {c.raw_start}–{c.raw_end} of {escape(c.uri)} as it arrived"
    return (
        f'<li id="q{prefix}{c.n}" value="{c.n}"><q lang="zh-CN">{escape(c.quote)}</q><br>'
        f"<small>{where}{'; ' if where else ''}{place}</small></li>"
    )
