package config

// tlsSchema is the tls block of a listener.
func tlsSchema() *schema {
	return &schema{
		name: "tls", phrase: "a tls block", single: true,
		doc: "TLS, with HTTP/2. Which certificate a client gets is decided by the name it asks for; files are read again on a reload and when they change.",
		rows: []row{
			{name: "certificate", kind: filePath(), example: `"/etc/ssl/site.pem"`,
				doc: "The certificate with its chain, the own one first (PEM)."},
			{name: "key", kind: filePath(), example: `"/etc/ssl/site.key"`, doc: "Its private key (PEM, without a password)."},
			{name: "min_version", kind: tlsVersion(), def: `"1.2"`, doc: "The oldest version of TLS: `1.2` or `1.3`."},
			{name: "client_ca", kind: filePath(), example: `"/etc/ssl/clients.pem"`,
				doc: "Certificates that client certificates must descend from (PEM)."},
			{name: "client_auth", kind: oneOf([]string{"none", "optional", "required"}, nil), def: `"none"`, example: `"optional"`,
				doc: "Whether clients show a certificate. `optional`: those that do, and a location says by `client_certificate` whether it is needed."},
			{name: "http2", kind: boolean(), def: "true", doc: "Offers HTTP/2 beside HTTP/1.1."},
			laterRow("acme", stageLater, "Certificates by ACME."),
			laterRow("http3", stageLater, "HTTP/3."),
		},
		blocks: []*schema{pairSchema()},
		sample: `certificate = "/etc/ssl/site.pem"
key = "/etc/ssl/site.key"`,
		check: checkTLS,
	}
}

// pairSchema is one of several certificates.
func pairSchema() *schema {
	return &schema{
		name: "pair", phrase: "a pair block", label: "NAME",
		doc: "A certificate and its key, one of several. Two for the same name, such as ECDSA and RSA, are both offered.",
		rows: []row{
			{name: "certificate", kind: filePath(), required: true, example: `"/etc/ssl/other.pem"`,
				doc: "The certificate with its chain, the own one first (PEM)."},
			{name: "key", kind: filePath(), required: true, example: `"/etc/ssl/other.key"`, doc: "Its private key (PEM, without a password)."},
		},
		sample: `certificate = "/etc/ssl/other.pem"
key = "/etc/ssl/other.key"`,
	}
}

// tlsVersion is "1.2" or "1.3".
func tlsVersion() kind {
	inner := oneOf([]string{"1.2", "1.3"}, nil)
	k := ofString(inner.name, inner.example, inner.bad, func(c *cell, s string) (any, *fault) {
		switch s {
		case "1.0", "1.1", "TLSv1", "TLSv1.0", "TLSv1.1":
			return nil, c.fault("This version of TLS is not offered", "It has been forbidden since 2021 (RFC 8996). %s", c.write(`"1.2"`))
		case "TLSv1.2", "TLS1.2", "TLSv1.3", "TLS1.3":
			return nil, c.fault("This is not one of the choices", "The number is enough. %s", c.write(quote(s[len(s)-3:])))
		}
		return inner.read(c, ctyString(s))
	}, printText)
	return k
}

// checkTLS wants at least one whole pair, and authorities when clients show certificates.
func checkTLS(c *checking, b *block) {
	certificate, key := b.written("certificate"), b.written("key")
	switch {
	case certificate != nil && key == nil && !b.refused["key"]:
		c.errorAt(certificate.nameAt, "This certificate has no key", `Write beside it: key = "/etc/ssl/site.key"`)
	case key != nil && certificate == nil && !b.refused["certificate"]:
		c.errorAt(key.nameAt, "This key has no certificate", `Write beside it: certificate = "/etc/ssl/site.pem"`)
	case certificate == nil && key == nil && !b.refused["certificate"] && !b.refused["key"] && !b.refused["acme"] && len(b.all("pair")) == 0:
		c.errorAt(b.at, "This tls block has no certificate", `Write: certificate = "/etc/ssl/site.pem" and key = "/etc/ssl/site.key", or for several: pair "NAME" { ... }`)
	}
	c.certificatesTwice(b)
	ca, auth := b.written("client_ca"), b.written("client_auth")
	asks := auth != nil && b.text("client_auth") != "none"
	switch {
	case asks && ca == nil && !b.refused["client_ca"]:
		c.errorAt(auth.at, "Client certificates need an authority", `Which ones are good is said by their issuer. Write: client_ca = "/etc/ssl/clients.pem"`)
	case ca != nil && auth == nil && !b.refused["client_auth"]:
		c.errorAt(ca.nameAt, `"client_ca" means nothing when no client is asked`, `Write: client_auth = "required", or "optional"`)
	}
}

// certificatesTwice answers a file that two pairs name.
func (c *checking) certificatesTwice(b *block) {
	first := map[string]*setting{}
	for _, pair := range append([]*block{b}, b.all("pair")...) {
		s := pair.written("certificate")
		if s == nil || s.placeholder {
			continue
		}
		path := pair.text("certificate")
		if before := first[path]; before != nil {
			c.errorAt(s.at, "Two pairs have this certificate", "Leave one of them out.", related{"the other one is here", before.at})
			continue
		}
		first[path] = s
	}
}

func (f *freezing) tls(b *block) *TLS {
	if b == nil {
		return nil
	}
	out := &TLS{
		Block:      f.block(b),
		MinVersion: b.text("min_version"),
		ClientCA:   b.text("client_ca"),
		ClientAuth: b.text("client_auth"),
		HTTP2:      b.flag("http2"),
	}
	if b.text("certificate") != "" {
		out.Pairs = append(out.Pairs, &CertificatePair{Block: f.block(b), Certificate: b.text("certificate"), Key: b.text("key")})
	}
	for _, pair := range b.all("pair") {
		out.Pairs = append(out.Pairs, &CertificatePair{Block: f.block(pair), Certificate: pair.text("certificate"), Key: pair.text("key")})
	}
	return out
}
