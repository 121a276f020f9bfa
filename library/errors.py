"""What can go wrong, as types.

KejianError
├── UsageError              the caller asked for something that can't be (exit status 2)
│   ├── SettingsError       a setting is unknown, malformed or contradictory
│   └── NotFoundError       no article with that id (exit status 1)
├── PageError               one page could not be read; the rest of the batch goes on
├── LibraryError            the shelf can't be used (exit status 3)
│   ├── LibraryDamaged      a file of the library is missing or unreadable
│   ├── LibraryLocked       another process is writing to it
│   └── FingerprintMismatch it was built with another encoder, chunking or cleaning
└── ModelError              an encoder or an LLM can't be had (exit status 2)
    ├── ModelMissing        not prepared, or its packages are not installed
    ├── ModelCorrupt        its bytes do not have the pinned SHA-256
    └── ModelUnreachable    the endpoint does not answer; trying again may help

Every message is one sentence (or two) for the user and names the remedy.
"""

from __future__ import annotations


class KejianError(Exception):
    """Base of all errors that Kejian raises on purpose.

    Attributes:
        exit_status: what the command line exits with.
        retryable: whether the same call may succeed later, unchanged.
    """

    exit_status = 1
    retryable = False


class UsageError(KejianError):
    """The caller asked for something that can't be."""

    exit_status = 2


class SettingsError(UsageError):
    """A setting is unknown, malformed or contradictory."""


class NotFoundError(UsageError):
    """No article with that id."""

    exit_status = 1


class PageError(KejianError):
    """One page could not be read; the rest of the batch goes on."""


class LibraryError(KejianError):
    """The shelf can't be used."""

    exit_status = 3


class LibraryDamaged(LibraryError):
    """A file of the library is missing or unreadable."""


class LibraryLocked(LibraryError):
    """Another process is writing to the library."""

    retryable = True


class FingerprintMismatch(LibraryError):
    """The library was built with another encoder, chunking or cleaning."""


class ModelError(KejianError):
    """An encoder or an LLM can't be had."""

    exit_status = 2


class ModelMissing(ModelError):
    """The model is not prepared, or its packages are not installed."""


class ModelCorrupt(ModelError):
    """The model's bytes do not have the pinned SHA-256."""


class ModelUnreachable(ModelError):
    """The endpoint does not answer."""

    retryable = True
