"""What amounts of money are counted in."""

import re

_SPACED = {
    "EUR": r"€|eur\b|euros?\b|евро\b|يورو",
    "USD": r"us\$|\$|usd\b|(?:us |u\.s\. )?dollars?\b|us-dollar\b|dólares\b|доллар\w*|دولار\w*",
    "GBP": r"£|gbp\b|pounds\b|livres sterling\b|libras\b|pfund\b|фунт\w*",
    "CNY": r"rmb\b|cny\b|yuans?\b|renminbi\b|yuanes\b|юан\w*|يوان",
    "JPY": r"jpy\b|yen\b|yens\b|yenes\b|ienes\b|иен\w*",
    "CHF": r"chf\b|swiss francs\b|francs suisses\b|schweizer franken\b|franken\b",
    "RUB": r"rub\b|rou?bles\b|rublos\b|rubel\b|рубл\w*|руб\b",
    "INR": r"inr\b|rupees\b|roupies\b|rupias\b",
    "BRL": r"r\$|reais\b",
    "SAR": r"ريال\w* سعودي\w*",
    "AED": r"درهم\w* إماراتي\w*",
}
_UNSPACED = (
    r"(?P<USD>美元|(?:米)?ドル|달러)|(?P<EUR>欧元|ユーロ|유로)|(?P<GBP>英镑|ポンド|파운드)|(?P<JPY>日元|円|엔)"
    r"|(?P<RUB>卢布|ルーブル|루블)|(?P<KRW>韩元|ウォン|원)|(?P<CNY>元|人民币|人民元|위안)"
)
_BY_CODE = "|".join(f"(?P<{code}>{words})" for code, words in _SPACED.items())

BEFORE = re.compile(rf"(?<![\w$])(?:{_BY_CODE})\s?\Z", re.IGNORECASE)
"""A currency right before a number; the name of the group is its code."""
AFTER = re.compile(rf"(?:[\s\u00a0\u202f-]|(?=[€£$]))(?:(?:de|d['’])\s?)?(?:{_BY_CODE})", re.IGNORECASE)
"""A currency right behind a number."""
UNSPACED = re.compile(rf"\s?(?:{_UNSPACED})")
"""Likewise, in Chinese, Japanese and Korean."""
