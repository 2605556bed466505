#!/bin/sh
# Creates the namespace and the search attributes that are missing; may run again at any time.
set -eu
namespace=${XUBAO_TEMPORAL_NAMESPACE:?}
retention=${XUBAO_TEMPORAL_RETENTION:-90d}

attempts=0
until temporal operator cluster health; do
  attempts=$((attempts + 1))
  [ "$attempts" -lt 60 ] || { echo "Temporal did not become healthy" >&2; exit 1; }
  sleep 2
done

if temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$namespace" --retention "$retention"
else
  temporal operator namespace create --namespace "$namespace" --retention "$retention"
fi

# A new namespace takes some seconds to reach every part of the server.
attempts=0
until known=$(temporal operator search-attribute list --namespace "$namespace" 2>&1); do
  attempts=$((attempts + 1))
  [ "$attempts" -lt 60 ] || { echo "$known" >&2; exit 1; }
  sleep 1
done

create_missing() {
  type=$1
  shift
  for name in "$@"; do
    if echo "$known" | grep -qw "$name"; then continue; fi
    temporal operator search-attribute create --namespace "$namespace" --name "$name" --type "$type"
  done
}

create_missing Keyword RenewalStage RenewalOutcome LossReason AgentId BranchId Segment
create_missing Datetime ExpiryAt StageEndsAt
create_missing Int PlanVersion
create_missing Bool Escalated
