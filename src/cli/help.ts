/** What `user-lookup --help` prints. */
export const help = `Looks users up by a UserService (gRPC) behind an OAuth 2.0 issuer.

  user-lookup ID...             User: ID, Name: ...   (ids and e-mail addresses)
  user-lookup < ids.txt         one id a line from standard input
  user-lookup --query TEXT      searches names, ids and e-mail addresses
  user-lookup --watch ID        every change of one user, until Ctrl-C
  user-lookup login             signs you in with a browser, and keeps a refresh token
  user-lookup doctor            says what is wrong with a deployment of the dashboard

Where
  --issuer URL                  the issuer                    [http://localhost:8080]
  --token-url URL               the token endpoint, instead of asking the issuer for it
  --api URL                     the UserService               [http://localhost:50051]
  --ca FILE                     PEM of a private authority for the issuer
  --api-ca FILE                 the same for the API          [that of --ca]

As whom
  --grant GRANT                 client-credentials, jwt-bearer or refresh-token
                                [what the other options mean, else your login]
  --client-id ID
  --client-secret SECRET        better USER_LOOKUP_CLIENT_SECRET in the environment:
                                other people of this machine can see command lines
  --assertion FILE              a signed assertion for jwt-bearer
  --key FILE                    a private key to make one: PEM (PKCS #8), a JWK,
                                or the service-client.json of the embedded issuer
  --subject SUBJECT             whom the made assertion is about  [the client]
  --refresh-token-file FILE     where the refresh token is, and is kept when it rotates
  --scope SCOPE                 may be repeated               [users.read]
  --resource RESOURCE           the API the token is for (RFC 8707)

Doctor
  --config FILE                 the config.json of the dashboard    [that of --site]
  --site URL                    where the dashboard is served
  --token-file FILE             an access token to try at the API; or give a client

How
  --json                        one JSON object a line
  --limit N                     at most N users of a search   [50]
  --timeout SECONDS             for a token and for each call [10]
  --no-browser                  login: print the address only
  --help, --version

Exit codes: 0 found, 1 not found or not healthy, 2 usage, 3 auth or misconfigured, 4 unavailable.
`;
