"""A briefing as one self-contained HTML page; markers lead to the quotes."""

from __future__ import annotations

from html import escape

from library.records import Briefing, Citation, Point, Section
from rag.targets import COLUMNS, HEADINGS, TARGETS, target_row

_STYLE = """
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6;
       font-family: system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
.zh { opacity: .75; } .flag { color: #b00020; } li { margin-bottom: .8rem; }
table { border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; }
th { border-bottom: 1px solid; } :target { background: #fff3bf; color: #000; }
"""


def briefing_html(briefing: Briefing) -> str:
    """The briefing as an HTML document; everything from pages and models is escaped."""
    title = briefing.title_zh if briefing.language == "zh" else briefing.title_en or briefing.title_zh
    sections = "\n".join(_section(s, briefing) for s in briefing.sections)
    quotes = "\n".join(_quote(c) for c in briefing.citations)
    language = "zh-CN" if briefing.language == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>{escape(title)}</h1>\n{sections}\n{_targets(briefing)}\n"
        f"<h2>{'出处' if briefing.language == 'zh' else 'Sources'}</h2>\n<ol>\n{quotes}\n</ol>\n</body></html>\n"
    )


def _targets(briefing: Briefing) -> str:
    """The table of targets, computed from the articles."""
    if not briefing.targets:
        return ""
    columns = COLUMNS[briefing.language]
    head = "".join(f'<th scope="col">{escape(HEADINGS[n])}</th>' for n in columns)
    rows = [target_row(t, briefing.language) for t in briefing.targets]
    body = "\n".join("<tr>" + "".join(f"<td>{escape(row[n])}</td>" for n in columns) + "</tr>" for row in rows)
    return f"<h2>{TARGETS[briefing.language]}</h2>\n<table>\n<tr>{head}</tr>\n{body}\n</table>"


def _section(section: Section, briefing: Briefing) -> str:
    heading = section.heading_zh if briefing.language == "zh" else section.heading_en or section.heading_zh
    head = f"<h2>{escape(heading)}</h2>\n" if len(briefing.sections) > 1 else ""
    return f"{head}<ul>\n" + "\n".join(_point(p, briefing.language) for p in section.points) + "\n</ul>"


def _point(point: Point, language: str) -> str:
    marks = "".join(f'<a href="#q{n}">[{n}]</a>' for n in point.citations)
    zh = f'<span lang="zh-CN" class="zh">{escape(point.zh)}</span>'
    if language == "zh":
        return f"<li>{zh} {marks}</li>"
    problems = [*point.flags, *(["figures differ"] if point.numbers == "mismatch" else [])]
    flags = f'<br><span class="flag">⚠ {escape("; ".join(problems))}</span>' if problems else ""
    return f"<li>{escape(point.en) or '(not translated)'} {marks}<br>{zh}{flags}</li>"


def _quote(c: Citation) -> str:
    where = ", ".join(escape(part) for part in (c.title, c.city, c.published, c.uri) if part)
    return f'<li id="q{c.n}" value="{c.n}"><q lang="zh-CN">{escape(c.quote)}</q><br><small>{where}</small></li>'
