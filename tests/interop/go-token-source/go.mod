module connectrpc-oauth/tests/interop/go-token-source

go 1.26.0

require (
	golang.org/x/oauth2 v0.37.0
	google.golang.org/grpc v1.85.0
	grpc-go-user-service v0.0.0
)

require (
	cloud.google.com/go/compute/metadata v0.9.0 // indirect
	golang.org/x/net v0.60.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
	golang.org/x/text v0.42.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20260817212433-ac3dfec99bb1 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)

replace grpc-go-user-service => ../grpc-go-user-service
