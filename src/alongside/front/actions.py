"""What needs two rooms at once."""

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import actions as agencies
from alongside.agencies.models import Agency, Member, Role, User
from alongside.core import languages
from alongside.core.errors import Refusal
from alongside.core.readers import written_for
from alongside.front import letters, setup


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
    letters.invite(member, email=email, token=token, by=by)
    with written_for(agencies.language_of(email, at=member.agency)):
        return letters.link_of(token)
