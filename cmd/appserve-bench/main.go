package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(mainExit(os.Args[1:], os.Stdout, os.Stderr))
}

// mainExit runs the comparison and returns the exit code: 0 compared, 1 it
// could not be, 2 usage.
func mainExit(args []string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "appserve-bench: %v\n", err)
		return 2
	}
	if o.constant != "" {
		fmt.Fprintf(stderr, "appserve-bench: %v\n", serveConstant(o.constant))
		return 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := compareAll(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "appserve-bench: %v\n", err)
		return 1
	}
	return 0
}

// compareAll runs everything in a folder that is gone afterwards.
func compareAll(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "appserve-bench-")
	if err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer func() {
		if removed := os.RemoveAll(dir); removed != nil && err == nil {
			err = fmt.Errorf("removing what was written: %w", removed)
		}
	}()
	b, err := newBench(ctx, o, dir, stderr)
	if err != nil {
		return err
	}
	err = b.run(ctx)
	if len(b.report.Works) == 0 {
		return err
	}
	// What is there is printed, also after an interrupt.
	if o.json {
		return errors.Join(err, b.report.writeJSON(stdout))
	}
	return errors.Join(err, b.report.writeTable(stdout))
}
