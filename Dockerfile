# One image for all: server, worker, `coopwatch serve` and the command line. See docs/operations.md.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS packages
COPY requirements.lock /tmp/
# every package by the hash in the lock file; it is whole, and older pips cannot resolve extras against hashes
RUN python -m venv /opt/coopwatch \
    && /opt/coopwatch/bin/pip install --no-cache-dir --disable-pip-version-check \
        --no-deps --require-hashes -r /tmp/requirements.lock \
    && /opt/coopwatch/bin/pip check

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="coopwatch"
RUN groupadd --gid 10001 coopwatch \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/coopwatch coopwatch \
    && install --directory --owner coopwatch --group coopwatch /var/lib/coopwatch
COPY --from=packages /opt/coopwatch /opt/coopwatch
COPY . /app
RUN printf '%s\n' '#!/opt/coopwatch/bin/python' 'from flows.cli import main' 'if __name__ == "__main__":' '    main()' \
        > /usr/local/bin/coopwatch \
    && chmod 755 /usr/local/bin/coopwatch \
    && python -m compileall -q /app \
    && ln -s /var/lib/coopwatch /app/var
# no setting of coopwatch: it would hide those kept at the Prefect server; var/ is where the defaults lead
ENV PATH=/opt/coopwatch/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PREFECT_HOME=/var/lib/coopwatch/prefect \
    PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE=prefect.server.concurrency.lease_storage.filesystem \
    PREFECT_SERVER_UI_STATIC_DIRECTORY=/var/lib/coopwatch/ui \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    DO_NOT_TRACK=1
WORKDIR /app
# by number: Kubernetes cannot tell from a name whether it is root's
USER 10001:10001
# a worker answers here while it polls; compose.yaml has another check for the server
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health', timeout=5)"]
CMD ["prefect", "worker", "start", "--pool", "coopwatch", "--type", "process", "--with-healthcheck"]
