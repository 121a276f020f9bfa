"""What stands around and between an article's paragraphs on its page, put together from lists of wordings.

The lists stand in ``boilerplate.toml``; every second wording is kept apart, so that what was developed on one half
is measured on the other.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Literal

from eval.noise.damaged import Damaged
from eval.noise.lines import headline
from ingest.origin import Edit

Split = Literal["fit", "test"]
SPLITS: tuple[Split, Split] = ("fit", "test")

_FILE = Path(__file__).with_name("boilerplate.toml")
_SLOT = re.compile(r"\{(\w+)\}")
_WEEKDAYS = "一二三四五六日"
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")
_PARAGRAPH_ENDS = re.compile(r"(?<=[。！？”])\n")


@lru_cache(maxsize=2)
def _wordings(split: Split) -> dict[str, dict[str, list[str]]]:
    """The lists of one split; the values that fill the slots are split too."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    start = SPLITS.index(split)
    return {part: {name: found[start::2] for name, found in lists.items()} for part, lists in tables.items()}


@dataclass(frozen=True, slots=True)
class Site:
    """One site's page: its own name, day and people, and headlines of other pages."""

    split: Split
    rng: Random
    now: datetime
    fixed: Mapping[str, str]
    titles: Sequence[str]
    names: list[str]

    @classmethod
    def drawn(cls, split: Split, rng: Random, titles: Sequence[str]) -> Site:
        """A site and a moment."""
        values = _wordings(split)["values"]
        now = datetime(2019, 1, 1) + timedelta(minutes=rng.randrange(6 * 365 * 24 * 60))
        fixed = {name: rng.choice(values[name]) for name in ("site", "paper", "city")}
        fixed |= {"bureau": rng.choice(values["bureau"]).format_map(fixed), "date": f"{now:%Y年%m月%d日}"}
        fixed |= {"day": now.strftime(rng.choice(_DAYS)), "time": f"{now:%H:%M}"}
        return cls(split, rng, now, fixed | {"weekday": "星期" + _WEEKDAYS[now.weekday()]}, titles, [])

    def say(self, part: str, name: str, few: int = 1) -> list[str]:
        """So many different wordings of a list, filled in."""
        found = _wordings(self.split)[part][name]
        return [self.fill(wording) for wording in self.rng.sample(found, min(few, len(found)))]

    def fill(self, wording: str) -> str:
        """A wording with its slots filled."""
        return _SLOT.sub(lambda m: self.fixed.get(m[1]) or self._drawn(m[1]), wording)

    def title(self) -> str:
        """The headline of another page: of the corpus, or invented."""
        if self.titles and self.rng.random() < 0.6:
            return self.rng.choice(self.titles)
        return self.say("tail", "headline")[0]

    def _drawn(self, slot: str) -> str:
        rng = self.rng
        makers: dict[str, Callable[[], str]] = {
            "n": lambda: str(rng.randrange(101, 99999)),
            "k": lambda: str(rng.randrange(1, 60)),
            "phone": lambda: f"0{rng.randrange(311, 999)}-{rng.randrange(2000000, 8999999)}",
            "mail": lambda: f"news{rng.randrange(100)}@example.cn",
            "url": lambda: f"http://www.example.cn/{self.now:%Y%m}/t{rng.randrange(10**6, 10**7)}.html",
            "icp": lambda: (
                f"{rng.choice('粤鄂皖浙苏京沪蜀')}ICP备{rng.randrange(10**7, 10**8)}号-{rng.randrange(1, 9)}"
            ),
            "police": lambda: f"{rng.choice('粤鄂皖浙苏京沪蜀')}公网安备 {rng.randrange(10**13, 10**14)}号",
        }
        if slot in makers:
            return makers[slot]()
        if slot.startswith("title"):
            return self.title()
        drawn = rng.choice(_wordings(self.split)["values"][slot.rstrip("2")])
        if slot.startswith("name"):
            self.names.append(drawn)
        return drawn

    # --- blocks -----------------------------------------------------------------------------------------------

    def head(self) -> tuple[list[str], list[str]]:
        """What stands above the title, and what stands between it and the article."""
        rng = self.rng
        above = self.say("head", "top", rng.randrange(0, 5)) + [self.menu() for _ in range(rng.randrange(0, 3))]
        rng.shuffle(above)
        above += self.say("head", "crumbs", rng.random() < 0.7)
        below = self.say("head", "meta", rng.random() < 0.8) + self.say("head", "share", rng.choice((0, 1, 1, 2)))
        return above, below

    def tail(self) -> list[str]:
        """What stands below the article: between nothing but a footer and a portal's hundred lines."""
        rng = self.rng
        lines = self.say("tail", "byline", rng.random() < 0.6) + self.say("tail", "after", rng.randrange(0, 4))
        blocks = [self.headlines() for _ in range(rng.choice((0, 0, 1, 1, 2)))]
        blocks += [self.say("tail", "comments", rng.random() < 0.5), self.sections() if rng.random() < 0.2 else []]
        rng.shuffle(blocks)
        lines += [line for block in blocks for line in block]
        lines += self.say("tail", "leaving", rng.random() < 0.15)
        return lines + self.say("tail", "footer", rng.choice((0, 1, 2, 3, 5)))

    def menu(self) -> str:
        """A row or a column of channels."""
        few = self.rng.randrange(4, 22)
        return self.rng.choice((" ", " ", " | ", "\n", "　")).join(self.say("values", "channel", few))

    def headlines(self) -> list[str]:
        """A list of other pages: bare, dated, or each headline twice with its author and time."""
        rng, few = self.rng, self.rng.randrange(3, 16)
        style = rng.choice(("bare", "dated", "twice", "bullets", "ranked"))
        items = [self._item(style, n) for n in range(1, few + 1)]
        return [*self.say("tail", "listhead"), *items]

    def _item(self, style: str, n: int) -> str:
        title, stamp = self.title(), self.now - timedelta(minutes=self.rng.randrange(9, 4 * 24 * 60))
        if style == "twice":
            return f"{title}\n\n{title}\n\n{self.say('tail', 'author')[0]}\n{stamp:%Y-%m-%d %H:%M:%S}"
        dated = f"{title} {stamp:%m-%d}" if self.rng.random() < 0.5 else f"[{stamp:%Y-%m-%d}]{title}"
        return {"bare": title, "dated": dated, "bullets": f"· {title}", "ranked": f"{n} {title}"}[style]

    def sections(self) -> list[str]:
        """A portal's sections, each with a headline or two."""
        lines = list[str]()
        for section in self.say("tail", "section", self.rng.randrange(2, 6)):
            lines += [section, *(self.title() for _ in range(self.rng.randrange(1, 3)))]
        return lines


def boilerplate(page: Damaged, rng: Random, split: Split = "test") -> Damaged:
    """Puts a site's page around the article, and photo credits and controls between its paragraphs.

    Args:
        page: its article parts paragraphs with ``\\n``.
        rng: draws the site, its blocks and their wordings.
        split: which half of the wordings to use.
    """
    site = Site.drawn(split, rng, page.titles)
    above, below = site.head()
    title = (headline(page.clean) or site.title()) if rng.random() < 0.8 else ""
    gap = rng.choice(("\n", "\n", "\n\n"))
    inside = _between(page.page, site)
    tail = site.tail()
    page = page.edited(inside, added=1)
    page = page.edited([(0, 0, _block(below, gap, "after"))], added=1)
    page = page.edited([(0, 0, title + gap if title else "")], added=2)
    page = page.edited([(0, 0, _block(above, gap, "after"))], added=1)
    end = len(page.page)
    page = page.edited([(end, end, _block(tail, gap, "before"))], added=1)
    return replace(page, names=(*page.names, *site.names)).called(split)


def _block(lines: list[str], gap: str, where: Literal["before", "after"]) -> str:
    text = gap.join(lines)
    return text and (gap + text if where == "before" else text + gap)


def _between(text: str, site: Site) -> list[Edit]:
    """Photo credits, seldom a control, as lines of their own between paragraphs."""
    breaks = [m.start() for m in _PARAGRAPH_ENDS.finditer(text)]
    few = min(site.rng.choice((0, 0, 1, 1, 2)), len(breaks))
    edits = list[Edit]()
    for at in sorted(site.rng.sample(breaks, few)):
        edits.append((at, at, "\n" + site.say("inside", "photo" if site.rng.random() < 0.8 else "control")[0]))
    return edits
