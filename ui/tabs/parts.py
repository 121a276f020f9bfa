"""What the tabs have in common."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import gradio as gr

from library.errors import UsageError

QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
"""How handlers that answer at once are wired: past the queue of the long ones, and no part of the API."""
LONG: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""How handlers that show their own progress are wired."""
STOP = "取消 Cancel"
ANY_CITY = ("全部 All", "")


def running_job(label: str) -> tuple[gr.Button, gr.State]:
    """A button that begins long work, beside one that cancels it, and the user's state that holds what runs."""
    running = gr.State(None)
    with gr.Row():
        begin = gr.Button(label, variant="primary", min_width=260, scale=0)
        cancel = gr.Button(STOP, min_width=160, scale=0)
    cancel.click(stop, running, None, **QUICK)
    return begin, running


def stop(running: threading.Event | None) -> None:
    """Tells what runs to stop; its own handler then shows so."""
    if running is not None:
        running.set()


def is_running(running: threading.Event | None) -> bool:
    """Whether the user has something running in that place."""
    return running is not None and not running.is_set()


def iso_day(given: str) -> str:
    """A date as the user wrote it, empty where nothing was.

    Raises:
        UsageError: it is none.

    >>> iso_day(" 2025-02-06 "), iso_day("")
    ('2025-02-06', '')
    """
    try:
        return date.fromisoformat(given.strip()).isoformat() if given.strip() else ""
    except ValueError:
        raise UsageError(f"“{given.strip()}”不是日期 is no date; write it as 2025-02-06.") from None
