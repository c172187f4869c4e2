"""The countries that a text may come from, as far as its language tells."""

from functools import lru_cache

from babel.core import get_global

_FEW = 10  # what is written in a language of more countries may come from anywhere
_OFFICIAL = {"official", "de_facto_official"}


@lru_cache(maxsize=64)
def find_homes(language: str) -> frozenset[str]:
    """Return the countries in which a language is official (CLDR); none if it tells too little.

    Args:
        language: a language tag.
    """
    base = language.partition("-")[0]
    homes = frozenset(
        country
        for country, spoken in get_global("territory_languages").items()
        if any(
            tag.partition("_")[0] == base and known.get("official_status") in _OFFICIAL
            for tag, known in spoken.items()
        )
    )
    return homes if len(homes) <= _FEW else frozenset()
