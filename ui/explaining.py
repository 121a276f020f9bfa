"""Why passages rank where they do, for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.retrieve import Ranked


def explained(question: dict[str, Any], ranking: Iterable[Ranked]) -> list[dict[str, Any]]:
    """Each passage's JSON with ``explain``: how the question was read, and what each search gave the passage."""
    return [{**r.passage.to_dict(), "explain": {"question": question, **r.to_dict()}} for r in ranking]


def explanation_text(question: dict[str, Any], ranking: Sequence[Ranked]) -> str:
    """How the question was read, then a paragraph a passage."""
    lines = ["How the question was read:"]
    lines += [f"  {label:<16}{value}" for label, value in _reading(question) if value]
    lines += ["Why the passages rank so (each search adds weight × share; share is the score, scaled to its best):"]
    for n, ranked in enumerate(ranking, 1):
        lines += _passage(n, ranked)
    return "\n".join(lines)


def _reading(question: dict[str, Any]) -> Iterable[tuple[str, str]]:
    demanded, within = question["cities"], question["filters"]
    yield "in Chinese", question["chinese"] or ("" if question["language"] == "zh" else "not translated")
    yield "words for BM25", question["lexical"]
    yield "other names", "、".join(question["aliases"])
    yield "cities demanded", "、".join(demanded)
    yield "cities named", "、".join(c for c in question["mentioned"] if c not in demanded)
    yield "compares", "several cities" if question["compares"] else ""
    yield "only city", within["city"]
    yield (
        "published",
        f"{within['since'] or '…'} to {within['until'] or '…'}" * bool(within["since"] or within["until"]),
    )


def _passage(n: int, ranked: Ranked) -> Iterable[str]:
    p = ranked.passage
    where = ", ".join(part for part in (p.title or p.uri, p.city, p.published) if part)
    yield f"  {n}. {where}, from character {p.start}: {p.score:.4f}"
    for part in ranked.parts:
        sum_ = f"{part.weight:.2f} × {part.share:.2f} = {part.adds:.4f}"
        yield f"       {part.search:<15} rank {part.rank:<3} score {part.score:<8.4f} {sum_}"
    if ranked.reranker is not None:
        yield f"       reranker                 score {ranked.reranker:.4f}, which decides"
    if ranked.terms:
        yield f"       has {'、'.join(ranked.terms)}"
