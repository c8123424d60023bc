"""Reads and writes around the accounts of staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from intake_api.store.account_tables import (
    AccountRequest,
    RecoveryCode,
    SecondFactor,
    StaffIdentity,
    StaffSession,
)
from intake_api.store.notice_tables import Notice
from intake_api.store.registers import Staff


def lock_staff(tx: Session, staff_id: int) -> Staff | None:
    """The account, held until the transaction ends."""
    query = select(Staff).where(Staff.id == staff_id).with_for_update()
    return tx.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def add_session(tx: Session, made: StaffSession) -> StaffSession:
    tx.add(made)
    tx.flush()
    return made


def open_session(
    tx: Session, staff_id: int, key_hash: str
) -> tuple[Staff, StaffSession, int] | None:
    """The account and its session behind a key, while that session has not ended, with how many
    notices are unread: every page shows that, and asks no second time for it."""
    unread = (
        select(func.count())
        .where(Notice.staff_id == Staff.id, Notice.read_at.is_(None))
        .scalar_subquery()
    )
    row = tx.execute(
        select(Staff, StaffSession, unread)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(
            StaffSession.key_hash == key_hash,
            StaffSession.ended_at.is_(None),
            Staff.id == staff_id,
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def session_by_id(tx: Session, session_id: int) -> StaffSession | None:
    return tx.get(StaffSession, session_id)


def open_sessions(tx: Session, staff_id: int, since: datetime) -> Sequence[StaffSession]:
    """Sessions that have not ended and were used after ``since``, newest use first."""
    query = select(StaffSession).where(
        StaffSession.staff_id == staff_id,
        StaffSession.ended_at.is_(None),
        StaffSession.seen_at > since,
    )
    return tx.execute(query.order_by(StaffSession.seen_at.desc())).scalars().all()


def end_sessions(tx: Session, staff_id: int, now: datetime, *, but: int | None = None) -> None:
    """Ends every session of an account, or all but one."""
    change = update(StaffSession).where(
        StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None)
    )
    if but is not None:
        change = change.where(StaffSession.id != but)
    tx.execute(change.values(ended_at=now))


def forget_sessions(tx: Session, before: datetime) -> None:
    """Drops sessions last used before a moment."""
    tx.execute(delete(StaffSession).where(StaffSession.seen_at < before))


def second_factor(tx: Session, staff_id: int, *, lock: bool = False) -> SecondFactor | None:
    query = select(SecondFactor).where(SecondFactor.staff_id == staff_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return tx.execute(query).scalar_one_or_none()


def with_second_factor(tx: Session) -> set[int]:
    """Ids of the accounts whose second factor counts."""
    query = select(SecondFactor.staff_id).where(SecondFactor.confirmed_at.is_not(None))
    return set(tx.execute(query).scalars())


def put_second_factor(tx: Session, made: SecondFactor) -> None:
    tx.merge(made)
    tx.flush()


def drop_second_factor(tx: Session, staff_id: int) -> None:
    tx.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    tx.execute(delete(SecondFactor).where(SecondFactor.staff_id == staff_id))


def replace_recovery_codes(tx: Session, staff_id: int, hashes: Sequence[str]) -> None:
    tx.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    tx.add_all(RecoveryCode(staff_id=staff_id, code_hash=one) for one in hashes)


def unused_recovery_code(tx: Session, staff_id: int, code_hash: str) -> RecoveryCode | None:
    """The unused code with this hash, held until the transaction ends."""
    query = select(RecoveryCode).where(
        RecoveryCode.staff_id == staff_id,
        RecoveryCode.code_hash == code_hash,
        RecoveryCode.used_at.is_(None),
    )
    return tx.execute(query.with_for_update()).scalar_one_or_none()


def recovery_codes_left(tx: Session, staff_id: int) -> int:
    query = select(func.count()).where(
        RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None)
    )
    return tx.execute(query).scalar_one()


def add_request(tx: Session, made: AccountRequest) -> AccountRequest:
    tx.add(made)
    tx.flush()
    return made


def request_by_id(tx: Session, request_id: int) -> AccountRequest | None:
    """The request, held until the transaction ends: two may decide at once."""
    query = select(AccountRequest).where(AccountRequest.id == request_id).with_for_update()
    return tx.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def open_requests(tx: Session, staff_id: int | None = None) -> Sequence[AccountRequest]:
    """Requests that nobody has decided yet, oldest first; of one account or of all."""
    query = select(AccountRequest).where(AccountRequest.decided_at.is_(None))
    if staff_id is not None:
        query = query.where(AccountRequest.staff_id == staff_id)
    return tx.execute(query.order_by(AccountRequest.id)).scalars().all()


def decided_requests(tx: Session, limit: int = 20) -> Sequence[AccountRequest]:
    """The requests decided last, newest first."""
    query = select(AccountRequest).where(AccountRequest.decided_at.is_not(None))
    return tx.execute(query.order_by(AccountRequest.decided_at.desc()).limit(limit)).scalars().all()


def identity(tx: Session, issuer: str, subject: str) -> StaffIdentity | None:
    query = select(StaffIdentity).where(
        StaffIdentity.issuer == issuer, StaffIdentity.subject == subject
    )
    return tx.execute(query).scalar_one_or_none()


def identity_of(tx: Session, staff_id: int) -> StaffIdentity | None:
    return tx.get(StaffIdentity, staff_id)


def add_identity(tx: Session, made: StaffIdentity) -> None:
    tx.add(made)
    tx.flush()


def active_with_role(tx: Session, role: str) -> Sequence[Staff]:
    """Open accounts of one role, by number."""
    query = select(Staff).where(Staff.role == role, Staff.active.is_(True)).order_by(Staff.id)
    return tx.execute(query).scalars().all()
