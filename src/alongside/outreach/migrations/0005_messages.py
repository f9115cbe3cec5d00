"""Mail says what it is about, and its words are made when it leaves. Words that were made before go along as facts.

What a mail was about stood at the beginning of its key.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F, Q

from alongside.core import clock

# How keys began, and of what kind of thing they gave the public id.
BEGAN = {"rsvp": "rsvp", "remind": "rsvp", "member": "post", "partner": "invited"}


def words_become_facts(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    mails = apps.get_model("outreach", "Mail").objects
    mails.update(kind="outreach.own", not_before=F("created_at"))
    mails.filter(Q(state="sent") | Q(text="")).update(facts=None)
    some = []
    for mail in mails.exclude(state="sent").exclude(text="").iterator():
        mail.facts = {"subject": mail.subject, "text": mail.text, "unsubscribe_url": mail.unsubscribe_url}
        if mail.html:
            mail.facts["html"] = mail.html
        some.append(mail)
    mails.bulk_update(some, ["facts"], batch_size=500)
    for began, kind in BEGAN.items():
        theirs = list(mails.filter(key__startswith=f"{began}:").only("pk", "key"))
        for mail in theirs:
            mail.whose = f"{kind}:{mail.key.split(':')[1]}"
        mails.bulk_update(theirs, ["whose"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("outreach", "0004_language_of_mails_of_before")]

    operations = [
        migrations.RemoveConstraint(model_name="mail", name="mail_waiting_has_an_address_and_words"),
        migrations.RemoveConstraint(model_name="mail", name="mail_sent_has_a_date_and_no_words"),
        migrations.AddField(
            model_name="mail",
            name="kind",
            field=models.CharField(default="outreach.own", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mail", name="about", field=models.CharField(blank=True, max_length=40)
        ),
        migrations.AddField(
            model_name="mail", name="whose", field=models.CharField(blank=True, max_length=40)
        ),
        migrations.AddField(
            model_name="mail", name="batch", field=models.CharField(blank=True, max_length=60)
        ),
        migrations.AddField(
            model_name="mail", name="facts", field=models.JSONField(blank=True, default=dict, null=True)
        ),
        migrations.AddField(
            model_name="mail", name="not_before", field=models.DateTimeField(default=clock.now)
        ),
        migrations.AddField(
            model_name="mail", name="perhaps_taken", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="mail", name="refused_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AlterField(
            model_name="mail",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("sent", "Sent"),
                    ("failed", "Failed"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="State",
            ),
        ),
        migrations.AlterField(
            model_name="mail",
            name="subject",
            field=models.CharField(blank=True, max_length=250, verbose_name="Subject"),
        ),
        migrations.RunPython(words_become_facts, migrations.RunPython.noop),
        migrations.RemoveField(model_name="mail", name="html"),
        migrations.RemoveField(model_name="mail", name="text"),
        migrations.RemoveField(model_name="mail", name="unsubscribe_url"),
        migrations.AddIndex(
            model_name="mail", index=models.Index(fields=["agency", "about"], name="mail_about")
        ),
        migrations.AddIndex(
            model_name="mail", index=models.Index(fields=["agency", "whose"], name="mail_whose")
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["not_before"], name="mail_in_line"
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                condition=models.Q(("refused_at__isnull", False)), fields=["agency"], name="mail_refused"
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "waiting"), _negated=True),
                    models.Q(models.Q(("to", ""), _negated=True), ("facts__isnull", False)),
                    _connector="OR",
                ),
                name="mail_waiting_has_an_address_and_facts",
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("facts__isnull", True),
                    ("sent_at__isnull", False),
                    ("state", "sent"),
                )
                | models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                name="mail_sent_has_a_date_and_no_facts",
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True), ("facts__isnull", True), _connector="OR"
                ),
                name="mail_withdrawn_has_no_facts",
            ),
        ),
    ]
