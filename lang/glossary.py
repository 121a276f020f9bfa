"""Official terms in both languages, read from ``terms.tsv``: aliases for search, English for translation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

# Each name brings its parts (高新技术企业: 技术, 企业), which stand on every page of the field; so do ordinary words.
# With all names of all terms nDCG@10 of BM25 and vectors together was .909 (39 Chinese questions of the fact set) and
# .746 (40 English ones); with two names of terms of three characters or more, .926 and .763.
_NAMES, _SHORTEST = 2, 3


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its Chinese, the English that translations use, and variants of both for matching."""

    zh: str
    en: str
    zh_variants: tuple[str, ...] = ()
    en_variants: tuple[str, ...] = ()

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


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """All terms, in the order of the file."""
    lines = files("lang").joinpath("terms.tsv").read_text("utf-8").splitlines()
    return tuple(_parse(line) for line in lines if line.strip() and not line.startswith("#"))


def _parse(line: str) -> Term:
    zh, en, zh_variants, en_variants = [*line.split("\t"), "", ""][:4]
    return Term(zh, en, _variants(zh_variants), _variants(en_variants))


def _variants(cell: str) -> tuple[str, ...]:
    return tuple(v.strip() for v in cell.split("|") if v.strip())


def find_terms(text: str) -> list[Term]:
    """The terms that stand in a Chinese or English text, longest match first, none inside another.

    >>> [t.zh for t in find_terms("力争全市高企存量达3000家")]
    ['目标', '高企存量']
    >>> [t.zh for t in find_terms("How many high-tech enterprises does Suizhou aim for?")]
    ['高新技术企业', '目标']
    """
    found: dict[str, Term] = {}
    for match in _pattern().finditer(text):
        term = _by_form()[match.group().lower()]
        found.setdefault(term.zh, term)
    return list(found.values())


def find_all_terms(text: str) -> list[Term]:
    """Every term that a Chinese text has a form of, also those inside longer ones."""
    return [term for term in terms() if any(form in text for form in term.zh_forms)]


def put_into_chinese(text: str) -> str:
    """An English text with the terms of the glossary in Chinese, the rest as it stands.

    >>> put_into_chinese("How many high-tech enterprises are there?")
    'How many 高新技术企业 are there?'
    """
    return _pattern().sub(lambda m: _by_form()[m.group().lower()].zh if m.group().isascii() else m.group(), text)


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


@lru_cache(maxsize=1)
def _by_form() -> dict[str, Term]:
    table: dict[str, Term] = {}
    for term in terms():
        for form in (*term.zh_forms, *term.en_forms):
            table.setdefault(form.lower(), term)
    return table


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    forms = sorted(_by_form(), key=len, reverse=True)
    # English forms must not begin or end inside a word; Chinese has no such boundary.
    parts = [rf"\b{re.escape(f)}\b" if re.fullmatch(r"[\x00-\x7f]+", f) else re.escape(f) for f in forms]
    return re.compile("|".join(parts), re.IGNORECASE)
