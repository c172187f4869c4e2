"""The words of an article that can tell its event from others, and how they are kept in evidence.

A wording is what is left of a text for comparing: the words of its title, those of its lead, and the
most frequent of the whole with their counts. Names keep their capital. CJK text is taken in pairs of
characters. It is written into the evidence of coverage, so that an event can be compared with, and
the comparison read, without its texts.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from coopwatch.sentences import find_sentences
from schemas.records import Article, Evidence, Record

WORDS = "words"  # label of the evidence that holds a wording
MOST_WORDS = 80  # of one text
_TEXT_CHARS = 20_000  # what stands further down does not tell what an article is about
_LEAD_CHARS = 600
_LEAD_SENTENCES = 4

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")
_CJK_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_CJK_PARTICLES = frozenset(
    "的了是在和与與及等为為对對将將这這那我们們一个個上下中也有不并並以于於其のはがをにとでもやへしたるれいすての은는이가을를의에와과도로"
)
# Words of grammar and of reporting; a language a paragraph.
_STOP_WORDS = """
a about above according across after again against all also amid among an and any are as at back be
because been before being below between both but by can could did do does doing down during each even few
for from further get go going got had has have having he her here him his how i if in including into is it
its just know last like made make many may me might more most much must my new no nor not now of off on
once one only or other our out over own people per same said say saying says shall she should since so
some still such take than that the their them then there these they this those three through time to told
too toward towards two under until up us very via was way we well were what when where whether which while
who whom whose why will with without would year years you your first second third four five six seven
eight nine ten week weeks day days month months monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december

au aux avec ce ces cette comme dans de des du elle elles en entre est et été il ils la le les leur leurs
lors mais ne nous on ont ou par pas plus pour qu que qui sa se selon ses son sont sur un une vers été être

al ante aunque cada como con contra cuando de del desde donde dos durante el ella en entre era es esta
este estos fue fueron ha han hasta la las lo los más no nos o para pero por que se según ser si sin sobre
son su sus también tras un una unos y ya

à ao aos as às com da das do dos e em entre foi foram há isso já mas na nas no nos não o os ou para pela
pelo por que se sem ser seu seus sua suas são também um uma

als am an auch auf aus bei bis das dass dem den der des die diese dieser durch ein eine einem einen einer
er es für hat haben ihr im in ist mit nach nicht noch oder sein sich sie sind so über um und unter vom von
vor war waren werden wie wird wurde wurden zu zum zur

allo alla ai al anche che chi come con da dal dalla de dei del della delle di e gli ha hanno il in la le
lo ma nel nella non per più se si sono su sul sulla tra un una uno

без бы был была были было в во все для до его ее если за и из или их к как ко который которые между на не
но о об он она они от по под при про с со также так то у что чтобы это этого

إلى أن إن التي الذي الذين بعد بين حتى حيث خلال ذلك على عن عند في قال قبل كان كانت كل كما لا لم ما مع من
هذا هذه هو هي وقد
"""
_STOPPED = frozenset(_STOP_WORDS.split())


class Wording(Record):
    """The words of one article, the most frequent first.

    Attributes:
        language: of the article, without its region.
        title: words of the title.
        lead: words of title and lead.
        counts: how often each of the kept words occurs; lead and title count too.
        names: which of them are written with a capital, or are figures.
        vocabulary: all words of the text, as long as it is at hand; then those that were kept.
    """

    language: str
    title: tuple[str, ...]
    lead: frozenset[str]
    counts: dict[str, int]
    names: frozenset[str]
    vocabulary: frozenset[str]


def word_article(article: Article) -> Wording:
    """Return the wording of an article."""
    text = article.text[:_TEXT_CHARS]
    sentences = find_sentences(text)[:_LEAD_SENTENCES]
    lead_end = min(sentences[-1][1], _LEAD_CHARS) if sentences else 0
    title = split_words(article.title)
    lead = [*title, *split_words(text[:lead_end])]
    rest = split_words(text[lead_end:])
    counts = Counter(word.casefold() for word in lead)
    counts.update(counts)  # what an article begins with is what it is about
    counts.update(word.casefold() for word in title)
    counts.update(word.casefold() for word in rest)
    kept = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_WORDS]
    begins = {word.casefold() for word in lead}
    # a headline may be in capitals throughout, and says nothing of names
    capitals = {word.casefold() for word in (*lead[len(title) :], *rest) if _is_marked(word)}
    return Wording(
        language=article.language.partition("-")[0],
        title=tuple(dict.fromkeys(word.casefold() for word in title)),
        lead=frozenset(kept) & begins,
        counts={word: counts[word] for word in kept},
        names=frozenset(kept) & capitals,
        vocabulary=frozenset(counts),
    )


def write_wording(wording: Wording) -> Evidence:
    """Return the wording as evidence: "Glacier×4 congress opens | ice×7 cores": lead, then the rest."""
    lead = (word for word in wording.counts if word in wording.lead)
    rest = (word for word in wording.counts if word not in wording.lead)
    quote = f"{_write(wording, lead)} | {_write(wording, rest)}"
    return Evidence(label=WORDS, value=wording.language, quote=quote)


def read_wording(title: str, evidence: Iterable[Evidence]) -> Wording:
    """Return the wording of coverage; that of its title alone where its evidence holds none."""
    for reason in evidence:
        if reason.label == WORDS and reason.quote is not None:
            return _read(title, reason.value, reason.quote)
    words = tuple(dict.fromkeys(word.casefold() for word in split_words(title)))
    return Wording(
        language="",
        title=words,
        lead=frozenset(words),
        counts=dict.fromkeys(words, 3),
        names=frozenset(),
        vocabulary=frozenset(words),
    )


@lru_cache(maxsize=20_000)
def _read(title: str, language: str, quote: str) -> Wording:
    lead, _, rest = quote.partition(" | ")
    leading = {word.casefold(): (word, count) for word, count in map(_read_counted, lead.split())}
    counted = leading | {word.casefold(): (word, count) for word, count in map(_read_counted, rest.split())}
    counts = {word: count for word, (_, count) in counted.items()}
    return Wording.model_construct(
        language=language,
        title=tuple(dict.fromkeys(word.casefold() for word in split_words(title))),
        lead=frozenset(leading),
        counts=counts,
        names=frozenset([word for word, (written, _) in counted.items() if _is_marked(written)]),
        vocabulary=frozenset(counts),
    )


def split_words(text: str) -> list[str]:
    """Return the words of a text that carry meaning, in their order, as written but for a plural s."""
    words = [
        _stem(word)
        for word in _WORD.findall(_CJK_RUN.sub(" ", text))
        if word.casefold() not in _STOPPED and (len(word) > 1 or not word.isalpha())
    ]
    for run in _CJK_RUN.findall(text):
        pairs = (run[at : at + 2] for at in range(len(run) - 1))
        words += [pair for pair in pairs if not _CJK_PARTICLES.intersection(pair)]
    return words


def _stem(word: str) -> str:
    if len(word) > 3 and word[-1] in "sS" and word[-2] not in "sS":
        return word[:-1]
    return word


def _is_marked(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def _write(wording: Wording, words: Iterable[str]) -> str:
    return " ".join(
        (word.capitalize() if word in wording.names else word)
        + (f"×{wording.counts[word]}" if wording.counts[word] > 1 else "")
        for word in words
    )


def _read_counted(item: str) -> tuple[str, int]:
    if "×" not in item:
        return item, 1
    word, _, count = item.partition("×")
    return word, int(count) if count.isdecimal() else 1
