// What 'azd up' deploys: azd fills the AZURE_ and SERVICE_ variables in, 'azd env set NAME VALUE' the others.
using './main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param operatorPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param operatorPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
param functionsImage = readEnvironmentVariable('SERVICE_FUNCTIONS_IMAGE_NAME', '')
param workerImage = readEnvironmentVariable('SERVICE_WORKER_IMAGE_NAME', '')
param rotateHostKeys = bool(readEnvironmentVariable('CLOUDPIPE_ROTATE_HOST_KEYS', 'true'))
param gpu = readEnvironmentVariable('CLOUDPIPE_GPU', 't4')
param privateNetworking = bool(readEnvironmentVariable('CLOUDPIPE_PRIVATE_NETWORKING', 'false'))
param alertEmail = readEnvironmentVariable('CLOUDPIPE_ALERT_EMAIL', '')
param defaultRelease = readEnvironmentVariable('CLOUDPIPE_DEFAULT_RELEASE', 'pipesim-atto-v2')
param webhookEndpoints = json(readEnvironmentVariable('CLOUDPIPE_WEBHOOK_ENDPOINTS', '[]'))
