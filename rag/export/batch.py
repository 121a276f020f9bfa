"""Summaries of many articles, one after the other; what is done with the same content is not done again."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from library.errors import KejianError, UsageError
from library.fingerprint import fingerprint
from library.library import Library
from library.records import Briefing, Citation, Failure, Point, Section, Summary, Target, Term
from rag.brief import write_brief
from rag.export.docx import briefing_docx, volume_docx
from rag.export.html import briefing_html, volume_html
from rag.export.markdown import briefing_markdown, volume_markdown
from rag.export.points import points_sheet, workbook
from rag.export.sheets import as_csv, as_xlsx
from rag.llm import ChatModel
from rag.retrieve import Filters, passes

log = logging.getLogger(__name__)
FORMATS = ("md", "html", "docx", "jsonl", "csv", "xlsx")
Progress = Callable[[int, int, str], None]
# Raise it when the same article would be summarised otherwise.
_VERSION = 3
_DONE = ".kejian"
_VOLUME_TITLE = "Summaries / 文章摘要"


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export did. ``files`` are the paths that are now up to date."""

    written: int
    skipped: int
    failed: tuple[Failure, ...]
    files: tuple[str, ...]
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "written": self.written,
            "skipped": self.skipped,
            "failed": [f.to_dict() for f in self.failed],
            "files": list(self.files),
            "seconds": self.seconds,
        }


def export_library(
    library: Library,
    model: ChatModel | None,
    folder: Path,
    formats: Sequence[str] = ("md", "jsonl"),
    language: str = "both",
    filters: Filters | None = None,
    progress: Progress | None = None,
    volume: bool = False,
) -> ExportReport:
    """Writes a summary of every article that passes the filters.

    ``md``, ``html`` and ``docx`` give one file an article, with ``volume`` also ``summaries.md`` and so on, all of
    them in one; ``jsonl`` one file with a Briefing a line; ``csv`` and
    ``xlsx`` one table with a point a line, ``xlsx`` with the targets on a sheet of their own. A finished summary is
    kept in ``folder/.kejian``, so an interrupted export goes on where it stopped.

    Raises:
        UsageError: a format is unknown, or the folder can't be written.
    """
    began = time.monotonic()
    _check(folder, formats)
    articles = [a for a in library.articles() if passes(a.city, a.published, filters or Filters())]
    written, failed, done = 0, [], []
    try:
        for n, article in enumerate(articles):
            if progress:
                progress(n, len(articles), article.title or article.id)
            key = _key(library, article, model, language)
            try:
                fresh = _load(folder, key) is None
                if fresh:
                    _save(folder, key, write_brief(library, model, [article.id], language))
                    written += 1
                done.append((article, key))
            except KejianError as error:
                log.warning("no summary of %s: %s", article.uri, error)
                failed.append(Failure(article.uri, str(error)))
    finally:
        # Also after Ctrl-C: what is finished is worth having.
        files = [path for f in formats for path in _WRITERS[f](folder, done)]
        files += [path for f in formats if volume and f in _VOLUMES for path in _VOLUMES[f](folder, done)]
    if progress:
        progress(len(articles), len(articles), "")
    seconds = round(time.monotonic() - began, 2)
    return ExportReport(written, len(done) - written, tuple(failed), tuple(map(str, files)), seconds)


def _check(folder: Path, formats: Sequence[str]) -> None:
    if unknown := [f for f in formats if f not in FORMATS]:
        raise UsageError(f"Unknown format {', '.join(unknown)}. Known are: {', '.join(FORMATS)}")
    try:
        (folder / _DONE).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} can't be written ({error.strerror}). Name another folder.") from error


def _key(library: Library, article: Summary, model: ChatModel | None, language: str) -> str:
    """Names a summary by all that decides it: the page, the cleaning, the models, the language."""
    parts = [
        _VERSION, article.id, library.raw_hash(article.uri), fingerprint(library.settings, library.encoder),
        model.name if model else "none", language,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def _save(folder: Path, key: str, briefing: Briefing) -> None:
    write_whole(folder / _DONE / f"{key}.json", json.dumps(briefing.to_dict(), ensure_ascii=False))


def _load(folder: Path, key: str) -> Briefing | None:
    path = folder / _DONE / f"{key}.json"
    try:
        return _briefing(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _briefing(data: dict[str, Any]) -> Briefing:
    sections = [{**s, "points": tuple(_point(p) for p in s["points"])} for s in data["sections"]]
    return Briefing(
        **{
            **data,
            "articles": tuple(data["articles"]),
            "sections": tuple(Section(**s) for s in sections),
            "targets": tuple(Target(**t) for t in data["targets"]),
            "citations": tuple(Citation(**c) for c in data["citations"]),
            "glossary": tuple(Term(**t) for t in data["glossary"]),
        }
    )


def _point(data: dict[str, Any]) -> Point:
    return Point(**{**data, "citations": tuple(data["citations"]), "flags": tuple(data["flags"])})


_Done = Sequence[tuple[Summary, str]]


def _each(form: str, write: Callable[[Briefing], str | bytes]) -> Callable[[Path, _Done], Iterable[Path]]:
    """Writes a file an article."""

    def files(folder: Path, done: _Done) -> Iterable[Path]:
        for article, key in done:
            if briefing := _load(folder, key):
                path = folder / f"{article.id}.{form}"
                write_whole(path, write(briefing))
                yield path

    return files


def _one(name: str, write: Callable[[Sequence[Briefing]], str | bytes]) -> Callable[[Path, _Done], Iterable[Path]]:
    """Writes one file of all."""

    def file(folder: Path, done: _Done) -> Iterable[Path]:
        write_whole(folder / name, write([b for _, key in done if (b := _load(folder, key))]))
        yield folder / name

    return file


def _jsonl(briefings: Sequence[Briefing]) -> str:
    return "".join(json.dumps(b.to_dict(), ensure_ascii=False) + "\n" for b in briefings)


_WRITERS: dict[str, Callable[[Path, _Done], Iterable[Path]]] = {
    "md": _each("md", briefing_markdown),
    "html": _each("html", briefing_html),
    "docx": _each("docx", briefing_docx),
    "jsonl": _one("summaries.jsonl", _jsonl),
    "csv": _one("summaries.csv", lambda briefings: as_csv(points_sheet(briefings))),
    "xlsx": _one("summaries.xlsx", lambda briefings: as_xlsx(workbook(briefings))),
}
_VOLUMES: dict[str, Callable[[Path, _Done], Iterable[Path]]] = {
    "md": _one("summaries.md", lambda briefings: volume_markdown(briefings, _VOLUME_TITLE)),
    "html": _one("summaries.html", lambda briefings: volume_html(briefings, _VOLUME_TITLE)),
    "docx": _one("summaries.docx", lambda briefings: volume_docx(briefings, _VOLUME_TITLE)),
}


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file whole or not at all; text in UTF-8."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content.encode() if isinstance(content, str) else content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
