"""What a member has heard by mail of what waits for them: the one thing about needs that is kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import AgencyOwned, AgencyQuerySet, Member, Role


class MorningQuerySet(AgencyQuerySet["Morning"]):
    """For nobody's eyes but the clock's, and on their own page the member's."""

    readers = frozenset[Role]()


class Morning(AgencyOwned):
    """Whether a member wants the mail in the morning, when it came last, and which needs it has told them of."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    wanted = models.BooleanField(_("A mail in the morning"), default=True)
    sent_on = models.DateField(null=True, editable=False)
    # The keys of needs (front.needs.Waiting.key) that wait still and were in a mail.
    told = models.JSONField(default=list, editable=False)

    objects = MorningQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail in the morning")
        verbose_name_plural = _("mails in the morning")

    def __str__(self) -> str:
        return str(self.member)
