"""What an ingest says it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from library.records import Failure, Step


@dataclass(frozen=True, slots=True)
class Taken:
    """One page of a report."""

    id: str
    path: str
    title: str
    city: str
    published: str
    chars: int
    report: tuple[Step, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id, "path": self.path, "title": self.title, "city": self.city,
            "published": self.published, "chars": self.chars, "report": [s.to_dict() for s in self.report],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one page; ``before`` is where a renamed one was."""

    kind: Literal["added", "updated", "renamed", "removed"]
    path: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. ``articles`` lists all pages of this run that are now on the shelf.

    ``updated`` counts the renamed pages too; ``changes`` tell them apart, and are no part of the JSON.
    """

    added: int
    updated: int
    unchanged: int
    removed: int
    duplicates: int
    failed: tuple[Failure, ...]
    articles: tuple[Taken, ...]
    seconds: float
    changes: tuple[Change, ...] = ()

    @property
    def renamed(self) -> int:
        """How many pages were found again under another name."""
        return sum(change.kind == "renamed" for change in self.changes)

    def to_dict(self) -> dict[str, Any]:
        return {
            "added": self.added, "updated": self.updated, "unchanged": self.unchanged, "removed": self.removed,
            "duplicates": self.duplicates, "failed": [f.to_dict() for f in self.failed],
            "articles": [a.to_dict() for a in self.articles], "seconds": self.seconds,
        }  # fmt: skip


def merge(reports: Sequence[IngestReport]) -> IngestReport:
    """One report of several runs: the counts added up, of each page the last that was heard."""
    pages: dict[str, Taken] = {}
    failed: dict[str, Failure] = {}
    for report in reports:
        for change in report.changes:
            for path in (change.path, change.before):
                pages.pop(path, None)
                failed.pop(path, None)
        pages |= {page.path: page for page in report.articles}
        failed = {path: failure for path, failure in failed.items() if path not in pages}
        failed |= {failure.path: failure for failure in report.failed}
    return IngestReport(
        added=sum(r.added for r in reports),
        updated=sum(r.updated for r in reports),
        unchanged=sum(r.unchanged for r in reports),
        removed=sum(r.removed for r in reports),
        duplicates=sum(r.duplicates for r in reports),
        failed=tuple(failed.values()),
        articles=tuple(pages.values()),
        seconds=round(sum(r.seconds for r in reports), 2),
        changes=tuple(change for r in reports for change in r.changes),
    )
