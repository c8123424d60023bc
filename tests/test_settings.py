from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from intake_api import classify, knowledge
from intake_api.clock import Clock
from intake_api.settings import ROOT, Settings
from tests.builders import MODELS, SEALING_KEY, make_settings, the_entries


def test_no_secret_has_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGNGHE_SECRET_KEY", "LANGNGHE_BOT_TOKEN", "LANGNGHE_SEALING_KEYS"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValidationError) as caught:
        Settings()  # type: ignore[call-arg]
    for name in ("secret_key", "bot_token", "sealing_keys"):
        assert name in str(caught.value)


@pytest.mark.parametrize("given", ["", " , ", "short", SEALING_KEY + ",short"])
def test_sealing_keys_are_checked_and_never_shown(given: str) -> None:
    with pytest.raises(ValidationError, match="LANGNGHE_SEALING_KEYS") as caught:
        make_settings(sealing_keys=given, secret_key="k" * 41)
    assert SEALING_KEY not in str(caught.value) and "k" * 41 not in str(caught.value)


def test_production_refuses_a_fixed_clock_and_short_secrets() -> None:
    with pytest.raises(ValidationError, match="LANGNGHE_NOW"):
        make_settings(environment="production", now="2026-11-23T09:00")
    with pytest.raises(ValidationError, match="32 characters"):
        make_settings(environment="production", secret_key="short")


def test_half_a_sign_in_and_open_passwords_are_refused() -> None:
    with pytest.raises(ValidationError, match="LANGNGHE_OIDC_ISSUER"):
        make_settings(oidc_issuer="https://sso.example")
    given = {"oidc_client_id": "a", "oidc_client_secret": "b", "environment": "production"}
    with pytest.raises(ValidationError, match="https"):
        make_settings(oidc_issuer="http://sso.example", **given)
    with pytest.raises(ValidationError, match="in the clear"):
        make_settings(
            environment="production", smtp_host="mail.example", smtp_user="a",
            mail_from="a@example.vn", smtp_security="none",
        )  # fmt: skip


def test_a_fixed_clock_is_read_as_people_in_ha_nam_read_it() -> None:
    clock = Clock(make_settings(now="2026-11-23T09:00"))
    assert abs((clock.now() - datetime(2026, 11, 23, 2, 0, tzinfo=UTC)).total_seconds()) < 5


def test_secrets_do_not_show() -> None:
    assert "k" * 40 not in repr(make_settings())


@pytest.mark.parametrize("damage", ["missing", "truncated", "foreign"])
@pytest.mark.parametrize("name", ["classify.npz", "knowledge.npz"])
def test_a_damaged_model_is_one_clear_sentence(tmp_path: Path, damage: str, name: str) -> None:
    if damage == "truncated":
        (tmp_path / name).write_bytes((MODELS / name).read_bytes()[:5000])
    elif damage == "foreign":
        (tmp_path / name).write_bytes(b"not a model at all")
    with pytest.raises((classify.ModelMissing, classify.ModelBroken)) as caught:
        if name.startswith("classify"):
            classify.load(tmp_path)
        else:
            knowledge.load(tmp_path, list(the_entries()))
    assert "\n" not in str(caught.value) and str(tmp_path / name) in str(caught.value)


def test_vendored_assets_are_what_their_list_says() -> None:
    import hashlib
    import json

    folder = ROOT / "intake_api" / "look" / "static" / "vendor"
    for package in json.loads((folder / "vendor.json").read_text()):
        there = {path.name for path in (folder / package["folder"]).iterdir()}
        assert there == set(package["files"])
        for name, digest in package["files"].items():
            data = (folder / package["folder"] / name).read_bytes()
            assert hashlib.sha256(data).hexdigest() == digest, name
