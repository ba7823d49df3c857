package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Refuses tokens that are too old. It verifies nothing: Envoy has done that.
type tokenAge struct {
	max time.Duration
}

func (gate tokenAge) unary(ctx context.Context, request any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if err := gate.check(ctx, info.FullMethod); err != nil {
		return nil, err
	}
	return next(ctx, request)
}

func (gate tokenAge) stream(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	if err := gate.check(stream.Context(), info.FullMethod); err != nil {
		return err
	}
	return next(service, stream)
}

func (gate tokenAge) check(ctx context.Context, method string) error {
	age, err := ageOf(ctx)
	if gate.max > 0 && (err != nil || age > gate.max) {
		fmt.Printf("refused %s\n", method)
		return status.Error(codes.Unauthenticated, "The token is too old for this service.")
	}
	fmt.Printf("called %s, limit %s\n", method, limitOf(ctx))
	return nil
}

// How long Envoy waits for the answer, in milliseconds.
func limitOf(ctx context.Context) string {
	incoming, _ := metadata.FromIncomingContext(ctx)
	limit := strings.Join(incoming.Get("x-envoy-expected-rq-timeout-ms"), "")
	if limit == "" {
		return "none"
	}
	return limit
}

func ageOf(ctx context.Context) (time.Duration, error) {
	incoming, _ := metadata.FromIncomingContext(ctx)
	parts := strings.Split(strings.Join(incoming.Get("authorization"), ""), ".")
	if len(parts) != 3 {
		return 0, fmt.Errorf("the call has no token")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return 0, err
	}
	var claims struct {
		IssuedAt int64 `json:"iat"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return 0, err
	}
	return time.Since(time.Unix(claims.IssuedAt, 0)), nil
}
