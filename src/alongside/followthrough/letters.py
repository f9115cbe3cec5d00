"""What we write to whoever left an address for one concern. The mail never repeats what they said."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.core.errors import phrase
from alongside.core.links import absolute, in_nobodys_language
from alongside.followthrough.models import Concern, Deed, State, Step
from alongside.outreach import actions as outreach
from alongside.outreach.models import Letter, Mail, Message, Untrue
from alongside.outreach.subscriptions.models import Subscription


def notify(contact: Subscription, concern: Concern, step: Step, *, code: str) -> None:
    """One step, in the language they read, with a fresh code: the one on their card cannot be read back."""
    message = Message(
        "followthrough.news",
        agency=concern.agency,
        to=contact.address,
        language=contact.language,
        about=concern.topic,
        whose=concern.topic,
        facts={"step": step.pk, "code": code},
        once=_once(step),
        typed_until=contact.ends_on,
        can_wait=True,
    )
    outreach.tell(message)
    outreach.look_again(concern.agency, concern.topic)


def forget(concern: Concern) -> None:
    """Whoever left an address took it back: no mail about this concern keeps it, and none goes out any more."""
    outreach.forget(concern.agency, concern.topic)


def news(mail: Mail) -> Letter:
    """One step, while it says how things stand."""
    step = Step.objects.of(mail.sender).select_related("concern__agency")
    said = step.filter(pk=mail.known["step"]).first()
    if said is None or said.concern.redacted_at is not None:
        raise Untrue(phrase("Its words were erased."))
    concern = said.concern
    if concern.contact is None or concern.contact.address != mail.to:
        raise Untrue(outreach.TAKEN_BACK)
    _must_hold(said, concern, mail)
    said.facts = _as_known(said.facts | mail.known.get("inherited", {}))
    link = page_of(concern, mail.known["code"])
    facts = {"agency": concern.agency, "concern": concern, "step": said, "link": link}
    return Letter(
        subject=_("News of what you told us: %(agency)s") % {"agency": concern.agency.name},
        text=render_to_string("followthrough/mail/news.txt", facts),
        unsubscribe_url=absolute(
            reverse("followthrough:stop-mail", args=[concern.agency.slug, mail.known["code"]])
        ),
    )


def _must_hold(step: Step, concern: Concern, mail: Mail) -> None:
    """What was promised anew, closed or sent elsewhere meanwhile is not told as it was before. Raises Untrue."""
    if concern.is_withheld != (step.deed == Deed.WITHHELD):
        raise Untrue(phrase("It is handled elsewhere by now, or here again."))
    if step.deed == Deed.CLOSED and concern.state != step.facts.get("state"):
        raise Untrue(phrase("It is open again."))
    if step.deed == Deed.ASSIGNED:
        later = concern.steps.filter(deed__in=[Deed.ASSIGNED, Deed.CLOSED], pk__gt=step.pk)
        if later.exists() or concern.state != State.OWNED:
            heir = _of_step(later.filter(deed=Deed.ASSIGNED).first(), mail)
            inherited = mail.known.get("inherited") or _day_known(step)
            raise Untrue(
                phrase("It was promised anew, or closed."), heir=heir, inherits={"inherited": inherited}
            )


def _once(step: Step) -> str:
    return f"concern:{step.concern_id}:{step.pk}"


def _of_step(step: Step | None, mail: Mail) -> Mail | None:
    """The mail that tells the next promise to the same reader, while it waits; not where this one may have arrived."""
    if step is None or mail.perhaps_taken:
        return None
    waiting = Mail.objects.of(mail.sender).waiting().to_the_same(mail)
    return waiting.filter(key=_once(step)).first()


def _day_known(step: Step) -> dict[str, str]:
    """The day that its reader knew before, as the next promise has to name it; none, where none was promised."""
    return {"was_due": step.facts.get("was_due", "")}


def _as_known(facts: dict[str, str]) -> dict[str, str]:
    """Promised for the day that its reader knows, it was not moved, whatever happened between."""
    return facts if facts.get("was_due") != facts.get("due") else {**facts, "was_due": ""}


def page_of(concern: Concern, code: str) -> str:
    """The public page of a concern, as an address to click, in the language of the moment."""
    return absolute(reverse("followthrough:page", args=[concern.agency.slug, code]))


def url_of(slug: str, code: str) -> str:
    """What a card's code to scan says: the page of a concern."""
    return in_nobodys_language("followthrough:page", slug, code)
