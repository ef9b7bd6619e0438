package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// machine is where the numbers come from; they mean nothing elsewhere.
type machine struct {
	CPU      string            `json:"cpu"`
	CPUs     int               `json:"cpus"`
	Kernel   string            `json:"kernel"`
	Versions map[string]string `json:"versions"`
}

// describeMachine asks the machine and the programs that were found.
func describeMachine(ctx context.Context, found programs, python string) machine {
	m := machine{CPU: cpuModel(), CPUs: runtime.NumCPU(), Versions: map[string]string{}}
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.Kernel = strings.TrimSpace(string(release))
	}
	flags := map[string]string{"appserve": "-v", "nginx": "-v", "wrk": "-v", "caddy": "version"}
	for name, path := range found {
		flag := flags[name]
		if flag == "" {
			flag = "--version"
		}
		m.Versions[name] = versionOf(ctx, path, flag)
	}
	m.Versions["python"] = versionOf(ctx, python, "--version")
	return m
}

// String is the machine in one line.
func (m machine) String() string {
	var versions []string
	for _, name := range slices.Sorted(maps.Keys(m.Versions)) {
		versions = append(versions, name+" "+m.Versions[name])
	}
	return fmt.Sprintf("%d x %s, Linux %s; %s.", m.CPUs, m.CPU, m.Kernel, strings.Join(versions, ", "))
}

// cpuModel is the first processor's name.
func cpuModel() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// versionOf asks a program for its version; some end with an error then.
func versionOf(ctx context.Context, program, flag string) string {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, _ := exec.CommandContext(ctx, program, flag).CombinedOutput()
	return findVersion(string(out))
}

// findVersion is the first thing in a text that looks like a version, or else
// its first line.
func findVersion(text string) string {
	if version := regexp.MustCompile(`\d+\.\d+[0-9A-Za-z.+-]*`).FindString(text); version != "" {
		return version
	}
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(line)
}
