"""Chinese personal names and their pinyin, as English text writes them."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin

# The surnames of nine Chinese in ten; a name here is a guess that a title before or after it confirms.
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂柴焦向柳邢骆岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧"
    "甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商"
    "蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙伏岑习胥保和蔺"
)
_TITLES = "局长|书记|市长|主任|院长|校长|董事长|总经理|教授|博士|研究员|会长|科长|处长|组长|成员|负责人|记者|通讯员"
_SAYING = "出席|主持|介绍|表示|说|指出|强调|接受|谈|认为|透露|告诉"
_AFTER_TITLE = rf"{_SAYING}|在|带|率|为|:|：|，|,|。|、|和|与|\s|等|”|）|\)|$"
_NAME = f"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?"
_TITLED = re.compile(rf"(?:{_TITLES})({_NAME})(?={_AFTER_TITLE})")
_SPEAKING = re.compile(rf"(?<![\u4e00-\u9fff])({_NAME})(?={_SAYING})")


def find_people(text: str) -> list[str]:
    """Personal names in a simplified Chinese text, in order: those after a title, or before a verb of saying.

    A general tagger finds more, and finds names where there are none (成果展); a wrong romanisation in a
    prompt does more harm than a missing one.

    >>> find_people("市科技局局长白玉涛表示，副局长方金旺主持会议")
    ['白玉涛', '方金旺']
    """
    names = {*_TITLED.findall(text), *_SPEAKING.findall(text)}
    return sorted(names, key=text.index)


def romanize(name: str) -> str:
    """The name in pinyin, surname first: Bai Yutao.

    >>> romanize("白玉涛")
    'Bai Yutao'
    """
    surname, given = name[0], name[1:]
    first = lazy_pinyin(surname, style=Style.NORMAL)[0]
    return f"{first.capitalize()} {''.join(lazy_pinyin(given)).capitalize()}"
