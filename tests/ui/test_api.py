"""Other programs: Gradio's client and an MCP client get the contract's JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

# They need the served page, and with it a socket on this machine.
pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"])]
QUESTION = "江门市的高企存量目标是多少？"
ANSWER = {"question", "language", "status", "answer", "sentences", "citations", "model", "seconds"}
CITATION = {
    "n", "article_id", "title", "city", "published", "uri", "start", "end", "quote", "raw_start", "raw_end",
}  # fmt: skip
BRIEFING = {
    "title_zh", "title_en", "language", "articles", "sections", "targets", "citations", "glossary", "model", "seconds",
}  # fmt: skip


@pytest.fixture(scope="module")
def client(address: str) -> Any:
    from gradio_client import Client

    return Client(address, verbose=False)


def check_answer(answer: dict[str, Any]) -> None:
    assert answer.keys() >= ANSWER and answer["status"] == "answered"
    assert "3000家[1]" in answer["answer"]
    (citation,) = answer["citations"]
    assert citation.keys() >= CITATION and "3000家" in citation["quote"]
    assert answer["sentences"][0].keys() >= {"text", "citations", "supported", "numbers", "reason"}


def test_a_client_asks_and_gets_the_answer_as_a_dict(client: Any) -> None:
    check_answer(client.predict(QUESTION, api_name="/ask"))


def test_a_client_searches_briefs_and_lists_targets(client: Any) -> None:
    (passage,) = client.predict("江门 高企", k=1, api_name="/search")
    assert passage["city"] == "江门" and "江门" in passage["text"]
    briefing = client.predict(city="Jiangmen", language="zh", api_name="/brief")
    assert briefing.keys() >= BRIEFING and briefing["articles"] == [passage["article_id"]]
    (target,) = client.predict("江门", "high-tech enterprises", api_name="/targets")
    assert (target["city"], target["value"], target["unit"]) == ("江门", 3000, "家")


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("/ask", {"question": " "}, "empty"),
        ("/search", {"query": "x", "since": "yesterday"}, "no date"),
        ("/brief", {}, "topic"),
    ],
)
def test_a_mistake_is_a_sentence(client: Any, name: str, given: dict[str, str], says: str) -> None:
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match=says):
        client.predict(**given, api_name=name)


def test_an_mcp_client_finds_documented_tools_and_asks(address: str) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def talk() -> None:
        async with (
            streamable_http_client(f"{address}/gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
            assert set(tools) == {"ask", "search", "brief", "targets"}
            for tool in tools.values():
                assert len(tool.description or "") > 40
                assert all(given["description"] for given in tool.inputSchema["properties"].values())
            told = await session.call_tool("ask", {"question": QUESTION})
            check_answer(json.loads(told.content[0].text))  # type: ignore[union-attr]
            refused = await session.call_tool("ask", {"question": ""})
            assert refused.isError and "empty" in refused.content[0].text  # type: ignore[union-attr]

    asyncio.run(talk())
