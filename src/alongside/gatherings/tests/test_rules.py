"""What holds on every walk is set once, in versions; each part says something, and what changed is shown."""

import pytest
from django.urls import reverse

from alongside.gatherings import checks, rules
from alongside.gatherings.models import PARTS, OperatingRules

pytestmark = pytest.mark.django_db


class TestRules:
    def test_a_text_is_offered_and_the_first_edit_is_version_one(self, riverbend, ada, client_for):
        browser = client_for(ada)
        shown = browser.get(reverse("gatherings:rules", args=["riverbend"])).text
        assert "no rules of its own yet" in shown
        form = browser.get(reverse("gatherings:edit-rules", args=["riverbend"]))
        assert form.context["form"]["threat"].value() == rules.offered()["threat"]
        said = rules.offered() | {"threat": "Stop. Stay together. The host decides."}
        browser.post(reverse("gatherings:edit-rules", args=["riverbend"]), said)
        made = OperatingRules.objects.get()
        assert (made.version, made.set_by, str(made.threat)) == (1, "Ada Coordinator", said["threat"])
        assert made.threat.texts["es"].text == rules.offered()["threat"].texts["es"].text, "as offered"

    def test_versions_are_kept_and_the_difference_is_shown(self, riverbend, ada, client_for):
        first = checks.set_rules(riverbend, by=ada, **rules.offered() | {"press": "Ask the host first."})
        same = checks.set_rules(riverbend, by=ada, **rules.offered() | {"press": "Ask the host first.  "})
        assert same == first
        checks.set_rules(riverbend, by=ada, **rules.offered() | {"press": "Ask the chief first."})
        assert rules.in_force(riverbend).version == 2
        text = client_for(ada).get(reverse("gatherings:rules", args=["riverbend"])).text
        assert "<del>host</del>" in text
        assert "<ins>chief</ins>" in text

    def test_a_change_in_one_language_is_a_new_version_and_says_in_which(self, riverbend, ada, client_for):
        first = checks.set_rules(riverbend, by=ada, **rules.offered())
        other = first.heat.written("Con truenos no salimos.", language="es")
        second = checks.set_rules(riverbend, by=ada, **rules.offered() | {"heat": other})
        assert [(each.heading, each.language) for each in rules.difference(first, second)] == [
            ("Heat, cold and storms", "es")
        ]
        page = client_for(ada).get(f"/es{reverse('gatherings:rules', args=['riverbend'])}").text
        assert "Con truenos no salimos." in page
        assert "Escrito en" not in page

    @pytest.mark.parametrize("part", PARTS)
    def test_no_part_may_be_silent(self, riverbend, ada, part):
        with pytest.raises(checks.RulesIncomplete):
            checks.set_rules(riverbend, by=ada, **rules.offered() | {part: " \n\0 "})
        assert not OperatingRules.objects.exists()

    def test_officers_read_them_and_do_not_change_them(self, riverbend, officer, client_for):
        browser = client_for(officer)
        assert "Body-worn cameras" in browser.get(reverse("gatherings:rules", args=["riverbend"])).text
        sent = browser.post(reverse("gatherings:edit-rules", args=["riverbend"]), rules.offered())
        assert sent.status_code == 403

    def test_what_a_fool_writes(self, riverbend, ada, client_for):
        address = reverse("gatherings:edit-rules", args=["riverbend"])
        nothing = {f"{part}_{code}": "" for part in PARTS for code in ("en", "es")}
        for said in (nothing, rules.offered() | {"heat": "x" * 5000}, rules.offered() | {"heat": "<script>"}):
            answer = client_for(ada).post(address, said)
            assert answer.status_code == (302 if "<" in str(said.get("heat", "")) else 422)
        text = client_for(ada).get(reverse("gatherings:rules", args=["riverbend"])).text
        assert "&lt;script&gt;" in text
        assert "<script>alert" not in text
