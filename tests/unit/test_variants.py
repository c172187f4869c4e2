import pytest

from coopwatch.variants import find_conflict, find_marks


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        (
            "Delegates met for the 12th Arctic Sensors Forum in Oulu.",
            "Delegates met for the 13th Arctic Sensors Forum in Turku.",
            "edition 12 against 13",
        ),
        (
            "Oulu hosts the inaugural Arctic Sensors Forum this week",
            "Turku hosts the second Arctic Sensors Forum this autumn",
            "edition 1 against 2",
        ),
        (
            "The forum takes place in the city on 6 and 7 November 2023",
            "The forum takes place in the city on 11 and 12 November 2024",
            "year 2023 against 2024",
        ),
        (
            "The minister received her counterpart from Brazil for talks on rice genomes",
            "The minister received her counterpart from Vietnam for talks on rice genomes",
            "country BR against VN",
        ),
        ("第十二届极地传感器论坛在奥卢开幕", "第十三届极地传感器论坛在图尔库开幕", "edition 12 against 13"),
        ("首届极地传感器论坛在奥卢开幕", "第2届极地传感器论坛在图尔库开幕", "edition 1 against 2"),
        ("the twelfth Arctic Sensors Forum opened", "the 12th Arctic Sensors Forum opened", None),
        ("首届极地传感器论坛在奥卢开幕", "第一届极地传感器论坛在奥卢开幕", None),
        # a count that was brought up to date is no other edition
        ("at least 12 laboratories signed the charter", "at least 14 laboratories signed the charter", None),
        # other words around another ordinal or country say nothing
        ("for the first time in a decade, talks resumed", "the second day of talks brought a result", None),
        ("OULU, Finland - President Maria Stone spoke", "Brazil's President Maria Stone spoke", None),
        ("", "the 13th Arctic Sensors Forum opened", None),
    ],
)
def test_other_marks_in_the_same_words_conflict(one: str, other: str, conflict: str | None) -> None:
    language = "zh" if "届" in one else "en"
    assert find_conflict(find_marks(one, language), find_marks(other, language)) == conflict


def test_only_the_lead_tells_variants_apart() -> None:
    filler = " ".join(f"filler{number}" for number in range(110))
    one, other = (
        f"{filler} it follows the {nth} Arctic Sensors Forum of spring" for nth in ("third", "fourth")
    )
    assert find_conflict(find_marks(one, "en"), find_marks(other, "en")) is None
