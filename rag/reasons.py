"""Why a sentence is not supported, as its reader sees it, in the sentence's language."""

from __future__ import annotations

REASONS = {
    "zh": {
        "uncited": "没有标注出处",
        "unknown": "标注的出处不存在：{}",
        "name": "引文中没有这个名称：{}",
        "who": "引文中这件事或这个职务不是{}的",
        "words": "引文中没有：{}",
        "far": "与引文的内容不够相近",
        "beside": "引文没有提到所问的事项",
        "year": "引文说的不是{}年",
        "reached": "说的是已经达到的，问的是目标",
        "planned": "说的是目标，问的是实际",
        "nothing": "最相近的段落中没有答案",
    },
    "en": {
        "uncited": "cites no source",
        "unknown": "cites a source that does not exist: {}",
        "name": "not in the cited source: {}",
        "who": "in the cited source this deed or office is not that of {}",
        "words": "not in the cited source: {}",
        "far": "not near enough to the cited source",
        "beside": "the cited source has nothing of what was asked",
        "year": "the cited source does not speak of {}",
        "reached": "tells what was reached, not what is aimed for",
        "planned": "tells what is aimed for, not what is",
        "nothing": "the nearest passages hold no answer",
    },
}
