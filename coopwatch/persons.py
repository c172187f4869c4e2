"""Which names of a byline are persons; desks, roles, sites and addresses are not."""

import re

from coopwatch.publishers import Publishers, fold_name

MAX_PERSONS = 10

_BY = re.compile(
    r"^\s*(?:(?:written |reported |posted |story )?by|por|par|von|di|door|av|af|autor|author|text|текст|автор"
    r"|作者|文|记者)(?:\s*[:：]|\s|$)\s*",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"\s*[,;|/&、，；•·]\s*|\s+(?:and|und|et|y|e|og|och|и|with|mit|for|in|at|from|via)\s+|\s{2,}"
)
_NO_NAME = re.compile(r"[\d@#_<>{}=!?:()\[\]]|\bwww\b|https?|\.[a-z]{2,4}\b")
_PARTICLE_WORDS = "al ap at ben bin bint da das de del den der di do dos du el ibn la le ten ter van von y zu"
_ROLE_WORDS = """
    admin administrator administration agencies agency analyst anonymous associate author authors
    bot bureau channel chief co communications contributing contributor contributors copyright corp
    correspondent correspondents dated department desk digital director editor editorial editors
    gmbh group guest headquarters inc international journal journalist llc ltd magazine manager
    media monitoring nachrichten network news newsdesk newspaper newsroom newswire office official
    online partner post posted press producer public publisher published radio redacción redaction
    redaktion redazione relations release report reporter reporters reporting reports rédaction
    science section senior service services site special sponsored staff story studio super team
    television times today tribune tv university updated user web webdesk webmaster website wire
    wires writer writers zeitung редакция администратор
    编辑 本报 本网 网站 新闻 通讯社 报道 综合 日报 编辑部 소식 기자 편집
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_ROLES = frozenset(_ROLE_WORDS.split())
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,8})?")
_KOREAN_NAME = re.compile(r"[\uac00-\ud7af]{2,4}")
_HAN_OR_KANA = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def find_persons(byline: str, publishers: Publishers, site_names: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the persons that a byline names, in order.

    Args:
        byline: as a page or feed gives it, such as "By Jane Doe and John Roe, Staff Reporters".
        publishers: organisations that are known not to be persons.
        site_names: what the site itself is called.
    """
    not_persons = {fold_name(name) for name in site_names}
    persons: dict[str, None] = {}
    for part in _DIVIDER.split(_BY.sub("", byline[:500])):
        name = " ".join(part.strip(" .,-–—").split())
        if fold_name(name) in not_persons or publishers.is_organization(name) or not _is_person(name):
            continue
        persons[name] = None
    return tuple(persons)[:MAX_PERSONS]


def is_byline(line: str, publishers: Publishers, site_names: tuple[str, ...] = ()) -> bool:
    """Tell whether a line of its own is nothing but a byline, be it a person's or a desk's."""
    if len(line) > 120 or not (found := _BY.match(line)):
        return False
    rest = line[found.end() :].strip(" .,")
    return (
        bool(find_persons(rest, publishers, site_names))
        or publishers.is_organization(rest)
        or fold_name(rest) in {fold_name(name) for name in site_names}
        or (bool(rest) and all(word.casefold().strip(".,") in _ROLES for word in rest.split()))
    )


def _is_person(name: str) -> bool:
    if not name or len(name) > 60 or _NO_NAME.search(name):
        return False
    words = name.split()
    if any(word.casefold().strip(".") in _ROLES for word in words):
        return False
    if _HAN_OR_KANA.search(name):
        return _HAN_NAME.fullmatch(name.replace(" ", "")) is not None
    if len(words) == 1:
        return _KOREAN_NAME.fullmatch(name) is not None
    named = [word for word in words if word.casefold() not in _PARTICLES]
    return 2 <= len(words) <= 6 and len(named) >= 1 and all(_is_name_word(word) for word in named)


def _is_name_word(word: str) -> bool:
    letters = word.replace("-", "").replace("'", "").replace("’", "").replace(".", "")
    first = letters[:1]
    return letters.isalpha() and (first.isupper() or first.lower() == first.upper())
