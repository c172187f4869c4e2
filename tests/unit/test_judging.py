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
    near = judge(make_article(title="News in brief", text=f"{filler}{act} {science}"), topic)
    far = judge(make_article(title="News in brief", text=f"{act} {filler}{science}"), topic)
    assert near.facets["cooperation"] > 0.1
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
