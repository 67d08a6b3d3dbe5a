// The Azure Functions host with CloudPipe's functions, as a container app of the kind functionapp: the platform reads the
// triggers and scales by them.

import { hostKeys } from '../names.bicep'

@export()
@description('A webhook endpoint. Its secrets, whsec_…, lie in the vault under these names; the first signs first.')
type webhookEndpoint = {
  id: string
  url: string
  secretNames: string[]
  eventTypes: string[]
}

param location string
param tags object
param name string
param environmentId string

@description('The image; a placeholder until the first deployment of the code.')
param image string

param registryServer string
param identityId string
param identityClientId string
param blobEndpoint string
param queueEndpoint string
param hostBlobEndpoint string
param hostQueueEndpoint string
param serviceBusHostName string
param vaultUri string
param insightsConnectionString string

@description('A collector of your own for traces and metrics, by OTLP; empty for the environment\'s agent.')
param otlpEndpoint string

param maxDeliveryCount int

@description('The release that scores what names none.')
param defaultRelease string

param webhookEndpoints webhookEndpoint[]

@description('Replicas at least: with 0 the timer of the sweep does not run while nothing else happens, and the first event waits for a start.')
@minValue(0)
param minReplicas int

@minValue(1)
param maxReplicas int

@description('Cores and memory of a replica; ffmpeg uses both while it cuts.')
param cpu string
param memory string

// Any port above 1023: the image does not run as root. The placeholder's host listens where it is told, too.
var port = 8080

var webhookSettings = flatten(map(range(0, length(webhookEndpoints)), i => concat([
  { name: 'CloudPipe__Webhooks__Endpoints__${i}__Id', value: webhookEndpoints[i].id }
  { name: 'CloudPipe__Webhooks__Endpoints__${i}__Url', value: webhookEndpoints[i].url }
], map(range(0, length(webhookEndpoints[i].secretNames)), j => {
  name: 'CloudPipe__Webhooks__Endpoints__${i}__Secrets__${j}'
  secretRef: webhookEndpoints[i].secretNames[j]
}), map(range(0, length(webhookEndpoints[i].eventTypes)), j => {
  name: 'CloudPipe__Webhooks__Endpoints__${i}__EventTypes__${j}'
  value: webhookEndpoints[i].eventTypes[j]
}))))

var telemetrySettings = empty(otlpEndpoint) ? [] : [
  { name: 'CloudPipe__Telemetry__OtlpEndpoint', value: otlpEndpoint }
]

var secretNames = union(
  [hostKeys.master, hostKeys.default, hostKeys.blobs],
  flatten(map(webhookEndpoints, endpoint => endpoint.secretNames)))

resource app 'Microsoft.App/containerApps@2026-01-01' = {
  name: name
  location: location
  // The last tag is what 'azd deploy' finds the app by.
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      // Two revisions at once would share the host's leases and blob receipts.
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: port
        transport: 'auto'
        allowInsecure: false
      }
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
      // References, not values. Without a version: the platform takes up a new one within half an hour.
      secrets: map(secretNames, secretName => {
        name: secretName
        keyVaultUrl: '${vaultUri}secrets/${secretName}'
        identity: identityId
      })
    }
    template: {
      containers: [
        {
          name: 'functions'
          image: image
          resources: {
            cpu: json(cpu)
            memory: memory
          }
          env: concat([
            { name: 'ASPNETCORE_URLS', value: 'http://+:${port}' }
            { name: 'FUNCTIONS_EXTENSION_VERSION', value: '~4' }
            { name: 'FUNCTIONS_WORKER_RUNTIME', value: 'dotnet-isolated' }
            { name: 'AzureFunctionsJobHost__logging__console__isEnabled', value: 'true' }
            // The host compares with 'containerapps'; with any word that it does not know it would keep keys in blobs.
            { name: 'AzureWebJobsSecretStorageType', value: 'ContainerApps' }
            { name: 'AzureWebJobsStorage__blobServiceUri', value: hostBlobEndpoint }
            { name: 'AzureWebJobsStorage__queueServiceUri', value: hostQueueEndpoint }
            { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
            { name: 'AzureWebJobsStorage__clientId', value: identityClientId }
            { name: 'CloudPipeStorage__blobServiceUri', value: blobEndpoint }
            { name: 'CloudPipeStorage__queueServiceUri', value: queueEndpoint }
            { name: 'CloudPipeStorage__credential', value: 'managedidentity' }
            { name: 'CloudPipeStorage__clientId', value: identityClientId }
            { name: 'CloudPipeServiceBus__fullyQualifiedNamespace', value: serviceBusHostName }
            { name: 'CloudPipeServiceBus__credential', value: 'managedidentity' }
            { name: 'CloudPipeServiceBus__clientId', value: identityClientId }
            { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insightsConnectionString }
            { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${identityClientId};Authorization=AAD' }
            { name: 'AZURE_CLIENT_ID', value: identityClientId }
            { name: 'CloudPipe__Storage__Kind', value: 'azure' }
            { name: 'CloudPipe__Storage__AccountUrl', value: blobEndpoint }
            { name: 'CloudPipe__Storage__CreateContainers', value: 'false' }
            { name: 'CloudPipe__Queue__Kind', value: 'serviceBus' }
            { name: 'CloudPipe__Queue__Namespace', value: serviceBusHostName }
            { name: 'CloudPipe__Queue__CreateQueues', value: 'false' }
            { name: 'CloudPipe__Queue__MaxDeliveryCount', value: string(maxDeliveryCount) }
            { name: 'CloudPipe__Queue__VisibilityTimeout', value: '00:05:00' }
            { name: 'CloudPipe__Inspections__DefaultRelease', value: defaultRelease }
          ], telemetrySettings, webhookSettings)
          // The host's own answer, without a key and whatever the functions are: it comes once the host runs.
          probes: [
            {
              type: 'Startup'
              httpGet: { path: '/admin/host/ping', port: port }
              // Ten failures are the most that the platform takes: 200 seconds for a start.
              periodSeconds: 20
              timeoutSeconds: 10
              failureThreshold: 10
            }
            {
              type: 'Liveness'
              httpGet: { path: '/admin/host/ping', port: port }
              periodSeconds: 30
              timeoutSeconds: 10
              failureThreshold: 4
            }
          ]
          volumeMounts: [
            {
              volumeName: 'keys'
              mountPath: '/run/secrets/functions-keys'
            }
          ]
        }
      ]
      // The host reads its keys from files of exactly these names and never writes any.
      volumes: [
        {
          name: 'keys'
          storageType: 'Secret'
          secrets: [
            { secretRef: hostKeys.master, path: 'host.master' }
            { secretRef: hostKeys.default, path: 'host.function.default' }
            { secretRef: hostKeys.blobs, path: 'host.systemKey.blobs_extension' }
          ]
        }
      ]
      // A cut ends within minutes; what does not end is given back and done by another replica.
      terminationGracePeriodSeconds: 120
      // No rules: the platform makes them from the triggers.
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
      }
    }
  }
}

output id string = app.id
output name string = app.name
output hostName string = app.properties.configuration.ingress.fqdn
