# syntax=docker/dockerfile:1
# The Azure Functions host with CloudPipe's functions and ffmpeg, built with the real packages.
#   docker build -f infra/docker/functions.Dockerfile -t cloudpipe/functions .
#
# The tags are pinned. A deployment that must be the same bit for bit names digests instead, which 'docker buildx imagetools
# inspect IMAGE' prints:  --build-arg DOTNET_SDK=mcr.microsoft.com/dotnet/sdk@sha256:…
ARG DOTNET_SDK=mcr.microsoft.com/dotnet/sdk:10.0.401
ARG FUNCTIONS_HOST=mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0

FROM ${DOTNET_SDK} AS build
WORKDIR /src
# The packages first: they are fetched again only when the project files change.
COPY .editorconfig Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY shared/CloudPipe.Shared.csproj shared/
COPY functions/CloudPipe.Functions.csproj functions/
RUN dotnet restore functions/CloudPipe.Functions.csproj -p:CloudPipePackages=nuget
COPY shared/ shared/
COPY functions/ functions/
RUN dotnet publish functions/CloudPipe.Functions.csproj -c Release -p:CloudPipePackages=nuget --no-restore -o /publish

FROM ${FUNCTIONS_HOST}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="cloudpipe-functions" \
      org.opencontainers.image.description="CloudPipe's Azure Functions: ingest, cut, reduce, deliver, the HTTP API" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="mcr.microsoft.com/azure-functions/dotnet-isolated:4-dotnet-isolated10.0"

# ffmpeg and ffprobe read videos; curl is for the health check. The distribution's own versions, so that its security
# updates come with a new build and a scanner knows every file by its package.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl ffmpeg \
 && rm -rf /var/lib/apt/lists/*

# The host keeps what it writes below its home and in /tmp; everything else may be read-only.
ENV ASPNETCORE_URLS=http://+:8080 \
    AzureFunctionsJobHost__logging__console__isEnabled=true \
    HOME=/home/app
RUN mkdir -p /home/app /home/data /home/LogFiles /azure-functions-host/Secrets \
 && chown -R 1654:1654 /home/app /home/data /home/LogFiles /azure-functions-host/Secrets
COPY --from=build /publish /home/site/wwwroot

# 'app' of the .NET images, by number: Kubernetes only believes numbers.
USER 1654:1654
EXPOSE 8080
# Answered by the host itself once it runs, without a key.
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=4 \
    CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://localhost:8080/admin/host/ping"]
