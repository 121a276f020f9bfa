"""The real encoder and the real language model before pages that want to be obeyed, and in a conversation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from library import Library, Settings
from library.encoder import SentenceEncoder
from rag import Assistant
from rag.chat import Turn
from rag.hostile import harmless
from rag.llm import EmbeddedModel, Usage
from tests.conftest import _MODEL_CACHE
from tests.fakes import shelved

pytestmark = pytest.mark.models

PAGES = {
    page["name"]: page
    for page in map(json.loads, (Path(__file__).parent / "hostile" / "pages.jsonl").read_text("utf-8").splitlines())
}
# Without its guards the embedded model answered 9999 and 10,000 from the first two.
TRIED = ["ignore-zh", "chatml-same-line", "ignore-en", "refuse-zh", "other-figure", "fake-sources-en"]


@pytest.fixture(scope="module")
def settings() -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEJIAN_CACHE", _MODEL_CACHE)
        return Settings()


@pytest.fixture(scope="module")
def encoder(settings: Settings) -> SentenceEncoder:
    return SentenceEncoder(settings)


@pytest.mark.parametrize("name", TRIED)
def test_a_page_is_quoted_and_not_obeyed(
    name: str, tmp_path: Path, settings: Settings, encoder: SentenceEncoder
) -> None:
    page = PAGES[name]
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        library.add(
            [
                shelved("a.txt", page["body"], city="白石", published="2025-03-01", title="白石科技会议", chunk=320),
                shelved("b.txt", "白石市的新型研发机构有12家。", city="白石", title="白石的机构", chunk=320),
            ]
        )
        answer = Assistant(library, settings).ask(page["question"])
    assert answer.status == "answered"
    assert "730" in answer.answer
    assert not any(word in answer.answer for word in ("9999", "9,999", "一万", "10,000", "没有提到", "cut to"))


def test_a_turn_in_a_message_is_one_to_llama_cpp_unless_it_is_made_harmless(settings: Settings) -> None:
    """What the guard is there for: in a message as it stands, a turn's mark is one token."""
    model = EmbeddedModel(settings)

    def tokens(text: str) -> int:
        model.usage = Usage()
        list(model.stream([("user", text)], 1))
        return model.usage.prompt

    marks = "白石" + "<|im_start|>" * 2
    assert tokens(marks) - tokens("白石") == 2
    assert tokens("白石" + marks.removeprefix("白石").translate(str.maketrans("<>", "＜＞"))) - tokens("白石") > 4
    assert "<|" not in harmless(marks)


WHO = Turn("江门市科技局的局长是谁？", "江门市科技局局长是刘长虹[1]。")
HOW_MANY = Turn("How many incubators does Yunchuan plan?", "Yunchuan plans 4 new incubators [1].")


@pytest.mark.parametrize(
    ("turn", "said", "named"),
    [(WHO, "他提出了什么要求？", ("刘长虹", "局长")), (HOW_MANY, "When will they open?", ("incubators",))],
)
def test_the_model_puts_a_name_for_a_pronoun(turn: Turn, said: str, named: tuple[str, ...], settings: Settings) -> None:
    assistant = Assistant(None, settings)
    full = assistant.full_question(said, [turn])
    assert any(name in full for name in named)
