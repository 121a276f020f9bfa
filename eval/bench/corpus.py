"""Clean articles to damage: a ``.jsonl`` or ``.jsonl.gz`` file with ``id`` and ``text``, or a folder of ``.txt``."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path
from random import Random

from lang.script import count_han
from library.errors import UsageError

# What sites put around or into an article, and a corpus that was scraped may still hold: bylines, notices, controls.
_FURNITURE = re.compile(
    r"(?:责任)?编辑|责编|编审|校对|校审|监制|审核[:：]|返回搜狐|查看更多|更多(?:精彩|资讯|新闻)|(?:广告|免责|版权|特别)?声明|不构成"
    r"|原创(?:文章|作品|内容)|来源[:：]|原标题|作者[:：]|作者简介|本报记者|[(（【]记者|总台|通讯员|摄影|供图|[图文][/／|]|扫(?:码|描)|二维码"
    r"|点击|公众号|微信号|视频号|客户端|转载|侵权|版权|投稿|爆料|热线|风险提示|入市|下载|点赞|在看|关注我们|分享"
    r"|相关(?:阅读|新闻)|推荐阅读|延伸阅读|\d{1,2}:\d\d(?::\d\d)?\s"
)

# Fewer Chinese characters are a picture's caption or a line that links elsewhere: not worth damaging.
_MIN_HAN = 100


@dataclass(frozen=True, slots=True)
class CleanText:
    """A clean article."""

    id: str
    text: str

    @property
    def is_article(self) -> bool:
        """Whether there is enough text for damage to be realistic."""
        return count_han(self.text) >= _MIN_HAN

    @property
    def has_furniture(self) -> bool:
        """Whether something of a page's furniture may stand in the article: the truth is then no sure truth.

        It errs on the side of yes. No pattern of the cleaners is asked, for they are what is measured.
        """
        return _FURNITURE.search(self.text) is not None


def load_corpus(path: Path, sample: int = 0, seed: int = 0) -> list[CleanText]:
    """The corpus's articles, or a seeded sample of them, in the corpus's order; empty ones are left out.

    Raises:
        UsageError: nothing can be read there, or a record lacks its text.
    """
    found = [a for a in (_folder(path) if path.is_dir() else _records(path)) if count_han(a.text)]
    if not found:
        raise UsageError(f"{path} holds no clean article. Give a .jsonl file (id, text), also gzipped, or .txt files.")
    if not 0 < sample < len(found):
        return found
    return [found[i] for i in sorted(Random(seed).sample(range(len(found)), sample))]


def _folder(path: Path) -> list[CleanText]:
    return [CleanText(p.name, p.read_text(encoding="utf-8").strip()) for p in sorted(path.rglob("*.txt"))]


def _records(path: Path) -> list[CleanText]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            return [_record(path, n, line) for n, line in enumerate(lines, 1) if line.strip()]
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise UsageError(f"{path} cannot be read as JSON lines in UTF-8 ({error}). Check the file.") from None


def _record(path: Path, n: int, line: str) -> CleanText:
    try:
        record = json.loads(line)
        return CleanText(str(record.get("id", n)), record["text"].strip())
    except (ValueError, KeyError, AttributeError, TypeError):
        raise UsageError(f'Line {n} of {path} is no record like {{"id": "…", "text": "…"}}. Correct it.') from None
