"""Every prompt, as text that can be read and edited without knowing the code.

The embedded model ignores long instructions and follows examples, so each prompt is one or two lines and
two examples. The examples speak of an invented city, so no real figure can leak from them, and those for
translation name nobody: their names turned up as speakers in other texts. What changes
from call to call comes last: llama.cpp keeps the work on a prompt's unchanged beginning.
"""

from __future__ import annotations

from lang.script import detect_language

Message = tuple[str, str]
"""Role (``system``, ``user`` or ``assistant``) and text."""

_NOT_SAID = "资料中没有提到。"

# What the user reads where no model wrote the answer.
EXTRACT_NOTE = {
    "zh": "（原文摘录，未经模型改写）",
    "en": "(Quoted from the sources, not rewritten by a model.) ",
}
TRANSLATED_NOTE = "(What the sources say, put into English.) "
NOT_FOUND = {
    "zh": "书架上的文章回答不了这个问题：{}。",
    "en": "The articles on the shelf do not answer this: {}.",
}
REASONS = {
    "zh": {
        "empty": "没有相近的内容",
        "city": "没有关于{}的相应内容",
        "title": "没有段落提到{}",
        "code": "没有段落提到{}",
        "year": "最相近的段落说的不是{}年",
        "figure": "相关段落没有给出这个数字",
        "topic": "没有段落提到所问的事项",
        "far": "没有足够相近的段落",
        "model": "最相近的段落中没有答案",
    },
    "en": {
        "empty": "nothing on it is near the question",
        "city": "no passage about {} fits",
        "title": "no passage mentions {}",
        "code": "no passage mentions {}",
        "year": "the nearest passages do not speak of {}",
        "figure": "the passages about it give no figure",
        "topic": "no passage has what the question names",
        "far": "no passage is near enough to the question",
        "model": "the nearest passages hold no answer",
    },
}

_ANSWER = (
    "你是科技政策分析员。只根据资料回答问题，一两句话，用资料的原话把要点说全，每句末尾标出资料编号，如[1]。资料没有答案时只答："
    + _NOT_SAID
)
_ONE_EXAMPLE: list[Message] = [
    (
        "user",
        "资料：\n[1] （梧安市，2023-03-02）全市力争新建孵化器6家，孵化面积突破30万平方米。\n"
        "[2] （梧安市，2023-03-02）科技局局长何平出席会议。\n问题：梧安市的孵化面积目标是多少？",
    ),
    ("assistant", "梧安市力争孵化面积突破30万平方米[1]。"),
]
_LIST_EXAMPLE: list[Message] = [
    (
        "user",
        "资料：\n[1] （梧安市，2023-03-02）会议部署了三项工作：一是修桥。\n[2] （梧安市）二是栽树。\n"
        "[3] （梧安市）三是通水。\n问题：梧安市部署了哪些工作？",
    ),
    ("assistant", "梧安市部署了三项工作：修桥[1]、栽树[2]、通水[3]。"),
]
_COMPARING_EXAMPLE: list[Message] = [
    (
        "user",
        "资料：\n[1] （梧安市，2023-03-02）今年全市植树6万棵。\n[2] （白桥市，2023-02-18）白桥市全年计划植树9万棵。\n"
        "问题：梧安和白桥哪个市计划植树更多？",
    ),
    ("assistant", "梧安市计划植树6万棵[1]，白桥市计划植树9万棵[2]，白桥市更多。"),
]
_TRANSLATE = (
    "Translate the Chinese sentence into English. Keep the English figures in it, and use the English given in "
    "braces. Write the translation only."
)
_TRANSLATE_PLAINLY = (
    "Translate the following Chinese text into English. Every number and date has to be in the translation.\n\n"
)
_TRANSLATE_EXAMPLES: list[Message] = [
    (
        "user",
        "力争全市规上工业产值 more than RMB 6 billion ，同比增长 at least 12% 。 "
        "{规上工业产值 = industrial output of firms above the designated size}",
    ),
    (
        "assistant",
        "The aim is an industrial output of firms above the designated size of more than RMB 6 billion, up at least "
        "12% year on year.",
    ),
    ("user", "要以“揭榜挂帅”方式攻克一批核心技术。 {揭榜挂帅 = open competition mechanism}"),
    ("assistant", "A number of core technologies are to be mastered through the open competition mechanism."),
]

_HEADLINE = "Translate the headline into English. Write the headline only."
_HEADLINE_EXAMPLES: list[Message] = [
    ("user", "以改革激发林业“新活力”"),
    ("assistant", "Reform Gives Forestry “New Vitality”"),
    ("user", "在全省造林工作会议上的讲话"),
    ("assistant", "Speech at the Provincial Conference on Afforestation"),
]

_QUERY = "Translate the question into Chinese. Write the translation only."
_QUERY_EXAMPLES: list[Message] = [
    ("user", "How many incubators does 梧安 plan to build by 2021?"),
    ("assistant", "梧安计划到2021年新建多少家孵化器？"),
    ("user", "By how much was output in 梧安 to grow?"),
    ("assistant", "梧安的产值要增长多少？"),
    ("user", "Who heads the seed base?"),
    ("assistant", "种子基地的负责人是谁？"),
    ("user", "What was the last day to register for the fair?"),
    ("assistant", "博览会报名的截止日期是哪天？"),
    ("user", "Which village does the road that the county wants to widen lead to?"),
    ("assistant", "县里想拓宽的公路通往哪个村？"),
    ("user", "How do the budgets of 梧安 and 白桥 compare?"),
    ("assistant", "梧安和白桥的预算各是多少？"),
]

# Of 60 questions four stayed statements without labels; with them, none of the nine that lost most (2026-11-30).
_TRANSLATOR = "你是翻译。"
_LABELLED = "英文：{}\n中文问句："
_LABELLED_EXAMPLE: list[Message] = [
    ("user", _LABELLED.format("Which village does the road that the county wants to widen lead to?")),
    ("assistant", "县里想拓宽的公路通往哪个村？"),
]

_FOLLOW_UP = (
    "Rewrite the last question so that it can be understood alone, in its own language. Take what is missing from the "
    "conversation and add nothing else. Write the question only."
)
_FOLLOW_UP_EXAMPLES: list[Message] = [
    ("user", "问：青石市科技局的局长是谁？\n答：青石市科技局局长是何平。\n追问：他提出了什么要求？"),
    ("assistant", "青石市科技局局长何平提出了什么要求？"),
    (
        "user",
        "Q: How many incubators does Qingshi plan?\nA: Qingshi plans 6 incubators.\n"
        "Follow-up: Where will they be built?",
    ),
    ("assistant", "Where will the 6 incubators of Qingshi be built?"),
]

# What the examples say and no notice on a shelf is likely to: where it turns up in an answer, it leaked.
EXAMPLE_WORDS = (
    "梧安",
    "白桥",
    "植树",
    "何平",
    "修桥",
    "栽树",
    "通水",
)


def answer_prompt(
    question: str, sources: list[str], *, wants_list: bool = False, compares: bool = False
) -> list[Message]:
    """The prompt for an answer, in Chinese, with the examples that the kind of question needs.

    Args:
        question: in Chinese.
        sources: the evidence, each with its place and date in parentheses; numbered here from 1.
        wants_list: the question asks for several things.
        compares: it sets cities side by side.
    """
    examples = _ONE_EXAMPLE + (_LIST_EXAMPLE if wants_list else []) + (_COMPARING_EXAMPLE if compares else [])
    numbered = "\n".join(f"[{n}] {source}" for n, source in enumerate(sources, 1))
    return [("system", _ANSWER), *examples, ("user", f"资料：\n{numbered}\n问题：{question}")]


def translation_prompt(sentence: str, hints: list[tuple[str, str]]) -> list[Message]:
    """The prompt for one sentence into English; ``hints`` are terms with their English."""
    return [("system", _TRANSLATE), *_TRANSLATE_EXAMPLES, ("user", sentence + braces(hints))]


def plain_translation_prompt(sentence: str) -> list[Message]:
    """The prompt for a sentence that came out wrong with examples."""
    return [("user", _TRANSLATE_PLAINLY + sentence)]


def headline_prompt(headline: str, hints: list[tuple[str, str]]) -> list[Message]:
    """The prompt for a headline into English."""
    return [("system", _HEADLINE), *_HEADLINE_EXAMPLES, ("user", headline + braces(hints))]


def query_prompts(question: str) -> list[list[Message]]:
    """The prompts that put an English question into Chinese, each for where the one before lost something.

    After the second's last label only a question can come; the third has no examples that could get into it.
    """
    labelled = [("system", _TRANSLATOR), *_LABELLED_EXAMPLE, ("user", _LABELLED.format(question))]
    return [
        [("system", _QUERY), *_QUERY_EXAMPLES, ("user", question)],
        labelled,
        [("system", _QUERY), ("user", question)],
    ]


def follow_up_prompt(question: str, answer: str, follow_up: str) -> list[Message]:
    """The prompt that makes a full question of a follow-up, from the question and answer before it."""
    labels = ("问", "答", "追问") if detect_language(follow_up) == "zh" else ("Q", "A", "Follow-up")
    mark = "：" if labels[0] == "问" else ": "
    lines = [f"{label}{mark}{text}" for label, text in zip(labels, (question, answer, follow_up), strict=True) if text]
    return [("system", _FOLLOW_UP), *_FOLLOW_UP_EXAMPLES, ("user", "\n".join(lines))]


def braces(hints: list[tuple[str, str]]) -> str:
    """Renderings as the examples show them: `` {高企 = high-tech enterprise; …}``."""
    return f" {{{'; '.join(f'{zh} = {en}' for zh, en in hints)}}}" if hints else ""
