"""Simplified text written in traditional characters, and full-width punctuation made ASCII."""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random

from opencc import OpenCC

from eval.noise.damaged import Damaged
from ingest.origin import Edit

# Also valid traditional characters: the converters of the observed sites leave them alone.
_KEPT = frozenset("于里采范后干并云征占群游制系余台只谷松表面冲斗姜丑仆几借卷折")
# The observed sites write these; OpenCC writes its standard variant.
_OVERRIDES = {"为": "為", "钟": "鐘", "台": "臺"}
_PROFILES = ("site", "s2t", "s2tw", "s2hk")
_SENTENCE = re.compile(r"[^。！？\n]+[。！？\n]?[”’」』）]*")

NARROW = str.maketrans("，；：？！（）", ",;:?!()")
_BETWEEN = re.compile("[，；：？！（）]")


@lru_cache(maxsize=4)
def _converter(profile: str) -> OpenCC:
    return OpenCC(profile)


@lru_cache(maxsize=20_000)
def site_char(char: str) -> str:
    """A character as the observed sites' one-for-one tables write it; what GBK lacks stays as it is."""
    if char in _OVERRIDES:
        return _OVERRIDES[char]
    new = char if char in _KEPT else str(_converter("s2t").convert(char))
    try:
        return new if len(new.encode("gbk")) == len(char.encode("gbk")) else char
    except UnicodeEncodeError:
        return char


def to_traditional(text: str, profile: str) -> str:
    """The text in traditional characters: ``site`` (character by character) or an OpenCC profile."""
    return "".join(map(site_char, text)) if profile == "site" else str(_converter(profile).convert(text))


def script(page: Damaged, rng: Random, profile: str = "", half: float = 0.2) -> Damaged:
    """Forces traditional characters on the page; with probability ``half``, on half of its sentences only."""
    profile = profile or rng.choice(_PROFILES)
    partly = rng.random() < half
    edits = [
        edit
        for m in _SENTENCE.finditer(page.page)
        if not partly or rng.random() < 0.5
        for edit in _edits(m.start(), m[0], to_traditional(m[0], profile))
    ]
    return page.edited(edits).called(profile + ("-half" if partly else ""))


def _edits(at: int, old: str, new: str) -> list[Edit]:
    if len(old) == len(new):
        return [(at + i, at + i + 1, b) for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    return [(at, at + len(old), new)]


def width(page: Damaged, rng: Random | None = None) -> Damaged:
    """Makes full-width commas, colons, brackets and the like ASCII, all of them; full stops and quotes stay."""
    found = _BETWEEN.finditer(page.page)
    return page.edited((m.start(), m.end(), m[0].translate(NARROW)) for m in found)
