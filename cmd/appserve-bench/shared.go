package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// prepareShared writes the applications, the static files and a certificate
// beneath dir and returns the folder they are in.
func prepareShared(dir string) (string, error) {
	if err := os.CopyFS(dir, apps); err != nil {
		return "", fmt.Errorf("writing the applications: %w", err)
	}
	shared := filepath.Join(dir, "apps")
	folder := filepath.Join(shared, "static")
	if err := os.Mkdir(folder, 0o755); err != nil {
		return "", fmt.Errorf("making the static files: %w", err)
	}
	files, err := staticFiles()
	if err != nil {
		return "", err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return "", fmt.Errorf("making the static files: %w", err)
		}
	}
	return shared, writeCertificate(shared)
}

// codedSize is the length of each coded file, in bytes.
const codedSize = 5 * kib

// staticFiles are the files of staticSite and sidecarSite by name.
func staticFiles() (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, size := range map[string]int{"1k.bin": kib, "20k.bin": 20 * kib, "1m.bin": mib} {
		files[name] = []byte(strings.Repeat("x", size))
	}
	text := []byte(strings.Repeat("a { color: #123456; }\n", 20*kib/22+1)[:20*kib])
	coded, err := padded(text)
	if err != nil {
		return nil, err
	}
	files["20k.css"] = text
	files["20k.css.gz"] = coded
	// No server looks into a coded file, wrk does not decode it, and with equal
	// lengths it does not matter who prefers which coding.
	files["20k.css.br"] = coded
	return files, nil
}

// padded is text in gzip, made codedSize long by what its head holds.
func padded(text []byte) ([]byte, error) {
	bare, err := zipped(text, nil)
	if err != nil {
		return nil, err
	}
	return zipped(text, make([]byte, codedSize-len(bare)-2)) // two bytes for the length
}

// zipped is text in gzip with extra data in its head.
func zipped(text []byte, extra []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Extra = extra
	if _, err := w.Write(text); err != nil {
		return nil, fmt.Errorf("making a coded file: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("making a coded file: %w", err)
	}
	return b.Bytes(), nil
}
