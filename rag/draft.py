"""The model's answer from the evidence, before anything of it is checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from lang.people import find_officials
from rag.evidence import Evidence
from rag.hostile import harmless
from rag.llm import ChatModel
from rag.prompts import answer_prompt
from rag.query import Query
from rag.verify import MARKER

OnToken = Callable[[str], None]

_REFUSAL = re.compile(
    r"资料(?:中|里)?(?:没有|未|并未|没)|未提(?:及|到)|没有提到|do(?:es)? not (?:say|mention|specify)|not mentioned",
    re.I,
)
# A small model that finds a name in three sources gives it three times: 白玉涛[1]、白玉涛[2].
_REPEATED = re.compile(r"(\w{2,20})((?:\[\d+\])+)(?:[、，和]\1(?:\[\d+\])+)+")


def draft_answer(
    query: Query, evidence: Sequence[Evidence], model: ChatModel, max_tokens: int, on_token: OnToken | None
) -> str:
    """What the model writes from the evidence, with markers that count its pieces; not verified."""
    pieces = []
    sources = [present(e) for e in evidence]
    question = query.zh or query.text
    if query.zh and query.language == "en":  # what its Chinese lost may be clear from its English
        question = f"{query.zh}（{query.text}）"
    prompt = answer_prompt(question, sources, wants_list=query.wants_list, compares=query.compares)
    for piece in _one_paragraph(model.stream(prompt, max_tokens)):
        pieces.append(piece)
        if on_token:
            on_token(piece)
    return _REPEATED.sub(r"\1\2", "".join(pieces).strip())


def refuses(text: str) -> bool:
    """Whether a draft says that the sources do not say, in either language."""
    return not text or (_REFUSAL.search(text) is not None and not MARKER.search(text))


def without_offices(draft: str, known: str) -> str:
    """A draft without the offices of people, where no such office stands in what is known: the model makes them up.

    >>> without_offices("市科技局局长沈知远提出三项要求[1]。", "沈知远提出三项新要求")
    '沈知远提出三项要求[1]。'
    """
    for official in find_officials(draft):
        if official.office[-2:] not in known:
            draft = draft.replace(f"{official.office}{official.name}", official.name)
    return draft


def present(e: Evidence) -> str:
    """One piece of evidence as the prompt shows it: place and date, then the text."""
    known = [harmless(p) for p in (f"{e.city}市" if e.city else "", e.published) if p]
    return (f"（{', '.join(known)}）" if known else "") + harmless(e.text)


def _one_paragraph(pieces: Iterator[str]) -> Iterator[str]:
    """Small models that have answered go on with a question of their own after a blank line."""
    text = ""
    for piece in pieces:
        text += piece
        if "\n\n" in text.lstrip():
            return
        yield piece
