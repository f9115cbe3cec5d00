"""Hand mail to a mail server: one conversation carries many, several go on at once, and none goes on for ever."""

from __future__ import annotations

import re
import smtplib
import socket
import threading
from collections import defaultdict
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import punycode

from alongside.core.errors import Phrase, phrase
from alongside.core.logs import discreet
from alongside.outside import addresses, circuits, tls
from alongside.outside.errors import Away, TooSlow, Unsure
from alongside.outside.servers import Server

WAIT = 20.0  # seconds: for each word of the server
AFTER_THE_MAIL = 60.0  # it may look for viruses first; cut off too soon, it would be sent twice
IN_ALL = 90.0
IDLE = 5.0  # so long a conversation without a mail is kept up
GOODBYE = 2.0
MAILS = 100  # in one conversation; servers end it at some number
# Sign in first, and the like: whatever was asked.
ABOUT_US = frozenset({503, 530, 534, 535, 538})
# What a server says of an address that leads nowhere (RFC 3463), with or without its finer code.
ENHANCED = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")
NOBODY_THERE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
OBJECTS = re.compile(
    r"relay|spam|block|polic|authenti|denied|reject|list|reputation|spf|dkim|dmarc|\brate\b|limit|\bfull\b|quota",
    re.I,
)


class Temporary(Exception):
    """Not now: the server is busy or greylists us, or is set up wrongly. Worth another try."""


class Permanent(Exception):
    """Not ever: the server will not take this mail for this address.

    `nobody_there`: it says that the address leads nowhere, not that it objects to us or to the mail.
    """

    def __init__(self, why: Phrase | str, *, nobody_there: bool = False) -> None:
        super().__init__(why)
        self.nobody_there = nobody_there


def server() -> Server | None:
    """The mail server of ALONGSIDE_SMTP_URL, or None where mail waits."""
    if not settings.ALONGSIDE.smtp_url:
        return None
    url = urlsplit(settings.ALONGSIDE.smtp_url)
    is_secret = url.scheme == "smtps"
    usual = 465 if is_secret else 587 if url.username else 25
    return Server.of(url, port=usual, tls_from_the_start=is_secret)


def hand_over(message: bytes, *, sender: str, to: str, server: Server) -> None:
    """Returns once the server has taken responsibility for it.

    Raises Permanent or Temporary, as the server says of this mail, and `errors.Away` where it takes no mail at all;
    where it may have taken this one without saying so, that is Unsure.
    """
    with circuits.through(server.name, what=phrase("The mail server")):
        conversation = _resumed(server, sender, len(message)) or _begun(server, sender, len(message))
        try:
            conversation.carry(message, to)
        except BaseException as wrong:
            _part(conversation, is_well=isinstance(wrong, (Temporary, Permanent)))
            raise
        _part(conversation, is_well=True)


class Conversation(smtplib.SMTP):
    """One with a mail server, over a line that was opened here. It carries one mail after the other."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.carried = 0
        self.is_clean = True
        self.ends: threading.Timer | None = None
        self.line = addresses.connect(server.host, server.port, seconds=WAIT, named=True)
        try:
            with addresses.cut_off(self.line, seconds=2 * WAIT):
                if server.tls_from_the_start:
                    self.line = tls.wrapped(self.line, server.host)
                self.line.settimeout(WAIT)
                super().__init__(server.host, server.port, local_hostname=_our_name(), timeout=WAIT)
                _greet(self, server)
        except BaseException:
            self.line.close()
            raise

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.line

    @property
    def talks_on(self) -> socket.socket:
        """The line as it is now: encryption may have taken it over."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the line is closed")
        return self.sock

    def announce(self, sender: str, size: int) -> None:
        """Say that a mail comes. Until here nothing was said of it, and it may be begun again elsewhere."""
        with addresses.cut_off(self.talks_on, seconds=WAIT):
            self.talks_on.settimeout(WAIT)
            code, words = self.mail(sender, [f"size={size}"] if self.has_extn("size") else [])
        self.is_clean = code != 250
        if code == 552:
            raise Permanent(_said(code, words))
        if code != 250:
            raise Away(_said(code, words))

    def carry(self, message: bytes, to: str) -> None:
        """The mail that was announced, to one address."""
        no_answer = Away
        try:
            with addresses.cut_off(self.talks_on, seconds=IN_ALL):
                code, words = self.rcpt(to)
                if code not in {250, 251}:
                    raise _refused(code, words)
                self.talks_on.settimeout(AFTER_THE_MAIL)
                no_answer = Unsure
                code, words = self.data(message)
        except smtplib.SMTPDataError as refused:  # it takes no mail just now, before it has seen it
            raise _by_code(refused.smtp_code, refused.smtp_error) from refused
        except (smtplib.SMTPException, OSError, TooSlow) as away:
            raise no_answer(_silent(away)) from away
        if code != 250:
            raise _by_code(code, words)
        self.is_clean = True
        self.carried += 1


def _resumed(server: Server, sender: str, size: int) -> Conversation | None:
    """One that is still open, unless the server has ended it meanwhile."""
    while conversation := _take(server):
        try:
            conversation.announce(sender, size)
        except (Away, smtplib.SMTPException, OSError):
            conversation.close()
        except Permanent:
            _part(conversation, is_well=True)
            raise
        else:
            return conversation
    return None


def _begun(server: Server, sender: str, size: int) -> Conversation:
    try:
        conversation = Conversation(server)
        try:
            conversation.announce(sender, size)
        except Permanent:
            _part(conversation, is_well=True)
            raise
        except BaseException:
            conversation.close()
            raise
    except smtplib.SMTPResponseException as refused:
        # Before a mail was named: it is about our address, password or standing.
        raise Away(_said(refused.smtp_code, refused.smtp_error)) from refused
    except (smtplib.SMTPException, OSError) as away:
        raise Away(_silent(away)) from away
    return conversation


def _greet(conversation: smtplib.SMTP, server: Server) -> None:
    conversation.ehlo_or_helo_if_needed()
    is_secret = server.tls_from_the_start
    if not is_secret and conversation.has_extn("starttls"):
        conversation.starttls(context=tls.context())
        conversation.ehlo()
        is_secret = True
    if not server.user:
        return
    if not is_secret and not server.is_here:
        raise Away(phrase("The mail server offers no encryption, and a password is not sent without it."))
    conversation.login(server.user, server.password)


def _our_name() -> str:
    """How we introduce ourselves. Nobody is asked for it: the system's own way asks the network."""
    host = urlsplit(settings.ALONGSIDE.url).hostname or ""
    host = punycode(host)
    return host if "." in host and not host.replace(".", "").isdigit() else "[127.0.0.1]"


# -- conversations that are kept up for a moment -----------------------------------------------------
_idle: defaultdict[Server, list[Conversation]] = defaultdict(list)
_alone = threading.Lock()


def _take(server: Server) -> Conversation | None:
    with _alone:
        conversation = _idle[server].pop() if _idle[server] else None
    if conversation is not None and conversation.ends is not None:
        conversation.ends.cancel()
    return conversation


def _part(conversation: Conversation, *, is_well: bool) -> None:
    """Keep it up for the next mail; or end it, where it has carried many or something went wrong."""
    if not is_well or conversation.carried >= MAILS or not _is_ready(conversation):
        _leave(conversation)
        return
    conversation.ends = threading.Timer(IDLE, _end, [conversation])
    conversation.ends.daemon = True
    with _alone:
        _idle[conversation.server].append(conversation)
    conversation.ends.start()


def _is_ready(conversation: Conversation) -> bool:
    """A mail that was refused half-way is forgotten before the next."""
    if conversation.is_clean:
        return True
    try:
        with addresses.cut_off(conversation.talks_on, seconds=WAIT):
            return conversation.rset()[0] == 250
    except (Away, smtplib.SMTPException, OSError):
        return False


def _end(conversation: Conversation) -> None:
    with _alone:
        if conversation not in _idle[conversation.server]:
            return
        _idle[conversation.server].remove(conversation)
    _leave(conversation)


def _leave(conversation: Conversation) -> None:
    """Say goodbye. What goes wrong now must not make us send again what was accepted."""
    try:
        if conversation.sock is not None:
            conversation.sock.settimeout(GOODBYE)
        conversation.quit()
    except (smtplib.SMTPException, OSError):
        conversation.close()


# -- what the server says ------------------------------------------------------------------------------
def _silent(wrong: BaseException) -> Phrase:
    return phrase("The mail server did not answer: %(why)s", why=discreet(str(wrong))[:400])


def _refused(code: int, words: bytes | str) -> Temporary | Permanent | Away:
    """No to an address; or, named here only because it is asked for here, to us."""
    if code == 421 or code in ABOUT_US:
        return Away(_said(code, words))
    if code < 500:
        return Temporary(_said(code, words))
    return Permanent(_said(code, words), nobody_there=_names_nobody(code, words))


def _names_nobody(code: int, words: bytes | str) -> bool:
    text = _text(words)
    if found := ENHANCED.match(text):
        return found[0] in NOBODY_THERE
    return code in {550, 551, 553} and not OBJECTS.search(text)


def _by_code(code: int, words: bytes | str) -> Temporary | Permanent:
    """No to the mail itself."""
    if code < 500:
        return Temporary(_said(code, words))
    found = ENHANCED.match(_text(words))
    return Permanent(_said(code, words), nobody_there=found is not None and found[0] in NOBODY_THERE)


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _said(code: int, words: bytes | str) -> str:
    return discreet(f"{code} {' '.join(_text(words).split())}")[:500]
