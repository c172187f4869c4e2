"""Where sentences in ten languages put something, and that one town is one place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopwatch.errors import ConfigError
from coopwatch.places import find_places
from coopwatch.places.gazetteer import Town, find_town, read_table

ONE_TOWN = [
    ("en", "The forum opened in Chongqing."),
    ("zh-Hans", "论坛在重庆开幕。"),
    ("zh-Hant", "論壇在重慶開幕。"),
    ("fr", "Le forum s'est ouvert à Chongqing."),
    ("es", "El foro se inauguró en Chongqing."),
    ("ru", "Форум открылся в Чунцине."),
    ("ar", "افتتح المنتدى في تشونغتشينغ."),
    ("pt", "O fórum foi aberto em Chongqing."),
    ("de", "Das Forum wurde in Chongqing eröffnet."),
    ("ja", "フォーラムは重慶で開かれた。"),
    ("ja", "フォーラムはチョンチンで開かれた。"),
    ("ko", "포럼은 충칭에서 열렸다."),
]

PLACES = [
    # English: any capitalised name, and the name of every language where the town is known
    ("en", "It opened in Geneva Monday.", [("Geneva", "CH", False)]),
    ("en", "It was held in Chengdu, Sichuan Province, China.", [("Chengdu", "CN", True)]),
    ("en", "It was held in Cadarache, France.", [("Cadarache", "FR", True)]),
    ("en", "It met in Cambridge.", [("Cambridge", None, False)]),
    ("en", "It met in Cambridge, England.", [("Cambridge", "GB", True)]),
    ("en", "It met in Suzhou and in New Delhi.", [("Suzhou", "CN", False), ("New Delhi", "IN", False)]),
    ("en", "It met in The Hague.", [("The Hague", "NL", False)]),
    ("en", "It met in the Russian town of Askelvo.", [("Askelvo", "RU", True)]),
    ("en", "It grew in Askelvo, in the White House, in Search, in Turkish Journal.", [(None, "TR", False)]),
    ("en", "Nairobi hosts the next congress. Nvidia hosts none.", [("Nairobi", "KE", False)]),
    # Chinese
    ("zh", "会议在瑞士日内瓦召开。", [("Geneva", "CH", True)]),
    ("zh", "论坛在四川省绵阳市开幕。", [("Mianyang", "CN", False)]),
    ("zh", "在吉林四平举行会议。", [("Siping", "CN", False)]),
    ("zh", "在吉林举行会议。", [("Jilin", "CN", False)]),
    ("zh", "两国部长在京会见记者。", [("Beijing", "CN", False)]),
    ("zh", "典礼在人民大会堂举行。", [("Beijing", "CN", False)]),
    ("zh", "双方在美国首都华盛顿会谈。", [("Washington", "US", True)]),
    ("zh", "南京将举办第二届大会。", [("Nanjing", "CN", False)]),
    ("zh", "会议在埃及举行。", [(None, "EG", False)]),
    ("zh", "问题在于上海合作组织，存在南京，在太平洋，在联合国。", []),
    # French, Spanish, Portuguese
    ("fr", "Le colloque s'est tenu à Pékin, en Chine.", [("Beijing", "CN", True)]),
    ("fr", "Le sommet se tient au Caire.", [("Cairo", "EG", False)]),
    ("fr", "Le colloque se tient à La Haye.", [("The Hague", "NL", False)]),
    ("fr", "Il s'est ouvert dans la ville chinoise de Chongqing.", [("Chongqing", "CN", True)]),
    ("fr", "Le traité a été signé au Japon, à Noël, à Airbus.", [(None, "JP", False)]),
    ("es", "La cumbre se celebró en Ginebra.", [("Geneva", "CH", False)]),
    ("es", "El acuerdo se firmó en Santiago, Chile.", [("Santiago", "CL", True)]),
    ("es", "El partido se jugó en Vista Alegre y en Parque Central.", []),
    ("pt", "O congresso será no Rio de Janeiro.", [("Rio de Janeiro", "BR", False)]),
    ("pt", "A conferência foi em Pequim, na China.", [("Beijing", "CN", True)]),
    # German
    ("de", "Die Tagung fand in Wien statt.", [("Vienna", "AT", False)]),
    ("de", "Sie wurde im chinesischen Chongqing eröffnet.", [("Chongqing", "CN", True)]),
    ("de", "Er spielte im Madison Square Garden und in der Schweiz.", [(None, "CH", False)]),
    ("de", "In Zukunft wird in Arbeit und in Bildung investiert.", []),
    # Russian, with its case endings
    ("ru", "Конференция прошла в Нижнем Новгороде.", [("Nizhniy Novgorod", "RU", False)]),
    ("ru", "Встреча была в Женеве и в Казани.", [("Geneva", "CH", False), ("Kazan", "RU", False)]),
    ("ru", "Семинар состоялся в городе Дубна.", [("Dubna", "RU", False)]),
    ("ru", "Форум проходит в Ростове-на-Дону.", [("Rostov-on-Don", "RU", False)]),
    ("ru", "Соглашение подписано в Китае.", [(None, "CN", False)]),
    # Arabic
    ("ar", "عقد المؤتمر في العاصمة الصينية بكين.", [("Beijing", "CN", True)]),
    ("ar", "عقد الاجتماع بالقاهرة وفي مدينة جنيف.", [("Cairo", "EG", False), ("Geneva", "CH", False)]),
    # Japanese, Korean
    ("ja", "スイスのジュネーブで開催された。", [("Geneva", "CH", True)]),
    ("ja", "会議は東京都内で開かれた。", [("Tokyo", "JP", False)]),
    ("ja", "宮崎県で観測した。東京ではない。", []),
    ("ko", "중국 충칭에서 개막했다.", [("Chongqing", "CN", True)]),
    ("ko", "6일 서울 코엑스에서 열렸다.", [("Seoul", "KR", False)]),
    ("ko", "회의는 일본에서 열렸다.", [(None, "JP", False)]),
    ("xx", "It opened in Chongqing.", []),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence"), ONE_TOWN)
def test_one_town_is_one_place_in_every_language(language: str, sentence: str) -> None:
    assert [(hit.place, hit.country) for hit in find_places(sentence, language)] == [("Chongqing", "CN")]


@pytest.mark.parametrize(("language", "sentence", "expected"), PLACES)
def test_where_a_sentence_puts_something(
    language: str, sentence: str, expected: list[tuple[str | None, str | None, bool]]
) -> None:
    hits = find_places(sentence, language)
    assert [(hit.place, hit.country, hit.is_sure) for hit in hits] == expected


@pytest.mark.parametrize(
    ("name", "script", "country", "town"),
    [
        ("Zürich", "latin", None, Town("Zürich", "CH")),
        ("zurich", "latin", None, Town("Zürich", "CH")),
        ("Santiago", "latin", "CL", Town("Santiago", "CL")),
        ("Santiago", "latin", "JP", None),
        ("Cambridge", "latin", None, Town("Cambridge", None)),
        ("Сучжоу", "cyrillic", None, Town("Suzhou", "CN")),
        ("宿州", "han", None, Town("Suzhou (宿州)", "CN")),
        ("ジュネーヴ", "kana", None, Town("Geneva", "CH")),
        ("México", "latin", None, None),  # which is the country
        ("Nowhere", "latin", None, None),
    ],
)
def test_what_town_a_name_means(name: str, script: str, country: str | None, town: Town | None) -> None:
    assert find_town(name, script, country) == town


@pytest.mark.parametrize("line", ["Askel\tNO\t120", "Askel\tNO\tmany\t\t\t\t\t\t"])
def test_a_damaged_table_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "places.tsv"
    path.write_text(f"# a comment\n{line}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"places\.tsv: line 2: "):
        list(read_table(path, 3))


PIECES = [
    "in ", "à ", "en ", "в ", "في ", "在", "で", "에서", "Geneva", "Женеве", "日内瓦", "ジュネーブ",
    "제네바", "جنيف", ", ", "China", "中国", "Китае", "'s ", "(", "de ", " la ", "Rio ", "北京", "市", "省",
    "首都", " ", "\n", "x",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
    st.sampled_from(["en", "zh", "fr", "es", "ru", "ar", "pt", "de", "ja", "ko"]),
)
def test_any_mixture_is_read_without_error(sentence: str, language: str) -> None:
    for hit in find_places(sentence, language):
        assert 0 <= hit.start < hit.end <= len(sentence)
        assert hit.place or hit.country
