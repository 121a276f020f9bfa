"""Official terms in both languages, read from ``terms.tsv``: aliases for search, English for translation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple, TypeVar

import rjieba

T = TypeVar("T")

# Each name brings its parts (高新技术企业: 技术, 企业), which stand on every page of the field; so do ordinary words.
# With all names of all terms nDCG@10 of BM25 and vectors together was .909 (39 Chinese questions of the fact set) and
# .746 (40 English ones); with two names of terms of three characters or more, .926 and .763.
_NAMES, _SHORTEST = 2, 3
_SHORT, _AROUND = 2, 4  # characters
_OTHER = "!"
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its Chinese, the English that translations use, variants of both for matching, and where it is from.

    ``source`` is a key of the table at the head of ``terms.tsv``; ``user`` for a term of the user's own.
    """

    zh: str
    en: str
    zh_variants: tuple[str, ...] = ()
    en_variants: tuple[str, ...] = ()
    source: str = ""

    @property
    def zh_forms(self) -> tuple[str, ...]:
        return self.zh, *self.zh_variants

    @property
    def names(self) -> tuple[str, ...]:
        """The two Chinese names that pages use most, the official one first: what a search looks for."""
        return self.zh_forms[:_NAMES]

    @property
    def en_forms(self) -> tuple[str, ...]:
        return self.en, *self.en_variants


_own: tuple[Term, ...] = ()
_forget: list[Callable[[], None]] = []


def of_terms(make: Callable[[], T]) -> Callable[[], T]:
    """Keeps what a function makes of the glossary until the glossary is another."""
    kept = lru_cache(maxsize=1)(make)
    _forget.append(kept.cache_clear)
    return kept


def use_own_terms(own: Sequence[Term]) -> None:
    """Puts the user's own terms before those that come with Kejian, for this process; in place of any before."""
    global _own
    if tuple(own) != _own:
        _own = tuple(own)
        for forget in _forget:
            forget()


@of_terms
def terms() -> tuple[Term, ...]:
    """All terms, the user's own first, then in the order of the file."""
    text = files("lang").joinpath("terms.tsv").read_text("utf-8")
    known = {term.zh for term in _own}
    return (*_own, *(term for term in parse_terms(text) if term.zh not in known))


def parse_terms(text: str, source: str = "") -> tuple[Term, ...]:
    """Terms from lines of tab-parted Chinese, English, Chinese variants, English variants, source; ``#`` comments.

    Args:
        text: the lines.
        source: of terms that name none.

    Raises:
        ValueError: a line has no Chinese or no English; the message names it.
    """
    found = []
    for n, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith(("#", _OTHER)):
            zh, en, zh_variants, en_variants, told = [*(c.strip() for c in line.split("\t")), "", "", "", ""][:5]
            if not zh or not en:
                raise ValueError(f"line {n} has no {'English' if zh else 'Chinese'}: part the columns by tabs")
            found.append(Term(zh, en, _variants(zh_variants), _variants(en_variants), told or source))
    return tuple(found)


@of_terms
def _others() -> re.Pattern[str]:
    """Words in which a term stands by chance, 副主任 in 副主任医师: the lines of the file that begin with a mark."""
    lines = files("lang").joinpath("terms.tsv").read_text("utf-8").splitlines()
    words = [word for line in lines if line.startswith(_OTHER) for word in _variants(line.removeprefix(_OTHER))]
    return re.compile("|".join(map(re.escape, words)))


@lru_cache(maxsize=4_000)
def _without_others(text: str) -> str:
    return _others().sub(lambda m: "\0" * len(m.group()), text)


def _variants(cell: str) -> tuple[str, ...]:
    return tuple(v.strip() for v in cell.split("|") if v.strip())


def find_terms(text: str) -> list[Term]:
    """The terms that stand in a Chinese or English text, longest match first, none inside another.

    >>> [t.zh for t in find_terms("力争全市高企存量达3000家")]
    ['目标', '高企存量']
    >>> [t.zh for t in find_terms("How many high-tech enterprises does Suizhou aim for?")]
    ['高新技术企业', '目标']
    """
    found = (_by_form()[match.form] for match in _matches(_without_others(text)))
    return list({term.zh: term for term in found}.values())


class _Match(NamedTuple):
    start: int
    end: int
    form: str


def _matches(text: str) -> Iterator[_Match]:
    """The forms that stand in a text, the longest at each place, apart."""
    lowered, at = text.translate(_LOWER), 0
    while at < len(text):
        begun = (*_forms().get(lowered[at : at + 2], ()), *_forms().get(lowered[at], ()))
        form = next((f for f in begun if _stands(lowered, f, at)), "")
        if form and not is_across_words(text, at, at + len(form)):
            yield _Match(at, at + len(form), form)
            at += len(form)
        else:
            at += 1


def _stands(text: str, form: str, at: int) -> bool:
    """Whether a form stands there; an English one must not begin or end inside a word. Chinese has no such boundary."""
    if not text.startswith(form, at):
        return False
    return not form.isascii() or not (_is_letter(text[at - 1 : at]) or _is_letter(text[at + len(form) :][:1]))


def _is_letter(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


def find_all_terms(text: str) -> list[Term]:
    """Every term that a Chinese text has a form of, also those inside longer ones."""
    return [term for term in terms() if any(has_form(text, form) for form in term.zh_forms)]


def has_form(text: str, form: str) -> bool:
    """Whether a form stands in a Chinese text, not across two words.

    >>> has_form("全市高企达3000家", "高企"), has_form("提高企业的创新能力", "高企")
    (True, False)
    """
    if form not in text:  # most are not; what follows takes longer
        return False
    text = _without_others(text)
    at = text.find(form)
    while at >= 0 and is_across_words(text, at, at + len(form)):
        at = text.find(form, at + 1)
    return at >= 0


def is_across_words(text: str, start: int, end: int) -> bool:
    """Whether two Chinese characters are the end of one word and the beginning of another: 高企 in 提高企业.

    Longer forms are not looked at: that one stands across two words by chance is rare, and a segmenter that does not
    know it parts it anyhow.
    """
    if end - start != _SHORT or text[start:end].isascii():
        return False
    left = max(0, start - _AROUND)
    return (start - left) in _middles(text[left : end + _AROUND])


@lru_cache(maxsize=20_000)
def _middles(text: str) -> frozenset[int]:
    """Places whose character ends a word of two or more, and is followed by one that begins such a word."""
    found, at = [], 0
    words: list[str] = rjieba.cut(text)
    for word, after in zip(words, [*words[1:], ""], strict=True):
        at += len(word)
        if len(word) > 1 and len(after) > 1:
            found.append(at - 1)
    return frozenset(found)


# What stands before a word that is then no term: new is 新增 where new ones are counted, a percentage is no share where
# it is by that much that something grows.
_OTHERWISE = {
    "new": re.compile(r"(?<!how many )(?<!number of )$", re.I),
    "percentage": re.compile(r"\bby what $", re.I),
}


def put_into_chinese(text: str) -> str:
    """An English text with the terms of the glossary in Chinese, the rest as it stands.

    >>> put_into_chinese("How many high-tech enterprises are there?")
    'How many 高新技术企业 are there?'
    >>> put_into_chinese("By what percentage is the new plan's 研发投入 to rise?")
    "By what percentage is the new 目标's 研发投入 to 增长?"
    """
    parts, at = [], 0
    for match in _matches(text):
        otherwise = _OTHERWISE.get(match.form)
        if match.form.isascii() and not (otherwise and otherwise.search(text, 0, match.start)):
            parts += [text[at : match.start], _by_form()[match.form].zh]
            at = match.end
    return "".join([*parts, text[at:]])


def expand(text: str) -> list[str]:
    """Other Chinese names of what a question in either language names; ``高企`` brings ``高新技术企业``.

    >>> expand("科小的数量")
    ['科技型中小企业']
    """
    lowered = text.lower()
    # A term inside a longer one (高企 in 高企存量) is still what the question is about.
    found = [term for term in (*find_terms(text), *find_all_terms(text)) if len(term.zh) >= _SHORTEST]
    forms = [form for term in found for form in term.names]
    return [form for form in dict.fromkeys(forms) if form.lower() not in lowered]


@of_terms
def _by_form() -> dict[str, Term]:
    table: dict[str, Term] = {}
    for term in terms():
        for form in (*term.zh_forms, *term.en_forms):
            table.setdefault(form.lower(), term)
    return table


@of_terms
def _forms() -> dict[str, list[str]]:
    """All forms by their first two characters, the longest first."""
    found: dict[str, list[str]] = {}
    for form in sorted(_by_form(), key=len, reverse=True):
        found.setdefault(form[:2], []).append(form)
    return found
