"""``langnghe api`` as an operator uses it: a key is made, seen, taken away."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from intake_api import cli
from intake_api.flow import clients
from intake_api.store import Store, events


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["api", *arguments])


def test_a_key_is_made_seen_and_taken_away(cli_store: Store) -> None:
    made = run("add", "Cổng tỉnh", "--scope", "feedback:write", "--unit", "KHTC")
    assert made.exit_code == 0, made.output
    key = made.output.split("key ")[1].strip()
    with cli_store.reading() as tx:
        found = clients.find(tx, key)
    assert found is not None
    assert (found.name, found.scopes, found.unit) == ("Cổng tỉnh", ("feedback:write",), "KHTC")
    listed = run("list").output
    assert "Cổng tỉnh" in listed and "good" in listed and key not in listed
    assert run("revoke", "1").exit_code == 0
    assert "revoked" in run("list").output
    with cli_store.reading() as tx:
        assert clients.find(tx, key) is None
        assert list(events.verify(tx)) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "x"), "--scope"), (("add", "x", "--scope", "all"), "not one of"),
        (("add", "x", "--scope", "cases:read", "--unit", "NO"), "there is no unit NO"),
        (("add", " ", "--scope", "cases:read"), "a name has"),
        (("add", "x", "--scope", "cases:read", "--per-minute", "0"), "calls per minute"),
        (("revoke", "7"), "no key in force"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence(
    cli_store: Store, arguments: tuple[str, ...], said: str
) -> None:
    failed = run(*arguments)
    assert failed.exit_code != 0 and said in failed.output and "Traceback" not in failed.output
