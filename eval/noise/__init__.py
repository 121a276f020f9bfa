"""Damage made to order: what scraping, converting and republishing do to a clean article, with the truth kept.

Every damage is seeded and pure: the same text and generator give the same page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from random import Random

from eval.noise.boilerplate import SPLITS, Split, boilerplate
from eval.noise.damaged import Damage, Damaged, Spot
from eval.noise.gbk import shift, shift_runs
from eval.noise.lines import headers, headline, paragraphs, wraps
from eval.noise.losses import lost, mojibake
from eval.noise.readings import converted, readings
from eval.noise.script import script, width


def undamaged(page: Damaged, rng: Random) -> Damaged:
    """The article as it is, to see what cleaning does to what was right."""
    return page


def everything(page: Damaged, rng: Random, split: Split = "test") -> Damaged:
    """A whole page with several damages at once, in the order in which sites do them.

    Lines are broken where the article is written (2 in 5), a running header lands in it (1 in 20); the site puts its
    page around it, before it converts the whole (half of the pages) or after. Three in five are converted to
    traditional characters, three in five of those get readings, a third of these blindly; 7 in 10 get ASCII
    punctuation, and half of those lose bytes by it.
    """
    page = wraps(page, rng) if rng.random() < 0.4 else page
    page = headers(page, rng) if rng.random() < 0.05 else page
    early = rng.random() < 0.5
    page = boilerplate(page, rng, split) if early else page
    if rng.random() < 0.6:
        page = script(page, rng, "site" if rng.random() < 0.7 else "", half=0)
        if rng.random() < 0.6 and "site" in page.variant:
            page = readings(page, rng, blind=rng.random() < 1 / 3)
    if rng.random() < 0.7:
        page = width(page)
        page = shift_runs(page, rng, narrow=True).called("shift") if rng.random() < 0.5 else page
    return page if early else boilerplate(page, rng, split)


DAMAGES: dict[str, Damage] = {
    "none": undamaged,
    "readings": readings,
    "script": script,
    "converted": converted,
    "shift": shift,
    "width": width,
    "wraps": wraps,
    "headers": headers,
    "boilerplate": boilerplate,
    "boilerplate-fit": partial(boilerplate, split="fit"),
    "lost": lost,
    "mojibake": mojibake,
    "all": everything,
    "all-fit": partial(everything, split="fit"),
}
# Those that need paragraphs; a clean text without any is given some, which then are part of the truth.
_IN_PARAGRAPHS = frozenset(name for name in DAMAGES if name.startswith(("wraps", "headers", "boil", "moji", "all")))


def damage(name: str, text: str, rng: Random, titles: Sequence[str] = ()) -> Damaged:
    """A clean text damaged in one way, or in all.

    Args:
        name: of ``DAMAGES``.
        text: the clean article.
        rng: what all is drawn from.
        titles: headlines of other articles, which a site may list.
    """
    clean = paragraphs(text, rng) if name in _IN_PARAGRAPHS else text
    return DAMAGES[name](Damaged.nothing(clean, titles), rng)


__all__ = ["DAMAGES", "SPLITS", "Damage", "Damaged", "Split", "Spot", "damage", "headline", "paragraphs"]
