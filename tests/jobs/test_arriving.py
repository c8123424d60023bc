"""Files that people send in a chat: fetched, looked over, kept; told when they are not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intake_api.channels.clamd import Clamd
from intake_api.channels.fetching import Fetcher
from intake_api.flow import converse, files, sent_files
from intake_api.jobs.arriving import Arriving
from intake_api.store import Store, cases, conversations
from intake_api.store import files as steps
from intake_api.store.tables import Attachment
from tests import builders
from tests.builders import NOW, MovingClock
from tests.channels.files_server import BAD, clamd, serving
from tests.flow import samples

HERE = ("127.0.0.1/32",)


def worker(services: Any) -> Arriving:
    return Arriving(services, Fetcher(max_bytes=files.MAX_FILE, allow=HERE))


def sent(services: Any, url: str) -> tuple[int, str]:
    """A person sends a file on Zalo; returns its number and the conversation."""
    with services.store.transaction() as tx:
        talk = builders.make_conversation(tx, channel="zalo")
        message = converse.store_incoming(
            tx, services, talk,
            converse.Incoming(text="", attachments=({"kind": "image", "url": url, "name": ""},)),
            now=NOW,
        )  # fmt: skip
        found = tx.query(Attachment).filter_by(message_id=message.id).one()
        return found.id, talk.id


def look(store: Store, number: int) -> Attachment:
    with store.reading() as tx:
        found = tx.get_one(Attachment, number)
        _ = found.original, found.shown
        return found


def told(store: Store, talk: str) -> list[str]:
    with store.reading() as tx:
        found = conversations.messages(tx, talk)
        return [one.text for one in found if one.author == "system"]


def test_a_photograph_is_fetched_its_copy_stripped_and_its_address_forgotten(
    services: Any, store: Store
) -> None:
    photo = samples.jpeg_with_place()
    with serving({"/a": photo}) as (base, asked):
        number, _ = sent(services, f"{base}/a")
        assert worker(services).round() == 1
        assert worker(services).round() == 0
    found = look(store, number)
    assert (found.original, found.content_type, found.remote_url) == (photo, files.JPEG, None)
    assert found.shown and b"Exif" not in found.shown
    assert asked == ["/a"]


def test_what_is_no_file_of_ours_is_refused_and_the_sender_told_once(
    services: Any, store: Store
) -> None:
    with serving({"/a": b"MZ" + bytes(50)}) as (base, _):
        number, talk = sent(services, f"{base}/a")
        worker(services).round()
        worker(services).round()
    assert (look(store, number).original, look(store, number).remote_url) == (None, None)
    assert sum("chưa nhận được tệp" in text for text in told(store, talk)) == 1


def test_an_address_into_the_house_is_refused(services: Any, store: Store) -> None:
    number, _ = sent(services, "https://10.0.0.1/admin")
    worker(services).round()
    assert look(store, number).remote_url is None


def test_a_platform_in_trouble_is_asked_again_and_given_up_in_the_end(
    services: Any, store: Store, clock: MovingClock
) -> None:
    answers: dict[str, object] = {"/a": 503}
    with serving(answers) as (base, asked):
        number, talk = sent(services, f"{base}/a")
        assert worker(services).round() == 1
        assert worker(services).round() == 0
        clock.at += timedelta(hours=2)
        answers["/a"] = samples.png_with_text()
        worker(services).round()
        assert look(store, number).content_type == files.PNG
        lost, talk = sent(services, f"{base}/never")
        answers["/never"] = 500
        for _ in range(sent_files.MOST_TRIES):
            worker(services).round()
            clock.at += timedelta(hours=2)
        assert look(store, lost).remote_url is None
        assert any(sent_files.GAVE_UP in text for text in told(store, talk))
        count = len(asked)
        worker(services).round()
        assert len(asked) == count


def test_with_a_scanner_bad_files_are_refused(
    store: Store, clock: MovingClock, tmp_path: Path
) -> None:
    bad = samples.png_with_text() + BAD
    with clamd(str(tmp_path / "c")) as address, serving({"/a": bad}) as (base, _):
        services = builders.make_services(store, clock=clock, scanner=Clamd(address))
        number, talk = sent(services, f"{base}/a")
        worker(services).round()
    assert look(store, number).original is None
    assert any(files.INFECTED in text for text in told(store, talk))


def test_while_the_scanner_is_away_a_file_is_kept_unseen_and_shown_later(
    store: Store, clock: MovingClock, tmp_path: Path
) -> None:
    path = str(tmp_path / "c")
    services = builders.make_services(store, clock=clock, scanner=Clamd(path))
    with serving({"/a": samples.png_with_text()}) as (base, asked):
        number, _ = sent(services, f"{base}/a")
        worker(services).round()
        found = look(store, number)
        assert found.original and found.shown is None and found.remote_url is None
        clock.at += timedelta(hours=2)
        with clamd(path):
            worker(services).round()
        assert look(store, number).shown
        assert asked == ["/a"]


@pytest.mark.parametrize("away", [True, False])
def test_the_form_is_looked_over_alike(tmp_path: Path, away: bool) -> None:
    path = str(tmp_path / "c")
    if away:
        kept = files.inspect("a.png", samples.png_with_text(), Clamd(path))
        assert kept.unseen
        return
    with clamd(path), pytest.raises(files.FileRefused, match="mã độc"):
        files.inspect("a.png", samples.png_with_text() + BAD, Clamd(path))


def test_files_of_cases_that_are_whole_are_no_work(services: Any, store: Store) -> None:
    with store.transaction() as tx:
        cases.add_attachment(
            tx,
            Attachment(
                filename="a", content_type=files.PDF, size=1, sha256="x", original=b"x",
                shown=b"x", created_at=NOW,
            ),
        )  # fmt: skip
        assert steps.due(tx, NOW) == []
