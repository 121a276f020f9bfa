"""The order of the stages that a page goes through, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ingest.chunks import chunk_spans
from ingest.clean import (
    Cleaner,
    SharedLines,
    edge_lines,
    flag_losses,
    fold_script,
    join_broken_lines,
    remove_boilerplate,
    remove_credits,
    remove_readings,
    remove_running_headers,
    repair_mojibake,
    repair_shift,
    restore_losses,
    tidy_whitespace,
    widen_punctuation,
)
from ingest.loaders import RawPage
from ingest.metadata import Metadata, find_metadata
from ingest.origin import Text
from library.errors import PageError
from library.records import Details, Step
from library.settings import Settings

_ROUNDS = 6


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
    details: Details
    edges: tuple[str, ...]
    """Lines at the page's edges, as they stood: the site's own, if other pages of it have them too."""

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
            "details": self.details.to_dict(),
            "report": [step.to_dict() for step in self.report],
            "origins": self.origins,
        }


def clean(page: RawPage, settings: Settings, shared: SharedLines | None = None) -> CleanPage:
    """Runs the stages over a raw page.

    Args:
        page: as a loader gave it.
        settings: of the cleaning.
        shared: tells which lines other pages of the same site carry too.

    Raises:
        PageError: no text is left.
    """
    whole, steps = _run(page.text, _repairs(settings))
    edges = edge_lines(whole)
    text, more = _settled(whole, shared)
    text, last = _run(text, _finishing(settings))
    if settings.cleaning.script == "simplified":
        # What was taken out may have hidden that the rest is traditional; so cleaning twice changes nothing more.
        folded = fold_script(text)
        text, steps = folded.text, _merged(steps, [Step("script", len(folded.spans), folded.spans)])
    text = text.strip()
    if not text.chars:
        raise PageError("no text was found on the page")
    found = _metadata(page, whole, text)
    title = found.title
    if settings.cleaning.punctuation == "full":
        title = widen_punctuation(Text.from_raw(title)).text.chars
    return CleanPage(
        title, text.chars, found.city, found.published, found.source, (*steps, *more, *last), text, page.raw,
        found.details, edges,
    )  # fmt: skip


def _repairs(settings: Settings) -> Iterator[tuple[str, Cleaner]]:
    """What concerns characters. Bytes come first: to take a character apart, nothing may have changed around it."""
    yield "mojibake", repair_mojibake
    yield "shift", repair_shift
    yield "whitespace", tidy_whitespace
    yield "readings", remove_readings
    if settings.cleaning.script == "simplified":
        yield "script", fold_script


def _settled(text: Text, shared: SharedLines | None) -> tuple[Text, list[Step]]:
    """Takes out lines until there is nothing to take: what one stage removes may have hidden a line from another."""
    steps: list[Step] = []
    for _ in range(_ROUNDS):
        text, more = _run(text, _removals(shared))
        steps = _merged(steps, more)
        if not any(step.changes for step in more):
            break
    return text, steps


def _removals(shared: SharedLines | None) -> Iterator[tuple[str, Cleaner]]:
    """What concerns lines."""
    yield "boilerplate", partial(remove_boilerplate, shared=shared)
    yield "headers", remove_running_headers
    yield "credits", remove_credits
    yield "lines", join_broken_lines


def _finishing(settings: Settings) -> Iterator[tuple[str, Cleaner]]:
    """What can be judged only when lines are whole."""
    if settings.cleaning.punctuation == "full":
        yield "width", widen_punctuation
    yield "losses", restore_losses if settings.cleaning.restore_losses else flag_losses


def _merged(steps: list[Step], more: list[Step]) -> list[Step]:
    """Steps of several rounds as one of each."""
    again = {step.step: step for step in more}
    return [_joined(step, again.pop(step.step, None)) for step in steps] + list(again.values())


def _joined(step: Step, again: Step | None) -> Step:
    if again is None:
        return step
    flags = tuple(dict.fromkeys((*step.flags, *again.flags)))
    return Step(step.step, step.changes + again.changes, (*step.spans, *again.spans), flags)


def _run(text: Text, stages: Iterable[tuple[str, Cleaner]]) -> tuple[Text, list[Step]]:
    steps = []
    for name, cleaner in stages:
        cleaned = cleaner(text)
        steps.append(Step(name, len(cleaned.spans), cleaned.spans, cleaned.flags))
        text = cleaned.text
    return text, steps


def _metadata(page: RawPage, surrounded: Text, text: Text) -> Metadata:
    return find_metadata(surrounded.chars, text.chars, page.title, page.date, page.source, page.author)


__all__ = ["CleanPage", "chunk_spans", "clean"]
