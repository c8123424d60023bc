"""Who may import whom (docs/architecture.md); walks the source, so nothing hides in functions."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "intake_api"

# Rooms of the intake and what each may import of the others. "top" are the few modules that
# stand beside the rooms: settings, clock, limits, logs.
ROOMS: dict[str, set[str]] = {
    "domain": set(),
    "linear": set(),
    "classify": {"domain", "linear"},
    "knowledge": {"domain", "linear"},
    "learning": {"domain", "linear", "classify", "knowledge", "top"},
    "store": {"domain"},
    "channels": {"domain"},
    "imports": {"domain"},
    "watch": {"domain"},
    "flow": {"domain", "classify", "knowledge", "store", "watch"},
    "reports": {"domain", "store"},
    "look": {"domain", "top"},
    "api": {"flow", "reports", "domain", "store", "top", "runtime"},
    "hooks": {"flow", "domain", "store", "channels", "top", "runtime"},
    "public": {"flow", "reports", "domain", "store", "look", "top", "runtime"},
    "staff": {
        "flow",
        "reports",
        "imports",
        "domain",
        "store",
        "watch",
        "look",
        "top",
        "runtime",
    },
    "jobs": {
        "flow",
        "reports",
        "store",
        "channels",
        "classify",
        "knowledge",
        "domain",
        "top",
        "runtime",
    },
}
TOP = {"settings", "clock", "limits", "logs"}
DOORS = {"api", "hooks", "public", "staff", "look"}
FENCES: dict[str, set[str]] = {
    "flask": DOORS | {"app", "limits"},
    "flask_login": {"staff"},
    "flask_wtf": DOORS | {"app"},
    "flask_limiter": DOORS | {"limits"},
    "werkzeug": DOORS | {"app"},
    "sqlalchemy": {"store", "migrations"},
    "alembic": {"store", "migrations"},
    "imaplib": {"channels"},
    "smtplib": {"channels"},
    "inscriptis": {"channels"},
    "standardwebhooks": {"channels"},
    "altcha": {"public"},
    "limits": {"public", "jobs"},
    "httpx": {"channels", "rasa_client"},
    "sklearn": {"linear", "classify", "knowledge"},
    "scipy": {"watch", "linear", "knowledge"},
    "huey": {"jobs"},
    "openpyxl": {"imports", "reports"},
    "docx": {"flow", "reports"},
    "typst": {"reports"},
    "xlsxwriter": {"reports"},
    # Signing in through the house's provider: Authlib speaks to it through requests.
    "authlib": {"staff"},
    "requests": {"staff"},
    "pyotp": {"flow"},
    "segno": {"staff"},
    "underthesea": {"classify", "knowledge"},
    "rasa": set(),
    "rasa_sdk": set(),
}


def imports(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            found.add(module)
            found.update(f"{module}.{alias.name}" for alias in node.names)
    return found


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


@pytest.mark.parametrize("path", files(PACKAGE), ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_import_what_they_may(path: Path) -> None:
    room = room_of(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "intake_api" and len(parts) > 1 and room in ROOMS and parts[1] != room:
            target = "top" if parts[1] in TOP else parts[1]
            assert target in ROOMS[room] or parts[1] == "__init__", f"{room} imports {name}"
        for fenced, allowed in FENCES.items():
            if parts[0] == fenced:
                assert room in allowed, f"{room} imports {name}"


@pytest.mark.parametrize("path", files(ROOT / "vntext"), ids=lambda path: path.name)
def test_vntext_needs_nothing_but_the_standard_library(path: Path) -> None:
    for name in imports(path):
        first = name.split(".")[0]
        assert first == "vntext" or first in sys.stdlib_module_names | {"__future__"}, name


@pytest.mark.parametrize(
    "path", [*files(ROOT / "bot"), *files(ROOT / "actions")], ids=lambda p: str(p.relative_to(ROOT))
)
def test_the_bot_knows_the_intake_only_over_http(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    for name in imports(path):
        first = name.split(".")[0]
        assert first != "intake_api", name
        assert not (first == "rasa" and room == "actions"), name
        assert not (first == "rasa_sdk" and room == "bot"), name


def test_modules_stay_readable() -> None:
    """400 lines is the budget of a module (docs/conventions in short: a person reads it whole)."""
    wide = [
        f"{path.relative_to(ROOT)}: {count}"
        for folder in ("vntext", "intake_api", "bot", "actions", "devtools", "benchmarks")
        for path in files(ROOT / folder)
        if "migrations" not in path.parts
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    ]
    assert wide == []


def test_what_serves_pages_starts_without_what_only_training_and_the_jobs_need() -> None:
    told = "print(sorted({name.split('.')[0] for name in sys.modules} & {'scipy', 'sklearn'}))"
    code = f"import sys, intake_api.app, intake_api.runtime; {told}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
