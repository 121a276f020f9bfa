"""Whether the words and names of a sentence stand in its sources, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import rjieba
from pypinyin import lazy_pinyin

from lang.cities import english_name, find_cities, unlisted_cities
from lang.claims.vocabulary import COMMON_EN
from lang.concepts import find_mentions, kinds_of, without_concepts
from lang.dictionary import english_stems, is_glossed, stem
from lang.glossary import find_terms
from lang.people import find_officials, find_people, is_name
from lang.places import find_districts, find_places
from lang.script import count_han, detect_language, is_han, to_simplified
from lang.unigram import rarity
from rag.prompts import EXAMPLE_WORDS

# Right answers of the sample questions share half and more (an alias, 高企 for 高新技术企业, costs some); invented
# items share none or one in ten.
_MIN_BORNE = 0.3
# Of English words the dictionary finds fewer, for it has no compounds of this field.
_MIN_BORNE_EN = 0.25
_ENGLISH_WORDS = 3
_RARE = 4.5  # of lang.unigram's scale; 孵化器 and 中医院 are just above
_AFTER_NAME = "于在由与和对将从以为曾"
# 江门的目标是3000家 adds no wording to its quote by 门的 and 标是.
_FUNCTION = frozenset("的是了在有为和与及等个也就都将要会由从到对把被")
_NAMED = re.compile(r"(?<![A-Za-z])(?:[A-Z][a-z]+(?:[’'-][A-Za-z]+)?)(?:\s(?:[A-Z][a-z]+(?:[’'-][A-Za-z]+)?))+")
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])")
_ROLES = frozenset(
    """
    director deputy mayor secretary party head chief vice minister governor professor academician dr mr ms mrs
    chairman president bureau science technology city province county district government committee university
    institute college company group corporation co ltd national provincial municipal high tech development zone
    center centre laboratory key state republic china chinese people league communist central january february march
    april may june july august september october november december the a in on by at of for and q north south east
    west new five year plan rmb us gdp smes sme first second monday tuesday wednesday thursday friday saturday
    sunday
    """.split()
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")


def find_strange_names(claim: str, known: str) -> list[str]:
    """Cities, districts and people of a claim that ``known`` (quotes, titles, cities, question) does not name."""
    # 瑞典公司 is named in 瑞典 公司, too
    folded, there = to_simplified(claim), _SPACED.sub("", to_simplified(known))
    strange = [c for c in _cities(folded) if c not in _cities(there)]
    if detect_language(claim) == "zh":
        people = [*find_people(folded), *(o.name for o in find_officials(folded))]
        names = [*people, *(name for _, name in find_districts(folded))]
        return list(dict.fromkeys([*strange, *(n for n in names if n not in there), *_rare_words(folded, there)]))
    shown = [english_name(c) for c in strange]
    return shown + [n for n in _names_en(claim) if not _stands(n, there)]


def _rare_words(claim: str, known: str) -> list[str]:
    """Rare words and names of a Chinese claim that stand nowhere: 中医院, where the quote has 两所高职院校.

    Of 94 right sentences of answers to CMRC 2018 dev none has one, of 37 others four (2026-11-28). Other names of a
    term are the glossary's.
    """
    new = [w for w, at in _words(claim) if rarity(w) >= _RARE and not _is_known(w, at, claim, known)]
    if not new:
        return []
    forms = [form for term in find_terms(known) for form in term.zh_forms]
    return [
        w
        for w in new
        if (rjieba.has_word(w) or is_name(w)) and not any(w in form for form in forms) and not _is_joined(w, known)
    ]


def _words(claim: str) -> Iterator[tuple[str, int]]:
    """The Chinese words of two characters and more, with their places."""
    at = 0
    for word in rjieba.cut(claim):
        if len(word) > 1 and count_han(word) == len(word):
            yield word, at
        at += len(word)


def _is_known(word: str, at: int, claim: str, known: str) -> bool:
    """Whether a word stands there, or is cut out of words that do: 上工 of 拉上工信, 李恒于 of 李恒于2022年."""
    forms = (word, word.rstrip("省市县区"), word.rstrip(_AFTER_NAME))
    if any(len(form) > 1 and form in known for form in forms):
        return True
    # Both of its neighbours have to be written with it there: of a name that was made up the characters alone are.
    around = claim[max(at - 1, 0) : at + len(word) + 1]
    whole = count_han(around) == len(word) + 2
    return whole and any(around[:cut] in known and around[cut:] in known for cut in range(2, len(word) + 1))


def _is_joined(word: str, known: str) -> bool:
    """Whether a word is put together of two common ones, one of which is known: 铁路沿线, where 铁路 is."""
    halves = [(word[:n], word[n:]) for n in range(2, len(word) - 1)]
    return any(max(map(rarity, pair)) < _RARE and any(half in known for half in pair) for pair in halves)


def _cities(text: str) -> set[str]:
    return set(find_cities(text, unlisted_cities(text)))


def _names_en(claim: str) -> list[str]:
    """Runs of capitalised words that are no terms, offices or places: personal names and names of bodies."""
    names = []
    for m in _NAMED.finditer(claim):
        words = [w for w in m.group().split() if w.lower() not in _ROLES]
        run = " ".join(words)
        if len(words) >= 2 and not find_terms(run) and not find_mentions(run) and not find_places(run):
            names.append(run)
    return names


def _stands(name: str, there: str) -> bool:
    """Whether a Latin name is in a text as written, or as the pinyin of some of its Chinese characters."""
    if name.lower() in there.lower():
        return True
    if all(stem(w) in english_stems(there) or not is_glossed(w) for w in name.split()):
        wanted = re.sub("[^a-z]", "", name.lower())
        return not _is_pinyin(wanted) or wanted in _pinyin(there)
    return re.sub("[^a-z]", "", name.lower()) in _pinyin(there)


def _pinyin(text: str) -> str:
    return "".join(p for run in re.findall(r"[\u4e00-\u9fff]+", text) for p in (*lazy_pinyin(run), " "))


_SYLLABLES = re.compile(
    r"(?:[zcs]h?|[bpmfdtnlgkhjqxryw])?(?:iang|iong|uang|ang|eng|ong|ing|ian|iao|uai|uan|van|ai|ei|ao|ou|an|en|in|un"
    r"|ia|ie|iu|ua|ui|uo|ue|ve|er|a|o|e|i|u|v)"
)


def _is_pinyin(letters: str) -> bool:
    return re.fullmatch(f"(?:{_SYLLABLES.pattern}){{2,6}}", letters) is not None


def find_foreign(stretches: Sequence[tuple[str, str]], question: str, everything: str) -> str:
    """The first stretch that its evidence does not bear, or an empty string.

    Chinese wording is compared by pairs of characters, less those of the question: an answer taken from a quote
    shares most of them, one that the model made up hardly any. English words are looked up among the English of
    the quote's words.

    Args:
        stretches: what stands before each run of markers, with the text of what is cited there.
        question: that is answered.
        everything: question and all the evidence; what the prompt's examples say and this does not has leaked.
    """
    written = " ".join(stretch for stretch, _ in stretches)
    if leaked := next((w for w in EXAMPLE_WORDS if w in written and w not in everything), ""):
        return leaked
    for stretch, source in stretches:
        chinese = detect_language(stretch) == "zh"
        if (_zh_foreign if chinese else _en_foreign)(stretch, source, question):
            return stretch.strip("，,、；; ")
    return ""


def _zh_foreign(stretch: str, source: str, question: str) -> bool:
    pairs = {p for p in _pairs(stretch) - _pairs(question) if not _FUNCTION.intersection(p)}
    return len(pairs) >= 2 and len(pairs & _pairs(source)) < _MIN_BORNE * len(pairs)


def _en_foreign(stretch: str, source: str, question: str) -> bool:
    borne, foreign = _english(stretch, source, question)
    return foreign >= _ENGLISH_WORDS and borne < _MIN_BORNE_EN * (borne + foreign)


def _english(stretch: str, source: str, question: str) -> tuple[int, int]:
    """How many words and terms of an English stretch, other than the question's, the source bears, and how many not."""
    asked = {stem(w) for w in _WORD.findall(question)}
    there = english_stems(source) | {stem(w) for w in _WORD.findall(source)}
    concepts = {k for m in find_mentions(to_simplified(source)) for n in m.names for k in kinds_of(n)}
    asked_of = {n for m in find_mentions(question) for n in m.names}
    mentions = [m for m in find_mentions(stretch) if not set(m.names) & asked_of]
    found = [bool(set(m.names) & concepts) or _glossed(m.form, there) for m in mentions]
    words = {w for w in map(str.lower, _WORD.findall(without_concepts(stretch))) if w not in COMMON_EN and len(w) > 2}
    names = {w.lower() for p in find_places(stretch) for w in _WORD.findall(stretch[p.start : p.end])}
    found += [stem(w) in there for w in sorted(words - names) if stem(w) not in asked and is_glossed(w)]
    return sum(found), len(found) - sum(found)


def _glossed(form: str, there: frozenset[str] | set[str]) -> bool:
    stems = {stem(w) for w in _WORD.findall(form)}
    return bool(stems) and stems <= there


def shared_words(claim: str, source: str, question: str) -> bool:
    """Whether a source has some of what a claim says besides the question."""
    if count_han(claim) > 2 and detect_language(claim) == "zh":
        pairs = _pairs(claim) - _pairs(question) or _pairs(claim)
        return len(pairs & _pairs(source)) >= _MIN_BORNE * len(pairs)
    borne, foreign = _english(claim, source, question)
    return borne > 0 or not foreign


def _pairs(text: str) -> set[str]:
    return {a + b for a, b in pairwise(to_simplified(text)) if is_han(a) and is_han(b)}
