"""Mail about an account is written in the language of whoever reads it."""

import pytest
from django.urls import reverse

from alongside.agencies import actions
from alongside.agencies.models import User
from alongside.jobs import worker
from alongside.outreach.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "alongside.outreach.backend.Outbox"


def test_a_new_password_is_mailed_in_the_language_of_whoever_forgot_it(client, ada, outbox):
    actions.set_language(ada, language="es")
    client.post(reverse("account_reset_password"), {"email": ada.email})
    worker.drain(lanes=("quick",))
    mail = Mail.objects.get()
    assert mail.language == "es"
    assert "contraseña" in mail.text


def test_whoever_has_chosen_none_gets_it_in_the_language_of_the_page(client, ada, outbox):
    User.objects.filter(pk=ada.pk).update(language="")
    client.post("/es" + reverse("account_reset_password"), {"email": ada.email})
    worker.drain(lanes=("quick",))
    assert Mail.objects.get().language == "es"
