#!/bin/bash
# Prepares the system of an image: base tools, the user that functions run as, and the folders of the contract.
# Run first in the last stage of every Dockerfile, so that all images of one suite share its layer.

set -euo pipefail

apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    bash ca-certificates squashfs-tools tar tini unzip util-linux zstd
# Debian has moved `script` to a package of its own; where there is none, util-linux still brings it.
if ! command -v script > /dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends bsdutils
fi
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /var/cache/debconf/*-old

groupadd --gid 10001 opr
useradd --uid 10001 --gid opr --no-create-home --home-dir /tmp --shell /bin/bash opr

mkdir -p /usr/local/server/src/function /usr/local/server/hooks /usr/local/build /usr/local/cache \
    /mnt/code /mnt/logs /mnt/telemetry /mnt/resources
chown opr:opr /usr/local/server/src/function /usr/local/build /usr/local/cache \
    /mnt/code /mnt/logs /mnt/telemetry
