"""Features, copies and model files: the parts both rooms stand on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from intake_api.linear import (
    ModelBroken,
    ModelMissing,
    Shape,
    Vectorizer,
    copies_of,
    fingerprint,
    load_lexicon,
    raw_telex,
    read_model,
    tokens,
    write_model,
)
from vntext import fold

TEXTS = ["học phí năm nay bao nhiêu", "lịch thi tốt nghiệp", "phúc khảo bài thi mấy ngày"]


def vectorizer(**shape: object) -> Vectorizer:
    return Vectorizer.fit(
        [copies_of(text, i) for i, text in enumerate(TEXTS)],
        Shape(min_words=1, min_pairs=1, min_chars=1, **shape),  # type: ignore[arg-type]
    )


def test_a_folded_text_shares_the_folded_features_of_its_accented_twin() -> None:
    vec = vectorizer()
    accented, folded = vec.row(TEXTS[0]), vec.row(fold(TEXTS[0]))
    keys = {vec.keys[i] for i in folded.ids}
    assert keys <= {vec.keys[i] for i in accented.ids}
    assert "whoc phi" in keys
    assert not any(key[0] == "a" for key in keys)


def test_each_block_of_a_row_has_the_length_of_its_weight() -> None:
    vec = vectorizer()
    row = vec.row(TEXTS[0])
    words = np.array([vec.keys[i][0] == "w" for i in row.ids])
    assert np.linalg.norm(row.weights[words]) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("text", ["", "😢😢", "?", "xyzzyq", "а́ж", "a" * 5000])
def test_odd_texts_give_a_row(text: str) -> None:
    row = vectorizer().row(text)
    assert len(row.ids) == len(row.weights)


def test_numbers_keep_grades_and_years_and_lose_sums() -> None:
    assert tokens("lớp 10 năm 2025 thu 4500000 đồng") == [
        "lớp", "10", "năm", "2025", "thu", "000", "đồng",
    ]  # fmt: skip


def test_raw_telex_is_what_the_keyboard_would_have_received() -> None:
    assert raw_telex("tuyển sinh học phí") == "tuyeenr sinh hocj phis"
    assert raw_telex("Đường") == "Dduwowngf"


def test_copies_are_the_same_every_time_and_never_doubled() -> None:
    kinds = ("folded", "telex", "short", "half")
    assert copies_of("không có gì", 7, kinds) == copies_of("không có gì", 7, kinds)
    assert copies_of("hoc phi", 1) == ["hoc phi"]


def test_a_lexicon_phrase_is_found_with_and_without_diacritics(tmp_path: Path) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "topics.yml").write_text("dd.khoan_thu: quỹ lớp; lạm thu\n", "utf-8")
    lexicon = load_lexicon(tmp_path)
    assert lexicon["quy lop"] == ["dd.khoan_thu"]
    vec = Vectorizer.fit([["chuyện khác"]], Shape(), lexicon)
    for text in ("đóng quỹ lớp", "dong quy lop"):
        assert "ldd.khoan_thu" in {vec.keys[i] for i in vec.row(text).ids}


def test_a_vectorizer_survives_its_model_file(tmp_path: Path) -> None:
    vec = vectorizer()
    write_model(tmp_path / "m.npz", {"code_version": "1", "s": vec.settings()}, vec.arrays("v_"))
    header, arrays = read_model(tmp_path / "m.npz", "1")
    again = Vectorizer.load(header["s"], arrays, "v_")
    assert again.keys == vec.keys
    assert np.allclose(again.row(TEXTS[2]).weights, vec.row(TEXTS[2]).weights, atol=1e-3)
    assert [path.name for path in tmp_path.iterdir()] == ["m.npz"]  # nothing half-written stays


def test_a_missing_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="train it first"):
        read_model(tmp_path / "m.npz", "1")


def test_a_truncated_or_foreign_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    write_model(path, {"code_version": "1"}, {"a": np.zeros(1000, np.float32)})
    whole = path.read_bytes()
    with pytest.raises(ModelBroken, match="version '1'"):
        read_model(path, "2")
    for broken in (whole[: len(whole) // 2], b"", b"hello", b"\x80\x04."):
        path.write_bytes(broken)
        with pytest.raises(ModelBroken, match="cannot be read"):
            read_model(path, "1")


def test_a_model_file_with_pickled_objects_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    np.savez(path, header=np.array([{"code_version": "1"}], dtype=object))
    with pytest.raises(ModelBroken):
        read_model(path, "1")


def test_the_fingerprint_names_files_below_the_root(tmp_path: Path) -> None:
    (tmp_path / "faq").mkdir()
    (tmp_path / "faq" / "a.yml").write_text("1", "utf-8")
    assert list(fingerprint([tmp_path / "faq" / "a.yml"], tmp_path)) == ["faq/a.yml"]
