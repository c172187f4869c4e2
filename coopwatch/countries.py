"""The countries that a text names.

Names come from CLDR (through babel) in English and in the language of the text; the short forms,
inflected forms and adjectives that CLDR lacks are listed in config/countries.yaml.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml
from ahocorasick_rs import AhoCorasick, Implementation
from babel import Locale, UnknownLocaleError

from coopwatch.errors import ConfigError
from coopwatch.folding import PROCLITICS, derive_traditional, find_word_end, fold, is_letter
from coopwatch.settings import CONFIG_DIR
from coopwatch.wording import word_fault

_MORE_NAMES = CONFIG_DIR / "countries.yaml"
_LOCALES = {"zh": ("zh", "zh_Hant", "zh_Hant_HK"), "pt": ("pt", "pt_PT")}
_NO_TERRITORIES = {"EZ", "UN", "ZZ", "QO", "XA", "XB"}  # groupings and private codes of CLDR
_CODES = re.compile(r"-|[A-Z]{2}(?: [A-Z]{2})*")
_PERSONAL_NAMES = {"Jordan", "Chad", "Georgia", "Israel"}  # people and an American state are called so too
_SURNAME_BEFORE = re.compile(r"[A-Z][a-z]+ $")
_NOT_AFTER = re.compile(r"-(?:based|born)\b|\$")
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc-\u30ff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where libyaml is
_LONGEST_PROCLITIC = max(map(len, PROCLITICS))


class CountryHit(NamedTuple):
    """A country that a text names; `code` is ISO 3166, or EU."""

    code: str
    start: int
    end: int


class _Name(NamedTuple):
    """A name of countries, or of none, which only keeps shorter names from using its words."""

    text: str
    codes: tuple[str, ...]
    is_open: bool  # any ending may follow


class _Names(NamedTuple):
    names: tuple[_Name, ...]
    automaton: AhoCorasick


def find_countries(text: str, language: str) -> tuple[CountryHit, ...]:
    """Return the countries that the text names, adjectives included, in the order of the text.

    Of names that overlap, the one that begins first counts, then the longest.

    Raises:
        ConfigError: config/countries.yaml is wrong.
    """
    base = language.partition("-")[0]
    names, automaton = _load_names(base)
    folded = fold(text, base)
    found = [
        (start, -end, number)
        for number, start, end in automaton.find_matches_as_indexes(folded.cased, overlapping=True)
    ]
    hits: list[CountryHit] = []
    taken = 0
    for start, minus_end, number in sorted(found):
        if start < taken:
            continue
        name = names[number]
        end = _find_end(folded.cased, start, -minus_end, name, base)
        if end is None:
            continue
        first, last = folded.span(start, end)
        if _NOT_AFTER.match(text, last) or (
            name.text in _PERSONAL_NAMES and _SURNAME_BEFORE.search(text[max(0, first - 20) : first])
        ):
            continue
        taken = end
        hits += (CountryHit(code, first, last) for code in name.codes)
    return tuple(hits)


def load_more_names(path: Path = _MORE_NAMES) -> Mapping[str, Mapping[str, list[str]]]:
    """Read the names that CLDR lacks: by language, then by the codes of what they name.

    Raises:
        ConfigError: the file cannot be read or says something wrong: names file and key.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - it is a safe one
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {word_fault(error)}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: not a mapping of languages")
    for language, listed in content.items():
        if not isinstance(listed, dict):
            raise ConfigError(f"{path}: {language}: not a mapping of countries")
        for codes, names in listed.items():
            if not isinstance(codes, str) or not _CODES.fullmatch(codes):
                raise ConfigError(f"{path}: {language}.{codes}: not one or more ISO codes, nor '-'; quote NO")
            if not isinstance(names, list) or not all(
                isinstance(name, str) and _is_name(name) for name in names
            ):
                raise ConfigError(f"{path}: {language}.{codes}: not a list of names, 'a*' for any ending")
    return content


def _is_name(name: str) -> bool:
    return bool(name.strip(" *")) and "*" not in name.removesuffix("*")


def _find_end(text: str, start: int, end: int, name: _Name, language: str) -> int | None:
    """Return where a name ends that stands at `start`; None if its letters are part of another word."""
    if is_letter(text[start - 1]) and is_letter(text[start]):
        if language != "ar":
            return None
        before = text[max(0, start - _LONGEST_PROCLITIC - 1) : start]
        if before[-find_word_end(before[::-1], 0) :] not in PROCLITICS:
            return None
    if name.is_open:
        return find_word_end(text, end)
    if is_letter(text[end]) and is_letter(text[end - 1]):
        return None
    is_cut = (_KATAKANA.match(text, end) and _KATAKANA.match(text, end - 1)) or (
        _KATAKANA.match(text, start) and _KATAKANA.match(text, start - 1)
    )
    return None if is_cut else end


@lru_cache(maxsize=32)
def _load_names(language: str) -> _Names:
    more = load_more_names()
    codes: dict[tuple[str, bool], tuple[str, ...]] = {}
    for own in dict.fromkeys(("en", language)):
        codes |= {(fold(name, own).cased[1:-1], False): (code,) for name, code in _read_cldr(own)}
        for listed in sorted(more.get(own, {}), reverse=True):  # "-" last
            for name in more[own][listed]:
                for variant in _vary(name, own):
                    codes[variant] = () if listed == "-" else tuple(listed.split())
    if language == "ar":  # "for" and the article are written as one
        written = dict(codes)
        codes |= {
            (f"لل{text[2:]}", is_open): code for (text, is_open), code in written.items() if text[:2] == "ال"
        }
    if language == "zh":
        written = dict(codes)
        for forms in derive_traditional(text for text, _ in written):
            codes |= {(forms[text], is_open): code for (text, is_open), code in written.items()}
        codes |= written
    names = tuple(_Name(text, listed, is_open) for (text, is_open), listed in codes.items())
    automaton = AhoCorasick([name.text for name in names], implementation=Implementation.ContiguousNFA)
    return _Names(names, automaton)


def _read_cldr(language: str) -> Iterator[tuple[str, str]]:
    for tag in _LOCALES.get(language, (language,)):
        try:
            territories = Locale.parse(tag).territories
        except (UnknownLocaleError, ValueError):
            continue
        for code, name in territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_TERRITORIES:
                yield name.partition(" (")[0], code


def _vary(name: str, language: str) -> Iterator[tuple[str, bool]]:
    """Yield a name as it may stand in a text, and whether any ending may follow."""
    bare = fold(name.removesuffix("*"), language).cased[1:-1]
    is_open = name.endswith("*") and is_letter(bare[-1])
    yield bare, is_open
    if bare[0].islower():
        yield bare[0].upper() + bare[1:], is_open
