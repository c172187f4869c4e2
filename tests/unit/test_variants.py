import pytest

from coopwatch.variants import find_conflict, find_marks


@pytest.mark.parametrize(
    ("language", "one", "other", "conflict"),
    [
        (
            "fr",
            "la 12e Conférence des capteurs s'ouvre",
            "la treizième Conférence des capteurs s'ouvre",
            "12 against 13",
        ),
        (
            "es",
            "el XII Foro de Sensores Árticos abre hoy",
            "el XIII Foro de Sensores Árticos abre hoy",
            "12 against 13",
        ),
        (
            "pt",
            "a 2.ª Conferência de Sensores Árticos abriu",
            "a terceira Conferência de Sensores Árticos abriu",
            "2 against 3",
        ),
        ("ru", "прошёл второй форум датчиков Арктики", "прошёл 3-й форум датчиков Арктики", "2 against 3"),
        (
            "de",
            "das 2. Forum für arktische Sensoren öffnet",
            "das dritte Forum für arktische Sensoren öffnet",
            "2 against 3",
        ),
        ("ar", "الدورة الثانية من منتدى مجسات القطب", "الدورة الثالثة من منتدى مجسات القطب", "2 against 3"),
        ("ja", "第12回極地センサーフォーラムが開幕", "第13回極地センサーフォーラムが開幕", "12 against 13"),
        ("ko", "제12회 극지 센서 포럼 개막", "제13회 극지 센서 포럼 개막", "12 against 13"),
        ("zh-Hant", "第十二屆極地傳感器論壇在奧盧開幕", "第13屆極地傳感器論壇在圖爾庫開幕", "12 against 13"),
        ("en", "the twenty-first Arctic Sensors Forum opened", "the XXI Arctic Sensors Forum opened", None),
        ("ru", "прошёл второй форум датчиков Арктики", "прошёл II форум датчиков Арктики", None),
        # days, times and ladies are no editions
        ("en", "on the first day of the long talks", "on the second day of the long talks", None),
        ("en", "it was the first time that both met", "it was the third time that both met", None),
    ],
)
def test_ordinals_of_ten_languages_conflict(
    language: str, one: str, other: str, conflict: str | None
) -> None:
    found = find_conflict(find_marks(one, language), find_marks(other, language))
    assert found == (f"edition {conflict}" if conflict else None)


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
