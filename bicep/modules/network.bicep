// The virtual network of a private deployment: one subnet for the containers, one for the endpoints of the services.

param location string
param tags object
param namePrefix string

@description('The network. The containers get the first half of its first /20.')
param addressPrefix string

// privatelink zones, by the service that is reached through them. AzureCloud's names: the suffixes of Service Bus and of
// the vault's private zone are no part of environment().
var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  serviceBus: 'privatelink.servicebus.windows.net'
  vault: 'privatelink.vaultcore.azure.net'
  registry: 'privatelink${environment().suffixes.acrLoginServer}'
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: '${namePrefix}-network'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      {
        name: 'containers'
        properties: {
          // A GPU replica takes an address each; the service asks for a /27 at least.
          addressPrefix: cidrSubnet(addressPrefix, 21, 0)
          delegations: [
            {
              name: 'environments'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 8)
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource containerSubnet 'subnets' existing = {
    name: 'containers'
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for zone in items(zoneNames): {
  name: zone.value
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (zone, index) in items(zoneNames): {
  parent: zones[index]
  name: '${namePrefix}-link'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}]

output containerSubnetId string = network::containerSubnet.id
output endpointSubnetId string = network::endpointSubnet.id
output blobZoneId string = resourceId('Microsoft.Network/privateDnsZones', zoneNames.blob)
output queueZoneId string = resourceId('Microsoft.Network/privateDnsZones', zoneNames.queue)
output serviceBusZoneId string = resourceId('Microsoft.Network/privateDnsZones', zoneNames.serviceBus)
output vaultZoneId string = resourceId('Microsoft.Network/privateDnsZones', zoneNames.vault)
output registryZoneId string = resourceId('Microsoft.Network/privateDnsZones', zoneNames.registry)
