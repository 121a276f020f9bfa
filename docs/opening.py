"""How soon the app can be used: ``python docs/opening.py [RUNS]``, with Chromium, over the library of ``make demo``.

Counts seconds from the command to a question that can be typed, beside the smallest Gradio page there is, in turn.
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PLAIN = """
import sys
import gradio as gr
with gr.Blocks(analytics_enabled=False) as app:
    gr.Textbox(label="问题 Question")
app.launch(quiet=True, server_name="127.0.0.1", prevent_thread_lock=True, ssr_mode=False)
print("page:", app.local_url, file=sys.stderr, flush=True)
app.block_thread()
"""
COMMANDS = {
    "kejian chat": [str(Path(sys.executable).with_name("kejian")), "chat", "--library", str(ROOT / "demo")],
    "plain Gradio": [sys.executable, "-c", PLAIN],
}


def seconds(command: list[str], browser: Browser) -> float:
    """From the start of the command until the page takes a question."""
    environment = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False"}
    began = time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stderr is not None
        address = next(m[0] for line in server.stderr if (m := re.search(r"http://127\.0\.0\.1:\d+/?(?=\s)", line)))
        page = browser.new_page()
        page.goto(address)
        page.get_by_label("问题 Question").fill("？")
        took = time.perf_counter() - began
        page.close()
        server.send_signal(signal.SIGTERM)
    return took


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    took: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for _ in range(runs):
            for name, command in COMMANDS.items():
                took[name].append(seconds(command, browser))
        browser.close()
    for name, values in took.items():
        print(f"{name:14} {min(values):.1f} {statistics.median(values):.1f} {max(values):.1f} s (least, median, most)")
    ratio = statistics.median(took["kejian chat"]) / statistics.median(took["plain Gradio"])
    print(f"ratio of medians {ratio:.2f}, {runs} runs each")


if __name__ == "__main__":
    main()
