package basicauth

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"golang.org/x/crypto/bcrypt"
)

const (
	apr1Secret   = "$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0" // secret
	sha512Secret = "$6$rounds=1000$abc$MqEcPZUYRGGcOeq7PhMpfjfu/F0HrVEI0OlZBijWvO8mSG77iNUDP5MqFceKpJTBc8iITVtNyLiNTRNCxv6oh0"
)

func bcrypted(t testing.TB, password string, cost int) string {
	t.Helper()
	made, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	if err != nil {
		t.Fatal(err)
	}
	return "$2y$" + string(made[4:])
}

func as(user, password string) http.Header {
	return http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))}}
}

func guard(t testing.TB, o Options) *Guard {
	t.Helper()
	if o.Gate == nil {
		o.Gate = NewGate(2)
	}
	if o.Logger == nil {
		o.Logger = hclog.NewNullLogger()
	}
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestCheck(t *testing.T) {
	g := guard(t, Options{Realm: "Staff", Users: map[string]string{
		"alice": apr1Secret, "bob": sha512Secret, "carol": bcrypted(t, "pä:ss", bcrypt.MinCost), "dora": bcrypted(t, "", bcrypt.MinCost),
	}})
	for _, c := range []struct {
		name   string
		header http.Header
		user   string
		want   Verdict
	}{
		{"apr1", as("alice", "secret"), "alice", Right},
		{"sha512-crypt", as("bob", "secret"), "bob", Right},
		{"bcrypt, a colon in the password", as("carol", "pä:ss"), "carol", Right},
		{"an empty password that is right", as("dora", ""), "dora", Right},
		{"the scheme in another case", http.Header{"Authorization": {"bASIC  " + base64.StdEncoding.EncodeToString([]byte("alice:secret"))}}, "alice", Right},
		{"wrong", as("alice", "Secret"), "", Wrong},
		{"empty", as("alice", ""), "", Wrong},
		{"another one's", as("carol", "secret"), "", Wrong},
		{"nobody of that name", as("mallory", "secret"), "", Wrong},
		{"the hash is not the password", as("alice", apr1Secret), "", Wrong},
		{"nothing", http.Header{}, "", Missing},
		{"two", http.Header{"Authorization": {as("alice", "secret").Get("Authorization"), as("bob", "secret").Get("Authorization")}}, "", Missing},
		{"another scheme", http.Header{"Authorization": {"Bearer x"}}, "", Missing},
		{"no base 64", http.Header{"Authorization": {"Basic !!"}}, "", Missing},
		{"no colon", http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("alice"))}}, "", Missing},
		{"no name", as("", "secret"), "", Missing},
		{"a line break in the name", as("alice\r\nX: y", "secret"), "", Missing},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 2 { // the second time it is remembered
				if user, v := g.Check(context.Background(), c.header); user != c.user || v != c.want {
					t.Errorf("%q, %v; want %q, %v", user, v, c.user, c.want)
				}
			}
		})
	}
}

func TestChallenge(t *testing.T) {
	for realm, want := range map[string]string{
		"Staff":     `Basic realm="Staff", charset="UTF-8"`,
		`a "b" \c`:  `Basic realm="a \"b\" \\c", charset="UTF-8"`,
		"a\r\nX: y": `Basic realm="a  X: y", charset="UTF-8"`,
		"Größe":     `Basic realm="Größe", charset="UTF-8"`,
	} {
		if got := guard(t, Options{Realm: realm}).Challenge(); got != want {
			t.Errorf("%q: %s, want %s", realm, got, want)
		}
	}
}

// A right password is checked by its slow hash once; a wrong one every time,
// and one of a user who does not exist as well: only such work enters the gate.
func TestCheck_WhatIsSlow(t *testing.T) {
	gate := NewGate(1)
	g := guard(t, Options{Gate: gate, Users: map[string]string{"alice": apr1Secret}})
	gone, leave := context.WithCancel(context.Background())
	leave()
	slow := func(user, password string) bool {
		gate.working <- struct{}{}
		defer gate.leave()
		_, v := g.Check(gone, as(user, password))
		return v == Busy
	}
	if !slow("alice", "secret") || !slow("alice", "wrong") || !slow("mallory", "secret") {
		t.Error("something is answered without a check")
	}
	g.Check(context.Background(), as("alice", "secret"))
	g.Check(context.Background(), as("alice", "wrong"))
	g.Check(context.Background(), as("mallory", "secret"))
	if slow("alice", "secret") {
		t.Error("a password that was right is checked again")
	}
	if !slow("alice", "wrong") || !slow("mallory", "secret") {
		t.Error("one that was wrong is not")
	}
}

// What was right does not stay right when the hash changes.
func TestCheck_ChangedHash(t *testing.T) {
	gate := NewGate(1)
	before := guard(t, Options{Gate: gate, Users: map[string]string{"alice": apr1Secret}})
	if _, v := before.Check(context.Background(), as("alice", "secret")); v != Right {
		t.Fatal(v)
	}
	after := guard(t, Options{Gate: gate, Users: map[string]string{"alice": bcrypted(t, "new", bcrypt.MinCost)}})
	if _, v := after.Check(context.Background(), as("alice", "secret")); v != Wrong {
		t.Error(v)
	}
	if _, v := after.Check(context.Background(), as("alice", "new")); v != Right {
		t.Error(v)
	}
}

// While all checks are busy, the next ones wait; when too many wait, they are told.
func TestCheck_Busy(t *testing.T) {
	gate := NewGate(1)
	g := guard(t, Options{Gate: gate, Users: map[string]string{"alice": apr1Secret, "bob": apr1Secret}})
	if _, v := g.Check(context.Background(), as("bob", "secret")); v != Right {
		t.Fatal(v)
	}
	gate.working <- struct{}{} // somebody works for a long time
	gone, leave := context.WithCancel(context.Background())
	leave()
	if _, v := g.Check(gone, as("alice", "secret")); v != Busy {
		t.Errorf("the client is gone: %v", v)
	}
	for range queue {
		gate.waiting <- struct{}{}
	}
	if _, v := g.Check(context.Background(), as("alice", "secret")); v != Busy {
		t.Errorf("too many wait: %v", v)
	}
	if _, v := g.Check(context.Background(), as("bob", "secret")); v != Right {
		t.Errorf("who is known to be right does not wait: %v", v)
	}
	for range queue {
		<-gate.waiting
	}
	gate.leave()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, v := g.Check(context.Background(), as("alice", "wrong")); v != Wrong {
				t.Errorf("in turn: %v", v)
			}
		})
	}
	all.Wait()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func TestUsersFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users")
	write(t, path, "# staff\n\nalice:"+apr1Secret+"\r\n  bob : "+sha512Secret+" \n")
	now := time.Now()
	var log bytes.Buffer
	g := guard(t, Options{UsersFile: path, Users: map[string]string{"root": bcrypted(t, "toor", bcrypt.MinCost)},
		Logger: hclog.New(&hclog.LoggerOptions{Output: &log}), Now: func() time.Time { return now }})
	expect := func(user, password string, want Verdict) {
		t.Helper()
		if _, v := g.Check(context.Background(), as(user, password)); v != want {
			t.Errorf("%s with %q: %v, want %v", user, password, v, want)
		}
	}
	expect("alice", "secret", Right)
	expect("root", "toor", Right)
	write(t, path, "carol:"+bcrypted(t, "new", bcrypt.MinCost)+"\n")
	expect("alice", "secret", Right) // nobody has looked yet
	now = now.Add(2 * lookEvery)
	expect("alice", "secret", Wrong)
	expect("carol", "new", Right)
	expect("root", "toor", Right)
	if !strings.Contains(log.String(), "users read again") {
		t.Error(log.String())
	}
	write(t, path, "dave:plain\n")
	for range 3 {
		now = now.Add(2 * lookEvery)
		expect("carol", "new", Right)
	}
	if n := strings.Count(log.String(), "those of before stay in use"); n != 1 || strings.Contains(log.String(), "plain\n") {
		t.Errorf("said %d times:\n%s", n, log.String())
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		now = now.Add(2 * lookEvery)
		expect("carol", "new", Right)
	}
	if n := strings.Count(log.String(), "those of before stay in use"); n != 2 {
		t.Errorf("a file that is gone: said %d times in all:\n%s", n, log.String())
	}
	write(t, path, "dave:"+apr1Secret+"\n")
	now = now.Add(2 * lookEvery)
	expect("carol", "new", Wrong)
	expect("dave", "secret", Right)
}

// cp -p and rsync -t leave the time of the copied file.
func TestUsersFile_CopiedWithItsTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users")
	write(t, path, "alice:"+bcrypted(t, "one", bcrypt.MinCost)+"\n")
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	g := guard(t, Options{UsersFile: path, Logger: hclog.NewNullLogger(), Now: func() time.Time { return now }})
	for changed(before) == changed(stat(t, path)) { // clocks of file systems tick some hundred times a second
		write(t, path, "alice:"+bcrypted(t, "two", bcrypt.MinCost)+"\n")
		if err := os.Chtimes(path, before.ModTime(), before.ModTime()); err != nil {
			t.Fatal(err)
		}
	}
	if after := stat(t, path); !after.ModTime().Equal(before.ModTime()) || after.Size() != before.Size() {
		t.Fatal("the copy is not what it was to be")
	}
	now = now.Add(2 * lookEvery)
	if _, v := g.Check(context.Background(), as("alice", "two")); v != Right {
		t.Errorf("the new password: %v", v)
	}
}

func stat(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestNew_Refuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users")
	write(t, path, "alice:secret\nnobody\nbob:"+apr1Secret+"\nbob:"+apr1Secret+"\n:x\n")
	_, err := New(Options{UsersFile: path, Gate: NewGate(1)})
	for _, want := range []string{path + `:1: user "alice": this is not a hash`, path + ":2: this line is not name:hash", path + `:4: user "bob" stands in line 3 already`, path + ":5:"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
	if n := len(CheckFile(path)); n != 4 {
		t.Errorf("CheckFile found %d mistakes", n)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{
		{UsersFile: pipe}, // and nobody waits for one to write into it
		{UsersFile: filepath.Join(t.TempDir(), "none")},
		{UsersFile: t.TempDir()},
		{Users: map[string]string{"alice": "secret"}},
	} {
		if _, err := New(o); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if CheckUsers(map[string]string{"a": "b"}) == nil || CheckUsers(map[string]string{"a": apr1Secret}) != nil {
		t.Error("CheckUsers")
	}
}

func BenchmarkCheck(b *testing.B) {
	g := guard(b, Options{Users: map[string]string{"alice": bcrypted(b, "secret", bcrypt.DefaultCost)}})
	header := as("alice", "secret")
	b.ReportAllocs()
	for b.Loop() {
		if _, v := g.Check(context.Background(), header); v != Right {
			b.Fatal(v)
		}
	}
}
