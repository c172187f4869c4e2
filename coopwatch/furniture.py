"""Site furniture: the lines of an extracted text that are not the article's.

A line goes only as a whole, only if it is short, and only if all of it is furniture, so that no
sentence of a body is lost. Every pattern is tried on lines of bounded length.
"""

import re

MAX_LINE_CHARACTERS = 240
MAX_LINE_WORDS = 30
MAX_TAIL_SHARE = 0.5  # of the words before it, that what trails a heading such as "Related articles" may have

_HEADING_LINES = """
    also read | latest news | more from this section | more news | more on this story
    more stories | most popular | most read | popular now | read also | read next | recommended
    recommended for you | recommended stories | related | related articles | related content
    related coverage | related links | related news | related posts | related stories
    related topics | see also | trending now | up next | you may also like | you might also like
    weiterlesen | mehr zum thema | lesen sie auch | à lire aussi | lire aussi | sur le même sujet
    noticias relacionadas | te puede interesar | leia também | leggi anche | читайте также | 相关新闻
    相关阅读 | 相关链接 | 推荐阅读 | 延伸阅读 | 相關新聞
"""
_HEADINGS = frozenset(heading.strip() for heading in _HEADING_LINES.replace("\n", "|").split("|")) - {""}

_PICTURE = r"(?:file\ )?photos?|image|picture|(?:photo|image)\ credit|photo\ courtesy\ of|foto|bild|图片?|摄"
_DESK = r"责任编辑|责编|编辑|校对|审核|来源|稿源|原标题"
_FURNITURE = re.compile(
    rf"""
    # release services
      (?:cision\ )? view\ original\ content\b .*
    | view\ source\ version\ on\b .*
    | news\ provided\ by\b [^!?]{{0,160}}
    | (?:photo|logo|image|video|infographic)s? \d? \ ? (?:[-–—]{{1,2}}|:) (?:\ ?https?:.*)?
    | (?:media|press)\ contacts? :?
    | for\ (?:more|further|additional)\ (?:information|details) (?:\ about\ [^.:]{{1,80}})? ,?\ ?
      (?:please\ )?
      (?:visit|contact|see|email|go\ to|click)\b [^.]{{0,80}} (?:https?:\S*|www\.\S*|:)?
    | (?:https?://|www\.) \S+
    # rights
    | (?:©|\(c\)\ ?|copyright\b\ ?[©(]?) .*
    | .{{0,120}} \ball\ rights\ reserved\b .{{0,60}}
    | this\ (?:story|article|report|news)\ (?:has\ been|was|is)\ (?:auto-)?
      (?:published|generated|sourced)\ from\b .*
    # credits of pictures
    | [\[(]? (?:{_PICTURE}) (?:\ ?[:：/]|\ by\ ) .{{1,120}}
    | .{{0,60}} /\ ?(?:getty\ images|shutterstock|istock|unsplash|pixabay) \)?
    # desks and clocks
    | (?:{_DESK}) [:：] .{{0,40}} | [\[【(（] (?:{_DESK}|纠错) [^\]】)）]{{0,40}} [\]】)）]
    | (?:last\ )? (?:updated|published|posted|modified) (?:\ on|\ at)? :?\ .{{0,12}} \d [^.!?]{{0,40}}
    | [a-z]{{3,9}}\.? \ \d{{1,2}},\ \d{{4}} ,?\ \d{{1,2}}:\d\d (?:\ ?[ap]\.?m\.?)? (?:\ [a-z]{{2,4}})?
    # prompts
    | (?:share|tweet|print|email|save|comments?|copy\ link) (?:\ this)? (?:\ (?:article|story|post|page))?
      (?:\ (?:on|via|with)\ [\w\ ,/&+]{{2,60}})? [:.]?
    | (?:subscribe|sign\ up) (?:\ (?:now|today|here|to|for)\b .{{0,120}})?
    | follow\ (?:us|.{{2,40}}\ on\ (?:twitter|x|facebook|instagram|linkedin|telegram|whatsapp|google\ news))\b
      .{{0,80}}
    | click\ (?:here|on\ the\ link)\b .{{0,80}}
    | (?:read|see|watch|learn|find\ out)\ (?:more|also|next)
      (?:\ ?[:：|»>→].* | \ here.{{0,20}} | \ about\ .{{0,80}} | \.{{3}} | …)?
    | continue\ reading.{{0,60}} | keep\ reading | advertisement | advertorial | loading\.{{0,3}}
    | story\ continues\ below.{{0,40}}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EDGES = " \t-–—•*|>»:：."


def strip_furniture(lines: list[str]) -> list[str]:
    """Return the lines that belong to the article.

    Args:
        lines: the text's paragraphs, none empty.
    """
    kept = [line for line in lines if not is_furniture(line)]
    for index, line in enumerate(kept):
        if _is_heading(line) and _trails(kept[:index], kept[index + 1 :]):
            kept = kept[:index]
            break
    return [line for line in kept if not _is_heading(line)]


def is_furniture(line: str) -> bool:
    """Tell whether a whole line is site furniture."""
    line = line.strip()
    if not line.strip(_EDGES):
        return True
    if len(line) > MAX_LINE_CHARACTERS or len(line.split()) > MAX_LINE_WORDS:
        return False
    return _FURNITURE.fullmatch(line) is not None


def _is_heading(line: str) -> bool:
    return len(line) <= 40 and line.strip(_EDGES).casefold() in _HEADINGS


def _trails(before: list[str], after: list[str]) -> bool:
    """Tell whether what follows a heading is a list of links, and not the rest of the article."""
    words_before = sum(len(line.split()) for line in before)
    words_after = sum(len(line.split()) for line in after)
    return words_after <= MAX_TAIL_SHARE * words_before and all(
        len(line.split()) <= MAX_LINE_WORDS and len(line) <= MAX_LINE_CHARACTERS for line in after
    )
