"""The page's frame: where it listens, what it fetches, what it warns of."""

from __future__ import annotations

import asyncio

import gradio as gr
import pytest

from library import Library
from rag import Assistant
from tests.fakes import ScriptedModel
from ui.app import build_app, exposure_warning, page_options
from ui.theme import CSS


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "localhost", "::1", "[::1]"])
def test_this_machine_needs_no_password(host: str) -> None:
    assert exposure_warning(host, None) == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "kejian.example"])
def test_an_open_page_without_a_password_is_warned_of(host: str) -> None:
    assert host in exposure_warning(host, None) and "--auth" in exposure_warning(host, None)
    assert exposure_warning(host, ("user", "password")) == ""


def test_the_page_fetches_nothing_from_elsewhere() -> None:
    options = page_options()
    assert options["theme"]._stylesheets == [] and options["theme"]._font_css == []
    assert "http" not in CSS and "@import" not in CSS
    assert not any(options[name] for name in ("share", "run_history", "pwa", "ssr_mode"))


def test_the_page_is_built_without_loading_a_model(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library.encoder, "query", lambda _text: pytest.fail("the encoder was used"))

    async def build() -> gr.Blocks:  # inside a loop, or Gradio makes some of its own and never closes them
        return build_app(library, Assistant(library, library.settings, ScriptedModel()))

    app = asyncio.run(build())
    labels = {block.label for block in app.blocks.values() if getattr(block, "label", None)}
    assert {"提问 Ask", "书架 Library", "简报 Briefings", "目标 Targets", "评测 Evaluate"} <= labels
    assert {"问题 Question", "回答语言 Answer in", "城市 City", "问答 Chat"} <= labels
    assert not app.analytics_enabled
