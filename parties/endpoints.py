"""What every address of the API shares: bodies and filters judged before a verb sees them, cursor pages, shapes, one schema."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import override
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ParseError, UnsupportedMediaType
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from foundation.actor import Actor, Hat
from foundation.asked import moment_of, seen
from foundation.errors import WORDS, FieldsToMend, in_both_languages, pointers
from jobs.idempotency import HEADER, Repeatable
from parties.fields import is_in_reach, out_of_reach

PAGE, MOST = 50, 200
DEEPEST = 20
PROBLEM = "application/problem+json"


class StrictJson(JSONParser):
    """JSON that can be kept: a body too deep to walk is unreadable, not an error of ours."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError from None


class Endpoint(Repeatable):
    """One address. A class names its `hats`; its methods are made with verb()."""

    hats: tuple[Hat, ...] = ()
    parser_classes = [StrictJson]


class Said(serializers.Serializer):
    """What a caller sends. A name that is not known here is refused, never ignored: a typing error must not pass for a wish."""

    unknown = "field_unknown"

    def to_internal_value(self, data: Any) -> Any:
        strange = [name for name in data if name not in self.fields] if isinstance(data, Mapping) else []
        if strange:
            raise serializers.ValidationError({name: [ErrorDetail(str(WORDS[self.unknown]), code=self.unknown)] for name in strange})
        return super().to_internal_value(data)


class Filters(Said):
    """What a list may be asked for; the names are those of the page."""

    unknown = "filter_unknown"


class PageFilters(Filters):
    after = serializers.CharField(required=False, max_length=600, help_text="The cursor of a page, from `next` of the page before.")
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=MOST, default=PAGE)


class Shape(serializers.Serializer):
    """What we answer."""


class Problem(Shape):
    """RFC 9457, with both languages."""

    type = serializers.CharField(help_text="The page that explains this code.")
    status = serializers.IntegerField()
    code = serializers.CharField()
    title = serializers.DictField(child=serializers.CharField(), help_text="The sentence, by language: zh and en.")
    errors = serializers.ListField(child=serializers.DictField(), required=False, help_text="pointer or parameter, code, message.")  # type: ignore[assignment]  # RFC 9457 names it so


class Words(Shape):
    zh = serializers.CharField(allow_blank=True)
    en = serializers.CharField(allow_blank=True)


@extend_schema_field(Words)
class InBoth(serializers.Field):
    """A name or a text as the row keeps it in both languages: `text_zh` and `text_en` become {"zh", "en"}."""

    def __init__(self, prefix: str) -> None:
        super().__init__(source="*", read_only=True)
        self.prefix = prefix

    def to_representation(self, value: Any) -> dict[str, str]:
        return {"zh": _of(value, f"{self.prefix}_zh"), "en": _of(value, f"{self.prefix}_en")}


def _of(row: Any, path: str) -> str:
    for name in path.split("."):
        row = row[name] if isinstance(row, Mapping) else getattr(row, name)
    return str(row)


def heard(kind: type[Said], data: Any, *, at: str = "pointer") -> dict[str, Any]:
    """The values of a body (`at` "pointer") or of an address ("parameter"). Raises FieldsToMend with every place, in both languages."""
    _check_storable(data)
    data = _seen(data)
    form = kind(data=data)
    if form.is_valid():
        _check_days(form.validated_data, at=at)
        return form.validated_data
    told = []
    for language in ("en", "zh-hans"):
        with override(language):
            form = kind(data=data)
            form.is_valid()
            told.append(list(pointers(form.errors)))
    errors = []
    for en, zh in zip(*told, strict=True):
        place = en["pointer"] if at == "pointer" else en["pointer"].strip("/")
        errors.append({at: place, "code": en["code"], "message": {"zh": zh["message"], "en": en["message"]}})
    raise FieldsToMend(errors)


def _check_storable(value: Any, at: str = "", depth: int = 0) -> None:
    """PostgreSQL keeps neither NUL nor half a surrogate pair; and nothing of ours is nested deeper than a few levels."""
    if depth > DEEPEST:
        raise ParseError
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise FieldsToMend([_place(at, "text_unstorable")])
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _check_storable(key, f"{at}/?", depth + 1)
            _check_storable(inner, f"{at}/{key}", depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _check_storable(inner, f"{at}/{number}", depth + 1)


def _check_days(value: Any, path: str = "", *, at: str) -> None:
    """Every day within reach, as those of forms are. Moments are a device's, whose clock may be wrong: each verb judges its own."""
    if isinstance(value, date) and not isinstance(value, datetime) and not is_in_reach(value):
        raise FieldsToMend([_place(path if at == "pointer" else path.strip("/"), "year_out_of_reach", at=at, facts=out_of_reach().facts)])
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _check_days(inner, f"{path}/{key}", at=at)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _check_days(inner, f"{path}/{number}", at=at)


def _seen(value: Any) -> Any:
    """A body without what nobody sees; a form was read so by the middleware. The depth is checked already."""
    if isinstance(value, str):
        return seen(value)
    if isinstance(value, list):
        return [_seen(inner) for inner in value]
    return {key: _seen(inner) for key, inner in value.items()} if type(value) is dict else value


def _place(pointer: str, code: str, *, at: str = "pointer", facts: dict[str, Any] | None = None) -> dict[str, Any]:
    return {at: pointer, "code": code, "message": in_both_languages(code, facts or {})}


@dataclass(frozen=True)
class Asked:
    """What a page was asked for: its size, where it goes on, and the filters that were named."""

    size: int
    after: Any
    filters: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """Rows of a page, one more than its size if there are more, and what places a row in the order of the list."""

    rows: Sequence[Any]
    key: Callable[[Any], Sequence[Any]]


_READERS: dict[type, Callable[[Any], Any]] = {datetime: moment_of, date: date.fromisoformat, UUID: UUID, int: int, str: str}


def cursor_of(values: Sequence[Any]) -> str:
    """An opaque cursor after a row."""
    text = json.dumps([v.isoformat() if isinstance(v, date) else str(v) for v in values], ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(cursor: str, kinds: Sequence[type]) -> tuple[Any, ...]:
    """What a cursor names. Raises FieldsToMend for one that is not of this list."""
    try:
        said = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
        if not isinstance(said, list) or len(said) != len(kinds) or not all(isinstance(each, str) for each in said):
            raise ValueError(cursor)
        found = tuple(_READERS[kind](each) for kind, each in zip(kinds, said, strict=True))
        _check_storable(list(found))
        if None in found or any(isinstance(v, int) and abs(v) > 2**31 - 1 for v in found):
            raise ValueError(cursor)
    except (ValueError, RecursionError, ParseError, FieldsToMend):
        raise FieldsToMend([_place("after", "cursor_unreadable", at="parameter")]) from None
    return found


def asked_of(request: Any, kind: type[Filters], place: Sequence[type] | None) -> Asked:
    """The address of a list, judged."""
    sent = {name: value for name, value in request.query_params.items() if value}
    # Most pages are asked for by a cursor or by nothing at all: a cursor is judged by place_of().
    said = sent if place and sent.keys() <= {"after"} else dict(heard(kind, sent, at="parameter"))
    after, size = said.pop("after", ""), said.pop("page_size", PAGE)
    return Asked(size, place_of(after, place) if after and place else None, said)


def next_page(request: Any, cursor: str) -> str:
    """The address of the next page: this one, with another cursor."""
    query = {**request.query_params.dict(), "after": cursor}
    return f"{request.path}?{urlencode(query)}"


def paged(request: Any, page: Page, size: int, shape: type[serializers.BaseSerializer]) -> dict[str, Any]:
    """The answer of a list."""
    kept = page.rows[:size]
    onward = next_page(request, cursor_of(page.key(kept[-1]))) if len(page.rows) > size else None
    return {"results": shape(kept, many=True).data, "next": onward}


def page_shape(shape: type[serializers.BaseSerializer]) -> Any:
    """The schema of a list: its rows, and the address of the next page."""
    onward = serializers.CharField(allow_null=True, help_text="The address of the next page, or null at the end.")
    return inline_serializer(f"{shape.__name__}Page", {"results": shape(many=True), "next": onward})


KEY_HEADER = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Up to 255 characters. The same key with the same body gets the same answer and is done once.",
)


def verb(
    summary: str, *, takes: type[Said] | None = None, gives: Any = None, status: int = 200, asks: type[Filters] | None = None,
    page: Sequence[type] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]:  # fmt: skip
    """A method of an endpoint: `method(self, actor, **ids)`, with `said=` the judged body and `asked=` the judged filters.

    What it returns is shaped by `gives`; with `page`, the types of a cursor, it returns a Page. The schema is told the same.
    """
    asks = asks or (PageFilters if page else None)

    def wrap(method: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
        @wraps(method)
        def answered(self: Any, request: Any, **given: Any) -> HttpResponseBase:
            if asks is not None:
                given["asked"] = asked_of(request, asks, page)
            if takes is not None:
                given["said"] = heard(takes, _body(self, request))
            actor: Actor = request.user
            made = method(self, actor, **given)
            if isinstance(made, HttpResponseBase):
                return made
            if isinstance(made, Page):
                return Response(paged(request, made, given["asked"].size, gives))
            many = isinstance(gives, serializers.ListSerializer)
            return Response(
                None if gives is None else (gives.child.__class__(made, many=True) if many else gives(made)).data, status=status
            )

        return _described(answered, summary, takes=takes, gives=page_shape(gives) if page else gives, status=status, asks=asks)

    return wrap


def _body(view: Any, request: Any) -> Any:
    # The middleware has read a form already; the framework would then take it for an empty body.
    if request._request.content_type.startswith("multipart/") and MultiPartParser not in view.parser_classes:
        raise UnsupportedMediaType(request._request.content_type)
    return request.data


def _described(method: Any, summary: str, *, takes: Any, gives: Any, status: int, asks: Any) -> Any:
    owner, name = method.__qualname__.split(".")[-2:]
    media = _media(takes)
    writes = name in ("post", "put", "patch", "delete")
    answers = {(status, "application/json"): gives} if gives is not None else {status: None}
    told = extend_schema(
        operation_id=f"{owner}_{name}", summary=summary, description=summary, request=media if writes else None,
        parameters=[*([asks] if asks else []), *([KEY_HEADER] if writes else [])],
        responses={**answers, ("4XX", PROBLEM): Problem},
    )  # fmt: skip
    return told(method)


def _media(takes: type[Said] | None) -> Any:
    """A body with a file comes as a form; where the file may be missing, JSON will do."""
    files = [field for field in takes().fields.values() if isinstance(field, serializers.FileField)] if takes else []
    if not files:
        return takes
    form = {"multipart/form-data": takes}
    return form if any(field.required for field in files) else {**form, "application/json": takes}


__all__ = [
    "MOST", "PAGE", "Asked", "Endpoint", "Filters", "InBoth", "Page", "PageFilters", "Problem", "Said", "Shape", "StrictJson", "Words",
    "asked_of", "cursor_of", "heard", "next_page", "page_shape", "paged", "place_of", "verb",
]  # fmt: skip
