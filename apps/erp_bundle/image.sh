#!/usr/bin/env bash
# `make image`: builds the Dockerfile and runs CT-01 in the container, with Debian's buildah and
# podman. It needs root; a base image that is here already is used, and fetched otherwise.
#
# BUILD_OPTIONS are handed to buildah, for a machine that needs a proxy or an index of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export ERP_TEST_IMAGE=${IMAGE:-localhost/erp:latest}
# Neither overlay file systems nor cgroups may be had inside of a container.
export STORAGE_DRIVER=${STORAGE_DRIVER:-vfs} BUILDAH_ISOLATION=${BUILDAH_ISOLATION:-chroot}

for tool in buildah podman; do
  command -v "$tool" >/dev/null || {
    echo "make image: there is no $tool here; on Debian: apt-get install buildah podman runc" >&2
    exit 1
  }
done
# What an inner container may have: the limits of this one, and no init system to ask for groups.
mkdir -p build
export CONTAINERS_CONF=$PWD/build/containers.conf
cat >"$CONTAINERS_CONF" <<CONF
[containers]
default_ulimits = ["nofile=$(ulimit -Hn):$(ulimit -Hn)", "nproc=4096:4096"]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
runtime = "${RUNTIME:-runc}"
CONF

revision=$(git rev-parse HEAD)
# Docker's format, since the other one has no place for a HEALTHCHECK.
# shellcheck disable=SC2086  # several options in one variable
buildah build --format docker --build-arg REVISION="$revision" ${BUILD_OPTIONS:-} --tag "$ERP_TEST_IMAGE" .
podman image inspect --format \
  '{{.Id}}: {{.Size}} bytes, user {{.Config.User}}, stops by {{.Config.StopSignal}}, {{.Config.Healthcheck}}' \
  "$ERP_TEST_IMAGE"
"${PYTHON_BIN:-.venv/bin/python}" -m pytest tests/acceptance/test_ct01.py
