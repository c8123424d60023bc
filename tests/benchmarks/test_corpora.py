"""The corpora bench on small invented corpora in the published layouts; no real one is here."""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from pathlib import Path

import pytest

from benchmarks import bench, corpora, corpora_data, corpora_models, corpora_noise
from benchmarks.corpora_data import CorpusBroken, find
from benchmarks.corpora_models import Line
from intake_api.settings import ROOT
from vntext import fold, is_unaccented

THINGS = ("thầy giáo", "phòng máy", "chương trình học", "thư viện", "bài giảng", "cô giáo")
WORDS = {
    "2": ("rất nhiệt tình", "tuyệt vời", "dễ hiểu và hay", "đầy đủ, hài lòng"),
    "0": ("quá tệ", "thiếu trách nhiệm", "khó hiểu và chán", "hư hỏng, thất vọng"),
    "1": ("bình thường", "không có ý kiến", "tạm được", "chưa rõ"),
}
PARTS = (("train", 90), ("dev", 24), ("test", 30))


def made(seed: int, count: int, labels: tuple[str, ...] = ("0", "1", "2")) -> list[tuple[str, str]]:
    """(text, label) of invented sentences."""
    rng = random.Random(seed)
    found = []
    for i in range(count):
        label = labels[i % len(labels)]
        text = f"{rng.choice(THINGS)} {rng.choice(WORDS[label])} lần {i}"
        found.append((text, label))
    return found


def write_lines(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def write_vsfc(folder: Path) -> None:
    for seed, (part, count) in enumerate(PARTS):
        pairs = made(seed, count)
        write_lines(folder / part / "sents.txt", [text for text, _ in pairs])
        write_lines(folder / part / "sentiments.txt", [label for _, label in pairs])
        topics = ["0" if "giáo" in text else "3" for text, _ in pairs]
        write_lines(folder / part / "topics.txt", topics)


def write_phoatis(folder: Path, level: str = "syllable-level") -> None:
    names = {"0": "flight", "1": "airfare", "2": "flight#airfare"}
    for seed, (part, count) in enumerate(PARTS):
        pairs = made(10 + seed, count)
        texts = [text.replace(" ", "_", 1) if level == "word-level" else text for text, _ in pairs]
        write_lines(folder / level / part / "seq.in", texts)
        write_lines(folder / level / part / "label", [names[label] for _, label in pairs])


def write_vihsd(folder: Path, labels: tuple[str, ...] = ("0", "1", "2")) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (part, count) in enumerate(PARTS):
        with (folder / f"{part}.csv").open("w", encoding="utf-8", newline="") as handle:
            rows = csv.writer(handle)
            rows.writerow(["free_text", "label_id"])
            rows.writerows(made(20 + seed, count, labels))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def test_the_whole_bench_measures_and_leaves_nothing(
    tmp_path: Path, temporary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    supplied = tmp_path / "supplied"
    write_vsfc(supplied / "UIT-VSFC")
    write_phoatis(supplied / "JointIDSF" / "PhoATIS")
    write_vihsd(supplied / "vihsd")
    before = everything(tmp_path)
    results = bench.RESULTS.read_bytes() if bench.RESULTS.exists() else None
    assert bench.main(["corpora", str(supplied)]) == 0
    said = capsys.readouterr().out
    assert "NOT FOUND" not in said
    assert "FAILED" not in said
    for title in ("UIT-VSFC, sentiment: 3 labels; train 90, dev 24, test 30", "UIT-VSFC, topic",
                  "PhoATIS, intent (syllable-level)", "ViHSD, hate speech"):  # fmt: skip
        assert title in said
    for form in corpora_noise.FORMS:
        assert said.count(form) >= 8  # four tasks, two models
    for column in ("weighted F1", "accuracy", "training s", "µs a text"):
        assert said.count(column) >= 4
    assert everything(tmp_path) == before
    assert results == (bench.RESULTS.read_bytes() if bench.RESULTS.exists() else None)


def test_what_is_not_there_is_said_with_whom_to_ask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_vihsd(tmp_path)
    assert corpora.main([str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "ViHSD, hate speech" in said
    lines = [line for line in said.splitlines() if line.startswith("NOT FOUND")]
    assert [line.split()[2] for line in lines] == ["UIT-VSFC", "PhoATIS"]
    assert "sites.google.com/uit.edu.vn" in lines[0]
    assert "github.com/VinAIResearch/JointIDSF" in lines[1]


def test_an_empty_folder_measures_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert corpora.main([str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert said.count("NOT FOUND") == 3
    assert "benchmarks/README.md" in said


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(["--seed", "3", "corpora", str(tmp_path / "nowhere")])
    assert ended.value.code == 2


def test_corpora_within_the_project_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        corpora.main([str(ROOT / "var")])
    assert ended.value.code == 2
    assert "outside the project" in capsys.readouterr().err


def read(name: str, folder: Path) -> list[corpora_data.Task]:
    corpus = next(one for one in corpora_data.CORPORA if one.name == name)
    return corpus.read(find(folder)[name])


def test_the_word_level_is_read_without_underscores(tmp_path: Path) -> None:
    write_phoatis(tmp_path, "word-level")
    (task,) = read("PhoATIS", tmp_path)
    assert task.name == "intent (word-level)"
    assert not [text for text in task.train.texts if "_" in text]
    write_phoatis(tmp_path)
    assert read("PhoATIS", tmp_path)[0].name == "intent (syllable-level)"


def test_odd_characters_and_empty_lines_keep_their_place(tmp_path: Path) -> None:
    write_vsfc(tmp_path)
    texts = ["\ufeffmột\u2028hai", "", "ba\x0bbốn\r", "ti\u1ebfng", "tie\u0302\u0301ng"]
    write_lines(tmp_path / "test" / "sents.txt", texts)
    for file in ("sentiments.txt", "topics.txt"):
        write_lines(tmp_path / "test" / file, ["0", "1", "2", "0", "0"])
    test = read("UIT-VSFC", tmp_path)[0].test
    assert test.texts == ["một\u2028hai", "", "ba\x0bbốn", "tiếng", "tiếng"]
    assert test.labels == ["0", "1", "2", "0", "0"]


def test_commas_quotes_and_line_ends_within_a_comment(tmp_path: Path) -> None:
    write_vihsd(tmp_path)
    rows = 'free_text,label_id\n"một, ""hai""\nba",2\n,0\n'
    (tmp_path / "test.csv").write_text(rows, encoding="utf-8-sig")
    (task,) = read("ViHSD", tmp_path)
    assert task.test.texts == ['một, "hai"\nba', ""]
    assert task.test.labels == ["2", "0"]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda f: (f / "dev" / "topics.txt").unlink(), "dev/topics.txt is missing"),
        (lambda f: write_lines(f / "test" / "sents.txt", ["một"]), "has 1 lines, .* has 30"),
        (lambda f: (f / "dev" / "sents.txt").write_bytes(b"\xff\xfe\n"), "sents.txt is not UTF-8"),
        (lambda f: write_lines(f / "train" / "topics.txt", ["0"] * 90), "a single label"),
        (lambda f: write_lines(f / "test" / "topics.txt", ["0", "", *"1" * 28]), "in line 2"),
    ],
)
def test_what_is_not_as_published_is_named(tmp_path: Path, spoil: object, complaint: str) -> None:
    write_vsfc(tmp_path)
    assert callable(spoil)
    spoil(tmp_path)
    with pytest.raises(CorpusBroken, match=complaint):
        read("UIT-VSFC", tmp_path)


def test_a_broken_corpus_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_vsfc(tmp_path / "a")
    (tmp_path / "a" / "test" / "sents.txt").unlink()
    write_vihsd(tmp_path / "b", ("0", "2"))  # two labels share one column
    assert corpora.main([str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "FAILED     UIT-VSFC: test/sents.txt is missing" in said
    assert "ViHSD, hate speech: 2 labels" in said


def test_another_csv_is_not_taken_for_a_corpus(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("text,label\nmột,0\n", encoding="utf-8")
    assert find(tmp_path) == {}


@pytest.mark.parametrize("labels", [("0", "2"), ("0", "1", "2")])
def test_our_core_learns_and_does_not_need_diacritics(
    tmp_path: Path, labels: tuple[str, ...]
) -> None:
    write_vihsd(tmp_path, labels)
    (task,) = read("ViHSD", tmp_path)
    predict = corpora_models.train_core(task.train, task.dev).predict
    for change in (str, fold):
        right = [predict(change(t)) == label for t, label in zip(*_columns(task), strict=True)]
        assert sum(right) >= 0.9 * len(right)
    assert predict("") in labels


def _columns(task: corpora_data.Task) -> tuple[list[str], list[str]]:
    return task.test.texts, task.test.labels


def test_a_label_unknown_to_training_counts_as_missed() -> None:
    found = corpora_models.line("m", "clean", ["a", "b", "new", "a"], ["a", "b", "a", "a"], 1, 2)
    assert found.accuracy == 75
    assert found.f1 == pytest.approx(100 * (2 * 0.8 + 1) / 4)


SENTENCE = "Thầy giáo không nhiệt tình, chương trình học quá nặng với các em ở trường"


@pytest.mark.parametrize("form", list(corpora_noise.FORMS))
def test_noise_is_seeded_and_never_fails(form: str) -> None:
    texts = [SENTENCE, "", "ơ", "đ", "👍 :) 2023", "ÀÁ Ạ\u0301 x\u0323", "wzjwz208", "ß ﬁ Ω"]
    once = [corpora_noise.noisy(text, form, 7) for text in texts]
    assert once == [corpora_noise.noisy(text, form, 7) for text in reversed(texts)][::-1]
    assert (once[0] == SENTENCE) == (form == corpora_noise.CLEAN)
    if form in (corpora_noise.TEEN, corpora_noise.TYPOS, corpora_noise.TELEX):
        assert len({corpora_noise.noisy(SENTENCE, form, seed) for seed in range(20)}) > 5
    if form in (corpora_noise.BARE, corpora_noise.TELEX):
        assert is_unaccented(once[0])


def test_the_tone_key_stands_at_the_end_or_after_the_vowel() -> None:
    seen = {corpora_noise.noisy("tiếng", corpora_noise.TELEX, seed) for seed in range(30)}
    assert seen == {"tieengs", "tieesng"}


def test_the_aim_is_judged_for_our_core_only() -> None:
    empty = corpora_data.Split([], [])
    task = corpora_data.Task("PhoATIS", "intent", empty, empty, empty, "accuracy", 96.5)
    clean = Line("our core", "clean", 90.0, 97.0, 1, 1)
    bare = Line("our core", "no diacritics", 97.0, 95.9, 1, 1)
    assert corpora.verdict(task, clean, clean) == ("accuracy ≥ 96.5", "yes")
    assert corpora.verdict(task, bare, clean) == ("loses ≤ 1", "no")
    plain = Line("TF-IDF SVM", "clean", 99.0, 99.0, 1, 1)
    assert corpora.verdict(task, plain, plain) == ("", "")


STAND_IN = """
import json, os, pathlib, sys
folder = pathlib.Path(sys.argv[1])
assert pathlib.Path.cwd() == folder == pathlib.Path(os.environ["TMPDIR"])
data = json.loads((folder / "train.json").read_text())["rasa_nlu_data"]["common_examples"]
assert {one["intent"] for one in data} == {"c0", "c1", "c2"}
asked = json.loads((folder / "asked.json").read_text())
said = {form: ["c0"] * len(texts) for form, texts in asked.items()}
answer = {"seconds": 5.0, "said": said, "micros": dict.fromkeys(asked, 9000.0)}
(folder / "answers.json").write_text(json.dumps(answer))
"""


def rasa_is(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "stand_in.py"
    path.write_text(program, encoding="utf-8")
    monkeypatch.setattr(corpora_models, "RASA_PYTHON", Path(sys.executable))
    monkeypatch.setattr(corpora_models, "RASA_PROGRAM", path)


def test_rasa_gets_the_same_split_in_a_folder_that_goes(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa_is(STAND_IN, tmp_path, monkeypatch)
    write_phoatis(tmp_path)
    (task,) = read("PhoATIS", tmp_path)
    (line,) = corpora_models.measure_rasa(task, {"clean": task.test.texts})
    assert (line.model, line.seconds, line.micros) == ("Rasa default", 5.0, 9000.0)
    assert line.accuracy == pytest.approx(100 / 3)  # all "airfare"
    assert everything(temporary) == set()


@pytest.mark.parametrize("there", [True, False])
def test_a_rasa_that_fails_is_told_and_the_table_still_printed(
    there: bool, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    rasa_is("raise SystemExit('no [memory]')", tmp_path, monkeypatch)
    if not there:
        monkeypatch.setattr(corpora_models, "RASA_PYTHON", tmp_path / "nowhere")
    write_vihsd(tmp_path / "corpora")
    assert corpora.main([str(tmp_path / "corpora"), "--with-rasa"]) == 1
    said = capsys.readouterr().out
    assert "FAILED     Rasa on ViHSD, hate speech" in said
    assert ("no [memory]" if there else "./dev setup") in said
    assert "our core" in said
    assert everything(temporary) == set()
