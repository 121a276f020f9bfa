"""The language model: the embedded one under llama.cpp, or any OpenAI-compatible endpoint, through LlamaIndex."""

from __future__ import annotations

import atexit
import json
import logging
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from library.errors import ModelError, ModelMissing, ModelUnreachable, SettingsError
from library.models import LLM_NAME, llm_file
from library.settings import EMBEDDED, LLMSettings, Settings
from rag.prompts import Message

log = logging.getLogger(__name__)


class ChatModel(Protocol):
    """What the rooms need of a language model; tests bring a scripted one."""

    @property
    def name(self) -> str: ...

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        """The reply, piece by piece.

        Raises:
            ModelError: it can't be had; ``retryable`` says whether to try again.
        """
        ...


def complete(model: ChatModel, messages: Sequence[Message], max_tokens: int) -> str:
    """The whole reply, without surrounding white space."""
    return "".join(model.stream(messages, max_tokens)).strip()


# Chinese characters, their punctuation and full-width forms; in llama.cpp's notation of grammars.
_LATIN = r"root ::= [^\u2E80-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF]+"


def in_latin_script(model: ChatModel) -> ChatModel | None:
    """The same model, unable to write a Chinese character; None where only asking is possible, not forcing."""
    return _Held(model, _LATIN) if isinstance(model, EmbeddedModel) else None


class _Held:
    """The embedded model, held to a grammar: what does not fit it can't be chosen as the next token."""

    def __init__(self, model: EmbeddedModel, grammar: str) -> None:
        self.name = model.name
        self._model, self._grammar = model, grammar

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        yield from self._model.stream(messages, max_tokens, self._grammar)


def open_model(settings: Settings) -> ChatModel | None:
    """The model that the settings name, or None for ``none``. Nothing is loaded before it is used."""
    chosen = settings.llm
    if chosen.model == "none":
        return None
    if chosen.model == EMBEDDED and not chosen.base_url:
        return EmbeddedModel(settings)
    if not chosen.base_url:
        raise SettingsError(f"llm.model is {chosen.model!r}, but llm.base_url is empty. Set KEJIAN_LLM__BASE_URL too.")
    return EndpointModel(chosen.model, chosen.base_url, chosen.api_key.get_secret_value(), chosen)


@dataclass(slots=True)
class Usage:
    """Tokens of the calls so far; ``uncounted`` calls are those that the endpoint gave no figures for.

    ``computed`` are those of the prompts that the server had to work on: llama.cpp keeps earlier ones' beginnings.
    """

    prompt: int = 0
    computed: int = 0
    output: int = 0
    uncounted: int = 0

    def add(self, tokens: tuple[int, int, int] | None) -> None:
        """Adds a call's tokens, in the order of the fields; None where the endpoint did not tell."""
        if tokens is None:
            self.uncounted += 1
        else:
            self.prompt += tokens[0]
            self.computed += tokens[1]
            self.output += tokens[2]


class EndpointModel:
    """An OpenAI-compatible endpoint. The key lives in memory only.

    Attributes:
        usage: tokens are counted where it is set, and only then asked for: not every endpoint knows the option.
    """

    def __init__(self, name: str, base_url: str, key: str, settings: LLMSettings) -> None:
        self.name = name
        self.usage: Usage | None = None
        self.counting: dict[str, Any] = {}  # what the server wants besides to tell the tokens of a reply cut short
        self._url, self._key, self._settings = base_url, key, settings
        self._client: Any = None

    def stream(self, messages: Sequence[Message], max_tokens: int, grammar: str = "") -> Iterator[str]:
        from httpx import TransportError
        from llama_index.core.llms import ChatMessage
        from openai import APIConnectionError, APIError, APIStatusError, AuthenticationError

        turns = [ChatMessage(role=role, content=text) for role, text in messages]
        usage, tokens = self.usage, None
        body = (self.counting if usage is not None else {}) | ({"grammar": grammar} if grammar else {})
        more: dict[str, Any] = {"extra_body": body} if body else {}
        if usage is not None:
            more["stream_options"] = {"include_usage": True}
        try:
            for piece in self._open().stream_chat(turns, max_tokens=max_tokens, **more):
                tokens = _tokens(piece.raw) or tokens
                if piece.delta:
                    yield piece.delta
        except AuthenticationError as error:
            raise ModelError(f"{self._url} refuses the key. Set KEJIAN_LLM__API_KEY.") from error
        except (APIConnectionError, TransportError) as error:  # time-outs, too, and a stream that breaks
            raise ModelUnreachable(f"{self._url} does not answer. Start it, or use --no-llm.") from error
        except APIStatusError as error:
            raise ModelError(f"{self._url} answered {error.status_code}. Check llm.model ({self.name!r}).") from error
        except APIError as error:
            raise ModelError(f"{self._url} could not answer: {error.message}") from error
        finally:  # also where the reader has had enough
            if usage is not None:
                usage.add(tokens)

    def _open(self) -> Any:
        if self._client is None:
            from llama_index.llms.openai_like import OpenAILike

            self._client = OpenAILike(
                model=self.name,
                api_base=self._url,
                api_key=self._key or "none",
                is_chat_model=True,
                context_window=self._settings.context,
                temperature=0.0,
                timeout=self._settings.timeout,
                max_retries=1,
            )
        return self._client


def _tokens(raw: Any) -> tuple[int, int, int] | None:
    """Of prompt, computed prompt and reply, where a piece tells: as llama.cpp's timings, or the last one as usage."""
    if timings := (getattr(raw, "model_extra", None) or {}).get("timings"):
        return timings["cache_n"] + timings["prompt_n"], timings["prompt_n"], timings["predicted_n"]
    if usage := getattr(raw, "usage", None):
        return usage.prompt_tokens, usage.prompt_tokens, usage.completion_tokens
    return None


class EmbeddedModel:
    """The prepared GGUF, served by llama.cpp in a process beside this one, on loopback behind a random key.

    It is started at its first use, shared by the whole process, for it takes 1.3 GB, and ends with it.

    Attributes:
        usage: see ``EndpointModel``.
    """

    name = LLM_NAME
    _servers: dict[tuple[str, int, int], tuple[subprocess.Popen[str], EndpointModel]] = {}  # noqa: RUF012 - one a process, on purpose
    _starting = threading.Lock()

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.usage: Usage | None = None

    def stream(self, messages: Sequence[Message], max_tokens: int, grammar: str = "") -> Iterator[str]:
        endpoint = self.start()
        endpoint.usage = self.usage
        yield from endpoint.stream(messages, max_tokens, grammar)

    def start(self) -> EndpointModel:
        """Loads the model if it is not loaded yet; takes seconds.

        Raises:
            ModelMissing: it is not prepared and its packages are not installed.
        """
        chosen = self._settings.llm
        key = (str(self._settings.cache), chosen.context, chosen.threads)
        with self._starting:
            if key not in self._servers or self._servers[key][0].poll() is not None:  # none yet, or it was killed
                self._servers[key] = _serve(str(llm_file(self._settings.cache)), chosen)
            return self._servers[key][1]


def _serve(path: str, settings: LLMSettings) -> tuple[subprocess.Popen[str], EndpointModel]:
    """Starts ``rag.llama_server`` and waits until the model is loaded."""
    if find_spec("xllamacpp") is None:
        raise ModelMissing("llama.cpp is not installed. Run: pip install xllamacpp")
    key = secrets.token_urlsafe(24)
    told = {"path": path, "key": key, "context": settings.context, "threads": settings.threads}
    log.info("loading %s", path)
    # llama.cpp writes its loading log whatever the verbosity; users have no use for it. Ctrl-C is for us alone.
    heard = None if log.isEnabledFor(logging.DEBUG) else subprocess.DEVNULL
    server = subprocess.Popen(
        [sys.executable, "-P", str(Path(__file__).with_name("llama_server.py"))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=heard, text=True, start_new_session=True,
    )  # fmt: skip
    atexit.register(_end, server)
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(json.dumps(told) + "\n")
    server.stdin.flush()
    if not (said := server.stdout.readline()):
        _end(server)
        raise ModelError(f"llama.cpp could not load {path}. See why with --debug; `kejian models prepare` checks it.")
    endpoint = EndpointModel(LLM_NAME, f"{json.loads(said)['address']}/v1", key, settings)
    endpoint.counting = {"timings_per_token": True}
    return server, endpoint


def _end(server: subprocess.Popen[str]) -> None:
    for pipe in (server.stdin, server.stdout):
        if pipe is not None:
            pipe.close()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
