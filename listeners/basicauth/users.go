// Package basicauth owns HTTP Basic authentication (RFC 7617): users and the
// hashes of their passwords, from the configuration and from files, and the
// work of checking a password without giving anything away. It refuses to
// answer requests; that is the access rule's.
package basicauth

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"
	"syscall"

	"github.com/appserve/appserve/listeners/password"
)

// users are names and hashes.
type users map[string]password.Hash

// largestFile is more than anybody has written by hand, in bytes.
const largestFile = 16 << 20

// parseUsers reads hashes as the configuration has them.
func parseUsers(hashes map[string]string) (users, error) {
	table := users{}
	for name, text := range hashes {
		h, err := password.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("user %q: %w", name, err)
		}
		table[name] = h
	}
	return table, nil
}

// readUsers reads a file as htpasswd writes it: a line name:hash for each user;
// empty lines and those that begin with # are comments. Every mistake in it is
// an error with its line.
func readUsers(r io.Reader, name string) (users, []error) {
	table, lines := users{}, map[string]int{}
	var mistakes []error
	scanner := bufio.NewScanner(io.LimitReader(r, largestFile))
	for number := 1; scanner.Scan(); number++ {
		line := strings.TrimSpace(scanner.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		user, hash, err := parseLine(line)
		if err == nil && lines[user] != 0 {
			err = fmt.Errorf("user %q stands in line %d already", user, lines[user])
		}
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s:%d: %w", name, number, err))
			continue
		}
		table[user], lines[user] = hash, number
	}
	if err := scanner.Err(); err != nil {
		mistakes = append(mistakes, fmt.Errorf("reading %s: %w", name, err))
	}
	return table, mistakes
}

func parseLine(line string) (string, password.Hash, error) {
	user, text, ok := strings.Cut(line, ":")
	if !ok || user == "" {
		return "", password.Hash{}, errors.New("this line is not name:hash")
	}
	hash, err := password.Parse(strings.TrimSpace(text))
	if err != nil {
		return "", password.Hash{}, fmt.Errorf("user %q: %w", user, err)
	}
	return user, hash, nil
}

// openUsers reads a file of users.
func openUsers(path string) (users, os.FileInfo, []error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // or a pipe would be waited for
	if err != nil {
		return nil, nil, []error{err}
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, nil, []error{err}
	case !info.Mode().IsRegular():
		return nil, nil, []error{fmt.Errorf("%s is no regular file", path)}
	case info.Size() > largestFile:
		return nil, nil, []error{fmt.Errorf("%s has %d bytes; %d are the limit", path, info.Size(), largestFile)}
	}
	table, mistakes := readUsers(f, path)
	return table, info, mistakes
}

// CheckFile reports everything that is wrong with a file of users: that it
// cannot be read, and every line that is no user. For the -t of appserve.
func CheckFile(path string) []error {
	_, _, mistakes := openUsers(path)
	return mistakes
}

// CheckUsers reports the users whose hash is none. Only names are shown.
func CheckUsers(hashes map[string]string) error {
	_, err := parseUsers(hashes)
	return err
}

// with gives the users of both; the configuration's win.
func (u users) with(more users) users {
	all := maps.Clone(more)
	if all == nil {
		all = users{}
	}
	maps.Copy(all, u)
	return all
}
