"""What a point of a briefing is about, for the headings of its sections."""

from __future__ import annotations

import re
from typing import NamedTuple


class Theme(NamedTuple):
    """A heading in both languages, and the words that speak for it."""

    zh: str
    en: str
    words: re.Pattern[str]


def _theme(zh: str, en: str, words: str) -> Theme:
    return Theme(zh, en, re.compile(words))


# In the order of a briefing's sections. A point goes where most of its words are; of equals, to the first.
THEMES = (
    _theme(
        "创新平台与科研", "Research and innovation platforms",
        "平台|实验室|研究院|工程(?:技术)?(?:研究)?中心|孵化|众创|中试|装置|基础研究|核心技术|攻关|研发|揭榜|科研|课题|专利|知识产权",
    ),
    _theme(
        "企业与产业", "Enterprises and industry",
        "企业|高企|科小|产业|集群|园区|高新区|制造|生产线|产值|规上|链主|专精特新|数字经济|未来产业|经济",
    ),
    _theme(
        "成果转化", "From research to market",
        "成果|转化|技术合同|技术转移|技术经纪|对接会|首台|应用场景|推广应用|产学研|科技金融",
    ),
    _theme("人才", "People and skills", "人才|院士|博士|专家|团队|科技特派员|特派员|引才|工程师|高校|培训|师资"),
    _theme(
        "资金与支持", "Funding and support",
        "资金|经费|奖励|补贴|补助|奖补|贷款|融资|基金|税|加计扣除|财政|投资|创新券",
    ),
    _theme(
        "城乡与民生", "Town and countryside",
        "农业|农村|乡村|农户|种植|养殖|亩产|镇村|医疗|健康|民生|环保|生态|教育|科普",
    ),
    _theme(
        "管理与服务", "Administration and services",
        "改革|机制|制度|服务|营商|审批|评审|申报|验收|监管|作风|考核|责任|法规|政策|规划|部署",
    ),
    _theme("会议与组织", "Meetings and organisation", "会议|召开|出席|主持|讲话|传达|学习|党组|党建|调研|座谈|采访"),
)  # fmt: skip
OTHER = Theme("其他", "Further points", re.compile("(?!)"))


def theme_of(zh: str) -> Theme:
    """The theme that most words of a Chinese sentence speak for.

    >>> theme_of("新增省级重点实验室3家，攻克核心技术10项。").en
    'Research and innovation platforms'
    >>> theme_of("天气晴好。").en
    'Further points'
    """
    counted = [(len(theme.words.findall(zh)), -n) for n, theme in enumerate(THEMES)]
    most, place = max(counted)
    return THEMES[-place] if most else OTHER
