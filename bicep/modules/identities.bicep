// Three identities, so that each can do only what its process does. None of them has a key or a password.

param location string
param tags object
param namePrefix string

@description('The Azure Functions: ingest, cut, reduce, deliver, plan, the HTTP API.')
resource functions 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${namePrefix}-functions'
  location: location
  tags: tags
}

@description('The GPU workers: score and train.')
resource worker 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${namePrefix}-worker'
  location: location
  tags: tags
}

@description('The platform, when it counts messages to start workers. No container can use it: see worker-job.bicep.')
resource scaler 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${namePrefix}-scaler'
  location: location
  tags: tags
}

output functionsId string = functions.id
output functionsClientId string = functions.properties.clientId
output functionsPrincipalId string = functions.properties.principalId
output workerId string = worker.id
output workerClientId string = worker.properties.clientId
output workerPrincipalId string = worker.properties.principalId
output scalerId string = scaler.id
output scalerPrincipalId string = scaler.properties.principalId
