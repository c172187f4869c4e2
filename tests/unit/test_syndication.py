import itertools
import random
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from coopwatch.boilerplate import sample_shingles
from coopwatch.fingerprints import fingerprint
from coopwatch.identity import make_text_group_id
from coopwatch.syndication import assign_groups, compare_texts
from schemas.records import Article, Membership, StoredText
from tests.builders import make_article

RELEASE = """
The second Coastal Observation Forum opened on Tuesday in the harbour city of Brenn, bringing oceanographers
from 34 countries together for three days of talks on how to share measurements of the sea. Organisers
counted 412 delegates on the opening morning, among them the research ministers of Norland, Vesteria and the
Palm Islands, who signed a protocol that makes tide gauge records of the past forty years freely available.

"A sensor that only its owner can read is half a sensor," said Ilse Marrow, who chairs the forum's steering
committee and directs the Institute for Shelf Seas in Brenn. Until now each country has kept its archive in
a format of its own, and students have spent months converting files before they could ask a single
question.

Under the protocol the three ministries will pay for a common data centre, to be built next to the institute
by the end of the coming year. Its staff of sixty will be recruited in equal parts from the member
countries, and visiting scholars may use its computers without a fee for up to six months. A first call for
projects is planned for the spring, with money for about twenty teams that must have partners in at least
two countries.

Fishing associations welcomed the plan, while warning that positions of buoys should be published with a
delay. Marrow replied that a working group on safety would report in March, and that nobody intended to
expose equipment to thieves. The group includes two captains and a lawyer for maritime insurance.

On Wednesday the delegates will board the research vessel Lantern to see how autonomous gliders are
launched, and on Thursday they vote on where the third forum is to be held. Bids have come from Port Aster
and from the university town of Sollen. A delegation of school pupils presented a model of a drifting buoy
made from recycled bottles, which will be set adrift from the Lantern with the signatures of all ministers
on board.
"""
ABOUT = """
About the Coastal Observation Forum: founded by four marine institutes, the forum brings together research
organisations, ministries and port authorities that run measuring networks along the shore. Its secretariat
in Brenn maintains a register of stations, publishes a yearly report on the state of the network and advises
governments that wish to open their archives. Membership is free for public bodies. Companies may join as
observers after a hearing. The forum accepts no donations from the fossil fuel industry. For interviews
please contact the press office by electronic mail, giving your name, your medium and your deadline; calls
are answered on working days between nine and five. Photographs may be used without charge if the forum is
named as source.
"""
OTHER_RELEASE = """
A register of more than nine thousand measuring stations went online on Friday, the first public product of
the secretariat that marine institutes set up last winter. Anyone can now look up who owns a gauge, when it
was last serviced and under what terms its readings may be copied. Programmers from Sollen wrote the search
page in eleven weeks, and translations into five languages are to follow before the summer. Volunteers are
invited to report stations that are missing, with a picture and the coordinates, through a form on the site.
"""
DAY = datetime(2025, 6, 24, 9, tzinfo=UTC)


def words(text: str) -> list[str]:
    return text.split()


def edit_words(text: str, share: float, seed: int = 3) -> str:
    chance = random.Random(seed)
    return " ".join("elsewhere" if chance.random() < share else word for word in text.split())


def article(
    number: int, text: str, title: str = "Forum opens", day: int = 24, language: str = "en"
) -> Article:
    return make_article(number, title=title, text=text, language=language, published_at=DAY.replace(day=day))


def store(article: Article, text_group_id: str | None = None) -> StoredText:
    return StoredText(
        article_id=article.article_id,
        text_group_id=text_group_id or make_text_group_id(article.article_id),
        title=article.title,
        text=article.text,
        language=article.language,
        dated=article.dated,
    )


def group(articles: Iterable[Article], stored: Iterable[Article] = ()) -> dict[str, Membership]:
    """Group a batch against stored articles as a warehouse would offer them."""
    batch, known = list(articles), list(stored)
    prints = {item.article_id: fingerprint(item.text, item.language) for item in batch}
    shared = {}
    for item in batch:
        counts = [
            (other.article_id, len({*prints[item.article_id]} & {*fingerprint(other.text, other.language)}))
            for other in known
        ]
        shared[item.article_id] = [(article_id, count) for article_id, count in counts if count >= 1]
    decided = assign_groups(batch, prints, shared, {item.article_id: store(item) for item in known})
    return {membership.article_id: membership for membership in decided}


COPIES = {
    "new footer and dateline": "BRENN, June 24 (Shoreline News) - "
    + RELEASE
    + "\nSubscribe to our letter for more.",
    "first 90 words": " ".join(words(RELEASE)[:90]),
    "first 60 words, with a dateline": "BRENN, Norland (SN) - " + " ".join(words(RELEASE)[:60]),
    "lightly edited": edit_words(RELEASE, 0.1),
    "without the last third, footer": " ".join(words(RELEASE)[:200])
    + " "
    + " ".join(words(OTHER_RELEASE)[-20:]),
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES.keys())
@pytest.mark.parametrize("is_stored", [True, False])
def test_copies_join_the_group_of_their_source(copy: str, is_stored: bool) -> None:
    source, reprint = article(1, RELEASE), article(2, copy, title="Sea data for all", day=25)
    groups = group([reprint], [source]) if is_stored else group([reprint, source])
    found = groups[reprint.article_id]
    assert found.text_group_id == make_text_group_id(source.article_id)
    assert found.matched_article_id == source.article_id
    assert found.relation in {"same", "derived"}
    assert found.shared_fingerprints >= 1
    assert source.article_id in found.reason


def test_a_whole_copy_is_the_same_text_and_a_cut_is_derived() -> None:
    source = article(1, RELEASE)
    whole = article(2, "BRENN (SN) - " + RELEASE, day=25)
    cut = article(3, COPIES["first 90 words"], day=25)
    groups = group([whole, cut], [source])
    assert groups[whole.article_id].relation == "same"
    assert groups[cut.article_id].relation == "derived"
    assert groups[cut.article_id].containment == pytest.approx(1.0)


APART = {
    "follow-up that repeats the background": (RELEASE, OTHER_RELEASE * 2 + " ".join(words(RELEASE)[200:290])),
    "the same boilerplate": (RELEASE + ABOUT, OTHER_RELEASE + ABOUT),
    "the same boilerplate under short texts": (" ".join(words(RELEASE)[:90]) + ABOUT, OTHER_RELEASE + ABOUT),
    "unrelated": (RELEASE, OTHER_RELEASE),
    "the next edition, in the same words": (
        RELEASE,
        RELEASE.replace("The second", "The third").replace("where the third", "where the fourth"),
    ),
}


@pytest.mark.parametrize(("one", "other"), APART.values(), ids=APART.keys())
def test_texts_of_their_own_stay_apart(one: str, other: str) -> None:
    first, second = article(1, one), article(2, other, day=25)
    groups = group([first, second])
    assert [membership.relation for membership in groups.values()] == ["origin", "origin"]
    assert len({membership.text_group_id for membership in groups.values()}) == 2


def test_another_edition_over_the_same_template_says_why_it_stands_apart() -> None:
    template = (
        "The {nth} Harbour Robotics Congress takes place in {place} from {days} {year}. {own} "
        "The congress is the yearly meeting of laboratories that build machines for work under water. "
        "Registration is open on the congress site until two weeks before the opening. Members of the "
        "society pay half the fee, and students travel free of charge on the trains of the region. The "
        "programme has keynote talks in the morning and demonstrations in the basin of the university in "
        "the afternoon. "
    )
    twelfth = template.format(
        nth="12th",
        place="Sollen",
        days="14 to 16 May",
        year=2024,
        own="Its theme is repair of cables by swarms.",
    )
    thirteenth = template.format(
        nth="13th",
        place="Port Aster",
        days="12 to 14 May",
        year=2025,
        own="Its theme is listening to whales.",
    )
    assert compare_texts(twelfth, thirteenth, "en").containment > 0.6
    first, second = article(1, twelfth), article(2, thirteenth, day=25)
    groups = group([second], [first])
    assert groups[second.article_id].relation == "origin"
    assert "edition 13 against 12" in groups[second.article_id].reason


def test_the_order_within_a_batch_does_not_matter() -> None:
    batch = [
        article(1, RELEASE),
        article(2, COPIES["first 90 words"]),
        article(3, COPIES["lightly edited"], day=23),
        article(4, OTHER_RELEASE + ABOUT),
        article(5, RELEASE + ABOUT, day=26),
    ]
    expected = group(batch)
    assert len({membership.text_group_id for membership in expected.values()}) == 2
    for order in itertools.islice(itertools.permutations(batch), 0, None, 7):
        assert group(order) == expected


def test_on_one_day_the_whole_text_founds_the_group_of_its_cuts() -> None:
    cut, whole = article(1, COPIES["first 90 words"]), article(2, RELEASE)
    groups = group([cut, whole])
    assert groups[whole.article_id].relation == "origin"
    assert groups[cut.article_id].matched_article_id == whole.article_id


def test_of_one_release_the_first_to_publish_founds_the_group() -> None:
    attribution = make_article().attribution.model_copy(update={"release_date": DAY.date()})
    first = make_article(1, text=RELEASE, published_at=DAY, attribution=attribution)
    late = make_article(
        2, text=RELEASE + OTHER_RELEASE, published_at=DAY.replace(day=27), attribution=attribution
    )
    groups = group([late, first])
    assert groups[first.article_id].relation == "origin"
    assert groups[late.article_id].matched_article_id == first.article_id


def test_a_round_up_joins_its_best_match_and_merges_nothing() -> None:
    first, second = article(1, RELEASE), article(2, OTHER_RELEASE + ABOUT)
    both = article(3, RELEASE + OTHER_RELEASE + ABOUT, day=26)
    groups = group([both], [first, second])
    assert groups[both.article_id].text_group_id in {
        make_text_group_id(first.article_id),
        make_text_group_id(second.article_id),
    }
    assert len(groups) == 1


def test_a_copy_of_a_copy_joins_the_stored_group() -> None:
    copy, late = article(2, COPIES["lightly edited"]), article(3, COPIES["lightly edited"], day=28)
    prints = {late.article_id: fingerprint(late.text, "en")}
    shared = {late.article_id: [(copy.article_id, 20), ("a-gone", 20)]}
    (found,) = assign_groups([late], prints, shared, {copy.article_id: store(copy, "t-founder")})
    assert found.text_group_id == "t-founder"


def test_between_equal_texts_the_title_decides() -> None:
    one, other = (
        article(1, RELEASE, title="Ministers sign tide protocol"),
        article(2, RELEASE, title="Sea news"),
    )
    late = article(3, RELEASE, title="Sea news: the week", day=27)
    assert group([late], [one, other])[late.article_id].matched_article_id == other.article_id


def test_languages_never_share_a_group() -> None:
    one, other = article(1, RELEASE), article(2, RELEASE, language="de")
    assert len({membership.text_group_id for membership in group([one, other]).values()}) == 2


def test_short_texts_stand_alone() -> None:
    stub = "To read on, please log in or take out a trial subscription."
    one, other = article(1, stub), article(2, stub)
    groups = group([one, other])
    assert {membership.relation for membership in groups.values()} == {"origin"}
    assert "too short" in groups[one.article_id].reason


def test_an_article_that_is_judged_again_stays_the_origin_of_its_group() -> None:
    source, copy = article(1, RELEASE), article(2, RELEASE, day=25)
    prints = {source.article_id: fingerprint(RELEASE, "en")}
    shared = {source.article_id: [(source.article_id, 25), (copy.article_id, 25)]}
    stored = {
        source.article_id: store(source),
        copy.article_id: store(copy, make_text_group_id(source.article_id)),
    }
    (again,) = assign_groups([source], prints, shared, stored)
    assert (again.relation, again.text_group_id) == ("origin", make_text_group_id(source.article_id))
    assert "founded" in again.reason


def arrive(*articles: Article) -> dict[str, str]:
    """Group articles that come one by one, each a batch, with all that a warehouse would give."""
    known: dict[str, tuple[Article, str]] = {}
    for one in articles:
        prints = {one.article_id: fingerprint(one.text, one.language)}
        shared = [
            (other.article_id, count)
            for other, _ in known.values()
            if (count := len({*prints[one.article_id]} & {*fingerprint(other.text, other.language)}))
        ]
        stored = {key: store(other, group_id) for key, (other, group_id) in known.items()}
        (decided,) = assign_groups([one], prints, {one.article_id: shared}, stored)
        known[one.article_id] = one, decided.text_group_id
    return {article_id: group_id for article_id, (_, group_id) in known.items()}


@pytest.mark.parametrize(("bridge", "is_one_batch"), [(0, False), (1, False), (2, True)])
def test_a_round_up_never_bridges_two_texts_in_whatever_order_they_come(
    bridge: int, is_one_batch: bool
) -> None:
    one, other, copy_of_one, copy_of_other = (
        article(1, RELEASE),
        article(2, OTHER_RELEASE),
        article(3, "BRENN (SN) - " + RELEASE),
        article(4, OTHER_RELEASE + " Write to us with what you have found on the coast."),
    )
    round_up = article(
        5,
        (
            f"{RELEASE}\n{OTHER_RELEASE}",
            f"{OTHER_RELEASE}\n{ABOUT}\n{RELEASE}",
            f"{ABOUT}\n{RELEASE}\n{OTHER_RELEASE}",
        )[bridge],
    )
    for order in itertools.permutations((one, other, copy_of_one, copy_of_other, round_up)):
        if is_one_batch:
            days = [
                item.model_copy(update={"published_at": DAY.replace(day=n)})
                for n, item in enumerate(order, 1)
            ]
            groups = {key: found.text_group_id for key, found in group(days).items()}
        else:
            groups = arrive(*order)
        assert groups[one.article_id] == groups[copy_of_one.article_id]
        assert groups[other.article_id] == groups[copy_of_other.article_id]
        assert groups[one.article_id] != groups[other.article_id]


def test_what_a_round_up_alone_holds_says_why_it_stands_apart() -> None:
    one, other, both = (
        article(1, RELEASE),
        article(2, OTHER_RELEASE),
        article(3, f"{RELEASE}\n{OTHER_RELEASE}\n{ABOUT}"),
    )
    stored = {both.article_id: store(both), one.article_id: store(one, make_text_group_id(both.article_id))}
    prints = {other.article_id: fingerprint(OTHER_RELEASE, "en")}
    (found,) = assign_groups([other], prints, {other.article_id: [(both.article_id, 5)]}, stored)
    assert found.relation == "origin"
    assert both.article_id in found.reason
    assert one.article_id in found.reason


def test_a_later_version_of_a_story_with_every_sentence_turned_over_is_derived() -> None:
    later = """
The second Coastal Observation Forum, which opened in the harbour city of Brenn on Tuesday, has brought
together oceanographers from 34 countries for three days of talks on sharing measurements of the sea. On
the opening morning organisers counted 412 delegates; the research ministers of Norland, Vesteria and the
Palm Islands were among them, and they signed a protocol that will make tide gauge records of the past
forty years available to all. Each country has until now kept its archive in a format of its own, so
students spent months converting files before they could ask a question. A common data centre is to be
paid for by the three ministries under the protocol, and will be built next to the institute by the end
of next year. Its staff of sixty will be recruited from the member countries in equal parts, and visiting
scholars may use its computers for up to six months without a fee.
"""
    first, second = article(1, RELEASE), article(2, later, day=25)
    overlap = compare_texts(RELEASE, later, "en")
    assert overlap.containment < 0.5 < overlap.repeated
    assert group([first, second])[second.article_id].relation == "derived"


def test_two_reports_that_quote_one_speech_stay_independent() -> None:
    speech = (
        "“Our gauges have written down the sea for forty years, and from today every child on every one of "
        "our coasts may read what they wrote, without a fee, without a form and without asking for leave,”"
    )
    one = (
        f"{speech} the minister of Norland told delegates in Brenn on Tuesday, to long applause from the "
        "students in the hall who had waited for hours to hear him speak."
    )
    other = (
        f"Fishing captains had come to the quay in protest when word of the plan reached them. {speech} they "
        "heard over the loudspeakers. Several threw their caps into the water, and the police asked them to "
        "leave."
    )
    first, second = article(1, one), article(2, other, day=25)
    groups = group([first, second])
    assert {found.relation for found in groups.values()} == {"origin"}


def test_boilerplate_that_was_learnt_ties_nothing_together() -> None:
    head, tail = words(RELEASE)[:70], words(OTHER_RELEASE)[:70]
    one, other = article(1, f"{' '.join(head)}\n{ABOUT}"), article(2, f"{' '.join(tail)}\n{ABOUT}", day=25)
    learnt = sample_shingles(ABOUT, "en")
    boilerplate = {one.article_id: learnt, other.article_id: learnt}
    for known in ({}, boilerplate):
        prints = {
            item.article_id: fingerprint(item.text, "en", known.get(item.article_id, frozenset()))
            for item in (one, other)
        }
        shares = bool({*prints[one.article_id]} & {*prints[other.article_id]})
        assert shares is not bool(known)
        decided = assign_groups([one, other], prints, {}, {}, known)
        assert {found.relation for found in decided} == {"origin"}


def test_chinese_copies_are_found_by_characters() -> None:
    source = (
        "沿海观测论坛二十四日在布伦港开幕，来自三十四个国家的海洋学者将用三天时间讨论如何共享海洋测量数据。主办方介绍，"
        "开幕当天共有四百一十二名代表到会，诺兰、维斯特里亚等国的科研部长签署议定书，把过去四十年的验潮站记录免费开放。"
        "论坛指导委员会主席马罗说，只有主人才能读取的传感器只能算半个传感器。此前各国的档案格式互不相同，学生们往往要花几个月"
        "转换文件。根据议定书，三国将共同出资建设数据中心，预计明年年底建成，工作人员从成员国中平均招聘。"
    )
    other = (
        "收录九千多个测量站的登记册星期五上线，任何人都可以查询仪器归谁所有、何时检修、读数按什么条件复制。索伦的程序员用十一个星期"
        "写成了检索页面，五种语言的译本将在夏天以前完成。志愿者可以通过网站表格报告遗漏的测站，并附上照片和坐标。"
    )
    whole = article(1, source, language="zh")
    cut = article(2, "本报讯 " + source[:110], language="zh", day=25)
    own = article(3, other, language="zh", day=25)
    groups = group([whole, cut, own])
    assert groups[cut.article_id].matched_article_id == whole.article_id
    assert groups[own.article_id].relation == "origin"


SIMPLIFIED = (
    "沿海观测论坛二十四日在布伦港开幕，来自三十四个国家的海洋学者将用三天时间讨论如何共享海洋测量数据。主办方介绍，"
    "开幕当天共有四百一十二名代表到会，诺兰、维斯特里亚等国的科研部长签署议定书，把过去四十年的验潮站记录免费开放。"
    "此前各国的档案格式互不相同，学生们往往要花几个月转换文件。根据议定书，三国将共同出资建设数据中心。"
)
TRADITIONAL = (
    "沿海觀測論壇二十四日在布倫港開幕，來自三十四個國家的海洋學者將用三天時間討論如何共享海洋測量數據。主辦方介紹，"
    "開幕當天共有四百一十二名代表到會，諾蘭、維斯特里亞等國的科研部長簽署議定書，把過去四十年的驗潮站記錄免費開放。"
    "此前各國的檔案格式互不相同，學生們往往要花幾個月轉換文件。根據議定書，三國將共同出資建設數據中心。"
)
ENGLISH = """
The Coastal Observation Forum opened in the port of Brenn on the 24th, where oceanographers from 34 countries
will spend three days on how to share what they measure of the sea. The organisers said that 412 delegates
came on the opening day, and that research ministers of countries such as Norland and Vesteria signed a
protocol that opens the tide gauge records of the past forty years without a fee. Until now the archives of
each country had different formats, and students often needed months to convert files. Under the protocol the
three countries will pay for a data centre together.
"""
JAPANESE = (
    "沿海観測論壇二十四日在布倫港開幕、三十四か国の海洋学者が三日間にわたり海洋観測データの共有方法を話し合う。主催者によると、"
    "初日は四百十二名の代表が参加し、ノーランドなどの科学大臣が議定書に署名して、過去四十年の検潮記録を無償で公開する。"
)


@pytest.mark.parametrize("tags", [*itertools.permutations(("zh", "zh-Hans", "zh-Hant", "zh-TW"), 2)])
def test_a_copy_in_the_other_script_is_the_same_text(tags: tuple[str, str]) -> None:
    assert fingerprint(SIMPLIFIED, tags[0]) == fingerprint(TRADITIONAL, tags[1])
    first = article(1, SIMPLIFIED, language=tags[0])
    second = article(2, TRADITIONAL, language=tags[1], day=25)
    for groups in (group([first, second]), group([second], [first])):
        assert groups[second.article_id].relation == "same"
        assert groups[second.article_id].text_group_id == make_text_group_id(first.article_id)


TRANSLATIONS = {
    "into English": ("zh", SIMPLIFIED, "en", ENGLISH),
    "into English, the original printed below": ("zh", SIMPLIFIED, "en", f"{ENGLISH}\n{SIMPLIFIED}"),
    "from traditional characters": ("zh-Hant", TRADITIONAL, "en", f"{ENGLISH}\n{TRADITIONAL}"),
    "into Japanese, which shares characters": ("zh-Hant", TRADITIONAL, "ja", JAPANESE),
    "whose words are all the same": ("pt", RELEASE, "es", RELEASE),
}


@pytest.mark.parametrize(
    ("language", "text", "other", "translation"), TRANSLATIONS.values(), ids=TRANSLATIONS
)
def test_a_translation_is_coverage_of_its_own(language: str, text: str, other: str, translation: str) -> None:
    source = article(1, text, language=language)
    translated = article(2, translation, language=other, day=25)
    copy = article(3, f"{translation}\nThe editors", language=other, day=26)
    proposed = {item.article_id: [(source.article_id, 30)] for item in (translated, copy)}
    prints = {item.article_id: fingerprint(item.text, item.language) for item in (translated, copy)}
    stored = {source.article_id: store(source)}
    decided = {
        found.article_id: found for found in assign_groups([translated, copy], prints, proposed, stored)
    }
    assert decided[translated.article_id].relation == "origin"
    assert decided[copy.article_id].text_group_id == make_text_group_id(translated.article_id)
    together = group([source, translated, copy])
    assert len({found.text_group_id for found in together.values()}) == 2
    assert together[source.article_id].relation == together[translated.article_id].relation == "origin"
