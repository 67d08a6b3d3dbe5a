// The names that the code fixes: shared/Queues/QueueNames.cs, shared/Storage/BlobContainers.cs and functions/. They stand
// here once for every module; tests/Deployment.Tests fails when either side changes alone.

@export()
@description('The queues, each by the name that the steps know.')
var queues = {
  cut: 'cut'
  score: 'score'
  reduce: 'reduce'
  train: 'train'
  reduceRun: 'reduce-run'
  deliver: 'deliver'
  events: 'events'
}

@export()
@description('The containers that CloudPipe reads and writes.')
var containers = {
  inspections: 'inspections'
  plans: 'plans'
  shards: 'shards'
  predictions: 'predictions'
  results: 'results'
  releases: 'releases'
  training: 'training'
  runs: 'runs'
  datasets: 'datasets'
  claims: 'claims'
  webhooks: 'webhooks'
  idempotency: 'idempotency'
}

@export()
@description('The container for events that Event Grid could not deliver; only people read it.')
var eventDeadLetters = 'event-dead-letters'

@export()
@description('The functions that a blob starts, by the container that they watch.')
var blobFunctions = {
  inspections: 'Ingest'
  training: 'PlanRun'
}

@export()
@description('The secrets of the vault that hold the keys of the Azure Functions host.')
var hostKeys = {
  master: 'functions-host-master'
  default: 'functions-host-default'
  blobs: 'functions-blobs-extension'
}
