import pytest

from tests.agreed import forget_wrong_passwords


@pytest.fixture(autouse=True)
def _no_wrong_passwords_yet(servers):
    """Wrong passwords are counted in the cache, which no rollback touches."""
    forget_wrong_passwords()
