"""Scores of one cleaned page against the truth, as counts that add up over pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from rapidfuzz.distance import Levenshtein

from eval.bench.systems import Output
from eval.noise import Damaged, Spot
from lang.script import fold_char

# The two documented rules: ASCII punctuation between Chinese characters, and white space.
_WIDTH = str.maketrans("，；：？！（）", ",;:?!()")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACE = re.compile("[ \t\r\u00a0\u3000]+")
_BREAK = re.compile(" ?\n[ \n]*")
UNKNOWN = "〓"
_RUNS = ("shift", "collision", "mojibake")


@dataclass(slots=True)
class Counts:
    """Counts of one page, or of many; ``ratios`` gives what is reported.

    ``distance`` is the Levenshtein distance to the clean text after both are put through ``normal``;
    ``white_space`` what ``normal`` hides of it beyond the width rule, on undamaged pages.
    """

    pages: int = 0
    chars: int = 0
    distance_before: int = 0
    distance: int = 0
    distance_folded: int = 0
    unchanged: int = 0
    identical: int = 0
    white_space: int = 0
    runs: int = 0
    runs_readable: int = 0
    runs_exact: int = 0
    runs_throughout: int = 0
    runs_wrong_unflagged: int = 0
    gone: int = 0
    gone_right: int = 0
    gone_flagged: int = 0
    joins: int = 0
    joins_right: int = 0
    keeps: int = 0
    keeps_right: int = 0
    headers: int = 0
    headers_right: int = 0
    losses: int = 0
    losses_flagged: int = 0
    flags: int = 0
    narrowed: int = 0
    narrowed_right: int = 0
    boilerplate: int = 0
    boilerplate_removed: int = 0
    article_removed: int = 0
    names: int = 0
    names_found: int = 0
    seconds: float = 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Counts)))

    def ratios(self) -> dict[str, float | int | None]:
        """What is reported; None where there was nothing to measure."""
        return {
            "pages": self.pages,
            "chars": self.chars,
            "cer_before": _ratio(self.distance_before, self.chars),
            "cer_after": _ratio(self.distance, self.chars),
            "cer_after_variants_folded": _ratio(self.distance_folded, self.chars),
            "pages_right": _ratio(self.unchanged, self.pages),
            "pages_identical": _ratio(self.identical, self.pages),
            "white_space_changed": self.white_space,
            "runs": self.runs,
            "runs_exact": _ratio(self.runs_exact, self.runs_readable),
            "runs_exact_throughout": _ratio(self.runs_throughout, self.runs),
            "runs_wrong_unflagged": _ratio(self.runs_wrong_unflagged, self.runs),
            "gone": self.gone,
            "gone_right": _ratio(self.gone_right, self.gone),
            "gone_flagged": _ratio(self.gone_flagged, self.gone),
            "breaks_to_join": self.joins,
            "joined_right": _ratio(self.joins_right, self.joins),
            "breaks_to_keep": self.keeps,
            "kept_right": _ratio(self.keeps_right, self.keeps),
            "headers": self.headers,
            "headers_removed_exactly": _ratio(self.headers_right, self.headers),
            "losses": self.losses,
            "losses_flagged": _ratio(self.losses_flagged, self.losses),
            "flags": self.flags,
            "narrowed_marks": self.narrowed,
            "narrowed_restored": _ratio(self.narrowed_right, self.narrowed),
            "boilerplate_chars": self.boilerplate,
            "boilerplate_precision": self.precision,
            "boilerplate_recall": self.recall,
            "boilerplate_f1": self.f1,
            "names": self.names,
            "names_in_metadata": _ratio(self.names_found, self.names),
            "seconds": self.seconds,
        }

    @property
    def precision(self) -> float | None:
        """Of the characters removed, those that were no part of the article."""
        return _ratio(
            self.boilerplate_removed, self.boilerplate_removed + self.article_removed * bool(self.boilerplate)
        )

    @property
    def recall(self) -> float | None:
        """Of the characters that were no part of the article, those removed."""
        return _ratio(self.boilerplate_removed, self.boilerplate)

    @property
    def f1(self) -> float | None:
        """Of removing boilerplate, by characters other than white space, over all pages together."""
        missed = self.boilerplate - self.boilerplate_removed
        doubled = 2 * self.boilerplate_removed
        return _ratio(doubled, doubled + missed + self.article_removed) if self.boilerplate else None


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def normal(text: str) -> str:
    """A text after the documented rules: ASCII width, single spaces and breaks, nothing invisible.

    >>> normal("一，二 　三\\n\\n 四")
    '一,二 三\\n四'
    """
    text = _SPACE.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n").translate(_WIDTH)))
    return _BREAK.sub("\n", text).strip()


def score(damaged: Damaged, output: Output) -> Counts:
    """Everything that is measured of one page."""
    clean, out = normal(damaged.clean), normal(_without_either(damaged, output))
    before = normal("".join(c for c, mark in zip(damaged.page, damaged.added, strict=True) if mark != 2))
    counts = Counts(
        pages=1,
        chars=len(clean),
        distance_before=Levenshtein.distance(clean, before),
        distance=Levenshtein.distance(clean, out),
        unchanged=clean == out,
        identical=damaged.clean == output.chars,
    )
    counts.distance_folded = counts.distance and Levenshtein.distance(_folded(clean), _folded(out))
    if damaged.page == damaged.clean != output.chars:
        narrow = Levenshtein.distance(damaged.clean.translate(_WIDTH), output.chars.translate(_WIDTH))
        counts.white_space = narrow - counts.distance
    for spot in damaged.spots:
        if spot.kind in _RUNS:
            _score_run(damaged, spot, output, counts)
        else:
            _score_place(damaged, spot, output, counts)
    _score_removal(damaged, output, counts)
    _score_width(damaged, output, counts)
    names, told = set(damaged.names), _folded(output.metadata)
    counts.names, counts.names_found = len(names), sum(name in told for name in names)
    counts.flags = len(output.flags)
    return counts


def _folded(text: str) -> str:
    return "".join(map(fold_char, text))


def _without_either(damaged: Damaged, output: Output) -> str:
    """The output less what may stand in the body or not, such as the title."""
    marks = np.frombuffer(damaged.added, dtype=np.uint8)
    if not len(output.chars) or not (marks == 2).any():
        return output.chars
    first = marks[np.minimum(output.starts, len(marks) - 1)]
    last = marks[np.maximum(output.stops - 1, 0)]
    return "".join(c for c, a, b in zip(output.chars, first, last, strict=True) if not (a == b == 2))


def _score_run(damaged: Damaged, spot: Spot, output: Output, counts: Counts) -> None:
    """Counts one run: exact apart from what is gone, what is gone, and whether a wrong character goes unflagged."""
    start, end = damaged.page_span(spot.start, spot.end)
    got, start, end = read_back(output, start, end)
    first, last = (damaged.clean_span(start, end)) if start < end else (spot.start, spot.end)
    wanted = damaged.clean[first:last].translate(_WIDTH)
    gone = {i - first for i in spot.gone}
    flagged = any(flag.start < end and start < flag.end for flag in output.flags)
    missed = _missed(wanted, got.translate(_WIDTH), gone)
    unknown = sum(got.count(mark) for mark in UNKNOWN)
    counts.runs += 1
    # One of which everything is gone is exact whatever stands there.
    counts.runs_readable += len(gone) < len(wanted)
    counts.runs_exact += len(gone) < len(wanted) and missed <= gone
    counts.runs_throughout += not missed
    counts.gone += len(gone)
    counts.gone_right += len(gone - missed)
    counts.gone_flagged += len(gone & missed) if flagged else min(unknown, len(gone & missed))
    counts.runs_wrong_unflagged += not flagged and len(missed) > unknown


def _score_place(damaged: Damaged, spot: Spot, output: Output, counts: Counts) -> None:
    """Counts a line break, a running header, or what was lost."""
    start, end = damaged.page_span(spot.start, spot.end)
    got = read_back(output, start, end)[0]
    if spot.kind in {"lost", "placeholder"}:
        counts.losses += 1
        counts.losses_flagged += any(flag.start < end and start < flag.end for flag in output.flags)
    elif spot.kind == "keep":
        counts.keeps += 1
        counts.keeps_right += "\n" in got
    else:
        right = "\n" not in got and len(got) == spot.end - spot.start
        counts.joins += spot.kind == "join"
        counts.joins_right += right and spot.kind == "join"
        counts.headers += spot.kind == "header"
        counts.headers_right += right and spot.kind == "header"


def _score_removal(damaged: Damaged, output: Output, counts: Counts) -> None:
    """Counts what was removed, white space and injected readings aside."""
    steps = np.zeros(len(damaged.page) + 1, dtype=np.int32)
    np.add.at(steps, output.starts, 1)
    np.add.at(steps, output.stops, -1)
    removed = np.cumsum(steps)[:-1] == 0
    marks = np.frombuffer(damaged.added, dtype=np.uint8)
    solid = np.array([not char.isspace() for char in damaged.page], dtype=bool)
    article = (marks == 0) & (damaged.text.stops > damaged.text.starts)
    counts.boilerplate = int(((marks == 1) & solid).sum())
    counts.boilerplate_removed = int(((marks == 1) & solid & removed).sum())
    counts.article_removed = int((article & solid & removed).sum())


def _score_width(damaged: Damaged, output: Output, counts: Counts) -> None:
    """Counts the marks that were made ASCII and stand at full width again."""
    for i, char in enumerate(damaged.page):
        if char in ",;:?!()" and damaged.text.stops[i] == damaged.text.starts[i] + 1:
            was = damaged.clean[damaged.text.starts[i]]
            if was != char and was.translate(_WIDTH) == char:
                at = int(np.searchsorted(output.starts, i, side="right")) - 1
                counts.narrowed += 1
                counts.narrowed_right += at >= 0 and output.chars[at] == was and output.stops[at] > i


def read_back(output: Output, start: int, end: int) -> tuple[str, int, int]:
    """What stands in the output for ``page[start:end]``, and the span of the page that it really stands for.

    The span is widened to the edits that cleaning made: a character of the output may stand for more of the page.
    """
    while True:
        touched = np.flatnonzero((output.starts < end) & (output.stops > start))
        if not touched.size:
            return "", start, end
        low, high = int(touched[0]), int(touched[-1]) + 1
        wider = min(start, int(output.starts[low])), max(end, int(output.stops[high - 1]))
        if wider == (start, end):
            return output.chars[low:high], start, end
        start, end = wider


def _missed(wanted: str, got: str, gone: set[int]) -> set[int]:
    """Characters of ``wanted`` that ``got`` does not have in their place; what it has beyond them counts as -1."""
    if len(wanted) == len(got):
        return {i for i, (a, b) in enumerate(zip(wanted, got, strict=True)) if a != b}
    missed: set[int] = set()
    for op in Levenshtein.opcodes(wanted, got):
        if op.tag == "insert":
            missed |= set() if {op.src_start, op.src_start - 1} & gone else {-1}
        elif op.tag != "equal":
            missed |= set(range(op.src_start, op.src_end))
    return missed


def examples(damaged: Damaged, output: Output, around: int = 16) -> Iterator[tuple[str, str, str]]:
    """A page's differences, each as ``(clean, page, output)`` snippets; long ones are cut in the middle."""
    for op in Levenshtein.opcodes(damaged.clean.translate(_WIDTH), output.chars.translate(_WIDTH)):
        if op.tag == "equal":
            continue
        low, high = max(op.src_start - around, 0), min(op.src_end + around, len(damaged.clean))
        start, end = damaged.page_span(low, high)
        out = output.chars[max(op.dest_start - around, 0) : op.dest_end + around]
        yield _cut(damaged.clean[low:high]), _cut(damaged.page[start:end]), _cut(out)


def _cut(text: str, longest: int = 90) -> str:
    return text if len(text) <= longest else f"{text[: longest // 2]} … {text[-longest // 2 :]}"
