// The storage account of the Azure Functions host itself: leases, timers, blob receipts and the blob trigger's queue. Apart
// from CloudPipe's own: the host rewrites leases every few seconds, and versions of them would be kept and paid for.

import { roles } from '../roles.bicep'

param location string
param tags object
param name string
param publicNetworkAccess bool
param functionsPrincipalId string

// What the Functions documentation asks for AzureWebJobsStorage, and for a blob trigger beside it.
var hostRoles = [roles.storageBlobDataOwner, roles.storageQueueDataContributor]

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowCrossTenantReplication: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: publicNetworkAccess ? 'Allow' : 'Deny'
    }
  }
}

resource functionsRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in hostRoles: {
  name: guid(account.id, functionsPrincipalId, role)
  scope: account
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}]

output id string = account.id
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
