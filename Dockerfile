# The packages the site runs with. Nothing is compiled: better-sqlite3 brings its binaries along.
FROM node:26-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:26-slim
WORKDIR /app

# Everything here belongs to root and is only read; these four folders are all that "node" (1000) may write to.
RUN mkdir --mode=0700 /data /data/archives /data/backups /data/cache /data/secrets && chown -R 1000:1000 /data
COPY --from=packages /app/node_modules ./node_modules
COPY package.json thywill CHANGELOG.md ./
COPY public ./public
COPY views ./views
COPY src ./src
# All modules in a few files, which are loaded sooner.
RUN NODE_COMPILE_CACHE= ./thywill bundle

# SQLite sorts big indexes in temporary files, which would not fit into /tmp.
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/compiled \
    SQLITE_TMPDIR=/data/cache \
    HOST=0.0.0.0 \
    PORT=8000 \
    ARCHIVE_DIR=/data/archives \
    BACKUP_DIR=/data/backups \
    CACHE_DIR=/data/cache \
    SECRETS_DIR=/data/secrets

USER 1000:1000
VOLUME ["/data/archives", "/data/backups", "/data/cache", "/data/secrets"]
EXPOSE 8000

# Alive, also while it still reads its archive; /readyz says whether it is ready.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["/app/thywill"]
CMD ["serve"]
