package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/go-jose/go-jose/v3"
	"github.com/ory/fosite"
	"github.com/ory/fosite/compose"
	"github.com/ory/fosite/storage"
	"github.com/ory/fosite/token/jwt"
)

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// bcrypt of "foobar", as in the how-to.
var foobar = []byte(`$2a$10$IxMdI6d.LIRZPpSfEwNoeu4rY3FhDREsxFJXikcgdRRAStxUlsuEO`)

func newProvider(issuer string, key *rsa.PrivateKey, store *storage.MemoryStore, lifespan time.Duration) fosite.OAuth2Provider {
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		panic(err)
	}
	config := &fosite.Config{
		AccessTokenLifespan:         lifespan,
		AccessTokenIssuer:           issuer,
		IDTokenIssuer:               issuer,
		TokenURL:                    issuer + "/token",
		GlobalSecret:                secret,
		EnforcePKCEForPublicClients: true,
		// The default strategy compares host and path, which a urn has not: it lets every urn through.
		AudienceMatchingStrategy: fosite.ExactAudienceMatchingStrategy,
	}
	keyGetter := func(context.Context) (interface{}, error) { return key, nil }
	return compose.Compose(
		config,
		store,
		&compose.CommonStrategy{
			CoreStrategy:               compose.NewOAuth2JWTStrategy(keyGetter, compose.NewOAuth2HMACStrategy(config), config),
			OpenIDConnectTokenStrategy: compose.NewOpenIDConnectStrategy(keyGetter, config),
			Signer:                     &jwt.DefaultSigner{GetPrivateKey: keyGetter},
		},
		compose.OAuth2AuthorizeExplicitFactory,
		compose.OAuth2ClientCredentialsGrantFactory,
		compose.OAuth2RefreshTokenGrantFactory,
		compose.RFC7523AssertionGrantFactory,
		compose.OpenIDConnectExplicitFactory,
		compose.OpenIDConnectRefreshFactory,
		compose.OAuth2TokenRevocationFactory,
		compose.OAuth2PKCEFactory,
	)
}

func newStore(assertionKeyFile string) (*storage.MemoryStore, error) {
	store := storage.NewMemoryStore()
	store.Clients["test-client"] = &fosite.DefaultClient{
		ID:         "test-client",
		Secret:     foobar,
		GrantTypes: []string{"client_credentials"},
		Scopes:     []string{"users.read"},
		Audience:   []string{api},
	}
	store.Clients["other-client"] = &fosite.DefaultClient{
		ID:         "other-client",
		Secret:     foobar,
		GrantTypes: []string{"client_credentials"},
		Scopes:     []string{"users.read"},
		Audience:   []string{"urn:another:api"},
	}
	store.Clients["service-client"] = &fosite.DefaultClient{
		ID:         "service-client",
		Secret:     foobar,
		GrantTypes: []string{jwtBearer},
		Scopes:     []string{"users.read"},
		Audience:   []string{api},
	}
	store.Clients["user-lookup"] = &fosite.DefaultClient{
		ID:            "user-lookup",
		Public:        true,
		RedirectURIs:  []string{"http://localhost/callback"},
		ResponseTypes: []string{"code"},
		GrantTypes:    []string{"authorization_code", "refresh_token"},
		Scopes:        []string{"openid", "offline_access", "users.read"},
		Audience:      []string{api},
	}
	if assertionKeyFile == "" {
		return store, nil
	}
	key, err := readKey(assertionKeyFile)
	if err != nil {
		return nil, err
	}
	store.IssuerPublicKeys["service-client"] = storage.IssuerPublicKeys{
		Issuer: "service-client",
		KeysBySub: map[string]storage.SubjectPublicKeys{
			"service-client": {
				Subject: "service-client",
				Keys:    map[string]storage.PublicKeyScopes{key.KeyID: {Key: key, Scopes: []string{"users.read"}}},
			},
		},
	}
	return store, nil
}

func readKey(file string) (*jose.JSONWebKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	key := &jose.JSONWebKey{}
	if err := json.Unmarshal(text, key); err != nil {
		return nil, fmt.Errorf("%s is not a JWK: %w", file, err)
	}
	return key, nil
}
