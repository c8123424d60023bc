"""Table of the marks by which cases with like words find each other."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from intake_api.store.db import Base


class CasePrint(Base):
    """One of a case's few marks (``domain.likeness.prints``). A sealed case has none."""

    __tablename__ = "case_print"
    __table_args__ = ({"sqlite_with_rowid": False},)

    print: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id"), primary_key=True, autoincrement=False, index=True
    )
