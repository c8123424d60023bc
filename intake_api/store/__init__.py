"""The only room that knows SQLAlchemy: engine, tables, named reads and writes."""

from sqlalchemy.orm import Session

from intake_api.store.db import Store, StoreUnavailable

__all__ = ["Session", "Store", "StoreUnavailable"]
