import json

from coopwatch.reports import clean, to_json, to_plain_event, to_plain_evidence, word_event
from schemas.records import Alert, EventRelation
from tests.builders import NOW, make_article, make_claim, make_dossier


def test_the_plain_event_has_exactly_the_documented_fields() -> None:
    plain = json.loads(to_json(to_plain_event(make_dossier())))
    assert list(plain) == [
        "event_id",
        "series",
        "edition",
        "name",
        "kind",
        "start_date",
        "end_date",
        "place",
        "country",
        "articles",
        "text_groups",
        "independent_sources",
        "fields",
        "claims",
        "coverage",
    ]
    assert set(plain["claims"][0]) == {
        "field", "value", "low", "high", "unit", "qualifier", "scope", "quote", "quote_start", "quote_end",
        "article_version", "asserted_by", "url", "status"
    }  # fmt: skip
    assert set(plain["coverage"][0]) == {
        "url", "publisher", "distributor", "issuer", "family", "text_group_id", "role", "published_at",
        "linked_by", "evidence"
    }  # fmt: skip


def test_the_text_shows_every_row_with_its_evidence() -> None:
    articles = (make_article(1), make_article(2))
    dossier = make_dossier(*articles)
    relation = EventRelation(event_id="e-0", other_event_id="e-1", kind="mentioned", quote="as in May")
    alert = Alert(
        key="k", event_id="e-1", kind="new_event", rule="all", route="console", title="New: lab",
        body="", status="sent", created_at=NOW, next_attempt_at=NOW, sent_at=NOW,
    )  # fmt: skip
    text = word_event(dossier, (relation,), (alert,))
    for article in articles:
        assert article.url in text
    assert "attendance: 40  [only]" in text
    assert "“Forty scientists from nine countries will work there.”" in text
    assert "mentioned: e-0  “as in May”" in text
    assert "sent    console: New: lab  sent 2025-07-01 12:00" in text
    assert "series: none" in text


def test_a_title_cannot_steer_the_terminal() -> None:
    hostile = "Lab \x1b[2J\x07opens \u202eevil\x9b"
    assert clean(hostile) == "Lab �[2J�opens �evil�"
    assert "\x1b" not in word_event(make_dossier(make_article(title=hostile), name=hostile))


def test_what_is_known_of_a_field_stands_above_its_claims() -> None:
    one, other = make_article(1), make_article(2)
    dossier = make_dossier(one, other).model_copy(
        update={
            "claims": (
                make_claim(one, field="attendance", value="800", low=800, high=800, status="conflict"),
                make_claim(other, field="attendance", value="2000", low=2000, high=2000, status="conflict"),
                make_claim(one, field="funding", value="5000", low=5000, high=5000, unit="EUR"),
            )
        }
    )
    text = word_event(dossier)
    assert "  attendance: 800 to 2000  [conflict, 1 voice]\n" in text
    assert "  funding: 5000 EUR  [only, 1 voice]\n" in text
    assert text.index("What is known") < text.index("Claims")
    fields = {field["field"]: field for field in to_plain_evidence(dossier, (), ())["fields"]}
    assert (fields["attendance"]["value"], fields["attendance"]["high"]) == (None, 2000)
