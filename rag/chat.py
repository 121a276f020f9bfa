"""Follow-up questions: what was asked, in full, so that it can be searched for and checked alone."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lang.cities import english_name
from lang.places import find_places
from lang.script import count_han, detect_language
from lang.words import content_words
from library.errors import ModelError
from rag.comparing import only_compares
from rag.ellipsis import ASKING, Known, complete_by_rule, named_cities, of_place
from rag.hostile import harmless
from rag.llm import ChatModel, complete
from rag.prompts import follow_up_prompt
from rag.verify import MARKER

log = logging.getLogger(__name__)

_MAX_TOKENS = 60
_REMEMBERED = 20  # turns
_LONGEST = 500  # characters of a question; what is longer needs nothing put back, and nothing is taken from it
_ANSWER_CHARS = 160  # of the last answer: enough for the name that a pronoun stands for
_POINTING = re.compile(
    r"[它她他](?!们?[人国地])|(?<![尤极与])其(?![他它中余次实])|^其中|那里|那儿|[这那]一?(?:[些项次家场]|个(?!月))|(?<!应)该|^(?:后来|随后|之后)"
    r"|\b(?:it|its|they|them|their|he|him|his|she|her|these|those)\b|\bthat(?=\s*[?.]?\s*$)",
    re.IGNORECASE,
)
_FRAME = re.compile(r"^\s*(?:那(?![里儿些个座边])|还有|and\b|what about\b|how about\b)|呢[？?。\s]*$", re.IGNORECASE)
_BIDDING = re.compile(
    r"[，,]?(?:请|麻烦)?(?:列一下|列出来?|说一下|说说)[。？?]?$|[.,;?]?\s*(?:please )?list them\W*$", re.IGNORECASE
)
# Words that a full question may have besides those of the conversation.
_FREE = frozenset("具体 包括 分别 内容 情况".split())


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation so far, and what was answered."""

    question: str
    answer: str = ""


def full_question(utterance: str, turns: Sequence[Turn], known: Known = (), model: ChatModel | None = None) -> str:
    """What the utterance asks, in words that need no conversation.

    A full question is returned as it is. A follow-up is completed by rule where one is sure; else by the model, if
    what that writes keeps all words of the follow-up and takes the others from the conversation; else it stays.

    Args:
        utterance: what the user wrote.
        turns: the conversation before it, oldest first.
        known: cities besides the listed ones, such as those of a library.
        model: asked only for what no rule can tell; None asks nobody.

    >>> full_question("and Jiangmen?", [Turn("How many high-tech enterprises does Suizhou aim for?")])
    'How many high-tech enterprises does Jiangmen aim for?'
    """
    if not turns or not utterance.strip() or len(utterance) > _LONGEST:
        return utterance
    before = earlier = ""
    for turn in turns[-_REMEMBERED:]:
        if len(turn.question) <= _LONGEST:
            full = complete_by_rule(turn.question, before, known, earlier) if before else None
            if full or not before or not _is_elliptical(turn.question, known):  # a scrap is no question to go on from
                before, earlier = full or turn.question, before
    if not before:
        return utterance
    if (by_rule := complete_by_rule(utterance, before, known, earlier)) is not None:
        return by_rule
    if model is None or not _is_elliptical(utterance, known):
        return utterance
    return _by_model(utterance, Turn(before, turns[-1].answer), known, model)


def reply_language(utterance: str, full: str) -> Literal["zh", "en"]:
    """The language to answer in: the utterance's, unless it has no words (2025?)."""
    return detect_language(utterance if re.search(r"[^\W\d_]", utterance) else full)


def _is_elliptical(utterance: str, known: Known) -> bool:
    """Whether it plainly leans on what was said: it names no place, and points back or is a scrap."""
    if named_cities(utterance, known) or "《" in utterance:
        return False
    words = count_han(utterance) + len(re.findall(r"[A-Za-z]{2,}", utterance))
    scrap = words <= (3 if count_han(utterance) == 0 else 6) and not content_words(ASKING.sub(" ", utterance))
    return (
        scrap
        or only_compares(utterance)
        or (words <= 24 and bool(_POINTING.search(utterance)))
        or (words <= 12 and bool(_FRAME.search(utterance)))
    )


def _by_model(utterance: str, last: Turn, known: Known, model: ChatModel) -> str:
    answer = harmless(MARKER.sub("", last.answer))[:_ANSWER_CHARS]
    prompt = follow_up_prompt(harmless(last.question), answer, harmless(utterance))
    try:
        written = complete(model, prompt, _MAX_TOKENS).split("\n")[0].strip(" \"'“”")
    except ModelError as error:
        log.warning("taking the question as it stands: %s", error)
        return utterance
    if not _holds(written, utterance, f"{last.question}\n{answer}", known):
        return utterance
    places = named_cities(last.question, known)
    put_back = any(word not in utterance.lower() for word in content_words(written))
    wider = any(place.name != "city" for place in find_places(written))
    if put_back or wider or len(places) != 1 or named_cities(written, known):
        return written
    return of_place(written, places[0])  # where it says nothing new, the model left out where


def _holds(written: str, utterance: str, conversation: str, known: Known) -> bool:
    """Whether a rewritten question has all that was asked, and nothing that nobody said."""
    said = f"{conversation}\n{utterance}"
    places = {form for city in named_cities(said, known) for form in (city, english_name(city).lower())}
    plain = _BIDDING.sub(" ", _FRAME.sub(" ", _POINTING.sub(" ", utterance)))
    asked = {w for w in content_words(plain) if w not in _FREE}
    return (
        4 <= len(written) <= len(conversation.split("\n")[0]) + 2 * len(utterance) + 20
        and ASKING.search(written) is not None
        and detect_language(written) == reply_language(utterance, conversation)
        and all(word in written.lower() for word in asked)
        and set(re.findall(r"\d+", utterance)) <= set(re.findall(r"\d+", written))
        and all(w in said.lower() or w in places or w in _FREE for w in content_words(written))
        and not set(named_cities(written, known)) - set(named_cities(said, known))
    )
