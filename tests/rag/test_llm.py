from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lang.script import count_han
from library import Settings
from library.errors import ModelError, ModelMissing, SettingsError
from rag.llm import EmbeddedModel, EndpointModel, Usage, complete, in_latin_script, open_model
from tests.fakes import ScriptedModel


def test_the_settings_choose_the_model() -> None:
    assert open_model(Settings(llm={"model": "none"})) is None
    assert isinstance(open_model(Settings()), EmbeddedModel)
    chosen = open_model(Settings(llm={"model": "qwen", "base_url": "http://127.0.0.1:1/v1", "api_key": "secret"}))
    assert isinstance(chosen, EndpointModel) and chosen.name == "qwen"
    with pytest.raises(SettingsError, match="base_url"):
        open_model(Settings(llm={"model": "qwen"}))


@pytest.mark.models
def test_the_embedded_model_answers_and_refuses_a_wrong_key(settings: Settings) -> None:
    endpoint = EmbeddedModel(settings).start()
    assert "4" in complete(endpoint, [("user", "2+2=? Answer with the number.")], 16)
    stranger = EndpointModel(endpoint.name, endpoint._url, "wrong", settings.llm)
    with pytest.raises(Exception, match="refuses the key"):
        complete(stranger, [("user", "hello")], 16)


@pytest.mark.models
def test_held_to_the_latin_script_it_writes_no_chinese(settings: Settings) -> None:
    asked = [("user", "用中文重复：公积金新政 (repeat in Chinese)")]
    model = EmbeddedModel(settings)
    held = in_latin_script(model)
    assert held is not None and count_han(complete(model, asked, 20))
    said = complete(held, asked, 20)
    assert said and not count_han(said)


def test_only_the_embedded_model_can_be_held() -> None:
    assert in_latin_script(ScriptedModel()) is None


@pytest.mark.models
def test_an_endpoint_that_is_not_there_says_so(settings: Settings) -> None:
    nobody = EndpointModel("x", "http://127.0.0.1:9/v1", "", settings.llm)
    with pytest.raises(Exception, match="does not answer"):
        complete(nobody, [("user", "hello")], 16)


@pytest.mark.models
def test_the_server_ends_with_whoever_started_it_even_killed() -> None:
    told = """
import os, subprocess
from library import Settings
from rag import llm
started = subprocess.Popen
subprocess.Popen = lambda *a, **k: (server := started(*a, **k), print(server.pid, flush=True))[0]
llm.EmbeddedModel(Settings()).start()
os.kill(os.getpid(), 9)
"""
    ran = subprocess.run([sys.executable, "-c", told], stdout=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == -9
    server = int(ran.stdout)
    for _ in range(100):
        if not _runs(server):
            return
        time.sleep(0.1)
    os.kill(server, 9)
    pytest.fail("the server was still there after ten seconds")


def _runs(pid: int) -> bool:
    try:
        return "llama_server" in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


def test_a_file_that_is_no_model_is_an_error(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"no model")
    monkeypatch.setattr("rag.llm.llm_file", lambda cache: file)
    with pytest.raises(ModelError, match="could not load"):
        EmbeddedModel(settings).start()


def test_an_unprepared_model_names_the_remedy(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        from importlib.metadata import PackageNotFoundError

        raise PackageNotFoundError(name)

    monkeypatch.setattr("library.models.sources.distribution", absent)
    with pytest.raises(ModelMissing, match="pip install"):
        EmbeddedModel(settings).start()


class _Client:
    """Streams pieces as LlamaIndex does, and remembers what it was asked for."""

    def __init__(self, *raws: SimpleNamespace) -> None:
        self._raws = raws
        self.options: dict[str, Any] = {}

    def stream_chat(self, messages: Sequence[Any], **options: Any) -> Iterator[SimpleNamespace]:
        self.options = options
        yield from (SimpleNamespace(delta="字", raw=raw) for raw in self._raws)


def _counting(settings: Settings, *raws: SimpleNamespace) -> tuple[EndpointModel, _Client, Usage]:
    model, client, usage = EndpointModel("x", "http://127.0.0.1:9/v1", "", settings.llm), _Client(*raws), Usage()
    model._client, model.usage = client, usage
    return model, client, usage


def _timings(prompt: int, cached: int, output: int) -> SimpleNamespace:
    timings = {"prompt_n": prompt, "cache_n": cached, "predicted_n": output}
    return SimpleNamespace(usage=None, model_extra={"timings": timings})


def test_tokens_are_counted_over_the_calls_of_an_endpoint(settings: Settings) -> None:
    last = SimpleNamespace(usage=SimpleNamespace(prompt_tokens=34, completion_tokens=3), model_extra={})
    model, client, usage = _counting(settings, SimpleNamespace(usage=None, model_extra={}), last)
    for _ in range(2):
        complete(model, [("user", "hello")], 16)
    assert usage == Usage(prompt=68, computed=68, output=6)
    assert client.options["stream_options"] == {"include_usage": True}


def test_tokens_of_a_reply_cut_short_are_those_so_far(settings: Settings) -> None:
    model, _, usage = _counting(settings, _timings(30, 4, 1), _timings(30, 4, 2), _timings(30, 4, 3))
    reply = model.stream([("user", "hello")], 16)
    assert (next(reply), next(reply)) == ("字", "字")
    reply.close()  # type: ignore[attr-defined]
    assert usage == Usage(prompt=34, computed=30, output=2)


def test_a_call_without_figures_is_told_and_unasked_nothing_is_counted(settings: Settings) -> None:
    model, client, usage = _counting(settings, SimpleNamespace(usage=None, model_extra=None))
    complete(model, [("user", "hello")], 16)
    assert usage == Usage(uncounted=1)
    model.usage = None
    complete(model, [("user", "hello")], 16)
    assert (usage.uncounted, set(client.options)) == (1, {"max_tokens"})
