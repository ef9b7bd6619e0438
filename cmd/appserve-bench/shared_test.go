package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestPrepareShared_FilesHaveTheirSizes(t *testing.T) {
	shared, err := prepareShared(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range works() {
		if module := w.site.module(); module != "" && !exists(filepath.Join(shared, module+".py")) {
			t.Errorf("%s: no module %s", w.name, module)
		}
		if w.site != staticSite {
			continue
		}
		info, err := os.Stat(filepath.Join(shared, "static", w.path))
		if err != nil || info.Size() != int64(w.size) {
			t.Errorf("%s: %v, %v", w.path, info, err)
		}
	}
}

func TestStaticFiles_TheCodedFileIsTheTextAndAsLongAsTheWorkSays(t *testing.T) {
	files, err := staticFiles()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"20k.css.gz", "20k.css.br"} {
		if len(files[name]) != codedSize {
			t.Errorf("%s has %d bytes", name, len(files[name]))
		}
	}
	zipped, err := gzip.NewReader(bytes.NewReader(files["20k.css.gz"]))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zipped)
	if err != nil || !bytes.Equal(text, files["20k.css"]) || len(text) != 20*kib {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}
