-- The roles and the database, for the embedded server and for compose alike. Run by psql as a superuser; safe to run again.
-- An empty password means none: for a private socket that trusts its user.
-- owner migrates and makes the hats; login may only put hats on; backup reads everything (row security would silently leave rows out).
\getenv prefix QCCHAIN_ROLE_PREFIX
\getenv database QCCHAIN_DATABASE
\getenv owner_password QCCHAIN_OWNER_PASSWORD
\getenv login_password QCCHAIN_LOGIN_PASSWORD
\getenv backup_password QCCHAIN_BACKUP_PASSWORD

SELECT format('CREATE ROLE %I', :'prefix' || kind)
  FROM unnest(ARRAY['owner', 'login', 'backup']) AS kind
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'prefix' || kind) \gexec

SELECT format('ALTER ROLE %I WITH LOGIN NOSUPERUSER NOCREATEDB NOREPLICATION %s PASSWORD %s',
              :'prefix' || kind, rights, CASE WHEN password = '' THEN 'NULL' ELSE quote_literal(password) END)
  FROM (VALUES ('owner', 'CREATEROLE NOBYPASSRLS INHERIT', :'owner_password'),
               ('login', 'NOCREATEROLE NOBYPASSRLS NOINHERIT', :'login_password'),
               ('backup', 'NOCREATEROLE BYPASSRLS INHERIT', :'backup_password')) AS wanted (kind, rights, password) \gexec

SELECT format('GRANT pg_read_all_data TO %I', :'prefix' || 'backup') \gexec

SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'prefix' || 'owner')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
-- In the official image the database exists before this script and belongs to the superuser.
SELECT format('ALTER DATABASE %I OWNER TO %I', :'database', :'prefix' || 'owner') \gexec

\connect :"database"
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
