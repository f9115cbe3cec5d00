"""When a job is due by itself: slots that every worker works out alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Schedule:
    """Every `period`, or every day at `day_at`: exactly one of the two."""

    period: timedelta
    day_at: time | None

    @classmethod
    def of(cls, *, period: timedelta, day_at: str | None) -> Schedule:
        if bool(period) == bool(day_at):
            raise ValueError("A schedule has either a period or an hour of the day.")
        return cls(period, time.fromisoformat(day_at) if day_at else None)

    def latest(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
        """The last slot at or before `now`: the instant, and the name under which it is due once.

        A daily slot is named by its calendar day, so an hour that daylight saving repeats is one slot,
        and an hour that it skips is run an hour later.
        """
        if self.day_at is None:
            whole = int(now.timestamp() // self.period.total_seconds())
            instant = datetime.fromtimestamp(whole * self.period.total_seconds(), UTC)
            return instant, f"{instant:%Y-%m-%dT%H:%M}Z"
        day = now.astimezone(zone).date()
        while (instant := self._on(day, zone)) > now:
            day -= timedelta(days=1)
        return instant, day.isoformat()

    def _on(self, day: date, zone: ZoneInfo) -> datetime:
        return datetime.combine(day, self.day_at or time(), tzinfo=zone).astimezone(UTC)
