// Tells a function of every blob that is written to its container.

import { eventDeadLetters } from '../names.bicep'

param name string
param topicName string
param storageId string
param functionsHostName string

@description('The container that the function watches.')
param containerName string

@description('The function.')
param functionName string

@description('The key of the Functions host for its blob extension. Only the address of the subscription holds it, which Azure does not show.')
@secure()
param blobsKey string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource eventSubscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: name
  properties: {
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: 'https://${functionsHostName}/runtime/webhooks/blobs?functionName=Host.Functions.${functionName}&code=${blobsKey}'
        maxEventsPerBatch: 1
      }
    }
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      subjectBeginsWith: '/blobServices/default/containers/${containerName}/blobs/'
      isSubjectCaseSensitive: true
      enableAdvancedFilteringOnArrays: false
      // What commits a whole blob, and nothing that only makes one: with a hierarchical namespace CreateFile, too, raises
      // an event, for a file that is still empty.
      advancedFilters: [
        {
          operatorType: 'StringIn'
          key: 'data.api'
          values: ['CopyBlob', 'FlushWithClose', 'PutBlob', 'PutBlockList', 'SftpCommit']
        }
      ]
    }
    // A day; the sweep has long taken up the upload by then.
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
    deadLetterWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: storageId
          blobContainerName: eventDeadLetters
        }
      }
    }
  }
}
