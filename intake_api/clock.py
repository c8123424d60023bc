"""The one place that reads the clock; everything else is handed ``now``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from intake_api.settings import Settings

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock:
    """Gives aware UTC moments. With ``settings.now`` the clock starts there and runs on."""

    def __init__(self, settings: Settings) -> None:
        if settings.now is not None:
            self._start = settings.now.astimezone(UTC)
            self._since: float | None = monotonic()
        else:
            self._since = None

    def now(self) -> datetime:
        """Returns the current moment, aware, in UTC."""
        if self._since is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=monotonic() - self._since)
