# syntax=docker/dockerfile:1
# 'cloudpipe worker' over the libtorch of a PyTorch image: the source build, for a feed without TorchSharp's packages or for
# a GPU that only a newer PyTorch knows. It has no package of Service Bus: it works with Storage Queues.
#   docker build -f infra/docker/worker-pytorch.Dockerfile -t cloudpipe/worker:pytorch .
#
# The tags are pinned. A deployment that must be the same bit for bit names digests instead, which 'docker buildx imagetools
# inspect IMAGE' prints:  --build-arg PYTORCH=pytorch/pytorch@sha256:…
ARG DOTNET_SDK=mcr.microsoft.com/dotnet/sdk:10.0.401
ARG DOTNET_RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0.12
# 2.6 is the newest that the native part was compiled against and tested with; the runtime image has the headers too.
ARG PYTORCH=pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime

FROM ${DOTNET_SDK} AS sdk
FROM ${DOTNET_RUNTIME} AS dotnet

FROM ${PYTORCH} AS torch
# One path for every image, whatever its Python: the native part remembers it.
RUN ln -s "$(python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))')" /opt/torch

FROM torch AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates g++ libssl3 zlib1g \
 && rm -rf /var/lib/apt/lists/*
COPY --from=sdk /usr/share/dotnet /usr/share/dotnet
ENV PATH="${PATH}:/usr/share/dotnet" DOTNET_ROOT=/usr/share/dotnet DOTNET_CLI_TELEMETRY_OPTOUT=1 TORCH_HOME=/opt/torch
WORKDIR /src
COPY .editorconfig Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY infra/packages/ infra/packages/
COPY shared/ shared/
COPY functions/ functions/
COPY gpu-worker/ gpu-worker/
COPY infra/local/ infra/local/
RUN dotnet publish infra/local/CloudPipe.Local.csproj -c Release -p:CloudPipePackages=source -o /publish

FROM torch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="cloudpipe-worker-pytorch" \
      org.opencontainers.image.description="CloudPipe's worker over PyTorch's libtorch: scores shards and trains folds" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates ffmpeg libssl3 zlib1g \
 && rm -rf /var/lib/apt/lists/*
COPY --from=dotnet /usr/share/dotnet /usr/share/dotnet
COPY --from=build /publish /app
ENV PATH="${PATH}:/usr/share/dotnet" \
    DOTNET_ROOT=/usr/share/dotnet \
    DOTNET_gcServer=0 \
    HOME=/tmp \
    OMP_WAIT_POLICY=passive \
    CloudPipe__Scoring__CacheFolder=/var/cache/cloudpipe/weights \
    CloudPipe__Training__CacheFolder=/var/cache/cloudpipe/training
RUN mkdir -p /var/cache/cloudpipe && chown 1654:1654 /var/cache/cloudpipe
WORKDIR /tmp
USER 1654:1654
VOLUME ["/var/cache/cloudpipe"]
# None: the worker listens nowhere, and it is the container's first process, so that its end is the container's.
HEALTHCHECK NONE
ENTRYPOINT ["dotnet", "/app/cloudpipe.dll"]
CMD ["worker"]
