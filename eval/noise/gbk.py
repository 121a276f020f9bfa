"""GBK read one byte late, as sites do that replace bytes without looking where a character begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from eval.noise.damaged import Damaged, Spot
from eval.noise.readings import readings
from eval.noise.script import NARROW, script, width
from ingest.origin import Edit

_AT_QUOTE = re.compile(r"[。！？…](?=[“”])")
# What stands in front of a quotation mark nearly always loses its byte where it does at all: seven of eight in
# the page that the damage is modelled on.
_QUOTE_RATE = 0.875
_ELSEWHERE_RATE = 0.15  # of pages that have one run at another place


@dataclass(frozen=True, slots=True)
class Shifted:
    """A run read one byte late: up to where it reaches, what it looks like, which characters lost a byte."""

    end: int
    chars: str
    gone: frozenset[int]


def shift(page: Damaged, rng: Random) -> Damaged:
    """Loses first bytes, mostly of stops before quotation marks, on a page as it is or as a site had converted it.

    Half of the pages are traditional, half of these have readings. Nine in ten have ASCII punctuation, which ends
    a run at the next comma: where it was observed, replacing ！ (A3A1) with ! inside 。” (A1A3 A1B1) is what lost
    the byte. Nothing happens to a page that has no place for it.
    """
    if rng.random() < 0.5:
        page = script(page, rng, "site", half=0)
        if rng.random() < 0.5:
            page = readings(page, rng, notation="marks", blind=False)
        narrow = True
    else:
        narrow = rng.random() < 0.8
    return shift_runs(width(page) if narrow else page, rng, narrow).called("narrow" if narrow else "wide")


def shift_runs(page: Damaged, rng: Random, narrow: bool) -> Damaged:
    """Loses first bytes of a page that is otherwise done; ``narrow`` makes the exclamation marks ASCII."""
    text, edits, spots, reached = page.page, list[Edit](), list[Spot](), 0
    for at, at_quote in _places(text, rng):
        if at < reached or page.added[at]:
            continue
        run = shift_from(text, at)
        if not run.chars:  # nothing is left to be seen, so nothing could be restored
            continue
        gone = run.gone if at_quote else run.gone | {at}
        reached = run.end
        first, last = page.clean_span(at, run.end)
        lost = {i for char in gone for i in range(*page.clean_span(char, char + 1))}
        edits.append((at, run.end, run.chars.translate(NARROW) if narrow else run.chars))
        spots.append(Spot("shift", first, last, frozenset(lost)))
    return page.edited(edits, spots)


def _places(text: str, rng: Random) -> list[tuple[int, bool]]:
    """Where bytes are lost, and whether a quotation mark follows."""
    at_quotes = [(m.start(), True) for m in _AT_QUOTE.finditer(text) if rng.random() < _QUOTE_RATE]
    if len(text) > 20 and rng.random() < _ELSEWHERE_RATE:
        start = rng.randrange(len(text) - 8)
        piece = text[start : start + 4]
        if all(_in_gbk(char) for char in piece) and piece[0] not in "。！？…":
            at_quotes.append((start, False))
    return sorted(at_quotes)


def _in_gbk(char: str) -> bool:
    try:
        return len(char.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False


def shift_from(text: str, at: int) -> Shifted:
    """What becomes of the text where the character at ``at`` loses its first byte.

    Pairs are read one byte late up to an ASCII byte: either a character behind the run, or a second byte below
    0x80, which is then read as a character of its own. A pair that GBK does not define is dropped; a byte left
    over before an ASCII character is dropped, or eats it where the two make a character.

    >>> shift_from("。”黃輝說", 0).chars
    '！秉S'
    >>> shift_from("殷殷囑托 在", 0).end
    4
    """
    stop = at
    while stop < len(text) and _in_gbk(text[stop]):
        stop += 1
    raw = text[at:stop].encode("gbk")
    out, gone, k = list[str](), set[int](), 1
    while k < len(raw):
        owner = at + k // 2
        if raw[k] < 0x80:
            return Shifted(owner + 1, "".join([*out, chr(raw[k])]), frozenset(gone))
        if k + 1 == len(raw):
            return _at_the_end(text, stop, raw[k], out, gone)
        char = _decode(raw[k : k + 2])
        if not char:
            gone |= {owner, at + (k + 1) // 2}
        out.append(char)
        k += 2
    raise AssertionError("a run has an even number of bytes, so it ends with one left over")


def _at_the_end(text: str, stop: int, left: int, out: list[str], gone: set[int]) -> Shifted:
    following = text[stop : stop + 1]
    eaten = _decode(bytes([left, ord(following)])) if following.isascii() and following else ""
    if eaten:
        return Shifted(stop + 1, "".join([*out, eaten]), frozenset(gone))
    return Shifted(stop, "".join(out), frozenset(gone | {stop - 1}))


def _decode(pair: bytes) -> str:
    try:
        return pair.decode("gbk")
    except UnicodeDecodeError:
        return ""
