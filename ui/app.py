"""The Gradio app: one page, a tab a task, on this machine unless told otherwise."""

from __future__ import annotations

import inspect
import ipaddress
import logging
import os
import sys
from typing import Any
from unittest.mock import patch

# Gradio reads it when it is imported.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

# As it is imported, Gradio parses the source of its components to write stubs for editors: 1.3 of 3.1 seconds. Where it
# finds no source it leaves them out.
with patch.object(inspect, "getfile", side_effect=OSError):
    import gradio as gr

from library.errors import UsageError
from library.library import Library
from rag import Assistant
from ui import render
from ui.api import Api, offer_api
from ui.limits import MAX_UPLOAD, app_options
from ui.readiness import Readiness
from ui.tabs.ask import Chat, ask_tab
from ui.tabs.briefings import Briefings, briefings_tab
from ui.tabs.evaluate import Evaluations, evaluate_tab
from ui.tabs.shelf import Shelf, shelf_tab
from ui.tabs.targets import TargetsTab, targets_tab
from ui.theme import CSS, JS, theme

log = logging.getLogger(__name__)
_LONGEST_QUEUE = 64
_KEEP_FILES = 24 * 3600  # seconds that uploads and downloads stay in Gradio's cache
_FIRST_PAGE = 2.0  # seconds that a browser has to open the page before the models are loaded
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
    with gr.Blocks(
        title="科简 Kejian", analytics_enabled=False, fill_width=True, delete_cache=(3600, _KEEP_FILES)
    ) as app:
        offer_api(Api(library, assistant, ready))  # first, or a tab's handler has the name /ask
        with gr.Row(elem_classes="kj-top"):
            gr.HTML(_HEAD, elem_classes="kj-head", js_on_load=None, scale=5, min_width=280)
            state = gr.HTML(render.status_html(ready.line()), js_on_load=None, scale=3, min_width=280)
        took = gr.HTML("", elem_id="kj-footer", js_on_load=None, render=False)
        with gr.Tabs():
            with gr.Tab("提问 Ask", id="ask"):
                cities = ask_tab(app, Chat(library, assistant, ready), took)
            with gr.Tab("书架 Library", id="library"):
                changes = shelf_tab(app, Shelf(library, ready))
            with gr.Tab("简报 Briefings", id="briefings"):
                briefings_tab(app, Briefings(library, assistant.model, ready), changes)
            with gr.Tab("目标 Targets", id="targets"):
                targets_tab(app, TargetsTab(library), changes)
            with gr.Tab("评测 Evaluate", id="evaluate"):
                evaluate_tab(Evaluations(library, assistant, ready))
        took.render()
        for change in changes:
            change.then(**cities)
        _show_readiness(app, ready, state)
    app.queue(api_open=False, max_size=_LONGEST_QUEUE)
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
    try:
        app.launch(
            server_name=host, server_port=port or None, auth=auth, inbrowser=open_browser, prevent_thread_lock=True,
            **page_options(),
        )  # fmt: skip
    except OSError as error:
        raise UsageError(f"Port {port} on {host} is taken or not allowed. Choose another with --port.") from error
    # Only now: loading takes both cores, the first page would open half a second later, and Gradio gives up on a server
    # that does not answer its first call within three.
    readiness.start(after=_FIRST_PAGE)
    print(f"科简 Kejian: {app.local_url}  (Ctrl-C 退出 quits)", file=sys.stderr)
    if block:
        app.block_thread()
    return app


def page_options() -> dict[str, Any]:
    """What Gradio takes at launch: the looks, and everything that would leave this machine switched off."""
    return {
        "theme": theme(), "css": CSS, "js": JS, "footer_links": ["api", "settings"], "share": False, "ssr_mode": False,
        "pwa": False, "mcp_server": True, "run_history": False, "enable_monitoring": False, "quiet": True,
        "max_file_size": MAX_UPLOAD.replace(" ", "").lower(), "app_kwargs": app_options(),
    }  # fmt: skip
