package main

import (
	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/openid"
	"github.com/ory/fosite/token/jwt"
)

const keyID = "fosite-1"

// session holds what goes into an ID token and into a JWT access token. fosite
// has a type for each, and none for both.
type session struct {
	*openid.DefaultSession
	ClientID string
}

func newSession(subject string) *session {
	base := openid.NewDefaultSession()
	base.Headers = keyHeader()
	base.Subject = subject
	base.Claims.Subject = subject
	return &session{DefaultSession: base}
}

func keyHeader() *jwt.Headers {
	return &jwt.Headers{Extra: map[string]interface{}{"kid": keyID}}
}

func (s *session) GetJWTHeader() *jwt.Headers { return keyHeader() }

// GetJWTClaims names the client, which fosite itself does not (RFC 9068, section 2.2).
func (s *session) GetJWTClaims() jwt.JWTClaimsContainer {
	return &jwt.JWTClaims{Subject: s.Subject, Extra: map[string]interface{}{"client_id": s.ClientID}}
}

func (s *session) Clone() fosite.Session {
	return &session{DefaultSession: s.DefaultSession.Clone().(*openid.DefaultSession), ClientID: s.ClientID}
}
