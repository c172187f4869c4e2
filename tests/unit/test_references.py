"""How articles refer to other events, in ten languages; the sentences were written for these tests."""

from datetime import date

import pytest

from coopwatch.events.mentions import FoundMention
from coopwatch.events.references import find_precedents, name_reference
from schemas.records import EventKind
from tests.unit.event_stories import make_story

DAY = date(2024, 9, 12)
SIGNED = "agreement 2019-05-03/2019-05-03"
NAME = "Polar Data Forum"


def refer(text: str, language: str, *, kind: EventKind = "conference", series: str | None = None) -> str:
    """Return the label for the forum that a text names."""
    article = make_story(1, "A treaty on ice cores", text, DAY, language=language)
    full = f"{article.title}\n{article.text}"
    main = FoundMention(
        article_id=article.article_id, role="main", kind="agreement", name="treaty", series=series, quote=""
    )
    forum = FoundMention(
        article_id=article.article_id,
        role="background",
        kind=kind,
        name=NAME,
        series="polar-data-forum",
        quote=article.text,
        offset=full.index(NAME),
    )
    return name_reference(article, main, forum)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The treaty was signed on the sidelines of the second Polar Data Forum in Bergen."),
        ("en", "A side event of the Polar Data Forum was given over to ice cores."),
        ("zh", "双方在第二届Polar Data Forum期间签署了冰芯协议。"),
        ("zh-Hant", "雙方在第二屆Polar Data Forum期間簽署了冰芯協議。"),
        ("fr", "Le traité a été signé en marge du deuxième Polar Data Forum à Bergen."),
        ("es", "El tratado se firmó en el marco del segundo Polar Data Forum en Bergen."),
        ("pt", "O tratado foi assinado à margem do segundo Polar Data Forum em Bergen."),
        ("de", "Der Vertrag wurde am Rande des zweiten Polar Data Forum in Bergen unterzeichnet."),
        ("ru", "Договор подписан на полях второго Polar Data Forum в Бергене."),
        ("ar", "وقع الطرفان الاتفاق على هامش Polar Data Forum في برغن."),
        ("ja", "両国は第2回Polar Data Forumに合わせて協定に署名した。"),
        ("ko", "양국은 제2회 Polar Data Forum을 계기로 협정에 서명했다."),
    ],
)
def test_what_is_held_within_another_event_is_told_so(language: str, text: str) -> None:
    assert refer(text, language) == "held within"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The treaty follows talks at the Polar Data Forum in Bergen."),
        ("en", "Delegates praised the Polar Data Forum and its sidelines."),
        ("zh", "双方曾在Polar Data Forum上讨论冰芯。"),
        ("ja", "両国はPolar Data Forumで氷床コアを議論した。"),
        ("ru", "Договор обсуждали на Polar Data Forum в Бергене."),
        ("tr", "Anlaşma Polar Data Forum çerçevesinde imzalandı."),
    ],
)
def test_what_is_only_named_is_not(language: str, text: str) -> None:
    assert refer(text, language) == "mentions"


WITHIN = "The treaty was signed on the sidelines of the Polar Data Forum in Bergen."


def test_further_down_a_text_tells_of_other_things() -> None:
    filler = "The academies share a cold store. " * 4
    assert refer(filler + WITHIN, "en") == "mentions"


@pytest.mark.parametrize(("kind", "series"), [("programme", None), ("conference", "polar-data-forum")])
def test_only_meetings_of_another_series_hold_something_within(kind: EventKind, series: str | None) -> None:
    assert refer(WITHIN, "en", kind=kind, series=series) == "mentions"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The station builds on the agreement signed by both academies on May 3, 2019 in Oslo."),
        ("zh", "根据两国科学院2019年5月3日签署的合作协议，双方将共建观测站。"),
        ("zh-Hant", "根據兩國科學院2019年5月3日簽署的合作協議，雙方將共建觀測站。"),
        ("fr", "Conformément à l'accord signé le 3 mai 2019, les académies construiront une station."),
        ("es", "En virtud del acuerdo firmado el 3 de mayo de 2019, se construirá una estación."),
        ("pt", "Nos termos do acordo assinado em 3 de maio de 2019, será construída uma estação."),
        ("de", "Auf Grundlage des am 3. Mai 2019 unterzeichneten Abkommens entsteht eine Station."),
        ("ru", "В соответствии с соглашением, подписанным 3 мая 2019 года, построят станцию."),
        ("ar", "بموجب الاتفاقية التي تم توقيعها في 3 مايو 2019 ستبنى محطة."),
        ("ja", "2019年5月3日に署名された協定に基づき、両国は観測所を建設する。"),
        ("ko", "2019년 5월 3일 체결된 협정에 따라 양국은 관측소를 건설한다."),
    ],
)
def test_an_older_act_is_found_with_its_days(language: str, text: str) -> None:
    article = make_story(1, "A station", text, DAY, language=language)
    (evidence,) = find_precedents(article)
    assert (evidence.label, evidence.value) == ("follows", SIGNED)
    assert evidence.quote is not None
    assert evidence.quote in article.text


@pytest.mark.parametrize(
    "text",
    [
        "The academies signed the agreement on May 3, 2019 in Oslo.",  # no word refers to it
        "Following the visit of May 3, 2019 the academies signed on.",
        "Under the agreement signed on September 1, 2024 a station will be built.",  # the news itself
        "Under the agreement signed earlier a station will be built.",
        "Under the agreement signed on May 3, 2019 and renewed on June 4, 2020, a station will be built.",
        "Under the agreement signed on May 3 a station will be built.",  # the year is a guess
    ],
)
def test_what_is_not_sure_is_no_older_act(text: str) -> None:
    assert list(find_precedents(make_story(1, "A station", text, DAY))) == []


def test_a_text_that_says_it_twice_says_it_once() -> None:
    text = "Under the agreement signed on May 3, 2019 a station will be built. " * 2
    assert len(list(find_precedents(make_story(1, "A station", text, DAY)))) == 1


def test_without_a_date_nothing_is_older() -> None:
    text = "Under the agreement signed on May 3, 2019 a station will be built."
    assert list(find_precedents(make_story(1, "A station", text))) == []
