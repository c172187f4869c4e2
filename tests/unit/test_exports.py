import csv
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from coopwatch.errors import ExportError
from coopwatch.exports.atom import NAMESPACE, make_atom
from coopwatch.exports.files import replacing, replacing_months
from coopwatch.exports.spreadsheet import show_cell, write_csv
from coopwatch.warehouse.exporting import ExportColumn
from tests.builders import NOW, make_article, make_coverage, make_dossier

COLUMNS = (
    ExportColumn(name="title", kind="text", comment="its headline"),
    ExportColumn(name="articles", kind="integer", comment="how many"),
)


@pytest.mark.parametrize(
    "title",
    [
        "=HYPERLINK(1)",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u3000=1",
        "\ufeff=1",
        "\u200b\u2003 =1",
        "\x00=1",
        "＝1",
        "－1",
    ],
)
def test_text_that_could_be_a_formula_is_marked_as_text(title: str) -> None:
    assert show_cell(title) == f"'{title}"


@pytest.mark.parametrize("cell", [None, True, -3, -2.5, "a = b", "3-4 May", "1=1"])
def test_everything_else_stays_as_it_is(cell: object) -> None:
    assert show_cell(cell) == cell


def test_data_in_a_cell_is_json() -> None:
    assert show_cell(["中国", "Chile"]) == '["中国", "Chile"]'
    assert show_cell(NOW) == NOW.isoformat(timespec="seconds")


def test_csv_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "new" / "events.csv"

    assert write_csv(file, COLUMNS, [("第一届“大会”,\nопять", 3), ("=1", 1)]) == 2

    with file.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["title", "articles"],
            ["第一届“大会”,\nопять", "3"],
            ["'=1", "1"],
        ]
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")


def test_what_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("before")

    def rows() -> Iterator[tuple[str, int]]:
        yield ("one", 1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_csv(file, COLUMNS, rows())

    assert file.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "event"
    (folder / "month=2023-01").mkdir(parents=True)

    with replacing_months(folder) as new:
        (new / "month=2024-01").mkdir(parents=True)

    assert [path.name for path in folder.iterdir()] == ["month=2024-01"]
    assert [path.name for path in tmp_path.iterdir()] == ["event"]


def test_a_folder_that_is_no_export_stays(tmp_path: Path) -> None:
    folder = tmp_path / "event"
    (folder / "month=2023-01").mkdir(parents=True)
    (folder / "thesis.docx").write_text("ten years of work")

    with pytest.raises(ExportError, match=r"holds 'thesis\.docx'"), replacing_months(folder):
        pytest.fail("it was given away")
    with pytest.raises(ExportError, match=r"is a folder, not a file"), replacing(folder):
        pytest.fail("it was given away")
    with (
        pytest.raises(ExportError, match=r"is a file, not a folder"),
        replacing_months(folder / "thesis.docx"),
    ):
        pytest.fail("it was given away")

    assert (folder / "thesis.docx").read_text() == "ten years of work"
    assert [path.name for path in tmp_path.iterdir()] == ["event"]


def test_what_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ExportError, match=r"file/events\.csv: cannot be written: "):
        write_csv(tmp_path / "file" / "events.csv", COLUMNS, [])


def test_a_feed_has_an_entry_an_event_with_its_sources() -> None:
    dossier = make_dossier(make_article())
    feed = ET.fromstring(make_atom([dossier], NOW))
    entry = feed.find(f"{{{NAMESPACE}}}entry")

    assert entry is not None
    assert entry.findtext(f"{{{NAMESPACE}}}id") == f"urn:coopwatch:event:{dossier.event.event_id}"
    assert entry.findtext(f"{{{NAMESPACE}}}updated") == dossier.event.updated_at.isoformat()
    links = {link.get("rel"): link.get("href") for link in entry.iter(f"{{{NAMESPACE}}}link")}
    assert links == {"alternate": dossier.coverage[0].url}
    content = entry.findtext(f"{{{NAMESPACE}}}content") or ""
    assert dossier.coverage[0].publisher in content
    assert "<p>Where: Harbour City, Norway</p>" in content
    assert "<p>Attendance: 40 (1 source)</p>" in content


def test_a_feed_without_events_is_a_feed() -> None:
    feed = ET.fromstring(make_atom([], NOW))

    assert feed.findtext(f"{{{NAMESPACE}}}updated") == NOW.isoformat()


def test_what_was_fetched_is_text_in_a_feed() -> None:
    dossier = make_dossier(make_article())
    row = make_coverage(title="<script>\x00\x1b[31m</script> ]]>", url="javascript:alert(1)")
    hostile = dossier.model_copy(
        update={"coverage": (row,), "event": dossier.event.model_copy(update={"name": "<b>&\x0bname\ufffe"})}
    )
    written = make_atom([hostile], NOW)
    entry = ET.fromstring(written).find(f"{{{NAMESPACE}}}entry")

    assert entry is not None
    assert (entry.findtext(f"{{{NAMESPACE}}}title") or "").startswith("<b>& name")
    assert "<script>" not in (entry.findtext(f"{{{NAMESPACE}}}content") or "")
    assert entry.find(f"{{{NAMESPACE}}}link") is None
    assert b"javascript" not in written
