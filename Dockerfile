# Slugline in a container: slim, not root, and nothing written but to its volume and /tmp.
# Never built by us: no container engine was at hand. tests/e2e/test_container.py reads this file and runs its commands
# without one. Run it with a read-only root: docker run --init --read-only --tmpfs /tmp -v slugline:/data slugline
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml requirements.txt README.md LICENSE ./
COPY bot bot
COPY adapters adapters
COPY feeds feeds
RUN python -m venv /opt/slugline && /opt/slugline/bin/pip install --no-cache-dir -c requirements.txt '.[postgres]'

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home slugline && install -d -o slugline -m 0700 /data
COPY --from=build /opt/slugline /opt/slugline
# HOME: libraries that want to keep something there get what is gone with the container.
ENV PATH=/opt/slugline/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SLUGLINE_DATA_DIR=/data SLUGLINE_WEB=0.0.0.0:8080
USER slugline
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# Alive while its event loop answers. Whether all is well is another question, which `slugline doctor` and /readyz answer.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=8)"]
CMD ["slugline", "run"]
