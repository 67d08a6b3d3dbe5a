// What the containers run in: a Container Apps environment with a GPU profile, its logs and its OpenTelemetry agent.

param location string
param tags object
param name string

@description('The GPU of the workers: none, t4 (8 cores, 56 GiB) or a100 (24 cores, 220 GiB). The region must have it, and the subscription quota.')
@allowed(['none', 't4', 'a100'])
param gpu string

@description('The subnet of the containers; none when empty.')
param subnetId string

@description('Whether replicas spread over availability zones; needs a subnet.')
param zoneRedundant bool

param workspaceId string
param insightsConnectionString string

// Serverless GPUs: they scale to zero and are paid by the second. A dedicated profile would be paid for while idle.
var gpuProfiles = {
  none: []
  t4: [
    {
      name: 'gpu'
      workloadProfileType: 'Consumption-GPU-NC8as-T4'
    }
  ]
  a100: [
    {
      name: 'gpu'
      workloadProfileType: 'Consumption-GPU-NC24-A100'
    }
  ]
}

// The preview version, for the managed OpenTelemetry agent: the versions without '-preview' do not have it yet.
resource environment 'Microsoft.App/managedEnvironments@2025-10-02-preview' = {
  name: name
  location: location
  tags: tags
  properties: {
    workloadProfiles: concat([
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ], gpuProfiles[gpu])
    zoneRedundant: zoneRedundant
    // 'log-analytics' would need the workspace's shared key; the diagnostic setting below needs none.
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    appInsightsConfiguration: {
      connectionString: insightsConnectionString
    }
    // The agent takes no metrics to Application Insights; the alerts read logs.
    openTelemetryConfiguration: {
      tracesConfiguration: {
        destinations: ['appInsights']
      }
      logsConfiguration: {
        destinations: ['appInsights']
      }
    }
    peerTrafficConfiguration: {
      encryption: {
        enabled: true
      }
    }
    // The environment itself stays reachable: Event Grid calls webhooks at public addresses only.
    vnetConfiguration: empty(subnetId) ? null : {
      infrastructureSubnetId: subnetId
      internal: false
    }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: environment
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

output id string = environment.id
output name string = environment.name
output gpuProfileName string = gpu == 'none' ? 'Consumption' : 'gpu'
