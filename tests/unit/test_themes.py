import pytest

from coopwatch.events.themes import find_theme


@pytest.mark.parametrize(
    ("language", "text", "theme"),
    [
        ("en", "It opened under the theme “Tides for All”.", "Tides for All"),
        ("en", 'The theme of the tenth congress is "Reefs and Rivers".', "Reefs and Rivers"),
        ("en", "He went back to the theme, adding that “nobody came”.", None),
        ("en", 'They spoke of the national motto, "In Tides We Trust".', None),
        ("zh", "大会以“潮汐惠及众人”为主题。", "潮汐惠及众人"),
        ("zh", "论坛主题为“潮汐惠及众人”。", "潮汐惠及众人"),
        ("zh-Hant", "論壇主題為「潮汐惠及眾人」。", "潮汐惠及眾人"),
        ("fr", "Le thème de cette édition est « Marées pour tous ».", "Marées pour tous"),
        ("es", "Bajo el lema «Mareas para todos», abrió el foro.", "Mareas para todos"),
        ("pt", "O fórum tem como tema “Marés para todos”.", "Marés para todos"),
        ("de", "Die Tagung steht unter dem Motto „Gezeiten für alle“.", "Gezeiten für alle"),
        ("ru", "Тема форума — «Приливы для всех».", "Приливы для всех"),
        ("ar", "انطلق المؤتمر تحت شعار «المد للجميع».", "المد للجميع"),
        ("ja", "「潮の未来」をテーマに開かれた。", "潮の未来"),
        ("ko", "‘모두를 위한 바다’를 주제로 열렸다.", "모두를 위한 바다"),
        ("xx", "It opened under the theme “Tides for All”.", None),
    ],
)
def test_theme(language: str, text: str, theme: str | None) -> None:
    fact = find_theme(text, language)
    assert (fact.value if fact else None) == theme
    assert fact is None or text[fact.offset :].startswith(fact.value)
