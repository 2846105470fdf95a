# One image for all services; the command chooses which: `docker run backstep:local apps/order/dist/main.js`.

# By tag: a digest is for whoever has looked it up, `--build-arg NODE_IMAGE=<image>@sha256:…`; see SECURITY.md.
ARG NODE_IMAGE=node:22-slim

# Only what decides which packages are installed, so that the stages that install them stay cached while code changes.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /repository
COPY . .
RUN mkdir /manifests && find . -name package.json -o -name package-lock.json | xargs cp --parents --target-directory=/manifests

# The services' packages, and nothing that only builds or tests. `--omit=optional` leaves out the embedded PostgreSQL,
# which the command line brings along for `npm start`.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY --from=manifests /manifests ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --workspace=apps --workspace=tools/cli --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY --from=manifests /manifests ./
# With the optional ones, as the bundler of the console is a native program that npm installs as such.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig*.json ./
COPY libs libs
COPY apps apps
COPY proof proof
COPY tools tools
# A project brings the libraries that it refers to; what runs needs no declarations and no source maps.
RUN node_modules/.bin/tsc -b apps/* tools/cli \
    && npm run bundle --workspace=apps/console \
    && mkdir /built \
    && find apps libs proof tools \( -name node_modules -o -name src \) -prune -o -type f \
       \( -path '*/dist/*.js' -o -path '*/dist/site/*' -o -path '*/bin/*' -o -path '*/assets/*' -o -name package.json \) -print \
    | xargs cp --parents --target-directory=/built

FROM ${NODE_IMAGE}
ARG VERSION=local
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Backstep" \
      org.opencontainers.image.description="Orders across services that share no database, never left half done." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# A named volume takes over the owner of the folder it is mounted on.
RUN install --directory --owner=node --group=node /data
WORKDIR /app
# All of it: a package that two of ours want in two versions lies beside the one that wants the rarer.
COPY --from=packages /app ./
COPY --from=build /built ./
COPY tools/containers/healthcheck.mjs ./healthcheck.mjs
# Each service listens in its own container; who may reach it is the network's business.
ENV NODE_ENV=production REVISION=${REVISION} HOST=0.0.0.0
USER node
# Not a shell, so that signals arrive. Run it with `--init`: as process 1, Node would adopt orphans and ignore what it has no handler for.
ENTRYPOINT ["node"]
HEALTHCHECK --interval=10s --timeout=10s --start-period=180s --start-interval=1s --retries=3 CMD ["node", "/app/healthcheck.mjs"]
