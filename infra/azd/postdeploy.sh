#!/bin/sh
# What 'azd up' does once the code is there; safe to repeat. azd gives the outputs of bicep/main.bicep as variables.
set -eu
cd "$(dirname "$0")/../.."

command -v az >/dev/null || {
  echo "postdeploy: the Azure CLI is missing: https://learn.microsoft.com/cli/azure/install-azure-cli says how to install it" >&2
  exit 1
}

# azd knows one job a service: the training job gets the image that the scoring job has got.
image=$(az containerapp job show --name "$CLOUDPIPE_SCORE_JOB_NAME" --resource-group "$AZURE_RESOURCE_GROUP" \
  --query 'properties.template.containers[0].image' --output tsv)
echo "postdeploy: $CLOUDPIPE_TRAIN_JOB_NAME gets $image"
az containerapp job update --name "$CLOUDPIPE_TRAIN_JOB_NAME" --resource-group "$AZURE_RESOURCE_GROUP" --image "$image" --output none
azd env set SERVICE_WORKER_IMAGE_NAME "$image"

# Event Grid proves the webhook's address by calling it.
echo "postdeploy: waiting for the functions"
curl --fail --silent --show-error --output /dev/null --retry 30 --retry-delay 10 --retry-all-errors \
  "https://$CLOUDPIPE_FUNCTIONS_HOST_NAME/admin/host/ping"

echo "postdeploy: subscribing to uploads"
az deployment group create --name events --resource-group "$AZURE_RESOURCE_GROUP" --template-file bicep/events.bicep --output none \
  --parameters storageName="$CLOUDPIPE_STORAGE_NAME" topicName="$CLOUDPIPE_EVENT_TOPIC_NAME" \
  vaultName="$CLOUDPIPE_VAULT_NAME" functionsHostName="$CLOUDPIPE_FUNCTIONS_HOST_NAME"

# A worker publishes the releases that come with it; before the first message nobody would start one.
echo "postdeploy: publishing the releases"
az containerapp job start --name "$CLOUDPIPE_SCORE_JOB_NAME" --resource-group "$AZURE_RESOURCE_GROUP" --output none
