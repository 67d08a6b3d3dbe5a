// Event Grid's subscriptions, deployed after the code: Event Grid proves an address by calling it, and only the running
// functions answer. This is also the one place where a key is used: the webhook of the blob extension takes a key of the
// Functions host and nothing else. It comes from the vault, where the first deployment has put it.

import { blobFunctions, containers, hostKeys } from 'names.bicep'

targetScope = 'resourceGroup'

param storageName string
param topicName string
param vaultName string
param functionsHostName string

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

module inspections 'modules/event-subscription.bicep' = {
  name: 'inspections'
  params: {
    name: 'inspections'
    topicName: topicName
    storageId: storage.id
    functionsHostName: functionsHostName
    containerName: containers.inspections
    functionName: blobFunctions.inspections
    blobsKey: vault.getSecret(hostKeys.blobs)
  }
}

module training 'modules/event-subscription.bicep' = {
  name: 'training'
  params: {
    name: 'training'
    topicName: topicName
    storageId: storage.id
    functionsHostName: functionsHostName
    containerName: containers.training
    functionName: blobFunctions.training
    blobsKey: vault.getSecret(hostKeys.blobs)
  }
  // Event Grid takes one change of a topic at a time.
  dependsOn: [inspections]
}
