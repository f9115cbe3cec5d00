"""A bad setting stops the start with one clear line."""

import subprocess
import sys

import pytest

from alongside.config.options import ROOT, Options, load

SETTINGS = "from alongside.config import settings"
SHOW = f"{SETTINGS}; print(settings.COLLECTED, settings.STORAGES['staticfiles']['BACKEND'])"
STALE = "from alongside.core import built; vars(built.COLLECTED)['stamp'] = 'nowhere'"


def start_with(tmp_path, script: str = SETTINGS, **environment: str) -> subprocess.CompletedProcess:
    base = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"), "ALONGSIDE_DATA": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**base, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root@localhost/alongside"),
        ("ALONGSIDE_SMTP_URL", "mail.example.org"),
        ("ALONGSIDE_IMAP_URL", "https://mail.example.org"),
        ("ALONGSIDE_MAIL_RETURNS", "returns"),
        ("ALONGSIDE_URL", "riverbend.example"),
        ("ALONGSIDE_WEATHER_URL", "api.weather.gov"),
        ("ALONGSIDE_WEB_THREADS", "many"),
        ("ALONGSIDE_PROXIES", "-1"),
        ("ALONGSIDE_REQUIRE_MFA", "perhaps"),
    ],
)
def test_a_bad_value_is_named(monkeypatch, capsys, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        load()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"alongside: {name}: ")
    assert said.count("\n") == 1


def test_a_bad_value_stops_the_start(tmp_path):
    done = start_with(tmp_path, ALONGSIDE_URL="riverbend.example")
    assert done.returncode == 2
    assert done.stderr.startswith("alongside: ALONGSIDE_URL: ")
    assert done.stderr.count("\n") == 1


def test_good_values_start(tmp_path):
    done = start_with(
        tmp_path, ALONGSIDE_URL="https://walks.example.gov/", ALONGSIDE_HOSTS="a.example, b.example"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("said", "asked"),
    [(None, "https://api.weather.gov"), ("", ""), ("off", ""), ("http://here:1/", "http://here:1")],
)
def test_the_weather_service_is_asked_unless_somebody_says_no(monkeypatch, said, asked):
    monkeypatch.delenv("ALONGSIDE_WEATHER_URL", raising=False)
    if said is not None:
        monkeypatch.setenv("ALONGSIDE_WEATHER_URL", said)
    assert Options().weather_url == asked


def test_hosts_are_a_list_of_words():
    assert Options(hosts="a.example, b.example").hosts == ["a.example", "b.example"]


def test_keys_are_made_once_and_are_private(tmp_path):
    start_with(tmp_path)
    key = tmp_path / "keys" / "session"
    first = key.read_text()
    assert key.stat().st_mode & 0o077 == 0
    start_with(tmp_path)
    assert key.read_text() == first


def test_what_was_collected_before_an_upgrade_does_not_win(tmp_path):
    """Its manifest would name yesterday's files, and know none of the new ones."""
    today = start_with(tmp_path, SHOW).stdout.split()
    assert today == ["True", "whitenoise.storage.CompressedManifestStaticFilesStorage"], "the premise"
    stale = start_with(tmp_path, f"{STALE}; {SHOW}").stdout.split()
    assert stale == ["False", "django.contrib.staticfiles.storage.StaticFilesStorage"]
