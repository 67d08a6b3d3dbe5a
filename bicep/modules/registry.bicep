// The registry of the two images, functions and worker.

import { roles } from '../roles.bicep'

param location string
param tags object
param name string

@description('Premium for private endpoints, replication and artifact streaming, which shortens the start of the large GPU image.')
@allowed(['Basic', 'Standard', 'Premium'])
param sku string

param functionsPrincipalId string
param workerPrincipalId string

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    // Open even with private networking: images are built in the registry and pushed by pipelines, which are outside of
    // the network. Nobody pulls or pushes without an identity that has the role.
    publicNetworkAccess: 'Enabled'
  }
}

resource pulls 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principalId in [functionsPrincipalId, workerPrincipalId]: {
  name: guid(registry.id, principalId, roles.acrPull)
  scope: registry
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.acrPull)
  }
}]

output id string = registry.id
output name string = registry.name
output loginServer string = registry.properties.loginServer
