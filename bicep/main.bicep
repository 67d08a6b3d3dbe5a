// CloudPipe in Azure: a storage account, queues, functions that split and reduce, GPU jobs that score and train.
//
// At the scope of a subscription, because that is what 'azd up' deploys without any switch: it asks for a name, a
// subscription and a region, and this makes the resource group. Whoever deploys may assign roles in it (Owner, or Contributor
// and Role Based Access Control Administrator). events.bicep follows once the code is there.

import { queues } from 'names.bicep'
import { webhookEndpoint } from 'modules/functions-app.bicep'

targetScope = 'subscription'

@description('The deployment\'s name: it tells several in one subscription apart, and is part of every name.')
@minLength(1)
@maxLength(16)
param environmentName string

@description('The region. It must have the GPU that is asked for: https://learn.microsoft.com/azure/container-apps/gpu-serverless-overview#supported-regions')
param location string

param resourceGroupName string = 'rg-cloudpipe-${environmentName}'

@description('The images; placeholders until the code is deployed.')
param functionsImage string = ''
param workerImage string = ''

@description('The GPU of the workers: none runs them on 4 cores.')
@allowed(['none', 't4', 'a100'])
param gpu string = 't4'

@description('Executions of the scoring job at once, and of the training job: together no more than the GPU quota.')
@minValue(1)
param maxScoreExecutions int = 4
@minValue(1)
param maxTrainExecutions int = 1

@description('How often a consumer tries a message: Queue:MaxDeliveryCount.')
param maxDeliveryCount int = 5

@description('How long a message waits before it becomes a dead letter. Days.')
param messageTimeToLiveDays int = 14

@description('The release that scores what names none.')
param defaultRelease string = 'pipesim-atto-v2'

@description('Webhooks. Their secrets must be in the vault before an endpoint is listed here.')
param webhookEndpoints webhookEndpoint[] = []

@description('Service principals and managed identities that read the queue of events.')
param eventReaderPrincipalIds string[] = []

@description('Replicas of the functions.')
param minFunctionReplicas int = 1
param maxFunctionReplicas int = 10

@description('Cores and memory of a replica of the functions.')
param functionCpu string = '2'
param functionMemory string = '4Gi'

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS', 'Standard_RAGZRS'])
param storageSku string = 'Standard_ZRS'

@description('How long things are kept; 0 for ever. Days.')
param shardDays int = 30
param predictionDays int = 90
param claimDays int = 180
param deliveryDays int = 90
param eventDeadLetterDays int = 30
param inspectionDays int = 0
param restoreDays int = 14

@description('Whether storage, queues and vault are reached through a virtual network only. Takes Service Bus and the registry to Premium.')
param privateNetworking bool = false

@description('The virtual network of a private deployment: a /20 or larger.')
param networkAddressPrefix string = '10.60.0.0/20'

@description('Messaging units of Service Bus Premium.')
param serviceBusCapacity int = 1

@description('The registry\'s tier without private networking. Premium can stream large images.')
@allowed(['Basic', 'Standard', 'Premium'])
param registrySku string = 'Standard'

@description('Whether the containers spread over availability zones; with private networking only.')
param zoneRedundant bool = false

@description('Whether new keys of the Functions host are made: true the first time, and to rotate them.')
param rotateHostKeys bool = true

@description('A collector of your own for traces and metrics, by OTLP; empty for the environment\'s agent, which takes traces to Application Insights.')
param otlpEndpoint string = ''

param logRetentionDays int = 30
@description('A limit on the logs of a day; 0 for none. Gigabytes.')
param logDailyQuotaGb int = 0

@description('Who is told of alerts; nobody when empty.')
param alertEmail string = ''

@description('How long a queue may have messages in it without a break before somebody is told, and how many are normal.')
param backlogWindow string = 'PT1H'
param backlogMessages int = 0

@description('The longest time from upload to result. Minutes.')
param resultMinutes int = 120

@description('A person or pipeline that uploads, looks at dead letters and writes webhook secrets; azd passes its own. None when empty.')
param operatorPrincipalId string = ''
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorPrincipalType string = 'User'

var tags = {
  'azd-env-name': environmentName
  application: 'cloudpipe'
}
var token = toLower(uniqueString(subscription().id, environmentName, location))
// Container apps have lower-case names of 32 characters at most.
var namePrefix = 'cp-${toLower(environmentName)}'
var zoneRedundantContainers = zoneRedundant && privateNetworking

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  name: 'identities'
  scope: group
  params: {
    location: location
    tags: tags
    namePrefix: namePrefix
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    tags: tags
    namePrefix: namePrefix
    retentionDays: logRetentionDays
    dailyQuotaGb: logDailyQuotaGb
    alertEmail: alertEmail
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    workerPrincipalId: identities.outputs.workerPrincipalId
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    location: location
    tags: tags
    name: 'cp${token}data'
    sku: storageSku
    publicNetworkAccess: !privateNetworking
    shardDays: shardDays
    predictionDays: predictionDays
    claimDays: claimDays
    deliveryDays: deliveryDays
    eventDeadLetterDays: eventDeadLetterDays
    inspectionDays: inspectionDays
    restoreDays: restoreDays
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    workerPrincipalId: identities.outputs.workerPrincipalId
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  name: 'host-storage'
  scope: group
  params: {
    location: location
    tags: tags
    name: 'cp${token}host'
    publicNetworkAccess: !privateNetworking
    functionsPrincipalId: identities.outputs.functionsPrincipalId
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  name: 'service-bus'
  scope: group
  params: {
    location: location
    tags: tags
    name: 'cloudpipe-${token}'
    sku: privateNetworking ? 'Premium' : 'Standard'
    capacity: serviceBusCapacity
    publicNetworkAccess: !privateNetworking
    maxDeliveryCount: maxDeliveryCount
    messageTimeToLiveDays: messageTimeToLiveDays
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    workerPrincipalId: identities.outputs.workerPrincipalId
    scalerPrincipalId: identities.outputs.scalerPrincipalId
    eventReaderPrincipalIds: eventReaderPrincipalIds
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
  }
}

module registry 'modules/registry.bicep' = {
  name: 'registry'
  scope: group
  params: {
    location: location
    tags: tags
    name: 'cloudpipe${token}'
    sku: privateNetworking ? 'Premium' : registrySku
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    workerPrincipalId: identities.outputs.workerPrincipalId
  }
}

module vault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  scope: group
  params: {
    location: location
    tags: tags
    name: 'cp-${token}'
    publicNetworkAccess: !privateNetworking
    rotateHostKeys: rotateHostKeys
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'network'
  scope: group
  params: {
    location: location
    tags: tags
    namePrefix: namePrefix
    addressPrefix: networkAddressPrefix
  }
}

module dataBlobEndpoint 'modules/private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-data-blob'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-data-blob'
    subnetId: network!.outputs.endpointSubnetId
    serviceId: storage.outputs.id
    groupId: 'blob'
    zoneId: network!.outputs.blobZoneId
  }
}

module dataQueueEndpoint 'modules/private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-data-queue'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-data-queue'
    subnetId: network!.outputs.endpointSubnetId
    serviceId: storage.outputs.id
    groupId: 'queue'
    zoneId: network!.outputs.queueZoneId
  }
}

module hostBlobEndpoint 'modules/private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-host-blob'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-host-blob'
    subnetId: network!.outputs.endpointSubnetId
    serviceId: hostStorage.outputs.id
    groupId: 'blob'
    zoneId: network!.outputs.blobZoneId
  }
}

module hostQueueEndpoint 'modules/private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-host-queue'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-host-queue'
    subnetId: network!.outputs.endpointSubnetId
    serviceId: hostStorage.outputs.id
    groupId: 'queue'
    zoneId: network!.outputs.queueZoneId
  }
}

module serviceBusEndpoint 'modules/private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-service-bus'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-service-bus'
    subnetId: network!.outputs.endpointSubnetId
    serviceId: serviceBus.outputs.id
    groupId: 'namespace'
    zoneId: network!.outputs.serviceBusZoneId
  }
}

module vaultEndpoint 'modules/private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-vault'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-vault'
    subnetId: network!.outputs.endpointSubnetId
    serviceId: vault.outputs.id
    groupId: 'vault'
    zoneId: network!.outputs.vaultZoneId
  }
}

module registryEndpoint 'modules/private-endpoint.bicep' = if (privateNetworking) {
  name: 'endpoint-registry'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-registry'
    subnetId: network!.outputs.endpointSubnetId
    serviceId: registry.outputs.id
    groupId: 'registry'
    zoneId: network!.outputs.registryZoneId
  }
}

module containerEnvironment 'modules/environment.bicep' = {
  name: 'environment'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-environment'
    gpu: gpu
    subnetId: privateNetworking ? network!.outputs.containerSubnetId : ''
    zoneRedundant: zoneRedundantContainers
    workspaceId: monitoring.outputs.workspaceId
    insightsConnectionString: monitoring.outputs.insightsConnectionString
  }
}

module functions 'modules/functions-app.bicep' = {
  name: 'functions'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-functions'
    environmentId: containerEnvironment.outputs.id
    image: empty(functionsImage) ? 'mcr.microsoft.com/k8se/quickstart-functions:latest' : functionsImage
    registryServer: registry.outputs.loginServer
    identityId: identities.outputs.functionsId
    identityClientId: identities.outputs.functionsClientId
    blobEndpoint: storage.outputs.blobEndpoint
    queueEndpoint: storage.outputs.queueEndpoint
    hostBlobEndpoint: hostStorage.outputs.blobEndpoint
    hostQueueEndpoint: hostStorage.outputs.queueEndpoint
    serviceBusHostName: serviceBus.outputs.hostName
    vaultUri: vault.outputs.uri
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    otlpEndpoint: otlpEndpoint
    maxDeliveryCount: maxDeliveryCount
    defaultRelease: defaultRelease
    webhookEndpoints: webhookEndpoints
    minReplicas: minFunctionReplicas
    maxReplicas: maxFunctionReplicas
    cpu: functionCpu
    memory: functionMemory
  }
  // Without these a private deployment's first start finds no way to its storage.
  dependsOn: [dataBlobEndpoint, dataQueueEndpoint, hostBlobEndpoint, hostQueueEndpoint, serviceBusEndpoint, vaultEndpoint]
}

module scoreJob 'modules/worker-job.bicep' = {
  name: 'score-job'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-score'
    serviceTags: { 'azd-service-name': 'worker' }
    environmentId: containerEnvironment.outputs.id
    workloadProfileName: containerEnvironment.outputs.gpuProfileName
    gpu: gpu
    image: empty(workerImage) ? 'mcr.microsoft.com/k8se/quickstart-jobs:latest' : workerImage
    registryServer: registry.outputs.loginServer
    identityId: identities.outputs.workerId
    identityClientId: identities.outputs.workerClientId
    scalerId: identities.outputs.scalerId
    blobEndpoint: storage.outputs.blobEndpoint
    serviceBusName: serviceBus.outputs.name
    serviceBusHostName: serviceBus.outputs.hostName
    otlpEndpoint: otlpEndpoint
    maxDeliveryCount: maxDeliveryCount
    queueName: queues.score
    // A shard is two minutes of GPU work at most: a quarter of an hour amortises loading the weights.
    budget: '00:15:00'
    replicaTimeout: 3600
    maxExecutions: maxScoreExecutions
    sliceTime: '00:20:00'
    pollingInterval: 30
  }
}

module trainJob 'modules/worker-job.bicep' = {
  name: 'train-job'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-train'
    serviceTags: {}
    environmentId: containerEnvironment.outputs.id
    workloadProfileName: containerEnvironment.outputs.gpuProfileName
    gpu: gpu
    image: empty(workerImage) ? 'mcr.microsoft.com/k8se/quickstart-jobs:latest' : workerImage
    registryServer: registry.outputs.loginServer
    identityId: identities.outputs.workerId
    identityClientId: identities.outputs.workerClientId
    scalerId: identities.outputs.scalerId
    blobEndpoint: storage.outputs.blobEndpoint
    serviceBusName: serviceBus.outputs.name
    serviceBusHostName: serviceBus.outputs.hostName
    otlpEndpoint: otlpEndpoint
    maxDeliveryCount: maxDeliveryCount
    queueName: queues.train
    // Long stays pay here: decoded tiles are in the cache. An epoch is finished after the budget, so half of the time-out.
    budget: '03:00:00'
    replicaTimeout: 21600
    maxExecutions: maxTrainExecutions
    sliceTime: '00:20:00'
    pollingInterval: 60
  }
}

module eventTopic 'modules/event-topic.bicep' = {
  name: 'event-topic'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${namePrefix}-uploads'
    storageName: storage.outputs.name
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    namePrefix: namePrefix
    actionGroupId: monitoring.outputs.actionGroupId
    workspaceId: monitoring.outputs.workspaceId
    serviceBusId: serviceBus.outputs.id
    topicId: eventTopic.outputs.id
    functionsName: functions.outputs.name
    scoreJobName: scoreJob.outputs.name
    trainJobName: trainJob.outputs.name
    backlogWindow: backlogWindow
    backlogMessages: backlogMessages
    resultMinutes: resultMinutes
  }
}

// azd keeps outputs as its environment's values, under these names.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.loginServer
output CLOUDPIPE_STORAGE_NAME string = storage.outputs.name
output CLOUDPIPE_BLOB_ENDPOINT string = storage.outputs.blobEndpoint
output CLOUDPIPE_SERVICE_BUS_HOST_NAME string = serviceBus.outputs.hostName
output CLOUDPIPE_VAULT_NAME string = vault.outputs.name
output CLOUDPIPE_EVENT_TOPIC_NAME string = eventTopic.outputs.name
output CLOUDPIPE_FUNCTIONS_HOST_NAME string = functions.outputs.hostName
output CLOUDPIPE_SCORE_JOB_NAME string = scoreJob.outputs.name
output CLOUDPIPE_TRAIN_JOB_NAME string = trainJob.outputs.name
