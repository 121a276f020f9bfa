"""The user's own terms, from the file that the settings name."""

from __future__ import annotations

from lang.glossary import parse_terms, use_own_terms
from library.errors import SettingsError
from library.settings import Settings


def load_own_terms(settings: Settings) -> None:
    """Puts the terms of ``settings.glossary`` before Kejian's own; without a file, none.

    The glossary is one for the process: what a page says is read the same by whoever reads it.

    Raises:
        SettingsError: the file can't be read, or a line is not of the form.
    """
    if settings.glossary is None:
        use_own_terms(())
        return
    path = settings.glossary.expanduser()
    try:
        use_own_terms(parse_terms(path.read_text("utf-8-sig"), "user"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The glossary {path} can't be read in UTF-8 ({error}). Mend glossary=.") from None
    except ValueError as error:
        raise SettingsError(f"The glossary {path} is not right: {error}.") from None
