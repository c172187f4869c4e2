"""The words that dates are made of in languages that write with blanks.

They are data that `coopwatch.dates.grammar` compiles; a language is added by adding an entry.
Chinese, Japanese and Korean number their months and have `coopwatch.dates.numbered`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_NEVER = "(?!)"


class DateWords(NamedTuple):
    """The calendar of one language.

    The names stand in one string, in order, divided by blanks, the forms of one name by "|", and "_"
    is a blank within a name. The other entries are pieces of regular expressions without groups of
    their own. Arabic is written with plain alef, as texts are when they are compared.
    """

    months: str  # twelve; a full stop may follow the short forms after the first
    weekdays: str  # seven, Monday first
    of: str  # between day and month, and between month and year
    through: str  # between the two ends of a range
    also: str  # between two days that are a range only when they are neighbours
    near_month: str  # before a month without day or year
    last_year: str  # after a date, and likewise the next two
    this_year: str
    next_year: str
    ordinal: str = _NEVER  # what may stand behind the number of a day
    other_year: str = _NEVER  # after a date, where only the context knows which year is meant
    latest: str = _NEVER  # after a date: the last such day; after a weekday likewise
    coming: str = _NEVER
    latest_before: str = _NEVER  # the same before a weekday or a date
    coming_before: str = _NEVER
    on_weekday: str = ""  # what must stand before a weekday, so that it is no other word
    names_before: str = _NEVER  # before a weekday that is part of a name, or of a habit
    names_after: str = _NEVER
    relative_days: Mapping[str, int] = MappingProxyType({})  # in the letters that count
    relative_guard: str = ""  # asserted before such a word
    relative_after: str = ""  # asserted behind it
    is_month_first: bool = False  # "November 6"; then 6/11/2023 may be read in two ways
    is_capitalised: bool = False  # names of months are never written small


def _pair(eastern: str, western: str) -> str:
    """Return the Arabic months under their Levantine and their Western names, and under both at once."""
    pairs = zip(eastern.split(), western.split(), strict=True)
    return " ".join(
        "|".join([east, *west.split("|"), *(f"{pair[0]}/{pair[1]}" for name in west.split("|")
                                            for pair in ((east, name), (name, east)))])
        for east, west in pairs
    )  # fmt: skip


def _with_hours(weekdays: str) -> str:
    """Return German weekdays with the parts of the day that are written as one with them."""
    parts = ("", "morgen", "früh", "vormittag", "mittag", "nachmittag", "abend", "nacht")
    return " ".join("|".join(weekday + part for part in parts) for weekday in weekdays.split())


DATE_WORDS = {
    "en": DateWords(
        months="january|jan february|feb march|mar april|apr may june|jun july|jul august|aug"
        " september|sept|sep october|oct november|nov december|dec",
        weekdays="monday tuesday wednesday thursday friday saturday sunday",
        ordinal="st|nd|rd|th",
        of="of|of the",
        through="to|through|thru|until|till",
        also="and|&",
        near_month="in|since|until|during|early|mid|late|last|next|this",
        last_year="of last year|last year",
        this_year="of this year|this year",
        next_year="of next year|next year",
        other_year="(?:of |in )?(?:that|the same|the following|the previous) year",
        latest_before="last",
        coming_before="next",
        names_before="Black|Good|Cyber|Super|Ash|Palm|Easter|Bloody|Giving|Every|every|Each|each",
        names_after="Times|Mail|Telegraph|Mirror|Express|Post|School|Night Live",
        relative_days={"yesterday": -1, "Yesterday": -1, "today": 0, "tomorrow": 1},
        is_month_first=True,
        is_capitalised=True,
    ),
    "fr": DateWords(
        months="janvier|janv février|fevrier|févr mars avril|avr mai juin juillet|juil août|aout"
        " septembre|sept octobre|oct novembre|nov décembre|decembre|déc",
        weekdays="lundi mardi mercredi jeudi vendredi samedi dimanche",
        ordinal="er|ère",
        of="de",
        through="au|à|jusqu'au",
        also="et",
        near_month="en|depuis|dès|à partir de|début|fin|courant|mi",
        last_year="de l['’]an(?:née)? derni(?:ère|er)|de l['’]an(?:née)? passée?",
        this_year="de cette année",
        next_year="de l['’]an(?:née)? prochaine?",
        other_year="de (?:la même|cette même) année|de l['’]année (?:suivante|précédente)",
        latest="dernier",
        coming="prochain",
        names_before="[Cc]haque|[Tt]ous les|Vendredi",
        names_after="saint|noir|soir de",
        relative_days={"avant-hier": -2, "hier": -1, "Hier": -1, "aujourd'hui": 0, "aujourd’hui": 0,
                       "après-demain": 2, "demain": 1},
    ),
    "es": DateWords(
        months="enero|ene febrero|feb marzo|mar abril|abr mayo junio|jun julio|jul agosto|ago"
        " septiembre|setiembre|sept octubre|oct noviembre|nov diciembre|dic",
        weekdays="lunes martes miércoles|miercoles jueves viernes sábado|sabado domingo",
        ordinal=r"\.?º|°",
        of="de|del",
        through="al|a|hasta el",
        also="y(?: el)?",
        near_month="en|desde|mes de",
        last_year="del año pasado|de año pasado",
        this_year="de este año|del presente año|del año en curso",
        next_year="del próximo año|del año próximo|del año que viene",
        other_year="de ese(?: mismo)? año|del mismo año|del año siguiente|de aquel año",
        latest="pasado|último",
        coming="próximo|que viene",
        latest_before="pasado|último",
        coming_before="próximo",
        names_before="[Cc]ada|[Tt]odos los|Santo|Plácido",
        names_after="[Ss]anto|[Nn]egro|de [Rr]amos|de [Pp]ascua",
        relative_days={"anteayer": -2, "ayer": -1, "Ayer": -1, "hoy": 0, "pasado mañana": 2, "mañana": 1},
        relative_guard="(?<!la )(?<!sta )(?<!una )(?<!ada )(?<!ayer )",
        relative_after="(?! en d[ií]a)",
    ),
    "pt": DateWords(
        months="janeiro|jan fevereiro|fev março|mar abril|abr maio|mai junho|jun julho|jul agosto|ago"
        " setembro|set outubro|out novembro|nov dezembro|dez",
        weekdays="segunda-feira|segunda_feira terça-feira|terça_feira quarta-feira|quarta_feira"
        " quinta-feira|quinta_feira sexta-feira|sexta_feira sábado domingo",
        ordinal=r"\.?º|°|ª",
        of="de|do",
        through="a|ao|até|até o|até ao",
        also="e(?: o)?",
        near_month="em|desde|início de|final de|fim de|meados de",
        last_year="do ano passado",
        this_year="deste ano|do corrente ano|do presente ano",
        next_year="do próximo ano|do ano que vem",
        other_year="desse(?: mesmo)? ano|daquele(?: mesmo)? ano|do mesmo ano|do ano seguinte",
        latest="passad[oa]|últim[oa]",
        coming="próxim[oa]|que vem",
        latest_before="últim[oa]|passad[oa]",
        coming_before="próxim[oa]",
        names_before="[Cc]ada|[Tt]odas as|[Tt]odos os|[Tt]oda|[Tt]odo",
        names_after="[Ss]anta|de [Rr]amos|de [Pp]áscoa|de [Cc]arnaval",
        relative_days={"anteontem": -2, "ontem": -1, "Ontem": -1, "hoje": 0, "depois de amanhã": 2,
                       "amanhã": 1},
        relative_after="(?! em dia)",
    ),
    "de": DateWords(
        months="januar|jänner|jan februar|feb märz april|apr mai juni juli august|aug september|sept"
        " oktober|okt november|nov dezember|dez",
        weekdays=_with_hours("montag dienstag mittwoch donnerstag freitag samstag sonntag"),
        ordinal=r"\.",
        of="des",
        through="bis zum|bis",
        also="und(?: am| den| dem)?",
        near_month="im|seit|anfang|mitte|ende",
        last_year="(?:des )?(?:vergangenen|letzten|vorigen) [Jj]ahres",
        this_year="dieses [Jj]ahres",
        next_year="(?:des )?(?:nächsten|kommenden) [Jj]ahres",
        other_year="(?:desselben|jenes|des (?:folgenden|gleichen)) [Jj]ahres",
        latest_before="letzten|vergangenen|vorigen|letzter",
        coming_before="nächsten|kommenden",
        names_before="[Jj]eden|Black|Heiliger",
        relative_days={"vorgestern": -2, "gestern": -1, "Gestern": -1, "heute": 0,
                       "übermorgen": 2, "morgen": 1},
        is_capitalised=True,
    ),
    "ru": DateWords(
        months="января|январь|январе|янв февраля|февраль|феврале|фев марта|март|марте|мар апреля|апрель"
        "|апреле|апр"
        " мая|май|мае июня|июнь|июне июля|июль|июле августа|август|августе|авг"
        " сентября|сентябрь|сентябре|сент|сен октября|октябрь|октябре|окт ноября|ноябрь|ноябре|нояб|ноя"
        " декабря|декабрь|декабре|дек",
        weekdays="понедельник вторник среду четверг пятницу субботу воскресенье",
        ordinal="-?го|-?е|-?ое",
        of="числа",
        through="по|до",
        also="и",
        near_month="в|с|к|начале|конце|середине",
        last_year="прошлого года",
        this_year="этого года|текущего года|нынешнего года",
        next_year="следующего года|будущего года",
        other_year="(?:того же|того|предыдущего|последующего) года",
        latest_before="прошл(?:ый|ую|ое)|минувш(?:ий|ую|ее)",
        coming_before="следующ(?:ий|ую|ее)|ближайш(?:ий|ую|ее)",
        on_weekday="[Вв]о?",
        names_before="[Кк]аждый|[Кк]аждую|[Кк]аждое",
        names_after="обитания|разработки|программирования|выполнения",
        relative_days={"позавчера": -2, "вчера": -1, "Вчера": -1, "сегодня": 0,
                       "послезавтра": 2, "завтра": 1},
    ),
    "ar": DateWords(
        months=_pair(
            "كانون_الثاني شباط اذار نيسان ايار حزيران تموز اب ايلول تشرين_الاول تشرين_الثاني كانون_الاول",
            "يناير|جانفي فبراير|فيفري مارس ابريل|افريل مايو|ماي يونيو|جوان يوليو|جويلية|يوليوز اغسطس|اوت|غشت"
            " سبتمبر|شتنبر اكتوبر نوفمبر|نونبر ديسمبر|دجنبر",
        ),
        weekdays="الاثنين الثلاثاء الاربعاء الخميس الجمعة السبت الاحد",
        of="من|من شهر|شهر",
        through="الى|حتى|ولغاية",
        also="و",
        near_month="في|منذ|خلال|مطلع|نهاية|اواخر|اوائل|منتصف|شهر",
        last_year="(?:من )?العام الماضي|(?:من )?السنة الماضية",
        this_year="(?:من )?العام الجاري|(?:من )?هذا العام|(?:من )?هذه السنة|(?:من )?العام الحالي|الجاري"
        "|الحالي",
        next_year="(?:من )?العام المقبل|(?:من )?العام القادم|(?:من )?السنة المقبلة",
        other_year="من (?:العام نفسه|العام ذاته|نفس العام|ذلك العام|العام التالي)",
        latest="الماضي|الفائت|المنصرم",
        coming="المقبل|القادم",
        names_before="كل|كل يوم",
        relative_days={"امس": -1, "اليوم": 0, "غدا": 1},
        relative_after="(?! ال)",
    ),
}  # fmt: skip
