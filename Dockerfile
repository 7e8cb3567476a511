# The server alone: `docker run --read-only -v erp:/data -p 8080:8080 <image>`.
#
# What is built in the first stage is all that there is in the second: no shell, no package manager,
# no C library but the bundle's own.
FROM python:3.11-slim AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends binutils \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
ENV PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-compile '.[server]' certifi packaging \
 && PYTHONPATH=apps /opt/venv/bin/python -m erp_bundle
# The volume inherits its owner from the folder it covers.
RUN mkdir -p /volume && mv build/bundle/data /volume/data

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ERP" \
      org.opencontainers.image.description="An ERP with its embedded database, for an empty machine" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION
COPY --from=build /src/build/bundle/ /
COPY --from=build --chown=65532:65532 /volume/ /
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENV PATH=/usr/bin \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    ERP_HOST=0.0.0.0 \
    ERP_DATABASE_URL=sqlite:////data/erp.db \
    ERP_STORAGE_DIR=/data/storage
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["/usr/bin/erp", "health"]
ENTRYPOINT ["/usr/bin/erp"]
CMD ["serve"]
