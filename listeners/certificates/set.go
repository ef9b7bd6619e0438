package certificates

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
)

// Config is what the tls block of a listener says.
type Config struct {
	Pairs       []Pair // the first one serves clients that name nothing
	MinVersion  string // "1.2" or "1.3"
	Authorities string // file with the authorities of client certificates
	ClientAuth  string // "none", "optional" or "required"
	HTTP2       bool
	// Hosts are those of the sites on the listener. A name that no certificate
	// is good for is refused, unless it is one of them: then the first pair
	// serves it, as it serves every name where the host "*" is among them.
	Hosts []string
}

// Policy is what decides who gets in and what is spoken then. Connections that
// came in under another one should not stay. Policies compare.
type Policy struct {
	MinVersion  string
	Authorities string
	ClientAuth  string
	HTTP2       bool
}

// Options are what a Set needs of its surroundings.
type Options struct {
	Logger hclog.Logger     // nil: silence
	Now    func() time.Time // nil: the clock
}

// Set is the TLS of a listener in one generation. It is safe for concurrent use.
type Set struct {
	config Config
	logger hclog.Logger
	now    func() time.Time

	state   atomic.Pointer[state]
	checked atomic.Int64 // when the files were last looked at, in Unix nanoseconds
	mu      sync.Mutex   // looking at them
}

// state is what the files of a Set said when they were last read.
type state struct {
	pairs       []*pair
	index       *index
	authorities *authorities // nil: no client certificates
	accept      *tls.Config
	refuse      *tls.Config // has no certificate: the client gets unrecognized_name
}

// authorities are those that sign client certificates.
type authorities struct {
	seen stamp
	pool *x509.CertPool
}

// Load reads all files of a listener. A file that cannot be used is a *FileError.
func Load(c Config, o Options) (*Set, error) {
	if len(c.Pairs) == 0 {
		return nil, errors.New("TLS needs a certificate")
	}
	if c.ClientAuth != "" && c.ClientAuth != "none" && c.Authorities == "" {
		return nil, errors.New("client certificates need authorities to judge them by")
	}
	s := &Set{config: c, logger: o.Logger, now: o.Now}
	if s.logger == nil {
		s.logger = hclog.NewNullLogger()
	}
	if s.now == nil {
		s.now = time.Now
	}
	st := &state{}
	for _, files := range c.Pairs {
		p, err := loadPair(files)
		if err != nil {
			return nil, err
		}
		st.pairs = append(st.pairs, p)
	}
	if c.Authorities != "" {
		a, err := loadAuthorities(c.Authorities)
		if err != nil {
			return nil, err
		}
		st.authorities = a
	}
	if err := s.install(st); err != nil {
		return nil, err
	}
	s.checked.Store(s.now().UnixNano())
	return s, nil
}

func loadAuthorities(file string) (*authorities, error) {
	a := &authorities{seen: stampOf(file)}
	var err error
	a.pool, _, err = readAuthorities(file)
	return a, err
}

// Policy is the one that connections of this Set come in under.
func (s *Set) Policy() Policy {
	c := &s.config
	return Policy{c.MinVersion, c.Authorities, c.ClientAuth, c.HTTP2}
}

// AsksClients reports whether clients are asked for a certificate.
func (s *Set) AsksClients() bool {
	return s.config.ClientAuth == "optional" || s.config.ClientAuth == "required"
}

// install makes the configurations for what the files say and puts them in use.
func (s *Set) install(st *state) error {
	version, err := minVersion(s.config.MinVersion)
	if err != nil {
		return err
	}
	st.index = newIndex(st.pairs)
	st.accept = &tls.Config{
		MinVersion: version, CipherSuites: cipherSuites(), NextProtos: protocols(s.config.HTTP2),
		Time: s.now, GetCertificate: st.index.certificate,
	}
	st.refuse = st.accept.Clone()
	st.refuse.GetCertificate, st.refuse.SessionTicketsDisabled = nil, true
	if st.authorities != nil {
		st.accept.ClientCAs = st.authorities.pool
	}
	if st.accept.ClientAuth, err = clientAuth(s.config.ClientAuth); err != nil {
		return err
	}
	s.state.Store(st)
	return nil
}

// forClient gives the configuration for one handshake.
func (s *Set) forClient(hello *tls.ClientHelloInfo) *tls.Config {
	s.refresh()
	st := s.state.Load()
	name := strings.ToLower(hello.ServerName)
	if name == "" || len(st.index.find(name)) > 0 || s.serves(name) {
		return st.accept
	}
	s.logger.Debug("handshake refused: no certificate for the name", "name", name)
	return st.refuse
}

// serves reports whether a site has the name, so that a client gets to see the
// wrong certificate rather than nothing.
func (s *Set) serves(name string) bool {
	for _, host := range s.config.Hosts {
		if host == "*" || host == name || strings.HasPrefix(host, "*.") && strings.HasSuffix(name, host[1:]) {
			return true
		}
	}
	return false
}

// certificate implements tls.Config.GetCertificate.
func (x *index) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.ToLower(hello.ServerName)
	if name == "" && hello.Conn != nil {
		name = localIP(hello.Conn) // who asks for an address cannot name it (RFC 6066, section 3)
	}
	candidates := x.find(name)
	if len(candidates) == 0 {
		candidates = x.fallback
	}
	return choose(candidates, hello), nil
}

func localIP(c net.Conn) string {
	if local, ok := c.LocalAddr().(*net.TCPAddr); ok {
		return local.AddrPort().Addr().Unmap().String()
	}
	return ""
}

// protocols are what ALPN offers, the best first.
func protocols(http2 bool) []string {
	if http2 {
		return []string{"h2", "http/1.1"}
	}
	return []string{"http/1.1"}
}

func minVersion(text string) (uint16, error) {
	switch text {
	case "1.2", "":
		return tls.VersionTLS12, nil
	case "1.3":
		return tls.VersionTLS13, nil
	}
	return 0, fmt.Errorf("there is no TLS %s here", text)
}

func clientAuth(text string) (tls.ClientAuthType, error) {
	switch text {
	case "none", "":
		return tls.NoClientCert, nil
	case "optional":
		return tls.VerifyClientCertIfGiven, nil
	case "required":
		return tls.RequireAndVerifyClientCert, nil
	}
	return 0, fmt.Errorf("client_auth %q is none of none, optional, required", text)
}

// cipherSuites are those of TLS 1.2 that keep past sessions secret when a key
// is lost, and authenticate what they encrypt. TLS 1.3 has no others.
func cipherSuites() []uint16 {
	return []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
	}
}
