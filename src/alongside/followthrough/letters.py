"""What we write to whoever left an address for one concern. The mail never repeats what they said."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.core.links import absolute
from alongside.core.readers import written_for
from alongside.followthrough.models import Concern, Step
from alongside.outreach import actions as outreach


def notify(concern: Concern, step: Step, *, code: str) -> None:
    """One step, in the language they read, with a fresh code: the one on their card cannot be read back."""
    if concern.contact is None:
        return
    with written_for(concern.contact.language):
        link = page_of(concern, code)
        facts = {"agency": concern.agency, "concern": concern, "step": step, "link": link}
        outreach.send(
            agency=concern.agency,
            to=concern.contact.email,
            subject=_("News of what you told us: %(agency)s") % {"agency": concern.agency.name},
            text=render_to_string("followthrough/mail/news.txt", facts),
            unsubscribe_url=link,
            key=f"{_keys(concern)}{step.pk}",
        )


def forget(concern: Concern) -> None:
    """Whoever left an address took it back: no mail about this concern keeps it, and none goes out any more."""
    outreach.forget(concern.agency, keys=_keys(concern))


def _keys(concern: Concern) -> str:
    return f"concern:{concern.pk}:"


def page_of(concern: Concern, code: str) -> str:
    """The public page of a concern, as an address to click, in the language of the moment."""
    return absolute(reverse("followthrough:page", args=[concern.agency.slug, code]))


def url_of(slug: str, code: str) -> str:
    """What a card's code to scan says: the page in our first language, whoever printed it; the page offers others."""
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(reverse("followthrough:page", args=[slug, code]))
