// A small deployment to try things out: no GPU, one zone, short memory.
// az deployment sub create --location westeurope --parameters bicep/dev.bicepparam
using './main.bicep'

param environmentName = 'dev'
param location = 'westeurope'
param gpu = 'none'
param maxScoreExecutions = 2
param maxFunctionReplicas = 2
param functionCpu = '1'
param functionMemory = '2Gi'
param storageSku = 'Standard_LRS'
param registrySku = 'Basic'
param shardDays = 7
param predictionDays = 7
param restoreDays = 3
param logDailyQuotaGb = 1
param functionsImage = readEnvironmentVariable('SERVICE_FUNCTIONS_IMAGE_NAME', '')
param workerImage = readEnvironmentVariable('SERVICE_WORKER_IMAGE_NAME', '')
param rotateHostKeys = bool(readEnvironmentVariable('CLOUDPIPE_ROTATE_HOST_KEYS', 'true'))
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
