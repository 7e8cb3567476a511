#!/usr/bin/env bash
# `make image`: builds the Dockerfile and runs CT-01 in the container, with Debian's buildah and
# podman. It needs root; a base image that is here already is used, and fetched otherwise.
#
# BUILD_OPTIONS are handed to buildah, for a machine that needs a proxy or an index of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export ERP_TEST_IMAGE=${IMAGE:-localhost/erp:latest}
# Neither overlay file systems nor cgroups may be had inside of a container.
export STORAGE_DRIVER=${STORAGE_DRIVER:-vfs} BUILDAH_ISOLATION=${BUILDAH_ISOLATION:-chroot}

for tool in buildah podman; do
  command -v "$tool" >/dev/null || {
    echo "make image: there is no $tool here; on Debian: apt-get install buildah podman runc" >&2
    exit 1
  }
done
revision=$(git rev-parse HEAD)
# shellcheck disable=SC2086  # several options in one variable
buildah build --build-arg REVISION="$revision" ${BUILD_OPTIONS:-} --tag "$ERP_TEST_IMAGE" .
podman image inspect --format \
  '{{.Id}}: {{.Size}} bytes, user {{.Config.User}}, stops by {{.Config.StopSignal}}' \
  "$ERP_TEST_IMAGE"
"${PYTHON_BIN:-.venv/bin/python}" -m pytest tests/acceptance/test_ct01.py
