"""Chinese to English, sentence by sentence; figures are rendered beforehand and checked afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

from lang.dates import MONTHS
from lang.people import is_name, romanize
from lang.script import count_han
from lang.sentences import split_sentences
from library.records import TranslatedSentence
from rag.llm import ChatModel, complete, in_latin_script
from rag.prompts import Message, headline_prompt, plain_translation_prompt, translation_prompt
from rag.translate.checks import CHINESE, LEFT, check_translation, official_terms
from rag.translate.rendering import MOST_HINTS, fold, put_names, render, rendering_of, renderings

Progress = Callable[[int, int], None]
_CAPITALISED = re.compile(r"\b[A-Z][a-z]+\b")
_SPELLED = 0.85  # of difflib's ratio
_COMMA = re.compile("[，,；;](?![^（()）]{0,200}[)）])")
_HALF = 14  # characters
_ADDED_YEAR = re.compile(r"figure added: (?:19|20)\d\d$")
_YEAR_AFTER_DAY = re.compile(rf"\b((?:{'|'.join(MONTHS)}) \d{{1,2}}(?:st|nd|rd|th)?),? (?:19|20)\d\d\b,?")
_MISSING = re.compile("(?:figure|name) missing: (.+)")
_MAX_TOKENS = 220
_MAX_PHRASE_TOKENS = 24
_LONGEST_ALONE = 20  # letters for each character
_MOST_LEFT = 6  # phrases left in Chinese that are worth translating by themselves


def translate_text(text: str, model: ChatModel, progress: Progress | None = None) -> list[TranslatedSentence]:
    """Every sentence of a Chinese text with its English, in order; ``progress`` gets done and total."""
    sentences = [text[a:b] for a, b in split_sentences(text)]
    translated = []
    for n, sentence in enumerate(sentences, 1):
        translated.append(translate_sentence(sentence, model))
        if progress:
            progress(n, len(sentences))
    return translated


def translate_sentence(zh: str, model: ChatModel, names: Mapping[str, str] | None = None) -> TranslatedSentence:
    """One sentence; where the checks find something it is tried again: plainly told, held to the Latin script, in two
    halves. The best counts.

    Args:
        zh: in Chinese.
        model: translates.
        names: of people and places, with their English, besides those that the sentence tells for such itself.
    """
    made = [_with_terms(zh, model, names or {})]
    lost_term = any(flag.startswith("term") for flag in made[0].flags)
    for attempt in (_terms_in_place if lost_term else _plainly, _without_chinese, _reminded, _in_halves):
        best = min(made, key=_faults)
        if best.flags and (translated := attempt(zh, model, names or {}, best)):
            made.append(translated)
    return min(made, key=_faults)


def translate_headline(zh: str, model: ChatModel, names: Mapping[str, str] | None = None) -> TranslatedSentence:
    """A title as a title, not as a sentence; as a sentence where the checks find something. Arguments as above."""
    folded = fold(zh)
    prompt = headline_prompt(render(folded, names or {}), renderings(folded))
    made = _checked(zh, _ask(prompt, folded, model).split("\n")[0], names or {}, model)
    return made if not made.flags else translate_sentence(zh, model, names)


def _faults(translated: TranslatedSentence) -> tuple[bool, int]:
    return translated.numbers == "mismatch", len(translated.flags)


def _with_terms(zh: str, model: ChatModel, names: Mapping[str, str]) -> TranslatedSentence:
    folded = fold(zh)
    hints = [hint for hint in renderings(folded) if hint[0] not in names]
    return _checked(zh, _ask(translation_prompt(render(folded, names), hints), folded, model), names, model)


def _terms_in_place(
    zh: str, model: ChatModel, names: Mapping[str, str], _best: TranslatedSentence
) -> TranslatedSentence | None:
    """With the English of its terms where they stand: they are copied then, less smoothly than from beside it."""
    folded = fold(zh)
    for term in official_terms(folded):
        for form in sorted(term.zh_forms, key=len, reverse=True):
            folded = folded.replace(form, f" {term.en} ")
    return _checked(zh, _ask(translation_prompt(render(folded, names), []), folded, model), names, model)


def _without_chinese(
    zh: str, model: ChatModel, names: Mapping[str, str], best: TranslatedSentence
) -> TranslatedSentence | None:
    """Where Chinese was left: plainly told, to a model that can write none. None where the model can't be held so."""
    latin = in_latin_script(model)
    if latin is None or not any(flag.startswith(LEFT) for flag in best.flags):
        return None
    return _plainly(zh, latin, names, best)


def _reminded(
    zh: str, model: ChatModel, names: Mapping[str, str], best: TranslatedSentence
) -> TranslatedSentence | None:
    """Where something was left out: as it stands, with the English of what was left out before that of the terms."""
    missing = [m[1] for flag in best.flags if (m := _MISSING.match(flag))]
    if not missing:
        return None
    folded = fold(zh)
    hints = [(word, rendering_of(word)) for word in dict.fromkeys(missing)]
    hints += [hint for hint in renderings(folded) if hint[0] not in missing]
    model = in_latin_script(model) or model
    return _checked(
        zh, _ask(translation_prompt(put_names(folded, names), hints[:MOST_HINTS]), folded, model), names, model
    )


def _plainly(
    zh: str, model: ChatModel, names: Mapping[str, str], _best: TranslatedSentence
) -> TranslatedSentence | None:
    """Without examples or terms: a sentence full of Latin names is copied as it stands where there are examples."""
    folded = fold(zh)
    return _checked(zh, _ask(plain_translation_prompt(render(folded, names)), folded, model), names, model)


def _in_halves(
    zh: str, model: ChatModel, names: Mapping[str, str], _best: TranslatedSentence
) -> TranslatedSentence | None:
    """A long sentence parted at the comma nearest its middle: fewer figures are lost in shorter ones."""
    folded = fold(zh)
    cuts = [m.end() for m in _COMMA.finditer(folded) if _HALF <= m.end() <= len(folded) - _HALF]
    if not cuts:
        return None
    middle = min(cuts, key=lambda at: abs(at - len(folded) / 2))
    first, second = (
        _ask(translation_prompt(render(half, names), renderings(half)), half, model)
        for half in (folded[:middle].rstrip("，,；;"), folded[middle:])
    )
    second = second if second[:2].isupper() or not second[:1].isupper() else second[:1].lower() + second[1:]
    return _checked(zh, f"{first.rstrip('.')}; {second}", names, model)


def _ask(prompt: list[Message], zh: str, model: ChatModel) -> str:
    # A sentence of 200 characters was cut off in its middle.
    return complete(model, prompt, max(_MAX_TOKENS, 2 * len(zh)))


def _checked(zh: str, en: str, names: Mapping[str, str], model: ChatModel) -> TranslatedSentence:
    folded = fold(zh)
    en = _spelled(_finished(en, model), [english for zh_name, english in names.items() if zh_name in folded])
    flags = check_translation(folded, en)
    if any(_ADDED_YEAR.match(flag) for flag in flags):  # 8月7日 came out with a year
        shorter = _YEAR_AFTER_DAY.sub(r"\1", en)
        en, flags = min((en, flags), (shorter, check_translation(folded, shorter)), key=lambda made: len(made[1]))
    wrong = any(flag.startswith(("figure", "bound")) for flag in flags)
    return TranslatedSentence(zh, en, "mismatch" if wrong else "ok", tuple(flags))


def _spelled(en: str, names: Sequence[str]) -> str:
    """The translation with names as they were handed over: Suizhou came out as Suzhou, Yunchuan as Yunchuang.

    >>> _spelled("The bureau of Suzhou is in Yunchuang.", ["Suizhou", "Yunchuan"])
    'The bureau of Suizhou is in Yunchuan.'
    >>> _spelled("The Qinghe team bred it.", ["Ye Qinghe"])
    'The Ye Qinghe team bred it.'
    """
    for name in names:
        surname, _, given = name.partition(" ")
        alone = re.compile(rf"\b{re.escape(given)}\b")
        if given and not re.search(rf"\b{re.escape(surname)}\b", en) and len(alone.findall(en)) == 1:
            en = alone.sub(name, en)
    words = [w for w in dict.fromkeys(_CAPITALISED.findall(en)) if w not in names]
    for name in names:
        if not re.search(rf"\b{re.escape(name)}\b", en) and (near := get_close_matches(name, words, 1, _SPELLED)):
            en = re.sub(rf"\b{re.escape(near[0])}\b", name, en)
    return en


def _finished(en: str, model: ChatModel) -> str:
    """The translation with what was left in Chinese translated by itself, where that is a word or two."""
    left = list(dict.fromkeys(CHINESE.findall(en)))
    if not left or len(left) > _MOST_LEFT or count_han(en) > len(en) / 4:
        return en
    latin = in_latin_script(model) or model
    for phrase in left:
        if is_name(phrase):
            en = re.sub(rf" ?{phrase} ?", f" {romanize(phrase)} ", en).strip()
            continue
        alone = CHINESE.sub("", complete(latin, translation_prompt(phrase, []), _MAX_PHRASE_TOKENS)).strip(" .")
        alone = alone.removeprefix("To ").removeprefix("to ")  # 攻关, alone, is To tackle
        if alone and len(alone) <= _LONGEST_ALONE * len(phrase):
            word = alone[0].lower() + alone[1:] if not en.startswith(phrase) and " " in alone else alone
            en = re.sub(rf"(?<=[\w])(?={phrase})|(?<={phrase})(?=\w)", " ", en).replace(phrase, word)
    return en
