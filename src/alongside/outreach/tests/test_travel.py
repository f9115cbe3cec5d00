"""A mail arrives as it was written, whatever letters it is written in, through a server that takes seven bits."""

import base64
import quopri
import re
from email import message_from_bytes, policy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.outreach import travel
from alongside.outreach.models import Mail
from alongside.outreach.tests.cast import BEN
from alongside.outside import smtp

EMOJI = "Walk 🚶🏽‍♀️ on Thursday & <b>bring</b> a friend"
ARABIC = (
    "مسيرة السلام يوم الخميس في ساحة النافورة مع الجيران والأصدقاء والشرطة المحلية وكل من يريد أن يأتي معنا"
)
HEBREW = "הליכת שלום ביום חמישי בכיכר המזרקה"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftvorsitzender " * 2
NO_SPACE = "x" * 240
NAME = "Riverbend Police & O’Brien’s Café, “Walks”"
LINK = f"https://walks.riverbend.example/riverbend/unsubscribe/{'k' * 300}/"


def a_mail(subject="Your walk", text="See you at six.\n", *, name="Riverbend Police", to=BEN, **more):
    agency = Agency(name=name, slug="riverbend", contact_email="walks@riverbend.gov")
    return Mail(
        agency=agency,
        kind="outreach.own",
        facts={"subject": subject, "text": text, **more},
        to=to,
        language="en",
        subject=subject,
        message_id="<7fq2mz9k4b@riverbend.example>",
        public_id="7fq2mz9k4b",
        created_at=clock.now(),
    )


def head_of(raw: bytes) -> dict[str, str]:
    """Headers as the plainest of readers takes them: unfolded, encoded words decoded one by one."""
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    lines = re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n")
    return {
        name: decoded(value.removeprefix(" "))
        for name, _colon, value in (each.partition(":") for each in lines)
    }


def decoded(value: str) -> str:
    word = r"=\?utf-8\?([bq])\?([^?\s]*)\?="
    together = re.sub(rf"({word})\s+(?={word})", r"\1", value)

    def letters(found):
        octets = found[2].encode()
        return (
            base64.b64decode(octets) if found[1] == "b" else quopri.decodestring(octets, header=True)
        ).decode()

    return re.sub(word, letters, together)


def is_ready_to_travel(raw: bytes) -> None:
    assert raw.isascii(), "seven bits"
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", raw)
    head = raw.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"(?m)^[\w-]+:\s*\r?$", head), "a header begins on its own line"
    assert not re.search(rb"(?m)^[ \t]*\r?$", head)
    for word in re.findall(rb"=\?\S+\?=", head):
        assert len(word) <= 75


class TestHeaders:
    @pytest.mark.parametrize(
        "subject",
        [EMOJI, ARABIC, HEBREW, LONG.strip(), NO_SPACE, "O’Brien's walk", "a  b", "=?utf-8?q?a=0Ab?="],
    )
    def test_a_subject_is_read_as_it_was_written_by_two_readers(self, subject):
        raw = travel.compose(a_mail(subject))
        is_ready_to_travel(raw)
        assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject
        assert head_of(raw)["Subject"] == subject

    @settings(max_examples=300, deadline=None)
    @given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=250))
    @example("x" * 60 + " " + "y" * 61)
    def test_so_is_any_other(self, subject):
        raw = travel.compose(a_mail(subject))
        is_ready_to_travel(raw)
        assert head_of(raw)["Subject"] == subject

    @pytest.mark.parametrize(
        "name",
        [NAME, "Police, Riverbend", 'The "Bend" \\ Police', "=?utf-8?q?Eve?=", "Plain", "مسيرة السلام"],
    )
    def test_who_writes(self, name):
        raw = travel.compose(a_mail(name=name))
        is_ready_to_travel(raw)
        (sender,) = message_from_bytes(raw, policy=policy.default)["From"].addresses
        assert (sender.display_name, sender.username) == (name, "alongside")
        assert head_of(raw)["From"].endswith(" <alongside@localhost>")

    @pytest.mark.parametrize("name", [ARABIC, ("Café, " * 30).strip(), "x" * 90])
    def test_a_long_name(self, name):
        """Python's own reader leaves a blank between the encoded words of a name, which no other does."""
        raw = travel.compose(a_mail(name=name))
        is_ready_to_travel(raw)
        assert head_of(raw)["From"] == f"{name} <alongside@localhost>"

    def test_a_long_link_stands_whole_beside_its_name(self):
        raw = travel.compose(a_mail(unsubscribe_url=LINK))
        is_ready_to_travel(raw)
        assert f"\r\nList-Unsubscribe: <{LINK}>\r\n".encode() in raw

    def test_a_subject_of_plain_words_stays_readable(self):
        raw = travel.compose(
            a_mail("Peace Walk on Thursday: it begins at six, and at seven where it rains a little")
        )
        assert raw.startswith(
            b"Subject: Peace Walk on Thursday: it begins at six, and at seven where it\r\n rains"
        )


class TestWords:
    @pytest.mark.parametrize(
        "text",
        [
            ARABIC,
            HEBREW,
            EMOJI,
            LONG,
            "z" * 3000,
            f"Stop: {LINK}\n",
            ".\n..\n",
            "ñandú\n",
            "a\r\nb\n",
            "a\n" * 9,
        ],
    )
    def test_words_and_links_are_whole(self, text):
        raw = travel.compose(a_mail(text=text))
        is_ready_to_travel(raw)
        read = message_from_bytes(raw, policy=policy.default)
        assert read.get_content().splitlines() == text.splitlines()
        assert read["Content-Transfer-Encoding"] in {"7bit", "quoted-printable", "base64"}

    def test_two_forms_of_one_mail(self):
        mail = a_mail(text=ARABIC, html=f"<p>{HEBREW}</p>")
        raw = travel.compose(mail)
        is_ready_to_travel(raw)
        read = message_from_bytes(raw, policy=policy.default)
        assert read.get_body(["plain"]).get_content().strip() == ARABIC
        assert read.get_body(["html"]).get_content().strip() == f"<p>{HEBREW}</p>"
        assert travel.compose(mail) == raw, "the same at every attempt"


class TestAddresses:
    def test_a_name_of_the_net_in_other_letters_is_written_as_servers_know_it(self):
        assert travel.reachable("ben@bücher.example") == "ben@xn--bcher-kva.example"

    def test_so_are_the_agency_s_own_and_ours(self):
        mail = a_mail(unsubscribe_url="https://policía.example/riverbend/stop/")
        mail.agency.contact_email = "hola@policía.example"
        raw = travel.compose(mail)
        is_ready_to_travel(raw)
        assert head_of(raw)["Reply-To"] == "hola@xn--polica-7va.example"
        assert head_of(raw)["List-Unsubscribe"] == "<https://xn--polica-7va.example/riverbend/stop/>"

    @pytest.mark.parametrize("address", ["josé@example.org", "用户@example.org", "ben@a..ü.example"])
    def test_one_that_no_server_knows_is_refused_for_good_and_with_words(self, address):
        with pytest.raises(smtp.Permanent, match="letters such as these"):
            travel.compose(a_mail(to=address))
