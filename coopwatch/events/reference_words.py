"""The words by which a text says that an event is held within another one, or follows from an older act."""
# ruff: noqa: E501 - a table of words

from collections.abc import Mapping
from typing import NamedTuple


class ReferenceWords(NamedTuple):
    """All are alternatives of patterns; what an act is and how one is concluded is in `outcome_words`.

    Attributes:
        within: before the name of the event that another one is held within; with `is_after`, behind it.
        following: before an act that another one follows from; with `is_after`, behind it.
        is_after: these words stand behind what they are about.
        is_spaced: blanks stand between words.
    """

    within: str
    following: str
    is_after: bool = False
    is_spaced: bool = True


REFERENCE_WORDS: Mapping[str, ReferenceWords] = {
    "en": ReferenceWords(
        within=r"on the (?:sidelines|margins) of|as (?:a )?part of|within the framework of|(?:side[- ]events?|sub-?forums?|parallel (?:sessions?|forums?|meetings?|events?)) (?:of|at)|held (?:during|within|alongside)",
        following=r"following|under|in line with|in accordance with|pursuant to|based on|on the basis of|build(?:s|ing) on|implement(?:s|ing)|follows",
    ),
    "zh": ReferenceWords(
        within=r"期间|框架下|框架内|间隙|的?(?:边会|分论坛|平行论坛|配套活动|系列活动)",
        following=r"根据|依据|按照|落实|依照|基于|履行",
        is_spaced=False,
    ),
    "fr": ReferenceWords(
        within=r"en marge (?:de|du|des)|dans le cadre (?:de|du|des)",
        following=r"conformément (?:à|au)|en application (?:de|du)|dans le cadre (?:de|du)|à la suite (?:de|du)|suite (?:à|au)|en vertu (?:de|du)|sur la base (?:de|du)",
    ),
    "es": ReferenceWords(
        within=r"al margen del?|en el marco del?|como parte del?",
        following=r"conforme (?:a|al)|de acuerdo con|en virtud del?|en el marco del?|con base en|en aplicación del?|en cumplimiento del?|a raíz del?",
    ),
    "pt": ReferenceWords(
        within=r"à margem (?:de|d[oa]s?)|no âmbito (?:de|d[oa]s?)|no quadro (?:de|d[oa]s?)|como parte (?:de|d[oa]s?)",
        following=r"nos termos (?:de|d[oa]s?)|no âmbito (?:de|d[oa]s?)|na sequência (?:de|d[oa]s?)|com base (?:em|n[oa]s?)|em conformidade com",
    ),
    "de": ReferenceWords(
        within=r"am rande|im rahmen|als teil",
        following=r"gemäß|auf (?:der )?grundlage|im rahmen|infolge|aufgrund|in umsetzung|auf basis",
    ),
    "ru": ReferenceWords(
        within=r"на полях|в рамках|в кулуарах",
        following=r"в соответствии с|на основании|во исполнение|в рамках|в развитие",
    ),
    "ar": ReferenceWords(
        within=r"على هامش|في إطار|ضمن فعاليات",
        following=r"بموجب|وفقا ل|وفقًا ل|في إطار|بناء على|استنادا إلى|تنفيذا ل",
    ),
    "ja": ReferenceWords(
        within=r"の(?:枠組み|一環|サイドイベント|分科会|期間中|会期中)|に(?:合わせて|併せて|あわせて)",
        following=r"に基づ(?:き|いて|く)|を受け|に従(?:い|って)",
        is_after=True,
        is_spaced=False,
    ),
    "ko": ReferenceWords(
        within=r"(?:을|를) 계기로|의 일환으로|기간 중|의? ?부대행사",
        following=r"에 따라|에 따른|에 근거|의 후속",
        is_after=True,
        is_spaced=False,
    ),
}  # fmt: skip
WITHIN_IS_BEHIND = frozenset({"zh", "ja", "ko"})
"""Languages in which a name comes first and what is held within it after."""
