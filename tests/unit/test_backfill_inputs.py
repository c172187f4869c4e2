"""What cannot be backfilled from is refused in one line, before anything is opened or made."""

from pathlib import Path

import pytest

from coopwatch.backfill.inputs import Kind, check_inputs
from coopwatch.errors import CoopwatchError

FILES = {"list.csv": "url,date\n", "other.csv": "address\n", "one.warc.gz": "", "two.warc.gz": ""}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with some files in it."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "latin.csv").write_bytes(b"url,caf\xe9\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "inputs", "source_id"),
    [
        ("warc", ["one.warc.gz", "*.warc.gz"], None),
        ("warc", ["s3://nowhere/*.warc.gz", "https://nowhere.example/one.warc.gz"], "archive.library"),
        ("sitemap", ["https://academy.example/news.xml"], None),
        ("urls", ["list.csv"], f"archive.{'a' * 72}"),
        ("gaps", [], None),
    ],
)
def test_what_can_be_backfilled_from_passes_and_nobody_is_asked(
    folder: Path, kind: Kind, inputs: list[str], source_id: str | None
) -> None:
    check_inputs(kind, inputs, source_id)


@pytest.mark.parametrize(
    ("kind", "inputs", "source_id", "said"),
    [
        ("warc", ["one.warc.gz", "gone.warc.gz"], None, "gone.warc.gz: no such file"),
        ("warc", ["gone*.warc.gz"], None, "gone*.warc.gz: no such file"),
        ("sitemap", ["notaurl"], None, "notaurl: "),
        ("sitemap", ["ftp://academy.example/news.xml"], None, "ftp://academy.example/news.xml: "),
        ("urls", ["gone.csv"], None, "gone.csv: cannot be read: no such file or directory"),
        ("urls", ["."], None, ".: cannot be read: is a directory"),
        ("urls", ["other.csv"], None, "other.csv: has no column 'url'"),
        ("urls", ["latin.csv"], None, "latin.csv: cannot be read: not UTF-8"),
        ("warc", ["one.warc.gz"], "academy", "source 'academy': must begin with 'archive.'"),
        ("warc", ["one.warc.gz"], "", "source '': must begin with 'archive.'"),
        ("gaps", [], "archive.My Library", "source 'archive.My Library': at most 80 lower-case letters"),
        ("gaps", [], f"archive.{'a' * 73}", "at most 80 lower-case letters"),
    ],
)
def test_what_cannot_is_refused(
    folder: Path, kind: Kind, inputs: list[str], source_id: str | None, said: str
) -> None:
    with pytest.raises(CoopwatchError) as caught:
        check_inputs(kind, inputs, source_id)
    assert said in str(caught.value)
    assert "Errno" not in str(caught.value)
    assert "\n" not in str(caught.value)
