using CloudPipe.Configuration;
using CloudPipe.Functions.Hosting;
using CloudPipe.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.Services.AddCloudPipeTelemetry("functions").AddCloudPipePorts().AddCloudPipeSteps();
builder.Build().Run();
