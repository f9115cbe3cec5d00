"""What needs two rooms at once."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.agencies import actions as agencies
from alongside.agencies.models import Agency, Member, Role, User
from alongside.core import languages
from alongside.core.errors import Refusal
from alongside.core.links import absolute
from alongside.core.readers import written_for
from alongside.front import setup
from alongside.outreach import actions as outreach


class AlreadySetUp(Refusal):
    """Somebody administers this install already."""


@transaction.atomic
def set_up_install(
    *, name: str, slug: str, kind: str, timezone: str, your_name: str, email: str, password: str
) -> tuple[Agency, User]:
    """The first agency and its administrator, both or neither."""
    if not setup.is_open():
        raise AlreadySetUp(_("This site was set up already. Ask its administrator for an invitation."))
    agency = agencies.create_agency(slug=slug, name=name, timezone=timezone, kind=kind)
    user = User.objects.create_user(email, password, language=languages.current())
    roles = [Role.ADMINISTRATOR, Role.COORDINATOR]
    agencies.add_member(agency, name=your_name, roles=roles, user=user, by=user)
    return agency, user


@transaction.atomic
def invite(member: Member, *, email: str, by: User) -> str:
    """Invite a member by mail. The link is returned too, to be handed over where mail is not set up."""
    token = agencies.invite(member, email=email, by=by)
    with written_for(agencies.language_of(email, at=member.agency)):
        link = absolute(reverse("front:invitation", args=[token]))
        outreach.send(
            agency=member.agency,
            to=email,
            subject=_("Join %(agency)s on Alongside") % {"agency": member.agency.name},
            text=_(
                "%(by)s invites you to work with %(agency)s on Alongside.\n\n"
                "Open this link within %(days)s days to choose a password:\n%(link)s\n\n"
                "If you did not expect this, do nothing."
            )
            % {
                "by": by.membership_at(member.agency) or by,
                "agency": member.agency.name,
                "days": agencies.INVITATION_DAYS,
                "link": link,
            },
        )
    return link
