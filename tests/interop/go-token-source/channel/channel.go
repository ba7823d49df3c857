// Package channel opens a gRPC channel and an HTTP client that trust the
// authority of the development certificates.
package channel

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"net/http"
	"os"

	"golang.org/x/oauth2"
	"google.golang.org/grpc/credentials"
)

// Context returns the context with an HTTP client for the token endpoint in it.
func Context(ctx context.Context) context.Context {
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config()}}
	return context.WithValue(ctx, oauth2.HTTPClient, client)
}

// Credentials returns the TLS of the channel.
func Credentials() credentials.TransportCredentials {
	return credentials.NewTLS(config())
}

// Env returns a variable of the environment that must be there.
func Env(name string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("%s is not set", name)
	}
	return value
}

func config() *tls.Config {
	pool := x509.NewCertPool()
	file := Env("CA_FILE")
	pem, err := os.ReadFile(file)
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		log.Fatal(fmt.Errorf("%s holds no certificate: %w", file, err))
	}
	return &tls.Config{RootCAs: pool}
}
