package main

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/appserve/appserve/config"
)

func TestStartServer_AnswersAndIsGoneAfterwards(t *testing.T) {
	works, err := chooseWorks([]string{"hello"})
	if err != nil {
		t.Fatal(err)
	}
	srv, err := startServer(t.Context(), peer{name: "self", plan: planSelf}, testSetup(t, plainSite), asker{}, works[0])
	if err != nil {
		t.Fatal(err)
	}
	roots := srv.roots()
	watch := watchFront(srv)
	eventually(t, "the memory of the front is seen", func() bool { return watch.look() > mib })
	if rss := watch.stop(); rss < 0 {
		t.Errorf("RSS %d", rss)
	}
	srv.stop()
	for _, pid := range roots {
		if err := syscall.Kill(pid, 0); err != syscall.ESRCH {
			t.Errorf("process %d after the stop: %v", pid, err)
		}
	}
}

func TestStartServer_SaysWhatAServerWroteThatDoesNotStart(t *testing.T) {
	p := peer{name: "broken", plan: func(*setup) ([]command, error) {
		return []command{{name: "broken", argv: []string{"/bin/sh", "-c", "echo no such option >&2; exit 3"}}}, nil
	}}
	_, err := startServer(t.Context(), p, testSetup(t, plainSite), asker{}, works()[0])
	if err == nil || !strings.Contains(err.Error(), "broken has ended") || !strings.Contains(err.Error(), "no such option") {
		t.Errorf("%v", err)
	}
}

func TestStartServer_AWrongAnswerIsNoAnswer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := testSetup(t, staticSite)
	p := peer{name: "self", plan: func(s *setup) ([]command, error) {
		cancel() // the first answer decides
		return planSelf(s)
	}}
	works, err := chooseWorks([]string{"static1k"})
	if err != nil {
		t.Fatal(err)
	}
	if srv, err := startServer(ctx, p, s, asker{}, works[0]); err == nil {
		srv.stop()
		t.Error("14 bytes were taken for 1 KiB")
	}
}

// The configurations of appserve that the comparison writes are sound, whatever
// becomes of the language.
func TestPlanAppserve_IsSound(t *testing.T) {
	for _, site := range sites() {
		s := testSetup(t, site)
		if _, err := planAppserve(s); err != nil {
			t.Fatal(err)
		}
		loaded := config.Load(config.Options{Paths: []string{s.file("appserve.hcl")}})
		if loaded.HasErrors() || loaded.HasWarnings() {
			var text strings.Builder
			loaded.WriteText(&text, config.TextStyle{})
			t.Errorf("%s:\n%s", site, text.String())
		}
	}
}

// What every peer is started with can be written without the programs.
func TestPeers_PlanNamesOnlyItsOwnFolders(t *testing.T) {
	for _, p := range peers() {
		for _, s := range sites() {
			if !p.serves(s) {
				continue
			}
			setup := testSetup(t, s)
			commands, err := p.plan(setup)
			if err != nil {
				t.Fatal(err)
			}
			var all strings.Builder
			for _, c := range commands {
				all.WriteString(strings.Join(c.argv, " ") + "\n")
			}
			files, err := os.ReadDir(setup.dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				text, err := os.ReadFile(setup.file(f.Name()))
				if err != nil {
					t.Fatal(err)
				}
				all.Write(text)
			}
			want := []string{setup.shared}
			if s == constantSite {
				want = nil
			}
			if s.scheme() == "https" {
				want = append(want, setup.certificate(), setup.key())
			}
			for _, want := range append(want, strings.TrimPrefix(setup.address(), "127.0.0.1:"), "127.0.0.1") {
				if !strings.Contains(all.String(), want) {
					t.Errorf("%s for %s: no %s in:\n%s", p.name, s, want, all.String())
				}
			}
			if s.module() != "" && !strings.Contains(all.String(), "3") {
				t.Errorf("%s for %s: not 3 workers in:\n%s", p.name, s, all.String())
			}
		}
	}
}
