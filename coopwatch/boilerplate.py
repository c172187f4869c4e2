"""What a text holds that is not its own: captions, headings, and sentences that its site repeats.

A site's boilerplate (prompts, "about us", the background under every story) is learnt from its own
articles. Of each sentence the two smallest shingle hashes are kept, which is the same sample
wherever the sentence stands (Broder, "On the resemblance and containment of documents", 1997). A
sentence whose samples were both found in several texts of its site is boilerplate there. Counts age:
when a site has reached `WINDOW` texts all are halved, so that what was rare or has fallen out of
use is forgotten, and no site takes more room than `WINDOW * MAX_SAMPLES` hashes.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, islice

from coopwatch.sentences import find_sentences
from coopwatch.shingles import grain_of, hash_shingles, split_tokens

MIN_TEXTS = 3  # of one site that hold a shingle, and
MIN_SHARE = 0.2  # of those remembered; then it is boilerplate there, and not the background of one story
WINDOW = 64  # texts of one site that are remembered
MAX_SAMPLES = 100  # hashes kept of one text
MAX_CHARACTERS = 200_000  # of a text that are read

_SAMPLES_A_SENTENCE = 2
_CAPTION_CHARACTERS = 900
_SENTENCE_END = re.compile(r"[.!?…。！？؟।｡]{1,3}[\"'”’»)\]」』）】]{0,3}$")
_AGENCY = (
    "ap|afp|ansa|dpa|efe|epa|tass|reuters|getty|xinhua|kyodo|yonhap|pti|associated press|тасс|新华社|新華社"
)
_CAPTION = re.compile(
    rf"""
    # whose picture it is
      \b (?:{_AGENCY}|file|pool|archive|handout) \b [^.!?\n]{{0,20}} \b (?:photo(?:graph)?|image|picture)s? \b
    | / \s? (?:{_AGENCY}) \b [^.!?\n]{{0,20}} $
    | \( [^()\n]{{0,60}} (?:\b via|/) \s? (?:{_AGENCY}) [^()\n]{{0,20}} \) \W{{0,3}} $
    | (?: ^ | [(\[—–|/] ) \s? (?:photo(?:graph)?|image|picture|foto|bild|imagem|imagen|фото)s?
      (?:\s? [:：/] | \s by \s)
    # from the archive
    | \b (?: photo\s d['’]archives? | foto\s de\s ar(?:chivo|quivo) | archiv(?:bild|foto) | архивное\s фото
        | фото\s из\s архива ) \b
    | صورة\sأرشيفية | 资料图 | 資料圖 | 资料照 | 資料照 | 資料写真 | 자료\s?사진
    # what it shows, who took it
    | ^ \W{{0,3}} (?:图为|圖為|图[:：]|圖[:：]|사진은|写真は)
    | (?:摄|攝|撮影) [)）】\]]? [。.]? $ | [/=＝\[(（] \s? 사진 | \(تصوير
    """,
    re.IGNORECASE | re.VERBOSE,
)


# whatever a caption is known by, one of these is in it; most lines have none, and need no search
_CAPTION_HINTS = (
    *("photo", "image", "picture", "foto", "bild", "imagem", "imagen", "фото", "/", "via"),
    *("صورة", "تصوير", "图", "圖", "资料", "資料", "写真", "摄", "攝", "撮影", "사진"),
)


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence of a text, split once for all who compare it.

    Attributes:
        text: as it stands there.
        tokens: see `shingles.split_tokens`.
        shingle: length of its shingles in tokens.
    """

    text: str
    tokens: tuple[str, ...]
    shingle: int

    @cached_property
    def hashes(self) -> list[int]:
        """Its shingles in order, hashed."""
        return hash_shingles(self.tokens, self.shingle)

    @cached_property
    def samples(self) -> tuple[int, ...]:
        """Those by which it is known where it recurs."""
        return tuple(sorted(set(self.hashes))[:_SAMPLES_A_SENTENCE])


Lines = tuple[tuple[Sentence, ...], ...]


def find_own_sentences(text: str, language: str, learnt: frozenset[int] = frozenset()) -> Lines:
    """Return the sentences of a text that are its own, line by line.

    Captions, lines that begin alike (captions again, cut off or in full), and lines that are short and
    no sentence go, unless too little would be left: captions are the text of a gallery, and a text that
    stands there twice is a text. Learnt boilerplate always goes.

    Args:
        text: paragraphs, one a line.
        language: a language tag.
        learnt: the boilerplate of its site, as shingle hashes.
    """
    lines = _read_lines(text, language)
    if not learnt:
        return lines
    kept = (tuple(s for s in line if not (s.samples and learnt.issuperset(s.samples))) for line in lines)
    return tuple(line for line in kept if line)


def is_caption(line: str) -> bool:
    """Tell whether a line says what a picture shows or who took it."""
    if len(line) > _CAPTION_CHARACTERS:
        return False
    lowered = line.lower()
    return any(hint in lowered for hint in _CAPTION_HINTS) and _CAPTION.search(line) is not None


def sample_shingles(text: str, language: str) -> frozenset[int]:
    """Return the shingle hashes of a text by which its boilerplate is learnt, `MAX_SAMPLES` at most."""
    sampled = {
        value
        for line in find_own_sentences(text, language)
        for sentence in line
        for value in sentence.samples
    }
    return frozenset(sorted(sampled)[:MAX_SAMPLES])


@lru_cache(maxsize=512)  # fingerprints and comparisons ask for the texts of one batch
def _read_lines(text: str, language: str) -> Lines:
    """Return the sentences of a text line by line, without captions, headings and lines that begin alike."""
    grain = grain_of(language)
    raw = [line for raw in text[:MAX_CHARACTERS].split("\n") if (line := raw.strip())]
    lines = {line: _split(line, language) for line in raw}
    lengths = {line: sum(len(sentence.tokens) for sentence in lines[line]) for line in lines}
    prose = [
        line
        for line in raw
        if (lengths[line] >= grain.heading or _SENTENCE_END.search(line)) and not is_caption(line)
    ]
    beginnings = {line: _begin(lines[line], 2 * grain.shingle) for line in prose}
    times = Counter(beginnings[line] for line in prose)
    once = [line for line in prose if times[beginnings[line]] == 1]
    if sum(lengths[line] for line in once) >= sum(lengths[line] for line in prose) / 2:
        prose = once
    if sum(lengths[line] for line in prose) < grain.least:
        prose = raw
    return tuple(lines[line] for line in prose)


def _split(line: str, language: str) -> tuple[Sentence, ...]:
    length = grain_of(language).shingle
    texts = [line[start:end] for start, end in find_sentences(line)]
    return tuple(Sentence(text, tuple(split_tokens(text, language)), length) for text in texts)


def _begin(line: Sequence[Sentence], count: int) -> tuple[str, ...]:
    return tuple(islice(chain.from_iterable(sentence.tokens for sentence in line), count))
