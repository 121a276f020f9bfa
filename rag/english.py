"""A Chinese answer in English: each sentence translated and checked, its key words kept beside it in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import rjieba

from lang.cities import english_name
from lang.claims import Source, asked_status, check_claim, tells_planned, tells_reached
from lang.foreign import english_names, foreign_names
from lang.glossary import find_terms
from lang.people import find_officials, find_people, is_name, pinyin_names, romanize
from lang.quantities import find_quantities, missing_quantities
from lang.script import HAN, count_han
from lang.sentences import split_clauses
from lang.unigram import rarity
from library.records import Answer, Sentence
from rag.evidence import Evidence
from rag.llm import ChatModel
from rag.prompts import EXTRACT_NOTE, TRANSLATED_NOTE
from rag.translate import translate_sentence
from rag.verify import MARKER
from rag.wording import has_figure

_KEY = re.compile(f"[{HAN}A-Za-z0-9·“”《》-]{{2,}}")
_TAIL = re.compile(f"(?:(?![的是为在有和与及了等将要])[{HAN}]){{0,6}}")
_LONGEST_KEY = 24
_PLANNED = "按计划，"
_DONE = re.compile(r"\b(?:has|have) (?:\w+ed|been|grown|risen|built|set)\b|\bthere (?:are|were)\b", re.I)
_RARE = 4.0  # 力争 and 研发 are below, 孵化器 and 光谷 above; what no list has is a name
_SHORT = 20  # characters of a sentence that answers with one thing
_ABBREVIATION = 2  # characters
_LONGEST_QUOTE = 70
_MOST_KEYS = 4
# What an answer says about itself, not what it answers with.
_FRAME = re.compile(
    "^(?:[是为在有和与及的了将要由对从到于即]|分别|包括|主要|其中|以及|达到?|力争)+|(?:[是为在有和与及的了等]|分别)+$"
)


def in_english(
    answer: Answer,
    model: ChatModel,
    question: str,
    sources: Sequence[Evidence],
    on_token: Callable[[str], None] | None,
    known: Callable[[str], str] = lambda sentence: "",
) -> Answer:
    """The answer with its sentences in English; citations and what was found of them stay.

    Args:
        answer: in Chinese.
        model: translates.
        question: in both languages where there are both; what it says is no key word.
        sources: the evidence, whose people and cities are known by name.
        on_token: called with each sentence when it is translated.
        known: the English of a sentence that needs no model, both without a full stop; empty of any other.

    Raises:
        ModelError: the translation can't be had.
    """
    texts = [f"{e.title}\n{e.text}" for e in sources]
    spelled = pinyin_names(question, texts) | foreign_names(question, texts)
    asked = {zh: en for en, zh in spelled.items()}  # as the reader writes them
    names = english_names(answer.answer) | asked | _names(sources)
    cited = {c.n: Source(c.quote, c.published, c.city, c.title) for c in answer.citations}
    sentences = []
    for sentence in answer.sentences:
        zh = MARKER.sub("", sentence.text)
        if made := known(zh.rstrip("。")):
            english = replace(sentence, text=f"{made}{_markers(sentence)}.")
        elif answer.status == "extractive":
            english = _quoted(sentence, model, question, names)
        else:
            english = _sentence(sentence, model, question, names)
            if not tells_planned(english.text):  # 新增4家 is taken for done
                own = [cited[n] for n in sentence.citations if n in cited]
                planned = _as_planned(sentence, own, question, _DONE.search(english.text) is not None)
                again = _sentence(planned, model, question, names) if planned else english
                english = again if again.supported else english
        sentences.append(english)
        if on_token:
            on_token(english.text + " ")
    status = answer.status
    if status == "answered" and not all(s.supported for s in sentences):
        status = "partial"
    translated = any(s.text != before.text for s, before in zip(sentences, answer.sentences, strict=True))
    note = (TRANSLATED_NOTE if translated else EXTRACT_NOTE["en"]) if status == "extractive" else ""
    text = note + " ".join(s.text for s in sentences if s.supported or not note)
    return replace(answer, language="en", sentences=tuple(sentences), status=status, answer=text)


def _as_planned(sentence: Sentence, sources: Sequence[Source], question: str, told_done: bool) -> Sentence | None:
    """A sentence told as a plan, where the question asks for one and every clause that bears its figures is of one.

    That another clause of the quote speaks of a target makes no plan of what was reached. A clause that tells neither
    (新增4家, of a year that lies ahead) is no plan by itself, but less so what its English tells as done.
    """
    said = MARKER.sub("", sentence.text)
    figures = len(missing_quantities(said, []))
    if not figures or not sentence.supported or asked_status(question) != "planned":
        return None
    clauses = [source.text[a:b] for source in sources for a, b in split_clauses(source.text)]
    bearing = [clause for clause in clauses if len(missing_quantities(said, [clause])) < figures]
    neither = told_done and not tells_reached(said) and not any(map(tells_reached, bearing))
    planned = bool(bearing) and (neither or all(map(tells_planned, bearing)))
    borne = planned and not check_claim(f"{_PLANNED}{said}", sources, question)
    return replace(sentence, text=f"{_PLANNED}{sentence.text}") if borne else None


def both(zh: Answer, en: Answer) -> Answer:
    """A Chinese answer and the same in English as one, with one list of citations."""
    status = zh.status if zh.status == en.status else "partial"
    sentences = (*zh.sentences, *en.sentences)
    return replace(zh, language="both", status=status, answer=f"{zh.answer}\n{en.answer}", sentences=sentences)


def _names(sources: Sequence[Evidence]) -> dict[str, str]:
    names = {e.city: english_name(e.city) for e in sources if e.city}
    for text in (f"{e.title}\n{e.text}" for e in sources):
        found = [*find_people(text), *(official.name for official in find_officials(text))]
        names |= {name: romanize(name) for name in found}
    return names


def _quoted(sentence: Sentence, model: ChatModel, question: str, names: Mapping[str, str]) -> Sentence:
    """A quotation in English where that is surely right; else, and where it is long, as it stands.

    A long quote has figures of many things, and the small model mixes up which is of what.
    """
    if not sentence.supported or len(sentence.text) > _LONGEST_QUOTE:
        return sentence
    made = _sentence(sentence, model, question, names)
    return made if made.supported else sentence


def _sentence(sentence: Sentence, model: ChatModel, question: str, names: Mapping[str, str]) -> Sentence:
    zh = MARKER.sub("", sentence.text)
    item = re.match(r"\(\d+\) ", zh)
    zh = zh[item.end() :] if item else zh
    translated = translate_sentence(zh, model, names)
    en = translated.en
    keys = [key for key in key_words(zh.removeprefix(_PLANNED), question) if key not in en]
    markers = _markers(sentence)
    beside = f" ({'; '.join(keys)})" if keys else ""
    text = f"{item.group() if item else ''}{en.rstrip('. ')}{beside}{markers}{'' if item else '.'}"
    if count_han(en) > len(en) / 4:
        return replace(sentence, text=text, supported=False, reason="could not be put into English")
    if translated.numbers == "mismatch":
        wrong = next(flag for flag in translated.flags if flag.startswith(("figure", "bound")))
        return replace(sentence, text=text, supported=False, numbers="mismatch", reason=f"lost in translation: {wrong}")
    return replace(sentence, text=text)


def key_words(zh: str, question: str) -> list[str]:
    """What a Chinese sentence answers with: the stretches that the question does not have, figures left out.

    >>> key_words("云川市氢能产业园负责人是许砚秋。", "云川市氢能产业园的负责人是谁？")
    ['许砚秋']
    >>> key_words("云川要接入光谷科创大走廊。", "云川要接入哪条走廊？")
    ['光谷科创大走廊']
    >>> key_words("高企总数力争突破400家。", "高企目标是多少？")
    []
    """
    free = [True] * len(zh)
    for q in find_quantities(zh):
        free[q.start : q.end] = [False] * (q.end - q.start)
    for size in range(min(len(zh), 12), 1, -1):
        for at in range(len(zh) - size + 1):
            if all(free[at : at + size]) and zh[at : at + size] in question:
                free[at : at + size] = [False] * size
    found = []
    for match in _KEY.finditer("".join(c if new else " " for c, new in zip(zh, free, strict=True))):
        # A name may end in a word of the question: 光谷科创大走廊, asked for as a corridor.
        key = match.group()
        if not is_name(key):
            key = _FRAME.sub("", key)
            tail = _TAIL.match(zh, match.end()) if key and match.group().endswith(key) else None
            key += tail[0] if tail else ""
        if 2 <= len(key) <= _LONGEST_KEY and count_han(key):
            found.append(key)
    telling = [key for key in dict.fromkeys(found) if _tells(key)]
    # 华沙是多元文化的城市 answers with one thing, whatever its words
    alone = found if len(found) == 1 and count_han(zh) <= _SHORT and not has_figure(zh) else []
    return (telling or alone)[:_MOST_KEYS]


def _markers(sentence: Sentence) -> str:
    return "".join(f"[{n}]" for n in sentence.citations)


def _tells(key: str) -> bool:
    """Whether a word of it is neither a common one, 总数, nor an abbreviation that the glossary has, 高企: 光谷 is."""
    telling = (word for word in rjieba.cut(key) if len(word) > 1 and rarity(word) >= _RARE)
    return any(len(word) != _ABBREVIATION or not find_terms(word) for word in telling)
