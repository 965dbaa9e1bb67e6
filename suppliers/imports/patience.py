"""A long list makes hundreds of thousands of objects that all stay, and not one circle."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_circles() -> Iterator[None]:
    """For the moment of a reading: the search walks over every row again and again, half the time of reading them, and finds nothing.

    What other threads leave behind in circles waits for that moment.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
