"""A Chinese answer in English: each sentence translated and checked, its key words kept beside it in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from lang.people import find_officials, find_people, is_name, romanize
from lang.quantities import find_quantities
from lang.script import HAN
from library.records import Answer, Sentence
from rag.llm import ChatModel
from rag.translate import translate_sentence
from rag.verify import MARKER

_KEY = re.compile(f"[{HAN}A-Za-z0-9·“”《》-]{{2,}}")
_LONGEST_KEY = 24
_MOST_KEYS = 4
# What an answer says about itself, not what it answers with.
_FRAME = re.compile(
    "^(?:[是为在有和与及的了将要由对从到于即]|分别|包括|主要|其中|以及|达到?|力争)+|(?:[是为在有和与及的了等]|分别)+$"
)


def in_english(
    answer: Answer, model: ChatModel, question: str, sources: Sequence[str], on_token: Callable[[str], None] | None
) -> Answer:
    """The answer with its sentences in English; citations and what was found of them stay.

    Args:
        answer: in Chinese.
        model: translates.
        question: in both languages where there are both; what it says is no key word.
        sources: the evidence's texts, whose people are known by name.
        on_token: called with each sentence when it is translated.

    Raises:
        ModelError: the translation can't be had.
    """
    people = [name for text in sources for name in (*find_people(text), *(o.name for o in find_officials(text)))]
    sentences = []
    for sentence in answer.sentences:
        sentences.append(_sentence(sentence, model, question, list(dict.fromkeys(people))))
        if on_token:
            on_token(sentences[-1].text + " ")
    status = answer.status
    if status == "answered" and not all(s.supported for s in sentences):
        status = "partial"
    return replace(
        answer, language="en", sentences=tuple(sentences), status=status, answer=" ".join(s.text for s in sentences)
    )


def both(zh: Answer, en: Answer) -> Answer:
    """A Chinese answer and the same in English as one, with one list of citations."""
    status = zh.status if zh.status == en.status else "partial"
    sentences = (*zh.sentences, *en.sentences)
    return replace(zh, language="both", status=status, answer=f"{zh.answer}\n{en.answer}", sentences=sentences)


def _sentence(sentence: Sentence, model: ChatModel, question: str, people: list[str]) -> Sentence:
    zh = MARKER.sub("", sentence.text)
    item = re.match(r"\(\d+\) ", zh)
    zh = zh[item.end() :] if item else zh
    names = [name for name in people if name in zh]
    translated = translate_sentence(zh, model, names)
    en = translated.en
    for name in names:
        en = en.replace(name, romanize(name))
    keys = [key for key in key_words(zh, question) if key not in en]
    markers = "".join(f"[{n}]" for n in sentence.citations)
    ending = "." if en.endswith(".") else ""
    beside = f" ({'; '.join(keys)})" if keys else ""
    text = f"{item.group() if item else ''}{en.removesuffix('.')}{beside}{markers}{ending}"
    if translated.numbers == "mismatch":
        wrong = next(flag for flag in translated.flags if flag.startswith(("figure", "bound")))
        return replace(sentence, text=text, supported=False, numbers="mismatch", reason=f"lost in translation: {wrong}")
    return replace(sentence, text=text)


def key_words(zh: str, question: str) -> list[str]:
    """What a Chinese sentence answers with: the stretches that the question does not have, figures left out.

    >>> key_words("云川市氢能产业园负责人是许砚秋。", "云川市氢能产业园的负责人是谁？")
    ['许砚秋']
    """
    blank = list(zh)
    for q in find_quantities(zh):
        blank[q.start : q.end] = " " * (q.end - q.start)
    for size in range(min(len(zh), 12), 1, -1):
        for at in range(len(zh) - size + 1):
            if " " not in blank[at : at + size] and zh[at : at + size] in question:
                blank[at : at + size] = " " * size
    found = []
    for match in _KEY.finditer("".join(blank)):
        key = _FRAME.sub("", match.group()).strip("“”") if not is_name(match.group()) else match.group()
        if 2 <= len(key) <= _LONGEST_KEY and re.search(f"[{HAN}]", key):
            found.append(key)
    return list(dict.fromkeys(found))[:_MOST_KEYS]
