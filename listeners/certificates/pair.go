package certificates

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/tls"
)

// Pair is a certificate chain and its key, as files in PEM.
type Pair struct {
	Certificate string // the leaf first, then what leads to an authority
	Key         string
}

// pair is a Pair that was read.
type pair struct {
	files       Pair
	seen        [2]stamp // of both files, when they were last read or tried
	certificate *tls.Certificate
	names       []string
}

func loadPair(files Pair) (*pair, error) {
	p := &pair{files: files, seen: files.stamps()}
	var err error
	if p.certificate, err = readPair(files.Certificate, files.Key); err != nil {
		return nil, err
	}
	p.names = factsOf(p.certificate.Leaf).Names
	return p, nil
}

func (f Pair) stamps() [2]stamp { return [2]stamp{stampOf(f.Certificate), stampOf(f.Key)} }

// rank orders certificates of one name: what costs the server least comes
// first, and a client that cannot use it gets the next one.
func (p *pair) rank() int {
	switch p.certificate.Leaf.PublicKey.(type) {
	case *ecdsa.PublicKey:
		return 0
	case *rsa.PublicKey:
		return 2
	default:
		return 1
	}
}
