// A UserService of grpc-go that knows nothing of OAuth: Envoy in front of it
// decides who may call. Only with --max-token-age does it look at a token, to
// refuse what Envoy let through, with a status in the header alone.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	userv1 "grpc-go-user-service/gen/user/v1"
)

func main() {
	address := flag.String("address", "127.0.0.1:0", "where to listen")
	maxTokenAge := flag.Duration("max-token-age", 0, "refuse tokens that were issued longer ago; 0 takes all")
	heartbeat := flag.Duration("heartbeat", 15*time.Second, "how often a stream says that it lives")
	flag.Parse()

	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	gate := tokenAge{max: *maxTokenAge}
	server := grpc.NewServer(
		grpc.ChainUnaryInterceptor(gate.unary),
		grpc.ChainStreamInterceptor(gate.stream),
	)
	userv1.RegisterUserServiceServer(server, &userService{heartbeat: *heartbeat})
	healthpb.RegisterHealthServer(server, health.NewServer())

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-stop
		server.Stop()
	}()
	fmt.Printf("ready %s\n", listener.Addr())
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}
