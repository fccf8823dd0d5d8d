# Slugline in a container: slim, not root, nothing but the data directory written.
# Never built by us: no container engine was at hand. What it installs and starts is tested as a wheel, without one.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml requirements.txt README.md LICENSE ./
COPY bot bot
COPY adapters adapters
COPY feeds feeds
RUN python -m venv /opt/slugline && /opt/slugline/bin/pip install --no-cache-dir -c requirements.txt '.[postgres]'

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home slugline && install -d -o slugline /data
COPY --from=build /opt/slugline /opt/slugline
ENV PATH=/opt/slugline/bin:$PATH SLUGLINE_DATA_DIR=/data PYTHONUNBUFFERED=1
USER slugline
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=20s CMD ["slugline", "doctor", "--quiet"]
CMD ["slugline", "run"]
