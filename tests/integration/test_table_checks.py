"""Whole tables, on both databases: what is in order passes, and every rule is shown broken."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from coopwatch.warehouse import Warehouse
from coopwatch.warehouse.engines import parse_url
from coopwatch.warehouse.quality import name_address
from expectations.library import ExpectationError
from expectations.table_checks import check_tables
from schemas.records import Article, QualityCheck
from tests.builders import NOW, make_article, make_dossier
from tests.integration.test_warehouse_loading import make_alert
from tests.integration.warehouse_samples import RUN, load_three, make_batch, make_source, take_entries

pytestmark = [
    pytest.mark.slow,
    # the library imports two modules that Python 3.11 deprecates
    pytest.mark.filterwarnings("ignore:module 'sre_(constants|parse)' is deprecated:DeprecationWarning"),
]

LENGTH = "expect_column_value_lengths_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
BETWEEN = "expect_column_values_to_be_between"
PAIR = "expect_column_pair_values_a_to_be_greater_than_b"

# what breaks each rule; one row may break several
ARTICLE = "UPDATE article SET {} WHERE entry_id = {}"
BREAKS: dict[str, str] = {
    f"entry.{LENGTH}(url)": "UPDATE entry SET url = '' WHERE entry_id = 4",
    f"entry.{LENGTH}(compare_url)": "UPDATE entry SET compare_url = '' WHERE entry_id = 4",
    f"entry.{IN_SET}(outcome)": "UPDATE entry SET outcome = 'lost' WHERE entry_id = 5",
    "entry.loaded_has_article": "UPDATE entry SET article_id = 'a-gone' WHERE entry_id = 1",
    "entry.only_loaded_has_article": "UPDATE entry SET article_id = 'a-1' WHERE entry_id = 6",
    "entry.quarantined_has_rejection": "UPDATE entry SET outcome = 'quarantined' WHERE entry_id = 7",
    "entry.outcome_is_explained": "UPDATE entry SET outcome = 'failed', reason = NULL WHERE entry_id = 8",
    "entry.is_worked_on": "UPDATE entry SET first_seen_at = {long_ago}, attempts = 0 WHERE entry_id = 9",
    f"article.{LENGTH}(title)": ARTICLE.format("title = ''", 1),
    f"article.{LENGTH}(url)": ARTICLE.format("url = ''", 1),
    f"article.{LENGTH}(publisher)": ARTICLE.format("publisher = ''", 1),
    f"article.{LENGTH}(language)": ARTICLE.format("language = 'x'", 1),
    f"article.{LENGTH}(extractor)": ARTICLE.format("extractor = ''", 1),
    f"article.{BETWEEN}(words)": ARTICLE.format("words = 0", 1),
    f"article.{BETWEEN}(version)": ARTICLE.format("version = 0", 1),
    f"article.{IN_SET}(published_from)": ARTICLE.format("published_from = 'guess'", 1),
    f"article.{IN_SET}(published_precision)": ARTICLE.format("published_precision = 'century'", 1),
    "article.address_is_its_own": ARTICLE.format("compare_url = 'same'", "2 OR entry_id = 3"),
    "article.has_membership": "DELETE FROM membership WHERE article_id = {second}",
    "article.is_fresh": "UPDATE article SET loaded_at = {long_ago}",
    f"membership.{IN_SET}(relation)": "UPDATE membership SET relation = 'cousin' WHERE article_id = {first}",
    "membership.article_exists": "UPDATE membership SET article_id = 'a-gone' WHERE article_id = {third}",
    "membership.text_exists": "UPDATE membership SET text_group_id = 't-gone' WHERE article_id = {first}",
    "membership.matched_article_exists": "UPDATE membership SET matched_article_id = 'a-nowhere'",
    f"event.{LENGTH}(name)": "UPDATE event SET name = '' WHERE event_id = 'e-1'",
    f"event.{IN_SET}(kind)": "UPDATE event SET kind = 'party' WHERE event_id = 'e-1'",
    f"event.{BETWEEN}(edition)": "UPDATE event SET edition = 2023",
    f"event.{BETWEEN}(revision)": "UPDATE event SET revision = 0 WHERE event_id = 'e-1'",
    f"event.{PAIR}(end_date, start_date)": "UPDATE event SET end_date = '2020-01-01' WHERE event_id = 'e-1'",
    "event.counts_its_coverage": "UPDATE event SET articles = 9 WHERE event_id = 'e-1'",
    "event.merged_event_exists": "UPDATE event SET merged_into = 'e-gone' WHERE event_id = 'e-1'",
    "event.edition_is_one_event": "UPDATE event SET series = 'brst' WHERE event_id IN ('e-2', 'e-3')",
    f"coverage.{LENGTH}(title)": "UPDATE coverage SET title = ''",
    f"coverage.{LENGTH}(url)": "UPDATE coverage SET url = ''",
    f"coverage.{LENGTH}(publisher)": "UPDATE coverage SET publisher = ''",
    f"coverage.{LENGTH}(family)": "UPDATE coverage SET family = ''",
    f"coverage.{IN_SET}(role)": "UPDATE coverage SET role = 'star'",
    f"coverage.{BETWEEN}(score)": "UPDATE coverage SET score = -1",
    "coverage.article_exists": "UPDATE coverage SET article_id = 'a-gone' WHERE event_id = 'e-2'",
    "coverage.event_exists": "UPDATE coverage SET event_id = 'e-gone' WHERE event_id = 'e-3'",
    "coverage.event_is_not_merged": "UPDATE event SET merged_into = 'e-gone' WHERE event_id = 'e-1'",
    "coverage.text_is_that_of_its_article": "UPDATE coverage SET text_group_id = 't-other'",
    f"claim.{LENGTH}(field)": "UPDATE claim SET field = ''",
    f"claim.{LENGTH}(value)": "UPDATE claim SET value = ''",
    f"claim.{LENGTH}(quote)": "UPDATE claim SET quote = ''",
    f"claim.{LENGTH}(url)": "UPDATE claim SET url = ''",
    f"claim.{IN_SET}(status)": "UPDATE claim SET status = 'rumour'",
    f"claim.{PAIR}(high, low)": "UPDATE claim SET low = 100",
    f"claim.{PAIR}(quote_end, quote_start)": "UPDATE claim SET quote_start = 7",
    "claim.is_covered": "UPDATE claim SET article_id = 'a-gone' WHERE event_id = 'e-2'",
    "claim.is_said_once": "UPDATE claim SET event_id = 'e-1', text_group_id = 't-1'",
    f"alert.{IN_SET}(kind)": "UPDATE alert SET kind = 'gossip'",
    f"alert.{IN_SET}(status)": "UPDATE alert SET status = 'sent twice' WHERE key = 'a'",
    "alert.event_exists": "UPDATE alert SET event_id = 'e-gone'",
    "alert.sent_has_time": "UPDATE alert SET status = 'sent', sent_at = NULL WHERE key = 'b'",
    "run.is_fresh": "UPDATE run SET finished_at = {long_ago}",
}


def edit_unchecked(url: str, *statements: str) -> None:
    """Edit as an import or a repair by hand does: references and constraints do not hold."""
    engine = create_engine(parse_url(url))
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        else:
            found = connection.exec_driver_sql(
                "SELECT conrelid::regclass, conname FROM pg_constraint "
                "WHERE contype IN ('f', 'c') AND connamespace = 'public'::regnamespace"
            )
            for table, name in found.all():
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def filled_url(warehouse_url: str) -> str:
    """A warehouse with three loaded articles on three events, and entries that wait."""
    with Warehouse.open(warehouse_url) as warehouse:
        take_entries(warehouse, 9)
        dossiers = [make_dossier(make_article(number), event_id=f"e-{number}") for number in (1, 2, 3)]
        alerts = tuple(make_alert(key) for key in ("a", "b"))
        load_three(warehouse, *dossiers, alerts=alerts)
        warehouse.release(RUN)
        warehouse.finish_run(RUN, NOW)
    return warehouse_url


def broken(checks: tuple[QualityCheck, ...]) -> set[str]:
    return {check.rule for check in checks if not check.passed}


def test_tables_in_order_pass_and_are_documented(filled_url: str, tmp_path: Path) -> None:
    checks = check_tables(name_address(filled_url), NOW, tmp_path / "docs")
    assert broken(checks) == set()
    assert {check.rule for check in checks} == BREAKS.keys() | {
        f"history.{name}_is_steady" for name in ("text_length", "dated_share", "bylined_share")
    }
    assert len({check.rule for check in checks}) == len(checks)
    assert {check.level for check in checks} == {"fail", "warn"}

    written = [path.read_text() for path in (tmp_path / "docs").rglob("*.html")]
    assert (tmp_path / "docs" / "index.html").is_file()
    assert any("has_membership" in page or "carries a text" in page for page in written)
    password = parse_url(filled_url).password
    assert not password or not any(password in page for page in written)


def test_what_was_fetched_is_text_in_data_docs(filled_url: str, tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>$v__0 ${x} </td>"
    edit_unchecked(
        filled_url,
        f"UPDATE entry SET outcome = '{hostile}' WHERE entry_id = 5",
        f"UPDATE article SET published_from = '{hostile}', compare_url = '{hostile}'",
        f"UPDATE event SET kind = '{hostile}'",
        f"UPDATE claim SET status = '{hostile}', value = '{hostile}'",
    )
    pages = []
    for minutes in range(2):  # the pages of the second check take the place of those of the first
        check_tables(name_address(filled_url), NOW + timedelta(minutes=minutes), tmp_path / "docs")
        pages.append([path.read_text() for path in (tmp_path / "docs").rglob("*.html")])
    assert len(pages[0]) == len(pages[1])
    assert any("&lt;script&gt;alert(1)" in page for page in pages[1])
    for page in pages[1]:
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_every_rule_is_shown_broken(filled_url: str) -> None:
    names = {
        "first": f"'{make_article(1).article_id}'",
        "second": f"'{make_article(2).article_id}'",
        "third": f"'{make_article(3).article_id}'",
        "long_ago": "'2025-01-01 00:00:00.000000'",
    }
    edit_unchecked(filled_url, *(statement.format(**names) for statement in BREAKS.values()))
    checks = check_tables(name_address(filled_url), NOW)

    assert broken(checks) == BREAKS.keys()
    for check in checks:
        if not check.passed:
            assert check.unexpected_rows >= 1, check
            assert check.sample_keys, check
            assert check.sample_keys[0] in check.observed
            assert "\n" not in check.observed
    by_rule = {check.rule: check for check in checks}
    found = by_rule["coverage.event_exists"]
    assert found.sample_keys == (f"{make_article(3).article_id} e-gone",)
    assert found.observed.endswith("event_id leads to a row of event")
    assert by_rule[f"event.{IN_SET}(kind)"].sample_keys == ("e-1 (kind party)",)


def test_a_table_that_is_gone_is_an_error_of_one_line(filled_url: str) -> None:
    edit_unchecked(filled_url, "ALTER TABLE alert RENAME TO alerts")
    with pytest.raises(ExpectationError, match="alert") as raised:
        check_tables(name_address(filled_url), NOW)
    assert "\n" not in str(raised.value)


def make_history(source_id: str, start: int, before: Article, recent: Article) -> list[Article]:
    """Return 40 articles of the two months before the last week, and 12 of the last week."""
    return [
        make_article(
            start + number,
            source_id=source_id,
            text=kind.text,
            published_at=kind.published_at,
            attribution=kind.attribution,
            fetched_at=NOW - timedelta(days=days),
        )
        for number, (kind, days) in enumerate(
            [
                *((before, 8 + number % 50) for number in range(40)),
                *((recent, number % 7) for number in range(12)),
            ]
        )
    ]


@pytest.fixture
def histories(warehouse_url: str) -> str:
    """Four sources: a steady one, and three that changed a week ago."""
    usual = make_article(text="word " * 300)
    signed = usual.attribution.model_copy(update={"author": "A. Author"})
    usual = usual.model_copy(update={"attribution": signed})
    unsigned = usual.attribution.model_copy(update={"author": None})
    changed = {
        "steady": usual,
        "short": usual.model_copy(update={"text": "word " * 140}),
        "undated": usual.model_copy(update={"published_at": None}),
        "unsigned": usual.model_copy(update={"attribution": unsigned}),
    }
    articles = [
        article
        for place, (source_id, recent) in enumerate(changed.items())
        for article in make_history(source_id, 1 + 52 * place, usual, recent)
    ]
    with Warehouse.open(warehouse_url) as warehouse:
        take_entries(warehouse, len(articles))
        warehouse.register_sources([make_source(source_id) for source_id in changed], NOW)
        warehouse.write_batch(RUN, make_batch(*articles), (), NOW)
        warehouse.finish_run(RUN, NOW)
    return warehouse_url


def test_a_source_that_changed_is_named_and_a_steady_one_is_not(histories: str) -> None:
    checks = {check.rule: check for check in check_tables(name_address(histories), NOW)}
    assert broken(tuple(checks.values())) == {rule for rule in checks if rule.startswith("history.")}
    assert {rule: check.level for rule, check in checks.items() if not check.passed}.keys() == {
        "history.text_length_is_steady",
        "history.dated_share_is_steady",
        "history.bylined_share_is_steady",
    }
    for name, source_id in (
        ("text_length", "short"),
        ("dated_share", "undated"),
        ("bylined_share", "unsigned"),
    ):
        check = checks[f"history.{name}_is_steady"]
        assert check.level == "warn"
        [sample] = check.sample_keys
        assert sample.startswith(f"{source_id} (articles 12, ")
