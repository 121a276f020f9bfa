"""Fetching a page that a URL names, from public servers only.

A URL may come from a page or a list that somebody else wrote, so it must not reach into the network that
Kejian runs in: every address of every host, redirects included, is checked, and the connection goes to the
address that was checked, not to whatever the name means a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from ingest.loaders import source
from ingest.loaders.source import Download
from library.errors import PageError

SECONDS = 30.0
_MAX_HOPS = 5
_PORTS = frozenset([80, 443, 8000, 8080, 8081, 8088, 8443])
_TYPES = frozenset(
    """text/html application/xhtml+xml text/plain text/markdown text/xml application/xml application/pdf
    application/vnd.openxmlformats-officedocument.wordprocessingml.document application/octet-stream
    message/rfc822 multipart/related""".split()
)
_AGENT = "Mozilla/5.0 (compatible; Kejian/0.1; reads single pages on a user's request)"
_SAVE = "save the page and give its file"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Allow = Callable[[Address, int], bool]


def is_url(path: str) -> bool:
    """Whether a path given by the user is to be fetched."""
    return path.lower().startswith(("http://", "https://"))


def is_public(address: Address, port: int) -> bool:
    """Whether a server at that address and port may be asked.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo, NAT64) is as public as that is.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(inner, port)
    reserved = address.is_multicast or address.is_reserved or address.is_private or address.is_unspecified
    return address.is_global and not reserved and port in _PORTS


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def fetch(url: str, allow: Allow = is_public, seconds: float = SECONDS) -> Download:
    """The bytes behind a URL, unpacked, with what the server says of them.

    Args:
        url: ``http`` or ``https``, without a user's name in it.
        allow: which addresses and ports may be reached; anything but the default is for tests.
        seconds: for all of it, names and redirects included.

    Raises:
        PageError: the URL or where it leads is not public, no page, too large or too slow, or the server
            does not give it.
    """
    deadline = time.monotonic() + seconds
    backend = _Pinned(allow, deadline)
    with _told(), httpcore.ConnectionPool(ssl_context=_tls(), network_backend=backend) as pool:
        for _ in range(_MAX_HOPS + 1):
            target = _checked(url)
            with pool.stream("GET", str(target), headers=_headers(target), extensions=_timeouts()) as response:
                headers = {k.lower(): v for k, v in _text(response.headers)}
                if response.status in (301, 302, 303, 307, 308) and "location" in headers:
                    url = _joined(target, headers["location"])
                    continue
                if response.status != 200:
                    raise PageError(f"the server answered {response.status}")
                return _download(response, headers)
    raise PageError(f"more than {_MAX_HOPS} redirects; {_SAVE}")


def _checked(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise PageError("not a URL that can be fetched; check it") from error
    if target.scheme not in ("http", "https") or not target.host:
        raise PageError(f"it leads to {target.scheme or 'no'}:, and only http and https are fetched")
    if not 0 < (target.port or 80) < 65536:
        raise PageError("not a URL that can be fetched; check its port")
    if target.userinfo:
        raise PageError("it has a user's name in it; give the URL without")
    return target


def _joined(base: httpx.URL, location: str) -> str:
    try:
        return str(base.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise PageError("the server redirects to no valid URL") from error


def _headers(target: httpx.URL) -> list[tuple[str, str]]:
    return [
        ("Host", target.netloc.decode("ascii")),
        ("User-Agent", _AGENT),
        ("Accept", "text/html,application/xhtml+xml,text/plain;q=0.9,application/pdf;q=0.8,*/*;q=0.1"),
        ("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Connection", "close"),
    ]


def _timeouts() -> dict[str, Any]:
    return {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), 15.0)}


def _tls() -> ssl.SSLContext:
    return httpcore.default_ssl_context()


def _text(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    return ((k.decode("latin-1"), v.decode("utf-8", "replace")) for k, v in headers)


def _download(response: httpcore.Response, headers: dict[str, str]) -> Download:
    media, _, rest = headers.get("content-type", "").partition(";")
    media = media.strip().lower()
    if media and media not in _TYPES:
        raise PageError(f"the server gives {media[:60]}, which is no page")
    parts = _unpacked(response.iter_stream(), headers.get("content-encoding", "").strip().lower())
    data, size = [], 0
    for part in parts:
        data.append(part)
        size += len(part)
        if size > source.MAX_BYTES:
            raise PageError(f"larger than {source.MAX_BYTES / 10**6:g} MB")
    page = Download(b"".join(data))
    page.media_type = media
    charset = rest.lower().partition("charset=")[2].partition(";")[0]
    page.charset = charset.strip(" \"'")[:40]
    return page


def _unpacked(parts: Iterable[bytes], packing: str) -> Iterator[bytes]:
    """The content in pieces of at most a megabyte, however little of it came over the wire."""
    if packing in ("", "identity"):
        yield from parts
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise PageError(f"the server packs the page as {packing[:20]}; {_SAVE}")
    unpack = None
    for part in parts:
        if unpack is None:  # "deflate" is zlib's format, or with some servers the bare one
            bare = packing == "deflate" and part[:1] and part[0] & 0x0F != 8
            unpack = zlib.decompressobj(-15 if bare else 47)
        while part:
            yield unpack.decompress(part, 1_000_000)
            part = unpack.unconsumed_tail
    if unpack is not None:
        yield unpack.flush()


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong on the way, as a reason with the remedy."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise PageError(f"the server is too slow; {_SAVE}") from error
    except zlib.error as error:
        raise PageError(f"the server packed the page wrongly; {_SAVE}") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
        said = " ".join(str(error).split())[:120] or type(error).__name__
        raise PageError(f"can't be fetched ({said}); {_SAVE}") from error


class _Pinned(httpcore.NetworkBackend):
    """Connects to a host's address only after all its addresses were checked, and to one of these."""

    def __init__(self, allow: Allow, deadline: float) -> None:
        self._allow, self._deadline = allow, deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        addresses = _resolve(host, port, _left(self._deadline, timeout))
        for address in addresses:
            if not self._allow(address, port):
                where = f"port {port}" if self._allow(address, 443) else "a private or reserved address"
                raise PageError(f"it leads to {where}, and only public pages are fetched; {_SAVE}")
        failed: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses:
            try:
                stream = self._backend.connect_tcp(
                    str(address), port, _left(self._deadline, timeout), local_address, socket_options
                )
                return _Timed(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


class _Timed(httpcore.NetworkStream):
    """A connection that ends at the deadline, however steadily its server drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for one page is over")
    return left if timeout is None else min(left, timeout)


def _resolve(host: str, port: int, seconds: float) -> list[Address]:
    """The addresses of a host. A name server may take minutes, and there is no other way to leave it."""
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise httpcore.ConnectTimeout("the name server is too slow")
    if isinstance(found[0], Exception):
        raise PageError(f"no server of that name was found ({host}); check the URL")
    return [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in found[0]]
