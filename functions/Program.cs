using CloudPipe.Configuration;
using CloudPipe.Functions.Hosting;
using CloudPipe.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

// It writes requests' addresses with their parameters, one of which may be a key.
builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
builder.Services.AddCloudPipeTelemetry("functions").AddCloudPipePorts().AddCloudPipeSteps();
builder.Build().Run();
