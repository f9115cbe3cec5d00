"""What is spoken about, and who has spoken: a digest for each device, until its clock ends. What was counted stays."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import AgencyOwned, AgencyQuerySet, not_held
from alongside.core import clock, keys, tokens
from alongside.core.origins import LONGEST_KEY
from alongside.core.said import Ends, Said

LONGEST_PURPOSE = 20


class MarkOfADevice(Said, tokens.DigestField):
    """A digest of the token of somebody's device: told of where we say what we keep."""


class Matter(AgencyOwned):
    """One thing that devices may speak about, for one purpose: “asks for a walk” about “area:7fq2mz9k4b”."""

    purpose = models.CharField(max_length=LONGEST_PURPOSE, editable=False)
    about = models.CharField(max_length=LONGEST_KEY, editable=False)
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("matter")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "purpose", "about"], name="matter_once_per_purpose")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.about}"


class VoiceQuerySet(models.QuerySet["Voice"]):
    def out_of_keeping(self) -> Self:
        """Those whose digest has no use any more: their clock has ended, or what they are about is closed."""
        ended = Q(ends_at__lte=clock.now()) | Q(matter__closed_at__isnull=False)
        return not_held(self.filter(ended).exclude(digest=""))


class Voice(models.Model):
    """What one device says about one matter. Not whose device: without its token nobody can find it again.

    `what` is the asking room's word: the option of a vote, the id of a petition; empty where there is nothing to say
    but “me too”. The digest goes when its clock ends; that there was a voice, and what it said, stays to be counted.
    """

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="voices")
    digest = MarkOfADevice(
        ring=keys.VOICES,
        until="ends_at",
        blank=True,
        editable=False,
        what=_("The mark of your device, where each device is counted once"),
        purpose=_("So that a device is counted once."),
        ends=Ends(_("A year, or until what you were asked is closed. That somebody was counted stays.")),
        eraser="voices.jobs.forget",
        seen_by=_("Nobody: without your device it says nothing."),
        sooner=_("Delete what this site has stored in your browser: then nobody can know your device by it."),
    )
    what = models.CharField(max_length=40, blank=True, editable=False)
    spoken_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()

    objects = VoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("voice")
        ordering = ["matter", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "digest"], condition=~Q(digest=""), name="voice_once_per_device"
            )
        ]
        indexes = [models.Index(fields=["ends_at"], condition=~Q(digest=""), name="voice_ends")]

    def __str__(self) -> str:
        return f"{self.matter} {self.what}".strip()
