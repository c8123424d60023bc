"""ClamAV through its socket, against a server that speaks clamd's protocol."""

from __future__ import annotations

import pytest

from intake_api.channels.clamd import Clamd
from intake_api.domain.scanning import ScannerAway
from tests.channels.files_server import BAD, clamd


@pytest.mark.parametrize("unix", [True, False])
def test_clean_and_bad_files_are_told_apart(tmp_path, unix):
    with clamd(str(tmp_path / "c") if unix else ("127.0.0.1", 0)) as address:
        scanner = Clamd(address, timeout=5)
        assert scanner.scan(b"xin" * 60_000) is None
        assert scanner.scan(b"xx" + BAD) == "Eicar-Test-Signature"
        assert scanner.scan(b"") is None


def test_what_was_not_looked_at_is_never_called_clean(tmp_path):
    with clamd(str(tmp_path / "c"), most=10) as address, pytest.raises(ScannerAway):
        Clamd(address, timeout=5).scan(b"x" * 100)
    with pytest.raises(ScannerAway):
        Clamd(str(tmp_path / "nobody")).scan(b"x")
