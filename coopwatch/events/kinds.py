"""What kind of event a sentence is about, where no series tells."""

import re
from typing import NamedTuple

from schemas.records import EventKind

# What is signed or joined is the event, whatever it is about ("accord on a research station");
# otherwise the word that comes first is what the sentence is about.
_LEADING: tuple[EventKind, ...] = ("agreement", "accession")
_WORDS: dict[EventKind, str] = {
    "agreement": (
        r"agreements?|memorand(?:um|a)|mous?|accords?|pacts?|treat(?:y|ies)|protocols?|letters?\s+of\s+intent"
        r"|(?:signs|signed|signing|inks|inked)|协定|协议|备忘录|议定书"
    ),
    "accession": (
        r"(?:joins|joined|acced(?:es|ed|ing)|accession)|(?:full|associate|observer|new)\s+member(?:s|ship)?"
        r"|becom(?:e|es|ing)\s+an?\s+(?:\w+\s+)?member|成员国?资格|正式加入|成为[^，。；\n]{0,20}?成员国?"
    ),
    "laboratory": (
        r"laborator(?:y|ies)|labs?|(?:joint|international)\s+(?:research\s+)?(?:cent(?:er|re)s?|institutes?)"
        r"|research\s+(?:cent(?:er|re)s?|hubs?)|实验室|研究中心|研究院"
    ),
    "facility": (
        r"telescopes?|colliders?|synchrotrons?|observator(?:y|ies)|(?:research|space|lunar)\s+stations?"
        r"|reactors?|accelerators?|research\s+(?:vessels?|infrastructures?|facilit(?:y|ies))"
        r"|望远镜|对撞机|天文台|空间站|科研站|反应堆"
    ),
    "programme": r"program(?:me)?s?|funds?|grants?|calls?\s+for\s+proposals|joint\s+calls?|计划|专项|基金",
    "delegation": r"delegations?|visits|visited|visiting|代表团|访问|访华",
    "conference": (
        r"conferences?|forums?|summits?|symposi(?:um|a)|workshops?|meetings?|congress|assembly|dialogues?"
        r"|seminars?|大会|论坛|峰会|会议|研讨会|年会"
    ),
    "initiative": r"initiatives?|declarations?|decade|alliances?|proclaim(?:s|ed)|倡议|宣言|联盟",
    "exchange": r"exchanges?|fellowships?|scholarships?|交流|奖学金",
}
_PATTERN = re.compile(
    r"(?<![a-z])(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _WORDS.items()) + r")(?![a-z])",
    re.IGNORECASE,
)


class KindHit(NamedTuple):
    """A word that tells the kind of an event, and where it stands."""

    kind: EventKind
    start: int
    end: int


def find_kind(text: str) -> KindHit | None:
    """Return the kind that the text is about, with the word that says so; None when none does."""
    hits = [
        KindHit(kind, match.start(), match.end())
        for match in _PATTERN.finditer(text)
        for kind in _WORDS
        if match.lastgroup == kind
    ]
    return min(hits, key=lambda hit: (hit.kind not in _LEADING, hit.start), default=None)
