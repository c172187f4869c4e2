"""The place where a text says that something takes place, in ten languages.

A place is what stands where a language says "in": 在重庆, "à Genève", "в Москве", ジュネーブで. Whether
something takes place there, and what, is for the caller to tell from the words around it. One town
has one name, whatever the language.
"""

from coopwatch.places import spaced, unspaced
from coopwatch.places.english import find_english
from coopwatch.places.hits import PlaceHit

__all__ = ["PlaceHit", "find_places"]


def find_places(sentence: str, language: str = "en") -> tuple[PlaceHit, ...]:
    """Return the places that a sentence puts something in, in the order of the sentence.

    A region, a continent or a building is no place; a country alone is a hit without a town.

    Args:
        sentence: one sentence.
        language: its language, such as "zh-Hans"; in one that is not known there are no places.

    Raises:
        ConfigError: config/places.tsv or config/countries.yaml is wrong.
    """
    base = language.partition("-")[0]
    if base == "en":
        hits = iter(find_english(sentence))
    elif base in spaced.LANGUAGES:
        hits = spaced.find_spaced(sentence, base)
    elif base in unspaced.LANGUAGES:
        hits = unspaced.find_unspaced(sentence, base)
    else:
        return ()
    return tuple(sorted(hits, key=lambda hit: (hit.start, not hit.is_sure)))
