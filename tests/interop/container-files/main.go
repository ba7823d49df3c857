// Reads a Containerfile as `docker build --check` does, and a compose file as
// `docker compose config` does, with the parsers of both; prints what they say as JSON.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: container-files CONTAINERFILE COMPOSE_FILE")
	}
	ctx := context.Background()
	report := map[string]any{
		"containerfile": readContainerfile(os.Args[1]),
		"compose":       readCompose(ctx, os.Args[2]),
	}
	if err := json.NewEncoder(os.Stdout).Encode(report); err != nil {
		log.Fatal(err)
	}
}

type stage struct {
	Name     string
	Commands []command
}

type command struct {
	Name   string
	Fields instructions.Command
}

func readContainerfile(path string) map[string]any {
	text, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	var findings []string
	warn := func(rule, _, _, message string, _ []parser.Range) { findings = append(findings, rule+": "+message) }
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		log.Fatal(err)
	}
	stages, arguments, err := instructions.Parse(parsed.AST, linter.New(&linter.Config{Warn: warn}))
	if err != nil {
		log.Fatal(err)
	}
	var told []stage
	for _, found := range stages {
		one := stage{Name: found.Name}
		for _, each := range found.Commands {
			one.Commands = append(one.Commands, command{Name: each.Name(), Fields: each})
		}
		told = append(told, one)
	}
	return map[string]any{"findings": findings, "arguments": arguments, "stages": told}
}

func readCompose(ctx context.Context, path string) any {
	options, err := cli.NewProjectOptions([]string{path}, cli.WithName("user-lookup"))
	if err != nil {
		log.Fatal(err)
	}
	project, err := options.LoadProject(ctx)
	if err != nil {
		log.Fatal(err)
	}
	return project
}
