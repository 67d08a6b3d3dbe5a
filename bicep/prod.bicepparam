// A deployment for work: private, in all zones, with another region's copy of the data.
// az deployment sub create --location swedencentral --parameters bicep/prod.bicepparam
using './main.bicep'

param environmentName = 'prod'
param location = 'swedencentral'
param gpu = 'a100'
param maxScoreExecutions = 8
param maxTrainExecutions = 2
param minFunctionReplicas = 2
param maxFunctionReplicas = 30
param storageSku = 'Standard_GZRS'
param privateNetworking = true
param zoneRedundant = true
param serviceBusCapacity = 1
param restoreDays = 30
param logRetentionDays = 90
param resultMinutes = 60
param functionsImage = readEnvironmentVariable('SERVICE_FUNCTIONS_IMAGE_NAME', '')
param workerImage = readEnvironmentVariable('SERVICE_WORKER_IMAGE_NAME', '')
param rotateHostKeys = bool(readEnvironmentVariable('CLOUDPIPE_ROTATE_HOST_KEYS', 'true'))
param alertEmail = readEnvironmentVariable('CLOUDPIPE_ALERT_EMAIL', '')
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'ServicePrincipal')
