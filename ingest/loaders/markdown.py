"""Markdown to text that keeps its raw offsets: the marks go, the words stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from ingest.loaders.source import Reading
from ingest.origin import Edit, Text

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.{0,20000}?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_FENCE = re.compile(r"^[ \t]{0,3}(?:```|~~~)[^\n]*$")
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}(?:[ \t]+|$)")
_HEADING_END = re.compile(r"[ \t]+#+[ \t]*$")
_LINE_MARK = re.compile(r"^[ \t]*(?:(?:>[ \t]?)+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)")
_RULE = re.compile(r"^[ \t]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|=+)[ \t]*$")
_TABLE_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_REFERENCE = re.compile(r"^[ \t]{0,3}\[[^\]\n]{1,200}\]:[ \t]*\S+[^\n]*$")
_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{0,500})\](?:\([^()\n]{0,2000}\)|\[[^\]\n]{0,200}\])")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,2000}|[\w.+-]{1,64}@[\w.-]{1,255})>")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,20}(?:[ \t][^<>\n]{0,1000})?/?>|<!--[^\n]{0,2000}?-->")
_CODE = re.compile(r"(`{1,3})(?!`)([^`\n]{1,500})\1(?!`)")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)([^\n*_~]{1,500})(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![*\w])\*(?=\S)([^*\n]{1,500})(?<=\S)\*(?!\*)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~<>])")
_IMAGE_OR_TAG = (_IMAGE, _TAG)


def read_markdown(raw: str) -> Reading:
    """The words of a Markdown page; its front matter becomes metadata, its first heading the title.

    A parser would give the words without their places in the file, so the marks are taken out of the raw
    text instead, line by line, and what is not surely a mark stays.
    """
    about, start = _front_matter(raw)
    text = Text.from_raw(raw)
    edits = [(0, start, "")] if start else []
    title = ""
    for at, end, kind in _lines(raw, start):
        if kind == "drop":
            edits.append((at, end, ""))
        elif kind == "text":
            if not title and _HEADING.match(raw[at:end]):
                title = _without_marks(raw[at:end])
            edits += [(at + s, at + e, new) for s, e, new in line_edits(raw[at:end])]
    source = about.get("source") or about.get("site") or about.get("来源") or ""
    return Reading(
        raw, text.replace(edits), title=about.get("title") or about.get("标题") or title,
        date=about.get("date") or about.get("published") or about.get("日期") or "",
        source=source, author=about.get("author") or about.get("authors") or about.get("作者") or "",
    )  # fmt: skip


def line_edits(line: str) -> list[Edit]:
    """What takes the marks out of one line (without its line break)."""
    spans: list[tuple[int, int]] = []
    head = _HEADING.match(line) or _LINE_MARK.match(line)
    if head:
        spans.append(head.span())
        if "#" in head[0] and (tail := _HEADING_END.search(line, head.end())):
            spans.append(tail.span())
    for pattern in _IMAGE_OR_TAG:
        spans += [m.span() for m in pattern.finditer(line)]
    for pattern in (_LINK, _AUTOLINK):
        for m in pattern.finditer(line):
            spans += [(m.start(), m.start(1)), (m.end(1), m.end())]
    for pattern in (_CODE, _STRONG):
        for m in pattern.finditer(line):
            spans += [(m.start(), m.start(2)), (m.end(2), m.end())]
    for m in _EMPHASIS.finditer(line):
        spans += [(m.start(), m.start(1)), (m.end(1), m.end())]
    spans += [(m.start(), m.start() + 1) for m in _ESCAPE.finditer(line)]
    edits: list[Edit] = [(s, e, "") for s, e in _merged(spans)]
    return _table_edits(line, edits) if line.lstrip().startswith("|") else edits


def _table_edits(line: str, edits: list[Edit]) -> list[Edit]:
    """Bars between cells become tabs; those at the ends go."""
    taken = [(s, e) for s, e, _ in edits]
    bars = [i for i, c in enumerate(line) if c == "|" and not any(s <= i < e for s, e in taken[:50])]
    inner = line.strip()
    last = len(line.rstrip()) - 1 if inner.endswith("|") else -1
    first = len(line) - len(line.lstrip())
    return sorted([*edits, *((i, i + 1, "" if i in (first, last) else "\t") for i in bars)])


def _merged(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    at = end = 0
    for s, e in sorted(spans):
        if s > end:
            if end > at:
                yield at, end
            at, end = s, e
        else:
            end = max(end, e)
    if end > at:
        yield at, end


def _lines(raw: str, start: int) -> Iterator[tuple[int, int, str]]:
    """Lines as ``(start, end, "text" / "code" / "drop")``, line break not included."""
    at, fenced = start, False
    for line in raw[start:].split("\n"):
        bare = line.rstrip("\r")
        end = at + len(bare)
        if _FENCE.match(bare):
            fenced = not fenced
            yield at, end, "drop"
        elif fenced:
            yield at, end, "code"
        elif _RULE.match(bare) or ("|" in bare and _TABLE_RULE.match(bare)) or _REFERENCE.match(bare):
            yield at, end, "drop"
        else:
            yield at, end, "text"
        at += len(line) + 1


def _without_marks(line: str) -> str:
    return Text.from_raw(line).replace(line_edits(line)).chars.strip()


def _front_matter(raw: str) -> tuple[dict[str, str], int]:
    """The metadata at the head of the file, and where the page begins after it."""
    match = _FRONT.match(raw)
    if not match:
        return {}, 0
    try:
        found: Any = yaml.load(match[1], Loader=_Plain)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}, 0
    if not isinstance(found, dict):
        return {}, 0
    return {str(k).lower(): _plain(v) for k, v in found.items()}, match.end()


class _Plain(yaml.SafeLoader):
    """YAML without anchors, which can make a kilobyte into gigabytes; dates stay as they are written."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(v for v in map(_plain, value) if v)
    return value.strip() if isinstance(value, str) else ""
