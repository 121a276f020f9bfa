"""The judge of support: whether quotes bear a sentence. It stands in for ALCE's entailment model.

It asks nothing of ``rag``, whose answers it judges. What it weighs are the signals of ``eval.signals`` (figures,
bounds, years, names, plans, wording, cosines of the embedded encoder) with a logistic regression that was fitted on
half of the hand labels in ``support_labels.yaml``; ``eval.support_fit`` fits it anew and measures it on the other half.

Agreement with the held half (140 claims, 2026-11-23): accuracy .75, Cohen's kappa .50 (Chinese .75 and .50, English
.75 and .49); of 67 supported claims it takes 45, of 73 unsupported ones 13. The labels are harder than answers are:
half are unsupported, mostly by a word. Of 43 sentences quoted from the samples as they stand it takes all. So the
scores that rest on it serve to compare systems that are judged alike; neither their height nor a single verdict is to
be trusted far. Gao et al. report kappa .70 (recall) and .53 (precision) between their model and people.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from eval.citations import Source
from eval.signals import signals
from library.encoder import Encoder, SentenceEncoder
from library.settings import Settings


@dataclass(frozen=True, slots=True)
class Judgement:
    """``probability`` that the claim is supported, and what spoke for it (positive) and against it, by signal."""

    supported: bool
    probability: float
    weighed: Mapping[str, float]

    @property
    def reason(self) -> str:
        """What spoke against the claim, the most telling first; empty where nothing did."""
        against = sorted((weight, name) for name, weight in self.weighed.items() if weight < -0.05)
        return ", ".join(name.replace("_", " ") for _, name in against)


class SupportJudge:
    """Judges with the embedded encoder, whatever encoder a library has: another's cosines were not fitted.

    It is a ``Support``, and remembers the vectors of what it has read.

    Raises:
        ModelMissing: at the first claim, where the embedded encoder is not installed.
    """

    def __init__(self, encoder: Encoder | None = None) -> None:
        self._encoder = encoder or SentenceEncoder(_embedded())
        self._vectors: dict[str, Any] = {}

    def __call__(self, claim: str, sources: Sequence[Source]) -> bool:
        return self.judge(*_claimed(claim, sources)).supported

    def read_ahead(self, claims: Iterable[tuple[str, Sequence[Source]]]) -> None:
        """Encodes at one go what judging these claims will take, for a text alone costs six times as much."""
        self._read([_claimed(claim, sources) for claim, sources in claims])

    def judge(self, claim: str, quotes: Sequence[str], context: str = "") -> Judgement:
        """Whether the quotes together bear the claim; ``context`` is the title, the city and the date beside them.

        Of an empty claim, or without a quote, there is nothing that could be supported.
        """
        if not _worded(claim, quotes):
            return Judgement(False, 0.0, {})
        measured = self.signals(claim, quotes, context)
        weighed = {name: weights()[name] * value for name, value in measured.items()}
        logit = weights()["bias"] + sum(weighed.values())
        return Judgement(logit > 0, 1 / (1 + math.exp(-logit)), weighed)

    def signals(self, claim: str, quotes: Sequence[str], context: str) -> dict[str, float]:
        """What is measured of a claim, before it is weighed."""
        self._read([(claim, quotes, context)])
        return signals(claim, quotes, context, lambda texts: np.array([self._vectors[text] for text in texts]))

    def _read(self, claims: Iterable[tuple[str, Sequence[str], str]]) -> None:
        """Signals do not ask for a text because of a vector, so a rehearsal without vectors tells which they need."""
        wanted: dict[str, None] = {}

        def note(texts: Sequence[str]) -> Any:
            wanted.update(dict.fromkeys(texts))
            return np.zeros((len(texts), 1))

        for claim, quotes, context in claims:
            if _worded(claim, quotes):
                signals(claim, quotes, context, note)
        new = [text for text in wanted if text not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._encoder.passages(new), strict=True))


def _worded(claim: str, quotes: Sequence[str]) -> bool:
    return all(any(map(str.isalnum, text)) for text in (claim, "".join(quotes)))


def _claimed(claim: str, sources: Sequence[Source]) -> tuple[str, list[str], str]:
    return claim, [source.quote for source in sources], "\n".join(source.context for source in sources)


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """The fitted weight of each signal, and the ``bias``."""
    fitted: dict[str, float] = json.loads(files("eval").joinpath("support_weights.json").read_text("utf-8"))
    return fitted


def _embedded() -> Settings:
    settings = Settings()
    return settings.model_copy(update={"encoder": type(settings.encoder)(device=settings.encoder.device)})
