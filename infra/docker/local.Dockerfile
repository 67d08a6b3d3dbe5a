# syntax=docker/dockerfile:1
# The whole 'cloudpipe' command over Debian's own libtorch, on the CPU: the source build, which needs no package that a
# partial feed lacks. compose.yaml runs its roles against Azurite.
#   docker build -f infra/docker/local.Dockerfile -t cloudpipe/local .
#
# The tags are pinned. A deployment that must be the same bit for bit names digests instead, which 'docker buildx imagetools
# inspect IMAGE' prints:  --build-arg DEBIAN=debian@sha256:…
ARG DOTNET_SDK=mcr.microsoft.com/dotnet/sdk:10.0.401
ARG DOTNET_RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0.12
# Debian 12 has libtorch 1.13, with which everything was measured.
ARG DEBIAN=debian:12.11-slim

FROM ${DOTNET_SDK} AS sdk
FROM ${DOTNET_RUNTIME} AS dotnet

FROM ${DEBIAN} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates g++ libopenblas0-openmp libssl3 libtorch-dev zlib1g \
 && rm -rf /var/lib/apt/lists/*
# Built for any glibc since 2.27, so that it runs here too.
COPY --from=sdk /usr/share/dotnet /usr/share/dotnet
ENV PATH="${PATH}:/usr/share/dotnet" DOTNET_ROOT=/usr/share/dotnet DOTNET_CLI_TELEMETRY_OPTOUT=1
WORKDIR /src
COPY .editorconfig Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY infra/packages/ infra/packages/
COPY shared/ shared/
COPY functions/ functions/
COPY gpu-worker/ gpu-worker/
COPY infra/local/ infra/local/
RUN dotnet publish infra/local/CloudPipe.Local.csproj -c Release -p:CloudPipePackages=source -o /publish

FROM ${DEBIAN}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="cloudpipe-local" \
      org.opencontainers.image.description="The cloudpipe command: all of it in one process, or functions and workers apart" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates ffmpeg libopenblas0-openmp libssl3 libtorch1.13 zlib1g \
 && rm -rf /var/lib/apt/lists/*
COPY --from=dotnet /usr/share/dotnet /usr/share/dotnet
COPY --from=build /publish /app
ENV PATH="${PATH}:/usr/share/dotnet" \
    DOTNET_ROOT=/usr/share/dotnet \
    HOME=/tmp \
    OMP_WAIT_POLICY=passive \
    CloudPipe__Scoring__CacheFolder=/var/cache/cloudpipe/weights \
    CloudPipe__Training__CacheFolder=/var/cache/cloudpipe/training
RUN mkdir -p /var/cache/cloudpipe && chown 1654:1654 /var/cache/cloudpipe
WORKDIR /tmp
USER 1654:1654
VOLUME ["/var/cache/cloudpipe"]
# Whether storage and queues answer with this container's settings; a minute apart, since each is a process of its own.
HEALTHCHECK --interval=60s --timeout=20s --start-period=30s --retries=3 \
    CMD ["dotnet", "/app/cloudpipe.dll", "queue", "list", "--json"]
ENTRYPOINT ["dotnet", "/app/cloudpipe.dll"]
CMD ["up"]
