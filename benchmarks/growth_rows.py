"""Fills a PostgreSQL warehouse with generated rows, all tables that grow with the news, for benchmarks.

Numbers follow what real feeds show: half of the articles are in scope and cover an event, ten each within a
day; a third are reprints; an event has twenty-five claims, and one in twenty has contradicting figures.
News comes at one pace, so that a large warehouse is an old one: ten thousand articles are eleven days, a
million three years. Texts are a few hundred characters: what is longer lies outside the rows that questions
read.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text

SOURCES = 500
ARTICLES_AN_EVENT = 10
FINGERPRINTS = 21  # of an article
TERMS = 104  # of an event: that many keys have those of seven texts in a set of real coverage (giveme5w1h)
TERM_WORDS = 200_000  # different ones
DAILY = 900  # articles
DAILY_EVENTS = DAILY // 2 // ARTICLES_AN_EVENT
WORDS = 20_000  # different ones in wordings
_TOLD_WORDS = 55  # in the wording of a text, about as many as real articles have on average
_NOW = "date_trunc('day', now())"
_COVERED_DAILY = DAILY // 2
LETTERS = "bcdfghjklm"  # for the digits of a number that stands for a word
_COUNTRIES = "(ARRAY['NO','CH','KE','BR','JP','EG','PL','CL','VN','CA','GH','RS'])"
_KINDS = "(ARRAY['conference','agreement','laboratory','programme','delegation'])"


def fill(connection: Connection, articles: int) -> None:
    """Add rows as of so many articles.

    Args:
        connection: to a migrated warehouse without rows; committed at the end.
        articles: how many.
    """
    events = max(1, articles // 2 // ARTICLES_AN_EVENT)
    connection.execute(text("SET session_replication_role = replica"))
    connection.execute(text("SET synchronous_commit = off"))
    for table, columns in _list_tables(articles, events).items():
        rows, values = columns
        names, expressions = ", ".join(values), ", ".join(values.values())
        connection.execute(text(f"INSERT INTO {table} ({names}) SELECT {expressions} FROM {rows}"))
        connection.commit()
    connection.execute(text("SELECT setval('entry_entry_id_seq', :last)"), {"last": articles})
    connection.execute(text("SELECT setval('article_article_no_seq', :last)"), {"last": articles})
    connection.commit()


def _id(kind: str, number: str) -> str:
    return f"'{kind}-' || lpad(({number})::text, 16, '0')"


def _list_tables(articles: int, events: int) -> Mapping[str, tuple[str, Mapping[str, str]]]:
    each = f"generate_series(1, {articles}) AS n"
    founder = "(n - (n % 3 = 2)::int)"
    url = f"'https://host' || n % {SOURCES} || '.example/' || n"
    one, other = (f"{_COUNTRIES}[1 + {place} % 12]" for place in ("n", "(n / 12)"))
    title = f"{one} || ' and ' || {other} || ' sign pact ' || md5(n::text)"
    body = "(SELECT string_agg(md5((n * 10 + part)::text), ' ') FROM generate_series(1, 8) AS part)"
    day, place = f"((n - 2) / {DAILY})", f"((n - 2) % {DAILY} / 2)"  # of an article with an even number
    alike = f"least({DAILY_EVENTS}, {events} - {day} * {DAILY_EVENTS})"  # events of that day
    event_of, position = f"({day} * {DAILY_EVENTS} + 1 + {place} % {alike})", f"({place} / {alike})"
    when = f"{_NOW} - interval '1 second' * (({articles} - n) * {86400 // DAILY})"
    when_event = f"{_NOW} - interval '1 second' * (({events} - n) * {86400 // DAILY_EVENTS})"
    whose = f"CASE WHEN place % 2 = 0 THEN n ELSE -{event_of} END"  # of two words, one is of the event
    number = f"(hashint8({whose} * {_TOLD_WORDS}::bigint + place)::bigint & 2147483647) % {WORDS}"
    word = f"translate(({number})::text, '0123456789', '{LETTERS}')"
    behind = "CASE WHEN place % 3 = 0 THEN '×2' ELSE '' END || CASE WHEN place = 20 THEN ' |' ELSE '' END"
    wording = f"(SELECT string_agg({word} || {behind}, ' ') FROM generate_series(1, {_TOLD_WORDS}) AS place)"
    covered = f"generate_series(2, {articles}, 2) AS n"
    claimed = (
        f"generate_series(2, {articles}, 2) AS n CROSS JOIN (VALUES {_CLAIM_FIELDS}) AS said (field, low)"
    )
    term = f"hashint8extended((n::bigint * {TERMS} + place) * 7919 % {TERM_WORDS}, 7)"  # of any month
    conflict = f"{event_of} % 20 = 0 AND said.field = 'attendance'"
    figure = f"said.low + CASE WHEN {conflict} THEN n % 3 WHEN said.field = 'money' THEN n % 11 ELSE 0 END"
    return {
        "run": ("(SELECT 1) AS one", {"run_id": "'generated'", "started_at": _NOW}),
        "source": (
            f"generate_series(0, {SOURCES - 1}) AS n",
            {
                "source_id": "'s-' || n",
                "name": "'Source ' || n",
                "kind": "'feed'",
                "url": "'https://host' || n || '.example/feed'",
                "publisher": "'Publisher ' || n",
                "poll_min_seconds": "900",
                "poll_max_seconds": "86400",
                "silent_after_seconds": "604800",
                "entries_min": "1",
                "registered_at": _NOW,
                "last_polled_at": _NOW,
                "last_new_entry_at": f"{_NOW} - interval '1 day' * (n % 10)",
                "failure_weight": "0",
            },
        ),
        "poll": (
            f"generate_series(1, {articles // 2}) AS n",
            {
                "source_id": f"'s-' || n % {SOURCES}",
                "polled_at": f"{_NOW} - interval '1 second' * n",
                "run_id": "'generated'",
                "outcome": "'polled'",
                "entries": "30",
                "new_entries": "2",
                "unreadable": "0",
                "seconds": "0.3",
            },
        ),
        "entry": (
            each,
            {
                "entry_id": "n",
                "source_id": f"'s-' || n % {SOURCES}",
                "key": url,
                "url": url,
                "compare_url": url,
                "host": f"'host' || n % {SOURCES} || '.example'",
                "turn": f"n / {SOURCES}",
                "title": title,
                "summary": "''",
                "first_seen_at": when,
                "last_seen_at": when,
                "outcome": "'loaded'",
                "stage": "'load'",
                "reason": "'in scope'",
                "attempts": "1",
                "article_id": _id("a", "n"),
                "run_id": "'generated'",
                "decided_at": when,
            },
        ),
        "judgement": (
            each,
            {
                "entry_id": "n",
                "verdict": "'accept'",
                "score": "0.7",
                "facets": "'{\"science\": 0.5}'::jsonb",
                "fired": "'[]'::jsonb",
                "reason": "'in scope'",
                "topic": "'generated'",
                "version": "'1'",
            },
        ),
        "article": (
            each,
            {
                "article_no": "n",
                "article_id": _id("a", "n"),
                "entry_id": "n",
                "source_id": f"'s-' || n % {SOURCES}",
                "url": url,
                "compare_url": url,
                "title": title,
                "text": body,
                "words": "300",
                "language": "'en'",
                "published_at": when,
                "fetched_at": when,
                "publisher": f"'Publisher ' || n % {SOURCES}",
                "cited_agencies": "'[]'::jsonb",
                "attribution_evidence": "'[]'::jsonb",
                "extractor": "'generated'",
                "loaded_at": when,
            },
        ),
        "article_search": (
            "article",
            {"article_no": "article_no", "words": "to_tsvector('english', title || ' ' || text)"},
        ),
        "text_group": (
            f"{each} WHERE n % 3 <> 2",
            {
                "text_group_id": _id("t", "n"),
                "origin_article_id": _id("a", "n"),
                "created_at": when,
            },
        ),
        "membership": (
            each,
            {
                "article_id": _id("a", "n"),
                "text_group_id": _id("t", founder),
                "relation": "CASE WHEN n % 3 = 2 THEN 'same' ELSE 'origin' END",
                "shared_fingerprints": "0",
                "reason": "''",
            },
        ),
        "fingerprint": (
            f"{each} CROSS JOIN generate_series(1, {FINGERPRINTS}) AS place ORDER BY 1",
            {"hash": f"hashint8extended(({founder} * 100 + place)::bigint, 5)", "article_no": "n"},
        ),
        "event": (
            f"generate_series(1, {events}) AS n",
            {
                "event_id": _id("e", "n"),
                "series": f"CASE WHEN n % 50 = 0 THEN 'series-' || n % {max(50, events // 20)} END",
                "edition": "CASE WHEN n % 50 = 0 THEN n / 50 % 20 + 1 END",
                "name": "'Pact ' || md5(n::text)",
                "kind": f"{_KINDS}[1 + n % 5]",
                "start_date": f"({when_event})::date",
                "end_date": f"({when_event})::date",
                "place": "'Harbour City'",
                "country": f"{_COUNTRIES}[1 + n % 12]",
                "participants": f"jsonb_build_array({one}, {_COUNTRIES}[1 + (n + 1 + n / 12 % 11) % 12])",
                "articles": str(ARTICLES_AN_EVENT),
                "text_groups": "7",
                "independent_sources": "1 + n % 5",
                "revision": "1 + n % 5",
                "first_seen_at": when_event,
                "updated_at": when_event,
            },
        ),
        "coverage": (
            covered,
            {
                "article_id": _id("a", "n"),
                "event_id": _id("e", event_of),
                "text_group_id": _id("t", founder),
                "role": "'main'",
                "url": url,
                "title": title,
                "publisher": f"'Publisher ' || n % {SOURCES}",
                "family": f"'family-' || n % {SOURCES // 2}",
                "published_at": when,
                "score": "0.8",
                "evidence": (
                    "jsonb_build_array(jsonb_build_object('label', 'named', 'value', 'Pact'),"
                    f" jsonb_build_object('label', 'words', 'value', 'en', 'quote', {wording}))"
                ),
                "position": position,
                "recorded_at": when,
            },
        ),
        "claim": (
            f"{claimed} WHERE {position} % 2 = 0 OR said.field = 'kind'",
            {
                "claim_id": "'c-' || md5(n || said.field)",
                "event_id": _id("e", event_of),
                "article_id": _id("a", "n"),
                "text_group_id": _id("t", founder),
                "field": "said.field",
                "value": (f"CASE WHEN said.field = 'kind' THEN 'agreement' ELSE ({figure})::text END"),
                "low": figure,
                "high": "said.low",
                "quote": "'A sentence of some length in which the figure stands, with what else it says.'",
                "url": url,
                "asserted_by": f"'Publisher ' || n % {SOURCES}",
                "status": f"CASE WHEN {conflict} THEN 'conflict' ELSE 'agrees' END",
                "position": "0",
                "recorded_at": when,
            },
        ),
        "event_change": (
            f"generate_series(1, {events}) AS n CROSS JOIN generate_series(1, 4) AS revision",
            {
                "event_id": _id("e", "n"),
                "revision": "revision",
                "kind": "CASE WHEN revision = 1 THEN 'new_event' ELSE 'new_source' END",
                "article_id": _id("a", "n * 2"),
                "run_id": "'generated'",
                "changed_at": f"{when_event} + interval '1 hour' * revision",
                "detail": "'What changed, in one line'",
            },
        ),
        "alert": (
            f"generate_series(1, {events}) AS n",
            {
                "key": "'team:' || lpad(n::text, 16, '0') || '@new_event'",
                "event_id": _id("e", "n"),
                "kind": "'new_event'",
                "rule": "'everything'",
                "route": "'team'",
                "title": "'New'",
                "body": "'New'",
                "status": "'sent'",
                "attempts": "1",
                "created_at": when_event,
                "next_attempt_at": when_event,
                "sent_at": when_event,
            },
        ),
        "event_term": (
            (
                f"(SELECT DISTINCT {term} AS term, n FROM generate_series(1, {events}) AS n"
                f" CROSS JOIN generate_series(1, {TERMS}) AS place) AS terms"
            ),
            {"term": "term", "event_id": _id("e", "n")},
        ),
    }


_CLAIM_FIELDS = "('attendance', 800), ('countries', 12), ('money', 5000000), ('kind', 1)"
