"""What is measured: Kejian's cleaning, and beside it what other tools make of the same page.

The others give a string and no origins; the page is aligned to it with the Levenshtein distance.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from opencc import OpenCC
from rapidfuzz.distance import Levenshtein

from ingest.loaders import RawPage
from ingest.origin import Text
from ingest.pipeline import clean
from library.errors import PageError, UsageError
from library.records import Flag
from library.settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """A cleaned page: its characters, where each stood on the page, doubtful places of the page, and metadata."""

    chars: str
    starts: NDArray[np.int32]
    stops: NDArray[np.int32]
    flags: tuple[Flag, ...] = ()
    metadata: str = ""


System = Callable[[str], Output]


def kejian(page: str) -> Output:
    """The whole pipeline with the default settings; nothing where it finds no text."""
    try:
        done = clean(RawPage("page.txt", page, Text.from_raw(page)), _settings())
    except PageError:
        return Output("", *_empty())
    flags = tuple(flag for step in done.report for flag in step.flags)
    told = {k: v for k, v in done.to_dict().items() if k not in {"body", "origins", "report"}}
    return Output(done.body, done.text.starts, done.text.stops, flags, str(told))


def nothing(page: str) -> Output:
    """The page as it is."""
    return aligned(page, page)


def opencc(page: str) -> Output:
    """OpenCC's plain ``t2s``."""
    return aligned(page, str(_t2s().convert(page)))


def ftfy(page: str) -> Output:
    """ftfy's ``fix_text`` with its defaults, but for the one that makes Chinese punctuation ASCII."""
    try:
        from ftfy import fix_text
    except ImportError:
        raise UsageError("ftfy is not installed. Install it with: pip install 'kejian[bench]'") from None
    return aligned(page, fix_text(page, fix_character_width=False, uncurl_quotes=False))


def trafilatura(page: str) -> Output:
    """trafilatura's extraction, each line of the page a paragraph of HTML; the page where it finds nothing."""
    from trafilatura import extract

    body = "".join(f"<p>{html.escape(line)}</p>" for line in page.split("\n") if line.strip())
    return aligned(page, extract(f"<html><body>{body}</body></html>", favor_recall=True) or page)


PEERS: dict[str, System] = {"nothing": nothing, "ftfy": ftfy, "trafilatura": trafilatura, "opencc": opencc}
SYSTEMS: dict[str, System] = {"kejian": kejian, **PEERS}


def aligned(page: str, out: str) -> Output:
    """A string that was made of the page, with the origins that the Levenshtein alignment gives."""
    starts, stops = np.zeros(len(out), dtype=np.int32), np.zeros(len(out), dtype=np.int32)
    if page == out:
        return Output(out, np.arange(len(out), dtype=np.int32), np.arange(1, len(out) + 1, dtype=np.int32))
    for op in Levenshtein.opcodes(page, out):
        made = slice(op.dest_start, op.dest_end)
        if op.tag == "insert":
            starts[made] = stops[made] = op.src_start
        elif op.tag != "delete":
            starts[made] = np.arange(op.src_start, op.src_end)
            stops[made] = starts[made] + 1
    return Output(out, starts, stops)


def _empty() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)


@lru_cache(maxsize=1)
def _settings() -> Settings:
    """The defaults, not the user's: a measurement is of the code."""
    return Settings.model_construct()


@lru_cache(maxsize=1)
def _t2s() -> OpenCC:
    return OpenCC("t2s")
