"""Which of the facts are asked: those that the shelf can answer, and of them what was picked."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from eval.facts import Fact
from eval.metrics import is_article
from library.errors import UsageError

HalfChoice = Literal["open", "held", "all"]
Suite = Literal["all", "ci"]

# Of each stratum of half, language and answerable or not: twenty questions, which two cores answer in five minutes.
_ANSWERABLE, _REFUSALS = 3, 2


@dataclass(frozen=True, slots=True)
class Selection:
    """The facts to ask, and those that the shelf has no article of.

    ``suite`` names the floors that hold: ``all`` (or one half of it), ``ci``, or none where questions were picked.
    ``absent`` are the articles that facts name and the shelf does not have: nothing could find their gold.
    """

    asked: tuple[Fact, ...]
    skipped: tuple[Fact, ...]
    suite: str
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user picked. ``limit`` 0 is no limit; ``suite`` ``ci`` is a fixed few of every kind."""

    half: HalfChoice = "all"
    only: tuple[str, ...] = ()
    limit: int = 0
    suite: Suite = "all"

    @property
    def name(self) -> str:
        """The floors that hold for the choice."""
        picked = self.only or self.limit or (self.suite == "ci" and self.half != "all")
        return "" if picked else self.suite


def select(facts: Sequence[Fact], uris: Collection[str], choice: Choice) -> Selection:
    """What to ask of a shelf with articles from ``uris``, in the order of the facts.

    A fact is skipped where none of its articles is there: to ask it would measure the shelf, not the answers.

    Raises:
        UsageError: an id is unknown, or nothing is left to ask.
    """
    if unknown := set(choice.only) - {fact.id for fact in facts}:
        raise UsageError(f"No fact has the id {sorted(unknown)[0]!r}.")
    picked = [f for f in facts if choice.half in ("all", f.half) and (not choice.only or f.id in choice.only)]
    names = {name for fact in picked for name in fact.articles}
    absent = tuple(sorted(name for name in names if not any(is_article(uri, name) for uri in uris)))
    skipped = [fact for fact in picked if fact.answerable and not on_shelf(fact, absent).gold]
    left = [on_shelf(fact, absent) for fact in picked if fact not in skipped]
    asked = ci_subset(left) if choice.suite == "ci" else left
    asked = asked[: choice.limit or None]
    if not asked:
        raise UsageError(f"Nothing is left to ask: {len(skipped)} of {len(picked)} facts have no article on the shelf.")
    return Selection(tuple(asked), tuple(skipped), choice.name, absent)


def on_shelf(fact: Fact, absent: Collection[str]) -> Fact:
    """The fact with the gold of those articles only that are not ``absent``."""
    return replace(fact, gold=tuple(gold for gold in fact.gold if gold.article not in absent))


def ci_subset(facts: Sequence[Fact]) -> list[Fact]:
    """Up to twenty facts, of each half and language three to answer and two to refuse, in their order.

    Which ones, the hash of their ids says, so that a new fact replaces one at most and nobody picks.
    """
    chosen: set[str] = set()
    for (_, _, answerable), group in groupby(sorted(facts, key=_stratum), key=_stratum):
        ranked = sorted(group, key=_rank)
        chosen |= {fact.id for fact in ranked[: _ANSWERABLE if answerable else _REFUSALS]}
    return [fact for fact in facts if fact.id in chosen]


def _stratum(fact: Fact) -> tuple[str, str, bool]:
    return fact.half, fact.language, fact.answerable


def _rank(fact: Fact) -> str:
    return hashlib.sha256(fact.id.encode("utf-8")).hexdigest()
