// What wakes somebody.

import { queues } from '../names.bicep'

param location string
param tags object
param namePrefix string
param actionGroupId string
param workspaceId string
param serviceBusId string
param topicId string
param functionsName string
param scoreJobName string
param trainJobName string

@description('How long a queue may have messages in it without a break. Service Bus has no metric for the age of the oldest message.')
@allowed(['PT15M', 'PT30M', 'PT1H', 'PT6H', 'PT12H', 'P1D'])
param backlogWindow string

@description('Messages that are normal in a queue that is never empty.')
@minValue(0)
param backlogMessages int

@description('The longest time from upload to result. Minutes.')
@minValue(5)
@maxValue(720)
param resultMinutes int

// 'events' is read by others' software, which may rest.
var workQueues = map(filter(items(queues), queue => queue.value != queues.events), queue => queue.value)

// A message that waits through the whole window keeps the smallest count of the window above 0, so none is overlooked. A
// queue that is merely busy all the time looks the same: that is what backlogMessages is for. A fold trains for hours.
resource backlog 'Microsoft.Insights/metricAlerts@2018-03-01' = [for queueName in workQueues: {
  name: '${namePrefix}-waiting-${queueName}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages have been waiting in the queue ${queueName} for ${queueName == queues.train ? 'P1D' : backlogWindow}: nothing works it off, or not fast enough. Look at the executions of the job, the GPU quota and the functions\' logs.'
    severity: 2
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: queueName == queues.train ? 'P1D' : backlogWindow
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'waiting'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'ActiveMessages'
          timeAggregation: 'Minimum'
          operator: 'GreaterThan'
          threshold: backlogMessages
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: [queueName]
            }
          ]
        }
      ]
    }
    autoMitigate: true
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}]

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${namePrefix}-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'A message was set aside. "cloudpipe queue list" says why; "cloudpipe queue requeue" sends it again.'
    severity: 2
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: ['*']
            }
          ]
        }
      ]
    }
    autoMitigate: true
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}

resource lostEvents 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${namePrefix}-lost-events'
  location: 'global'
  tags: tags
  properties: {
    description: 'Event Grid gave up telling the functions of uploads. The sweep takes them up, later; look at the topic\'s delivery failures.'
    severity: 3
    enabled: true
    scopes: [topicId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'deadLettered'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: 'DeadLetteredCount'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    autoMitigate: true
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}

// From the lines that ingest and reduce write: the container's logs are not sampled, as traces are.
var lateQuery = '''
let lines = ContainerAppConsoleLogs | where ContainerAppName == '{0}' | project TimeGenerated, Log;
let planned = lines
  | where Log has 'Inspection' and Log has 'segments in' and Log has 'shards, scored by'
  | parse Log with * 'Inspection ' Id ': ' *
  | summarize Planned = min(TimeGenerated) by Id;
let ended = lines
  | where Log has 'Inspection' and Log has 'is completed:'
  | parse Log with * 'Inspection ' Id ' is completed: ' *
  | summarize Ended = max(TimeGenerated) by Id;
planned
| where Planned < ago({1}m)
| join kind=leftouter ended on Id
| where coalesce(Ended, now()) - Planned > {1}m
| project Id, Planned, Ended
'''

resource late 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${namePrefix}-late-results'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Results are late'
    description: 'An inspection has no result ${resultMinutes} minutes after it was taken up, or failed. "cloudpipe status" says how far it is.'
    severity: 2
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT15M'
    windowSize: 'P1D'
    criteria: {
      allOf: [
        {
          query: format(lateQuery, functionsName, resultMinutes)
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    // The tables exist once the environment has written to them.
    skipQueryValidation: true
    autoMitigate: true
    actions: {
      actionGroups: [actionGroupId]
    }
  }
}

// The reasons of a Kubernetes job that failed: DeadlineExceeded is an execution that ran into its time-out.
var stuckQuery = '''
ContainerAppSystemLogs
| where JobName in ('{0}', '{1}')
| where Reason in ('DeadlineExceeded', 'BackoffLimitExceeded', 'ImagePullFailure', 'ErrImagePull', 'FailedScheduling')
   or Log has_any ('DeadlineExceeded', 'BackoffLimitExceeded')
'''

resource stuck 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${namePrefix}-stuck-workers'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Workers are stuck or fail'
    description: 'An execution of ${scoreJobName} or ${trainJobName} ran into its time-out, failed, or could not start. Its messages are in their queue again; "az containerapp job execution list" shows the executions.'
    severity: 2
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: format(stuckQuery, scoreJobName, trainJobName)
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    // The tables exist once the environment has written to them.
    skipQueryValidation: true
    autoMitigate: true
    actions: {
      actionGroups: [actionGroupId]
    }
  }
}

resource scaler 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${namePrefix}-scaler-fails'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Messages are not counted'
    description: 'The platform cannot count the messages of a queue, so that no worker or function is started by them. Look at the role assignments of the scaler\'s identity and, in a private network, at the name of the namespace.'
    severity: 1
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    criteria: {
      allOf: [
        {
          query: 'ContainerAppSystemLogs | where Reason == "KEDAScalerFailed"'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          // A few come with every change of a revision; a scaler that is refused fails with every poll.
          threshold: 15
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    skipQueryValidation: true
    autoMitigate: true
    actions: {
      actionGroups: [actionGroupId]
    }
  }
}
