"""Damage made to order: what scraping, converting and republishing do to a clean article, with the truth kept.

Every damage is seeded and pure: the same text and generator give the same page.
"""

from __future__ import annotations

from random import Random

from eval.noise.damaged import Damage, Damaged, Spot
from eval.noise.gbk import shift
from eval.noise.readings import converted, readings
from eval.noise.script import script, width


def undamaged(page: Damaged, rng: Random) -> Damaged:
    """The article as it is, to see what cleaning does to what was right."""
    return page


DAMAGES: dict[str, Damage] = {
    "none": undamaged,
    "readings": readings,
    "script": script,
    "converted": converted,
    "shift": shift,
    "width": width,
}


def damage(name: str, text: str, rng: Random) -> Damaged:
    """A clean text damaged in one way, or in all: a name of ``DAMAGES``."""
    return DAMAGES[name](Damaged.nothing(text), rng)


__all__ = ["DAMAGES", "Damage", "Damaged", "Spot", "damage"]
