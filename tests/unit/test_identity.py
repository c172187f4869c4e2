import pytest

from coopwatch.identity import make_article_id, make_event_id, make_text_group_id


def test_ids_are_the_same_in_every_run_and_differ_by_content() -> None:
    assert make_article_id("a.example/1") == make_article_id("a.example/1") == "a-f5c487667165382b"
    assert make_article_id("a.example/1") != make_article_id("a.example/2")
    assert make_text_group_id("a-12") == "t-12"


@pytest.mark.parametrize(
    ("series", "edition", "year", "expected"),
    [
        ("brst", 1, 2023, "brst-1"),
        ("brst", None, 2023, "brst-2023"),
        ("brst", None, None, "e-12"),
        (None, 1, 2023, "e-12"),
    ],
)
def test_a_series_names_the_event_before_the_founding_article_does(
    series: str | None, edition: int | None, year: int | None, expected: str
) -> None:
    assert make_event_id(series, edition, year, "a-12") == expected
