"""The order of the stages that a page goes through, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ingest.chunks import chunk_spans
from ingest.clean import (
    Cleaner,
    fold_script,
    join_broken_lines,
    remove_boilerplate,
    remove_readings,
    repair_shift,
    tidy_whitespace,
)
from ingest.loaders import RawPage
from ingest.metadata import Metadata, find_metadata
from ingest.origin import Text
from library.errors import PageError
from library.records import Step
from library.settings import Settings


@dataclass(frozen=True, slots=True)
class CleanPage:
    """A page after cleaning. ``origins[i]`` is the raw offset of ``body[i]``."""

    title: str
    body: str
    city: str
    published: str
    source: str
    report: tuple[Step, ...]
    text: Text
    raw: str

    @property
    def origins(self) -> list[int]:
        return [int(i) for i in self.text.starts]

    def to_dict(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "body": self.body,
            "city": self.city,
            "published": self.published,
            "source": self.source,
            "report": [step.to_dict() for step in self.report],
            "origins": self.origins,
        }


def clean(page: RawPage, settings: Settings) -> CleanPage:
    """Runs the stages over a raw page.

    Raises:
        PageError: no text is left.
    """
    # Bytes come first: to take a character apart into its bytes, nothing may have changed around it.
    repairs: list[tuple[str, Cleaner]] = [
        ("shift", repair_shift),
        ("whitespace", tidy_whitespace),
        ("readings", remove_readings),
    ]
    if settings.cleaning.script == "simplified":
        repairs.append(("script", fold_script))
    surrounded, steps = _run(page.text, repairs)
    text, more = _run(surrounded, [("boilerplate", remove_boilerplate), ("lines", join_broken_lines)])
    text = text.strip()
    if not text.chars:
        raise PageError("no text was found on the page")
    found = _metadata(page, surrounded, text)
    return CleanPage(
        found.title, text.chars, found.city, found.published, found.source, (*steps, *more), text, page.raw
    )


def _run(text: Text, stages: list[tuple[str, Cleaner]]) -> tuple[Text, list[Step]]:
    steps = []
    for name, cleaner in stages:
        cleaned = cleaner(text)
        steps.append(Step(name, len(cleaned.spans), cleaned.spans, cleaned.flags))
        text = cleaned.text
    return text, steps


def _metadata(page: RawPage, surrounded: Text, text: Text) -> Metadata:
    return find_metadata(surrounded.chars, text.chars, page.title, page.date, page.source)


__all__ = ["CleanPage", "chunk_spans", "clean"]
