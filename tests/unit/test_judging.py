from pathlib import Path

import pytest

from coopwatch.relevance import Topic, judge, load_topic
from coopwatch.relevance.judging import decide_verdict
from coopwatch.settings import CONFIG_DIR
from schemas.records import Facet, Judgement, Verdict
from tests.builders import make_article

SEEDS = Path(__file__).parents[3] / "shared" / "data" / "seeds"
RANKS: tuple[Verdict, ...] = ("discard", "review", "accept", "alert")


@pytest.fixture(scope="module")
def topic() -> Topic:
    return load_topic(CONFIG_DIR / "topics" / "science_cooperation.yaml")


def rank(judgement: Judgement) -> int:
    return RANKS.index(judgement.verdict)


def flow(text: str) -> str:
    """Undo the line breaks that only keep the source narrow; blank lines end paragraphs."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


IN_SCOPE: dict[str, tuple[str, str, Verdict]] = {
    "laboratory": (
        "Norway and Kenya open joint laboratory for malaria genetics",
        flow(
            """
NAIROBI - The research ministers of Norway and Kenya opened a joint laboratory for malaria genetics on
Wednesday. Forty scientists from both countries will work there under a ten-year agreement signed last
spring.

The two governments share the cost of 30 million dollars.
"""
        ),
        "alert",
    ),
    "accession": (
        "Switzerland returns to EU research programme",
        flow(
            """
Switzerland signed an agreement on Monday that makes it an associate member of Horizon Europe again.
Researchers at Swiss universities can apply for grants from January. The European commissioner for
research and the Swiss minister signed the treaty in Bern.
"""
        ),
        "accept",
    ),
    "data sharing": (
        "Twelve nations agree to share samples from the moon",
        flow(
            """
Space agencies of twelve nations signed a memorandum of understanding on sharing lunar samples.
Scientists from all parties may apply to study the rocks.
"""
        ),
        "accept",
    ),
    "delegation": (
        "Academies talk cotton in Tashkent",
        flow(
            """
A delegation of the Indian Academy of Sciences visited Tashkent on Monday to discuss an exchange of
researchers with the Academy of Sciences of Uzbekistan. The two academies plan joint research on cotton
genomics and a symposium next spring.
"""
        ),
        "accept",
    ),
    "outcome of a summit on other things": (
        "Third Belt and Road Forum ends with pledges on trade and green growth",
        flow(
            """
BEIJING - The third Belt and Road Forum for International Cooperation closed on Wednesday with 458
outcomes, from railway links to farming. Leaders of more than 20 countries came, and China announced
loans for new ports and roads.

Trade was at the centre of most speeches. Several presidents spoke of roads and electricity, and a
railway between two capitals was opened by video.

The host also promised to advance scientific and technological innovation: it will carry on its science
and technology cooperation action plan with partner countries, hold the first Belt and Road conference
on science and technology exchange, and raise the number of joint laboratories with other nations to 100
in five years. Young scientists from partner countries will be invited to short-term research stays in
China.

The next forum has not been dated.
"""
        ),
        "accept",
    ),
    "a title alone": ("Chile and Japan extend agreement on telescope research", "", "accept"),
}
OUT_OF_SCOPE: dict[str, tuple[str, str]] = {
    "a discovery with authors from many countries": (
        "Giant ocean current is slowing, international team finds",
        flow(
            """
A deep current that carries heat towards the pole has weakened by a tenth in thirty years, an
international team of researchers reports. Scientists from Norway, Chile and Japan compared readings
from 240 drifting buoys with a computer model.

"We did not expect the change to be this clear," said Ana Reyes, an oceanographer at the University of
Concepcion. The work was carried out in collaboration with colleagues at the University of Tokyo and
published on Monday.

The researchers now plan to extend the measurements to the Indian Ocean. Funding came from three
national research councils.
"""
        ),
    ),
    "a company partnership": (
        "Chip maker and car group join forces on battery technology",
        flow(
            """
The chip maker Velor and the German car group Ostwerk will jointly develop battery technology, the
companies said on Thursday. Shares in Velor rose 4 percent.

Under the partnership, customers in Europe and China will be offered a new product line from next year.
Analysts expect revenue to grow.
"""
        ),
    ),
    "a trade deal": (
        "Leaders sign trade deal after two years of talks",
        flow(
            """
The presidents of Brazil and India signed a trade agreement on Friday that cuts tariffs on machines and
textiles.

Ministers said the deal would bring technology firms of both countries closer. An innovation fund for
start-ups is to follow.
"""
        ),
    ),
    "arms": (
        "Allies test missile defence system in joint exercise",
        flow(
            """
The navies of Japan and Australia tested a new missile defence technology in a joint exercise on Sunday.
Scientists of the research agency watched the launch. The two countries signed an agreement on military
research cooperation last year.
"""
        ),
    ),
    "a domestic plan": (
        "Government unveils five-year plan for national laboratories",
        flow(
            """
The science ministry presented a plan on Tuesday to build five national laboratories by 2030.
Universities can apply for funds from January.

"We must strengthen cooperation between universities and industry," the minister said at a press
conference. The plan includes money for quantum research.
"""
        ),
    ),
    "science as one of many fields of talks": (
        "President meets prime minister for talks on trade and security",
        flow(
            """
The president of France met the prime minister of Vietnam for talks on trade, security, agriculture,
science and technology and tourism. They agreed to deepen cooperation in all fields and signed an
agreement on air traffic.
"""
        ),
    ),
    "stray words far apart": (
        "Five killed in laboratory fire",
        flow(
            """
Five people died in a fire at a university in Ohio, police said. Scientists from China and Germany were
among the injured. The two countries said they would cooperate with investigators.
"""
        ),
    ),
    "sports": ("Japan and Brazil sign exchange agreement for football coaches", ""),
    "nothing at all": ("", ""),
}


@pytest.mark.parametrize(("title", "text", "least"), IN_SCOPE.values(), ids=IN_SCOPE.keys())
def test_coverage_of_the_topic_is_accepted(topic: Topic, title: str, text: str, least: Verdict) -> None:
    judgement = judge(make_article(title=title, text=text), topic)
    assert rank(judgement) >= RANKS.index(least), judgement.reason


@pytest.mark.parametrize(("title", "text"), OUT_OF_SCOPE.values(), ids=OUT_OF_SCOPE.keys())
def test_what_only_looks_like_it_is_discarded(topic: Topic, title: str, text: str) -> None:
    judgement = judge(make_article(title=title, text=text), topic)
    assert judgement.verdict == "discard", judgement.reason


@pytest.mark.parametrize(
    ("title", "text", "verdicts"),
    [
        (
            "中法共建联合实验室揭牌",
            "中法科研机构共同建设的海洋科学联合实验室揭牌。两国科学家将共享观测数据。双方签署了五年科技合作协议。",
            {"alert"},
        ),
        (
            "全市科技创新大会召开",
            "全市科技创新大会十日召开。会议指出，要加强产学研合作，建设一批重点实验室，支持企业技术创新。",
            {"discard"},
        ),
        (
            "两国领导人举行会谈",
            "两国领导人十日举行会谈，就经贸、农业、旅游、科技等领域合作交换意见，签署多项经贸合作文件。",
            {"discard"},
        ),
        ("秘鲁、智利天文学家联合公布星图", "", {"accept", "alert"}),
        ("国际热核聚变实验堆与挪威研究所签署合作协议", "", {"accept", "alert"}),
        ("秘鲁与肯尼亚航天局签署月球探测合作协定", "", {"accept", "alert"}),
        (
            "快讯",
            "利马一座大桥封闭检修。秘鲁与挪威科学院签署联合研究协议，两国将共享海洋观测数据。河内米价下跌。",
            {"accept"},
        ),
        ("快讯", "科学家发现抗旱基因。秘鲁与巴西开通公路。两家公司签署合并协议。", {"discard"}),
        ("秘鲁总统同挪威首相举行会谈 就科技合作等交换意见", "", {"discard", "review"}),
        (
            "世界互联网大会闭幕",
            "世界互联网大会闭幕，各国嘉宾就网络空间治理和数字技术合作展开交流。",
            {"discard", "review"},
        ),
        ("粤港澳签署科技创新合作协议", "香港、澳门和广东签署科技创新合作协议。", {"discard", "review"}),
    ],
)
def test_chinese_is_judged_alike(topic: Topic, title: str, text: str, verdicts: set[Verdict]) -> None:
    judgement = judge(make_article(title=title, text=text, language="zh"), topic)
    assert judgement.verdict in verdicts, judgement.reason


def test_a_language_without_patterns_is_discarded_with_that_reason(topic: Topic) -> None:
    judgement = judge(make_article(language="sw"), topic)
    assert (judgement.verdict, judgement.score, judgement.fired) == ("discard", 0.0, ())
    assert "'sw'" in judgement.reason


def test_offsets_are_into_title_newline_text(topic: Topic) -> None:
    title, text, _ = IN_SCOPE["laboratory"]
    judgement = judge(make_article(title=title, text=text), topic)
    whole = f"{title}\n{text}"
    assert judgement.fired
    assert all(whole[fired.start : fired.end] == fired.quote for fired in judgement.fired)
    assert {fired.facet for fired in judgement.fired} >= {"science", "cooperation", "international"}
    assert [fired.start for fired in judgement.fired] == sorted(fired.start for fired in judgement.fired)


def test_the_reason_is_one_line_that_quotes_the_strongest_words(topic: Topic) -> None:
    title, text, _ = IN_SCOPE["laboratory"]
    reason = judge(make_article(title=title, text=text), topic).reason
    assert "\n" not in reason
    assert "joint laboratory" in reason
    assert "Kenya" in reason


def test_the_same_words_count_more_in_the_title(topic: Topic) -> None:
    act = "Norway and Kenya signed an agreement on malaria research"
    filler = "The weather stayed dry and the streets were calm. " * 12
    above = judge(make_article(title=act, text=filler), topic)
    below = judge(make_article(title="A quiet week in the capital", text=f"{filler}\n{act}."), topic)
    assert above.score > below.score
    assert rank(above) > rank(below)


def test_an_act_counts_only_beside_science(topic: Topic) -> None:
    filler = "The weather stayed dry and the streets were calm. " * 12
    act, science = "They signed an agreement.", "Physicists praised the new telescope."
    near = judge(make_article(title="In both countries", text=f"{filler}{act} {science}"), topic)
    far = judge(make_article(title="In both countries", text=f"{act} {filler}{science}"), topic)
    assert near.facets["cooperation"] > 0
    assert far.facets["cooperation"] == 0


def test_repetition_alone_fills_no_facet(topic: Topic) -> None:
    text = "The university held a forum for partners from abroad. " * 40
    judgement = judge(make_article(title="A forum", text=text), topic)
    assert all(value < topic.file.facet.alert for value in judgement.facets.values())
    assert judgement.verdict == "discard"


def test_what_speaks_against_lowers_the_score(topic: Topic) -> None:
    title, text, _ = IN_SCOPE["laboratory"]
    plain = judge(make_article(title=title, text=text), topic)
    tainted = judge(make_article(title=f"{title}, missile tariffs and football", text=text), topic)
    assert tainted.score < plain.score
    assert any(fired.facet == "negative" for fired in tainted.fired)


def test_one_country_is_not_international(topic: Topic) -> None:
    judgement = judge(
        make_article(title="Kenya and Kenyan academies sign research agreement", text=""), topic
    )
    assert judgement.facets["international"] < topic.file.facet.review


@pytest.mark.parametrize(
    ("language", "abroad", "home"),
    [
        ("zh", "肯尼亚农业技术示范中心启用", "中国农业技术示范中心启用"),
        ("ja", "ペルーと共同研究を開始、新型望遠鏡で観測", "日本と共同研究を開始、新型望遠鏡で観測"),
        ("ko", "페루와 천문대 공동연구 착수", "한국과 천문대 공동연구 착수"),
    ],
)
def test_a_country_counts_more_where_the_language_is_not_at_home(
    topic: Topic, language: str, abroad: str, home: str
) -> None:
    facets = [
        judge(make_article(title=title, text="", language=language), topic).facets["international"]
        for title in (abroad, home)
    ]
    assert facets[0] > facets[1]


def test_the_language_tells_home_from_partner(topic: Topic) -> None:
    title = "中国和秘鲁签署天文合作协议"
    judgement = judge(make_article(title=title, text="秘鲁科学家来访。秘鲁代表发言。", language="zh"), topic)
    first = {fired.pattern: fired.weight for fired in reversed(judgement.fired)}
    assert first["country CN"] < first["country PE"]


PRIZES: dict[str, tuple[str, str]] = {
    "en": (
        "Kenyan and Norwegian mathematicians share the Abel Prize",
        "Kenyan and Norwegian mathematicians win prize for international scientific cooperation",
    ),
    "zh": ("秘鲁和挪威科学家共享诺贝尔化学奖", "秘鲁和挪威科学家获国际科学技术合作奖"),
    "fr": (
        "Le prix Abel décerné à des mathématiciens kényans et norvégiens",
        "Une équipe franco-kényane reçoit le prix de la coopération scientifique internationale",
    ),
    "es": (
        "Científicos de Chile y Noruega ganan el Nobel de Química",
        "Científicos de Chile y Noruega reciben el premio a la cooperación científica internacional",
    ),
    "pt": (
        "Cientistas do Chile e da Noruega partilham o Nobel da Química",
        "Cientistas do Chile e da Noruega recebem o prémio de cooperação científica internacional",
    ),
    "de": (
        "Physiker aus Chile und Norwegen erhalten den Kavli-Preis",
        "Forscher aus Chile und Norwegen erhalten Preis für internationale wissenschaftliche Zusammenarbeit",
    ),
    "ru": (
        "Учёные Чили и Норвегии получили Нобелевскую премию по химии",
        "Учёные Чили и Норвегии удостоены премии за международное научное сотрудничество",
    ),
    "ar": (
        "علماء من كينيا والنرويج يتقاسمون جائزة نوبل في الكيمياء",
        "علماء من كينيا والنرويج يفوزون بجائزة التعاون العلمي الدولي",
    ),
    "ja": (
        "ケニアとノルウェーの研究者にノーベル化学賞",
        "ケニアとノルウェーの研究者に国際科学技術協力賞",
    ),
    "ko": ("케냐와 노르웨이 과학자, 노벨 화학상 수상", "케냐와 노르웨이 과학자, 국제과학기술협력상 수상"),
}


@pytest.mark.parametrize("language", PRIZES)
def test_a_shared_prize_is_no_cooperation_unless_it_is_for_cooperation(topic: Topic, language: str) -> None:
    shared, earned = (
        judge(make_article(title=title, text="", language=language), topic) for title in PRIZES[language]
    )
    assert rank(shared) < RANKS.index("accept"), shared.reason
    assert rank(earned) >= RANKS.index("accept"), earned.reason


HEADLINES: dict[str, tuple[str, ...]] = {
    "accept": (
        "Vietnam, Chile team up on deep-sea research",
        "International cooperation sought on archaeology of the Nile",
        "Two astronauts from Japan swap seats with Russian crew on ISS",
        "Peru's weather satellites to share data globally",
        "Meeting of Nobel laureates kicks off at Lindau",
        "Pujiang Innovation Forum to open in autumn",
        "Norwegian, Kenyan geologists date oldest lava",
        "Brazil joins CERN as associate member",
        "Finland and India conclude talks on quantum partnership",
        "UN adopts resolution on AI capacity building",
        "Telescope opens to foreign researchers from 14 countries",
        "Japan signs Artemis Accords with Peru",
        "BRICS ministers vow deeper sci-tech cooperation",
        "South African and Dutch universities open joint lab on fusion",
    ),
    "discard": (
        "Brazil to quit research cooperation with Norway",
        "Germany, China tech rivalry deepens as export controls bite",
        "Brazil and Chile sign deal on digital trade",
        "Taiwan and Hong Kong universities sign research agreement",
        "Indian-American chemist tells of a life in the laboratory",
        "Kenya jointly produces vaccine doses with Brazilian company",
        "Japan launches remote sensing satellite",
        "Egyptian researchers find gene for drought",
        "Leaders of France and Kenya meet for talks on trade",
        "Brazil, Peru open new highway across the border",
        "Science fair draws crowds in Lima",
    ),
}


@pytest.mark.parametrize("title", HEADLINES["accept"])
def test_a_headline_says_all_in_a_few_words(topic: Topic, title: str) -> None:
    judgement = judge(make_article(title=title, text=""), topic)
    assert rank(judgement) >= RANKS.index("accept"), judgement.reason


@pytest.mark.parametrize("title", HEADLINES["discard"])
def test_a_headline_without_an_act_of_science_between_countries_is_not_accepted(
    topic: Topic, title: str
) -> None:
    judgement = judge(make_article(title=title, text=""), topic)
    assert rank(judgement) < RANKS.index("accept"), judgement.reason


@pytest.mark.parametrize(
    ("title", "quote"),
    [
        ("Chilean and Japanese astronomers find a dim galaxy", "Chilean and Japanese astronomers"),
        ("Chile, Japan scientists find a dim galaxy", "Chile, Japan scientists"),
        ("Chile finds, Japan scientists say, a dim galaxy", None),
        ("Indian-American scientists are honoured", None),
        ("Scientists of Chile and of the Chilean navy meet", None),
        ("Hong Kong and Chinese scientists find a dim galaxy", None),
    ],
)
def test_countries_that_share_a_noun_share_the_work(topic: Topic, title: str, quote: str | None) -> None:
    judgement = judge(make_article(title=title, text="The weather in Chile stayed dry."), topic)
    shared = [fired.quote for fired in judgement.fired if fired.pattern == "countries side by side"]
    assert shared == ([quote] if quote else [])


ITEM = "Norway and Kenya signed a memorandum of understanding on joint research in malaria genetics."


def test_an_item_of_a_digest_counts_by_itself(topic: Topic) -> None:
    others = "A bridge in Lima was closed. Rice was cheap in Hanoi. "
    digest = judge(make_article(title="News in brief", text=f"{others}{ITEM} {others}"), topic)
    assert digest.verdict == "accept", digest.reason  # never an alert: its title speaks of no item
    whole = f"News in brief\n{others}{ITEM} {others}"
    first = whole.index(ITEM)
    assert all(first <= fired.start < fired.end <= first + len(ITEM) for fired in digest.fired)
    assert not any(digest.prominent.values())


def test_facets_of_several_items_of_a_digest_do_not_add_up(topic: Topic) -> None:
    text = (
        "Scientists found a gene for drought. Brazil and Peru opened a road. "
        "Two firms signed an agreement on a merger."
    )
    assert judge(make_article(title="Newsletter", text=text), topic).verdict == "discard"


def test_an_item_of_a_digest_is_a_small_article(topic: Topic) -> None:
    act = "两国科学家签署联合研究协议"
    item = f"秘鲁挪威加强海洋研究合作秘鲁和挪威的科研机构昨天宣布加强海洋研究合作。{act}。"
    other = "河内大米价格连续三周下跌据河内商会统计，大米价格已连续三周下跌。"
    background = f"利马两条旧街改名旧街改名仪式昨天在利马举行。仪式上有人说，{act}。"
    judged = [
        judge(make_article(title="国际快讯", text=text, language="zh"), topic)
        for text in (f"{other}{item}{other}", f"{other}{background}{other}", f"{other}{act}{other}")
    ]
    assert judged[0].verdict == "accept", judged[0].reason
    assert act in f"国际快讯\n{other}{item}"[min(fired.start for fired in judged[0].fired) :]
    assert judged[1].score < judged[0].score


def test_a_passage_counts_by_its_share_of_the_text(topic: Topic) -> None:
    filler = "The harbour was busy and the market was full of fruit. "
    short = judge(make_article(title="A week in Lima", text=f"{filler * 4}{ITEM}"), topic)
    long = judge(make_article(title="A week in Lima", text=f"{filler * 40}{ITEM}"), topic)
    assert short.score > long.score
    assert long.verdict == "discard"


@pytest.mark.parametrize(
    ("title", "missing"),
    [
        ("A quiet week", "science"),
        ("Scientists sign a pact", "international"),
        ("Physics in Chile", "cooperation"),
    ],
)
def test_a_text_without_anything_for_a_facet_is_discarded_at_once(
    topic: Topic, title: str, missing: str
) -> None:
    judgement = judge(make_article(title=title, text=""), topic)
    assert (judgement.verdict, judgement.fired) == ("discard", ())
    assert judgement.reason == f"nothing speaks of {missing}"


def test_the_judgement_tells_what_it_was_held_against(topic: Topic) -> None:
    title, text, _ = IN_SCOPE["laboratory"]
    judgement = judge(make_article(title=title, text=text), topic)
    assert judgement.rules_score == judgement.score
    assert judgement.thresholds == topic.file.score.model_dump()
    assert judgement.prominent.keys() == judgement.facets.keys()
    assert all(judgement.prominent[facet] <= judgement.facets[facet] for facet in judgement.facets)


@pytest.mark.parametrize(
    ("score", "whole", "head", "verdict"),
    [
        (0.9, 0.9, 0.9, "alert"),
        (0.9, 0.9, 0.1, "accept"),  # strong, but only further down
        (0.6, 0.5, 0.5, "accept"),
        (0.6, 0.5, 0.1, "review"),
        (0.6, 0.3, 0.3, "review"),
        (0.9, 0.1, 0.1, "discard"),
        (0.3, 0.3, 0.3, "discard"),
    ],
)
def test_verdicts(topic: Topic, score: float, whole: float, head: float, verdict: Verdict) -> None:
    names: tuple[Facet, ...] = ("science", "cooperation", "international")
    facets: dict[Facet, float] = {names[0]: 1.0, names[1]: whole, names[2]: 1.0}
    prominent: dict[Facet, float] = {names[0]: 1.0, names[1]: 1.0, names[2]: head}
    assert decide_verdict(score, facets, prominent, topic) == verdict


def test_the_version_names_topic_file_and_rules(topic: Topic) -> None:
    judgement = judge(make_article(), topic)
    assert judgement.topic == "science_cooperation"
    assert judgement.version.startswith(f"{topic.version}/")


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"{SEEDS} is not there")
def test_the_seed_articles_are_in_scope(topic: Topic) -> None:
    for path in sorted(SEEDS.glob("*.txt")):
        title, _, text = path.read_text(encoding="utf-8").partition("\n")
        assert rank(judge(make_article(title=title, text=text), topic)) >= RANKS.index("accept"), path.name
