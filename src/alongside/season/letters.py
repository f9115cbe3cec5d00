"""What we write of a season: who has to sign it, too; and that every draw of it is made.

Each is made when it leaves, from the season as it is then, or is true no longer.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.agencies import actions as agencies
from alongside.agencies.models import Member, Role
from alongside.core import formats
from alongside.core.errors import phrase
from alongside.core.links import absolute
from alongside.core.origins import Origin
from alongside.outreach import actions as outreach
from alongside.outreach.models import Letter, Mail, Message, Untrue
from alongside.season.models import Redraws, Season

SIGNED = phrase("It is signed, or another version has taken its place.")
GONE = phrase("They do not work here any more.")


def ask_second(season: Season, role: Role) -> None:
    """One has signed: whoever may sign the other line is asked, and never the same person."""
    signed = {season.coordinator_user_id, season.commander_user_id}
    members = Member.objects.of(season.agency).active().filter(user__is_active=True).exclude(user__email="")
    for member in members.exclude(user__in=signed - {None}).select_related("user").prefetch_related("duties"):
        if member.holds([role]):
            _tell("season.signature", season, member, role=role.value)


def tell_redrawn(asked: Redraws) -> None:
    """Whoever drew the season hears that every draw of it is made."""
    members = Member.objects.of(asked.agency).active().filter(user=asked.asked_by_id, user__is_active=True)
    for member in members.exclude(user__email="").select_related("user"):
        _tell("season.redrawn", asked.season, member)


def _tell(kind: str, season: Season, member: Member, **facts: str) -> None:
    assert member.user is not None
    outreach.tell(
        Message(
            kind,
            agency=season.agency,
            to=member.user.email,
            language=agencies.language_of(member.user.email, at=season.agency),
            about=season.key,
            whose=member.key,
            facts=facts,
        )
    )


def signature(mail: Mail) -> Letter:
    """The other line of a season is signed, and this one is not."""
    season, role = _season(mail), Role(mail.known["role"])
    _refuse_gone(mail, season, role)
    if not season.is_proposed or season.followers.exists() or getattr(season, f"{role.value}_at") is not None:
        raise Untrue(SIGNED)
    words = {
        "day": formats.day(season.start),
        "name": season.coordinator or season.commander,
        "role": role.label,
        "agency": season.agency.name,
        "page": _page(season),
    }
    return Letter(
        subject=_("Your signature: the season from %(day)s") % words,
        text=_(
            "%(name)s has signed the season from %(day)s at %(agency)s. It is in force once somebody else has signed "
            "as %(role)s, too.\n\nRead and sign:\n%(page)s"
        )
        % words,
    )


def redrawn(mail: Mail) -> Letter:
    """Every draw is made, and the file is kept."""
    season = _season(mail)
    _refuse_gone(mail, season)
    made = Redraws.objects.of(season.agency).done().filter(season=season).first()
    if made is None:
        raise Untrue(phrase("It is drawn no longer."))
    words = {"day": formats.day(season.start), "n": made.draws, "page": _page(season), "sha": made.digest}
    return Letter(
        subject=_("The season from %(day)s is drawn %(n)d times") % words,
        text=_(
            "Every draw of the season from %(day)s is made and kept: how likely each order was stands on its page.\n"
            "%(page)s\n\nSHA-256 of the file:\n%(sha)s"
        )
        % words,
    )


def _season(mail: Mail) -> Season:
    """What the letter is about."""
    rows = Season.objects.of(mail.sender).select_related("agency")
    found = rows.filter(public_id=Origin.of(mail.about).public_id).first()
    if found is None:
        raise Untrue(phrase("It is drawn no longer."))
    return found


def _refuse_gone(mail: Mail, season: Season, role: Role | None = None) -> None:
    """Raises Untrue where its reader works here no longer, or may not sign any more."""
    members = Member.objects.of(season.agency).active().prefetch_related("duties")
    reader = members.filter(public_id=Origin.of(mail.whose).public_id).first()
    if reader is None or (role is not None and not reader.holds([role])):
        raise Untrue(GONE)


def _page(season: Season) -> str:
    return absolute(reverse("season:season", args=[season.agency.slug, season.public_id]) + "#signed")
