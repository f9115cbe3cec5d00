"""Set up an agency and its staff."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit, bearers
from alongside.agencies.models import Agency, Bearer, Duty, Hold, Invitation, Member, Rank, Role, User
from alongside.core import clock, languages
from alongside.core.errors import Refusal
from alongside.core.forms import first_error
from alongside.core.news import News

INVITATION_DAYS = 7
PURPOSE = "invitation"


class AgencyRefused(Refusal):
    """An agency cannot be set up as described."""


class AddressTaken(Refusal):
    """The invited address belongs to another member here."""


class SignInFirst(Refusal):
    """The invited address has an account. Only who can sign in to it may bring it along."""


class NoSuchLanguage(Refusal):
    """Somebody asked to be written to in a language that we do not write."""


class LastAdministrator(Refusal):
    """Without an administrator nobody could let the next one in."""


@dataclass(frozen=True)
class AgencyChange:
    """What was changed of an agency: field → what it was before."""

    agency: Agency
    before: Mapping[str, object]
    by: User | None


on_change: News[AgencyChange] = News("agencies.on_change")
# A hold was lifted: what people had asked to be erased meanwhile may go now.
on_lift: News[Hold] = News("agencies.on_lift")


@transaction.atomic
def create_agency(
    *,
    slug: str,
    name: str,
    timezone: str,
    kind: str = "municipal",
    languages: Iterable[str] = (),
    by: User | None = None,
) -> Agency:
    """Set up an agency. Its slug is its address and stays. It writes in every language there is, unless told which."""
    agency = Agency(slug=slug, name=name.strip(), timezone=timezone, kind=kind)
    agency.languages = list(languages) or agency.languages
    try:
        agency.full_clean()
    except ValidationError as error:
        raise AgencyRefused(first_error(error, named=True)) from None
    agency.save()
    audit.record(agency=agency, by=by, verb="set up", thing=agency)
    return agency


@transaction.atomic
def change_agency(agency: Agency, *, by: User | None, **changes: object) -> Agency:
    """Change an agency's own words and settings."""
    stood = Agency.objects.get(pk=agency.pk)
    for field, value in changes.items():
        setattr(agency, field, value)
    try:
        agency.full_clean()
    except ValidationError as error:
        raise AgencyRefused(first_error(error, named=True)) from None
    agency.save(update_fields=list(changes))
    agency.__dict__.pop("zone", None)
    before = {name: getattr(stood, name) for name in changes if getattr(stood, name) != getattr(agency, name)}
    on_change.tell(AgencyChange(agency, before, by=by))
    audit.record(agency=agency, by=by, verb="changed", thing=agency, detail={"fields": sorted(changes)})
    return agency


@transaction.atomic
def set_ranks(agency: Agency, *, names: Iterable[str], by: User | None) -> list[Rank]:
    """The ladder of ranks, highest first. A rank that is left out goes only when nobody holds it."""
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    for level, name in enumerate(wanted, start=1):
        Rank.objects.update_or_create(agency=agency, name=name, defaults={"level": level})
    Rank.objects.filter(agency=agency, members=None).exclude(name__in=wanted).delete()
    audit.record(agency=agency, by=by, verb="set the ranks of", thing=agency, detail={"ranks": wanted})
    return list(Rank.objects.filter(agency=agency))


@transaction.atomic
def add_member(
    agency: Agency,
    *,
    name: str,
    roles: Iterable[str] = (),
    rank: Rank | None = None,
    user: User | None = None,
    employee: bool = True,
    by: User | None,
) -> Member:
    """Add somebody who works here, or with us. Without an account until they are invited."""
    member = Member.objects.create(agency=agency, name=name.strip(), rank=rank, user=user, employee=employee)
    Duty.objects.bulk_create(Duty(member=member, role=Role(role)) for role in set(roles))
    audit.record(agency=agency, by=by, verb="added", thing=member, detail={"roles": sorted(roles)})
    return member


@transaction.atomic
def change_member(
    member: Member,
    *,
    name: str,
    rank: Rank | None,
    roles: Iterable[str],
    employee: bool = True,
    active: bool = True,
    by: User | None,
) -> Member:
    """Change who somebody is here, and what they may do. The last administrator stays one.

    What they hold ends with them, and for good: nobody who comes back finds an old pass at work again.
    """
    wanted = {Role(role) for role in roles}
    Agency.objects.select_for_update(no_key=True).get(
        pk=member.agency_id
    )  # two administrators must not retire each other
    others = Member.objects.filter(agency=member.agency, active=True, user__isnull=False).exclude(
        pk=member.pk
    )
    leaves = Role.ADMINISTRATOR in member.roles and not (active and Role.ADMINISTRATOR in wanted)
    if leaves and not others.holding(Role.ADMINISTRATOR).exists():
        raise LastAdministrator(
            _("Name another administrator first: without one, nobody could let the next one in.")
        )
    member.duties.exclude(role__in=wanted).delete()
    Duty.objects.bulk_create([Duty(member=member, role=role) for role in wanted], ignore_conflicts=True)
    member.name, member.rank, member.employee, member.active = name.strip(), rank, employee, active
    member.save(update_fields=["name", "rank", "employee", "active"])
    ended = bearers.end_what_is_over(member, by=by)
    detail: dict[str, object] = {"roles": sorted(wanted), "active": active}
    if ended:
        detail["ended"] = ended
    audit.record(agency=member.agency, by=by, verb="changed", thing=member, detail=detail)
    return Member.objects.get(pk=member.pk)


@transaction.atomic
def invite(member: Member, *, email: str, by: User | None) -> str:
    """A link by which `member` makes their account. Inviting again makes the earlier link useless."""
    key = member.key
    bearers.end_all(bearers.opening(key, agency=member.agency, purpose=PURPOSE), by=by)
    ends_at = clock.now() + timedelta(days=INVITATION_DAYS)
    token, bearer = bearers.issue(PURPOSE, key, agency=member.agency, to=member, ends_at=ends_at, by=by)
    Invitation.objects.update_or_create(
        member=member, defaults={"agency": member.agency, "email": email.lower(), "bearer": bearer}
    )
    audit.record(agency=member.agency, by=by, verb="invited", thing=member)
    return token


def behind_invitations(rows: Sequence[Bearer]) -> bearers.Asked:
    """An invitation lies behind the last link that was made for it."""
    known = Invitation.objects.filter(bearer__in=rows).select_related("member", "agency")
    return {
        each.bearer_id: bearers.Behind(each, what=str(each.member))
        for each in known
        if each.bearer_id is not None
    }


def open_invitation(token: str) -> Invitation:
    """The invitation behind a link, if it still opens. Raises bearers.Useless."""
    invitation: Invitation = bearers.opened_by(PURPOSE, token).thing
    return invitation


def account_of(invitation: Invitation) -> User | None:
    """The account that the invited address has already."""
    return User.objects.filter(email=invitation.email).first()


def language_of(email: str, *, at: Agency) -> str:
    """In which language to write to this address: as its account says, else in the agency's first."""
    known = User.objects.filter(email=email.lower()).first()
    return (known.language if known else "") or at.language


@transaction.atomic
def set_language(user: User, *, language: str) -> User:
    """In which language somebody wants to be written to; empty: in the first of their agency."""
    if language and language not in languages.codes():
        raise NoSuchLanguage(_("Choose one of the languages in the list."))
    user.language = language
    user.save(update_fields=["language"])
    return user


@transaction.atomic
def accept_invitation(token: str, *, password: str = "", by: User | None = None) -> User:
    """Make the account, or bring along the one this address has already, if `by` is signed in to it.

    A new one is written to in the language in which the invitation was accepted.

    The link alone never opens an account that is there: whoever invites an address has the link, too.
    """
    opened = bearers.opened_by(PURPOSE, token)
    bearers.use_up(opened.bearer)
    invitation: Invitation = opened.thing
    user = account_of(invitation)
    if user is None:
        user = User.objects.create_user(invitation.email, password, language=languages.current())
    elif user != by:
        raise SignInFirst(
            _("Sign in as %(email)s first. Then open the invitation again.") % {"email": invitation.email}
        )
    member = invitation.member
    member.user = user
    try:
        with transaction.atomic():
            member.save(update_fields=["user"])
    except IntegrityError:
        raise AddressTaken(_("This address belongs to another member of this agency already.")) from None
    audit.record(agency=invitation.agency, by=user, verb="joined as", thing=member)
    return user
