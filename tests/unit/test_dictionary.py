from pathlib import Path

import pytest

from coopwatch.errors import ConfigError
from coopwatch.warehouse.dictionary import MARKER, read_question, write_dictionary
from schemas import tables

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_dictionary_is_in_step_with_models_and_questions() -> None:
    written = (DOCS / "warehouse.md").read_text(encoding="utf-8")

    assert written == write_dictionary(DOCS), "python -m coopwatch.warehouse.dictionary docs"


def test_every_table_view_and_question_is_there() -> None:
    generated = write_dictionary(DOCS).partition(MARKER)[2]

    for name in (*tables.metadata.tables, *tables.views.tables):
        assert f"### `{name}`\n" in generated
    for file in (DOCS / "questions").glob("*.sql"):
        assert read_question(file)[2] in generated
    assert generated.index("### `coverage`") < generated.index("### `alert`")


def test_keys_types_and_parameters_are_told() -> None:
    generated = write_dictionary(DOCS).partition(MARKER)[2]

    assert "| `article_id` | primary, → `article.article_id` | text, never empty | the article |" in generated
    assert "| `start_date` | date | its first day |" in generated
    assert (
        "| `participants` | jsonb / json, never empty | countries and organisations that take part |"
        in generated
    )
    assert "- `country`: its code, ISO 3166, as 'RS'" in generated


def test_a_page_without_its_marker_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "warehouse.md").write_text("by hand only")

    with pytest.raises(ConfigError, match="has no line"):
        write_dictionary(tmp_path)


def test_a_question_must_ask(tmp_path: Path) -> None:
    file = tmp_path / "01.sql"
    file.write_text("SELECT 1;\n")

    with pytest.raises(ConfigError, match="is not a comment that asks a question"):
        read_question(file)
