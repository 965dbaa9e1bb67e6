"""A write that arrives twice is done once: the same key with the same body gets the stored answer again."""

from __future__ import annotations

import hashlib
import re
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.actor import Actor
from foundation.errors import RuleBroken
from jobs.models import IdempotencyKey

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
_KEY = re.compile(r"[\x20-\x7e]{1,255}")


class Answered(Exception):
    """This request was answered before; `response` is that answer."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


class Repeatable(APIView):
    """A view whose writes may carry an Idempotency-Key. Only answers of success are kept: what was refused may be tried again.

    The answer is stored in the transaction of the effect: either both are there or neither.
    """

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    _open: tuple[str, str] | None = None  # (key, fingerprint) of a write whose answer is to be kept

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._open = None
        key = request.headers.get(HEADER)
        if key is None or request.method not in WRITES:
            return
        if not _KEY.fullmatch(key):
            raise RuleBroken("idempotency_key_invalid")
        _take_turns(request, key)
        mark = fingerprint(request)
        kept = IdempotencyKey.objects.visible_to(speaker(request)).filter(hat=speaker(request).hat.value, key=key).first()
        if kept is None:
            self._open = (key, mark)
            return
        if kept.fingerprint != mark:
            raise RuleBroken("idempotency_key_reused")
        raise Answered(HttpResponse(kept.body["text"], status=kept.status, content_type="application/json", headers={REPLAYED: "true"}))

    def handle_exception(self, exc: Exception) -> Any:
        return exc.response if isinstance(exc, Answered) else super().handle_exception(exc)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        final: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if self._open is not None and 200 <= final.status_code < 300 and isinstance(final, Response):
            key, mark = self._open
            text = "" if final.data is None else JSONRenderer().render(final.data).decode()
            IdempotencyKey.objects.bulk_create(
                [
                    IdempotencyKey(
                        org_id=speaker(request).org_id, hat=speaker(request).hat.value, key=key, fingerprint=mark, status=final.status_code,
                        body={"text": text}, at=timezone.now(),
                    )
                ]
            )  # fmt: skip
        return final


def speaker(request: Request) -> Actor:
    """Who sent the request: authentication has put the actor where the framework keeps a user."""
    return cast(Actor, request.user)


def _take_turns(request: Request, key: str) -> None:
    # Held until the request's transaction ends: of two at once, the second waits and then finds the answer of the first.
    actor = speaker(request)
    whose = f"idempotency {actor.org_id} {actor.hat.value} {key}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [whose])


def fingerprint(request: Request) -> str:
    """What makes two requests the same: method, address and body. Keyed, because a body may hold a password."""
    plain = request._request
    digest = hashlib.sha256(f"{plain.method} {plain.get_full_path()}\n".encode())
    if plain.method == "POST" and plain.content_type == "multipart/form-data":  # its boundary differs each time
        for name, values in sorted(plain.POST.lists()):
            digest.update(repr((name, values)).encode())
        for name, file in sorted(cast(dict[str, UploadedFile], plain.FILES).items()):
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    else:
        digest.update(plain.body)
    return salted_hmac("jobs.idempotency", digest.digest(), algorithm="sha256").hexdigest()
