from datetime import date

import pytest

from coopwatch.events.next_editions import find_next_edition


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The next congress will be held in Lima, Peru, in June 2027.", [
            ("next_edition.dates", "2027-06/2027-06"), ("next_edition.place", "Lima"),
            ("next_edition.country", "PE"),
        ]),
        ("en", "The next congress should be better.", []),
        ("en", "The congress was held in Lima, Peru, in June 2025.", []),
        ("zh", "下届大会将于2027年6月在秘鲁举行。", [
            ("next_edition.dates", "2027-06/2027-06"), ("next_edition.country", "PE"),
        ]),
        ("fr", "La prochaine édition aura lieu au Pérou en juin 2027.", [
            ("next_edition.dates", "2027-06/2027-06"), ("next_edition.country", "PE"),
        ]),
        ("xx", "The next congress will be held in Lima.", []),
    ],
)  # fmt: skip
def test_next_edition(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert [
        (fact.field, fact.value) for fact in find_next_edition(text, language, date(2025, 6, 1))
    ] == expected
