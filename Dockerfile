# The server with its embedded database: `docker run -v erp:/data -p 8080:8080 <image>`.
FROM python:3.11-slim AS build
WORKDIR /src
COPY . .
ENV PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt PIP_NO_CACHE_DIR=1
RUN pip wheel --no-deps --wheel-dir /wheels . \
 && python -m venv /opt/erp \
 && /opt/erp/bin/pip install "$(echo /wheels/*.whl)[server]"

FROM python:3.11-slim
COPY --from=build /opt/erp /opt/erp
# The volume inherits its owner from the folder it covers.
RUN install -d -o 65532 -g 65532 -m 0700 /data
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENV PATH=/opt/erp/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ERP_HOST=0.0.0.0 \
    ERP_DATABASE_URL=sqlite:////data/erp.db
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as w; w.urlopen(f\"http://127.0.0.1:{os.environ.get('ERP_PORT', '8080')}/health\", timeout=2)"]
CMD ["erp", "serve"]
