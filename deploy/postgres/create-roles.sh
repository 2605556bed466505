#!/bin/sh
# Runs once, when PostgreSQL's volume is new: neither the application nor Temporal works as the administrator.
# The migration lets xubao_app log in, with the password of its address.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner_password="$XUBAO_OWNER_PASSWORD" --set temporal_password="$TEMPORAL_DB_PASSWORD" <<'SQL'
create role xubao_owner login createrole password :'owner_password';
create role xubao_app nologin;
grant xubao_app to xubao_owner with admin true, inherit false, set false;
create database xubao owner xubao_owner;
revoke all on database xubao from public;
grant connect, temporary on database xubao to xubao_app;
create role temporal login createdb password :'temporal_password';
SQL
