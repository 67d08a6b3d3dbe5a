// The queues between the steps.

import { queues } from '../names.bicep'
import { roles } from '../roles.bicep'

param location string
param tags object
param name string

@description('Standard, or Premium: private endpoints and a reserved throughput need Premium.')
@allowed(['Standard', 'Premium'])
param sku string

@description('Messaging units of Premium.')
@allowed([1, 2, 4, 8, 16])
param capacity int

param publicNetworkAccess bool

@description('How often a consumer tries a message: Queue:MaxDeliveryCount. The queue itself delivers it twice as often.')
@minValue(1)
@maxValue(50)
param maxDeliveryCount int

@description('How long a message waits before it becomes a dead letter. Days.')
@minValue(1)
param messageTimeToLiveDays int

param functionsPrincipalId string
param workerPrincipalId string
param scalerPrincipalId string

@description('Who reads the queue of events beside CloudPipe: service principals and managed identities.')
param eventReaderPrincipalIds string[]

@description('A person or pipeline that looks at and requeues dead letters; none when empty.')
param operatorPrincipalId string
param operatorPrincipalType string

var queueNames = map(items(queues), queue => queue.value)
var workerReceives = [queues.score, queues.train]
// A fold goes on in the next message; an outcome goes to the reducers; the news of what was given up goes out.
var workerSends = [queues.train, queues.reduce, queues.reduceRun, queues.events, queues.deliver]

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
    tier: sku
    capacity: sku == 'Premium' ? capacity : null
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    premiumMessagingPartitions: sku == 'Premium' ? 1 : 0
  }
}

resource queueResources 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [for queueName in queueNames: {
  parent: namespace
  name: queueName
  properties: {
    // The longest that the service allows: a worker that stalls for a minute keeps its message, and one that dies
    // delays it by five minutes at most. The lock is renewed while work goes on.
    lockDuration: 'PT5M'
    // Twice what consumers try, as QueueOptions.DeliveryLimit says: the room lets the next consumer record the failure
    // of a message that killed the ones before.
    maxDeliveryCount: 2 * maxDeliveryCount
    defaultMessageTimeToLive: 'P${messageTimeToLiveDays}D'
    deadLetteringOnMessageExpiration: true
    // Every send has an id of its own: what a client sends again because an answer was lost arrives once. What a step
    // sends again arrives again; it may bring news, and every step is idempotent.
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT5M'
    requiresSession: false
    // A partitioned queue cannot be counted exactly and costs a broker's failure more.
    enablePartitioning: false
    enableBatchedOperations: true
    maxSizeInMegabytes: 5120
  }
}]

// Owner of each queue, not of the namespace: the trigger's scaler and the list of dead letters count messages, which
// sender and receiver may not.
resource functionsQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (queueName, index) in queueNames: {
  name: guid(queueResources[index].id, functionsPrincipalId, roles.serviceBusDataOwner)
  scope: queueResources[index]
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataOwner)
  }
}]

resource workerReceiving 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (queueName, index) in queueNames: if (contains(workerReceives, queueName)) {
  name: guid(queueResources[index].id, workerPrincipalId, roles.serviceBusDataReceiver)
  scope: queueResources[index]
  properties: {
    principalId: workerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataReceiver)
  }
}]

resource workerSending 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (queueName, index) in queueNames: if (contains(workerSends, queueName)) {
  name: guid(queueResources[index].id, workerPrincipalId, roles.serviceBusDataSender)
  scope: queueResources[index]
  properties: {
    principalId: workerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataSender)
  }
}]

// KEDA reads a queue's count of messages, which takes the right to manage it.
resource scalerQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (queueName, index) in queueNames: if (contains(workerReceives, queueName)) {
  name: guid(queueResources[index].id, scalerPrincipalId, roles.serviceBusDataOwner)
  scope: queueResources[index]
  properties: {
    principalId: scalerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataOwner)
  }
}]

resource events 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = {
  parent: namespace
  name: queues.events
}

resource eventReaders 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principalId in eventReaderPrincipalIds: {
  name: guid(events.id, principalId, roles.serviceBusDataReceiver)
  scope: events
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataReceiver)
  }
  dependsOn: [queueResources]
}]

resource operatorQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorPrincipalId)) {
  name: guid(namespace.id, operatorPrincipalId, roles.serviceBusDataOwner)
  scope: namespace
  properties: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataOwner)
  }
}

output id string = namespace.id
output name string = namespace.name
output hostName string = '${namespace.name}.servicebus.windows.net'
