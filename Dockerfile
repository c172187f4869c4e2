# One image for all: server, worker, `coopwatch serve` and the command line. See docs/operations.md.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS packages
COPY requirements.lock /tmp/
# every package by the hash in the lock file
RUN python -m venv /opt/coopwatch \
    && /opt/coopwatch/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.lock

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="coopwatch"
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/coopwatch coopwatch
COPY --from=packages /opt/coopwatch /opt/coopwatch
COPY . /app
RUN printf '#!/bin/sh\nexec python -m flows.cli "$@"\n' > /usr/local/bin/coopwatch \
    && chmod 755 /usr/local/bin/coopwatch \
    && python -m compileall -q /app
ENV PATH=/opt/coopwatch/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PREFECT_HOME=/var/lib/coopwatch/prefect \
    PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE=prefect.server.concurrency.lease_storage.filesystem \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    DO_NOT_TRACK=1 \
    COOPWATCH_WAREHOUSE_URL=sqlite:////var/lib/coopwatch/warehouse.db \
    COOPWATCH_CAPTURES=/var/lib/coopwatch/captures
WORKDIR /app
USER coopwatch
VOLUME /var/lib/coopwatch
# a worker answers here while it polls; compose.yaml has another check for the server
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health', timeout=5)"]
CMD ["prefect", "worker", "start", "--pool", "coopwatch", "--type", "process", "--with-healthcheck"]
