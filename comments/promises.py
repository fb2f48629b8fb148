"""The house's promise: by when the author acknowledges and decides what somebody sent or asked.

Needs no database. Days are local ones, and the last of them is still in time.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

ACKNOWLEDGE, DECIDE = "acknowledge", "decide"


@dataclass(frozen=True)
class Promise:
    """What was promised of one thing that waits, as it is on the day `today`."""

    acknowledge_by: date
    decide_by: date
    is_acknowledged: bool
    today: date

    @property
    def due(self):
        """What is to be done next: ACKNOWLEDGE or DECIDE. A decision acknowledges, too."""
        late = self.decide_by < self.today
        return DECIDE if self.is_acknowledged or late else ACKNOWLEDGE

    @property
    def by(self):
        """The last day for it."""
        return self.decide_by if self.due == DECIDE else self.acknowledge_by

    @property
    def days_left(self):
        """How many days are left; fewer than none once it is overdue."""
        return (self.by - self.today).days

    @property
    def is_overdue(self):
        return self.days_left < 0

    @property
    def left(self):
        """The days left, in words."""
        days = self.days_left
        if days < 0:
            return ngettext("overdue by %s day", "overdue by %s days", -days) % -days
        if not days:
            return _("due today")
        return ngettext("%s day left", "%s days left", days) % days


def given(since, blog, acknowledged_at=None, today=None):
    """Return the Promise for what waits since the moment `since`, by the settings of `blog`."""
    day = timezone.localdate(since)
    return Promise(
        acknowledge_by=day + timedelta(days=blog.acknowledge_days),
        decide_by=day + timedelta(days=blog.decide_days),
        is_acknowledged=bool(acknowledged_at),
        today=today or timezone.localdate(),
    )


def counted_from(*moments):
    """Return the last of these moments, of which some may be None: the clock began again there."""
    return max(moment for moment in moments if moment)


def stands_still(asked_at, since):
    """Say whether the clock stands still: they were asked something, and have not answered yet."""
    return bool(asked_at and asked_at >= since)
