# syntax=docker/dockerfile:1
# 'cloudpipe worker' over TorchSharp's own libtorch, built with the real packages.
#   docker build -f infra/docker/worker.Dockerfile -t cloudpipe/worker .                                     CUDA
#   docker build -f infra/docker/worker.Dockerfile -t cloudpipe/worker:cpu --build-arg DEVICE=cpu .          no GPU
#
# The tags are pinned. A deployment that must be the same bit for bit names digests instead, which 'docker buildx imagetools
# inspect IMAGE' prints:  --build-arg CUDA=nvidia/cuda@sha256:…
ARG DEVICE=cuda
ARG DOTNET_SDK=mcr.microsoft.com/dotnet/sdk:10.0.401
ARG DOTNET_RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0.12
# The CUDA that TorchSharp 0.106's libtorch 2.10 is built for. The base variant: cuBLAS and cuDNN come with libtorch.
ARG CUDA=nvidia/cuda:12.8.1-base-ubuntu24.04
ARG UBUNTU=ubuntu:24.04

FROM ${DOTNET_SDK} AS build
ARG DEVICE
WORKDIR /src
COPY .editorconfig Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY shared/CloudPipe.Shared.csproj shared/
COPY functions/CloudPipe.Functions.csproj functions/
COPY gpu-worker/CloudPipe.GpuWorker.csproj gpu-worker/
COPY infra/local/CloudPipe.Local.csproj infra/local/
RUN dotnet restore infra/local/CloudPipe.Local.csproj -r linux-x64 -p:CloudPipePackages=nuget -p:CloudPipeTorch=${DEVICE}
COPY shared/ shared/
COPY functions/ functions/
COPY gpu-worker/ gpu-worker/
COPY infra/local/ infra/local/
RUN dotnet publish infra/local/CloudPipe.Local.csproj -c Release -r linux-x64 --self-contained false --no-restore \
      -p:CloudPipePackages=nuget -p:CloudPipeTorch=${DEVICE} -o /publish

FROM ${DOTNET_RUNTIME} AS dotnet

FROM ${CUDA} AS base-cuda
FROM ${UBUNTU} AS base-cpu

FROM base-${DEVICE} AS worker
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="cloudpipe-worker" \
      org.opencontainers.image.description="CloudPipe's worker: scores shards and trains folds" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# ffmpeg decodes tiles; libgomp is OpenMP's, which libtorch asks for; libssl and zlib are .NET's.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates ffmpeg libgomp1 libssl3t64 zlib1g \
 && rm -rf /var/lib/apt/lists/*
COPY --from=dotnet /usr/share/dotnet /usr/share/dotnet
COPY --from=build /publish /app

# Idle OpenMP threads sleep: beside ffmpeg, spinning ones make a network several times slower.
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
# None: the worker listens nowhere, and it is the container's first process, so that its end is the container's. One that
# hangs loses its message's lock, and a job's time-out ends it.
HEALTHCHECK NONE
ENTRYPOINT ["dotnet", "/app/cloudpipe.dll"]
CMD ["worker"]
