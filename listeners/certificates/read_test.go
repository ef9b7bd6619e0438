package certificates

import (
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestInspectTellsWhatACertificateSays(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	p := a.pair(folder, "one", rsaKey(t), "Example.com", "*.example.com", "127.0.0.1", "::1")
	facts, err := Inspect(p.Certificate, p.Key)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"example.com", "*.example.com", "127.0.0.1", "::1"}; !slices.Equal(facts.Names, want) {
		t.Errorf("names %q, want %q", facts.Names, want)
	}
	if facts.Key != "RSA 2048" || facts.Subject != "CN=Example.com" || facts.Issuer != "CN=test authority" {
		t.Errorf("got %+v", facts)
	}
	if left := time.Until(facts.NotAfter); left < 50*time.Minute || left > time.Hour {
		t.Errorf("expires in %s", left)
	}
}

func TestInspectNamesTheFileThatIsWrong(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	good := a.pair(folder, "good", ecdsaKey(t), "example.com")
	other := a.pair(folder, "other", ecdsaKey(t), "example.com")
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	block := func(kind string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: []byte("x")}))
	}
	missing := filepath.Join(folder, "missing")
	empty, broken := write("empty", "hello"), write("broken", block("CERTIFICATE"))
	encrypted := write("encrypted", block("ENCRYPTED PRIVATE KEY"))
	for _, c := range []struct{ certificate, key, path, says string }{
		{missing, good.Key, missing, "no such file"},
		{good.Certificate, missing, missing, "no such file"},
		{empty, good.Key, empty, "no certificate in PEM"},
		{broken, good.Key, broken, "certificate 1 in it cannot be read"},
		{good.Key, good.Key, good.Key, "no certificate, but: PRIVATE KEY"},
		{good.Certificate, good.Certificate, good.Certificate, "no private key, but: CERTIFICATE"},
		{good.Certificate, empty, empty, "no private key in PEM"},
		{good.Certificate, encrypted, encrypted, "passphrase"},
		{good.Certificate, other.Key, other.Key, "does not belong to the first certificate in " + good.Certificate},
	} {
		_, err := Inspect(c.certificate, c.key)
		var failed *FileError
		if !errors.As(err, &failed) || failed.Path != c.path || !strings.Contains(err.Error(), c.says) {
			t.Errorf("Inspect(%s, %s): %v; want %s and %q", filepath.Base(c.certificate), filepath.Base(c.key), err, c.path, c.says)
		}
	}
}

func TestInspectAuthoritiesCounts(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	file := filepath.Join(folder, "ca.pem")
	writePEM(t, file, "CERTIFICATE", a.leaf.Raw)
	if n, err := InspectAuthorities(file); n != 1 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	var failed *FileError
	if _, err := InspectAuthorities(folder); !errors.As(err, &failed) || failed.Path != folder {
		t.Errorf("a folder: %v", err)
	}
}
