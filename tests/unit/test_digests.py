"""Digests: which titles announce one, and where its items begin."""

import time

import pytest

from coopwatch.relevance.digests import find_items, is_digest
from coopwatch.sentences import find_sentences


def cut(text: str, language: str = "en") -> list[list[str]]:
    """Return the sentences of every item."""
    sentences = find_sentences(text)
    firsts = find_items(text, sentences, language)
    return [
        [text[start:end] for start, end in sentences[first:following]]
        for first, following in zip(firsts, [*firsts[1:], len(sentences)], strict=True)
    ]


@pytest.mark.parametrize(
    "title",
    [
        "News in brief",
        "Weekly round-up: 3 May",
        "晨间快讯",
        "En bref",
        "Утренний дайджест",
        "موجز الأنباء",
        "오늘의 단신",
    ],
)
def test_titles_of_digests(title: str) -> None:
    assert is_digest(title)


@pytest.mark.parametrize(
    "title", ["Minister in briefing row", "The newsletters of 1848", "快讯通公司上市", ""]
)
def test_other_titles(title: str) -> None:
    assert not is_digest(title)


def test_a_heading_on_its_own_line_begins_an_item() -> None:
    text = (
        "Bridge closed in Lima\n\nThe bridge is old. It will be repaired.\n\n"
        "Peru and Chile map reefs\n\nDivers of both countries took part."
    )
    assert cut(text) == [
        ["Bridge closed in Lima", "The bridge is old.", "It will be repaired."],
        ["Peru and Chile map reefs", "Divers of both countries took part."],
    ]


def test_without_headings_every_paragraph_is_an_item() -> None:
    text = "A bridge was closed. It is old.\n\nRice was cheap in Hanoi.\n\nSource: agencies"
    assert cut(text) == [
        ["A bridge was closed.", "It is old."],
        ["Rice was cheap in Hanoi."],
        ["Source: agencies"],
    ]


def test_numbered_items_are_paragraphs() -> None:
    assert cut("1. A bridge was closed. It is old.\n2. Rice was cheap.") == [
        ["1. A bridge was closed.", "It is old."],
        ["2. Rice was cheap."],
    ]


def test_a_list_of_headings_is_one_item_each() -> None:
    assert cut("Bridge closed in Lima\nRice cheap in Hanoi") == [
        ["Bridge closed in Lima"],
        ["Rice cheap in Hanoi"],
    ]


def test_in_a_single_paragraph_every_sentence_is_an_item() -> None:
    assert cut("A bridge was closed. Rice was cheap.") == [["A bridge was closed."], ["Rice was cheap."]]


RUN_ON = (
    "利马老城跨河大桥封闭检修利马市政府昨天宣布，老城跨河大桥即日起封闭检修。工程为期半年。"
    "秘鲁智利联合绘制珊瑚礁海图今天，秘鲁和智利的科研人员公布了联合绘制的珊瑚礁海图。"
    "他们还将培训渔民。"
    "河内米价连续三周下跌据河内商会统计，当地米价已连续三周下跌。"
)


def test_a_heading_that_runs_into_its_news_is_told_by_being_said_again() -> None:
    assert [len(item) for item in cut(RUN_ON, "zh")] == [2, 2, 1]
    assert [item[0][:6] for item in cut(RUN_ON, "zh")] == ["利马老城跨河", "秘鲁智利联合", "河内米价连续"]


def test_a_heading_of_two_parts_is_told_by_the_blank_between_them() -> None:
    text = f"暴雨袭击山区 三座村庄停电29日，气象台发布预警。停电今晨结束。{RUN_ON}"
    assert [len(item) for item in cut(text, "zh")] == [2, 2, 2, 1]
    assert [len(item) for item in cut(f"{RUN_ON}大会以“开放 合作 共享”为主题。", "zh")] == [2, 2, 2]


def test_a_sentence_that_begins_like_the_heading_tells_more_of_it() -> None:
    more = (
        "珊瑚礁海图测绘船昨天启航珊瑚礁海图测绘船昨天从利马启航。珊瑚礁海图测绘船是第二艘珊瑚礁海图测绘船。"
    )
    assert [len(item) for item in cut(more + RUN_ON, "zh")] == [2, 2, 2, 1]


def test_editions_of_different_things_begin_alike() -> None:
    opened = "第三届{0}论坛在利马开幕第三届{0}论坛昨天在利马开幕。"
    assert len(cut(opened.format("海洋观测") + opened.format("粮食安全"), "zh")) == 2


@pytest.mark.parametrize("piece", ["同", "同样。", "同样，", "大桥封闭大桥封闭。", "\n同"])
def test_repeats_take_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begun = time.process_time()
    find_items(text, find_sentences(text), "zh")
    assert time.process_time() - begun < 10  # quadratic would take many minutes


def test_nothing_has_no_items() -> None:
    assert find_items("", (), "en") == []
