// A fosite provider with more grants than the one of the how-to: client
// credentials, authorization code with PKCE, refresh token and JWT bearer. Its
// access tokens are JWTs with an issuer, an audience and a subject, and it
// publishes its key. Everybody who comes to /authorize is the same person: what
// is proved with it are tokens, not sign-in pages.
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"
)

// The name of the API in "aud".
const api = "urn:user-lookup:users"

func main() {
	assertionKey := flag.String("assertion-key", "", "file with the public JWK of service-client's assertions")
	lifespan := flag.Duration("access-token-lifespan", 30*time.Minute, "life of access tokens")
	flag.Parse()

	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		log.Fatalf("Cannot generate RSA key: %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	issuer := "http://" + listener.Addr().String()
	store, err := newStore(*assertionKey)
	if err != nil {
		log.Fatal(err)
	}
	endpoints := endpoints{issuer: issuer, key: key, oauth: newProvider(issuer, key, store, *lifespan)}
	http.HandleFunc("/.well-known/openid-configuration", endpoints.metadata)
	http.HandleFunc("/jwks", endpoints.jwks)
	http.HandleFunc("/authorize", endpoints.authorize)
	http.HandleFunc("/token", endpoints.token)
	http.HandleFunc("/revoke", endpoints.revoke)
	fmt.Printf("serving on %s\n", issuer)
	log.Fatal(http.Serve(listener, nil))
}
