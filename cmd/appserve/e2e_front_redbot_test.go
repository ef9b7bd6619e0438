package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// redbotConfiguration answers in five ways: a page of an application that is
// compressed on the fly, a file, a file with a sidecar, a redirect, a fixed text.
const redbotConfiguration = `
appserve {
  allow_root      = true
  spool_directory = "$FOLDER/spool"
}
listener "http" { address = "$ADDRESS" }
pool "witness" {
  app       = "witness:application"
  chdir     = "$APPS"
  env       = { APPSERVE_E2E = "$FOLDER" }
  processes = 1
}
site "witness" {
  response_headers {
    default = { "Cache-Control" = "max-age=60" } # who says nothing is guessed at by caches, and redbot warns of it
  }
  location "/" {
    pass = pool.witness
    compress { types = ["text/*"] }
  }
  location "/files" {
    static {
      directory = "$FOLDER/files"
      max_age   = "1h"
    }
  }
  location "/moved" {
    redirect { to = "/files/page.html" }
  }
  location "/fixed" {
    respond {
      body = "as it is written"
    }
  }
}
`

// TestFront_RedbotFindsNoFault: redbot asks again and again in other ways, and
// compares the answers with what RFC 9110 and 9111 want.
func TestFront_RedbotFindsNoFault(t *testing.T) {
	t.Parallel()
	redbot := needInVenv(t, "redbot")
	s := newInstance(t)
	page := "<!doctype html><title>page</title>" + strings.Repeat("<p>words and words</p>\n", 500)
	s.write("files/page.html", page)
	s.write("files/coded.html", page)
	s.write("files/coded.html.gz", gzipped(t, page))
	s.configure(redbotConfiguration)
	s.launch(s.command())
	file := []string{"CL_CORRECT", "FRESHNESS_FRESH", "INM_304", "IMS_304", "RANGE_CORRECT"}
	for _, c := range []struct {
		path  string
		notes []string // that must be there
	}{
		{"/download?kib=40", []string{"CONNEG_GZIP_GOOD"}},
		{"/files/page.html", file},
		{"/files/coded.html", append(slices.Clone(file), "CONNEG_GZIP_GOOD")},
		{"/moved", []string{"CL_CORRECT"}},
		{"/fixed", []string{"CL_CORRECT"}},
	} {
		t.Run(c.path, func(t *testing.T) {
			output, err := exec.Command(redbot, "-o", "har", s.url(c.path)).Output()
			if err != nil {
				t.Fatal(err)
			}
			checkNotes(t, output, c.notes)
		})
	}
}

// checkNotes looks for notes that complain, and for those that must be there.
func checkNotes(t *testing.T, har []byte, want []string) {
	t.Helper()
	var report struct {
		Log struct {
			Entries []struct {
				Notes []struct {
					ID      string `json:"note_id"`
					Level   string
					Subject string
					Summary string
				} `json:"_red_messages"`
			}
		}
	}
	if err := json.Unmarshal(har, &report); err != nil {
		t.Fatalf("%v\n%s", err, har)
	}
	var seen []string
	for _, entry := range report.Log.Entries {
		for _, note := range entry.Notes {
			seen = append(seen, note.ID)
			if note.Level != "GOOD" && note.Level != "INFO" {
				t.Errorf("%s %s (%s): %s", note.Level, note.ID, note.Subject, note.Summary)
			}
		}
	}
	for _, id := range want {
		if !slices.Contains(seen, id) {
			t.Errorf("no note %s among %v", id, seen)
		}
	}
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var coded bytes.Buffer
	w := gzip.NewWriter(&coded)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return coded.String()
}
