from __future__ import annotations

import os
from pathlib import Path

import pytest

from library import Settings
from library.errors import SettingsError
from library.settings import settings_file

SECRET = "sk-do-not-tell-7f3a"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("KEJIAN_CONFIG", str(path))
    return path


def test_defaults_need_no_file() -> None:
    assert not settings_file().exists()
    settings = Settings()
    assert (settings.llm.model, settings.encoder.model) == ("embedded", "embedded")
    assert settings.llm.threads == (os.cpu_count() or 2)


def test_later_sources_win(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text(
        '[llm]\nmodel = "from-file"\ncontext = 1024\nmax_tokens = 64\n[chunks]\nmax_chars = 100\n', encoding="utf-8"
    )
    monkeypatch.setenv("KEJIAN_LLM__MODEL", "from-environment")
    monkeypatch.setenv("KEJIAN_LLM__CONTEXT", "2048")
    settings = Settings(llm={"model": "from-arguments"})
    assert (settings.llm.model, settings.llm.context, settings.llm.max_tokens) == ("from-arguments", 2048, 64)
    assert settings.chunks.max_chars == 100


def test_a_variable_may_hold_a_whole_branch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEJIAN_RETRIEVAL", '{"passages": 3}')
    monkeypatch.setenv("KEJIAN_LIBRARY", "shelf")
    assert Settings().retrieval.passages == 3
    assert Settings().library == Path("shelf")


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("lbrary = 'x'", "lbrary"),
        ("[llm]\nmodle = 'x'", "llm.modle"),
        ("[chunks]\nmax_chars = 5", "chunks.max_chars"),
        ("[cleaning]\nscript = 'both'", "cleaning.script"),
        ("encoder = 'embedded'", "encoder"),
    ],
)
def test_what_is_wrong_is_named(config: Path, written: str, named: str) -> None:
    config.write_text(written, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        Settings()
    assert f" {named}: " in str(caught.value)
    assert str(config) in str(caught.value)


def test_an_unknown_nested_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEJIAN_LLM__API_KYE", SECRET)
    with pytest.raises(SettingsError, match=r"llm\.api_kye") as caught:
        Settings()
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("content", [b"llm = [[[", "库 = '书'".encode("gb18030")])
def test_a_file_that_is_not_toml_is_a_settings_error(config: Path, content: bytes) -> None:
    config.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        Settings()
    assert str(config) in str(caught.value)


def test_a_branch_that_is_not_json_is_a_settings_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEJIAN_LLM", "{" + SECRET)
    with pytest.raises(SettingsError, match="llm") as caught:
        Settings()
    assert SECRET not in str(caught.value)


def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEJIAN_LLM__API_KEY", SECRET)
    settings = Settings()
    assert settings.llm.api_key.get_secret_value() == SECRET
    shown = [repr(settings), str(settings), settings.model_dump_json(), str(settings.model_dump()), repr(settings.llm)]
    assert not any(SECRET in text for text in shown)
    monkeypatch.setenv("KEJIAN_LLM__CONTEXT", "1")
    with pytest.raises(SettingsError) as caught:
        Settings()
    assert SECRET not in str(caught.value)


def test_settings_are_frozen() -> None:
    settings = Settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.chunks = settings.chunks
    with pytest.raises(ValueError, match="frozen"):
        settings.llm.context = 1024
