"""A disk that really takes no more, under a house that really runs: it says so on the form, and reading goes on."""

import re
import resource
import urllib.error
import urllib.parse
import urllib.request

import psutil
import pytest

from alongside.cli.tests.town import copy_of

pytestmark = pytest.mark.heavy

A_WALK = """
from alongside.agencies.models import Agency
from alongside.gatherings.tests.cast import a_gathering
print(json.dumps(a_gathering(Agency.objects.get()).public_id))
"""
ANSWERS = """
from alongside.gatherings.models import Rsvp
print(json.dumps(Rsvp.objects.count()))
"""
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture
def town(tmp_path, founded):
    with copy_of(founded, tmp_path) as town:
        yield town


def ask(address, typed=None):
    """The answer's status and its page, without following it further."""
    body = urllib.parse.urlencode(typed).encode() if typed else None
    request = urllib.request.Request(address, body, {"Origin": address.partition("/river")[0]})  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own address
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_an_answer_to_a_walk_on_a_full_disk(town):
    public_id = town.do(A_WALK)
    town.serve()
    form = f"http://127.0.0.1:{town.port}/riverbend/gatherings/{public_id}/join/"
    status, page = town.wait_for(lambda: ask(form))
    assert status == 200
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    typed = {"party": "3", "form_key": key, "email": "ben@neighbors.example"}
    web = psutil.Process(town.child("web").pid)
    web.rlimit(psutil.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))  # no file of its grows any more
    status, page = ask(form, typed)
    assert (status, "Nothing was saved" in page) == (503, True)
    assert 'value="3"' in page
    assert town.do(ANSWERS) == 0
    assert ask(form)[0] == 200, "reading goes on"
    web.rlimit(psutil.RLIMIT_FSIZE, UNLIMITED)
    assert ask(form, typed)[0] == 200
    assert town.do(ANSWERS) == 1
