package main

import (
	"encoding/xml"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// sslscanReport is what sslscan says of one server, in XML.
type sslscanReport struct {
	Test struct {
		Protocols []struct {
			Type    string `xml:"type,attr"`
			Version string `xml:"version,attr"`
			Enabled int    `xml:"enabled,attr"`
		} `xml:"protocol"`
		Renegotiation struct {
			Supported int `xml:"supported,attr"`
			Secure    int `xml:"secure,attr"`
		} `xml:"renegotiation"`
		Compression struct {
			Supported int `xml:"supported,attr"`
		} `xml:"compression"`
		Heartbleed []struct {
			Vulnerable int `xml:"vulnerable,attr"`
		} `xml:"heartbleed"`
		Ciphers []struct {
			Version  string `xml:"sslversion,attr"`
			Bits     int    `xml:"bits,attr"`
			Name     string `xml:"cipher,attr"`
			Strength string `xml:"strength,attr"`
		} `xml:"cipher"`
		Groups []struct {
			Name string `xml:"name,attr"`
			Bits int    `xml:"bits,attr"`
		} `xml:"group"`
	} `xml:"ssltest"`
}

// TestFront_SSLScanFindsNothingWeak: versions, ciphers, groups and the old
// holes of TLS, as sslscan judges them.
func TestFront_SSLScanFindsNothingWeak(t *testing.T) {
	t.Parallel()
	program := needProgram(t, "sslscan")
	s := serveSecure(t)
	output, err := exec.Command(program, "--xml=-", "--no-colour", s.address).Output()
	if err != nil {
		t.Fatal(err)
	}
	var report sslscanReport
	if err := xml.Unmarshal(output, &report); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	report.check(t)
	if t.Failed() {
		t.Logf("sslscan says\n%s", output)
	}
}

func (r *sslscanReport) check(t *testing.T) {
	t.Helper()
	var enabled []string
	for _, p := range r.Test.Protocols {
		if p.Enabled != 0 {
			enabled = append(enabled, p.Type+" "+p.Version)
		}
	}
	if want := []string{"tls 1.2", "tls 1.3"}; !slices.Equal(enabled, want) {
		t.Errorf("protocols are %v, want %v", enabled, want)
	}
	if len(r.Test.Ciphers) < 4 {
		t.Errorf("only %d ciphers were found", len(r.Test.Ciphers))
	}
	for _, c := range r.Test.Ciphers {
		forward := strings.HasPrefix(c.Name, "TLS_") || strings.HasPrefix(c.Name, "ECDHE-")
		sealed := strings.Contains(c.Name, "GCM") || strings.Contains(c.Name, "CHACHA20")
		if c.Bits < 128 || !forward || !sealed || c.Strength != "strong" && c.Strength != "acceptable" {
			t.Errorf("%s %s: %d bits, %s", c.Version, c.Name, c.Bits, c.Strength)
		}
	}
	for _, g := range r.Test.Groups {
		if g.Bits < 112 {
			t.Errorf("group %s has %d bits", g.Name, g.Bits)
		}
	}
	if r.Test.Compression.Supported != 0 {
		t.Error("TLS compresses: CRIME")
	}
	if r.Test.Renegotiation.Supported != 0 && r.Test.Renegotiation.Secure == 0 {
		t.Error("TLS renegotiates insecurely")
	}
	if len(r.Test.Heartbleed) == 0 {
		t.Error("sslscan did not look for Heartbleed")
	}
	for _, h := range r.Test.Heartbleed {
		if h.Vulnerable != 0 {
			t.Error("Heartbleed")
		}
	}
}
