package main

import (
	"crypto/rsa"
	"encoding/json"
	"net/http"

	"github.com/go-jose/go-jose/v3"
	"github.com/ory/fosite"
)

type endpoints struct {
	issuer string
	key    *rsa.PrivateKey
	oauth  fosite.OAuth2Provider
}

func (e *endpoints) metadata(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, map[string]interface{}{
		"issuer":                                e.issuer,
		"authorization_endpoint":                e.issuer + "/authorize",
		"token_endpoint":                        e.issuer + "/token",
		"revocation_endpoint":                   e.issuer + "/revoke",
		"jwks_uri":                              e.issuer + "/jwks",
		"scopes_supported":                      []string{"openid", "offline_access", "users.read"},
		"response_types_supported":              []string{"code"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token", "client_credentials", jwtBearer},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"code_challenge_methods_supported":      []string{"S256"},
	})
}

func (e *endpoints) jwks(w http.ResponseWriter, _ *http.Request) {
	key := jose.JSONWebKey{Key: &e.key.PublicKey, KeyID: keyID, Algorithm: "RS256", Use: "sig"}
	writeJSON(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key}})
}

func (e *endpoints) authorize(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	request, err := e.oauth.NewAuthorizeRequest(ctx, r)
	if err != nil {
		e.oauth.WriteAuthorizeError(ctx, w, request, err)
		return
	}
	grantAll(request)
	session := newSession("support")
	session.ClientID = request.GetClient().GetID()
	response, err := e.oauth.NewAuthorizeResponse(ctx, request, session)
	if err != nil {
		e.oauth.WriteAuthorizeError(ctx, w, request, err)
		return
	}
	e.oauth.WriteAuthorizeResponse(ctx, w, request, response)
}

func (e *endpoints) token(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	request, err := e.oauth.NewAccessRequest(ctx, r, newSession(""))
	if err != nil {
		e.oauth.WriteAccessError(ctx, w, request, err)
		return
	}
	grants := request.GetGrantTypes()
	if grants.ExactOne("client_credentials") {
		grantAll(request)
		request.GetSession().(*session).SetSubject(request.GetClient().GetID())
	}
	if grants.ExactOne(jwtBearer) {
		// The handler has granted the audience of the assertion, which is this server.
		grantAudience(request)
	}
	request.GetSession().(*session).ClientID = request.GetClient().GetID()
	response, err := e.oauth.NewAccessResponse(ctx, request)
	if err != nil {
		e.oauth.WriteAccessError(ctx, w, request, err)
		return
	}
	e.oauth.WriteAccessResponse(ctx, w, request, response)
}

func (e *endpoints) revoke(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	e.oauth.WriteRevocationResponse(ctx, w, e.oauth.NewRevocationRequest(ctx, r))
}

func grantAll(request fosite.Requester) {
	for _, scope := range request.GetRequestedScopes() {
		request.GrantScope(scope)
	}
	grantAudience(request)
}

// grantAudience gives the client the APIs it is registered for: fosite knows no
// resource indicators (RFC 8707).
func grantAudience(request fosite.Requester) {
	for _, audience := range request.GetClient().GetAudience() {
		request.GrantAudience(audience)
	}
}

func writeJSON(w http.ResponseWriter, value interface{}) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		panic(err)
	}
}
