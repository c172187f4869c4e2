import pytest

from coopwatch.persons import find_persons, is_byline
from coopwatch.publishers import load_publishers
from coopwatch.settings import CONFIG_DIR

PUBLISHERS = load_publishers(CONFIG_DIR / "publishers.yaml")
SITE = ("Harbour Courier", "harbourcourier.example")


@pytest.mark.parametrize(
    ("byline", "persons"),
    [
        ("Jane Doe", ("Jane Doe",)),
        ("By Jane Doe and John van der Meer, Staff Reporters", ("Jane Doe", "John van der Meer")),
        ("JANE DOE; John Q. Roe", ("JANE DOE", "John Q. Roe")),
        ("Von Anne-Marie Müller", ("Anne-Marie Müller",)),
        ("Por María R. O'Higgins | EFE", ("María R. O'Higgins",)),
        ("李晓林、王海", ("李晓林", "王海")),
        ("记者 李晓林", ("李晓林",)),
        ("홍길동 기자", ()),
        ("Иван Петров", ("Иван Петров",)),
        ("Jane Doe, Reuters", ("Jane Doe",)),
        ("by Admin", ()),
        ("admin", ()),
        ("Staff Reporter", ()),
        ("Editor", ()),
        ("Editorial Team", ()),
        ("Harbour Courier", ()),
        ("The Associated Press", ()),
        ("Xinhua News Agency", ()),
        ("iChongqing", ()),
        ("https://harbourcourier.example/authors/jane-doe", ()),
        ("jane@harbourcourier.example", ()),
        ("March 5, 2024", ()),
        ("5 March 2024", ()),
        ("", ()),
    ],
)
def test_persons(byline: str, persons: tuple[str, ...]) -> None:
    assert find_persons(byline, PUBLISHERS, SITE) == persons


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("by Admin", True),
        ("By Jane Doe", True),
        ("By Reuters", True),
        ("By Harbour Courier", True),
        ("By Staff Reporter", True),
        ("By then the observatory had been open for a year", False),
        ("By land and sea", False),
        ("Jane Doe", False),
        ("By", False),
        ("", False),
    ],
)
def test_bylines(line: str, *, expected: bool) -> None:
    assert is_byline(line, PUBLISHERS, SITE) is expected
