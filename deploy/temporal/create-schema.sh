#!/bin/sh
# Creates Temporal's two databases when they are missing and brings both schemas up to this version.
set -eu
schemas=${TEMPORAL_SCHEMAS:-/etc/temporal/schema/postgresql/v12}

bring_up_to_date() {
  database=$1
  folder=$2
  temporal-sql-tool --database "$database" create-database --defaultdb postgres
  temporal-sql-tool --database "$database" setup-schema --version 0.0
  temporal-sql-tool --database "$database" update-schema --schema-dir "$schemas/$folder/versioned"
}

bring_up_to_date temporal temporal
bring_up_to_date temporal_visibility visibility
