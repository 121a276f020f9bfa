"""Briefings: what articles say that matters, in Chinese and English, each point cited.

>>> from rag.brief import choose_articles, write_brief
"""

from rag.brief.choose import MAX_ARTICLES, choose_articles
from rag.brief.write import write_brief

__all__ = ["MAX_ARTICLES", "choose_articles", "write_brief"]
