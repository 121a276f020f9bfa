"""Turn the clean articles of `source/` into the raw pages of `pages/`, damaged as scraped pages are.

    python samples/damage.py            write pages/
    python samples/damage.py --check    write nothing; exit 1 if pages/ differs from what would be written

Every draw comes from a generator seeded with the page's name, so two runs give the same bytes. `recipes.toml`
says what happens to which page; `templates/` holds what surrounds an article.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from string import Template
from typing import Any

import opencc
from pypinyin import Style, pinyin

ROOT = Path(__file__).resolve().parent
DATA: dict[str, Any] = tomllib.loads((ROOT / "recipes.toml").read_text(encoding="utf-8"))
S2T = opencc.OpenCC("s2t")
S2TW = opencc.OpenCC("s2tw")
HEADLINES_PER_PAGE = 6


@dataclass(frozen=True)
class Source:
    """A clean article: the header's fields and the paragraphs of the body."""

    title: str
    city: str
    date: str
    source: str
    url: str
    kind: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """One page of `recipes.toml`; the meaning of each field is told there."""

    name: str
    source: str
    template: str
    encoding: str = "utf-8"
    script: str = ""
    narrow: bool = False
    readings: str = ""
    shift: bool = False
    lose: str = ""
    wrap: int = 0
    running: str = ""
    after: str = ""
    photo: str = ""
    photo_after: int = 0
    ruby: str = ""
    gap: int = 1
    captured: int = 0
    record_of: str = ""

    @property
    def is_html(self) -> bool:
        """Whether the page is written as HTML."""
        return self.name.endswith(".html")


def read_source(path: Path) -> Source:
    """Read a Markdown file: `key: value` lines between two `---`, then paragraphs between blank lines."""
    _, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(":", 1) for line in header.splitlines())
    paragraphs = tuple(block.strip() for block in body.split("\n\n") if block.strip())
    return Source(**{key: value.strip() for key, value in fields.items()}, paragraphs=paragraphs)


# --- damage to characters ---------------------------------------------------------------------------------


def narrow_punctuation(text: str) -> str:
    """Make full-width commas, brackets and the like ASCII; stops and quotation marks stay."""
    return text.translate(str.maketrans(DATA["narrow"]["wide"], DATA["narrow"]["ascii"]))


def force_traditional(text: str, how: str) -> str:
    """Write simplified text in traditional script: `characters`, `phrases` or `taiwan`."""
    if how == "phrases":
        return str(S2T.convert(text))
    rules = DATA["script"]
    if how == "taiwan":
        return str(S2TW.convert(text)).translate(str.maketrans(rules["quotes"]))
    kept, overrides = set(rules["kept"]), rules["overrides"]
    return "".join(overrides.get(char) or (char if char in kept else S2T.convert(char)) for char in text)


def decode_gbk(raw: bytes, on_bad: Callable[[bytes], tuple[str, int]]) -> str:
    """Decode GBK pair by pair; `on_bad` gives an undefined pair's text and the bytes to pass over."""
    out: list[str] = []
    at = 0
    while at < len(raw):
        pair = raw[at : at + (1 if raw[at] < 0x80 else 2)]
        try:
            text, step = pair.decode("gbk"), len(pair)
        except UnicodeDecodeError:
            text, step = on_bad(pair)
        out.append(text)
        at += step
    return "".join(out)


def question_mark(pair: bytes) -> tuple[str, int]:
    """Swallow both bytes, as the converter that adds readings does: 當(dāng)?shù)匿 has lost its bracket."""
    return "?", len(pair)


def drop(pair: bytes) -> tuple[str, int]:
    """Leave out an undefined pair, but keep a second byte that is punctuation or a digit of its own."""
    return "", 2 if len(pair) == 2 and pair[1] >= 0x40 else 1


def add_readings(text: str, characters: str) -> str:
    """Put the reading behind each of `characters`, replacing blindly on the bytes of GBK.

    The replacement does not look where a character starts, so now and then it hits the second byte of one
    character and the first of the next. Real pages show exactly these hits.
    """
    raw = text.encode("gbk")
    for char in characters:
        reading = pinyin(char, style=Style.TONE)[0][0]
        raw = raw.replace(char.encode("gbk"), f"{char}({reading})".encode("gbk"))
    return decode_gbk(raw, question_mark)


def shift_gbk(text: str) -> str:
    """Lose the first byte of each full stop that stands before a quotation mark, and read on one byte late.

    A1A3 A1B1 becomes A3A1 B1..: a full-width exclamation mark, then wrong characters until an ASCII byte,
    or a second byte below 0x80, puts the reader back in step.
    """
    raw = text.encode("gbk").replace(b"\xa1\xa3\xa1", b"\xa3\xa1")
    return narrow_punctuation(decode_gbk(raw, drop))


# --- damage to lines --------------------------------------------------------------------------------------


def is_chinese(char: str) -> bool:
    """Whether a character is a CJK ideograph of the basic block."""
    return "\u4e00" <= char <= "\u9fff"


def wrap_hard(paragraph: str, every: int, rng: random.Random) -> str:
    """Break a paragraph about `every` characters, between two ideographs, whether or not they are one word.

    Figures are never split: 3000 broken into 30 and 00 could not be told from two numbers.
    """
    lines: list[str] = []
    while len(paragraph) > every:
        cut = every - rng.randrange(every // 8)
        while cut < len(paragraph) and not (is_chinese(paragraph[cut - 1]) and is_chinese(paragraph[cut])):
            cut += 1
        lines.append(paragraph[:cut])
        paragraph = paragraph[cut:]
    return "\n".join([*lines, paragraph]).rstrip("\n")


def land_header(body: str, header: str, after: str) -> str:
    """Put a running header and a line break into the sentence that holds `after`, right behind it."""
    if after not in body:
        raise ValueError(f"no {after!r} in the body; correct `after` in recipes.toml")
    return body.replace(after, f"{after}{header}\n", 1)


def with_photo(paragraphs: Sequence[str], recipe: Recipe) -> list[str]:
    """Put the photograph's credit line between two paragraphs."""
    at = recipe.photo_after
    return [*paragraphs[:at], recipe.photo, *paragraphs[at:]] if recipe.photo else list(paragraphs)


def as_html(paragraph: str, ruby: str) -> str:
    """Write a paragraph as `<p>`, with ruby markup around the characters in `ruby`."""
    escaped = html.escape(paragraph, quote=False)
    for char in ruby:
        reading = pinyin(char, style=Style.TONE)[0][0]
        escaped = escaped.replace(char, f"<ruby>{char}<rp>(</rp><rt>{reading}</rt><rp>)</rp></ruby>")
    return f"<p>{escaped}</p>"


# --- a page -----------------------------------------------------------------------------------------------


def captured_at(source: Source, recipe: Recipe, rng: random.Random) -> datetime:
    """Tell when the page was scraped; a page without a date of its own gets none of the lists that use it."""
    day = date.fromisoformat(source.date or "2000-01-01") + timedelta(days=recipe.captured)
    return datetime.combine(day, time(15, rng.randrange(60)))


def related_list(captured: datetime, is_html: bool, rng: random.Random) -> str:
    """List recommended headlines: in text given twice, with the author and a time before the capture."""
    lines = (ROOT / "templates" / "headlines.txt").read_text(encoding="utf-8").splitlines()
    items: list[str] = []
    for line in rng.sample(lines, HEADLINES_PER_PAGE):
        headline, author = line.split("|")
        stamp = captured - timedelta(seconds=rng.randrange(3600, 3 * 86400))
        twice = f"{headline}\n\n{headline}\n\n{author}\n{stamp:%Y-%m-%d %H:%M:%S}"
        items.append(f'<li><a href="#">{headline}</a> <em>{author}</em></li>' if is_html else twice)
    return "\n".join(items)


def damage_body(source: Source, recipe: Recipe, rng: random.Random) -> str:
    """Damage the article alone: lost characters, broken lines, a running header, a photograph's credit."""
    paragraphs = with_photo(source.paragraphs, recipe)
    if recipe.is_html:
        return "\n".join(as_html(paragraph, recipe.ruby) for paragraph in paragraphs)
    if recipe.narrow:
        paragraphs = [narrow_punctuation(paragraph) for paragraph in paragraphs]
    paragraphs = [paragraph.translate({ord(char): None for char in recipe.lose}) for paragraph in paragraphs]
    if recipe.wrap:
        paragraphs = [wrap_hard(paragraph, recipe.wrap, rng) for paragraph in paragraphs]
    body = ("\n" * recipe.gap).join(paragraphs)
    return land_header(body, recipe.running, recipe.after) if recipe.running else body


def damage_page(source: Source, recipe: Recipe) -> str:
    """Put the body into its surroundings, then do what a site's converter does to all of it."""
    rng = random.Random(recipe.name)
    captured = captured_at(source, recipe, rng)
    fields = {"title": source.title, "date": source.date, "source": source.source, "url": source.url}
    text = Template((ROOT / "templates" / recipe.template).read_text(encoding="utf-8")).substitute(
        fields,
        body=damage_body(source, recipe, rng),
        related=related_list(captured, recipe.is_html, rng),
        captured=f"{captured:%Y-%m-%d %H:%M:%S}",
        lead=DATA["lead"],
        notice=DATA["notice"],
    )
    text = force_traditional(text, recipe.script) if recipe.script else text
    text = narrow_punctuation(text) if recipe.narrow else text
    text = add_readings(text, DATA["readings"][recipe.readings]) if recipe.readings else text
    return shift_gbk(text) if recipe.shift else text


def encode(text: str, encoding: str) -> bytes:
    """Give the page's bytes; UTF-16 is as Windows editors save it."""
    if encoding == "utf-16":
        return ("\ufeff" + text.replace("\n", "\r\n")).encode("utf-16-le")
    return text.encode(encoding)


def build() -> dict[str, bytes]:
    """Make all pages, by file name; the records of one `.jsonl` stand in the order of their recipes."""
    pages: dict[str, bytes] = {}
    for recipe in (Recipe(**fields) for fields in DATA["page"]):
        source = read_source(ROOT / "source" / f"{recipe.source}.md")
        text = damage_page(source, recipe)
        if not recipe.record_of:
            pages[recipe.name] = encode(text, recipe.encoding)
            continue
        record = {"id": recipe.name, "text": text}
        record |= {"title": source.title, "date": source.date, "url": source.url}
        line = json.dumps(record, ensure_ascii=False) + "\n"
        pages[recipe.record_of] = pages.get(recipe.record_of, b"") + line.encode()
    return pages


def main() -> int:
    """Write the pages, or compare them with those that are there; the exit status says which differ."""
    parser = argparse.ArgumentParser(description="Turn source/ into the damaged pages of pages/.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if pages/ is out of date")
    check = parser.parse_args().check
    folder = ROOT / "pages"
    folder.mkdir(exist_ok=True)
    pages = build()
    present = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    if check:
        stale = sorted(name for name in pages | present if pages.get(name) != present.get(name))
        sys.stderr.write("".join(f"out of date: {name}; run python samples/damage.py\n" for name in stale))
        return 1 if stale else 0
    for name, raw in pages.items():
        (folder / name).write_bytes(raw)
    sys.stderr.write(f"{len(pages)} pages written to {folder.name}/\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
