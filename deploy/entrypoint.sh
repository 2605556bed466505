#!/bin/sh
# One image, one role per container: api, worker, migrate, or any other command of xubao.
set -eu
cd /app
case "${1:-api}" in
  api) exec node --enable-source-maps dist/src/main-api.js ;;
  worker) exec node --enable-source-maps dist/src/main-worker.js ;;
  *) exec node --enable-source-maps dist/src/cli.js "$@" ;;
esac
