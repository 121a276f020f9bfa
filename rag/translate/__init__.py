"""Chinese to English, sentence by sentence, and English questions into Chinese."""

from rag.translate.checks import check_translation
from rag.translate.question import translate_question
from rag.translate.rendering import render_figures, renderings
from rag.translate.sentence import Progress, translate_headline, translate_sentence, translate_text

__all__ = [
    "Progress",
    "check_translation",
    "render_figures",
    "renderings",
    "translate_headline",
    "translate_question",
    "translate_sentence",
    "translate_text",
]
