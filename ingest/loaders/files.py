"""Reading regular files, and nothing else that has a name in a folder: no pipe, no device, no socket."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from ingest.loaders import source
from library.errors import PageError


def uri(path: Path) -> str:
    """The path as text, whatever bytes its name has (names in GBK come out of archives)."""
    return str(path.resolve()).encode("utf-8", "backslashreplace").decode()


def open_regular(path: Path) -> BinaryIO:
    """Opens a regular file.

    Raises:
        PageError: it is something else, or can't be opened. A pipe would block for ever, so it is asked first.
    """
    try:
        _demand_regular(path.stat().st_mode)
        # It may be replaced between the two: the file that is open is asked again, and no open blocks.
        handle = open(path, "rb", opener=lambda p, flags: os.open(p, flags | getattr(os, "O_NONBLOCK", 0)))  # noqa: SIM115
        try:
            _demand_regular(os.fstat(handle.fileno()).st_mode)
        except PageError:
            handle.close()
            raise
        return handle
    except FileNotFoundError as error:
        link = path.is_symlink()
        raise PageError("can't be read (a link that leads nowhere)" if link else _cannot(error)) from error
    except (OSError, ValueError) as error:
        raise PageError(_cannot(error)) from error


def read_file(path: Path) -> bytes:
    """The bytes of one page.

    Raises:
        PageError: it is no regular file, too large, or can't be read.
    """
    with open_regular(path) as handle:
        if os.fstat(handle.fileno()).st_size > source.MAX_BYTES:
            raise source.too_large()
        try:
            data = handle.read(source.MAX_BYTES + 1)
        except OSError as error:
            raise PageError(_cannot(error)) from error
    if len(data) > source.MAX_BYTES:
        raise source.too_large()
    return data


def head(path: Path, size: int = 1024) -> bytes:
    """The first bytes of a file, to tell its format by.

    Raises:
        PageError: as ``open_regular``.
    """
    with open_regular(path) as handle:
        try:
            return handle.read(size)
        except OSError as error:
            raise PageError(_cannot(error)) from error


def _demand_regular(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise PageError("not a regular file")


def _cannot(error: OSError | ValueError) -> str:
    return f"can't be read ({getattr(error, 'strerror', None) or error})"
