"""The Gradio app: one page, a tab a task, on this machine unless told otherwise."""

from __future__ import annotations

import ipaddress
import logging
import os
import sys
from typing import Any

# Gradio reads it when it is imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr

from library.errors import UsageError
from library.library import Library
from rag import Assistant
from ui import render
from ui.chat import Chat, chat_tab
from ui.readiness import Readiness
from ui.theme import CSS, JS, theme

log = logging.getLogger(__name__)
_HEAD = (
    "<h1>科简 Kejian</h1><p>中国科技政策问答，句句有出处 Answers about Chinese science policy, every sentence cited</p>"
)


def build_app(library: Library, assistant: Assistant, readiness: Readiness | None = None) -> gr.Blocks:
    """The page, not yet served. It opens before the models are loaded.

    Args:
        library: the shelf that is asked.
        assistant: who answers.
        readiness: who loads the models; by default the first question does.
    """
    ready = readiness or Readiness(library, assistant)
    with gr.Blocks(title="科简 Kejian", analytics_enabled=False, fill_width=True) as app:
        with gr.Row(elem_classes="kj-top"):
            gr.HTML(_HEAD, elem_classes="kj-head", js_on_load=None, scale=5, min_width=280)
            state = gr.HTML(render.status_html(ready.line()), js_on_load=None, scale=3, min_width=280)
        with gr.Tabs(), gr.Tab("提问 Ask", id="ask"):
            chat_tab(app, Chat(library, assistant, ready))
        _show_readiness(app, ready, state)
    app.queue(api_open=False)
    return app


def _show_readiness(app: gr.Blocks, ready: Readiness, state: Any) -> None:
    timer = gr.Timer(2)

    def look() -> tuple[str, Any]:
        return render.status_html(ready.line()), gr.Timer(active=not ready.done)

    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    timer.tick(look, None, [state, timer], **quiet)
    app.load(look, None, [state, timer], **quiet)


def exposure_warning(host: str, auth: tuple[str, str] | None) -> str:
    """What to tell someone who opens the page to others without a password; empty where there is no need.

    >>> exposure_warning("127.0.0.1", None)
    ''
    """
    if auth or _is_loopback(host):
        return ""
    return (
        f"Anyone who can reach {host} can read the whole library: no password is set. "
        "Set one with --auth USER:PASSWORD, or use --host 127.0.0.1."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def launch(
    library: Library,
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    auth: tuple[str, str] | None = None,
    open_browser: bool = False,
    block: bool = True,
) -> gr.Blocks:
    """Serves the page and loads the models in the background.

    Args:
        library: the shelf that is asked.
        assistant: who answers.
        host: where to listen; on any other than this machine a missing ``auth`` is warned of.
        port: the port; 0 takes the first free one from 7860.
        auth: user and password.
        open_browser: whether to open the page in a browser.
        block: whether to wait until it is interrupted; else the caller closes the returned app.

    Raises:
        UsageError: the port is taken.
    """
    if warning := exposure_warning(host, auth):
        log.warning(warning)
    readiness = Readiness(library, assistant)
    app = build_app(library, assistant, readiness)
    readiness.start()
    try:
        app.launch(
            server_name=host, server_port=port or None, auth=auth, inbrowser=open_browser, prevent_thread_lock=True,
            **page_options(),
        )  # fmt: skip
    except OSError as error:
        raise UsageError(f"Port {port} on {host} is taken or not allowed. Choose another with --port.") from error
    print(f"科简 Kejian: {app.local_url}  (Ctrl-C 退出 quits)", file=sys.stderr)
    if block:
        app.block_thread()
    return app


def page_options() -> dict[str, Any]:
    """What Gradio takes at launch: the looks, and everything that would leave this machine switched off."""
    return {
        "theme": theme(), "css": CSS, "js": JS, "footer_links": ["settings"], "share": False, "ssr_mode": False,
        "pwa": False, "mcp_server": False, "run_history": False, "enable_monitoring": False, "quiet": True,
    }  # fmt: skip
