package basicauth

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/appserve/appserve/listeners/password"
)

// Verdict is what became of a password.
type Verdict uint8

// The verdicts.
const (
	Missing Verdict = iota // the client named nobody
	Wrong
	Right
	Busy // too many passwords are being checked
)

// Options are what a Guard is made of.
type Options struct {
	Realm     string
	UsersFile string            // as htpasswd writes it; "": none
	Users     map[string]string // name -> hash
	Gate      *Gate
	Logger    hclog.Logger
	Now       func() time.Time // nil: the clock
}

// Guard knows users, and checks who says to be one. It is safe for concurrent use.
type Guard struct {
	challenge string
	path      string
	own       users
	gate      *Gate
	logger    hclog.Logger
	now       func() time.Time

	known  atomic.Pointer[known]
	looked atomic.Int64 // when the file was looked at last, in nanoseconds
}

// known are the users of the moment, and the state of the file they are from.
type known struct {
	users   users
	slowest password.Hash // of all; none when there are no users
	file    os.FileInfo   // nil without a file
}

// lookEvery is how often the users' file is looked at, while requests come.
const lookEvery = time.Second

// New makes a guard. A file that cannot be read or holds a mistake is an error.
func New(o Options) (*Guard, error) {
	g := &Guard{path: o.UsersFile, gate: o.Gate, logger: o.Logger, now: o.Now}
	g.challenge = `Basic realm="` + quote(o.Realm) + `", charset="UTF-8"`
	if g.now == nil {
		g.now = time.Now
	}
	var err error
	if g.own, err = parseUsers(o.Users); err != nil {
		return nil, err
	}
	fromFile, info, err := g.read()
	if err != nil {
		return nil, err
	}
	g.looked.Store(g.now().UnixNano())
	g.learn(fromFile, info)
	return g, nil
}

// quote is a realm as it stands in quotes (RFC 9110, section 5.6.4). What
// cannot stand there at all becomes a blank.
func quote(realm string) string {
	var b strings.Builder
	for _, r := range realm {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
		case r < ' ' || r == 0x7f:
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (g *Guard) read() (users, os.FileInfo, error) {
	if g.path == "" {
		return nil, nil, nil
	}
	table, info, mistakes := openUsers(g.path)
	if len(mistakes) > 0 {
		return nil, nil, fmt.Errorf("users_file: %w", errors.Join(mistakes...))
	}
	return table, info, nil
}

// learn makes users those who are known. The slowest of their hashes is what a
// failure takes, for a user who does not exist as for one with a fast hash, so
// that the time of an answer tells neither.
func (g *Guard) learn(fromFile users, info os.FileInfo) {
	k := &known{users: g.own.with(fromFile), file: info}
	for _, hash := range k.users {
		if hash.Work() > k.slowest.Work() {
			k.slowest = hash
		}
	}
	g.known.Store(k)
}

// Challenge is the value of WWW-Authenticate for a client that has to say who it is.
func (g *Guard) Challenge() string { return g.challenge }

// Check judges the Authorization field of a request.
func (g *Guard) Check(ctx context.Context, header http.Header) (user string, v Verdict) {
	user, pass, ok := credentials(header["Authorization"])
	if !ok {
		return "", Missing
	}
	g.refresh()
	k := g.known.Load()
	hash, exists := k.users[user]
	if !exists {
		hash = k.slowest
	}
	if hash.Text() == "" {
		return "", Wrong // there is no user at all
	}
	c := g.gate.verified.code(user, hash.Text(), pass)
	if exists && g.gate.verified.has(c) {
		return user, Right
	}
	if !g.gate.enter(ctx) {
		return "", Busy
	}
	defer g.gate.leave()
	if !hash.Matches(pass) || !exists {
		if hash.Work() < k.slowest.Work() {
			k.slowest.Matches(pass)
		}
		return "", Wrong
	}
	g.gate.verified.add(c)
	return user, Right
}

// credentials reads one Authorization field of the scheme Basic.
func credentials(lines []string) (user, password string, ok bool) {
	if len(lines) != 1 {
		return "", "", false
	}
	coded, ok := IsBasic(lines[0])
	if !ok {
		return "", "", false
	}
	raw, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		return "", "", false
	}
	user, password, ok = strings.Cut(string(raw), ":")
	return user, password, ok && user != "" && strings.IndexFunc(user, isControl) < 0
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// IsBasic reports whether an Authorization field is of the scheme Basic, and
// gives what follows its name.
func IsBasic(field string) (coded string, ok bool) {
	const scheme = "Basic "
	if len(field) < len(scheme) || !strings.EqualFold(field[:len(scheme)], scheme) {
		return "", false
	}
	return strings.Trim(field[len(scheme):], " "), true
}

// refresh reads the users' file again when it has changed. One request in a
// second looks; while a change cannot be read, the users stay who they were.
func (g *Guard) refresh() {
	if g.path == "" {
		return
	}
	now, looked := g.now().UnixNano(), g.looked.Load()
	if now-looked < int64(lookEvery) || !g.looked.CompareAndSwap(looked, now) {
		return
	}
	info, err := os.Stat(g.path)
	before := g.known.Load()
	if err == nil && unchanged(before.file, info) {
		return
	}
	table, info, err := g.read()
	if err != nil {
		g.complain(before, err)
		return
	}
	g.learn(table, info)
	g.logger.Info("users read again: the file has changed", "users_file", g.path, "users", len(table))
}

// complain says once per change that the file cannot be used.
func (g *Guard) complain(before *known, err error) {
	now, statErr := os.Stat(g.path)
	if statErr != nil {
		now = nil
	}
	if before.file == nil && now == nil || unchanged(before.file, now) {
		return // said already
	}
	g.known.CompareAndSwap(before, &known{users: before.users, slowest: before.slowest, file: now})
	g.logger.Error("users not read again; those of before stay in use", "users_file", g.path, "error", err)
}

// unchanged reports whether two looks saw the same file. A copy that keeps
// times (cp -p, rsync -t) may have the time and the size of what it replaces,
// but not the time of its inode.
func unchanged(a, b os.FileInfo) bool {
	return a != nil && b != nil && os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size() && changed(a) == changed(b)
}

// changed is the time of the inode.
func changed(info os.FileInfo) (t syscall.Timespec) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		t = s.Ctim
	}
	return t
}
