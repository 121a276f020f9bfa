"""What a system made of one question, in the form that runs store and every metric reads.

Nothing else is kept of a run, so that its scores can be computed again from the file alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that a system retrieved; ``raw`` is its span in the file as it arrived, where the system knows it."""

    uri: str
    text: str
    score: float
    raw: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question put to one system.

    ``answer`` is the JSON form of an Answer (see docs/commands.md), None where the system failed with ``error`` or
    only retrieves; ``ranked`` are passages, best first; ``misquoted`` numbers the citations whose quote was not at the
    place they name when the question was asked. ``seconds`` is the wall clock's; tokens are None where not counted.
    ``computed_tokens`` are those of ``prompt_tokens`` that the model had not kept from an earlier prompt.
    """

    id: str
    question: str
    system: str
    answer: dict[str, Any] | None = None
    ranked: tuple[Passage, ...] = ()
    misquoted: tuple[int, ...] = ()
    error: str = ""
    seconds: float = 0.0
    prompt_tokens: int | None = None
    computed_tokens: int | None = None
    output_tokens: int | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Outcome:
        """The inverse of ``to_dict``, also for what has been through JSON.

        Raises:
            TypeError, KeyError: a field is missing or unknown.
        """
        ranked = tuple(
            Passage(p["uri"], p["text"], p["score"], tuple(p["raw"]) if p["raw"] else None) for p in fields["ranked"]
        )
        return cls(**{**fields, "ranked": ranked, "misquoted": tuple(fields["misquoted"])})
