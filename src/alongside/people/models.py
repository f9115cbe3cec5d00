"""Commanders of divisions, partner organisations, and contact details that run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import AgencyOwned, AgencyQuerySet, Member
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line
from alongside.core.origins import Origin
from alongside.core.said import Ends, SaidEmail, SaidLine
from alongside.places.models import Area


class CommanderQuerySet(AgencyQuerySet["Commander"]):
    def open_to_all(self) -> Self:
        """Who answers for a division is public, as it is on any agency's own pages."""
        return self.all()

    def on(self, day: date) -> Self:
        """Those who command on that day."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class Commander(AgencyOwned):
    """A member who commands a division, from one day to another."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="commands")
    division = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="commanders")
    since = models.DateField(_("Since"))
    until = models.DateField(_("Until"), null=True, blank=True)

    objects = CommanderQuerySet.as_manager()

    class Meta:
        verbose_name = _("commander")
        ordering = ["division__name", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["division"], condition=Q(until=None), name="commander_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="commander_ends_after_beginning"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} ({self.division})"


class PartnerKind(models.TextChoices):
    COUNCIL = "council", _("Council member")
    MAYOR = "mayor", _("Mayor’s office")
    CLERGY = "clergy", _("Clergy or congregation")
    WATCH = "watch", _("Neighborhood watch")
    ASSOCIATION = "association", _("Neighborhood association")
    COMMUNITY_GROUP = "community_group", _("Community group")
    YOUTH = "youth", _("Youth organization")
    SCHOOL = "school", _("School")
    BUSINESS = "business", _("Business")
    SERVICE_PROVIDER = "service_provider", _("Service provider")
    CIVIC = "civic", _("Library or other public service")


class PartnerQuerySet(AgencyQuerySet["Partner"]):
    def open_to_all(self) -> Self:
        """Name, kind and areas of those who agreed to be listed. Pages for the public show nothing else of them."""
        return self.filter(active=True, listed=True)

    def active(self) -> Self:
        return self.filter(active=True)

    def out_of_keeping(self) -> Self:
        """Those who do not work with us any more."""
        return self.filter(active=False).not_held()

    def near(self, areas: models.QuerySet[Area] | Sequence[Area | int]) -> Self:
        """Partners of one of these areas, and those of the whole city."""
        return self.filter(Q(areas__in=areas) | Q(areas=None)).distinct()


OF_PARTNERS: dict[str, Any] = {
    "purpose": _("To invite a partner organization, and to ask it about a walk we do together."),
    "ends": Ends(_("As long as the organization works with us. Deleted when it leaves.")),
    "eraser": "people.jobs.forget_contacts",
    "what": _("A partner’s contact person, e-mail and phone"),
    "sooner": _("By the link to your own entry: empty the boxes and save."),
}


class Partner(AgencyOwned):
    """An organisation that walks with us: a council office, a congregation, a neighborhood association."""

    public_id = PublicIdField()
    name = Line(_("Name"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=20, choices=PartnerKind)
    areas = models.ManyToManyField(
        Area,
        blank=True,
        related_name="partners",
        verbose_name=_("Areas"),
        help_text=_("None means the whole city."),
    )
    contact_name = SaidLine(_("Contact person"), max_length=120, blank=True, **OF_PARTNERS)
    email = SaidEmail(_("E-mail"), blank=True, **OF_PARTNERS)
    # Typed by whoever has the link to their own entry: mail to it is limited, as to any address that we do not know.
    email_by_link = models.BooleanField(default=False, editable=False)
    phone = SaidLine(_("Phone"), max_length=30, blank=True, **OF_PARTNERS)
    language = models.CharField(_("Language to write in"), max_length=10, default="en")
    listed = models.BooleanField(
        _("Listed in public"),
        default=False,
        help_text=_("Only name, kind and areas are shown, and only if they agreed."),
    )
    invited = models.BooleanField(
        _("Receives invitations"), default=True, help_text=_("Partners can switch this off themselves.")
    )
    active = models.BooleanField(pgettext_lazy("at work here", "Active"), default=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind", "name"], name="partner_once_per_name"),
            models.CheckConstraint(condition=Q(kind__in=PartnerKind.values), name="partner_has_a_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> Origin:
        """By this its links and passes are known: who has them, and whose entry one opens."""
        return Origin("partner", self.public_id)
