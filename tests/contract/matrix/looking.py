"""What a view looked at before it answered: one that asked nobody cannot know whether a thing exists.

Two requests that differ in one value run the same way up to the first question about it. A view that put no question to the database
or the cache has therefore answered every id alike, and one that read no value of the query has answered every filter alike: such an
answer stands for all of its kind. Where the watch saw nothing of a view, the view counts as one that looked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.core.cache.backends.redis import RedisCacheClient
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import QueryDict


@dataclass
class Looks:
    """Of one request."""

    entered: bool = False
    questions: int = 0
    names: set[str] = field(default_factory=set)  # of the query, whose values were read
    whole: bool = False  # all values of the query were read
    size: bool = False  # whether there is a query, or what is named in it

    @property
    def blind(self) -> bool:
        """The answer is the same for every id."""
        return self.entered and not self.questions

    def blind_to(self, name: str) -> bool:
        """The answer is the same for every value of this name in the query."""
        return self.entered and not self.whole and name not in self.names

    def unmoved_by(self, name: str) -> bool:
        """The answer is the same with or without this name in the query."""
        return self.blind_to(name) and not self.size


class Watched(QueryDict):
    """A query that notes what is read of it. Of a copy nothing is noted: whoever copies has read all."""

    looks = Looks()

    @classmethod
    def over(cls, query: QueryDict, looks: Looks) -> Watched:
        made = cls(mutable=True)
        for name, values in query.lists():
            made.setlist(name, values)
        made.looks, made._mutable = looks, False
        return made

    def __getitem__(self, name: Any) -> Any:
        self.looks.names.add(name)
        return super().__getitem__(name)

    def _getlist(self, name: Any, *how: Any, **more: Any) -> Any:
        self.looks.names.add(name)
        return super()._getlist(name, *how, **more)  # type: ignore[misc]

    def __contains__(self, name: object) -> bool:
        self.looks.names.add(str(name))
        return super().__contains__(name)

    def __len__(self) -> int:
        self.looks.size = True
        return super().__len__()

    def __iter__(self) -> Iterator[Any]:
        self.looks.size = True
        return super().__iter__()

    def keys(self) -> Any:
        self.looks.size = True
        return super().keys()


def _reads_all(name: str) -> Callable[..., Any]:
    def read(self: Watched, *args: Any, **kwargs: Any) -> Any:
        self.looks.whole = True
        return getattr(QueryDict, name)(self, *args, **kwargs)

    return read


for _name in ("items", "lists", "values", "dict", "copy", "urlencode", "__copy__", "__deepcopy__", "__eq__", "__or__", "__ror__", "__repr__", "__reduce_ex__"):
    setattr(Watched, _name, _reads_all(_name))


class Watch:
    """Stands between the handler and every view; `looks` are those of the request under way."""

    looks = Looks()

    def begin(self) -> Looks:
        self.looks = Looks()
        return self.looks

    def question(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.looks.questions += 1
        return execute(*args)

    def over(self, view: Callable[..., Any]) -> Callable[..., Any]:
        def watched(request: Any, *args: Any, **kwargs: Any) -> Any:
            self.looks.entered = True
            request.GET = Watched.over(request.GET, self.looks)
            with connection.execute_wrapper(self.question):
                response = view(request, *args, **kwargs)
                if callable(getattr(response, "render", None)):
                    response = response.render()
            if response.streaming:  # what it still asks, it asks later
                self.looks.questions += 1
            return response

        watched.__dict__.update(view.__dict__)
        return watched


WATCH = Watch()


@contextmanager
def watched() -> Iterator[None]:
    """While it lasts, every view is watched."""
    atomic, client = BaseHandler.make_view_atomic, RedisCacheClient.get_client

    def at_the_cache(self: Any, *args: Any, **kwargs: Any) -> Any:
        WATCH.looks.questions += 1
        return client(self, *args, **kwargs)

    with ExitStack() as patches:
        # Inside of the view's own transaction: a savepoint is no question.
        patches.enter_context(patch.object(BaseHandler, "make_view_atomic", lambda self, view: atomic(self, WATCH.over(view))))
        patches.enter_context(patch.object(RedisCacheClient, "get_client", at_the_cache))
        yield
