// The Go program of the second seed with addresses, credentials and TLS filled
// in, and a lookup for each line of its input instead of a single one, so that a
// token can expire in between. With -insecure it opens the channel as the seed
// does, over which grpc-go refuses to send a token.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"connectrpc-oauth/tests/interop/go-token-source/channel"
	pb "grpc-go-user-service/gen/user/v1"

	"golang.org/x/oauth2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/credentials/oauth"
)

func main() {
	plain := flag.Bool("insecure", false, "a channel without TLS")
	flag.Parse()

	// OAuth2 configuration
	conf := &oauth2.Config{
		ClientID:     channel.Env("CLIENT_ID"),
		ClientSecret: channel.Env("CLIENT_SECRET"),
		Endpoint: oauth2.Endpoint{
			TokenURL: channel.Env("TOKEN_URL"),
		},
		Scopes: []string{"users.read"},
	}

	// The refresh token is what new access tokens are had with.
	tokenSource := conf.TokenSource(channel.Context(context.Background()), &oauth2.Token{
		RefreshToken: channel.Env("REFRESH_TOKEN"),
		Expiry:       time.Now().Add(-24 * time.Hour), // Force refresh
	})

	// gRPC client setup
	transport := channel.Credentials()
	if *plain {
		transport = insecure.NewCredentials()
	}
	conn, err := grpc.NewClient(channel.Env("API_TARGET"), grpc.WithTransportCredentials(transport),
		grpc.WithPerRPCCredentials(oauth.TokenSource{TokenSource: tokenSource}))
	if err != nil {
		log.Fatalf("did not connect: %v", err)
	}
	defer conn.Close()
	client := pb.NewUserServiceClient(conn)

	// Make the gRPC calls
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		ctx := context.Background()
		req := &pb.GetUserRequest{UserId: lines.Text()}
		user, err := client.GetUser(ctx, req)
		if err != nil {
			log.Fatalf("could not get user: %v", err)
		}

		fmt.Printf("User: %s, Name: %s\n", user.Id, user.Name)
	}
}
