using CloudPipe.Configuration;
using CloudPipe.Functions.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddCloudPipePorts().AddCloudPipeSteps();
builder.Build().Run();
