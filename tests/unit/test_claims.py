"""Claims rest on words that stand where they say."""

from typing import Any

import pytest

from coopwatch.events.claims import check_quotes, locate, make_claims
from coopwatch.events.mentions import find_mentions
from coopwatch.extractors import CLAIMS
from schemas.records import Article, Attribution, Claim
from tests.unit.event_stories import REGISTRY, make_judgement, make_membership, make_story, tell_first_case


def claim_all(article: Article) -> tuple[Claim, ...]:
    main = find_mentions(article, make_judgement(article), REGISTRY)[0]
    return make_claims("e-1", article, make_membership(article, "t-1"), main)


@pytest.mark.parametrize("name", ["release", "institute", "second", "forum"])
def test_every_claim_quotes_the_words_at_its_offsets(name: str) -> None:
    article, _ = tell_first_case()[name]
    claims = claim_all(article)
    full = f"{article.title}\n{article.text}"
    assert claims
    assert all(full[claim.quote_start : claim.quote_end] == claim.quote for claim in claims)
    assert check_quotes(article, claims) == ()
    assert {(claim.extractor, claim.article_version) for claim in claims} == {(CLAIMS, 1)}


def test_a_claim_names_who_asserts_it() -> None:
    text = (
        "The first Belt and Road Conference on Science and Technology Exchange opened in Chongqing, China.\n"
        "According to the Reef Society, 800 participants attended the conference.\n"
        "They came from 41 countries and attended the conference."
    )
    article = make_story(
        1, "BRST opens", text.replace("\n", "\n\n"), attribution=Attribution(publisher="Post")
    )
    said = {claim.field: claim.asserted_by for claim in claim_all(article)}
    assert (said["attendance"], said["countries"]) == ("Reef Society", "Post")
    issued = article.model_copy(update={"attribution": Attribution(publisher="Post", issuer="City")})
    said = {claim.field: claim.asserted_by for claim in claim_all(issued)}
    assert (said["attendance"], said["countries"]) == ("Reef Society", "City")


def test_money_has_its_currency_as_unit_and_the_article_its_version() -> None:
    text = (
        "At the first Belt and Road Conference on Science and Technology Exchange in Chongqing, China, the"
        " partners agreed to fund a sea laboratory with EUR 95 million."
    )
    article = make_story(1, "BRST funds a laboratory", text, version=3)
    (money,) = (claim for claim in claim_all(article) if claim.field == "funding")
    assert (money.value, money.unit, money.low, money.article_version) == ("95000000", "EUR", 95e6, 3)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quote": "Other words."}, "has other words"),
        ({"quote_start": 1}, "has other words"),
        ({"quote_end": 10**6}, "is not in the text"),
        ({"quote_start": 0, "quote_end": 0}, "is not in the text"),
        ({"quote_start": -5, "quote_end": -1}, "is not in the text"),
        ({"quote": ""}, "no quote"),
    ],
)
def test_a_claim_that_does_not_rest_on_its_words_is_told(change: dict[str, Any], reason: str) -> None:
    article, _ = tell_first_case()["release"]
    claim, *others = claim_all(article)
    broken = claim.model_copy(update=change)
    (wrong,) = check_quotes(article, (broken, *others))
    assert wrong.claim == broken
    assert reason in wrong.reason
    assert wrong.reason.startswith(claim.field)


def test_claims_of_other_articles_and_versions_are_passed_over() -> None:
    article, _ = tell_first_case()["release"]
    claim = claim_all(article)[0].model_copy(update={"quote": "Other words."})
    assert check_quotes(article.model_copy(update={"version": 2}), (claim,)) == ()
    assert check_quotes(tell_first_case()["forum"][0], (claim,)) == ()


def test_a_sentence_that_stands_twice_is_found_where_it_was_read() -> None:
    text = "It opened. It opened. It closed."
    assert locate(text, "It opened.", 14) == 11
    assert locate(text, "It opened.", 0) == 0
    assert locate(text, "It opened.", 30) == 0
    assert locate(text, "It burnt.", 0) == -1
