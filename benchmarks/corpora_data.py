"""Reads the public corpora in their published layouts from a folder that the user supplies.

Nothing is fetched and nothing is written. Complaints name file and line, never a text.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SPLITS = ("train", "dev", "test")
DEPTH = 3  # folders below the one supplied in which a corpus may lie
F1, ACCURACY = "weighted F1", "accuracy"


class CorpusBroken(ValueError):
    """A corpus is there but not as published; the message names the file."""


@dataclass(frozen=True, slots=True)
class Split:
    """Texts (NFC) and their labels, in the order of the files."""

    texts: list[str]
    labels: list[str]


@dataclass(frozen=True, slots=True)
class Task:
    """One question asked of one corpus. ``aim`` is a percentage of ``measure`` for clean text."""

    corpus: str
    name: str
    train: Split
    dev: Split
    test: Split
    measure: str = F1
    aim: float | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """How a corpus is recognised and read, and where people ask for it."""

    name: str
    layout: str
    ask: str
    found_by: Callable[[Path], bool]
    read: Callable[[Path], list[Task]]


def lines_of(path: Path) -> list[str]:
    """The lines of a file; only "\\n" ends one, for the texts hold other separators."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CorpusBroken(f"{_short(path)} is missing") from None
    except UnicodeDecodeError:
        raise CorpusBroken(f"{_short(path)} is not UTF-8") from None
    except OSError as error:
        raise CorpusBroken(f"{_short(path)} cannot be read: {error.strerror}") from None
    lines = unicodedata.normalize("NFC", text).split("\n")
    return [line.strip() for line in (lines if lines[-1].strip() else lines[:-1])]


def _short(path: Path) -> str:
    return "/".join(path.parts[-2:])


def _split(texts: list[str], labels: list[str], where: Path, labels_in: Path) -> Split:
    if len(texts) != len(labels):
        raise CorpusBroken(
            f"{_short(where)} has {len(texts)} lines, {_short(labels_in)} has {len(labels)}"
        )
    if not texts:
        raise CorpusBroken(f"{_short(where)} is empty")
    if "" in labels:
        raise CorpusBroken(f"{_short(labels_in)}: no label in line {labels.index('') + 1}")
    return Split(texts, labels)


def _pair(folder: Path, texts: str, labels: str, change: Callable[[str], str] = str) -> Split:
    found = [change(line) for line in lines_of(folder / texts)]
    return _split(found, lines_of(folder / labels), folder / texts, folder / labels)


def _task(
    corpus: str,
    name: str,
    read: Callable[[str], Split],
    measure: str = F1,
    aim: float | None = None,
) -> Task:
    train, dev, test = (read(split) for split in SPLITS)
    if len(set(train.labels)) < 2:
        raise CorpusBroken(f"{name}: the training part has a single label")
    return Task(corpus, name, train, dev, test, measure, aim)


def _vsfc(folder: Path) -> list[Task]:
    def labelled(file: str) -> Callable[[str], Split]:
        return lambda split: _pair(folder / split, "sents.txt", file)

    return [
        _task("UIT-VSFC", "sentiment", labelled("sentiments.txt"), F1, 91.0),
        _task("UIT-VSFC", "topic", labelled("topics.txt"), F1, 88.0),
    ]


def _level(folder: Path) -> str:
    return next(
        (one for one in ("syllable-level", "word-level") if (folder / one / "train").is_dir()), ""
    )


def _phoatis(folder: Path) -> list[Task]:
    level = _level(folder)
    # Nobody types the underscores of the word level.
    change = (lambda text: text.replace("_", " ")) if level == "word-level" else str
    task = _task(
        "PhoATIS", f"intent ({level})",
        lambda split: _pair(folder / level / split, "seq.in", "label", change), ACCURACY, 96.5,
    )  # fmt: skip
    return [task]


def _table(path: Path) -> Split:
    texts: list[str] = []
    labels: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = {"free_text", "label_id"} - set(reader.fieldnames or ())
            if missing:
                raise CorpusBroken(f"{_short(path)} has no column {', '.join(sorted(missing))}")
            for row in reader:
                texts.append(unicodedata.normalize("NFC", row["free_text"] or "").strip())
                labels.append((row["label_id"] or "").strip())
                if not labels[-1]:
                    raise CorpusBroken(f"{_short(path)}: no label before line {reader.line_num}")
    except FileNotFoundError:
        raise CorpusBroken(f"{_short(path)} is missing") from None
    except UnicodeDecodeError:
        raise CorpusBroken(f"{_short(path)} is not UTF-8") from None
    except (OSError, csv.Error) as error:
        raise CorpusBroken(f"{_short(path)} cannot be read: {error}") from None
    return _split(texts, labels, path, path)


def _is_vihsd(folder: Path) -> bool:
    try:
        with (folder / "train.csv").open(encoding="utf-8-sig", newline="") as handle:
            return {"free_text", "label_id"} <= set(next(csv.reader(handle), []))
    except (OSError, UnicodeDecodeError, csv.Error):
        return False


CORPORA = (
    Corpus(
        "UIT-VSFC",
        "{train,dev,test}/{sents,sentiments,topics}.txt",
        "UIT NLP Group, https://sites.google.com/uit.edu.vn/uit-nlp/datasets-projects",
        lambda folder: (folder / "train" / "sents.txt").is_file(),
        _vsfc,
    ),
    Corpus(
        "PhoATIS",
        "{syllable-level,word-level}/{train,dev,test}/{seq.in,label}",
        "VinAI Research, https://github.com/VinAIResearch/JointIDSF (accept its terms)",
        lambda folder: (
            bool(_level(folder)) and (folder / _level(folder) / "train" / "seq.in").is_file()
        ),
        _phoatis,
    ),
    Corpus(
        "ViHSD",
        "{train,dev,test}.csv with free_text,label_id",
        "Son T. Luu, UIT, sonlt@uit.edu.vn, https://github.com/sonlam1102/vihsd",
        _is_vihsd,
        lambda folder: [
            _task("ViHSD", "hate speech", lambda split: _table(folder / f"{split}.csv"))
        ],
    ),
)


def _folders(folder: Path, depth: int = DEPTH) -> Iterator[Path]:
    """The folder and those below it, nearest first; hidden ones and links are not entered."""
    level = [folder]
    for _ in range(depth + 1):
        yield from level
        level = [
            below
            for one in level
            for below in _inside(one)
            if not below.name.startswith(".") and below.is_dir() and not below.is_symlink()
        ]


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def find(folder: Path) -> dict[str, Path]:
    """Where each corpus lies in the folder; those that are not there are left out."""
    found: dict[str, Path] = {}
    for one in _folders(folder):
        for corpus in CORPORA:
            if corpus.name not in found and corpus.found_by(one):
                found[corpus.name] = one
    return found
