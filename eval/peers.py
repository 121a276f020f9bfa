"""LlamaIndex's stock engines as peers: their defaults, on the shelf's cleaned bodies, with Kejian's encoder and model.

What they answer is put into the form of Kejian's answers. They check no sentence, so every one counts as supported;
the query engine marks no sources, so each of its sentences cites all that it was given.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Literal
from weakref import WeakKeyDictionary

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import ChatMessage, ChatResponse, CompletionResponse, CustomLLM, LLMMetadata
from llama_index.core.query_engine import CitationQueryEngine, RetrieverQueryEngine
from llama_index.core.response_synthesizers import get_response_synthesizer
from llama_index.core.schema import MetadataMode
from pydantic import PrivateAttr

from eval.outcome import Outcome
from eval.systems import DEPTH, kept, observe
from lang.script import detect_language
from lang.sentences import split_sentences
from library.encoder import Encoder
from library.library import Library
from library.records import Answer, Article, Citation, Passage, Sentence
from library.settings import LLMSettings
from rag.llm import ChatModel, complete
from rag.verify import MARKER, normalize_markers

REFUSALS = (
    *"没有提到 没有提及 未提及 未提到 未涉及 没有涉及 没有说明 未说明 没有提供 未提供 没有明确 未明确 没有找到".split(),
    *"未找到 没有相关 没有足够 没有具体 没有关于 无相关 无法回答 无法确定 无法得知 无法提供 无法找到".split(),
    *"不能回答 不能确定 不知道 不清楚".split(),
    *(f"not {word}" for word in "mention provide contain specif state include found available given address".split()),
    *("not explicitly", "no mention", "no information", "no specific information", "no relevant information"),
    *("insufficient information", "not enough information", "not helpful", "empty response"),
    *("cannot be determined", "cannot be answered", "cannot answer", "can't answer", "cannot find", "cannot provide"),
    *("unable to", "don't know", "do not know", "none of the sources", "none of the provided"),
)
"""An answer whose first sentence has one of these is a refusal; LlamaIndex has no status for it."""

_SOURCE = re.compile(r"[\[(（【](?:source|sources|来源|资料)\s*(\d+)[\])）】]", re.I)
_HEAD = re.compile(r"\ASource \d+:\n")


class LlamaIndexSystem:
    """One of the stock engines over a library; the index is made, in memory, when the first question comes."""

    def __init__(self, kind: Literal["query", "citation"], library: Library, model: ChatModel) -> None:
        self.name = f"llama_index_{kind}"
        self._kind, self._library, self._model = kind, library, model

    def run(self, id: str, question: str) -> Outcome:
        asked = Outcome(id, question, self.name)
        made = observe(asked, None, lambda: self._engine, lambda _: {})  # apart, so that no question pays for the index
        return made if made.error else observe(asked, self._model, lambda: self._ask(question), self._kept)

    def _ask(self, question: str) -> tuple[str, Any, float]:
        began = time.monotonic()
        response = self._engine.query(question)
        return question, response, round(time.monotonic() - began, 2)

    def _kept(self, asked: tuple[str, Any, float]) -> dict[str, Any]:
        question, response, seconds = asked
        answer = read_response(question, response, self._library, self._model.name, marked=self._kind == "citation")
        found = self._index.as_retriever(similarity_top_k=DEPTH).retrieve(question)
        passages = [p for node in found if (p := _passage(node, self._library))]
        return kept(self._library, replace(answer, seconds=seconds), passages)

    @cached_property
    def _index(self) -> Any:
        articles = [self._library.get(row.id) for row in self._library.articles()]
        documents = [Document(text=a.body, id_=a.id, metadata=_metadata(a)) for a in articles]
        return VectorStoreIndex.from_documents(documents, embed_model=_Embedding(self._library.encoder))

    @cached_property
    def _engine(self) -> Any:
        llm = _LLM(self._model, self._library.settings.llm)
        if self._kind == "citation":
            return CitationQueryEngine.from_args(self._index, llm=llm)
        return RetrieverQueryEngine(self._index.as_retriever(), get_response_synthesizer(llm=llm))


def read_response(question: str, response: Any, library: Library, model: str, marked: bool) -> Answer:
    """An engine's response as an Answer.

    Args:
        question: as it was asked.
        response: with ``source_nodes``, of documents that are the library's articles.
        library: gives the citations their place in the article and in the file.
        model: the language model's name.
        marked: whether ``[n]`` in the text cites the n-th source; else every sentence cites all of them.
    """
    text = normalize_markers(_SOURCE.sub(r"[\1]", (response.response or "").strip()))
    language, sources = detect_language(text or question), response.source_nodes
    if is_refusal(text):
        near = tuple(p for node in sources[:3] if (p := _passage(node, library)))
        return Answer(question, language, "not_found", text, (), (), model, 0.0, near)
    if not marked:
        text = _marked(text, len(sources))
    sentences = [_sentence(text[a:b], len(sources)) for a, b in split_sentences(text)]
    used = sorted({n for sentence in sentences for n in sentence.citations})
    citations = [_cite(n, sources[n - 1], library) for n in used]
    return Answer(question, language, "answered", text, tuple(sentences), tuple(citations), model, 0.0)


def is_refusal(text: str) -> bool:
    """Whether an answer says, in its first sentence, that the sources do not answer; an empty one says so too.

    >>> is_refusal("The sources do not mention it. They speak of Jiangmen."), is_refusal("3000家[1]。资料未提及年份。")
    (True, False)
    """
    sentences = split_sentences(text)
    first = text[slice(*sentences[0])].lower() if sentences else ""
    return not first or any(phrase in first for phrase in REFUSALS)


# Both engines, and a shelf that lacks some articles, embed the same texts; that takes minutes where there are many.
_vectors: WeakKeyDictionary[Encoder, dict[str, list[float]]] = WeakKeyDictionary()


class _Embedding(BaseEmbedding):  # type: ignore[misc]  # LlamaIndex's types are not followed
    """The library's encoder, as LlamaIndex wants one."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(model_name=encoder.name)
        self._encoder = encoder

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(x) for x in self._encoder.query(query)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        known = _vectors.setdefault(self._encoder, {})
        if new := [text for text in dict.fromkeys(texts) if text not in known]:
            known.update(zip(new, self._encoder.passages(new).tolist(), strict=True))
        return [known[text] for text in texts]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class _LLM(CustomLLM):  # type: ignore[misc]
    """Kejian's language model, as LlamaIndex wants one: a chat model with Kejian's context and length of answers."""

    _model: ChatModel = PrivateAttr()
    _settings: LLMSettings = PrivateAttr()

    def __init__(self, model: ChatModel, settings: LLMSettings) -> None:
        super().__init__()
        self._model, self._settings = model, settings

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(
            context_window=self._settings.context, num_output=self._settings.max_tokens, is_chat_model=True,
            model_name=self._model.name,
        )  # fmt: skip

    def chat(self, messages: Sequence[ChatMessage], **_: Any) -> ChatResponse:
        turns = [(message.role.value, message.content or "") for message in messages]
        reply = complete(self._model, turns, self._settings.max_tokens)
        return ChatResponse(message=ChatMessage(role="assistant", content=reply))

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        return CompletionResponse(text=self.chat([ChatMessage(role="user", content=prompt)]).message.content)

    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> Any:
        yield self.complete(prompt)


def _metadata(article: Article) -> dict[str, str]:
    """What Kejian, too, shows its encoder and its model with a passage."""
    told = {"title": article.title, "city": article.city, "published": article.published}
    return {name: value for name, value in told.items() if value}


def _marked(text: str, sources: int) -> str:
    """The text with markers of all sources in every sentence, in the place of any that the model made up."""
    markers, text = "".join(f"[{n}]" for n in range(1, sources + 1)), MARKER.sub("", text)
    made, at = "", 0
    for start, end in split_sentences(text):
        said = text[start:end].rstrip("。！？.!?")
        made += f"{text[at:start]}{said}{markers}{text[start + len(said) : end]}"
        at = end
    return made


def _sentence(text: str, sources: int) -> Sentence:
    cited = (int(n) for n in dict.fromkeys(MARKER.findall(text)))
    return Sentence(text, tuple(n for n in cited if 1 <= n <= sources), True, "none")


def _place(node: Any, library: Library) -> tuple[Article, str, int]:
    """A source's article, its text, and where in the body that stands; -1 where it does not."""
    article = library.get(node.node.ref_doc_id)
    quote = _HEAD.sub("", node.node.get_content(metadata_mode=MetadataMode.NONE)).strip()
    return article, quote, article.body.find(quote)


def _cite(n: int, node: Any, library: Library) -> Citation:
    article, quote, at = _place(node, library)
    if at >= 0:
        return article.cite(n, at, at + len(quote))
    return Citation(n, article.id, article.title, article.city, article.published, article.uri, 0, 0, quote, 0, 0)


def _passage(node: Any, library: Library) -> Passage | None:
    a, text, at = _place(node, library)
    if at < 0 or not text:
        return None
    return Passage(a.id, a.uri, a.title, a.city, a.published, at, at + len(text), text, float(node.score or 0))
