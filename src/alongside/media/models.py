"""Pictures: what they show, what they came from, and who looked at them."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from PIL import Image

from alongside.agencies.models import AgencyOwned, AgencyQuerySet, Role, User
from alongside.core import clock, data
from alongside.core.authored import Authored
from alongside.core.errors import Phrase, phrase
from alongside.core.ids import PublicIdField
from alongside.core.kept import Kept
from alongside.core.origins import LONGEST_KEY, Origin
from alongside.core.said import Ends, SaidApart

SHORTEST_ALT, LONGEST_ALT = 3, 250


class PictureState(models.TextChoices):
    WAITING = "waiting", _("Waits to be looked at")
    CLEARED = "cleared", pgettext_lazy("photo", "Cleared")
    REFUSED = "refused", pgettext_lazy("photo", "Refused")


class PictureQuerySet(AgencyQuerySet["Picture"]):
    readers = frozenset({Role.COORDINATOR, Role.COMMANDER, Role.INFORMATION_OFFICER})

    def open_to_all(self) -> Self:
        """What a person looked at and cleared, of something that is open to all itself."""
        return self.filter(state=PictureState.CLEARED, published=True)

    def that_came_from(self, *origins: Origin) -> Self:
        return self.filter(origin__in=[str(origin) for origin in origins])

    def waiting(self) -> Self:
        return self.filter(state=PictureState.WAITING)

    def out_of_keeping(self) -> Self:
        """Those that nobody looked at, as long as the agency keeps what it was given for a day."""
        return self.waiting().out_of_time("contact_retention_days", moment="received_at")

    def cleared(self) -> Self:
        return self.filter(state=PictureState.CLEARED)

    def kept(self) -> Self:
        """All but those whose file was deleted."""
        return self.exclude(state=PictureState.REFUSED)


class Picture(Kept, AgencyOwned):
    """A picture of a place. Drawn anew from its pixels, so that nothing else comes along; private until cleared."""

    public_id = PublicIdField()
    # The key of what it came from, and of what sent it, as far as the room above knows.
    origin = models.CharField(max_length=LONGEST_KEY, editable=False)
    came_by = models.CharField(max_length=LONGEST_KEY, blank=True, editable=False)
    client_id = models.UUIDField(editable=False)
    state = models.CharField(max_length=8, choices=PictureState, default=PictureState.WAITING)
    # Whether what it came from is open to all, as its room has said: a picture of a draft is shown to nobody outside.
    published = models.BooleanField(default=False, editable=False)
    alt = Authored(_("What it shows"), max_length=LONGEST_ALT, one_line=True, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    received_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, editable=False)

    ENDED = Q(state=PictureState.REFUSED)  # a picture of a person does not come back by a backup

    known = False  # whether it was here before, to whoever has just sent it

    objects = PictureQuerySet.as_manager()
    shelf, below = "photos", "media"

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["received_at", "pk"]
        indexes = [models.Index(fields=["agency", "origin"], name="picture_by_origin")]
        constraints = [
            models.UniqueConstraint(fields=["agency", "client_id"], name="picture_once_per_client_id"),
            models.CheckConstraint(condition=Q(origin__contains=":"), name="picture_origin_is_a_key"),
            models.CheckConstraint(
                condition=~Q(state=PictureState.CLEARED) | ~Q(alt=""),
                name="picture_cleared_says_what_it_shows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.public_id}"

    file = SaidApart(
        purpose=_("To show a place, never a person: a lamp, a crossing, a corner."),
        ends=Ends(
            _(
                "%(days)s days after it was taken, if nobody clears it. A cleared photo stays on the page of the "
                "walk. A photo that shows a person is refused, and deleted within a day."
            ),
            days="contact_retention_days",
        ),
        eraser="media.jobs.sweep",
        what=_("Photos of places, taken on a walk"),
    )

    @property
    def path(self) -> Path:
        """Where the file is, named by nothing a visitor could choose."""
        return folder() / f"{self.public_id}.jpg"

    @classmethod
    def with_files(cls) -> models.QuerySet[Picture]:
        return cls._base_manager.exclude(state=PictureState.REFUSED)

    @property
    def file_path(self) -> Path:
        return self.path

    def read_through(self) -> None:
        with Image.open(self.path) as picture:
            picture.load()

    def not_whole(self, fault: Phrase) -> Phrase:
        return phrase(
            "a photo, media/field/%(name)s, %(fault)s: restore it from a backup, or refuse it.",
            name=self.path.name,
            fault=fault,
        )

    def get_absolute_url(self) -> str:
        return reverse("media:picture", args=[self.agency.slug, self.public_id])


def folder() -> Path:
    """Where the first pictures were put, and all others since: no file is moved."""
    return data.folder("media", "field")
