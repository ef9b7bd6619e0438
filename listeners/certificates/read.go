package certificates

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// Inspect reads a pair and checks that its key fits. What is wrong is a
// *FileError that names the file. It does not judge dates and names.
func Inspect(certificate, key string) (Facts, error) {
	read, err := readPair(certificate, key)
	if err != nil {
		return Facts{}, err
	}
	return factsOf(read.Leaf), nil
}

// InspectAuthorities reads a file of client authorities and says how many
// there are. What is wrong is a *FileError.
func InspectAuthorities(file string) (int, error) {
	_, n, err := readAuthorities(file)
	return n, err
}

func readPair(certificate, key string) (*tls.Certificate, error) {
	chain, err := os.ReadFile(certificate)
	if err != nil {
		return nil, &FileError{certificate, plain(err)}
	}
	if err := checkChain(chain); err != nil {
		return nil, &FileError{certificate, err}
	}
	secret, err := os.ReadFile(key)
	if err != nil {
		return nil, &FileError{key, plain(err)}
	}
	if err := checkKey(secret); err != nil {
		return nil, &FileError{key, err}
	}
	pair, err := tls.X509KeyPair(chain, secret)
	if err != nil {
		return nil, &FileError{key, explain(err, certificate)}
	}
	return &pair, nil
}

// explain says what crypto/tls means by an error about a key.
func explain(err error, certificate string) error {
	if strings.Contains(err.Error(), "does not match") {
		return errors.New("this key does not belong to the first certificate in " + certificate)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "tls: "))
}

// checkChain finds out whether a file holds certificates, and says what it
// holds instead.
func checkChain(data []byte) error {
	found, other := 0, ""
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			other = block.Type
			continue
		}
		found++
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return errors.New("certificate " + decimal(found) + " in it cannot be read: " + strings.TrimPrefix(err.Error(), "x509: "))
		}
	}
	switch {
	case found > 0:
		return nil
	case other != "":
		return errors.New("it holds no certificate, but: " + other)
	default:
		return errors.New("it holds no certificate in PEM")
	}
}

func checkKey(data []byte) error {
	other := ""
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			return errors.New("the key is encrypted, and nobody is there to ask for its passphrase; decrypt it with: openssl pkey -in KEY -out NEWKEY")
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return nil
		}
		other = block.Type
	}
	if other != "" {
		return errors.New("it holds no private key, but: " + other)
	}
	return errors.New("it holds no private key in PEM")
}

func readAuthorities(file string) (*x509.CertPool, int, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, 0, &FileError{file, plain(err)}
	}
	if err := checkChain(data); err != nil {
		return nil, 0, &FileError{file, err}
	}
	pool, n := x509.NewCertPool(), 0
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		authority, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, 0, &FileError{file, err} // checkChain has read the same bytes
		}
		pool.AddCert(authority)
		n++
	}
	return pool, n, nil
}

// plain drops what *FileError says already.
func plain(err error) error {
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

func decimal(n int) string { return strconv.Itoa(n) }
