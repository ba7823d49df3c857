// A provider with fosite that issues RS256 JWT access tokens by client
// credentials, as its how-to shows it, for fosite v0.49. What had to change:
// compose.Config is fosite.Config, the JWT strategy gets its key from a function
// and the configuration as well, Compose takes no hasher, the writers take the
// context, and the port is any free one of this machine.
package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/compose"
	"github.com/ory/fosite/storage"
)

func main() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		log.Fatalf("Cannot generate RSA key: %v", err)
	}

	var storage = storage.NewMemoryStore()
	storage.Clients["test-client"] = &fosite.DefaultClient{
		ID:         "test-client",
		Secret:     []byte(`$2a$10$IxMdI6d.LIRZPpSfEwNoeu4rY3FhDREsxFJXikcgdRRAStxUlsuEO`), // = "foobar"
		GrantTypes: []string{"client_credentials"},
	}

	var config = &fosite.Config{
		AccessTokenLifespan: time.Minute * 30,
	}

	var oauth2Provider = compose.Compose(
		config,
		storage,
		compose.NewOAuth2JWTStrategy(
			func(context.Context) (interface{}, error) { return key, nil },
			// Signs refresh tokens, of which there are none.
			nil,
			config,
		),
		compose.OAuth2ClientCredentialsGrantFactory,
	)

	accessTokenHandler := tokenHandler{oauth: oauth2Provider}
	http.HandleFunc("/token", accessTokenHandler.TokenHandler)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("serving on http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
