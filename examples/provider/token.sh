#!/bin/sh
# Asks the issuer of `npm start` for a token by client credentials.
exec curl --silent --show-error "${ISSUER_URL:-http://localhost:8080}/token" \
  -d grant_type=client_credentials -d client_id=test-client -d client_secret=foobar
