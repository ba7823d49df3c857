// The same lookup by a service with a secret of its own: x/oauth2's client
// credentials instead of a refresh token.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"connectrpc-oauth/tests/interop/go-token-source/channel"
	pb "grpc-go-user-service/gen/user/v1"

	"golang.org/x/oauth2/clientcredentials"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/oauth"
)

func main() {
	conf := &clientcredentials.Config{
		ClientID:     channel.Env("CLIENT_ID"),
		ClientSecret: channel.Env("CLIENT_SECRET"),
		TokenURL:     channel.Env("TOKEN_URL"),
		Scopes:       []string{"users.read"},
	}
	tokenSource := conf.TokenSource(channel.Context(context.Background()))
	conn, err := grpc.NewClient(channel.Env("API_TARGET"), grpc.WithTransportCredentials(channel.Credentials()),
		grpc.WithPerRPCCredentials(oauth.TokenSource{TokenSource: tokenSource}))
	if err != nil {
		log.Fatalf("did not connect: %v", err)
	}
	defer conn.Close()
	client := pb.NewUserServiceClient(conn)
	for _, id := range os.Args[1:] {
		user, err := client.GetUser(context.Background(), &pb.GetUserRequest{UserId: id})
		if err != nil {
			log.Fatalf("could not get user: %v", err)
		}
		fmt.Printf("User: %s, Name: %s\n", user.Id, user.Name)
	}
}
