"""Brings uv: the one on the PATH, or the pinned wheel, fetched and checked by the standard library.

Debian's python3 has neither pip nor venv, so neither is used. Runs on Python 3.9.
"""

import hashlib
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urljoin

VERSION = "0.13.9"
OLDEST = (0, 8)
WHEELS = {
    "x86_64": (
        f"uv-{VERSION}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    "aarch64": (
        f"uv-{VERSION}-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
}


def find(root: Path) -> str:
    """Returns the path of a uv that is new enough, fetching the pinned one if need be."""
    on_path = shutil.which("uv")
    if on_path and _version(on_path) >= OLDEST:
        return on_path
    kept = root / ".tools" / f"uv-{VERSION}" / "uv"
    if kept.exists():
        return str(kept)
    return str(_fetch(kept))


def _version(program: str) -> tuple:
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    found = re.search(r"(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0,)


def _fetch(target: Path) -> Path:
    machine = platform.machine()
    if machine not in WHEELS or not sys.platform.startswith("linux"):
        sys.exit(
            f"./dev: no pinned uv for {sys.platform} {machine}; install uv {VERSION} yourself."
        )
    name, wanted = WHEELS[machine]
    print(f"Bringing uv {VERSION} …", flush=True)
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL")
    page_url = (index or "https://pypi.org/simple").rstrip("/") + "/uv/"
    try:
        with urllib.request.urlopen(page_url, timeout=60) as page:
            text = page.read().decode("utf-8")
        link = re.search(r'href="([^"#]*' + re.escape(name) + r')[#"]', text)
        if link is None:
            sys.exit(f"./dev: the package index does not offer {name}.")
        with urllib.request.urlopen(urljoin(page_url, link[1]), timeout=300) as wheel:
            data = wheel.read()
    except OSError as error:
        sys.exit(f"./dev: uv could not be fetched ({error}); is there a network?")
    if hashlib.sha256(data).hexdigest() != wanted:
        sys.exit("./dev: the fetched uv does not have the pinned hash; nothing was kept.")
    target.parent.mkdir(parents=True, exist_ok=True)
    archive = target.parent / name
    archive.write_bytes(data)
    with zipfile.ZipFile(archive) as files:
        inside = next(one for one in files.namelist() if one.endswith(("/bin/uv", "scripts/uv")))
        part = target.with_suffix(".part")
        part.write_bytes(files.read(inside))
    archive.unlink()
    part.chmod(part.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    part.replace(target)
    return target
