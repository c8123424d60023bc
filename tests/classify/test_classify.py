"""A small classifier trained here: what it returns, how it is stored, when it is old."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_api import classify
from intake_api.classify.data import DataError, load_feedback
from intake_api.classify.evaluate import judge
from intake_api.classify.model import place_of
from intake_api.classify.reasons import topic_reason

WORDS = {
    "dd.khoan_thu": ["quỹ lớp", "lạm thu", "tiền đồng phục", "phiếu thu", "xã hội hóa"],
    "e.day_them": ["dạy thêm", "học thêm", "ép học ở nhà cô", "lớp học thêm", "ôn luyện thêm"],
    "b.bao_luc_hoc_duong": ["đánh nhau", "bắt nạt", "tẩy chay", "hội đồng", "quay clip đánh bạn"],
}
FRAMES = [
    ("criticism", "negative", "trường con tôi {} quá nhiều, đề nghị kiểm tra"),
    ("criticism", "negative", "bức xúc chuyện {} ở lớp 7"),
    ("question", "neutral", "cho hỏi {} quy định thế nào ạ"),
    ("question", "neutral", "{} có đúng quy định không"),
    ("suggestion", "neutral", "kiến nghị Sở nên chấn chỉnh {}"),
    ("praise", "positive", "cảm ơn Sở đã xử lý {} rất nhanh"),
    ("denunciation", "negative", "tố cáo hiệu trưởng trục lợi từ {}"),
    ("child_protection", "negative", "cứu cháu với, chuyện {} làm cháu bị thương"),
]


def write_data(root: Path) -> Path:
    """A data folder with three topics."""
    (root / "feedback").mkdir(parents=True)
    for topic, words in WORDS.items():
        lines = [f"topic: {topic}", "messages:"]
        for kind, sentiment, frame in FRAMES:
            flags = ", confidential: true" if kind == "denunciation" else ""
            flags += ", urgent: true" if kind == "child_protection" else ""
            flags += ", toxic: true" if kind == "child_protection" else ""
            lines += [
                f'  - {{kind: {kind}, sentiment: {sentiment}{flags}, text: "{frame.format(word)}"}}'
                for word in words
            ]
        (root / "feedback" / f"{topic}.yml").write_text("\n".join(lines), "utf-8")
    return root


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    data = write_data(tmp_path_factory.mktemp("data"))
    models = tmp_path_factory.mktemp("models")
    report = classify.train(data, models)
    assert report["messages"] == 3 * 8 * 5
    return data, models


@pytest.fixture
def classifier(trained: tuple[Path, Path]) -> classify.Classifier:
    return classify.load(trained[1])


@pytest.mark.parametrize("text", ["lớp con thu quỹ lớp không phiếu thu", "lop con thu quy lop"])
def test_topic_kind_and_reasons(classifier: classify.Classifier, text: str) -> None:
    found = classifier.classify(text)
    assert found.topic == "dd.khoan_thu"
    assert found.topics[0].code == found.topic
    assert len(found.topics) == 3
    assert 0 < found.confidence <= 1
    assert any(reason.startswith("từ “") for reason in found.reasons)
    assert len(found.model_version) == 12


def test_the_rules_outrank_the_model(classifier: classify.Classifier) -> None:
    found = classifier.classify("cho hỏi học thêm, à mà em không muốn sống nữa")
    assert (found.kind, found.danger, found.urgent) == ("child_protection", True, True)
    assert found.sentiment == "negative"


def test_a_denunciation_is_confidential(classifier: classify.Classifier) -> None:
    found = classifier.classify("tôi tố cáo hiệu trưởng nhận phong bì, thu quỹ lớp")
    assert found.kind == "denunciation"
    assert found.confidential


def test_reasons_never_show_personal_data(classifier: classify.Classifier) -> None:
    row = classifier.vectorizer.row("lạm thu quỹ lớp")
    topic = classifier.heads.topics.index("dd.khoan_thu")
    assert topic_reason(classifier, row, topic, ())
    assert topic_reason(classifier, row, topic, ("lạm thu quỹ lớp",)) == []


def test_two_matters_are_noticed(classifier: classify.Classifier) -> None:
    text = (
        "Trường con tôi lạm thu quỹ lớp quá nhiều, đề nghị kiểm tra. "
        "Ngoài ra cô ép học thêm ở lớp học thêm nhà cô, đề nghị chấn chỉnh."
    )
    assert set(classifier.classify(text).issues) == {"dd.khoan_thu", "e.day_them"}
    assert classifier.classify("Trường lạm thu quỹ lớp quá nhiều.").issues == ()


def test_place_comes_from_the_words() -> None:
    place = place_of("cháu học lớp 7 ở Kim Bảng")
    assert (place.grade, place.level) == (7, "thcs")


@pytest.mark.parametrize("text", ["", "😀😀", "x", "\x00", "Hello world", "a " * 2500, "z̴̡a̷l"])
def test_any_text_is_classified(classifier: classify.Classifier, text: str) -> None:
    found = classifier.classify(text, channel="web")
    assert found.topic in classifier.heads.topics
    assert found.danger is False


def test_a_text_of_nothing_known_has_no_confidence(classifier: classify.Classifier) -> None:
    assert classifier.classify("").confidence == 0.0


def test_missing_and_broken_models_say_so(trained: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(classify.ModelMissing):
        classify.load(tmp_path)
    whole = (trained[1] / "classify.npz").read_bytes()
    (tmp_path / "classify.npz").write_bytes(whole[:1000])
    with pytest.raises(classify.ModelBroken, match="train it again"):
        classify.load(tmp_path)


def test_training_twice_gives_the_same_version(trained: tuple[Path, Path], tmp_path: Path) -> None:
    classify.train(trained[0], tmp_path)
    assert classify.load(tmp_path).version == classify.load(trained[1]).version


def test_why_training_is_needed(trained: tuple[Path, Path], tmp_path: Path) -> None:
    data, models = trained
    assert classify.needs_training(data, models) is None
    assert "train it first" in str(classify.needs_training(data, tmp_path))
    other = write_data(tmp_path / "data")
    path = other / "feedback" / "e.day_them.yml"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert classify.needs_training(other, models) == "data/feedback/e.day_them.yml changed"


def test_a_bad_training_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "feedback").mkdir()
    (tmp_path / "feedback" / "x.yml").write_text(
        "topic: a.b\nmessages: [{kind: question}]", "utf-8"
    )
    with pytest.raises(DataError, match=r"x\.yml: message 1"):
        load_feedback(tmp_path)


def test_the_table_counts_what_was_right(
    classifier: classify.Classifier, trained: tuple[Path, Path]
) -> None:
    messages = load_feedback(trained[0])
    figures = judge([(m, classifier.classify(m.text)) for m in messages], "có dấu")
    shares = {figure.name: figure.share for figure in figures}
    assert shares["chủ đề, đúng ngay"] > 0.9
    assert shares["trẻ gặp nguy hiểm: tìm ra"] == 1.0
