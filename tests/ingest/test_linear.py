"""Time grows linearly to pages of a megabyte, whatever stands on them.

No clock is read. What Python does is counted in calls, at one size and at four times it. What a regular expression
does is not seen there; a process that has seconds for what takes a fraction of one tells a catastrophe.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from ingest.chunks import chunk_spans
from ingest.clean import edge_lines, repair_shift
from ingest.clean.outofstep import Budget, Reader, Start
from ingest.duplicates import signature
from ingest.loaders import RawPage
from ingest.origin import Text
from ingest.pipeline import clean
from lang.quantities import find_quantities
from lang.unigram import Unigram
from library import Settings
from library.errors import PageError
from tests.ingest.test_clean_properties import CLEANERS

SENTENCE = "会议强调，今年是抢抓机遇、加快发展的重要一年，全市科技系统要紧紧围绕这一重要目标，推动科技与产业互促双强。"
MOJIBAKE = SENTENCE.encode().decode("gb18030", "replace")
RARE = "".join(map(chr, range(0x4E00, 0x9F00, 37)))
ONE_LINE = {
    "a letter": "a", "<": "<", "(": "(", "（": "（", ">": ">", ".": ".", "-": "-", "?": "?", "&": "&", "“": "“",
    "。”": "。”",
    "blanks": " ", "tabs": "\t中", "wide blanks": "\u3000", "blanks between": "中 ", "invisible": "\u200b中",
    "digits": "7", "numerals": "一二三四五六七八九十", "one numeral": "一", "a figure": "一个", "dates": "2024年5月6日",
    "x月": "x月",
    "shifted": "好!秉S輝說，", "a letter between": "中A", "commas": "中,", "readings": "學(xué)習(xí)",
    "bare readings": "(xué)", "broken readings": "?zhè)", "rare characters": RARE,
    "no mark": SENTENCE.replace("，", ""),
    "one endless line": SENTENCE, "traditional": "為我市科技創新發展", "breadcrumbs": "首页>>>新闻>>>",
    "a menu": "目标 | ",
    "addresses": "https://a.cn/", "mail": "a@", "reporters": "（记者 李明）", "a source": "来源：云川日报 ", "〓": "〓",
    "lost": "锟斤拷", "replacements": "\ufffd", "Latin-1": SENTENCE.encode("gbk").decode("latin-1"),
}  # fmt: skip
LINES = {
    "marks": "好!被告!被告",
    "line breaks": "", "blank lines": " ", "short lines": "目标", "an article": SENTENCE, "items": "一、目标",
    "sources": "来源：云川日报",
    "no stops": "科技与产业互促双强", "rare lines": RARE, "mojibake": MOJIBAKE,
    "half mojibake": f"{MOJIBAKE}\n{SENTENCE}",
}  # fmt: skip
SHAPES = ONE_LINE | {name: f"{unit}\n" for name, unit in LINES.items()}
SMALL, LARGE = 1_000, 50_000
SECONDS = 20  # for what takes half of one
# Shapes that take the search for lost bytes a second in some thousand characters, until its budget is spent.
DEAR = {"rare characters", "rare lines", "marks", "shifted"}


def _page(shape: str, size: int) -> str:
    unit = SHAPES[shape]
    return (unit * (size // len(unit) + 1))[:size]


def _whole(raw: str) -> None:
    """All that ingest does to a page between its bytes and its shelf."""
    try:
        body = clean(RawPage("/page.txt", raw, Text.from_raw(raw)), Settings()).body
    except PageError:
        return
    signature(body)
    chunk_spans(body, 400)


def _calls(work: Callable[[str], object], raw: str) -> int:
    """How many functions, of Python's own too, are called."""
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work(raw)
    finally:
        sys.setprofile(None)
    return count


def _assert_linear(work: Callable[[str], object], shape: str) -> None:
    size = SMALL // 8 if shape in DEAR else SMALL
    work(_page(shape, size))  # what is read or built once
    once, four = _calls(work, _page(shape, size)), _calls(work, _page(shape, 4 * size))
    assert four <= 5 * once + 2_000, f"{once} calls for {size} characters, {four} for four times as many"


@pytest.mark.parametrize("shape", SHAPES)
def test_a_page(shape: str) -> None:
    _assert_linear(_whole, shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_cleaner(shape: str) -> None:
    """On the page as it is, which the others would have changed before."""
    for cleaner in set(CLEANERS) - ({repair_shift} if shape in DEAR else set()):
        _assert_linear(lambda raw, cleaner=cleaner: cleaner(Text.from_raw(raw)), shape)  # type: ignore[misc]
    _assert_linear(lambda raw: edge_lines(Text.from_raw(raw)), shape)


def test_no_pattern_is_catastrophic() -> None:
    pytest.importorskip("resource", reason="limits to a process's time are POSIX's")
    done = subprocess.run(
        [sys.executable, "-m", "tests.ingest.test_linear"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    shapes = done.stdout.split("\n")[:-1]
    assert done.returncode == 0, f"{shapes[-1:]} took more than {SECONDS} seconds, or: {done.stderr[-800:]}"
    assert set(shapes) == SHAPES.keys() - DEAR


def _large_pages() -> None:
    """Each shape under a limit of its own; the last that is named is the one that broke it."""
    from resource import RLIMIT_CPU, RUSAGE_SELF, getrlimit, getrusage, setrlimit

    for shape in SHAPES:
        if shape not in DEAR:
            sys.stdout.write(f"{shape}\n")
            sys.stdout.flush()
            used = getrusage(RUSAGE_SELF)
            setrlimit(RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + SECONDS, getrlimit(RLIMIT_CPU)[1]))
            _whole(_page(shape, LARGE))


def test_what_finds_no_run_is_given_up() -> None:
    """A page of rare characters looks damaged everywhere; the search weighs no more words than it may."""
    raw, budget = _page("rare characters", 3_000), Budget(found=5_000, nothing=5_000)
    starts = {at: Start(20.0) for at in range(0, len(raw), 10)}
    reader = Reader(raw, Unigram(), starts, False, {})
    few = reader.repairs(budget)
    assert not budget.is_left()
    assert len(few) < len(reader.repairs(Budget(found=10**9, nothing=10**9)))


def test_runs_that_are_within_the_budget_are_all_found() -> None:
    raw = "“投入要增加!秉S輝強調，預算是80億元。\n" * 60
    assert len(repair_shift(Text.from_raw(raw)).spans) == 60


@pytest.mark.parametrize("unit", ["一二三", "一", "十个", "几十", "一点", "五至"])
def test_numerals_without_end(unit: str) -> None:
    """The library that reads Chinese numerals takes the cube of their number."""
    small, large = (_calls(find_quantities, unit * size) for size in (500, 2_000))
    assert large <= 5 * small + 100


if __name__ == "__main__":
    _large_pages()
