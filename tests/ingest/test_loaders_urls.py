"""Fetching: what a server may do, and where a URL may not lead."""

from __future__ import annotations

import contextlib
import gzip
import ipaddress
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import pytest

from ingest.loaders import is_url
from ingest.loaders import source as limits
from ingest.loaders.reading import read_page
from ingest.loaders.source import Source
from ingest.loaders.urls import Address, fetch, is_public
from library.errors import PageError

Handler = Callable[[BaseHTTPRequestHandler], None]
Serve = Callable[[Handler], str]
PAGE = "<html><body><p>江门市科技局召开会议，部署全年的工作。</p></body></html>"


def _local(address: Address, port: int) -> bool:
    return address.is_loopback


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server on this machine whose every answer is the handler's; gives its URL."""
    servers: list[ThreadingHTTPServer] = []

    def start(handle: Handler) -> str:
        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.close_connection = True
                with contextlib.suppress(OSError):  # the client may hang up
                    handle(self)

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _answer(body: bytes, status: int = 200, **headers: str) -> Handler:
    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        given = {"content_type": "text/html", "content_length": str(len(body))} | headers
        for name, value in given.items():
            if value:
                request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return handle


pytestmark = pytest.mark.enable_socket


def test_a_page_is_fetched_with_the_charset_its_server_names(serve: Serve) -> None:
    text = "Größe und Übermaß"
    url = serve(_answer(text.encode("iso-8859-15"), content_type="text/plain; charset=ISO-8859-15"))
    data = fetch(f"{url}/page?id=3", allow=_local)
    assert (data.charset, data.media_type) == ("iso-8859-15", "text/plain")
    url = serve(_answer(PAGE.encode("gb18030"), content_type="text/html;charset=gbk"))
    page = read_page(Source("https://x.example/page?id=3", bytes), fetch(url, allow=_local))
    assert page.text.chars == "江门市科技局召开会议，部署全年的工作。"


def test_a_packed_page_is_unpacked(serve: Serve) -> None:
    url = serve(_answer(gzip.compress(PAGE.encode()), content_encoding="gzip"))
    assert fetch(url, allow=_local) == PAGE.encode()


@pytest.mark.parametrize("status", [404, 500, 204])
def test_a_server_that_refuses_is_told(serve: Serve, status: int) -> None:
    with pytest.raises(PageError, match=f"answered {status}"):
        fetch(serve(_answer(b"", status)), allow=_local)


@pytest.mark.parametrize("kind", ["image/png", "application/zip", "application/json", "video/mp4"])
def test_what_is_no_page_is_refused_by_its_type(serve: Serve, kind: str) -> None:
    with pytest.raises(PageError, match=f"the server gives {kind}, which is no page"):
        fetch(serve(_answer(b"x", content_type=kind)), allow=_local)


def test_redirects_are_followed_five_times(serve: Serve) -> None:
    target = serve(_answer(PAGE.encode()))
    url = target
    for _ in range(5):
        url = serve(_answer(b"", 302, location=url))
    assert fetch(url, allow=_local) == PAGE.encode()
    with pytest.raises(PageError, match=r"more than 5 redirects"):
        fetch(serve(_answer(b"", 302, location=url)), allow=_local)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://x.example/a", "gopher://127.0.0.1/"])
def test_a_redirect_to_something_else_is_refused(serve: Serve, location: str) -> None:
    with pytest.raises(PageError, match=r"only http and https are fetched|can't be fetched"):
        fetch(serve(_answer(b"", 301, location=location)), allow=_local)


def test_a_redirect_into_the_private_network_is_refused(serve: Serve) -> None:
    asked: list[str] = []
    secret = serve(lambda request: asked.append(request.path))
    port = int(secret.rpartition(":")[2])
    url = serve(_answer(b"", 302, location=secret))
    with pytest.raises(PageError, match=r"private or reserved address|leads to port"):
        fetch(url, allow=lambda address, to: to != port)
    assert asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"])
def test_this_machine_is_never_asked(serve: Serve, host: str) -> None:
    asked: list[str] = []
    serve(lambda request: asked.append(request.path))
    with pytest.raises(PageError, match=r"private or reserved address|no server of that name"):
        fetch(f"http://{host}/")
    assert asked == []


@pytest.mark.parametrize("url", ["http://user:pw@127.0.0.1/", "http://user@x.example/"])
def test_a_name_in_the_url_is_refused(url: str) -> None:
    with pytest.raises(PageError, match=r"user's name"):
        fetch(url)


@pytest.mark.parametrize("url", ["http://", "http:///a", "https://[::1", "http://x.example:99999/"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(PageError):
        fetch(url)


def test_an_endless_page_stops_at_the_limit(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 1_000_000)
    sent: list[int] = []

    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/plain")
        request.end_headers()
        while True:
            request.wfile.write(b"x" * 50_000)
            sent.append(50_000)

    with pytest.raises(PageError, match=r"larger than 1 MB"):
        fetch(serve(handle), allow=_local)
    assert sum(sent) < 50_000_000


def test_a_bomb_is_let_go_of_while_it_unpacks(serve: Serve) -> None:
    bomb = gzip.compress(bytes(300_000_000), 9)
    with pytest.raises(PageError, match=r"larger than 20 MB"):
        fetch(serve(_answer(bomb, content_encoding="gzip")), allow=_local)


@pytest.mark.parametrize("where", ["header", "body"])
def test_a_server_that_drips_is_left_at_the_deadline(serve: Serve, where: str) -> None:
    def handle(request: BaseHTTPRequestHandler) -> None:
        if where == "body":
            request.send_response(200)
            request.send_header("Content-Type", "text/plain")
            request.end_headers()
        else:
            request.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(200):
            request.wfile.write(b"x")
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(PageError, match=r"too slow; save the page"):
        fetch(serve(handle), allow=_local, seconds=0.5)
    assert time.monotonic() - began < 8  # it would drip for ten seconds


@pytest.mark.parametrize("body", [b"not gzip at all", gzip.compress(b"x" * 99)[:5] + b"\xff" * 50])
def test_a_page_that_is_packed_wrongly_is_told(serve: Serve, body: bytes) -> None:
    with pytest.raises(PageError, match=r"packed the page wrongly"):
        fetch(serve(_answer(body, content_encoding="gzip")), allow=_local)


def test_a_packing_that_was_not_asked_for_is_told(serve: Serve) -> None:
    with pytest.raises(PageError, match=r"packs the page as br"):
        fetch(serve(_answer(b"x", content_encoding="br")), allow=_local)


def test_a_server_that_hangs_up_is_told(serve: Serve) -> None:
    with pytest.raises(PageError, match=r"can't be fetched .*; save the page and give its file"):
        fetch(serve(_answer(b"x", content_length="99999")), allow=_local)


def test_every_address_of_a_name_must_be_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the connection goes to the address that was checked: the name is not asked a second time."""
    import socket

    answers = [["93.184.216.34", "10.0.0.1"], ["93.184.216.34"]]
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **kwargs: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in answers[len(asked) - 1]]

    reached: list[str] = []

    def connect_tcp(self: object, host: str, *args: object) -> httpcore.NetworkStream:
        reached.append(host)
        raise httpcore.ConnectError("unreachable here")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    with pytest.raises(PageError, match=r"private or reserved"):
        fetch("http://x.example/")
    assert reached == []
    with pytest.raises(PageError, match=r"unreachable here"):
        fetch("http://x.example/")
    assert (reached, asked) == (["93.184.216.34"], ["x.example", "x.example"])


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:4700::6810:1", True), ("::ffff:93.184.216.34", True),
        ("10.0.0.1", False), ("172.16.0.1", False), ("192.168.1.1", False), ("127.0.0.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("240.0.0.1", False), ("255.255.255.255", False), ("192.0.2.1", False), ("::", False), ("::1", False),
        ("fe80::1", False), ("fc00::1", False), ("ff02::1", False), ("2001:db8::1", False),
        ("::ffff:10.0.0.1", False), ("64:ff9b::a00:1", False), ("2002:a00:1::", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address), 443) == public


@pytest.mark.parametrize(("port", "allowed"), [(80, True), (443, True), (8080, True), (22, False), (6379, False)])
def test_ports_of_web_servers_only(port: int, allowed: bool) -> None:
    assert is_public(ipaddress.ip_address("93.184.216.34"), port) == allowed


def test_urls_are_told_from_paths() -> None:
    assert is_url("HTTPS://x.example/a")
    assert not is_url("http.txt")
