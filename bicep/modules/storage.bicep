// The storage account that holds what CloudPipe reads and writes.

import { containers, eventDeadLetters, queues } from '../names.bicep'
import { roles } from '../roles.bicep'

param location string
param tags object
param name string

@description('How the data is replicated: ZRS survives a zone, GZRS a region.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS', 'Standard_RAGZRS'])
param sku string

@description('Whether the account can be reached from outside the virtual network.')
param publicNetworkAccess bool

@description('How long frames cut from videos are kept; 0 for ever. They can be cut again. Days.')
@minValue(0)
param shardDays int

@description('How long the scores of single networks are kept; 0 for ever. The result holds their average. Days.')
@minValue(0)
param predictionDays int

@description('How long the bodies of large messages are kept. Longer than any message waits, dead letters included. Days.')
@minValue(0)
param claimDays int

@description('How long events and attempts to deliver them are kept for replay; 0 for ever. Days.')
@minValue(0)
param deliveryDays int

@description('How long events that Event Grid gave up are kept. Days.')
@minValue(0)
param eventDeadLetterDays int

@description('How long uploads are kept; 0 for ever. A plan must outlive its upload: the sweep takes up what has no plan. Days.')
@minValue(0)
param inspectionDays int

@description('How long overwritten versions and what was deleted can be brought back. Days.')
@minValue(1)
@maxValue(365)
param restoreDays int

param functionsPrincipalId string
param workerPrincipalId string

@description('A person or pipeline that uploads and looks; none when empty.')
param operatorPrincipalId string
param operatorPrincipalType string

// Only what can be made again expires. Results, releases, training, runs, data sets and plans never do. Of the claims, those
// of each queue: 'claims/dead-letters/' holds the dead letters of Storage Queues, which wait for a person.
var expiries = [
  { name: 'shards', prefixes: ['${containers.shards}/'], days: shardDays }
  { name: 'predictions', prefixes: ['${containers.predictions}/'], days: predictionDays }
  { name: 'claims', prefixes: map(items(queues), queue => '${containers.claims}/${queue.value}/'), days: claimDays }
  { name: 'deliveries', prefixes: ['${containers.webhooks}/deliveries/'], days: deliveryDays }
  // An answer is kept for a day, and rules run once a day.
  { name: 'idempotency', prefixes: ['${containers.idempotency}/'], days: 2 }
  { name: 'event-dead-letters', prefixes: ['${eventDeadLetters}/'], days: eventDeadLetterDays }
  { name: 'inspections', prefixes: ['${containers.inspections}/'], days: inspectionDays }
]

// The workers write what they compute; of what they give up the failed result, and its event, which is kept for replay beside
// the webhooks. They never touch an upload.
var workerWrites = [containers.predictions, containers.results, containers.releases, containers.runs, containers.claims, containers.webhooks]
var workerReads = [containers.plans, containers.shards, containers.training, containers.datasets]

var containerNames = map(items(containers), container => container.value)

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowCrossTenantReplication: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      // Event Grid writes its dead letters as a trusted service.
      bypass: 'AzureServices'
      defaultAction: publicNetworkAccess ? 'Allow' : 'Deny'
    }
    sasPolicy: {
      // Upload addresses live for hours; a longer one shows in the logs.
      sasExpirationPeriod: '1.00:00:00'
      expirationAction: 'Log'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: {
      enabled: true
      days: restoreDays
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: restoreDays
    }
  }
}

resource blobContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = [for container in containerNames: {
  parent: blobs
  name: container
  properties: {
    publicAccess: 'None'
  }
}]

resource eventDeadLetterContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: eventDeadLetters
  properties: {
    publicAccess: 'None'
  }
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: concat(map(expiries, expiry => {
        name: expiry.name
        type: 'Lifecycle'
        enabled: expiry.days > 0
        definition: {
          filters: {
            blobTypes: ['blockBlob']
            prefixMatch: expiry.prefixes
          }
          actions: {
            baseBlob: {
              delete: {
                daysAfterModificationGreaterThan: max(expiry.days, 1)
              }
            }
          }
        }
      }), [
        {
          // Checkpoints and plans are overwritten often: without this every version would be paid for.
          name: 'previous-versions'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: ['blockBlob']
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: restoreDays
                }
              }
            }
          }
        }
      ])
    }
  }
  // The rule on versions is refused while versioning is off.
  dependsOn: [blobs]
}

// The whole account: the functions touch every container, and the key that signs upload addresses is the account's
// (the role holds generateUserDelegationKey, which a role on a container alone could not give).
resource functionsBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, functionsPrincipalId, roles.storageBlobDataContributor)
  scope: account
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}

// The blob trigger sets poison blobs aside in a queue of the account that it watches.
resource functionsQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, functionsPrincipalId, roles.storageQueueDataContributor)
  scope: account
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageQueueDataContributor)
  }
}

resource workerWriting 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (container, index) in containerNames: if (contains(workerWrites, container)) {
  name: guid(blobContainers[index].id, workerPrincipalId, roles.storageBlobDataContributor)
  scope: blobContainers[index]
  properties: {
    principalId: workerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}]

resource workerReading 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (container, index) in containerNames: if (contains(workerReads, container)) {
  name: guid(blobContainers[index].id, workerPrincipalId, roles.storageBlobDataReader)
  scope: blobContainers[index]
  properties: {
    principalId: workerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
  }
}]

resource operatorBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(account.id, operatorPrincipalId, roles.storageBlobDataContributor)
  scope: account
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
