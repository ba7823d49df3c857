package main

import (
	"net/http"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"
)

type tokenHandler struct {
	oauth fosite.OAuth2Provider
}

func (t *tokenHandler) TokenHandler(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()

	// The session holds the header and the claims of the JWT access token. With
	// client credentials nothing is kept between calls.
	session := &oauth2.JWTSession{}

	// Checks the request (RFC 6749, section 4.4.2) and authenticates the client.
	ar, err := t.oauth.NewAccessRequest(ctx, r, session)
	if err != nil {
		t.oauth.WriteAccessError(ctx, w, ar, err)
		return
	}

	// Makes the answer (RFC 6749, section 4.4.3) with the token in it.
	response, err := t.oauth.NewAccessResponse(ctx, ar)
	if err != nil {
		t.oauth.WriteAccessError(ctx, w, ar, err)
		return
	}

	t.oauth.WriteAccessResponse(ctx, w, ar, response)
}
