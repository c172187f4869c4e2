import time

import pytest

from coopwatch.furniture import MAX_LINE_CHARACTERS, is_furniture, strip_furniture

BODY = [
    "The academies of both countries will build an observatory together and share all of its readings.",
    "Half of the instruments come from each side, and a school for young scientists follows next year.",
    "The first of them go into the water in October, the minister said on Monday in Port Askel.",
]


@pytest.mark.parametrize(
    "line",
    [
        "Photo –",
        "Photo - https://pictures.example/1.jpg",
        "Logo - https://pictures.example/logo.png",
        "Cision View original content:",
        "View original content to download multimedia: https://release.example/1",
        "News provided by",
        "News provided by The Harbour Academy Co., Ltd. Nov 07, 2023, 09:00 ET",
        "Nov 07, 2023, 09:00 ET",
        "November 7, 2023 9:05 a.m.",
        "View source version on businesswire.com: https://release.example/1",
        "For more information, please visit:",
        "For more information about the observatory, please visit https://observatory.example",
        "https://observatory.example/news",
        "© 2022 Harbour Courier | All Rights Reserved",
        "Copyright 2024 The Courier. All rights reserved.",
        "This story has been published from a wire agency feed without modifications to the text.",
        "Photo: The minister and the observatory",
        "(Photo by Jane Doe/The Courier)",
        "Image credit: Jane Doe",
        "Jane Doe/Getty Images",
        "责任编辑：赵小海",
        "[责任编辑：赵小海]",
        "Last updated: 5 March 2024 10:15",
        "Published on March 5, 2024",
        "Share this article on Facebook, Twitter",
        "Share",
        "Subscribe to our newsletter",
        "Sign up for the morning briefing",
        "Follow us on Facebook",
        "Follow The Courier on Telegram",
        "Read more: Ten harbours worth a visit",
        "Read more",
        "Continue reading",
        "Click here to join the discussion",
        "Advertisement",
        "* * *",
    ],
)
def test_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        *BODY,
        "Read more than a hundred books a year, the laureate told the students.",
        "Photos of the ice cores were shown at the conference in Chongqing.",
        "On Nov 07, 2023, 09:00 ET, the observatory opened.",
        "Nov 07, 2023 was the day on which the observatory opened.",
        "Share prices of instrument makers rose after the agreement.",
        "Follow-up talks will be held on Friday.",
        "Copyrighted works were not part of the agreement that both ministers signed.",
        "Sign language interpreters accompanied the opening ceremony.",
        "Published results are open to everybody, and everybody may use them. That was agreed in 2019.",
        "Published in three languages, the report names 11 countries. Others may follow.",
        "Related research went on in both countries for years.",
        "Source code of the model is open.",
        "Subscribers of the programme come from 80 countries.",
        "Click chemistry, which won the prize, was the topic of the second day.",
        "Advertisement revenue paid for the museum.",
        "编辑基因的技术是会议的主题。",
    ],
)
def test_sentences_are_not_furniture(line: str) -> None:
    assert not is_furniture(line)


def test_what_trails_a_heading_goes_with_it() -> None:
    assert strip_furniture([*BODY, "Related Articles", "Ten harbours worth a visit", "Herring falls"]) == BODY


def test_a_heading_in_the_middle_goes_alone() -> None:
    assert strip_furniture([BODY[0], "Related:", *BODY[1:]]) == BODY


def test_hostile_lines_take_no_time() -> None:
    started = time.process_time()
    for unit in (
        "photo ",
        "for more information about ",
        "share on a, ",
        "follow ",
        "© ",
        "(photo by ",
        "来源：",
    ):
        for length in (MAX_LINE_CHARACTERS, 200_000):
            is_furniture((unit * length)[:length])
    assert time.process_time() - started < 1
