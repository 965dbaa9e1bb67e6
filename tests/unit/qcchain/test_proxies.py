"""Behind a proxy the caller's address is the caller's, and nobody chooses their own."""

import pytest

from qcchain.proxies import behind

NETWORKS = "172.16.0.0/12, 10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "comes_from", "says", "counts_as"),
    [
        (NETWORKS, "172.18.0.9", "198.51.100.7", "198.51.100.7"),
        (NETWORKS, "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (NETWORKS, "172.18.0.9", "203.0.113.5, 198.51.100.7", "198.51.100.7"),  # the first was written by the caller
        (NETWORKS, "172.18.0.9", "198.51.100.7, 172.18.0.3", "198.51.100.7"),
        (NETWORKS, "203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("", "172.18.0.9", "198.51.100.7", "172.18.0.9"),
    ],
)
def test_the_address_that_counts(proxies: str, comes_from: str, says: str, counts_as: str) -> None:
    heard = behind(lambda environ, _start: environ["REMOTE_ADDR"], proxies)

    assert heard({"REMOTE_ADDR": comes_from, "HTTP_X_FORWARDED_FOR": says}, None) == counts_as
