"""Questions over paragraphs, from a file in the form of SQuAD: XQuAD, CMRC 2018, DRCD and their kin."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from library.errors import UsageError

_FORM = (
    '{"data": [{"paragraphs": [{"context": "…", "qas": [{"id": "…", "question": "…", "answers": [{"text": "…"}]}]}]}]}'
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the number of its paragraph.

    ``references`` are answers in the paragraph's language, ``accepted`` in the question's.
    """

    id: str
    text: str
    paragraph: int
    references: tuple[str, ...]
    accepted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Distinct paragraphs, and the questions that they answer."""

    paragraphs: tuple[str, ...]
    questions: tuple[Question, ...]


def load_squad(path: Path, other: Path | None = None) -> Corpus:
    """The paragraphs and questions of a file; questions without an answer (SQuAD 2.0) are left out.

    Args:
        path: JSON, also gzipped.
        other: the same questions in the same order in another language; they are asked in the place of the file's.

    Raises:
        UsageError: a file is not of the form, or the two do not match.
    """
    rows = _rows(path)
    asked = _rows(other) if other else rows
    if [row[1] for row in rows] != [row[1] for row in asked]:
        raise UsageError(
            f"{other} has not the questions of {path} in the same order, by their ids. Name a translation."
        )
    paragraphs = {context: n for n, context in enumerate(dict.fromkeys(row[0] for row in rows))}
    questions: dict[str, Question] = {}
    for (context, id, _, references), (_, _, text, accepted) in zip(rows, asked, strict=True):
        if references and accepted:
            questions[id] = Question(id, text, paragraphs[context], references, accepted)
    if not questions:
        raise UsageError(f"{path} has no question with an answer. It must look like {_FORM}.")
    return Corpus(tuple(paragraphs), tuple(questions.values()))


def _rows(path: Path) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """``(context, id, question, answers)``, in order."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            return [
                (str(p["context"]), str(qa["id"]), str(qa["question"]), _answers(qa))
                for group in json.load(file)["data"]
                for p in group["paragraphs"]
                for qa in p["qas"]
            ]
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read as JSON in UTF-8 ({error}). Check the file.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is not in the form of SQuAD ({error!r}). It must look like {_FORM}.") from error


def _answers(qa: dict[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for a in qa.get("answers", ()) if (text := str(a["text"]).strip())))
