"""Readings put behind characters: 學(xué). Some sites look where a character begins, some replace bytes blindly."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from random import Random
from typing import Literal

from pypinyin import Style, pinyin

from eval.noise.damaged import Damaged, Spot
from eval.noise.script import script, site_char, width
from ingest.origin import Edit
from lang.script import fold_char, is_han

Notation = Literal["marks", "digits", "plain"]

_NOTATIONS: tuple[Notation, ...] = ("marks",) * 7 + ("digits",) * 2 + ("plain",)
_STYLES = {"marks": Style.TONE, "digits": Style.TONE3, "plain": Style.NORMAL}

# What three observed sites annotate, always in all places: characters whose traditional form differs. The order
# is theirs, and matters where bytes are replaced blindly: an earlier character can match across two others.
SITES = (
    "優內創務區團學實強態應戰據數業構標機權準濟獻現產當發監礎穩結統經網續習聯術規訌設認調質轉農進運關領驅點",
    "鎮個優內創動務區嚴堅學實導強態戰揚數時業機濟現產發經統網續習術規設認調負財責質轉農進達關領風驅驗",
    "數個價優內創動務勵區國堅場學實對導庫強態應擔會業標機權準濟爭獎現產當發礎紀級統經續習臺術規計訓設評認調護"
    "負責費質轉農進達醫長關隊項領養驗點",
)


def readings(page: Damaged, rng: Random, notation: Notation | None = None, blind: bool = False) -> Damaged:
    """Puts the reading behind every occurrence of a site's characters.

    Args:
        page: in either script; simplified characters are annotated where the page has them.
        rng: draws the site and, unless given, the rest.
        notation: tone marks (7 in 10), digits (2) or no tone (1).
        blind: replace on the bytes of GBK, with what collides; tone marks and ASCII parentheses.
    """
    full_width = notation is None and not blind and rng.random() < 0.2
    style = rng.choice(_NOTATIONS) if notation is None else notation
    style = "marks" if blind else style
    chars = _annotated(page.page, rng)
    table = {char: _reading(char, style, rng) for char in chars}
    if blind:
        return _blindly(page, table).called("blind")
    parens = "（{}）" if full_width else "({})"
    edits = [(i + 1, i + 1, parens.format(table[c])) for i, c in enumerate(page.page) if c in table]
    return page.edited(edits).called(style + ("-full" if full_width else ""))


def converted(page: Damaged, rng: Random) -> Damaged:
    """What the observed converters do in one go: traditional characters, readings, half of them blind, ASCII marks."""
    page = script(page, rng, "site", half=0)
    page = readings(page, rng, notation="marks", blind=rng.random() < 0.5)
    return width(page)


def _annotated(text: str, rng: Random) -> list[str]:
    """A site's characters: an observed site's or, as often, a draw of 25 to 110 from those of the page."""
    there = sorted({char for char in text if is_han(char) and {fold_char(char), site_char(char)} != {char}})
    if rng.random() < 0.5:
        site = rng.choice(SITES)
        simplified = site.translate(_to_simplified())
        return list(dict.fromkeys(site if sum(map(text.count, site)) >= len(text) / 100 else simplified))
    return rng.sample(there, min(len(there), rng.randrange(25, 110)))


@lru_cache(maxsize=1)
def _to_simplified() -> dict[int, str]:
    return {ord(char): fold_char(char) for site in SITES for char in site}


def _reading(char: str, notation: Notation, rng: Random) -> str:
    """One reading a character and page, as a site's table has it: nine in ten times the usual one."""
    found = pinyin(char, style=_STYLES[notation], heteronym=True)[0]
    return str(found[0] if rng.random() < 0.9 else rng.choice(found))


def _blindly(page: Damaged, table: dict[str, str]) -> Damaged:
    """Replaces on the bytes of GBK, one character after the other, wherever two bytes match.

    A match across two characters (數 is 94B5, 當的 AE94 B5C4) shifts what follows it, as in 當(dāng)?shù)匿J.
    """
    edits, spots = list[Edit](), list[Spot]()
    for start, end in _encodable(page.page):
        for a, b, new, gone in _replace_bytes(page.page[start:end], table):
            edits.append((start + a, start + b, new))
            first, last = page.clean_span(start + a, start + b) if a < b else (0, 0)
            if first < last:  # else it is in what a site put around the article
                lost = {i for char in gone for i in range(*page.clean_span(start + char, start + char + 1))}
                spots.append(Spot("collision", first, last, frozenset(lost)))
    return page.edited(edits, spots)


def _encodable(text: str) -> Iterator[tuple[int, int]]:
    """The stretches that GBK can write."""
    start = 0
    for i, char in enumerate(text):
        try:
            char.encode("gbk")
        except UnicodeEncodeError:
            yield start, i
            start = i + 1
    yield start, len(text)


def _replace_bytes(text: str, table: dict[str, str]) -> Iterator[tuple[int, int, str, set[int]]]:
    """Edits ``(start, end, new, characters that lost a byte)`` that the blind replacement amounts to."""
    raw = text.encode("gbk")
    owners = [i for i, char in enumerate(text) for _ in char.encode("gbk")]
    for char, reading in table.items():
        old, new = char.encode("gbk", "ignore"), f"({reading})".encode("gbk", "ignore")
        raw, owners = _replaced(raw, owners, old, new) if old else (raw, owners)
    at, out, gone = 0, "", set[int]()
    for char, held in _decoded(raw, owners):
        whole = held[0] if len(held) == len(char.encode("gbk")) and len(set(held)) == 1 else -1
        if whole >= 0 and char == text[whole]:
            if out or whole > at:
                yield at, whole, out, gone
            at, out, gone = whole + 1, "", set()
        else:
            out += char
            gone |= {i for i in held if i >= 0} if char == "?" and len(held) == 2 else set()
    if out or at < len(text):
        yield at, len(text), out, gone


def _replaced(raw: bytes, owners: list[int], old: bytes, reading: bytes) -> tuple[bytes, list[int]]:
    """Puts ``reading`` behind each match of ``old``; what it brings has no owner."""
    pieces, owned, at = list[bytes](), list[int](), 0
    while (found := raw.find(old, at)) >= 0:
        end = found + len(old)
        pieces += [raw[at:end], reading]
        owned += owners[at:end] + [-1] * len(reading)
        at = end
    return b"".join([*pieces, raw[at:]]), owned + owners[at:]


def _decoded(raw: bytes, owners: list[int]) -> Iterator[tuple[str, list[int]]]:
    """Characters with the owners of their bytes; an undefined pair is a question mark, as the sites write it."""
    at = 0
    while at < len(raw):
        size = 1 if raw[at] < 0x80 else 2
        try:
            char = raw[at : at + size].decode("gbk")
        except UnicodeDecodeError:
            char = "?"
        yield char, owners[at : at + size]
        at += size
