// The vault: what signs webhooks, and the keys of the Azure Functions host.

import { hostKeys } from '../names.bicep'
import { roles } from '../roles.bicep'

param location string
param tags object
param name string
param publicNetworkAccess bool

@description('Whether new keys of the Functions host are made. True the first time, and to rotate them.')
param rotateHostKeys bool

param functionsPrincipalId string

@description('A person or pipeline that writes webhook secrets; none when empty.')
param operatorPrincipalId string
param operatorPrincipalType string

// Made inside the deployment, so that no file, shell or pipeline ever holds them: 244 random bits each.
@secure()
param masterKey string = '${newGuid()}${newGuid()}'
@secure()
param defaultKey string = '${newGuid()}${newGuid()}'
@secure()
param blobsKey string = '${newGuid()}${newGuid()}'

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    // Cannot be turned off again; a deleted vault keeps its name for 90 days.
    enablePurgeProtection: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // events.bicep reads the blob extension's key while it is deployed.
    enabledForTemplateDeployment: true
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: publicNetworkAccess ? 'Allow' : 'Deny'
    }
  }
}

resource masterSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (rotateHostKeys) {
  parent: vault
  name: hostKeys.master
  properties: {
    value: masterKey
  }
}

resource defaultSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (rotateHostKeys) {
  parent: vault
  name: hostKeys.default
  properties: {
    value: defaultKey
  }
}

resource blobsSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (rotateHostKeys) {
  parent: vault
  name: hostKeys.blobs
  properties: {
    value: blobsKey
  }
}

resource functionsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, functionsPrincipalId, roles.keyVaultSecretsUser)
  scope: vault
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
  }
}

resource operatorSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(vault.id, operatorPrincipalId, roles.keyVaultSecretsOfficer)
  scope: vault
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsOfficer)
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
