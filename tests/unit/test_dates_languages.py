"""Dates in the languages beside English: how each writes days, ranges, months and weekdays."""

from datetime import date

import pytest

from coopwatch.dates import find_dates
from tests.unit.test_dates import show

WEDNESDAY = date(2023, 11, 8)

DATES = [
    ("fr", "Le forum s'est tenu du 6 au 7 novembre à Lyon.", ["2023-11-06/2023-11-07 event"]),
    ("fr", "Le forum aura lieu mardi à Lyon.", ["2023-11-14 event"]),
    ("fr", "Le ministre a déclaré mardi dernier que tout va bien.", ["2023-11-07 background"]),
    ("fr", "L'accord a été signé hier à Paris.", ["2023-11-07 event"]),
    ("fr", "L'accord a été signé le 6 novembre dernier.", ["2023-11-06 event"]),
    ("fr", "La conférence ouvrira en mars 2024.", ["2024-03 event"]),
    ("fr", "Le sommet s'ouvrira mardi prochain à Dakar.", ["2023-11-14 event"]),
    ("fr", "Il est fondé le 14 juillet 1789.", []),
    ("fr", "Le centre existe depuis le 3 mai 2021.", ["2021-05-03 background"]),
    ("fr", "Du 30 novembre au 2 décembre 2024, le congrès se tient.", ["2024-11-30/2024-12-02 event"]),
    ("fr", "Le 6/11/2023, le congrès s'est tenu.", ["2023-11-06 event"]),
    ("fr", "La date limite est fixée au 30 novembre 2023.", ["2023-11-30 deadline"]),
    ("es", "El foro se celebró del 6 al 7 de noviembre.", ["2023-11-06/2023-11-07 event"]),
    ("es", "El martes pasado se firmó el acuerdo en Quito.", ["2023-11-07 event"]),
    ("es", "El pasado 6 de noviembre se celebró la cumbre.", ["2023-11-06 event"]),
    ("es", "La feria será inaugurada el próximo lunes.", ["2023-11-13 event"]),
    ("es", "Por la mañana, el ministro visitó Lima.", []),
    ("es", "La cumbre se celebrará mañana en Lima.", ["2023-11-09 event"]),
    ("es", "En Santo Domingo se firmó el acuerdo ayer.", ["2023-11-07 event"]),
    ("es", "La cumbre se celebrará en junio de 2025.", ["2025-06 event"]),
    ("ru", "Форум прошёл 6–7 ноября в Москве.", ["2023-11-06/2023-11-07 event"]),
    ("ru", "Форум пройдёт с 6 по 7 ноября 2023 года в Казани.", ["2023-11-06/2023-11-07 event"]),
    ("ru", "Во вторник в Москве открылся форум.", ["2023-11-07 event"]),
    ("ru", "Соглашение подписано 6 ноября, сообщил министр.", ["2023-11-06 event"]),
    ("ru", "В среду обитания вносят изменения.", []),
    ("ru", "Конференция состоится в июне 2025 года.", ["2025-06 event"]),
    ("ru", "Институт основан 6 ноября 1956 года.", ["1956-11-06 background"]),
    ("ru", "Выставка открылась вчера.", ["2023-11-07 event"]),
    ("ru", "Заявки принимаются до 30 ноября.", ["2023-11-30 deadline"]),
    ("ru", "Форум прошел 6 и 7 ноября в Перми.", ["2023-11-06/2023-11-07 event"]),
    ("ru", "Встреча состоялась 06.11.2023 в Минске.", ["2023-11-06 event"]),
    ("ru", "6-го ноября состоялась встреча.", ["2023-11-06 event"]),
    ("ar", "عقد المنتدى من 6 إلى 7 نوفمبر 2023 في الرياض.", ["2023-11-06/2023-11-07 event"]),
    ("ar", "عقد المؤتمر يومي ٦ و٧ تشرين الثاني/نوفمبر في بيروت.", ["2023-11-06/2023-11-07 event"]),
    ("ar", "افتتح المعرض يوم الثلاثاء الماضي في القاهرة.", ["2023-11-07 event"]),
    ("ar", "سيعقد المؤتمر الأربعاء المقبل في تونس.", ["2023-11-15 event"]),
    ("ar", "قال الوزير أمس إن التعاون مستمر.", []),
    ("ar", "اليوم العالمي للعلوم مهم.", []),
    ("ar", "وقع الاتفاق في 6 نوفمبر/تشرين الثاني الجاري.", ["2023-11-06 event"]),
    ("ar", "ينطلق المنتدى في ديسمبر المقبل.", ["2023-12 event"]),
    ("ar", "المركز قائم منذ 15 أكتوبر 2020.", ["2020-10-15 background"]),
    ("ar", "عقد في 15 ربيع الأول 1445 هـ.", []),
    ("pt", "O fórum foi realizado de 6 a 7 de novembro de 2023 em Lisboa.", ["2023-11-06/2023-11-07 event"]),
    ("pt", "O acordo foi assinado nesta terça-feira em Brasília.", ["2023-11-07 event"]),
    ("pt", "O congresso acontece entre os dias 6 e 7 de novembro.", ["2023-11-06/2023-11-07 event"]),
    ("pt", "O ministro disse ontem que tudo vai bem.", []),
    ("pt", "A segunda edição será realizada em junho de 2025.", ["2025-06 event"]),
    ("pt", "Na próxima segunda-feira o centro será inaugurado.", ["2023-11-13 event"]),
    ("pt", "As inscrições vão até 30 de novembro.", ["2023-11-30 deadline"]),
    ("pt", "O acordo foi assinado no dia 1º de novembro.", ["2023-11-01 event"]),
    ("de", "Die Tagung fand vom 6. bis 7. November in Jena statt.", ["2023-11-06/2023-11-07 event"]),
    ("de", "Die Tagung (6.–7. November 2023) war gut.", ["2023-11-06/2023-11-07 event"]),
    ("de", "Am Dienstag wird das Labor eröffnet.", ["2023-11-14 event"]),
    ("de", "Das Labor wurde am vergangenen Freitag eröffnet.", ["2023-11-03 event"]),
    ("de", "Am Dienstag, den 7. November, trafen sich Forscher.", ["2023-11-07 event"]),
    ("de", "Die Messe beginnt morgen in Jena. Am Morgen regnete es.", ["2023-11-09 event"]),
    ("de", "Am 06.11.2023 wurde der Vertrag unterzeichnet.", ["2023-11-06 event"]),
    ("de", "Das Institut besteht seit dem 3. Mai 1999.", ["1999-05-03 background"]),
    ("ja", "会議は11月6日から7日まで重慶で開かれた。", ["2023-11-06/2023-11-07 event"]),
    ("ja", "会議は令和5年11月6日、東京で開催された。", ["2023-11-06 event"]),
    ("ja", "科学技術会議が6日、東京都内で開かれた。", ["2023-11-06 event"]),
    ("ja", "大会は11月6～7日に開催される。", ["2023-11-06/2023-11-07 event"]),
    ("ja", "大会は11月6日(月)から7日(火)にかけて開催された。", ["2023-11-06/2023-11-07 event"]),
    ("ja", "昨日、協定に署名した。", ["2023-11-07 event"]),
    ("ja", "先週火曜日に開幕した。", ["2023-10-31 event"]),
    ("ja", "会期は6日間。毎週月曜日に集まる。", []),
    ("ja", "来年6月に開催される予定。", ["2024-06 event"]),
    ("ja", "応募は11月30日まで受け付ける。", ["2023-11-30 deadline"]),
    ("ja", "2566年11月6日に開かれた。", []),
    ("ja", "１１月６日に開かれた。", ["2023-11-06 event"]),
    ("ja", "平成元年11月6日に設立。", ["1989-11-06 background"]),
    ("ko", "포럼은 11월 6~7일 서울에서 열렸다.", ["2023-11-06/2023-11-07 event"]),
    ("ko", "포럼이 11월 6일부터 7일까지 열린다.", ["2023-11-06/2023-11-07 event"]),
    ("ko", "두 나라는 6일 서울에서 협정에 서명했다.", ["2023-11-06 event"]),
    ("ko", "회의는 지난주 화요일 열렸다.", ["2023-10-31 event"]),
    ("ko", "6일 동안 계속됐다. 매주 월요일 열린다.", []),
    ("ko", "신청은 11월 30일까지 접수한다.", ["2023-11-30 deadline"]),
    ("ko", "오는 10일 개막한다.", ["2023-11-10 event"]),
    ("ko", "어제 열렸다. 오늘날 중요하다.", ["2023-11-07 event"]),
    ("ko", "2025년 6월 열릴 예정이다.", ["2025-06 event"]),
    ("ko", "장관은 30일 기자회견에서 밝혔다.", ["2023-10-30 background"]),
    ("zh", "會議將於11月30日至12月2日在臺北舉辦。", ["2023-11-30/2023-12-02 event"]),
    ("zh", "會議民國112年11月6日召開。", ["2023-11-06 event"]),
    ("zh", "会议112年11月6日召开。", []),
    ("zh", "双方上周二签署了协议。", ["2023-10-31 event"]),
    ("zh", "本周五举行会议，下周一闭幕。", ["2023-11-10 event", "2023-11-13 event"]),
    ("zh", "大會明天開幕。", ["2023-11-09 event"]),
    ("zh", "农历九月初九。农历2023年9月9日举行。", []),
    ("zh", "论坛将于2024年3月至5月举行。", ["2024-03/2024-05 event"]),
    ("es", "Cabe destacar que en febrero de este año se firmó el acuerdo.", ["2023-02 event"]),
    ("fr", "Le laboratoire a été inauguré en juin dernier.", ["2023-06 event"]),
    ("fr", "Le centre ouvrira en mars de l'année prochaine.", ["2024-03 event"]),
    ("de", "Das Labor wurde im Juni vergangenen Jahres eröffnet.", ["2022-06 background"]),
    ("de", "Das Labor wird im März eröffnet.", ["2024-03 event"]),
    ("ja", "2018年7月～2020年2月に開催された。", ["2018-07/2020-02 background"]),
    ("ko", "장관이 20일 서울에서 회담했다.", ["2023-10-20 event"]),
    ("zh-Hant", "據報導，協議26日簽署。", ["2023-10-26 event"]),
    ("zh-Hans", "比赛历时6日，连续3日，6日内结束，报纸28日报道。", ["2023-10-28 background"]),
    ("ja", "調査は24年12月26日に始まった。", ["2024-12-26 event"]),
    ("ja", "2025年（令和7年）11月6日に開かれる。", ["2025-11-06 event"]),
    ("de", "Das Labor wurde am Montagabend eröffnet.", ["2023-11-06 event"]),
    ("fa", "۶ نوامبر 1402", []),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), DATES)
def test_dates_with_their_roles(language: str, text: str, expected: list[str]) -> None:
    assert [show(mention) for mention in find_dates(text, language, WEDNESDAY)] == expected


@pytest.mark.parametrize(
    ("language", "text", "quote"),
    [
        ("ar", "عقد المؤتمر يومي ٦ و٧ أكتوبر في بيروت.", "٦ و٧ أكتوبر"),
        ("ja", "会議は１１月６日に開かれた。", "１１月６日"),
        ("zh-Hant", "會議於11月6號舉辦。", "11月6號"),
    ],
)
def test_the_quote_is_what_was_written(language: str, text: str, quote: str) -> None:
    (mention,) = find_dates(text, language, WEDNESDAY)
    assert mention.quote == quote == text[mention.offset : mention.offset + len(quote)]


@pytest.mark.parametrize(
    ("published", "day"),
    [("2026-01-29", "2026-01-07"), ("2026-01-05", "2026-01-07"), ("2026-03-02", "2026-03-07")],
)
def test_a_day_without_month_is_rather_past(published: str, day: str) -> None:
    (mention,) = find_dates("장관은 7일 기자회견에서 말했다.", "ko", date.fromisoformat(published))
    assert show(mention) == f"{day} background"
