package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	userv1 "grpc-go-user-service/gen/user/v1"
)

var users = []*userv1.User{
	person("user123", "Ada Lovelace", "ada@analytical.example"),
	person("user124", "Grace Hopper", "grace@navy.example"),
	person("user125", "Mary Jackson", "mary@langley.example"),
}

func person(id, name, email string) *userv1.User {
	return &userv1.User{
		Id:         id,
		Name:       name,
		Email:      email,
		Status:     userv1.UserStatus_USER_STATUS_ACTIVE,
		Roles:      []string{"reader"},
		Locale:     "en-GB",
		CreateTime: timestamppb.New(time.Date(2024, 5, 1, 9, 0, 0, 0, time.UTC)),
		UpdateTime: timestamppb.New(time.Date(2024, 5, 2, 9, 0, 0, 0, time.UTC)),
		Version:    1,
	}
}

type userService struct {
	userv1.UnimplementedUserServiceServer
	heartbeat time.Duration
}

func (*userService) GetUser(_ context.Context, request *userv1.GetUserRequest) (*userv1.User, error) {
	return find(request.GetUserId())
}

func (*userService) ListUsers(_ context.Context, request *userv1.ListUsersRequest) (*userv1.ListUsersResponse, error) {
	var found []*userv1.User
	for _, user := range users {
		if strings.Contains(strings.ToLower(user.GetName()), strings.ToLower(request.GetQuery())) {
			found = append(found, user)
		}
	}
	return &userv1.ListUsersResponse{Users: found, TotalSize: int64(len(found))}, nil
}

func (*userService) BatchGetUsers(_ context.Context, request *userv1.BatchGetUsersRequest) (*userv1.BatchGetUsersResponse, error) {
	response := &userv1.BatchGetUsersResponse{}
	for _, key := range request.GetKeys() {
		if user, err := find(key); err == nil {
			response.Users = append(response.Users, user)
		} else {
			response.NotFound = append(response.NotFound, key)
		}
	}
	return response, nil
}

func (*userService) GetUserContact(_ context.Context, request *userv1.GetUserContactRequest) (*userv1.UserContact, error) {
	user, err := find(request.GetUserId())
	if err != nil {
		return nil, err
	}
	return &userv1.UserContact{UserId: user.GetId(), PhoneNumber: "+15550100"}, nil
}

// Sends the user when it is newer than what the caller has seen, and heartbeats
// until the call is ended by somebody else.
func (service *userService) WatchUser(request *userv1.WatchUserRequest, stream grpc.ServerStreamingServer[userv1.WatchUserResponse]) error {
	user, err := find(request.GetUserId())
	if err != nil {
		return err
	}
	first := &userv1.WatchUserResponse{Event: &userv1.WatchUserResponse_User{User: user}}
	if request.GetAfterVersion() >= user.GetVersion() {
		first = alive()
	}
	fmt.Printf("watch %s after %d\n", user.GetId(), request.GetAfterVersion())
	if err := stream.Send(first); err != nil {
		return err
	}
	beat := time.NewTicker(service.heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-stream.Context().Done():
			fmt.Printf("watch of %s ended\n", user.GetId())
			return stream.Context().Err()
		case <-beat.C:
			if err := stream.Send(alive()); err != nil {
				return err
			}
		}
	}
}

func alive() *userv1.WatchUserResponse {
	return &userv1.WatchUserResponse{
		Event: &userv1.WatchUserResponse_Heartbeat_{Heartbeat: &userv1.WatchUserResponse_Heartbeat{}},
	}
}

func find(id string) (*userv1.User, error) {
	for _, user := range users {
		if user.GetId() == id || user.GetEmail() == id {
			return user, nil
		}
	}
	return nil, status.Errorf(codes.NotFound, "There is no user %q.", id)
}
