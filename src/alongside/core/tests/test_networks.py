"""Whose address it is, in whatever way a socket or a proxy writes it."""

import pytest

from alongside.core.networks import caller, household, neighbours


@pytest.mark.parametrize(
    ("address", "near", "home"),
    [
        ("192.0.2.77", "192.0.2.0/24", "192.0.2.77"),
        ("192.0.2.77:5123", "192.0.2.0/24", "192.0.2.77"),
        ("::ffff:192.0.2.77", "192.0.2.0/24", "192.0.2.77"),
        ("2001:db8:1:2ff::9", "2001:db8:1:200::/56", "2001:db8:1:2ff::/64"),
        ("[2001:db8:1:2ff::9]", "2001:db8:1:200::/56", "2001:db8:1:2ff::/64"),
        ("[2001:db8:1:2ff::9]:443", "2001:db8:1:200::/56", "2001:db8:1:2ff::/64"),
        ("fe80::1%eth0", "fe80::/56", "fe80::/64"),
        ("unknown", "unknown", "unknown"),
        ("", "", ""),
    ],
)
def test_by_address(address, near, home):
    assert (neighbours(address), household(address)) == (near, home)


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(0, "10.0.0.1"), (1, "192.0.2.3"), (2, "192.0.2.2"), (3, "6.6.6.6"), (4, "10.0.0.1")],
)
def test_as_many_proxies_are_believed_as_there_are(proxies, seen):
    assert caller("10.0.0.1", "6.6.6.6, 192.0.2.2,, 192.0.2.3", proxies) == seen
