"""Accounts and sample cases for a development run. Nothing here is used in production."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import yaml

from intake_api.domain import catalog
from intake_api.domain.model import Channel, Outcome, Role
from intake_api.flow import answer, receive
from intake_api.flow.services import BotReply
from intake_api.settings import Settings
from intake_api.staff.accounts import hash_password
from intake_api.store import conversations, queue, registry
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.flow.services import Services
    from intake_api.store import Session

MIN_PASSWORD = 10


class StaffProblem(ValueError):
    """The account cannot be made; the message says why."""


def add_staff(
    tx: Session,
    settings: Settings,
    *,
    username: str,
    name: str,
    role: str,
    unit: str | None,
    password: str,
) -> Staff:
    """Adds one account. Raises StaffProblem for a taken name, an unknown role or unit, or a
    password under ten characters."""
    units = catalog.load(settings.catalog_dir).units
    if role not in list(Role) or role in (Role.SERVICE, Role.CITIZEN):
        raise StaffProblem(f"{role} is no role of staff")
    if unit is not None and unit not in units:
        raise StaffProblem(f"{unit} is no unit of the catalogue")
    if unit is None and role in (Role.HANDLER, Role.LEAD):
        raise StaffProblem(f"a {role} needs a unit")
    if len(password) < MIN_PASSWORD:
        raise StaffProblem(f"the password needs at least {MIN_PASSWORD} characters")
    if registry.staff_by_username(tx, username) is not None:
        raise StaffProblem(f"{username} exists already")
    return registry.add_staff(
        tx,
        Staff(
            username=username.strip().lower(),
            name=name,
            password_hash=hash_password(password),
            role=role,
            unit=unit,
            session_stamp=secrets.token_hex(8),
            created_at=datetime.now(UTC),
        ),
    )


def seed_staff(tx: Session, settings: Settings) -> list[str]:
    """Makes (or gives this run's password to) one account per role and one lead per unit."""
    password = os.environ.get("LANGNGHE_RUN_PASSWORD", "")
    if len(password) < MIN_PASSWORD:
        raise StaffProblem("LANGNGHE_RUN_PASSWORD is missing or too short")
    wanted: list[tuple[str, str, str, str | None]] = [
        ("vanphong", "Điều phối Văn phòng", Role.COORDINATOR, "VP"),
        ("lanhdao", "Lãnh đạo Sở", Role.LEADER, None),
        ("kenhmat", "Cán bộ kênh mật", Role.CONFIDENTIAL_OFFICER, None),
        ("quantri", "Quản trị hệ thống", Role.ADMIN, None),
    ]
    for unit in catalog.load(settings.catalog_dir).units.values():
        name = unit.code.lower().replace("-", "")
        wanted.append((name, f"Lãnh đạo {unit.name}", Role.LEAD, unit.code))
        if unit.level == "so":
            wanted.append((f"{name}.cv", f"Chuyên viên {unit.name}", Role.HANDLER, unit.code))
    hashed = hash_password(password)
    for username, name, role, code in wanted:
        known = registry.staff_by_username(tx, username)
        if known is None:
            add_staff(
                tx, settings, username=username, name=name, role=role, unit=code, password=password
            )
        else:
            known.password_hash, known.session_stamp = hashed, secrets.token_hex(8)
    return [username for username, *_rest in wanted]


def sample(settings: Settings, count: int, progress: Callable[[int], None]) -> int:
    """Fills an empty database with ``count`` invented cases over the last sixty days, at every
    stage of their life; returns how many, 0 when there are cases already."""
    from intake_api.runtime import build

    runtime = build(settings, queue=_NoQueue(), assistant=_NoAssistant())
    rng = random.Random(2026)  # noqa: S311 - the same sample every time
    texts = _texts(settings, rng)
    now = runtime.clock.now()
    with runtime.store.reading() as tx:
        from intake_api.domain.access import Scope

        if queue.count(tx, Scope(False, None), queue.Filter(), now):
            return 0
    made = 0
    moments = sorted(now - timedelta(minutes=rng.randrange(60 * 24 * 60)) for _ in range(count))
    for moment, text in zip(moments, texts, strict=False):
        with runtime.store.transaction() as tx:
            _one(tx, runtime.services, rng, text=text, moment=moment, now=now)
        made += 1
        progress(1)
    return made


class _NoQueue:
    """Sample cases send nothing."""

    def process(self, conversation_id: str) -> None:
        """Nothing."""

    def deliver(self, conversation_id: str) -> None:
        """Nothing."""


class _NoAssistant:
    """Sample cases do not talk."""

    def turn(self, **_given: object) -> list[BotReply]:
        return []

    def answered_before(self, **_given: object) -> None:
        return None


def _texts(settings: Settings, rng: random.Random) -> list[str]:
    """The project's own invented messages, shuffled: no word of a real person."""
    found = []
    for path in sorted((settings.data_dir / "feedback").glob("*.yml")):
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [message["text"] for message in body["messages"]]
    rng.shuffle(found)
    return found


def _one(
    tx: Session,
    services: Services,
    rng: random.Random,
    *,
    text: str,
    moment: datetime,
    now: datetime,
) -> None:
    channel = rng.choices([Channel.MESSENGER, Channel.WEB, Channel.FORM], [5, 3, 2])[0]
    # A made-up id that no platform gives out; replies to it stay in the sample.
    conversation = conversations.get_or_create(
        tx, channel=Channel.WEB if channel == Channel.MESSENGER else channel,
        external_id=f"sample-{secrets.token_hex(6)}", now=moment,
    )  # fmt: skip
    message = conversations.add_inbound(
        tx, conversation, text=text, payload=None, channel_message_id=None, now=moment, state="done"
    )
    received = receive.submit(
        tx, services, text=text, channel=channel, now=moment, conversation=conversation
    )
    case = received.case
    message.case_id, message.sealed = case.id, case.confidential
    staff = registry.staff_by_username(tx, _lead_of(case.unit, case.confidential))
    if staff is None or rng.random() < 0.35:
        return
    later = moment + timedelta(hours=rng.randrange(2, 24 * 9))
    if later >= now:
        return
    by = answer.Acting(staff, case.version, later)
    if rng.random() < 0.3 or case.kind in ("complaint", "denunciation", "draft_comment"):
        answer.take(tx, case, by, services=services)
        return
    answer.reply(
        tx, case, by, services=services,
        text="Sở đã kiểm tra nội dung này và yêu cầu đơn vị chấn chỉnh. Cảm ơn anh/chị.",
    )  # fmt: skip
    if rng.random() < 0.5:
        by = answer.Acting(staff, case.version, later + timedelta(minutes=20))
        answer.close(tx, case, by, services=services, outcome=rng.choice(list(Outcome)))


def _lead_of(unit: str, confidential: bool) -> str:
    return "kenhmat" if confidential else unit.lower().replace("-", "")
