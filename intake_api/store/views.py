"""Reads and writes of the views that people keep for themselves."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake_api.store.view_tables import SavedView


def of_person(tx: Session, staff_id: int) -> list[SavedView]:
    """A person's own views, in the order in which they were made."""
    query = select(SavedView).where(SavedView.staff_id == staff_id).order_by(SavedView.id)
    return list(tx.execute(query).scalars())


def own(tx: Session, staff_id: int, number: int) -> SavedView | None:
    """One view, when it is this person's."""
    found = tx.get(SavedView, number)
    return found if found is not None and found.staff_id == staff_id else None


def add(tx: Session, made: SavedView) -> SavedView:
    """Keeps a view."""
    tx.add(made)
    tx.flush()
    return made


def drop(tx: Session, view: SavedView) -> None:
    """Forgets a view."""
    tx.delete(view)
    tx.flush()
