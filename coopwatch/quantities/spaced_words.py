"""How numbers are written in the languages that put blanks between words."""
# ruff: noqa: E501 - tables of words

from collections.abc import Mapping
from typing import NamedTuple


class NumberWords(NamedTuple):
    """The number words of a language; alternatives are parts of patterns.

    Attributes:
        points: characters that group digits by three.
        decimals: characters before a fraction; one of `points` groups where three digits follow it.
        ones: below twenty, with words of one value beside each other ("2 deux").
        tens: twenty to ninety.
        hundreds: whole hundreds that are one word.
        groups: what multiplies a number below a hundred.
        scales: what multiplies everything before it.
        short: abbreviated scales, right behind digits.
        leads: by qualifier, what stands in front.
        trails: by qualifier, what stands behind.
        rounded: one word for a number that is rounded.
        vague: by the least value that it can mean.
        articles: before a group or scale ("a hundred").
        joints: between two words of one number, besides a blank or hyphen.
        through: between the ends of a range.
        between: before and amid a range.
        bridge: between a qualifier and its number.
        prefixes: what may be written on to the first word of a qualifier.
        is_compound: one word may hold a whole number, ones before tens.
    """

    points: str
    decimals: str
    ones: str
    tens: str
    groups: str
    scales: str
    leads: Mapping[str, str]
    through: str
    between: tuple[str, str]
    hundreds: str = ""
    short: str = ""
    trails: Mapping[str, str] = {}
    rounded: str = ""
    vague: str = ""
    articles: str = ""
    joints: str = ""
    bridge: str = ""
    prefixes: str = ""
    is_compound: bool = False


SPACED: Mapping[str, NumberWords] = {
    "en": NumberWords(
        points=",",
        decimals=".",
        ones="0 zero, 1 one, 2 two, 3 three, 4 four, 5 five, 6 six, 7 seven, 8 eight, 9 nine, 10 ten, 11 eleven,"
        " 12 twelve, 13 thirteen, 14 fourteen, 15 fifteen, 16 sixteen, 17 seventeen, 18 eighteen, 19 nineteen",
        tens="20 twenty, 30 thirty, 40 forty, 50 fifty, 60 sixty, 70 seventy, 80 eighty, 90 ninety",
        groups="12 dozen, 100 hundred",
        scales="1e3 thousand, 1e6 million, 1e9 billion, 1e12 trillion",
        short="1e3 k, 1e6 m, 1e6 mn, 1e9 bn, 1e12 tn",
        leads={
            "over": "more than|over|above|in excess of|exceed(?:s|ed|ing)?|at least|no (?:fewer|less) than"
            "|upwards? of|greater than|surpass(?:es|ed|ing)?|topp(?:ed|ing)",
            "nearly": "nearly|almost|close to|just (?:under|below)|approaching|not quite",
            "up_to": "up to|as many as|a maximum of|at most|no more than|fewer than|less than|under",
            "about": "about|around|some|approximately|roughly|circa|an estimated|estimated|or so",
        },
        trails={"over": "or more|plus", "about": "or so"},
        rounded="5e5 half a million, 5e8 half a billion",
        vague="2e5 hundreds of thousands, 2e4 tens of thousands, 2e6 millions, 2e3 thousands, 200 hundreds, 24 dozens,"
        " 40 scores, 200 several hundred, 200 a few hundred, 2e3 several thousand, 2e3 a few thousand, 24 several dozen,"
        " 24 a few dozen, 2e6 several million, 2e6 a few million, 2e9 several billion, 2e9 a few billion",
        articles="an?",
        joints="and",
        through="to",
        between=("between", "and"),
        bridge="(?:a|the) total of",
    ),
    "fr": NumberWords(
        points=".",
        decimals=",",
        ones="1 un, 1 une, 2 deux, 3 trois, 4 quatre, 5 cinq, 6 six, 7 sept, 8 huit, 9 neuf, 10 dix, 11 onze,"
        " 12 douze, 13 treize, 14 quatorze, 15 quinze, 16 seize, 17 dix-sept, 18 dix-huit, 19 dix-neuf",
        tens="20 vingt, 30 trente, 40 quarante, 50 cinquante, 60 soixante, 80 quatre-vingts, 80 quatre-vingt",
        groups="100 cent, 100 cents",
        scales="1e3 mille, 1e6 million, 1e6 millions, 1e9 milliard, 1e9 milliards",
        leads={
            "over": r"(?:au-delà|plus) d[e'’]|au moins|pas moins d[e'’]|au minimum|dépass\w{1,4}",
            "nearly": r"près d[e'’]|presque|pas loin d[e'’]|un peu moins d[e'’]",
            "up_to": r"jusqu['’]à|au plus|moins d[e'’]|au maximum",
            "about": "environ|quelque|autour de|à peu près|aux alentours de",
        },
        trails={"over": "ou plus", "about": "environ"},
        rounded="10 une dizaine, 12 une douzaine, 15 une quinzaine, 20 une vingtaine, 30 une trentaine,"
        " 40 une quarantaine, 50 une cinquantaine, 60 une soixantaine, 100 une centaine, 1e3 un millier,"
        " 200 deux centaines, 300 trois centaines",
        vague="20 des dizaines, 20 plusieurs dizaines, 20 quelques dizaines, 200 des centaines, 200 plusieurs centaines,"
        " 200 quelques centaines, 2e3 des milliers, 2e3 plusieurs milliers, 2e3 quelques milliers,"
        " 2e6 plusieurs millions, 2e6 des millions",
        joints="et",
        through="à",
        between=("entre", "et"),
        bridge="un total de|au total",
    ),
    "es": NumberWords(
        points=".,",
        decimals=",.",
        ones="1 un, 1 una, 1 uno, 2 dos, 3 tres, 4 cuatro, 5 cinco, 6 seis, 7 siete, 8 ocho, 9 nueve, 10 diez, 11 once,"
        " 12 doce, 13 trece, 14 catorce, 15 quince, 16 dieciséis, 17 diecisiete, 18 dieciocho, 19 diecinueve",
        tens="20 veinte, 21 veintiún, 22 veintidós, 23 veintitrés, 24 veinticuatro, 25 veinticinco, 26 veintiséis,"
        " 27 veintisiete, 28 veintiocho, 29 veintinueve, 30 treinta, 40 cuarenta, 50 cincuenta, 60 sesenta, 70 setenta,"
        " 80 ochenta, 90 noventa",
        hundreds="100 cien, 100 ciento, 200 doscientos, 200 doscientas, 300 trescientos, 300 trescientas,"
        " 400 cuatrocientos, 400 cuatrocientas, 500 quinientos, 500 quinientas, 600 seiscientos, 600 seiscientas,"
        " 700 setecientos, 700 setecientas, 800 ochocientos, 800 ochocientas, 900 novecientos, 900 novecientas",
        groups="",
        scales="1e3 mil, 1e6 millón, 1e6 millones",
        leads={
            "over": "más de|al menos|por lo menos|como mínimo|no menos de|por encima de|supera\\w{0,4}|sobre(?:pasan?)?",
            "nearly": "casi|cerca de|poco menos de|próxim[oa]s? a",
            "up_to": "hasta|un máximo de|menos de|como máximo|no más de",
            "about": "unos|unas|alrededor de|aproximadamente|en torno a|cerca de unos|aproximados",
        },
        trails={"over": "o más", "about": "aproximadamente"},
        rounded="20 una veintena, 30 una treintena, 15 una quincena, 10 una decena, 12 una docena, 50 una cincuentena,"
        " 100 un centenar, 1e3 un millar",
        vague="20 decenas, 24 docenas, 200 cientos, 200 centenares, 200 varios centenares, 2e3 miles, 2e3 millares,"
        " 2e4 decenas de miles, 2e5 cientos de miles",
        joints="y",
        through="a",
        between=("entre", "y"),
        bridge="un total de",
    ),
    "pt": NumberWords(
        points=".",
        decimals=",",
        ones="1 um, 1 uma, 2 dois, 2 duas, 3 três, 4 quatro, 5 cinco, 6 seis, 7 sete, 8 oito, 9 nove, 10 dez, 11 onze,"
        " 12 doze, 13 treze, 14 catorze, 14 quatorze, 15 quinze, 16 dezesseis, 16 dezasseis, 17 dezessete,"
        " 17 dezassete, 18 dezoito, 19 dezenove, 19 dezanove",
        tens="20 vinte, 30 trinta, 40 quarenta, 50 cinquenta, 60 sessenta, 70 setenta, 80 oitenta, 90 noventa",
        hundreds="100 cem, 100 cento, 200 duzentos, 200 duzentas, 300 trezentos, 300 trezentas, 400 quatrocentos,"
        " 400 quatrocentas, 500 quinhentos, 500 quinhentas, 600 seiscentos, 700 setecentos, 800 oitocentos,"
        " 900 novecentos",
        groups="",
        scales="1e3 mil, 1e6 milhão, 1e6 milhões, 1e9 bilhão, 1e9 bilhões",
        leads={
            "over": "mais de|pelo menos|ao menos|no mínimo|acima de|não menos de|supera\\w{0,4}",
            "nearly": "quase|perto de|próximo a|pouco menos de",
            "up_to": "até|no máximo|menos de|não mais de",
            "about": "cerca de|aproximadamente|por volta de|em torno de|uns|umas|à volta de",
        },
        trails={"over": "ou mais", "about": "aproximadamente"},
        rounded="10 uma dezena, 12 uma dúzia, 20 uma vintena, 30 uma trintena, 100 uma centena, 1e3 um milhar,"
        " 5e5 meio milhão",
        vague="20 dezenas, 24 dúzias, 200 centenas, 2e3 milhares, 2e4 dezenas de milhares, 2e5 centenas de milhares",
        joints="e",
        through="a",
        between=("entre", "e"),
        bridge="um total de",
    ),
    "de": NumberWords(
        points=".'’",
        decimals=",",
        ones="1 ein, 1 eine, 1 eins, 2 zwei, 3 drei, 4 vier, 5 fünf, 6 sechs, 7 sieben, 8 acht, 9 neun, 10 zehn, 11 elf,"
        " 12 zwölf, 13 dreizehn, 14 vierzehn, 15 fünfzehn, 16 sechzehn, 17 siebzehn, 18 achtzehn, 19 neunzehn",
        tens="20 zwanzig, 30 dreißig, 30 dreissig, 40 vierzig, 50 fünfzig, 60 sechzig, 70 siebzig, 80 achtzig,"
        " 90 neunzig",
        groups="100 hundert, 12 dutzend",
        scales="1e3 tausend, 1e6 million, 1e6 millionen, 1e9 milliarde, 1e9 milliarden, 1e6 mio, 1e9 mrd, 1e3 tsd",
        leads={
            "over": "mehr als|über|mindestens|wenigstens|nicht weniger als|gut|mehr denn",
            "nearly": "fast|nahezu|knapp|beinahe|annähernd",
            "up_to": "bis zu|höchstens|maximal|nicht mehr als|weniger als|unter",
            "about": "rund|etwa|circa|ca\\.|ungefähr|an die|zirka",
        },
        trails={"over": "oder mehr|und mehr"},
        rounded="5e5 eine halbe million",
        vague="200 hunderte, 200 hunderten, 200 hunderter, 200 mehrere hundert, 200 einige hundert, 2e3 tausende,"
        " 2e3 tausenden, 2e3 mehrere tausend, 2e3 einige tausend, 24 dutzende, 24 dutzenden, 24 mehrere dutzend,"
        " 2e6 mehrere millionen",
        joints="und",
        through="bis",
        between=("zwischen", "und"),
        bridge="insgesamt",
        is_compound=True,
    ),
    "ru": NumberWords(
        points="",
        decimals=",.",
        ones="1 один, 1 одна, 2 два, 2 две, 2 двух, 3 три, 3 трех, 3 трёх, 4 четыре, 4 четырех, 4 четырёх, 5 пять,"
        " 5 пяти, 6 шесть, 6 шести, 7 семь, 7 семи, 8 восемь, 8 восьми, 9 девять, 9 девяти, 10 десять, 10 десяти,"
        " 11 одиннадцать, 12 двенадцать, 12 двенадцати, 13 тринадцать, 14 четырнадцать, 15 пятнадцать, 15 пятнадцати,"
        " 16 шестнадцать, 17 семнадцать, 18 восемнадцать, 19 девятнадцать",
        tens="20 двадцать, 20 двадцати, 30 тридцать, 30 тридцати, 40 сорок, 40 сорока, 50 пятьдесят, 50 пятидесяти,"
        " 60 шестьдесят, 60 шестидесяти, 70 семьдесят, 70 семидесяти, 80 восемьдесят, 80 восьмидесяти,"
        " 90 девяносто, 90 девяноста",
        hundreds="100 сто, 100 ста, 200 двести, 200 двухсот, 300 триста, 300 трехсот, 300 трёхсот, 400 четыреста,"
        " 400 четырехсот, 500 пятьсот, 500 пятисот, 600 шестьсот, 700 семьсот, 800 восемьсот, 900 девятьсот",
        groups="",
        scales="1e3 тысяч, 1e3 тысяча, 1e3 тысячи, 1e3 тысячу, 1e3 тыс, 1e6 миллион, 1e6 миллиона, 1e6 миллионов,"
        " 1e6 млн, 1e9 миллиард, 1e9 миллиарда, 1e9 миллиардов, 1e9 млрд, 1e12 трлн",
        leads={
            "over": "более чем|более|больше|свыше|не менее чем|не менее|как минимум|минимум|по меньшей мере|превы\\w{2,8}",
            "nearly": "почти|без малого|чуть менее|чуть меньше",
            "up_to": "до|не более|менее|максимум|не больше",
            "about": "около|примерно|порядка|приблизительно|ориентировочно",
        },
        trails={"over": "и более|или более|с лишним"},
        rounded="5e5 полмиллиона",
        vague="20 десятки, 20 несколько десятков, 20 десятков, 200 сотни, 200 сотен, 200 несколько сотен,"
        " 2e3 тысячи, 2e3 несколько тысяч, 2e4 десятки тысяч, 2e5 сотни тысяч",
        joints="",
        through="до",
        between=("от", "до"),
        bridge="в общей сложности|чем",
    ),
    "ar": NumberWords(
        points=",٬.،",
        decimals=".٫,",
        ones="3 ثلاثة, 3 ثلاث, 4 أربعة, 4 أربع, 5 خمسة, 5 خمس, 6 ستة, 6 ست, 7 سبعة, 7 سبع, 8 ثمانية, 8 ثماني, 9 تسعة,"
        " 9 تسع, 10 عشرة, 10 عشر",
        tens="20 عشرين, 20 عشرون, 30 ثلاثين, 30 ثلاثون, 40 أربعين, 40 أربعون, 50 خمسين, 50 خمسون, 60 ستين, 60 ستون,"
        " 70 سبعين, 70 سبعون, 80 ثمانين, 80 ثمانون, 90 تسعين, 90 تسعون",
        hundreds="100 مئة, 100 مائة, 200 مئتي, 200 مائتي, 300 ثلاثمئة, 300 ثلاثمائة, 400 أربعمئة, 400 أربعمائة,"
        " 500 خمسمئة, 500 خمسمائة, 600 ستمئة, 700 سبعمئة, 800 ثمانمئة, 900 تسعمئة",
        groups="",
        scales="1e3 ألف, 1e3 آلاف, 1e3 ألفا, 1e3 ألفاً, 1e6 مليون, 1e6 ملايين, 1e6 مليونا, 1e9 مليار, 1e9 مليارات",
        leads={
            "over": "أكثر من|ما يزيد على|ما يزيد عن|يزيد عن|يزيد على|لا يقل عن|على الأقل|فاق|تجاوز|أزيد من",
            "nearly": "ما يقرب من|ما يقارب|قرابة|زهاء|يقارب",
            "up_to": "ما يصل إلى|يصل إلى|حتى|لا يتجاوز|أقل من",
            "about": "نحو|حوالي|حوالى|تقريبا|ما يناهز",
        },
        trails={"over": "أو أكثر", "about": "تقريبا|تقريباً"},
        rounded="5e5 نصف مليون",
        vague="20 عشرات, 200 مئات, 200 المئات, 2e3 آلاف, 2e3 الآلاف, 2e4 عشرات الآلاف, 2e5 مئات الآلاف",
        joints="",
        through="إلى",
        between=("بين", "و"),
        prefixes="[وفبلك]{1,2}",
    ),
}
