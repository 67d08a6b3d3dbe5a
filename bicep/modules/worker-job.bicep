// A job that works one queue off: started by messages, drains several within a time budget, and ends. An app would be scaled
// in while it works; a job's execution is left to finish.

param location string
param tags object
param name string

@description('Tags that let azd find the job; empty for the one that is updated with another.')
param serviceTags object

param environmentId string

@description('The environment\'s profile: its size and whether it has a GPU.')
param workloadProfileName string

@allowed(['none', 't4', 'a100'])
param gpu string

@description('The image; a placeholder until the first deployment of the code.')
param image string

param registryServer string
param identityId string
param identityClientId string
param scalerId string
param blobEndpoint string
param serviceBusName string
param serviceBusHostName string

@description('A collector of your own for traces and metrics, by OTLP; empty for the environment\'s agent.')
param otlpEndpoint string

param maxDeliveryCount int

@description('The queue that the job serves.')
param queueName string

@description('For how long an execution takes new messages. hh:mm:ss, far below the time-out: the message in hand is finished after it.')
param budget string

@description('When the platform ends an execution. Seconds.')
@minValue(600)
param replicaTimeout int

@description('Executions at once: no more than the GPUs that the quota allows.')
@minValue(1)
param maxExecutions int

@description('How long one message\'s work in training lasts, about: after it the fold goes on in another message. hh:mm:ss.')
param sliceTime string

@description('How often the queue is counted. Seconds.')
param pollingInterval int

// The whole of the profile's machine: GPU profiles are not divided.
var resources = {
  none: { cpu: json('4'), memory: '8Gi' }
  t4: { cpu: json('8'), memory: '56Gi' }
  a100: { cpu: json('24'), memory: '220Gi' }
}

var telemetrySettings = empty(otlpEndpoint) ? [] : [
  { name: 'CloudPipe__Telemetry__OtlpEndpoint', value: otlpEndpoint }
]

resource job 'Microsoft.App/jobs@2026-01-01' = {
  name: name
  location: location
  tags: union(tags, serviceTags)
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
      '${scalerId}': {}
    }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: workloadProfileName
    configuration: {
      triggerType: 'Event'
      replicaTimeout: replicaTimeout
      // No retry: a message that was not finished is in its queue again and starts an execution of its own.
      replicaRetryLimit: 0
      identitySettings: [
        { identity: identityId, lifecycle: 'Main' }
        // Owner of the queue, for counting: out of the container's reach.
        { identity: scalerId, lifecycle: 'None' }
      ]
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
      eventTriggerConfig: {
        parallelism: 1
        replicaCompletionCount: 1
        scale: {
          minExecutions: 0
          maxExecutions: maxExecutions
          pollingInterval: pollingInterval
          rules: [
            {
              name: queueName
              type: 'azure-servicebus'
              identity: scalerId
              metadata: {
                namespace: serviceBusName
                queueName: queueName
                // As many executions as messages, up to the limit; those that come late find the queue empty and end.
                messageCount: '1'
              }
            }
          ]
        }
      }
    }
    template: {
      containers: [
        {
          name: 'worker'
          image: image
          args: ['worker', '--drain', '--for', budget]
          resources: resources[gpu]
          env: concat([
            { name: 'AZURE_CLIENT_ID', value: identityClientId }
            { name: 'CloudPipe__Storage__Kind', value: 'azure' }
            { name: 'CloudPipe__Storage__AccountUrl', value: blobEndpoint }
            { name: 'CloudPipe__Storage__CreateContainers', value: 'false' }
            { name: 'CloudPipe__Queue__Kind', value: 'serviceBus' }
            { name: 'CloudPipe__Queue__Namespace', value: serviceBusHostName }
            { name: 'CloudPipe__Queue__CreateQueues', value: 'false' }
            { name: 'CloudPipe__Queue__MaxDeliveryCount', value: string(maxDeliveryCount) }
            { name: 'CloudPipe__Queue__VisibilityTimeout', value: '00:05:00' }
            { name: 'CloudPipe__Worker__Queues__0', value: queueName }
            { name: 'CloudPipe__Scoring__CacheFolder', value: '/var/cache/cloudpipe/weights' }
            { name: 'CloudPipe__Training__CacheFolder', value: '/var/cache/cloudpipe/training' }
            { name: 'CloudPipe__Training__SliceTime', value: sliceTime }
          ], telemetrySettings)
          volumeMounts: [
            {
              volumeName: 'cache'
              mountPath: '/var/cache/cloudpipe'
            }
          ]
        }
      ]
      volumes: [
        {
          name: 'cache'
          storageType: 'EmptyDir'
        }
      ]
    }
  }
}

output id string = job.id
output name string = job.name
