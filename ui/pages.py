"""Articles, ingests and the shelf as HTML: what was restored, what failed, how many there are."""

from __future__ import annotations

from collections.abc import Sequence

from ingest import IngestReport
from library.records import Article
from ui.diff import Piece, rows
from ui.render import city_label, escape, lang_tag, place_html, problem_html

_LONGEST_LIST = 50


def report_html(report: IngestReport) -> str:
    """What an ingest did: counts, what was restored on each page, and every failure with its reason."""
    counts = (
        f"新收录 added {report.added} · 更新 updated {report.updated} · 未变 unchanged {report.unchanged} · "
        f"副本 copies {report.duplicates} · 失败 failed {len(report.failed)} · {report.seconds} s"
    )
    parts = [f'<p class="kj-notice" role="status">{escape(counts)}</p>']
    for page in report.articles[:_LONGEST_LIST]:
        done = ", ".join(f"{step.step} {step.changes}" for step in page.report if step.changes)
        name = page.title or page.path.rsplit("/", 1)[-1]
        parts.append(f'<p class="kj-small">✓ {escape(name)} — {escape(done or "无需修复 nothing to restore")}</p>')
    if (more := len(report.articles) - _LONGEST_LIST) > 0:
        parts.append(f'<p class="kj-small">… {more}</p>')
    parts += [problem_html(f"{f.path.rsplit('/', 1)[-1]}: {f.reason}") for f in report.failed]
    return "".join(parts)


def shelf_html(articles: int, shown: int, copies: int) -> str:
    """How many articles there are, and how many of them are listed."""
    line = f"文章 articles {articles} · 其中副本 of them copies {copies} · 列出 listed {shown}"
    return f'<p class="kj-small" role="status">{escape(line)}</p>'


def article_html(article: Article, raw: str) -> str:
    """An article beside the page it was made from; what differs is marked on both sides, in colour and by tag."""
    facts = [city_label(article.city), article.published, article.source, article.details.bureau, f"ID {article.id}"]
    head = " · ".join(escape(fact) for fact in facts if fact)
    steps = " · ".join(escape(f"{step.step} {step.changes}") for step in article.report if step.changes)
    doubts = "".join(
        f"<li>{escape(flag.note)}: <q>{escape(raw[flag.start : flag.end])}</q></li>"
        for step in article.report
        for flag in step.flags
    )
    lines = "".join(
        f"<tr><td>{_side(before, 'del')}</td><td>{_side(after, 'ins')}</td></tr>"
        for before, after in rows(raw, article.body, article.origins.starts, article.origins.stops)
    )
    return (
        f'<h3 lang="{lang_tag(article.label)}">{escape(article.label)}</h3>'
        f'<p class="kj-small">{head}<br>{place_html(article.uri)}<br>{steps}</p>'
        + (f'<details class="kj-small"><summary>存疑 In doubt</summary><ul>{doubts}</ul></details>' if doubts else "")
        + '<table class="kj-diff"><thead><tr><th scope="col">页面原样 As it arrived</th>'
        f'<th scope="col">修复后 Restored</th></tr></thead><tbody lang="zh-Hans">{lines}</tbody></table>'
    )


def _side(pieces: Sequence[Piece], tag: str) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" if differs else escape(text) for text, differs in pieces)
