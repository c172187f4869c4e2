import pytest

from coopwatch.events.speakers import find_speaker


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("en", "According to the Reef Society, 800 guests came.", "Reef Society"),
        ("en", "800 guests came, Ana Ruiz, head of the society, said on Monday.", "Ana Ruiz"),
        ("en", "He said 800 guests came.", None),
        ("en", "800 guests came.", None),
        ("zh", "据海洋学会介绍，800人参会。", "海洋学会"),
        ("fr", "Selon la Société des Récifs, 800 invités sont venus.", "Société des Récifs"),
        ("es", "Según el Instituto del Mar, vinieron 800.", "Instituto del Mar"),
        ("pt", "Segundo o Instituto do Mar, vieram 800.", "Instituto do Mar"),
        ("de", "Laut der Gesellschaft für Riffe kamen 800.", "Gesellschaft für Riffe"),
        ("ja", "海洋学会によると800人が参加した。", "海洋学会"),
        ("ko", "해양학회에 따르면 800명이 참석했다.", "해양학회"),
        ("xx", "According to the Reef Society, 800 guests came.", None),
    ],
)
def test_speaker(language: str, text: str, speaker: str | None) -> None:
    assert find_speaker(text, language) == speaker
