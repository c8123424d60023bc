"""Model files: plain numpy arrays and one JSON header, written in one step, checked when read.

numpy's own ``.npz`` with ``allow_pickle=False`` holds arrays and nothing else, so a file cannot
carry code. skops would do the same but imports scikit-learn to read: 115 MB and 1.7 s for every
process that only wants to multiply a matrix.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]


class ModelMissing(Exception):
    """The model file does not exist: train first."""


class ModelBroken(Exception):
    """The model file is there but cannot be used: truncated, altered or of another version."""


def write_model(path: Path, header: dict[str, Any], arrays: Arrays) -> None:
    """Write beside the target, flush to the disk, then rename: a reader sees old or new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    packed = np.frombuffer(json.dumps(header, ensure_ascii=False).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{"header": packed, **arrays})  # type: ignore[arg-type]
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("wb") as handle:
            handle.write(buffer.getbuffer())
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_model(path: Path, code_version: str) -> tuple[dict[str, Any], Arrays]:
    """Header and arrays of ``path``.

    Raises ModelMissing or ModelBroken, each with one sentence that says what to do.
    """
    if not path.is_file():
        raise ModelMissing(f"No model at {path}: train it first (langnghe train).")
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays: Arrays = {name: stored[name] for name in stored.files}
        header = json.loads(bytes(arrays.pop("header")))
        found = header["code_version"]
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ModelBroken(f"The model file {path} cannot be read; train it again.") from error
    if found != code_version:
        raise ModelBroken(
            f"The model file {path} is of version {found!r}, this program needs "
            f"{code_version!r}; train it again."
        )
    return header, arrays


def fingerprint(paths: Iterable[Path], root: Path) -> dict[str, str]:
    """Short hashes of the training files by their path below ``root``, for "what changed"."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in sorted(paths)
    }
